"""What every answer of the v4 API looks like, and the refusals that it gives."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response

from localcloud.cloudflare.paging import PageError, after_cursor, page_of, pages_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from localcloud.documents import Document, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An error of the API: HTTP status, Cloudflare's own code, and a text that may name things."""

    status: int
    code: int
    message: str
    cause: tuple[int, str] | None = None
    """The error beneath it: its code and text."""
    also: tuple[tuple[int, str], ...] = ()
    """Further errors, each with code and text."""

    def about(self, **names: str) -> RefusedError:
        """Return the error to raise, with the names filled in."""
        cause = self.cause and (self.cause[0], self.cause[1].format(**names))
        return RefusedError(replace(self, message=self.message.format(**names), cause=cause))

    def errors(self) -> list[Value]:
        """Return the list of errors as the envelope holds it."""
        first: Document = {"code": self.code, "message": self.message}
        if self.cause:
            first["error_chain"] = [{"code": self.cause[0], "message": self.cause[1]}]
        further: list[Value] = [{"code": code, "message": text} for code, text in self.also]
        return [first, *further]


class RefusedError(Exception):
    """The API refuses the call."""

    def __init__(self, refusal: Refusal) -> None:
        """Keep the refusal."""
        super().__init__(refusal.message)
        self.refusal = refusal


NO_ROUTE = Refusal(
    status=404,
    code=7003,
    message="Could not route to {path}, perhaps your object identifier is invalid?",
    also=((7000, "No route for that URI"),),
)
WRONG_PAGE = Refusal(
    status=400, code=6008, message="Invalid request parameters", cause=(11000, "{reason}")
)
WRONG_METHOD = Refusal(status=405, code=10405, message="Method {method} is not allowed here")
UNAVAILABLE = Refusal(status=503, code=10013, message="The Workers' runtime does not run: {reason}")
FAILED = Refusal(status=500, code=10001, message="localcloud itself failed: {reason}")
MALFORMED = Refusal(status=400, code=10001, message="{reason}")


def success(result: Value) -> JSONResponse:
    """Return a result in its envelope."""
    return JSONResponse({"success": True, "errors": [], "messages": [], "result": result})


def listing(results: Sequence[Value], request: Request) -> JSONResponse:
    """Return the page of a list that a request asks for; lists without pages come whole.

    Raises:
        RefusedError: there can be no such page.

    """
    try:
        page = page_of(results, pages_of(request.scope["path"]), request.query_params)
    except PageError as problem:
        raise WRONG_PAGE.about(reason=str(problem)) from problem
    return _enveloped(page.results, page.info)


def cursored(
    results: list[Value],
    request: Request,
    *,
    by: str,
    option: str = "per_page",
    usual: int = 20,
    within: str | None = None,
) -> JSONResponse:
    """Return the part of a list that begins after the request's cursor.

    Args:
        results: objects, each with a text in its field `by`, by which they are ordered.
        request: has `cursor` and `option` in its query.
        by: the field.
        option: the parameter that says how long a page is.
        usual: its length when the query does not say.
        within: the field of the result that holds the list; None: the result is the list.

    Raises:
        RefusedError: the cursor or the length is none that there can be.

    """
    try:
        page, cursor, length = after_cursor(
            results, request.query_params, by=by, option=option, usual=usual
        )
    except PageError as problem:
        raise WRONG_PAGE.about(reason=str(problem)) from problem
    info: Document = {
        "count": len(page),
        "cursor": cursor,
        "is_truncated": bool(cursor),
        "per_page": length,
    }
    return _enveloped({within: page} if within else page, info)


def _enveloped(result: Value, info: Document) -> JSONResponse:
    return JSONResponse(
        {"success": True, "errors": [], "messages": [], "result": result, "result_info": info}
    )


def tagged(response: Response, etag: str, request: Request) -> Response:
    """Return a response with its ETag, or nothing but that to a client that has it already."""
    quoted = f'"{etag}"'
    known = {one.strip().removeprefix("W/") for one in _list(request, "if-none-match")}
    if known & {quoted, "*"}:
        return Response(status_code=304, headers={"etag": quoted})
    response.headers["etag"] = quoted
    return response


def _list(request: Request, header: str) -> list[str]:
    return request.headers.get(header, "").split(",")


def refused(refusal: Refusal) -> Response:
    """Return an error in its envelope."""
    return JSONResponse(
        {"success": False, "errors": refusal.errors(), "messages": [], "result": None},
        status_code=refusal.status,
    )
