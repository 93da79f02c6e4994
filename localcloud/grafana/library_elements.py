"""Library panels: panels that several dashboards share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from localcloud.documents import MalformedError, document, inner, number, parse, text
from localcloud.grafana.answers import RefusedError, own_uid, page, told
from localcloud.grafana.organisations import organisation
from localcloud.moments import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request
    from starlette.responses import Response

    from localcloud.documents import Document, Value
    from localcloud.grafana.organisations import Organisation
    from localcloud.store import Object, Store

_KIND = "library-elements"
_PANEL, _VARIABLE = 1, 2
_SOMEBODY: Document = {"id": 1, "name": "admin", "avatarUrl": ""}


class LibraryElements:
    """The routes of library panels."""

    def __init__(self, store: Store) -> None:
        """Keep the store."""
        self._store = store

    def routes(self) -> list[Route]:
        """Return the routes."""
        path = "/api/library-elements"
        return [
            Route(path, self._collection, methods=["GET", "POST"]),
            Route(f"{path}/name/{{name:path}}", self._named, methods=["GET"]),
            Route(f"{path}/{{uid}}", self._member, methods=["GET", "PATCH", "DELETE"]),
            Route(f"{path}/{{uid}}/connections", self._connections, methods=["GET"]),
            Route(f"{path}/{{uid}}/connections/", self._connections, methods=["GET"]),
        ]

    async def _collection(self, request: Request) -> Response:
        org = organisation(self._store, request)
        if request.method == "GET":
            return told({"result": _searched(org, request)})
        sent = document(parse(await request.body()))
        uid = own_uid(sent)
        kind = number(sent, "kind", _PANEL)
        if kind not in (_PANEL, _VARIABLE):
            raise MalformedError("kind must be 1 for a panel")
        name, folder = text(sent, "name"), _folder(org, sent, "")
        if org.get(_KIND, uid) is not None or _taken(org, name, folder, None):
            raise RefusedError(400, "library element with that name or UID already exists")
        body: Document = {
            "id": org.next_number(_KIND),
            "kind": kind,
            "folder": folder,
            "model": _model(inner(sent, "model"), name, kind),
            "version": 1,
        }
        return told({"result": _told(org, org.put(_KIND, uid, name=name, body=body))})

    async def _named(self, request: Request) -> Response:
        org = organisation(self._store, request)
        name = request.path_params["name"]
        found: list[Value] = [_told(org, held) for held in org.all(_KIND) if held.name == name]
        if not found:
            raise _unknown()
        return told({"result": found})

    async def _member(self, request: Request) -> Response:
        org = organisation(self._store, request)
        held = org.get(_KIND, request.path_params["uid"])
        if held is None:
            raise _unknown()
        if request.method == "GET":
            return told({"result": _told(org, held)})
        if request.method == "DELETE":
            if next(_connected(org, held.id), None) is not None:
                raise RefusedError(403, "the library element has connections")
            org.delete(_KIND, held.id)
            return told({"message": "Library element deleted", "id": held.body["id"]})
        sent = document(parse(await request.body()))
        return told({"result": _told(org, _changed(org, held, sent))})

    async def _connections(self, request: Request) -> Response:
        org = organisation(self._store, request)
        held = org.get(_KIND, request.path_params["uid"])
        if held is None:
            raise _unknown()
        return told(
            {
                "result": [
                    {
                        "id": place,
                        "kind": 1,
                        "elementId": held.body["id"],
                        "connectionId": dashboard.body["id"],
                        "connectionUid": dashboard.id,
                        "created": plain(dashboard.modified),
                        "createdBy": _SOMEBODY,
                    }
                    for place, dashboard in enumerate(_connected(org, held.id), 1)
                ]
            }
        )


def _changed(org: Organisation, held: Object, sent: Document) -> Object:
    version = held.body["version"]
    if number(sent, "version", -1) != version:
        raise RefusedError(412, "the library element has been changed by someone else")
    name = text(sent, "name", "") or held.name
    folder = _folder(org, sent, str(held.body["folder"]))
    if _taken(org, name, folder, held):
        raise RefusedError(400, "library element with that name or UID already exists")
    uid = text(sent, "uid", "") or held.id
    if uid != held.id:
        raise RefusedError(400, "the uid of a library element cannot be changed here")
    model = inner(sent, "model") or inner(held.body, "model")
    kind = held.body["kind"]
    body: Document = {
        **held.body,
        "folder": folder,
        "model": _model(model, name, kind if isinstance(kind, int) else _PANEL),
        "version": version + 1 if isinstance(version, int) else 1,
    }
    return org.put(_KIND, held.id, name=name, body=body)


def _searched(org: Organisation, request: Request) -> Document:
    query = request.query_params
    wanted = query.get("searchString", "").lower()
    found: list[Value] = [
        _told(org, held)
        for held in org.all(_KIND)
        if wanted in held.name.lower() and query.get("kind") in (None, "", str(held.body["kind"]))
    ]
    part = page(request, per_page="perPage", default=100, found=found)
    return {
        "totalCount": len(found),
        "elements": part.shown,
        "page": part.number,
        "perPage": part.length,
    }


def _model(model: Document, name: str, kind: float) -> Document:
    """Return a model as Grafana keeps it: it takes the element's name, and always has a type."""
    title: Document = {"title": name} if kind == _PANEL else {"name": name}
    texts: Document = {key: text(model, key, "") for key in ("type", "description")}
    return {**model, **title, **texts}


def _folder(org: Organisation, sent: Document, default: str) -> str:
    uid = text(sent, "folderUid", default)
    if uid in ("", "general"):
        return ""
    if org.get("folders", uid) is None:
        raise RefusedError(404, "folder not found")
    return uid


def _taken(org: Organisation, name: str, folder: str, own: Object | None) -> bool:
    return any(
        (held.name, held.body["folder"]) == (name, folder) and (own is None or held.id != own.id)
        for held in org.all(_KIND)
    )


def _connected(org: Organisation, uid: str) -> Iterator[Object]:
    """Yield the dashboards that show a library panel."""
    for dashboard in org.all("dashboards"):
        if any(panel == uid for panel in _shown(inner(dashboard.body, "model").get("panels"))):
            yield dashboard


def _shown(panels: Value) -> Iterator[Value]:
    for panel in panels if isinstance(panels, list) else []:
        if isinstance(panel, dict):
            library = panel.get("libraryPanel")
            yield library.get("uid") if isinstance(library, dict) else None
            yield from _shown(panel.get("panels"))


def _unknown() -> RefusedError:
    return RefusedError(404, "library element could not be found")


def _told(org: Organisation, held: Object) -> Document:
    model = inner(held.body, "model")
    uid = str(held.body["folder"])
    folder = org.get("folders", uid) if uid else None
    return {
        "id": held.body["id"],
        "orgId": org.number,
        "folderUid": uid,
        "uid": held.id,
        "name": held.name,
        "kind": held.body["kind"],
        "type": model["type"],
        "description": model["description"],
        "model": model,
        "version": held.body["version"],
        "meta": {
            "folderName": folder.name if folder else "General",
            "folderUid": uid,
            "connectedDashboards": sum(1 for _ in _connected(org, held.id)),
            "created": plain(held.created),
            "updated": plain(held.modified),
            "createdBy": _SOMEBODY,
            "updatedBy": _SOMEBODY,
        },
    }
