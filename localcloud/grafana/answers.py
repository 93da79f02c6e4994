"""What Grafana answers: bare JSON, and errors with a message."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response

if TYPE_CHECKING:
    from starlette.requests import Request

    from localcloud.documents import Value

SCOPE = "grafana"
"""The one organisation: every object lives in it."""


class RefusedError(Exception):
    """Grafana refuses the call."""

    def __init__(self, code: int, message: str, **more: Value) -> None:
        """Keep the status code, the message and whatever else the body tells."""
        super().__init__(message)
        self.code = code
        self.body: dict[str, Value] = {"message": message, **more}


def told(value: Value, status: int = 200) -> Response:
    """Return a value as JSON."""
    return JSONResponse(value, status)


def empty(status: int = 204) -> Response:
    """Return no body."""
    return Response(status_code=status)


def provenance(request: Request) -> str:
    """Return what a write makes of an object: owned by the API, or by nobody."""
    return "" if "x-disable-provenance" in request.headers else "api"


def slug(title: str) -> str:
    """Return a title as addresses hold it."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "x"
