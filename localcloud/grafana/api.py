"""Grafana's HTTP API as one application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.routing import Route

from localcloud.documents import MalformedError
from localcloud.grafana.answers import RefusedError, told
from localcloud.grafana.contacts import ContactPoints
from localcloud.grafana.dashboards import Dashboards
from localcloud.grafana.datasources import DataSources
from localcloud.grafana.folders import Folders
from localcloud.grafana.pages import DashboardPages
from localcloud.grafana.policies import Policies
from localcloud.grafana.rules import RuleGroups

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

    from localcloud.store import Store

_OPEN = ("/grafana/api/health", "/grafana/d/")
"""What needs no token."""

VERSION = "12.2.1"
"""The release whose behaviour is kept to."""


def grafana_api(store: Store, changed: Callable[[], None]) -> ASGIApp:
    """Return what answers below `/grafana`.

    Args:
        store: where objects are kept.
        changed: called after each call that may have changed something.

    """
    api = Starlette(
        routes=[
            Route("/api/health", _health, methods=["GET"]),
            *Folders(store).routes(),
            *DataSources(store).routes(),
            *Dashboards(store).routes(),
            *RuleGroups(store).routes(),
            *ContactPoints(store).routes(),
            *Policies(store).routes(),
            *DashboardPages(store).routes(),
        ],
        exception_handlers={
            RefusedError: _refused,
            MalformedError: _malformed,
            HTTPException: _unrouted,
        },
    )

    async def authenticated(scope: Scope, receive: Receive, send: Send) -> None:
        scheme, _, credentials = (
            dict(scope["headers"]).get(b"authorization", b"").decode("latin-1").partition(" ")
        )
        if not scope["path"].startswith(_OPEN) and not (
            scheme.lower() in ("bearer", "basic") and credentials
        ):
            refusal = JSONResponse({"message": "Unauthorized"}, 401)
            await refusal(scope, receive, send)
            return
        await api(scope, receive, send)
        if scope["method"] != "GET":
            changed()

    return authenticated


async def _health(_request: Request) -> Response:
    return told({"commit": "localcloud", "database": "ok", "version": VERSION})


async def _refused(_request: Request, problem: Exception) -> Response:
    if not isinstance(problem, RefusedError):
        raise problem
    return told(problem.body, problem.code)


async def _malformed(_request: Request, problem: Exception) -> Response:
    return told({"message": f"bad request data: {problem}"}, 400)


async def _unrouted(_request: Request, problem: Exception) -> Response:
    status = problem.status_code if isinstance(problem, HTTPException) else 404
    return told({"message": "Not found" if status == 404 else "Method not allowed"}, status)
