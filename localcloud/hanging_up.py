"""Connections that end without a word, which ASGI has no message for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    from asyncio import Transport

    from starlette.types import Receive, Scope, Send

_EXTENSION = "localcloud.transport"


class SeverableProtocol(H11Protocol):
    """Uvicorn's HTTP, of which applications can end the connection."""

    def connection_made(  # type: ignore[override]
        self, transport: Transport
    ) -> None:
        """Take a connection, and tell it to whoever answers the requests on it."""
        super().connection_made(transport)
        answer = self.app

        async def told(scope: Scope, receive: Receive, send: Send) -> None:
            scope.setdefault("extensions", {})[_EXTENSION] = transport
            await answer(scope, receive, send)

        self.app = told


async def hang_up(scope: Scope, receive: Receive) -> None:
    """End the connection of a request at once, and with it whatever was not sent yet.

    Args:
        scope: of a request that came through `SeverableProtocol`, not answered yet.
        receive: tells what comes of it; all of its body has to have been read, for a connection
            that is closed on an unread one is reset, now and then, instead of ended.

    """
    transport: Transport = scope["extensions"][_EXTENSION]
    transport.abort()
    # Until the server knows, it answers for an application that did not.
    while (await receive())["type"] != "http.disconnect":
        pass
