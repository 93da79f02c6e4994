"""What namespaces and buckets hold, read and written where Workers see it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

import httpx

from localcloud.documents import items, parse
from localcloud.shelves import Held, UnavailableError

if TYPE_CHECKING:
    from localcloud.documents import Value
    from localcloud.runtime.host import Host
    from localcloud.runtime.workers import Workers

_PATIENCE = 40.0


class Storage:
    """The shelves of a runtime."""

    def __init__(self, host: Host, workers: Workers, patience: float) -> None:
        """Wait `patience` seconds for the host to be there."""
        self._host = host
        self._workers = workers
        self._patience = patience

    async def read(self, kind: str, shelf: str, key: str) -> Held | None:
        """Return what lies under a key of a namespace or bucket."""
        answer = await self._shelf("GET", kind, shelf, {"key": key})
        if answer.status_code == 404:
            return None
        metadata = unquote(answer.headers.get("x-metadata", "null"))
        return Held(
            content=answer.content,
            metadata=parse(metadata),
            media_type=unquote(answer.headers.get("x-media-type", "")) or None,
        )

    async def write(
        self, kind: str, shelf: str, key: str, held: Held, expiration: dict[str, int]
    ) -> None:
        """Put something under a key of a namespace or bucket."""
        options: dict[str, Value] = dict(expiration)
        if held.metadata is not None:
            options["metadata"] = held.metadata
        if held.media_type:
            options["httpMetadata"] = {"contentType": held.media_type}
        headers = {"x-options": quote(json.dumps(options))}
        await self._shelf("PUT", kind, shelf, {"key": key}, headers=headers, content=held.content)

    async def remove(self, kind: str, shelf: str, key: str) -> None:
        """Take away what lies under a key."""
        await self._shelf("DELETE", kind, shelf, {"key": key})

    async def keys(self, kind: str, shelf: str, prefix: str) -> list[Value]:
        """Return what a namespace or bucket holds."""
        answer = await self._shelf("GET", kind, shelf, {"prefix": prefix})
        return items({"keys": parse(answer.content)}, "keys")

    async def _shelf(
        self,
        method: str,
        kind: str,
        shelf: str,
        query: dict[str, str],
        *,
        headers: dict[str, str] | None = None,
        content: bytes | None = None,
    ) -> httpx.Response:
        await self._workers.settle()
        answer = await self._host.call(
            method,
            f"/shelf/{kind}/{shelf}?{httpx.QueryParams(query)}",
            headers=headers,
            content=content,
            wait=self._patience,
            timeout=_PATIENCE,
        )
        if "x-localcloud-problem" in answer.headers or answer.status_code >= 500:
            raise UnavailableError(answer.text)
        return answer
