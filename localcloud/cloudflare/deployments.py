"""Versions and deployments of a Worker: there is the one that was uploaded last, and it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from starlette.routing import Route

from localcloud.cloudflare.envelope import Refusal, success
from localcloud.cloudflare.worker_store import find
from localcloud.documents import document, documents, parse, text
from localcloud.moments import precise

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from localcloud.documents import Document, Value
    from localcloud.store import Object, Store

NO_DEPLOYMENT = Refusal(status=404, code=10336, message="Deployment not found.")
NO_VERSION = Refusal(status=404, code=100146, message="Version not found.")

_AUTHOR = "owner@localcloud.example"


class Deployments:
    """The routes of versions and deployments."""

    def __init__(self, store: Store) -> None:
        """Keep the store."""
        self._store = store

    def routes(self) -> list[Route]:
        """Return the routes."""
        script = "/accounts/{scope}/workers/scripts/{script}"
        return [
            Route("/accounts/{scope}/workers/workers/{script}", self._worker, methods=["GET"]),
            Route(f"{script}/deployments", self._deployments, methods=["GET", "POST"]),
            Route(f"{script}/deployments/{{id}}", self._deployment, methods=["GET"]),
            Route(f"{script}/versions", self._versions, methods=["GET"]),
            Route(f"{script}/versions/{{id}}", self._version, methods=["GET"]),
        ]

    async def _worker(self, request: Request) -> Response:
        held = find(self._store, request)
        subdomain = self._store.get("subdomains", f"{held.scope}/scripts/{held.id}", held.id)
        off: Document = {"enabled": False, "previews_enabled": False}
        return success(
            {
                "id": held.body["tag"],
                "name": held.id,
                "created_on": precise(held.created),
                "updated_on": precise(held.modified),
                "logpush": held.body["logpush"],
                "tags": held.body["tags"],
                "tail_consumers": held.body["tail_consumers"] or [],
                "observability": held.body["observability"],
                "subdomain": off if subdomain is None else subdomain.body,
            }
        )

    async def _deployments(self, request: Request) -> Response:
        if request.method == "POST":
            return success(self._deploy(find(self._store, request), parse(await request.body())))
        return success({"deployments": [_deployment(find(self._store, request))]})

    async def _deployment(self, request: Request) -> Response:
        told = _deployment(find(self._store, request))
        if told["id"] != request.path_params["id"]:
            raise NO_DEPLOYMENT.about()
        return success(told)

    async def _versions(self, request: Request) -> Response:
        return success({"items": [_version(find(self._store, request))]})

    async def _version(self, request: Request) -> Response:
        held = find(self._store, request)
        told = _version(held)
        if told["id"] != request.path_params["id"]:
            raise NO_VERSION.about()
        runtime: Document = {
            "compatibility_date": held.body["compatibility_date"],
            "compatibility_flags": held.body["compatibility_flags"],
            "usage_model": held.body["usage_model"],
            "migration_tag": held.body["migration_tag"],
        }
        code: Document = {"etag": held.body["etag"], "handlers": held.body["handlers"]}
        resources: Document = {
            "bindings": held.body["bindings"],
            "script": code,
            "script_runtime": runtime,
        }
        return success({**told, "resources": resources})

    def _deploy(self, held: Object, sent: Value) -> Document:
        """Deploy what runs already: the version that was taken last is the only one."""
        wanted = [text(one, "version_id") for one in documents(document(sent), "versions")]
        if wanted != [str(_version_id(held))]:
            raise NO_VERSION.about()
        return _deployment(held)


def _version_id(held: Object) -> UUID:
    return UUID(hex=str(held.body["deployment_id"]))


def _deployment(held: Object) -> Document:
    version = _version_id(held)
    return {
        "id": str(uuid5(version, "deployment")),
        "created_on": precise(held.modified),
        "source": "api",
        "strategy": "percentage",
        "author_email": _AUTHOR,
        "annotations": {"workers/triggered_by": "upload"},
        "versions": [{"version_id": str(version), "percentage": 100}],
    }


def _version(held: Object) -> Document:
    return {
        "id": str(_version_id(held)),
        "number": 1,
        "metadata": {
            "created_on": precise(held.modified),
            "modified_on": precise(held.modified),
            "source": "api",
            "author_email": _AUTHOR,
        },
        "annotations": {"workers/triggered_by": "upload"},
    }
