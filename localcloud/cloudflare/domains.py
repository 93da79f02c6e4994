"""Custom domains: hostnames whose traffic goes to a Worker."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from uuid import uuid4

from starlette.routing import Route

from localcloud.cloudflare.directory import remember_zone, zone_named, zone_of
from localcloud.cloudflare.envelope import Refusal, listing, success
from localcloud.cloudflare.kinds.rows import Field
from localcloud.cloudflare.resources import new_id, scope_of
from localcloud.cloudflare.taking import taken
from localcloud.documents import document, parse

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from localcloud.documents import Document
    from localcloud.store import Object, Store

MISSING = Refusal(status=404, code=100114, message="Domain not found")
NO_WORKER = Refusal(
    status=404, code=10007, message="Worker '{script}' does not exist on your account."
)
BAD_DOMAIN = Refusal(status=400, code=10001, message="The domain is not valid: {reason}")

_HOSTNAME = (
    r"(?=.{4,253}$)(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]"
)
_FIELDS = (
    Field(name="hostname", required=True, pattern=_HOSTNAME),
    Field(name="service", required=True),
    Field(name="environment", default="production"),
    Field(name="zone_id", sparse=True, pattern="[0-9a-f]{32}"),
    Field(name="zone_name", sparse=True, pattern=_HOSTNAME),
)


class Domains:
    """The routes of custom domains."""

    def __init__(self, store: Store, changed: Callable[[str], None]) -> None:
        """Tell `changed` the kind of whatever is made, changed or deleted."""
        self._store = store
        self._changed = changed

    def routes(self) -> list[Route]:
        """Return the routes."""
        path = "/accounts/{scope}/workers/domains"
        return [
            Route(path, self._collection, methods=["GET", "PUT"]),
            Route(f"{path}/{{id}}", self._member, methods=["GET", "DELETE"]),
        ]

    async def _collection(self, request: Request) -> Response:
        scope = scope_of(request)
        if request.method == "PUT":
            return success(_told(await self._attached(request, scope)))
        wanted = {
            name: request.query_params[name]
            for name in ("hostname", "service", "zone_id", "zone_name", "environment")
            if name in request.query_params
        }
        found = [
            _told(held)
            for held in self._store.all("domains", scope)
            if all(held.body.get(name) == value for name, value in wanted.items())
        ]
        return listing([*found], request)

    async def _attached(self, request: Request, scope: str) -> Object:
        body = taken(_FIELDS, document(parse(await request.body())), BAD_DOMAIN)
        hostname, script = str(body["hostname"]), str(body["service"])
        with self._store.transaction():
            if self._store.get("scripts", scope, script) is None:
                raise NO_WORKER.about(script=script[:100])
            zone = self._zone(body, hostname)
            known = self._store.named("domains", scope, hostname)
            held = self._store.put(
                "domains",
                scope,
                known.id if known else new_id(),
                name=hostname,
                body={
                    "hostname": hostname,
                    "service": script,
                    "environment": body["environment"],
                    "cert_id": known.body["cert_id"] if known else str(uuid4()),
                    **zone,
                },
            )
        self._changed("domains")
        return held

    def _zone(self, body: Document, hostname: str) -> Document:
        """Return the zone of a hostname: as told, or the one of its registered name."""
        name = str(body.get("zone_name") or registered(hostname))
        told = body.get("zone_id")
        if told is None:
            identifier = zone_named(self._store, name)
        else:
            identifier = str(told)
            known = zone_of(self._store, identifier)
            if known is None:
                remember_zone(self._store, identifier, name=name)
            else:
                name = known
        if hostname != name and not hostname.endswith(f".{name}"):
            raise BAD_DOMAIN.about(reason=f"{hostname} is not in the zone {name}")
        return {"zone_id": identifier, "zone_name": name}

    async def _member(self, request: Request) -> Response:
        held = self._store.get("domains", scope_of(request), request.path_params["id"])
        if held is None:
            raise MISSING.about()
        if request.method == "DELETE":
            self._store.delete("domains", held.scope, held.id)
            self._changed("domains")
            return success({"id": held.id})
        return success(_told(held))


def registered(hostname: str) -> str:
    """Return the last two labels of a hostname, as most zones are named."""
    return re.sub(r"^.*?([^.]+\.[^.]+)$", r"\1", hostname)


def _told(held: Object) -> Document:
    return {**held.body, "id": held.id}
