"""Data sources. Of their secure fields only the names are kept: nothing queries them."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from starlette.routing import Route

from localcloud.documents import document, flag, inner, parse, text
from localcloud.grafana.answers import SCOPE, RefusedError, told

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from localcloud.documents import Document
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
        ]

    async def _collection(self, request: Request) -> Response:
        if request.method == "GET":
            return told([_told(held) for held in self._store.all("datasources", SCOPE)])
        sent = document(parse(await request.body()))
        uid = text(sent, "uid", "") or secrets.token_hex(7)
        if self._store.get("datasources", SCOPE, uid):
            raise RefusedError(409, "data source with the same uid already exists")
        number = self._store.next_number("datasources")
        return _answer("added", self._put(uid, sent, number, 1))

    async def _member(self, request: Request) -> Response:
        held = self._store.get("datasources", SCOPE, request.path_params["uid"])
        if held is None:
            raise RefusedError(404, "Data source not found")
        if request.method == "GET":
            return told(_told(held))
        if request.method == "DELETE":
            self._store.delete("datasources", SCOPE, held.id)
            return told({"id": held.body["id"], "message": "Data source deleted"})
        sent = document(parse(await request.body()))
        number, version = held.body["id"], held.body["version"]
        known = list(inner(held.body, "secureJsonFields"))
        return _answer(
            "updated",
            self._put(
                held.id,
                sent,
                number if isinstance(number, int) else 0,
                version + 1 if isinstance(version, int) else 1,
                known,
            ),
        )

    def _put(
        self, uid: str, sent: Document, number: int, version: int, secure: list[str] | None = None
    ) -> Object:
        name = text(sent, "name")
        default = flag(sent, "isDefault")
        fields: Document = dict.fromkeys([*(secure or []), *inner(sent, "secureJsonData")], True)
        body: Document = {
            "id": number,
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
            "version": version,
            "secureJsonFields": fields,
        }
        with self._store.transaction():
            other = self._store.named("datasources", SCOPE, name)
            if other is not None and other.id != uid:
                raise RefusedError(409, "data source with the same name already exists")
            if default:
                self._only_default(uid)
            return self._store.put("datasources", SCOPE, uid, name=name, body=body)

    def _only_default(self, uid: str) -> None:
        for other in self._store.all("datasources", SCOPE):
            if other.id != uid and other.body["isDefault"]:
                body: Document = {**other.body, "isDefault": False}
                self._store.put("datasources", SCOPE, other.id, name=other.name, body=body)


def _answer(done: str, held: Object) -> Response:
    return told(
        {
            "id": held.body["id"],
            "name": held.name,
            "message": f"Datasource {done}",
            "datasource": _told(held),
        }
    )


def _told(held: Object) -> Document:
    return {
        **held.body,
        "uid": held.id,
        "orgId": 1,
        "name": held.name,
        "typeLogoUrl": "",
        "readOnly": False,
    }
