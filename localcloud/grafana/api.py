"""Grafana's HTTP API as one application."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Route

from localcloud.bodies import whole
from localcloud.documents import MalformedError
from localcloud.grafana import roles
from localcloud.grafana.annotations import Annotations
from localcloud.grafana.answers import RefusedError, told
from localcloud.grafana.contacts import ContactPoints
from localcloud.grafana.dashboards import Dashboards
from localcloud.grafana.datasources import DataSources
from localcloud.grafana.folder_permissions import FolderPermissions
from localcloud.grafana.folders import Folders
from localcloud.grafana.library_elements import LibraryElements
from localcloud.grafana.mute_timings import MuteTimings
from localcloud.grafana.organisations import Organisations, settle
from localcloud.grafana.pages import DashboardPages
from localcloud.grafana.policies import Policies
from localcloud.grafana.rules import RuleGroups
from localcloud.grafana.search import Search
from localcloud.grafana.service_accounts import ServiceAccounts
from localcloud.grafana.teams import Teams
from localcloud.grafana.templates import MessageTemplates
from localcloud.grafana.users import Users
from localcloud.moments import now

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

    from localcloud.store import Store

_PARTS = (
    *(Folders, FolderPermissions, DataSources, Dashboards, LibraryElements, Search, Annotations),
    *(RuleGroups, ContactPoints, Policies, MuteTimings, MessageTemplates),
    *(Teams, ServiceAccounts, Users, Organisations, DashboardPages),
)
"""What the API is made of: each takes the store and gives its routes."""

_OPEN = ("/grafana/api/health", "/grafana/d/")
"""What needs no token."""

_ELSEWHERE = (
    "API key does not belong to the requested organization",
    "api-key.organization-mismatch",
)
"""What Grafana says of a token in another organisation than its own, and its name for it."""

VERSION = "12.2.1"
"""The release whose behaviour is kept to."""


def grafana_routes(store: Store) -> list[Route]:
    """Return every route below `/grafana`."""
    return [
        Route("/api/health", _health, methods=["GET"]),
        *(route for part in _PARTS for route in part(store).routes()),
    ]


def grafana_api(store: Store, changed: Callable[[], None]) -> ASGIApp:
    """Return what answers below `/grafana`.

    Args:
        store: where objects are kept.
        changed: called after each call that may have changed something.

    """
    api = Starlette(
        routes=grafana_routes(store),
        exception_handlers={
            RefusedError: _refused,
            MalformedError: _malformed,
            HTTPException: _unrouted,
        },
    )

    # Neither service sends anybody elsewhere for a slash.
    api.router.redirect_slashes = False

    async def authenticated(scope: Scope, receive: Receive, send: Send) -> None:
        path = str(scope["path"])
        if path.startswith(_OPEN):
            settle(scope, None)
        else:
            refusal = _refusal(store, scope, path.removeprefix("/grafana"))
            if refusal is not None:
                await refusal(scope, receive, send)
                return
        body = await whole(receive)
        if body is not None:
            await api(scope, body, send)
        if scope["method"] != "GET":
            changed()

    return authenticated


def _refusal(store: Store, scope: Scope, path: str) -> Response | None:
    """Return what to answer to a caller who may not make a call, or None: he may."""
    sent = dict(scope["headers"]).get(b"authorization", b"").decode("latin-1")
    scheme, _, credentials = sent.partition(" ")
    if scheme.lower() not in ("bearer", "basic") or not credentials:
        return told({"message": "Unauthorized"}, 401)
    try:
        standing = roles.standing_of(store, scheme.lower(), credentials, now())
    except roles.CredentialsError as problem:
        return _unauthorized(str(problem), problem.message_id)
    if not settle(scope, standing.organisation):
        return _unauthorized(*_ELSEWHERE)
    scope["caller"] = standing
    method = str(scope["method"])
    need = roles.need_of(path)
    if need is None or standing.role.includes(need.role(method)):
        return None
    return told(
        {
            "accessErrorId": f"ACE{secrets.randbelow(10**10):010}",
            "message": (
                "You'll need additional permissions to perform this action. Permissions needed: "
                f"{need.permission(method)}"
            ),
            "title": "Access denied",
        },
        403,
    )


def _unauthorized(message: str, message_id: str) -> Response:
    return told(
        {
            "extra": None,
            "message": message,
            "messageId": message_id,
            "statusCode": 401,
            "traceID": "",
        },
        401,
    )


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
