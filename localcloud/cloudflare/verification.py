"""What a token is told of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse
from starlette.routing import Route

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from localcloud.cloudflare.access.callers import Caller
    from localcloud.documents import Document

_ID_LENGTH = 32


class Verification:
    """The routes that verify the token they are called with."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route(path, self._verify, methods=["GET"])
            for path in ("/user/tokens/verify", "/accounts/{scope}/tokens/verify")
        ]

    async def _verify(self, request: Request) -> Response:
        who: Caller = request.scope["caller"]
        result: Document = {"id": who.name[:_ID_LENGTH], "status": "active"}
        if who.token is not None:
            result["id"] = who.token.id
            for name in ("not_before", "expires_on"):
                if who.token.body.get(name):
                    result[name] = who.token.body[name]
        told: Document = {"code": 10000, "message": "This API Token is valid and active"}
        return JSONResponse(
            {"success": True, "errors": [], "messages": [{**told, "type": None}], "result": result}
        )
