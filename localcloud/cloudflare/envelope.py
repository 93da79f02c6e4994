"""What every answer of the v4 API looks like, and the refusals that it gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse

if TYPE_CHECKING:
    from starlette.responses import Response

    from localcloud.documents import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An error of the API: HTTP status, Cloudflare's own code, and a text that may name things."""

    status: int
    code: int
    message: str

    def about(self, **names: str) -> RefusedError:
        """Return the error to raise, with the names filled in."""
        return RefusedError(
            Refusal(status=self.status, code=self.code, message=self.message.format(**names))
        )


class RefusedError(Exception):
    """The API refuses the call."""

    def __init__(self, refusal: Refusal) -> None:
        """Keep the refusal."""
        super().__init__(refusal.message)
        self.refusal = refusal


UNAUTHORIZED = Refusal(status=403, code=10000, message="Authentication error")
NO_ROUTE = Refusal(status=404, code=7003, message="No route for that URI: {path}")
WRONG_METHOD = Refusal(status=405, code=10405, message="Method {method} is not allowed here")
UNAVAILABLE = Refusal(status=503, code=10013, message="The Workers' runtime does not run: {reason}")
FAILED = Refusal(status=500, code=10001, message="localcloud itself failed: {reason}")
MALFORMED = Refusal(status=400, code=10001, message="{reason}")


def success(result: Value) -> JSONResponse:
    """Return a result in its envelope."""
    return JSONResponse({"success": True, "errors": [], "messages": [], "result": result})


def listing(results: list[Value]) -> JSONResponse:
    """Return a whole list as its first and only page."""
    count = len(results)
    return JSONResponse(
        {
            "success": True,
            "errors": [],
            "messages": [],
            "result": results,
            "result_info": {
                "page": 1,
                "per_page": max(count, 20),
                "count": count,
                "total_count": count,
                "total_pages": 1,
            },
        }
    )


def refused(refusal: Refusal) -> Response:
    """Return an error in its envelope."""
    return JSONResponse(
        {
            "success": False,
            "errors": [{"code": refusal.code, "message": refusal.message}],
            "messages": [],
            "result": None,
        },
        status_code=refusal.status,
    )
