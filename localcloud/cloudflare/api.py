"""The v4 API as one application: authentication, routes, and errors in their envelope."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException

from localcloud.bodies import whole
from localcloud.cloudflare.access import permits
from localcloud.cloudflare.access.callers import caller
from localcloud.cloudflare.access.rates import TOO_MANY
from localcloud.cloudflare.envelope import (
    FAILED,
    MALFORMED,
    NO_ROUTE,
    UNAVAILABLE,
    WRONG_METHOD,
    RefusedError,
    refused,
)
from localcloud.cloudflare.routes import resource_routes
from localcloud.cloudflare.scripts import Scripts
from localcloud.cloudflare.settings import Settings
from localcloud.cloudflare.tails import Tails
from localcloud.cloudflare.triggers import Triggers
from localcloud.cloudflare.values import Values
from localcloud.cloudflare.verification import Verification
from localcloud.cloudflare.worker_store import WorkerStore
from localcloud.documents import MalformedError
from localcloud.moments import now
from localcloud.shelves import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route
    from starlette.types import ASGIApp, Receive, Scope, Send

    from localcloud.cloudflare.access.rates import Rates
    from localcloud.cloudflare.tails import Runtime
    from localcloud.shelves import Shelves
    from localcloud.store import Store

_BASE = "/client/v4/"
_SCOPED = re.compile(r"(?:accounts|zones)/([^/]*)(?:/.*)?", re.DOTALL)
_IDENTIFIER = re.compile("[0-9a-f]{32}")


def cloudflare_routes(
    store: Store, starter: Runtime, shelves: Shelves, changed: Callable[[str], None]
) -> list[Route]:
    """Return every route below `/client/v4`; the arguments are those of `cloudflare_api`."""
    workers = WorkerStore(store, starter, changed)
    return [
        *Verification().routes(),
        *Scripts(store, starter, workers).routes(),
        *Triggers(store, starter, changed).routes(),
        *Tails(store, starter).routes(),
        *Settings(store, starter, workers).routes(),
        *Values(store, shelves).routes(),
        *resource_routes(store, shelves, changed),
    ]


def cloudflare_api(
    store: Store,
    starter: Runtime,
    shelves: Shelves,
    changed: Callable[[str], None],
    *,
    rates: Rates,
    known_tokens_only: bool = False,
) -> ASGIApp:
    """Return what answers below `/client/v4`.

    Args:
        store: where objects are kept.
        starter: starts Workers.
        shelves: keeps the contents of namespaces and buckets.
        changed: is told the kind of whatever was made, changed or deleted.
        rates: counts the calls of each caller.
        known_tokens_only: refuse tokens that were not issued here, which are the owner's otherwise.

    """
    api = Starlette(
        routes=cloudflare_routes(store, starter, shelves, changed),
        exception_handlers={
            RefusedError: _refused,
            MalformedError: _malformed,
            HTTPException: _unrouted,
            UnavailableError: _unavailable,
            Exception: _failed,
        },
    )

    # Neither service sends anybody elsewhere for a slash.
    api.router.redirect_slashes = False

    async def authenticated(scope: Scope, receive: Receive, send: Send) -> None:
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        path = str(scope["path"]).removeprefix(_BASE)
        address = (scope.get("client") or ("127.0.0.1", 0))[0]
        try:
            who = caller(store, headers, known_only=known_tokens_only, address=address, at=now())
            wait = rates.wait(who.name)
            if wait is not None:
                await _limited(wait)(scope, receive, send)
                return
            named = _SCOPED.fullmatch(path)
            if named and not _IDENTIFIER.fullmatch(named[1]):
                raise NO_ROUTE.about(path=f"{_BASE}{path}")
            if who.token is not None:
                permits.check(who.token, str(scope["method"]), path)
        except RefusedError as problem:
            await refused(problem.refusal)(scope, receive, send)
            return
        scope["caller"] = who
        body = await whole(receive)
        if body is not None:
            await api(scope, body, send)

    return authenticated


def _limited(wait: int) -> Response:
    answer = refused(TOO_MANY)
    answer.headers["retry-after"] = str(wait)
    answer.headers["ratelimit"] = f'"default";r=0;t={wait}'
    return answer


async def _refused(_request: Request, problem: Exception) -> Response:
    if not isinstance(problem, RefusedError):
        raise problem
    return refused(problem.refusal)


async def _malformed(_request: Request, problem: Exception) -> Response:
    return refused(MALFORMED.about(reason=str(problem)).refusal)


async def _unrouted(request: Request, problem: Exception) -> Response:
    if isinstance(problem, HTTPException) and problem.status_code == 405:
        return refused(WRONG_METHOD.about(method=request.method).refusal)
    return refused(NO_ROUTE.about(path=str(request.scope["path"])).refusal)


async def _unavailable(_request: Request, problem: Exception) -> Response:
    return refused(UNAVAILABLE.about(reason=str(problem)).refusal)


async def _failed(_request: Request, problem: Exception) -> Response:
    return refused(FAILED.about(reason=repr(problem)).refusal)
