"""Many KV pairs in one call: written, read, deleted."""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING

from starlette.routing import Route

from localcloud.cloudflare.envelope import Refusal, success
from localcloud.cloudflare.kinds import KIND
from localcloud.cloudflare.kinds.rows import Field, Form
from localcloud.cloudflare.kv_limits import check_key, check_pair
from localcloud.cloudflare.resources import scope_of
from localcloud.cloudflare.taking import taken
from localcloud.documents import document, flag, parse, text, texts
from localcloud.moments import now
from localcloud.shelves import Held

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from localcloud.documents import Document, Value
    from localcloud.shelves import Shelves
    from localcloud.store import Store

BAD_BODY = Refusal(status=400, code=10012, message="invalid request body: {reason}")
NO_KEYS = Refusal(status=400, code=10029, message="at least one key is required")

MOST_KEYS = 10_000
"""Of one call that writes or deletes (reference of the KV API)."""
MOST_READ = 100
"""Of one call that reads."""

_PAIR = (
    Field(name="key", required=True),
    Field(name="value", default=""),
    Field(name="metadata", form=Form.OBJECT, sparse=True),
    Field(name="base64", form=Form.FLAG, default=False),
    Field(name="expiration", form=Form.WHOLE, sparse=True),
    Field(name="expiration_ttl", form=Form.WHOLE, sparse=True),
)


class KvBulk:
    """The routes of many pairs of a namespace."""

    def __init__(self, store: Store, shelves: Shelves) -> None:
        """Keep the store and whoever keeps the contents."""
        self._store = store
        self._shelves = shelves

    def routes(self) -> list[Route]:
        """Return the routes."""
        bulk = "/accounts/{scope}/storage/kv/namespaces/{id}/bulk"
        return [
            Route(bulk, self._write, methods=["PUT"]),
            Route(bulk, self._delete, methods=["DELETE"]),
            Route(f"{bulk}/delete", self._delete, methods=["POST"]),
            Route(f"{bulk}/get", self._read, methods=["POST"]),
        ]

    async def _write(self, request: Request) -> Response:
        shelf = self._shelf(request)
        pairs = [
            taken(_PAIR, document(item, f"[{place}]"), BAD_BODY)
            for place, item in enumerate(_listed(parse(await request.body())))
        ]
        written = [
            (
                str(pair["key"]),
                Held(content=_content(pair), metadata=pair.get("metadata")),
                _ends(pair),
            )
            for pair in pairs
        ]
        at = now()
        for key, held, ends in written:
            check_pair(key, held, ends, at)
        for key, held, ends in written:
            await self._shelves.write("kv", shelf, key, held, ends)
        return success({"successful_key_count": len(pairs), "unsuccessful_keys": []})

    async def _delete(self, request: Request) -> Response:
        shelf = self._shelf(request)
        keys = _listed(parse(await request.body()))
        names = [text({"key": key}, "key") for key in keys]
        for name in names:
            check_key(name)
        for name in names:
            await self._shelves.remove("kv", shelf, name)
        return success({"successful_key_count": len(names), "unsuccessful_keys": []})

    async def _read(self, request: Request) -> Response:
        shelf = self._shelf(request)
        sent = document(parse(await request.body()))
        names = texts(sent, "keys")
        type_, with_metadata = text(sent, "type", "text"), flag(sent, "withMetadata")
        if not names:
            raise NO_KEYS.about()
        if len(names) > MOST_READ or type_ not in ("text", "json"):
            raise BAD_BODY.about(reason=f"at most {MOST_READ} keys; type is text or json")
        for name in names:
            check_key(name)
        values: Document = {}
        for name in names:
            found = await self._shelves.read("kv", shelf, name)
            value = None if found is None else _read_as(type_, found.content)
            if with_metadata and found is not None:
                value = {"value": value, "metadata": found.metadata}
            values[name] = value
        return success({"values": values})

    def _shelf(self, request: Request) -> str:
        held = self._store.get("namespaces", scope_of(request), request.path_params["id"])
        if held is None:
            raise KIND["namespaces"].missing.about()
        return str(held.hidden["storage"])


def _listed(sent: Value) -> list[Value]:
    if not isinstance(sent, list):
        raise BAD_BODY.about(reason="it must be a list")
    if not sent:
        raise NO_KEYS.about()
    if len(sent) > MOST_KEYS:
        raise BAD_BODY.about(reason=f"{len(sent)} keys, at most {MOST_KEYS} in one call")
    return sent


def _content(pair: Document) -> bytes:
    value = str(pair["value"])
    if not pair["base64"]:
        return value.encode()
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as problem:
        raise BAD_BODY.about(reason=f"the value of {pair['key']} is not base64") from problem


def _ends(pair: Document) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, option in (("expiration", "expiration"), ("expiration_ttl", "expirationTtl")):
        seconds = pair.get(name)
        if isinstance(seconds, int):
            found[option] = seconds
    return found


def _read_as(type_: str, content: bytes) -> Value:
    said = content.decode("utf-8", "replace")
    if type_ == "text":
        return said
    try:
        value: Value = parse(said)
    except ValueError as problem:
        raise BAD_BODY.about(reason=f"a value is not JSON: {json.dumps(said[:100])}") from problem
    return value
