"""Mute timings: named time intervals that routes and rules refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from localcloud.documents import MalformedError, document, documents, parse, text
from localcloud.grafana.answers import (
    check_edition,
    check_provenance,
    edition,
    empty,
    problem,
    provenance,
    told,
)
from localcloud.grafana.contacts import routes, rule_settings, timings
from localcloud.grafana.intervals import check_intervals
from localcloud.grafana.organisations import organisation

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from localcloud.documents import Document, Value
    from localcloud.grafana.organisations import Organisation
    from localcloud.store import Store

_ERRORS = "alerting.notifications.time-intervals"


class MuteTimings:
    """The routes of mute timings."""

    def __init__(self, store: Store) -> None:
        """Keep the store."""
        self._store = store

    def routes(self) -> list[Route]:
        """Return the routes."""
        path = "/api/v1/provisioning/mute-timings"
        return [
            Route(path, self._collection, methods=["GET", "POST"]),
            Route(f"{path}/{{name:path}}", self._member, methods=["GET", "PUT", "DELETE"]),
        ]

    async def _collection(self, request: Request) -> Response:
        org = organisation(self._store, request)
        if request.method == "GET":
            return told([held.body for held in org.all("mute-timings")])
        sent = document(parse(await request.body()))
        name = text(sent, "name", "")
        if org.get("mute-timings", name) is not None:
            raise problem(
                400,
                f"{_ERRORS}.nameExists",
                "Time interval with this name already exists. Use a different name or update "
                "existing one.",
            )
        return told(_put(org, name, sent, request), 201)

    async def _member(self, request: Request) -> Response:
        org = organisation(self._store, request)
        name = str(request.path_params["name"])
        held = org.get("mute-timings", name)
        if request.method == "DELETE":
            if held is not None:
                _check_unused(org, name)
                org.delete("mute-timings", name)
            return empty()
        if held is None:
            return empty(404)
        if request.method == "GET":
            return told(held.body)
        sent = document(parse(await request.body()))
        check_provenance(held.body, request)
        check_edition(sent, held.body)
        return told(_put(org, name, sent, request), 202)


def _put(org: Organisation, name: str, sent: Document, request: Request) -> Document:
    try:
        check_intervals(name, sent)
    except MalformedError as mistake:
        raise problem(
            400,
            f"{_ERRORS}.invalidFormat",
            "Time interval is in invalid format. Correct the payload and try again.",
            Error=str(mistake),
        ) from mistake
    intervals: list[Value] = [*documents(sent, "time_intervals")]
    body: Document = {
        "name": name,
        "time_intervals": intervals,
        "version": edition(intervals),
        "provenance": provenance(request),
    }
    return org.put("mute-timings", name, name=name, body=body).body


def _check_unused(org: Organisation, name: str) -> None:
    tree = org.get("policy-tree", "policy")
    by_routes = tree is not None and any(name in timings(route) for route in routes(tree.body))
    by_rules = any(name in timings(settings) for settings in rule_settings(org))
    if by_routes or by_rules:
        users = [*(["alert rules"] if by_rules else []), *(["notification policies"] * by_routes)]
        raise problem(409, f"{_ERRORS}.used", f"Time interval is used by {' and '.join(users)}")
