"""Message templates: named groups of Go templates that contact points use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from localcloud.documents import MalformedError, document, parse, text
from localcloud.grafana.answers import (
    RefusedError,
    check_edition,
    check_provenance,
    edition,
    empty,
    problem,
    provenance,
    told,
)
from localcloud.grafana.go_templates import check_template, wrapped
from localcloud.grafana.organisations import organisation

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from localcloud.documents import Document
    from localcloud.store import Store

_ERRORS = "alerting.notifications.templates"


class MessageTemplates:
    """The routes of message templates."""

    def __init__(self, store: Store) -> None:
        """Keep the store."""
        self._store = store

    def routes(self) -> list[Route]:
        """Return the routes."""
        path = "/api/v1/provisioning/templates"
        return [
            Route(path, self._collection, methods=["GET"]),
            Route(f"{path}/{{name:path}}", self._member, methods=["GET", "PUT", "DELETE"]),
        ]

    async def _collection(self, request: Request) -> Response:
        org = organisation(self._store, request)
        return told([held.body for held in org.all("templates")])

    async def _member(self, request: Request) -> Response:
        org = organisation(self._store, request)
        name = str(request.path_params["name"])
        held = org.get("templates", name)
        if request.method == "DELETE":
            org.delete("templates", name)
            return empty()
        if request.method == "GET":
            if held is None:
                raise _unknown()
            return told(held.body)
        sent = document(parse(await request.body()))
        check_provenance(None if held is None else held.body, request)
        check_edition(sent, None if held is None else held.body)
        content = _checked(name, sent)
        body: Document = {
            "name": name,
            "template": content,
            "version": edition(content),
            "provenance": provenance(request),
        }
        return told(org.put("templates", name, name=name, body=body).body, 202)


def _unknown() -> RefusedError:
    return problem(404, f"{_ERRORS}.notFound", "not found")


def _checked(name: str, sent: Document) -> str:
    try:
        content = text(sent, "template")
        check_template(name, content)
    except MalformedError as mistake:
        raise problem(
            400,
            f"{_ERRORS}.invalidFormat",
            "Template is in invalid format. Correct the payload and try again.",
            Error=str(mistake),
        ) from mistake
    return wrapped(name, content)
