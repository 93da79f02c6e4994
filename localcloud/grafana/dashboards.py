"""Dashboards: kept as sent, with the id and version that Grafana gives."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from starlette.routing import Route

from localcloud.documents import document, flag, inner, parse, text
from localcloud.grafana.answers import SCOPE, RefusedError, slug, told
from localcloud.moments import plain

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from localcloud.documents import Document
    from localcloud.store import Object, Store


class Dashboards:
    """The routes of dashboards."""

    def __init__(self, store: Store) -> None:
        """Keep the store."""
        self._store = store

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/api/dashboards/db", self._save, methods=["POST"]),
            Route("/api/dashboards/uid/{uid}", self._member, methods=["GET", "DELETE"]),
        ]

    async def _save(self, request: Request) -> Response:
        sent = document(parse(await request.body()))
        model = dict(inner(sent, "dashboard"))
        title = text(model, "title", "")
        if not title:
            raise RefusedError(400, "Dashboard title cannot be empty", status="empty-name")
        folder = text(sent, "folderUid", "")
        if folder and self._store.get("folders", SCOPE, folder) is None:
            raise RefusedError(400, "folder not found")
        before = self._before(model)
        if before is not None and not flag(sent, "overwrite"):
            if model.get("id") is None:
                raise RefusedError(
                    412,
                    "A dashboard with the same uid already exists",
                    status="name-exists",
                )
            if model.get("version") != before.body["version"]:
                raise RefusedError(
                    412,
                    "The dashboard has been changed by someone else",
                    status="version-mismatch",
                )
        uid = before.id if before else text(model, "uid", "") or secrets.token_hex(7)
        number = before.body["id"] if before else self._store.next_number("dashboards")
        last = before.body["version"] if before else 0
        version = last + 1 if isinstance(last, int) else 1
        model |= {"id": number, "uid": uid, "version": version}
        body: Document = {"id": number, "version": version, "folder": folder, "model": model}
        self._store.put("dashboards", SCOPE, uid, name=title, body=body)
        return told(
            {
                "folderUid": folder,
                "id": number,
                "slug": slug(title),
                "status": "success",
                "uid": uid,
                "url": f"/d/{uid}/{slug(title)}",
                "version": version,
            }
        )

    async def _member(self, request: Request) -> Response:
        held = self._store.get("dashboards", SCOPE, request.path_params["uid"])
        if held is None:
            raise RefusedError(404, "Dashboard not found", status="not-found")
        if request.method == "GET":
            return told({"meta": self._meta(held), "dashboard": held.body["model"]})
        self._store.delete("dashboards", SCOPE, held.id)
        return told(
            {
                "title": held.name,
                "message": f"Dashboard {held.name} deleted",
                "id": held.body["id"],
            }
        )

    def _before(self, model: Document) -> Object | None:
        """Return the dashboard that a model replaces: by uid, or by its number alone."""
        uid = text(model, "uid", "")
        if uid:
            return self._store.get("dashboards", SCOPE, uid)
        for held in self._store.all("dashboards", SCOPE):
            if model.get("id") is not None and held.body["id"] == model["id"]:
                return held
        return None

    def _meta(self, held: Object) -> Document:
        uid = str(held.body["folder"])
        folder = self._store.get("folders", SCOPE, uid) if uid else None
        return {
            "type": "db",
            "canSave": True,
            "canEdit": True,
            "canAdmin": True,
            "canStar": True,
            "canDelete": True,
            "slug": slug(held.name),
            "url": f"/d/{held.id}/{slug(held.name)}",
            "expires": "0001-01-01T00:00:00Z",
            "created": plain(held.created),
            "updated": plain(held.modified),
            "updatedBy": "admin",
            "createdBy": "admin",
            "version": held.body["version"],
            "hasAcl": False,
            "isFolder": False,
            "folderId": folder.body["id"] if folder else 0,
            "folderUid": uid,
            "folderTitle": folder.name if folder else "General",
            "folderUrl": f"/dashboards/f/{uid}/{slug(folder.name)}" if folder else "",
            "provisioned": False,
            "provisionedExternalId": "",
        }
