"""The one tree of notification policies of an organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from localcloud.documents import document, parse, text
from localcloud.grafana.answers import SCOPE, RefusedError, provenance, told
from localcloud.grafana.contacts import exists, receivers

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from localcloud.documents import Document
    from localcloud.store import Store

_DEFAULT: Document = {
    "receiver": "grafana-default-email",
    "group_by": ["grafana_folder", "alertname"],
}


class Policies:
    """The one route of the tree."""

    def __init__(self, store: Store) -> None:
        """Keep the store."""
        self._store = store

    def routes(self) -> list[Route]:
        """Return the route."""
        path = "/api/v1/provisioning/policies"
        return [Route(path, self._tree, methods=["GET", "PUT", "DELETE"])]

    async def _tree(self, request: Request) -> Response:
        if request.method == "DELETE":
            self._store.delete("policy-tree", SCOPE, "policy")
            return told({"message": "policies deleted"}, 202)
        if request.method == "GET":
            held = self._store.get("policy-tree", SCOPE, "policy")
            return told(_DEFAULT if held is None else held.body)
        sent = document(parse(await request.body()))
        if not text(sent, "receiver", ""):
            raise RefusedError(400, "invalid object specification: the root needs a receiver")
        for name in receivers(sent):
            if name and not exists(self._store, name):
                raise RefusedError(
                    400, f"invalid object specification: receiver '{name}' does not exist"
                )
        body: Document = {**sent, "provenance": provenance(request)}
        self._store.put("policy-tree", SCOPE, "policy", name="policy", body=body)
        return told({"message": "policies updated"}, 202)
