"""Folders, nested or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from localcloud.documents import document, flag, number, parse, text
from localcloud.grafana.answers import RefusedError, own_uid, page, slug, told
from localcloud.grafana.folder_permissions import forget
from localcloud.grafana.organisations import organisation
from localcloud.moments import plain

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from localcloud.documents import Document, Value
    from localcloud.grafana.organisations import Organisation
    from localcloud.store import Object, Store

_CHANGED = "the folder has been changed by someone else"


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
        ]

    async def _collection(self, request: Request) -> Response:
        org = organisation(self._store, request)
        if request.method == "GET":
            above = request.query_params.get("parentUid", "")
            found: list[Value] = [
                _told(held) for held in org.all("folders") if held.body["parent"] == above
            ]
            return told(page(request, per_page="limit", default=1000, found=found).shown)
        sent = document(parse(await request.body()))
        uid = own_uid(sent)
        title = text(sent, "title", "")
        if not title:
            raise RefusedError(400, "folder title cannot be empty")
        if org.get("folders", uid):
            raise RefusedError(412, _CHANGED, status="version-mismatch")
        parent = text(sent, "parentUid", "")
        _check_place(org, uid, title, parent)
        body: Document = {"id": org.next_number("folders"), "parent": parent, "version": 1}
        return told(_told(org.put("folders", uid, name=title, body=body)))

    async def _member(self, request: Request) -> Response:
        org = organisation(self._store, request)
        held = _found(org, request.path_params["uid"])
        if request.method == "GET":
            return told(_told(held))
        if request.method == "DELETE":
            _delete(org, held, force=request.query_params.get("forceDeleteRules") == "true")
            return told(
                {
                    "id": held.body["id"],
                    "message": f"Folder {held.name} deleted",
                    "title": held.name,
                }
            )
        sent = document(parse(await request.body()))
        title = text(sent, "title", "") or held.name
        if not flag(sent, "overwrite") and number(sent, "version", 0) != held.body["version"]:
            raise RefusedError(412, _CHANGED, status="version-mismatch")
        _check_place(org, held.id, title, str(held.body["parent"]))
        return told(_told(_changed(org, held, title, str(held.body["parent"]))))

    async def _move(self, request: Request) -> Response:
        org = organisation(self._store, request)
        held = _found(org, request.path_params["uid"])
        parent = text(document(parse(await request.body())), "parentUid", "")
        above = parent
        while above:
            if above == held.id:
                raise RefusedError(400, "cannot move a folder into itself or below itself")
            above = str(_found(org, above).body["parent"])
        _check_place(org, held.id, held.name, parent)
        return told(_told(_changed(org, held, held.name, parent)))


def _found(org: Organisation, uid: str) -> Object:
    held = org.get("folders", uid)
    if held is None:
        raise RefusedError(404, "folder not found", status="not-found")
    return held


def _check_place(org: Organisation, uid: str, title: str, parent: str) -> None:
    if parent:
        _found(org, parent)
    for other in org.all_named("folders", title):
        if other.body["parent"] == parent and other.id != uid:
            raise RefusedError(
                409, "a folder with the same name already exists in the current location"
            )


def _changed(org: Organisation, held: Object, title: str, parent: str) -> Object:
    version = held.body["version"]
    body: Document = {
        **held.body,
        "parent": parent,
        "version": version + 1 if isinstance(version, int) else 1,
    }
    return org.put("folders", held.id, name=title, body=body)


def _delete(org: Organisation, folder: Object, *, force: bool) -> None:
    """Delete a folder with all that is in it."""
    with org.transaction():
        groups = [group for group in org.all("rule-groups") if group.body["folder"] == folder.id]
        if groups and not force:
            raise RefusedError(400, "folder cannot be deleted: folder contains alert rules")
        for group in groups:
            org.delete("rule-groups", group.id)
        for kind in ("dashboards", "library-elements"):
            for held in org.all(kind):
                if held.body["folder"] == folder.id:
                    org.delete(kind, held.id)
        for inside in org.all("folders"):
            if inside.body["parent"] == folder.id:
                _delete(org, inside, force=force)
        forget(org, folder)
        org.delete("folders", folder.id)


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
