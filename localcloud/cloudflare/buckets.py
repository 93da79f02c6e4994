"""R2 buckets beyond their making: storage class, deletion, lifecycle and locks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from localcloud.cloudflare.envelope import Refusal, success
from localcloud.cloudflare.kinds import KIND
from localcloud.cloudflare.kinds.rows import Field, Form
from localcloud.cloudflare.resources import scope_of, told
from localcloud.cloudflare.taking import taken
from localcloud.documents import document, documents, inner, parse

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from localcloud.documents import Document, Value
    from localcloud.shelves import Shelves
    from localcloud.store import Object, Store

NOT_EMPTY = Refusal(
    status=409,
    code=10008,
    message="The bucket you tried to delete ({name}) is not empty (account {account}).",
)
KEEP_FULL = "keep full buckets"
"""Setting that has `no` where any bucket is deleted with all it holds; Cloudflare refuses that."""
MAY_GO_FULL = "may_go_full"
"""Hidden field of a bucket that may be deleted with all it holds whatever the setting is."""

BAD_RULE = Refusal(status=400, code=10001, message="The rules are not valid: {reason}")
BAD_CLASS = Refusal(
    status=400, code=10001, message="{name} is no storage class: Standard or InfrequentAccess"
)

_AGE = (
    Field(name="type", required=True, values=("Age", "Date")),
    Field(name="maxAge", form=Form.WHOLE, sparse=True, least=0),
    Field(name="date", form=Form.MOMENT, sparse=True),
)
_CONDITION = Field(name="condition", form=Form.OBJECT, required=True, inner=_AGE)

_LIFECYCLE = Field(
    name="rules",
    form=Form.OBJECTS,
    default=[],
    longest=1000,
    inner=(
        Field(name="id", required=True, longest=255),
        Field(name="enabled", form=Form.FLAG, required=True),
        Field(
            name="conditions",
            form=Form.OBJECT,
            inner=(Field(name="prefix", default=""),),
        ),
        Field(
            name="deleteObjectsTransition",
            form=Form.OBJECT,
            sparse=True,
            inner=(_CONDITION,),
        ),
        Field(
            name="abortMultipartUploadsTransition",
            form=Form.OBJECT,
            sparse=True,
            inner=(_CONDITION,),
        ),
        Field(
            name="storageClassTransitions",
            form=Form.OBJECTS,
            sparse=True,
            inner=(
                _CONDITION,
                Field(name="storageClass", required=True, values=("InfrequentAccess",)),
            ),
        ),
    ),
)
_LOCK = Field(
    name="rules",
    form=Form.OBJECTS,
    default=[],
    longest=1000,
    inner=(
        Field(name="id", required=True, longest=255),
        Field(name="enabled", form=Form.FLAG, required=True),
        Field(name="prefix", sparse=True, longest=1024),
        Field(
            name="condition",
            form=Form.OBJECT,
            required=True,
            inner=(
                Field(name="type", required=True, values=("Age", "Date", "Indefinite")),
                Field(name="maxAgeSeconds", form=Form.WHOLE, sparse=True, least=1),
                Field(name="date", form=Form.MOMENT, sparse=True),
            ),
        ),
    ),
)
_SAID_BY = {"Age": ("maxAge", "maxAgeSeconds"), "Date": ("date",)}
"""Type of a condition, and the fields of which one has to be there."""


def let_go_full(store: Store, addresses: list[str]) -> None:
    """Let buckets be deleted with all they hold; those that are not there are passed over.

    Args:
        store: where buckets are kept.
        addresses: `<account>/<bucket>`.

    """
    for address in addresses:
        account, _, name = address.partition("/")
        held = store.get("buckets", f"accounts/{account}", name)
        if held is not None:
            hidden: Document = {**held.hidden, MAY_GO_FULL: True}
            store.put(held.kind, held.scope, held.id, name=held.name, body=held.body, hidden=hidden)


def going_full(store: Store) -> list[str]:
    """Return the addresses of the buckets that may be deleted with all they hold."""
    return [
        f"{held.scope.partition('/')[2]}/{held.id}"
        for held in store.all("buckets")
        if held.hidden.get(MAY_GO_FULL)
    ]


class Buckets:
    """The routes of a bucket that the table of kinds cannot tell."""

    def __init__(self, store: Store, shelves: Shelves, changed: Callable[[str], None]) -> None:
        """Ask `shelves` what a bucket holds; tell `changed` the kind of what changes."""
        self._store = store
        self._shelves = shelves
        self._changed = changed

    def routes(self) -> list[Route]:
        """Return the routes; they come before those of the table."""
        bucket = "/accounts/{scope}/r2/buckets/{id}"
        return [
            Route(bucket, self._bucket, methods=["PATCH", "DELETE"]),
            Route(f"{bucket}/lifecycle", self._lifecycle, methods=["GET", "PUT"]),
            Route(f"{bucket}/lock", self._lock, methods=["GET", "PUT"]),
        ]

    async def _bucket(self, request: Request) -> Response:
        bucket = self._found(request)
        if request.method == "PATCH":
            return success(self._reclassified(bucket, request))
        kept = self._store.setting(KEEP_FULL) != "no" and not bucket.hidden.get(MAY_GO_FULL)
        if kept and await self._holds_something(bucket):
            account = bucket.scope.partition("/")[2]
            raise NOT_EMPTY.about(name=bucket.name, account=account)
        self._store.delete("buckets", bucket.scope, bucket.id)
        self._changed("buckets")
        return success({})

    async def _holds_something(self, bucket: Object) -> bool:
        return bool(await self._shelves.keys("r2", str(bucket.hidden["storage"]), ""))

    def _reclassified(self, bucket: Object, request: Request) -> Document:
        wanted = request.headers.get("cf-r2-storage-class")
        if wanted is not None and wanted not in ("Standard", "InfrequentAccess"):
            raise BAD_CLASS.about(name=wanted[:100])
        body: Document = {**bucket.body, **({"storage_class": wanted} if wanted else {})}
        changed = self._store.put(
            "buckets",
            bucket.scope,
            bucket.id,
            name=bucket.name,
            body=body,
            hidden=bucket.hidden,
        )
        self._changed("buckets")
        return told(self._store, KIND["buckets"], changed)

    async def _lifecycle(self, request: Request) -> Response:
        return await self._rules(request, "lifecycles", _LIFECYCLE)

    async def _lock(self, request: Request) -> Response:
        return await self._rules(request, "locks", _LOCK)

    async def _rules(self, request: Request, kind: str, field: Field) -> Response:
        bucket = self._found(request)
        scope = f"{bucket.scope}/buckets/{bucket.id}"
        if request.method == "GET":
            held = self._store.get(kind, scope, bucket.id)
            return success({"rules": [] if held is None else held.body.get("rules")})
        body = taken((field,), document(parse(await request.body())), BAD_RULE)
        _check_rules(documents(body, "rules"))
        self._store.put(kind, scope, bucket.id, name=bucket.name, body=body)
        self._changed(kind)
        return success({})

    def _found(self, request: Request) -> Object:
        bucket = self._store.get("buckets", scope_of(request), request.path_params["id"])
        if bucket is None:
            raise KIND["buckets"].missing.about()
        return bucket


def _check_rules(rules: list[Document]) -> None:
    names = [str(rule["id"]) for rule in rules]
    for name in names:
        if names.count(name) > 1:
            raise BAD_RULE.about(reason=f"id {name!r} is used {names.count(name)} times")
    for rule in rules:
        for condition in _conditions(rule):
            needed = _SAID_BY.get(str(condition["type"]), ())
            if needed and not any(name in condition for name in needed):
                raise BAD_RULE.about(
                    reason=f"rule {rule['id']!r} says {condition['type']} and not which"
                )


def _conditions(rule: Document) -> list[Document]:
    """Return every condition of a rule."""
    parts: list[Value] = [
        rule,
        rule.get("deleteObjectsTransition"),
        rule.get("abortMultipartUploadsTransition"),
        *documents(rule, "storageClassTransitions"),
    ]
    return [
        inner(part, "condition")
        for part in parts
        if isinstance(part, dict) and part.get("condition")
    ]
