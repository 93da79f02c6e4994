"""Data sources. Of their secure fields only the names are kept: nothing queries them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from localcloud.documents import document, flag, inner, parse, text
from localcloud.grafana.answers import RefusedError, own_uid, told
from localcloud.grafana.organisations import organisation

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from localcloud.documents import Document
    from localcloud.grafana.organisations import Organisation
    from localcloud.store import Object, Store


class DataSources:
    """The routes of data sources."""

    def __init__(self, store: Store) -> None:
        """Keep the store."""
        self._store = store

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/api/datasources", self._collection, methods=["GET", "POST"]),
            Route("/api/datasources/uid/{uid}", self._member, methods=["GET", "PUT", "DELETE"]),
            Route("/api/datasources/name/{name:path}", self._named, methods=["GET", "DELETE"]),
        ]

    async def _collection(self, request: Request) -> Response:
        org = organisation(self._store, request)
        if request.method == "GET":
            return told([_told(org, held) for held in org.all("datasources")])
        sent = document(parse(await request.body()))
        uid = own_uid(sent)
        if org.get("datasources", uid):
            raise RefusedError(409, "data source with the same uid already exists")
        return _answer(org, "added", _put(org, uid, sent, None))

    async def _member(self, request: Request) -> Response:
        org = organisation(self._store, request)
        held = org.get("datasources", request.path_params["uid"])
        if held is None:
            raise RefusedError(404, "Data source not found")
        if request.method == "PUT":
            sent = document(parse(await request.body()))
            return _answer(org, "updated", _put(org, held.id, sent, held))
        return _told_or_gone(org, held, request)

    async def _named(self, request: Request) -> Response:
        org = organisation(self._store, request)
        held = org.named("datasources", request.path_params["name"])
        if held is None:
            raise RefusedError(404, "Data source not found")
        return _told_or_gone(org, held, request)


def _told_or_gone(org: Organisation, held: Object, request: Request) -> Response:
    if request.method == "GET":
        return told(_told(org, held))
    org.delete("datasources", held.id)
    return told({"id": held.body["id"], "message": "Data source deleted"})


def _put(org: Organisation, uid: str, sent: Document, before: Object | None) -> Object:
    name = text(sent, "name")
    default = flag(sent, "isDefault")
    known = inner(before.body, "secureJsonFields") if before else {}
    version = before.body["version"] if before else 0
    body: Document = {
        "id": before.body["id"] if before else org.next_number("datasources"),
        "type": text(sent, "type"),
        "access": text(sent, "access", "proxy"),
        "url": text(sent, "url", ""),
        "user": text(sent, "user", ""),
        "database": text(sent, "database", ""),
        "basicAuth": flag(sent, "basicAuth"),
        "basicAuthUser": text(sent, "basicAuthUser", ""),
        "withCredentials": flag(sent, "withCredentials"),
        "isDefault": default,
        "jsonData": inner(sent, "jsonData"),
        "version": version + 1 if isinstance(version, int) else 1,
        "secureJsonFields": dict.fromkeys([*known, *inner(sent, "secureJsonData")], True),
    }
    with org.transaction():
        other = org.named("datasources", name)
        if other is not None and other.id != uid:
            raise RefusedError(409, "data source with the same name already exists")
        if default:
            _only_default(org, uid)
        return org.put("datasources", uid, name=name, body=body)


def _only_default(org: Organisation, uid: str) -> None:
    for other in org.all("datasources"):
        if other.id != uid and other.body["isDefault"]:
            body: Document = {**other.body, "isDefault": False}
            org.put("datasources", other.id, name=other.name, body=body)


def _answer(org: Organisation, done: str, held: Object) -> Response:
    return told(
        {
            "id": held.body["id"],
            "name": held.name,
            "message": f"Datasource {done}",
            "datasource": _told(org, held),
        }
    )


def _told(org: Organisation, held: Object) -> Document:
    return {
        **held.body,
        "uid": held.id,
        "orgId": org.number,
        "name": held.name,
        "typeLogoUrl": "",
        "readOnly": False,
    }
