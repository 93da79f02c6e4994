"""Annotations: marks in time, on a dashboard or for the whole organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from localcloud.documents import MalformedError, document, inner, number, parse, text, texts
from localcloud.grafana.answers import RefusedError, page, told
from localcloud.grafana.organisations import organisation
from localcloud.moments import now

if TYPE_CHECKING:
    from starlette.datastructures import QueryParams
    from starlette.requests import Request
    from starlette.responses import Response

    from localcloud.documents import Document, Value
    from localcloud.grafana.organisations import Organisation
    from localcloud.store import Object, Store

_KIND = "annotations"
_LATEST = 253_402_300_799_999
"""Milliseconds since 1970: the end of the year 9999."""


class Annotations:
    """The routes of annotations."""

    def __init__(self, store: Store) -> None:
        """Keep the store."""
        self._store = store

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/api/annotations", self._collection, methods=["GET", "POST"]),
            Route("/api/annotations/{id}", self._member, methods=["GET", "PUT", "PATCH", "DELETE"]),
        ]

    async def _collection(self, request: Request) -> Response:
        org = organisation(self._store, request)
        if request.method == "GET":
            found: list[Value] = [
                {**_told(org, held), "dashboardUID": held.body["dashboard"]}
                for held in org.all(_KIND)
                if _wanted(org, held, request.query_params)
            ]
            return told(page(request, per_page="limit", default=100, found=found).shown)
        sent = document(parse(await request.body()))
        identifier = org.next_number(_KIND)
        at = _moment(sent, "time", int(now().timestamp() * 1000))
        body: Document = {
            "id": identifier,
            "dashboard": _dashboard(org, text(sent, "dashboardUID", "")),
            "panelId": int(number(sent, "panelId", 0)),
            "time": at,
            "timeEnd": _moment(sent, "timeEnd", at),
            "tags": [*texts(sent, "tags")],
            "data": inner(sent, "data"),
        }
        org.put(_KIND, str(identifier), name=_text(sent), body=_ordered(body))
        return told({"message": "Annotation added", "id": identifier})

    async def _member(self, request: Request) -> Response:
        org = organisation(self._store, request)
        held = org.get(_KIND, request.path_params["id"])
        if held is None:
            raise RefusedError(404, "Annotation not found")
        if request.method == "GET":
            return told(_told(org, held))
        if request.method == "DELETE":
            org.delete(_KIND, held.id)
            return told({"message": "Annotation deleted"})
        sent = document(parse(await request.body()))
        partly = request.method == "PATCH"
        kept = held.body
        at = _moment(sent, "time", _figure(kept, "time"))
        body: Document = {
            **kept,
            "time": at,
            "timeEnd": _moment(sent, "timeEnd", _figure(kept, "timeEnd")),
            "tags": kept["tags"] if partly and "tags" not in sent else [*texts(sent, "tags")],
        }
        name = held.name if partly and not sent.get("text") else _text(sent)
        org.put(_KIND, held.id, name=name, body=_ordered(body))
        return told({"message": f"Annotation {'patched' if partly else 'updated'}"})


def _text(sent: Document) -> str:
    words = text(sent, "text", "")
    if not words:
        raise RefusedError(400, "Failed to save annotation", error="text field should not be empty")
    return words


def _moment(sent: Document, name: str, default: int) -> int:
    """Return milliseconds since 1970; zero counts as not given, as in Grafana."""
    value = number(sent, name, 0)
    if not 0 <= value <= _LATEST:
        raise MalformedError(f"{name} must be milliseconds since 1970")
    return int(value) or default


def _ordered(body: Document) -> Document:
    start, end = _figure(body, "time"), _figure(body, "timeEnd")
    return {**body, "time": min(start, end), "timeEnd": max(start, end)}


def _figure(body: Document, name: str) -> int:
    return int(number(body, name, 0))


def _dashboard(org: Organisation, uid: str) -> str:
    if uid and org.get("dashboards", uid) is None:
        raise RefusedError(404, "Dashboard not found")
    return uid


def _wanted(org: Organisation, held: Object, query: QueryParams) -> bool:
    """Tell whether the query is about an annotation."""
    dashboard = org.get("dashboards", str(held.body["dashboard"]))
    number_of = str(dashboard.body["id"]) if dashboard else ""
    tags = query.getlist("tags")
    its = texts(held.body, "tags")
    some = any if query.get("matchAny") == "true" else all
    return (
        query.get("dashboardUID", held.body["dashboard"]) == held.body["dashboard"]
        and query.get("dashboardId", number_of) in (number_of, "0")
        and query.get("panelId", str(held.body["panelId"])) == str(held.body["panelId"])
        and (not tags or some(tag in its for tag in tags))
        and _figure(held.body, "timeEnd") >= _bound(query.get("from"), 0)
        and _figure(held.body, "time") <= _bound(query.get("to"), _LATEST)
    )


def _bound(value: str | None, default: int) -> int:
    usable = value is not None and value.isascii() and value.isdecimal()
    return (int(value[:18]) if usable and value is not None else 0) or default


def _told(org: Organisation, held: Object) -> Document:
    """Return an annotation as a single read tells it: its dashboard by number alone."""
    dashboard = org.get("dashboards", str(held.body["dashboard"]))
    return {
        "id": held.body["id"],
        "alertId": 0,
        "alertName": "",
        "dashboardId": dashboard.body["id"] if dashboard else 0,
        "dashboardUID": "",
        "panelId": held.body["panelId"],
        "userId": 1,
        "newState": "",
        "prevState": "",
        "created": int(held.created.timestamp() * 1000),
        "updated": int(held.modified.timestamp() * 1000),
        "time": held.body["time"],
        "timeEnd": held.body["timeEnd"],
        "text": held.name,
        "tags": held.body["tags"],
        "login": "admin",
        "email": "admin@localhost",
        "avatarUrl": "",
        "data": held.body["data"],
    }
