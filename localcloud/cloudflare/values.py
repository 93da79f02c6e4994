"""What a KV namespace and an R2 bucket hold, through the API: the same storage that Workers see."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.routing import Route

from localcloud.cloudflare.envelope import MALFORMED, Refusal, cursored, success, tagged
from localcloud.cloudflare.kinds import KIND
from localcloud.cloudflare.kv_limits import check_key, check_pair
from localcloud.cloudflare.resources import scope_of
from localcloud.documents import parse
from localcloud.moments import now
from localcloud.multipart import parts_of
from localcloud.shelves import Held

if TYPE_CHECKING:
    from starlette.requests import Request

    from localcloud.shelves import Shelves
    from localcloud.store import Object, Store

NO_KEY = Refusal(status=404, code=10009, message="get: 'key not found'")
NO_OBJECT = Refusal(status=404, code=10007, message="The specified key does not exist.")


class Values:
    """The routes below a namespace and a bucket."""

    def __init__(self, store: Store, shelves: Shelves) -> None:
        """Keep the store and whoever keeps the contents."""
        self._store = store
        self._shelves = shelves

    def routes(self) -> list[Route]:
        """Return the routes."""
        namespace = "/accounts/{scope}/storage/kv/namespaces/{id}"
        bucket = "/accounts/{scope}/r2/buckets/{id}/objects"
        methods = ["GET", "PUT", "DELETE"]
        return [
            Route(f"{namespace}/values/{{key:path}}", self._value, methods=methods),
            Route(f"{namespace}/metadata/{{key:path}}", self._metadata, methods=["GET"]),
            Route(f"{namespace}/keys", self._keys, methods=["GET"]),
            Route(bucket, self._objects, methods=["GET"]),
            Route(f"{bucket}/{{key:path}}", self._object, methods=methods),
        ]

    async def _value(self, request: Request) -> Response:
        shelf, key = self._shelf("namespaces", request), str(request.path_params["key"])
        if request.method == "PUT":
            held, ends = await _sent(request), _ends(request)
            check_pair(key, held, ends, now())
            await self._shelves.write("kv", shelf, key, held, ends)
            return success({})
        check_key(key)
        if request.method == "DELETE":
            await self._shelves.remove("kv", shelf, key)
            return success({})
        found = await self._shelves.read("kv", shelf, key)
        if found is None:
            raise NO_KEY.about()
        return Response(found.content, media_type="application/octet-stream")

    async def _metadata(self, request: Request) -> Response:
        shelf, key = self._shelf("namespaces", request), str(request.path_params["key"])
        check_key(key)
        found = await self._shelves.read("kv", shelf, key)
        if found is None:
            raise NO_KEY.about()
        return success(found.metadata)

    async def _keys(self, request: Request) -> Response:
        shelf = self._shelf("namespaces", request)
        keys = await self._shelves.keys("kv", shelf, request.query_params.get("prefix", ""))
        return cursored(keys, request, by="name", option="limit", usual=1000)

    async def _objects(self, request: Request) -> Response:
        shelf = self._shelf("buckets", request)
        keys = await self._shelves.keys("r2", shelf, request.query_params.get("prefix", ""))
        return cursored(keys, request, by="key", usual=1000)

    async def _object(self, request: Request) -> Response:
        shelf, key = self._shelf("buckets", request), str(request.path_params["key"])
        if request.method == "PUT":
            media_type = request.headers.get("content-type")
            held = Held(content=await request.body(), metadata=None, media_type=media_type)
            await self._shelves.write("r2", shelf, key, held, {})
            return success({"key": key, "size": str(len(held.content))})
        if request.method == "DELETE":
            await self._shelves.remove("r2", shelf, key)
            return success({"key": key})
        found = await self._shelves.read("r2", shelf, key)
        if found is None:
            raise NO_OBJECT.about()
        media_type = found.media_type or "application/octet-stream"
        # The service's own tags are MD5 too; nothing is kept safe by it.
        etag = hashlib.md5(found.content, usedforsecurity=False).hexdigest()
        return tagged(Response(found.content, media_type=media_type), etag, request)

    def _shelf(self, kind: str, request: Request) -> str:
        held: Object | None = self._store.get(kind, scope_of(request), request.path_params["id"])
        if held is None:
            raise KIND[kind].missing.about()
        return str(held.hidden["storage"])


async def _sent(request: Request) -> Held:
    """Return the value and metadata of a request: parts of those names, or the body itself."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return Held(content=await request.body(), metadata=None)
    parts = {part.name: part.content for part in await parts_of(request)}
    if "value" not in parts:
        raise MALFORMED.about(reason="the body has no part named value")
    metadata = parts.get("metadata", b"").strip()
    return Held(content=parts["value"], metadata=parse(metadata) if metadata else None)


_DIGITS = 16
"""Of a number of seconds; the largest that count have no more."""


def _ends(request: Request) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, option in (("expiration", "expiration"), ("expiration_ttl", "expirationTtl")):
        value = request.query_params.get(name)
        if value:
            if not value.isdecimal() or len(value) > _DIGITS:
                raise MALFORMED.about(
                    reason=f"{name} must be a number of seconds, not {value[:100]}"
                )
            found[option] = int(value)
    return found
