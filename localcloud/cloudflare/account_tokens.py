"""API tokens that an account owns: made, rolled and withdrawn; their values are told once."""

from __future__ import annotations

import ipaddress
import re
import secrets
from typing import TYPE_CHECKING

from starlette.routing import Route

from localcloud.cloudflare.access import permits
from localcloud.cloudflare.access.groups import BY_ID
from localcloud.cloudflare.envelope import Refusal, listing, success
from localcloud.cloudflare.kinds.rows import Field, Form
from localcloud.cloudflare.resources import new_id, scope_of
from localcloud.cloudflare.taking import taken
from localcloud.documents import MalformedError, document, documents, inner, parse, texts
from localcloud.issued_tokens import ACCOUNT_TOKENS, kept_of
from localcloud.moments import parsed, plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from localcloud.cloudflare.access.callers import Caller
    from localcloud.documents import Document, Value
    from localcloud.store import Object, Store

PULUMI_TYPE = "cloudflare:index/accountToken:AccountToken"

MISSING = Refusal(status=404, code=1002, message="not found")
INVALID = Refusal(status=400, code=1001, message="{reason}")
WITHHELD = Refusal(
    status=400,
    code=1001,
    message='Failed common permission check against resources. (Permission group: "{group}")',
)
BAD_NAME = Refusal(
    status=400, code=400, message="name must have a length between 1 and 120 characters"
)

_POLICY = (
    Field(name="id", sparse=True),
    Field(name="effect", required=True, values=("allow", "deny")),
    Field(
        name="permission_groups",
        form=Form.OBJECTS,
        required=True,
        inner=(Field(name="id", required=True, pattern="[0-9a-f]{32}"),),
    ),
    Field(name="resources", form=Form.OBJECT, required=True),
)
_FIELDS = (
    Field(name="name"),
    Field(name="policies", form=Form.OBJECTS, required=True, inner=_POLICY, longest=300),
    Field(name="status", default="active", values=("active", "disabled", "expired")),
    Field(name="expires_on", form=Form.MOMENT, sparse=True),
    Field(name="not_before", form=Form.MOMENT, sparse=True),
    Field(
        name="condition",
        form=Form.OBJECT,
        sparse=True,
        inner=(
            Field(
                name="request_ip",
                form=Form.OBJECT,
                sparse=True,
                inner=(
                    Field(name="in", form=Form.TEXTS, sparse=True),
                    Field(name="not_in", form=Form.TEXTS, sparse=True),
                ),
            ),
        ),
    ),
)
_RESOURCE = re.compile(r"com\.cloudflare\.(api\.(account|user)(\.zone)?|edge\.r2\.bucket)\.\S+")
_LONGEST_NAME = 120


class AccountTokens:
    """The routes of an account's tokens."""

    def __init__(self, store: Store, changed: Callable[[str], None]) -> None:
        """Tell `changed` the kind of whatever is made, changed or deleted."""
        self._store = store
        self._changed = changed

    def routes(self) -> list[Route]:
        """Return the routes."""
        path = "/accounts/{scope}/tokens"
        return [
            Route(path, self._collection, methods=["GET", "POST"]),
            Route(f"{path}/permission_groups", self._groups, methods=["GET"]),
            Route(f"{path}/{{id}}", self._member, methods=["GET", "PUT", "DELETE"]),
            Route(f"{path}/{{id}}/value", self._roll, methods=["PUT"]),
        ]

    async def _collection(self, request: Request) -> Response:
        scope = scope_of(request)
        if request.method == "GET":
            tokens = self._store.all(ACCOUNT_TOKENS, scope)
            return listing([_told(held) for held in tokens], request)
        body = _checked(document(parse(await request.body())), request.scope["caller"])
        value = _new_value()
        held = self._put(scope, new_id(), body, value)
        return success({**_told(held), "value": value})

    async def _groups(self, request: Request) -> Response:
        name, scope = (request.query_params.get(asked) for asked in ("name", "scope"))
        groups: list[Value] = [
            group.as_document()
            for group in BY_ID.values()
            if (name is None or group.name == name) and (scope is None or group.reach == scope)
        ]
        return listing(groups, request)

    async def _member(self, request: Request) -> Response:
        held = self._found(request)
        if request.method == "GET":
            return success(_told(held))
        if request.method == "DELETE":
            self._store.delete(ACCOUNT_TOKENS, held.scope, held.id)
            self._changed(ACCOUNT_TOKENS)
            return success({"id": held.id})
        body = _checked(document(parse(await request.body())), request.scope["caller"])
        return success(_told(self._put(held.scope, held.id, body, None, held.hidden)))

    async def _roll(self, request: Request) -> Response:
        held = self._found(request)
        value = _new_value()
        self._put(held.scope, held.id, held.body, value)
        return success(value)

    def _found(self, request: Request) -> Object:
        held = self._store.get(ACCOUNT_TOKENS, scope_of(request), request.path_params["id"])
        if held is None:
            raise MISSING.about()
        return held

    def _put(
        self,
        scope: str,
        identifier: str,
        body: Document,
        value: str | None,
        hidden: Document | None = None,
    ) -> Object:
        """Store a token; of a new value only the digest."""
        if value is not None:
            hidden = kept_of(value)
        held = self._store.put(
            ACCOUNT_TOKENS, scope, identifier, name=str(body["name"]), body=body, hidden=hidden
        )
        self._changed(ACCOUNT_TOKENS)
        return held


def _checked(sent: Document, who: Caller) -> Document:
    """Return what a token is to be.

    Raises:
        RefusedError: it cannot be, or the caller may not give it what it is to have.

    """
    body = taken(_FIELDS, sent, INVALID)
    if not 1 <= len(str(body["name"] or "")) <= _LONGEST_NAME:
        raise BAD_NAME.about()
    for policy in documents(body, "policies"):
        policy["id"] = new_id()
        policy["permission_groups"] = [
            _group(one) for one in documents(policy, "permission_groups")
        ]
        _check_resources(inner(policy, "resources"))
    _check_addresses(inner(inner(body, "condition"), "request_ip"))
    start, end = body.get("not_before"), body.get("expires_on")
    if start and end and parsed(str(end)) <= parsed(str(start)):
        raise INVALID.about(reason="expires_on must come after not_before")
    group = permits.withheld(who.token, documents(body, "policies")) if who.token else None
    if group is not None:
        raise WITHHELD.about(group=group)
    return body


def _group(named: Document) -> Document:
    """Return a permission group as it is told; those that open nothing here have no name."""
    group = BY_ID.get(str(named["id"]))
    return {"id": named["id"], "name": group.name if group else "", "meta": {}}


def _check_resources(resources: Document) -> None:
    if not resources:
        raise INVALID.about(reason="a policy must name resources")
    for name, what in resources.items():
        if not _RESOURCE.fullmatch(name):
            raise INVALID.about(reason=f"{name[:100]} is no resource")
        if isinstance(what, dict):
            _check_resources(what)
        elif what != "*":
            raise INVALID.about(reason=f"the resource {name[:100]} must be '*' or resources in it")


def _check_addresses(condition: Document) -> None:
    for name in ("in", "not_in"):
        try:
            for address in texts(condition, name):
                ipaddress.ip_network(address, strict=False)
        except (MalformedError, ValueError) as problem:
            raise INVALID.about(reason=f"request_ip.{name}: {problem}") from problem


def _new_value() -> str:
    """Return a value as Cloudflare makes them: 40 characters."""
    return secrets.token_urlsafe(30)


def _told(held: Object) -> Document:
    return {
        **held.body,
        "id": held.id,
        "issued_on": plain(held.created),
        "modified_on": plain(held.modified),
        "last_used_on": None,
    }
