"""What namespaces, buckets and databases hold, read and written where Workers see it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

import httpx

from localcloud.documents import MalformedError, document, documents, items, parse, text
from localcloud.shelves import Held, StatementError, UnavailableError

if TYPE_CHECKING:
    from localcloud.documents import Document, Value
    from localcloud.runtime.host import Host
    from localcloud.runtime.workers import Workers
    from localcloud.shelves import Statement

_PATIENCE = 40.0
_LONGEST = 1024
"""Bytes of a key or of what keys begin with: those of R2, the longer ones."""
_LONGEST_OPTIONS = 12_000
"""Letters of a header: Node takes 16 KiB of all together, and hangs up on more."""
_LINE_END = "\n"


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
        told = quote(json.dumps(options))
        if len(told) > _LONGEST_OPTIONS:
            raise MalformedError("the metadata or the media type is too long")
        headers = {"x-options": told}
        await self._shelf("PUT", kind, shelf, {"key": key}, headers=headers, content=held.content)

    async def remove(self, kind: str, shelf: str, key: str) -> None:
        """Take away what lies under a key."""
        await self._shelf("DELETE", kind, shelf, {"key": key})

    async def keys(self, kind: str, shelf: str, prefix: str) -> list[Value]:
        """Return what a namespace or bucket holds."""
        answer = await self._shelf("GET", kind, shelf, {"prefix": prefix})
        return items({"keys": parse(answer.content)}, "keys")

    async def query(self, shelf: str, statements: list[Statement]) -> list[Document]:
        """Run SQL on a database.

        Raises:
            StatementError: SQLite refuses a statement; nothing of the list has been done.

        """
        sent = [{"sql": one.sql, "params": [*one.params]} for one in statements]
        answer = await self._shelf("POST", "d1", shelf, {}, content=json.dumps(sent).encode())
        told = document(parse(answer.content))
        if "error" in told:
            raise StatementError(text(told, "error"))
        return documents(told, "results")

    async def waiting(self, account: str, queue: str) -> list[Document]:
        """Return the messages that wait in a queue of an account, oldest first."""
        answer = await self._host.call(
            "GET",
            f"/waiting/{account}/{quote(queue, safe='')}",
            wait=self._patience,
            timeout=_PATIENCE,
        )
        if answer.status_code != 200:
            raise UnavailableError(answer.text)
        return documents({"messages": parse(answer.content)}, "messages")

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
        for name, value in query.items():
            if len(value.encode("utf-8", "surrogatepass")) > _LONGEST:
                raise MalformedError(f"{name} may have {_LONGEST} bytes")
        await self._workers.settle()
        answer = await self._host.call(
            method,
            f"/shelf/{kind}/{shelf}?{httpx.QueryParams(query)}",
            headers=headers,
            content=content,
            wait=self._patience,
            timeout=_PATIENCE,
        )
        if "x-localcloud-problem" in answer.headers or "x-localcloud-gone" in answer.headers:
            raise UnavailableError(answer.text)
        if answer.status_code >= 500:
            raise RuntimeError(f"storage failed: {answer.text.partition(_LINE_END)[0]}")
        if "x-localcloud-refused" in answer.headers:
            raise MalformedError(answer.text)
        return answer
