"""The v4 API as one application: authentication, routes, and errors in their envelope."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException

from localcloud.cloudflare.envelope import (
    FAILED,
    MALFORMED,
    NO_ROUTE,
    UNAUTHORIZED,
    UNAVAILABLE,
    WRONG_METHOD,
    RefusedError,
    refused,
)
from localcloud.cloudflare.lifecycles import Lifecycles
from localcloud.cloudflare.queue_consumers import QueueConsumers
from localcloud.cloudflare.resources import Resources
from localcloud.cloudflare.scripts import Scripts
from localcloud.cloudflare.triggers import Triggers
from localcloud.cloudflare.values import Values
from localcloud.documents import MalformedError
from localcloud.shelves import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

    from localcloud.cloudflare.scripts import Starter
    from localcloud.shelves import Shelves
    from localcloud.store import Store

_BEARER = re.compile(rb"Bearer [0-9A-Za-z_-]{40,}")


def cloudflare_api(
    store: Store, starter: Starter, shelves: Shelves, changed: Callable[[str], None]
) -> ASGIApp:
    """Return what answers below `/client/v4`.

    Args:
        store: where objects are kept.
        starter: starts Workers.
        shelves: keeps the contents of namespaces and buckets.
        changed: is told the kind of whatever was made, changed or deleted.

    """
    routes = [
        *Scripts(store, starter, changed).routes(),
        *Triggers(store, changed).routes(),
        *Values(store, shelves).routes(),
        *Lifecycles(store).routes(),
        *QueueConsumers(store, changed).routes(),
        *Resources(store, changed).routes(),
    ]
    api = Starlette(
        routes=routes,
        exception_handlers={
            RefusedError: _refused,
            MalformedError: _malformed,
            HTTPException: _unrouted,
            UnavailableError: _unavailable,
            Exception: _failed,
        },
    )

    async def authenticated(scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        if _BEARER.fullmatch(headers.get(b"authorization", b"")) is None:
            await refused(UNAUTHORIZED)(scope, receive, send)
            return
        await api(scope, receive, send)

    return authenticated


async def _refused(_request: Request, problem: Exception) -> Response:
    if not isinstance(problem, RefusedError):
        raise problem
    return refused(problem.refusal)


async def _malformed(_request: Request, problem: Exception) -> Response:
    return refused(MALFORMED.about(reason=str(problem)).refusal)


async def _unrouted(request: Request, problem: Exception) -> Response:
    if isinstance(problem, HTTPException) and problem.status_code == 405:
        return refused(WRONG_METHOD.about(method=request.method).refusal)
    return refused(NO_ROUTE.about(path=request.url.path).refusal)


async def _unavailable(_request: Request, problem: Exception) -> Response:
    return refused(UNAVAILABLE.about(reason=str(problem)).refusal)


async def _failed(_request: Request, problem: Exception) -> Response:
    return refused(FAILED.about(reason=repr(problem)).refusal)
