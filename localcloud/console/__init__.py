"""The page that shows what is provisioned, what Workers do, and what the inbox received.

Files as the browser gets them, without a build step; what they show comes from `/_local`.
"""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

if TYPE_CHECKING:
    from starlette.requests import Request

_HERE = Path(__file__).parent
_TYPES = {".css": "text/css", ".js": "text/javascript"}
_HEADERS = {
    "content-security-policy": (
        # A frame with a mail has the same policy: nothing in it may fetch, not even from here.
        "default-src 'none'; script-src 'self'; img-src data:; "
        "style-src 'self' 'unsafe-inline'; "  # what mail is styled with; its frame runs no scripts
        "connect-src 'self'; frame-src 'none'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
}


def console_routes(key: str) -> list[Route]:
    """Return the page and its files.

    Args:
        key: what control calls need; the page carries it.

    """

    async def page(request: Request) -> Response:
        # A page of another site may link here, but not read or embed it.
        fetched = request.headers.get("sec-fetch-dest", "document")
        if fetched != "document":
            return PlainTextResponse("open this address in a window of its own\n", 403)
        icon = base64.b64encode((_HERE / "icon.svg").read_bytes()).decode()
        text = (_HERE / "index.html").read_text("utf-8")
        text = text.replace("{{key}}", key).replace("{{icon}}", f"data:image/svg+xml;base64,{icon}")
        return HTMLResponse(text, headers=_HEADERS)

    async def asset(request: Request) -> Response:
        path = _HERE / str(request.path_params["name"])
        media_type = _TYPES.get(path.suffix)
        if media_type is None or not path.is_file():
            return PlainTextResponse("localcloud has no such file\n", 404)
        return Response(path.read_bytes(), media_type=media_type, headers=_HEADERS)

    return [Route("/", page), Route("/console/{name}", asset)]
