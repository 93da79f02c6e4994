"""Nobody but this machine: refuses names that only look like it, and other sites' pages.

The server listens on loopback alone, yet a page of any web site runs in a browser on this machine.
It can name a host that resolves to 127.0.0.1 (DNS rebinding) or send requests blindly; the first
shows in Host, the second in Origin.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})


def is_loopback(authority: str) -> bool:
    """Tell whether a host, with or without port, is this machine by one of its own names."""
    try:
        return urlsplit(f"//{authority}").hostname in _NAMES
    except ValueError:
        return False


class LoopbackOnly:
    """Answers for an application only to this machine."""

    def __init__(self, app: ASGIApp) -> None:
        """`app` answers for those let through."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through or refuse."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        host = headers.get(b"host", b"").decode("latin-1")
        origin = headers.get(b"origin", b"").decode("latin-1")
        if not is_loopback(host):
            refusal = f"this server answers to 127.0.0.1 and localhost, not to {host!r}\n"
        elif origin and not _may(urlsplit(origin).netloc, host, str(scope["path"])):
            refusal = "pages of other sites have no access\n"
        else:
            await self._app(scope, receive, send)
            return
        if scope["type"] == "websocket":
            # Closed before it was accepted: the handshake is answered with 403.
            await receive()
            await send({"type": "websocket.close", "code": 1008, "reason": refusal.strip()})
            return
        await PlainTextResponse(refusal, 403)(scope, receive, send)


def _may(origin: str, host: str, path: str) -> bool:
    """Tell whether a page of an origin may call a path: the console alone controls."""
    return origin == host if path.startswith("/_local/") else is_loopback(origin)
