"""Bodies of requests on their way to a Worker, up to what Cloudflare takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, AsyncIterator


class TooLargeError(Exception):
    """A body turned out to be larger than Cloudflare takes."""


class Counted:
    """A body that did not say how long it is, counted while it is passed on."""

    def __init__(self, body: AsyncIterable[bytes], most: int) -> None:
        """Let at most `most` bytes through."""
        self._body = body
        self._most = most
        self.size = 0
        """Bytes that have come until now."""

    async def chunks(self) -> AsyncIterator[bytes]:
        """Pass the body on.

        Raises:
            TooLargeError: there is more of it than may be; what came before has been passed on.

        """
        async for chunk in self._body:
            self.size += len(chunk)
            if self.size > self._most:
                raise TooLargeError
            yield chunk
