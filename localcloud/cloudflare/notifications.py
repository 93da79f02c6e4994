"""Notifications beyond policies and webhooks: alert types, PagerDuty services, silences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from localcloud.cloudflare.alert_types import available
from localcloud.cloudflare.envelope import Refusal, listing, success
from localcloud.cloudflare.kinds.rows import Field, Form
from localcloud.cloudflare.resources import new_id, scope_of
from localcloud.cloudflare.taking import taken
from localcloud.documents import MalformedError, document, parse
from localcloud.moments import parsed, plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from localcloud.documents import Document, Value
    from localcloud.store import Object, Store

MISSING = Refusal(status=404, code=1002, message="not found")
BAD_SILENCE = Refusal(status=400, code=10001, message="malformed silence: {reason}")

_TIMES = (
    Field(name="start_time", form=Form.MOMENT, required=True),
    Field(name="end_time", form=Form.MOMENT, required=True),
)
_SILENCE = (Field(name="policy_id", required=True), *_TIMES)
_CHANGE = (Field(name="id", required=True), *_TIMES)


class Notifications:
    """The routes of alert types, PagerDuty services and silences."""

    def __init__(self, store: Store, changed: Callable[[str], None]) -> None:
        """Tell `changed` the kind of whatever is made, changed or deleted."""
        self._store = store
        self._changed = changed

    def routes(self) -> list[Route]:
        """Return the routes."""
        base = "/accounts/{scope}/alerting/v3"
        pagerduty = f"{base}/destinations/pagerduty"
        return [
            Route(f"{base}/available_alerts", self._available, methods=["GET"]),
            Route(f"{base}/destinations/eligible", self._eligible, methods=["GET"]),
            Route(pagerduty, self._services, methods=["GET", "DELETE"]),
            Route(f"{pagerduty}/connect", self._connect, methods=["POST"]),
            Route(f"{pagerduty}/connect/{{token}}", self._link, methods=["GET"]),
            Route(f"{base}/silences", self._silences, methods=["GET", "POST", "PUT"]),
            Route(f"{base}/silences/{{id}}", self._silence, methods=["GET", "DELETE"]),
        ]

    async def _available(self, _request: Request) -> Response:
        return success(available())

    async def _eligible(self, request: Request) -> Response:
        connected = bool(self._store.all("pagerduty", scope_of(request)))
        ready = {"email": True, "pagerduty": connected, "webhooks": True}
        return success(
            {
                type_: [{"eligible": True, "ready": there, "type": type_}]
                for type_, there in ready.items()
            }
        )

    async def _services(self, request: Request) -> Response:
        scope = scope_of(request)
        held = self._store.all("pagerduty", scope)
        if request.method == "DELETE":
            with self._store.transaction():
                for one in held:
                    self._store.delete("pagerduty", scope, one.id)
            self._changed("pagerduty")
            return success(None)
        return listing([{"id": one.id, "name": one.name} for one in held], request)

    async def _connect(self, request: Request) -> Response:
        token = new_id()
        self._store.put("pagerduty-tokens", scope_of(request), token, name=token, body={})
        return success({"id": token})

    async def _link(self, request: Request) -> Response:
        """Connect a service, as if somebody had agreed to it at PagerDuty."""
        scope, token = scope_of(request), str(request.path_params["token"])
        with self._store.transaction():
            if not self._store.delete("pagerduty-tokens", scope, token):
                raise MISSING.about()
            number = len(self._store.all("pagerduty", scope)) + 1
            name = f"PagerDuty service {number}"
            held = self._store.put("pagerduty", scope, new_id(), name=name, body={})
        self._changed("pagerduty")
        return success({"id": held.id})

    async def _silences(self, request: Request) -> Response:
        scope = scope_of(request)
        if request.method == "GET":
            silences = self._store.all("silences", scope)
            return listing([_told(held) for held in silences], request)
        sent = _listed(parse(await request.body()))
        with self._store.transaction():
            if request.method == "POST":
                for item in sent:
                    self._add(scope, item)
                self._changed("silences")
                return success(None)
            changed: list[Value] = [_told(self._change(scope, item)) for item in sent]
        self._changed("silences")
        return listing(changed, request)

    def _add(self, scope: str, item: Document) -> None:
        body = _checked(taken(_SILENCE, item, BAD_SILENCE))
        policy = str(body["policy_id"])
        if self._store.get("policies", scope, policy) is None:
            raise BAD_SILENCE.about(reason=f"policy {policy[:100]} does not exist")
        self._store.put("silences", scope, new_id(), name=policy, body=body)

    def _change(self, scope: str, item: Document) -> Object:
        body = _checked(taken(_CHANGE, item, BAD_SILENCE))
        identifier = str(body.pop("id"))
        held = self._store.get("silences", scope, identifier)
        if held is None:
            raise MISSING.about()
        return self._store.put(
            "silences", scope, identifier, name=held.name, body={**held.body, **body}
        )

    async def _silence(self, request: Request) -> Response:
        held = self._store.get("silences", scope_of(request), request.path_params["id"])
        if held is None:
            raise MISSING.about()
        if request.method == "DELETE":
            self._store.delete("silences", held.scope, held.id)
            self._changed("silences")
            return success(None)
        return success(_told(held))


def _listed(sent: Value) -> list[Document]:
    if not isinstance(sent, list) or not sent:
        raise MalformedError("the body must be a list of silences")
    return [document(item, f"[{place}]") for place, item in enumerate(sent)]


def _checked(body: Document) -> Document:
    if parsed(str(body["end_time"])) <= parsed(str(body["start_time"])):
        raise BAD_SILENCE.about(reason="end_time must come after start_time")
    return body


def _told(held: Object) -> Document:
    return {
        **held.body,
        "id": held.id,
        "created_at": plain(held.created),
        "updated_at": plain(held.modified),
    }
