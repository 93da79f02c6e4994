"""Dashboards: kept as sent, with the id and version that Grafana gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from localcloud.documents import document, flag, inner, parse, text
from localcloud.grafana.answers import RefusedError, own_uid, slug, told
from localcloud.grafana.organisations import organisation
from localcloud.moments import plain

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from localcloud.documents import Document
    from localcloud.grafana.organisations import Organisation
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
        org = organisation(self._store, request)
        sent = document(parse(await request.body()))
        model = dict(inner(sent, "dashboard"))
        title = text(model, "title", "")
        if not title:
            raise RefusedError(400, "Dashboard title cannot be empty", status="empty-name")
        folder = text(sent, "folderUid", "")
        if folder and org.get("folders", folder) is None:
            raise RefusedError(400, "folder not found")
        before = _before(org, model)
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
        uid = before.id if before else own_uid(model)
        number = before.body["id"] if before else org.next_number("dashboards")
        last = before.body["version"] if before else 0
        version = last + 1 if isinstance(last, int) else 1
        model |= {"id": number, "uid": uid, "version": version}
        body: Document = {"id": number, "version": version, "folder": folder, "model": model}
        org.put("dashboards", uid, name=title, body=body)
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
        org = organisation(self._store, request)
        held = org.get("dashboards", request.path_params["uid"])
        if held is None:
            raise RefusedError(404, "Dashboard not found", status="not-found")
        if request.method == "GET":
            return told({"meta": _meta(org, held), "dashboard": held.body["model"]})
        org.delete("dashboards", held.id)
        return told(
            {
                "title": held.name,
                "message": f"Dashboard {held.name} deleted",
                "id": held.body["id"],
            }
        )


def _before(org: Organisation, model: Document) -> Object | None:
    """Return the dashboard that a model replaces: by uid, or by its number alone."""
    uid = text(model, "uid", "")
    if uid:
        return org.get("dashboards", uid)
    for held in org.all("dashboards"):
        if model.get("id") is not None and held.body["id"] == model["id"]:
            return held
    return None


def _meta(org: Organisation, held: Object) -> Document:
    uid = str(held.body["folder"])
    folder = org.get("folders", uid) if uid else None
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
