"""The search over folders and dashboards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from localcloud.documents import inner
from localcloud.grafana.answers import page, slug, told
from localcloud.grafana.organisations import organisation

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from localcloud.documents import Document, Value
    from localcloud.grafana.organisations import Organisation
    from localcloud.store import Object, Store

_TYPES = (("folders", "dash-folder"), ("dashboards", "dash-db"))


class Search:
    """The one route of the search."""

    def __init__(self, store: Store) -> None:
        """Keep the store."""
        self._store = store

    def routes(self) -> list[Route]:
        """Return the route."""
        return [Route("/api/search", self._search, methods=["GET"])]

    async def _search(self, request: Request) -> Response:
        org, query = organisation(self._store, request), request.query_params
        places = _split(query.getlist("folderUIDs"))
        uids = _split([*query.getlist("dashboardUIDs"), *query.getlist("dashboardUID")])
        tags = query.getlist("tag")
        found: list[Value] = []
        for kind, type_ in _TYPES:
            if query.get("type", type_) != type_:
                continue
            for held in org.all(kind):
                shown = _told(org, held, type_)
                its = shown["tags"]
                if (
                    (not places or (shown.get("folderUid") or "general") in places)
                    and (not uids or held.id in uids)
                    and query.get("query", "").lower() in held.name.lower()
                    and all(isinstance(its, list) and tag in its for tag in tags)
                ):
                    found.append(shown)
        return told(page(request, per_page="limit", default=1000, found=found).shown)


def _split(values: list[str]) -> list[str]:
    return [part for value in values for part in value.split(",") if part]


def _told(org: Organisation, held: Object, type_: str) -> Document:
    is_folder = type_ == "dash-folder"
    uid = str(held.body["parent" if is_folder else "folder"])
    place = org.get("folders", uid) if uid else None
    tags = None if is_folder else inner(held.body, "model").get("tags")
    shown: Document = {
        "id": held.body["id"],
        "uid": held.id,
        "orgId": org.number,
        "title": held.name,
        "uri": f"db/{slug(held.name)}",
        "url": f"/{'dashboards/f' if is_folder else 'd'}/{held.id}/{slug(held.name)}",
        "slug": "",
        "type": type_,
        "tags": tags if isinstance(tags, list) else [],
        "isStarred": False,
        "sortMeta": 0,
        "isDeleted": False,
    }
    if place is not None:
        shown |= {
            "folderId": place.body["id"],
            "folderUid": uid,
            "folderTitle": place.name,
            "folderUrl": f"/dashboards/f/{uid}/{slug(place.name)}",
        }
    return shown
