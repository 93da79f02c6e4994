"""Folders, nested or not, and the search that lists what is in them."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from starlette.routing import Route

from localcloud.documents import document, parse, text
from localcloud.grafana.answers import SCOPE, RefusedError, slug, told
from localcloud.moments import plain

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from localcloud.documents import Document, Value
    from localcloud.store import Object, Store


class Folders:
    """The routes of folders."""

    def __init__(self, store: Store) -> None:
        """Keep the store."""
        self._store = store

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/api/folders", self._collection, methods=["GET", "POST"]),
            Route("/api/folders/{uid}", self._member, methods=["GET", "PUT", "DELETE"]),
            Route("/api/folders/{uid}/move", self._move, methods=["POST"]),
            Route("/api/search", self._search, methods=["GET"]),
        ]

    async def _collection(self, request: Request) -> Response:
        if request.method == "GET":
            return told([_told(held) for held in self._store.all("folders", SCOPE)])
        sent = document(parse(await request.body()))
        uid = text(sent, "uid", "") or secrets.token_hex(7)
        title = text(sent, "title", "")
        if not title:
            raise RefusedError(400, "folder title cannot be empty")
        if self._store.get("folders", SCOPE, uid):
            raise RefusedError(
                412, "the folder has been changed by someone else", status="version-mismatch"
            )
        parent = text(sent, "parentUid", "")
        self._check_place(uid, title, parent)
        body: Document = {"id": self._store.next_number("folders"), "parent": parent, "version": 1}
        return told(_told(self._store.put("folders", SCOPE, uid, name=title, body=body)))

    async def _member(self, request: Request) -> Response:
        held = self._found(request.path_params["uid"])
        if request.method == "GET":
            return told(_told(held))
        if request.method == "DELETE":
            self._delete(held, force=request.query_params.get("forceDeleteRules") == "true")
            return told(
                {
                    "id": held.body["id"],
                    "message": f"Folder {held.name} deleted",
                    "title": held.name,
                }
            )
        sent = document(parse(await request.body()))
        title = text(sent, "title", held.name)
        self._check_place(held.id, title, str(held.body["parent"]))
        return told(_told(self._changed(held, title, str(held.body["parent"]))))

    async def _move(self, request: Request) -> Response:
        held = self._found(request.path_params["uid"])
        parent = text(document(parse(await request.body())), "parentUid", "")
        above = parent
        while above:
            if above == held.id:
                raise RefusedError(400, "cannot move a folder into itself or below itself")
            above = str(self._found(above).body["parent"])
        self._check_place(held.id, held.name, parent)
        return told(_told(self._changed(held, held.name, parent)))

    async def _search(self, request: Request) -> Response:
        query = request.query_params
        wanted = [uid for part in query.getlist("folderUIDs") for uid in part.split(",")]
        found: list[Value] = []
        for kind, type_ in (("folders", "dash-folder"), ("dashboards", "dash-db")):
            if query.get("type", type_) != type_:
                continue
            for held in self._store.all(kind, SCOPE):
                place = str(held.body.get("parent" if kind == "folders" else "folder") or "")
                if wanted and (place or "general") not in wanted:
                    continue
                if query.get("query", "").lower() not in held.name.lower():
                    continue
                found.append(
                    {
                        "id": held.body["id"],
                        "uid": held.id,
                        "title": held.name,
                        "type": type_,
                        "url": f"/{'dashboards/f' if kind == 'folders' else 'd'}/{held.id}",
                        "folderUid": place,
                    }
                )
        return told(found)

    def _found(self, uid: str) -> Object:
        held = self._store.get("folders", SCOPE, uid)
        if held is None:
            raise RefusedError(404, "folder not found", status="not-found")
        return held

    def _check_place(self, uid: str, title: str, parent: str) -> None:
        if parent:
            self._found(parent)
        for other in self._store.all("folders", SCOPE):
            if (other.name, other.body["parent"]) == (title, parent) and other.id != uid:
                raise RefusedError(
                    409, "a folder with the same name already exists in the current location"
                )

    def _changed(self, held: Object, title: str, parent: str) -> Object:
        version = held.body["version"]
        body: Document = {
            **held.body,
            "parent": parent,
            "version": version + 1 if isinstance(version, int) else 1,
        }
        return self._store.put("folders", SCOPE, held.id, name=title, body=body)

    def _delete(self, folder: Object, *, force: bool) -> None:
        """Delete a folder with all that is in it."""
        with self._store.transaction():
            groups = [
                group
                for group in self._store.all("rule-groups", SCOPE)
                if group.body["folder"] == folder.id
            ]
            if groups and not force:
                raise RefusedError(400, "folder cannot be deleted: folder contains alert rules")
            for group in groups:
                self._store.delete("rule-groups", SCOPE, group.id)
            for dashboard in self._store.all("dashboards", SCOPE):
                if dashboard.body["folder"] == folder.id:
                    self._store.delete("dashboards", SCOPE, dashboard.id)
            for inside in self._store.all("folders", SCOPE):
                if inside.body["parent"] == folder.id:
                    self._delete(inside, force=force)
            self._store.delete("folders", SCOPE, folder.id)


def _told(held: Object) -> Document:
    folder: Document = {
        "id": held.body["id"],
        "uid": held.id,
        "title": held.name,
        "url": f"/dashboards/f/{held.id}/{slug(held.name)}",
        "hasAcl": False,
        "canSave": True,
        "canEdit": True,
        "canAdmin": True,
        "canDelete": True,
        "createdBy": "admin",
        "created": plain(held.created),
        "updatedBy": "admin",
        "updated": plain(held.modified),
        "version": held.body["version"],
    }
    if held.body["parent"]:
        folder["parentUid"] = held.body["parent"]
    return folder
