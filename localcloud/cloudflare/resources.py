"""Create, read, list, update and delete for every row of the table of kinds."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING

from starlette.routing import Route

from localcloud.cloudflare.envelope import MALFORMED, listing, success
from localcloud.cloudflare.kinds import KINDS, Identity
from localcloud.documents import document, inner, parse, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from localcloud.cloudflare.kinds import Field, Kind
    from localcloud.documents import Document, Value
    from localcloud.store import Object, Store


def scope_of(request: Request) -> str:
    """Return the scope that a path names, such as `accounts/<id>`."""
    family = "zones" if request.url.path.startswith("/client/v4/zones/") else "accounts"
    return f"{family}/{request.path_params['scope']}"


def new_id() -> str:
    """Return an id as Cloudflare makes them: 32 hexadecimal digits."""
    return secrets.token_hex(16)


def taken(fields: tuple[Field, ...], request: Document) -> Document:
    """Return what a request becomes: its fields, with defaults for those it leaves out.

    Raises:
        RefusedError: a required field is missing or a value is not one of those allowed.

    """
    kind = request.get("type")
    body: Document = {}
    for field in fields:
        value = request.get(field.name)
        if field.only_for and (kind or "HTTP") not in field.only_for:
            body[field.name] = None
            continue
        if field.inner:
            value = taken(field.inner, inner(request, field.name))
        elif value is None:
            if field.required:
                raise MALFORMED.about(reason=f"{field.name} is required")
            value = field.default
        if field.values and value not in field.values:
            allowed = ", ".join(field.values)
            raise MALFORMED.about(reason=f"{field.name} must be one of {allowed}, not {value!r}")
        if field.upper and isinstance(value, str):
            value = value.upper()
        body[field.stored_as or field.name] = value
    return body


def referred(source: Value, path: list[str]) -> list[str]:
    """Return the ids at a dotted path, through lists."""
    if isinstance(source, list):
        return [found for item in source for found in referred(item, path)]
    if not path:
        return [source] if isinstance(source, str) else []
    if isinstance(source, dict):
        return referred(source.get(path[0]), path[1:])
    return []


class Resources:
    """The routes of all kinds."""

    def __init__(self, store: Store, changed: Callable[[str], None]) -> None:
        """Tell `changed` the kind of whatever is made, changed or deleted."""
        self._store = store
        self._changed = changed

    def routes(self) -> list[Route]:
        """Return the routes, two for each kind."""
        return [route for kind in KINDS for route in self._routes_of(kind)]

    def _routes_of(self, kind: Kind) -> list[Route]:
        async def collection(request: Request) -> Response:
            if request.method == "POST":
                return success(await self._create(kind, request))
            objects = self._store.all(kind.name, scope_of(request))
            if kind.name == "buckets":
                return success({"buckets": [self.told(kind, held) for held in objects]})
            return listing([self.told(kind, held) for held in objects])

        async def member(request: Request) -> Response:
            held = self._found(kind, request)
            if request.method == "GET":
                return success(self.told(kind, held))
            if request.method == "DELETE":
                self._store.delete(kind.name, held.scope, held.id)
                self._changed(kind.name)
                return success({kind.identifier: held.id} if kind.deleted_tells_id else {})
            return success(await self._update(kind, held, request))

        return [
            Route(kind.path, collection, methods=["GET", "POST"]),
            Route(f"{kind.path}/{{id}}", member, methods=["GET", "DELETE", kind.update]),
        ]

    def told(self, kind: Kind, held: Object) -> Document:
        """Return an object as the service tells it."""
        told: Document = {**held.body, **kind.added, kind.identifier: held.id}
        if kind.created:
            told[kind.created] = kind.stamp(held.created)
        if kind.modified:
            told[kind.modified] = kind.stamp(held.modified)
        if kind.name == "queues":
            told |= self._traffic(held)
        return told

    def _found(self, kind: Kind, request: Request) -> Object:
        held = self._store.get(kind.name, scope_of(request), request.path_params["id"])
        if held is None:
            raise kind.missing.about()
        return held

    async def _create(self, kind: Kind, request: Request) -> Document:
        sent = document(parse(await request.body()))
        scope = scope_of(request)
        body = taken(kind.fields, sent)
        name = text(body, kind.natural)
        if kind.names and not re.fullmatch(kind.names[0], name):
            raise kind.names[1].about(name=name)
        with self._store.transaction():
            if kind.duplicate and self._store.named(kind.name, scope, name):
                raise kind.duplicate.about(name=name)
            self._check_references(kind, scope, sent)
            identifier = name if kind.identity is Identity.NAME else new_id()
            # What a bucket or namespace holds belongs to this one, not to a later one of its name.
            held = self._store.put(
                kind.name, scope, identifier, name=name, body=body, hidden={"storage": new_id()}
            )
        self._changed(kind.name)
        return self.told(kind, held)

    async def _update(self, kind: Kind, held: Object, request: Request) -> Document:
        if kind.name == "buckets":
            storage_class = request.headers.get("cf-r2-storage-class")
            body: Document = {**held.body}
            if storage_class:
                body["storage_class"] = storage_class
        else:
            sent = document(parse(await request.body()))
            body = taken(kind.fields, sent)
            self._check_references(kind, held.scope, sent)
        name = text(body, kind.natural)
        with self._store.transaction():
            other = self._store.named(kind.name, held.scope, name)
            if kind.duplicate and other is not None and other.id != held.id:
                raise kind.duplicate.about(name=name)
            changed = self._store.put(
                kind.name, held.scope, held.id, name=name, body=body, hidden=held.hidden
            )
        self._changed(kind.name)
        return self.told(kind, changed)

    def _check_references(self, kind: Kind, scope: str, sent: Document) -> None:
        for path, target, refusal in kind.references:
            for identifier in referred(sent, path.split(".")):
                if self._store.get(target, scope, identifier) is None:
                    raise refusal.about(id=identifier)

    def _traffic(self, queue: Object) -> Document:
        consumers = self._store.all("consumers", f"{queue.scope}/queues/{queue.id}")
        producers: list[Value] = [
            {"type": "worker", "service": script.id, "environment": "production"}
            for script in self._store.all("scripts", queue.scope)
            if queue.name in _produced(script)
        ]
        return {
            "producers": producers,
            "producers_total_count": len(producers),
            "consumers": [
                {"consumer_id": held.id, "type": "worker", "script": held.name}
                for held in consumers
            ],
            "consumers_total_count": len(consumers),
        }


def _produced(script: Object) -> set[str]:
    bindings = script.body.get("bindings")
    if not isinstance(bindings, list):
        return set()
    return {
        str(binding.get("queue_name"))
        for binding in bindings
        if isinstance(binding, dict) and binding.get("type") == "queue"
    }
