"""Workers: upload, settings, content, triggers, and what the account lists of them."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING
from uuid import UUID

from starlette.responses import Response
from starlette.routing import Route

from localcloud.cloudflare import uploads
from localcloud.cloudflare.envelope import Refusal, listing, success, tagged
from localcloud.cloudflare.migrations import migrated, stored
from localcloud.cloudflare.resources import new_id, scope_of
from localcloud.cloudflare.worker_store import Version
from localcloud.documents import document, documents, inner
from localcloud.moments import precise
from localcloud.multipart import parts_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from localcloud.cloudflare.worker_store import Starter, WorkerStore
    from localcloud.documents import Document
    from localcloud.store import Object, Store

NO_SERVICE = Refusal(status=404, code=10090, message="Service not found")
IN_USE = Refusal(status=400, code=10064, message="This Worker cannot be deleted: {user} uses it.")
BAD_NAME = Refusal(
    status=400,
    code=10016,
    message="'{name}' is no name for a Worker: use a-z, 0-9, - and _, up to 63 characters.",
)
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")

_STARTUP_MS = 4
"""Told for every Worker: a figure that changed from upload to upload would only look like drift."""


class Scripts:
    """The routes of Workers."""

    def __init__(self, store: Store, starter: Starter, workers: WorkerStore) -> None:
        """Keep the store, whoever starts Workers, and where all changes of them are made."""
        self._store = store
        self._starter = starter
        self._workers = workers

    def routes(self) -> list[Route]:
        """Return the routes."""
        base = "/accounts/{scope}/workers"
        script = f"{base}/scripts/{{script}}"
        return [
            Route(f"{base}/scripts", self._list, methods=["GET"]),
            Route(script, self._script, methods=["GET", "PUT", "DELETE"]),
            Route(f"{script}/settings", self._settings, methods=["GET"]),
            Route(f"{script}/versions", self._version, methods=["POST"]),
            Route(f"{script}/content/v2", self._content, methods=["GET"]),
            Route(f"{base}/services/{{script}}", self._service, methods=["GET"]),
        ]

    async def _list(self, request: Request) -> Response:
        scripts = self._store.all("scripts", scope_of(request))
        return listing([told(held) for held in scripts], request)

    async def _script(self, request: Request) -> Response:
        if request.method == "PUT":
            return success(told(await self._upload(request)))
        if request.method == "DELETE":
            scope, name = scope_of(request), str(request.path_params["script"])
            forced = "force" in request.query_params
            await self._workers.delete(
                scope, name, (lambda _: None) if forced else self._check_unused
            )
            return success(None)
        held = self._workers.found(request)
        return tagged(_multipart(self._store, held), str(held.body["etag"]), request)

    async def _upload(self, request: Request) -> Object:
        scope, name = scope_of(request), str(request.path_params["script"])
        if not _NAME.fullmatch(name):
            raise BAD_NAME.about(name=name)
        upload = uploads.read(await parts_of(request))
        uploads.check_size(upload, self._starter.allowances)
        return await self._workers.upload(
            scope, name, lambda before: self._uploaded(scope, name, upload, before)
        )

    def _uploaded(
        self, scope: str, name: str, upload: uploads.Upload, before: Object | None
    ) -> Version:
        """Return what an upload makes of a Worker."""
        allowed = self._starter.allowances
        hidden = before.hidden if before else {}
        migrations = upload.metadata.get("migrations")
        classes = migrated(
            stored(inner(hidden, "classes")),
            document(migrations, "migrations") if migrations else None,
            new_id,
        )
        uploads.check_classes(classes, stored(inner(hidden, "classes")), allowed)
        earlier = [] if before is None else documents(before.body, "bindings")
        bindings = uploads.inherited(upload.bindings, earlier) + _kept(upload, before)
        types = self._starter.binding_types
        uploads.check_bindings(self._store, scope, name, bindings, classes=classes, runnable=types)
        kept_secrets = inner(hidden, "secrets")
        names = {str(b["name"]) for b in bindings if b["type"] == "secret_text"}
        values: Document = {n: upload.secrets.get(n, kept_secrets.get(n, "")) for n in names}
        uploads.check_variables(bindings, values, allowed)
        body: Document = {
            **upload.settings(),
            "bindings": uploads.told_bindings(bindings, classes),
            "main_module": upload.modules[0].name,
            "classic": upload.classic,
            "etag": upload.etag,
            "handlers": upload.handlers(),
            "migration_tag": classes.tag,
            "tag": hidden.get("tag") or secrets.token_hex(16),
            "deployment_id": secrets.token_hex(16),
        }
        hidden_now: Document = {
            "classes": classes.as_document(),
            "secrets": values,
            "tag": body["tag"],
        }
        return Version(body=body, hidden=hidden_now, modules=upload.modules)

    async def _version(self, request: Request) -> Response:
        """Take a version. It runs at once, as the one version that there is."""
        self._workers.found(request)
        held = await self._upload(request)
        return success(
            {
                "id": str(UUID(hex=str(held.body["deployment_id"]))),
                "number": 1,
                "startup_time_ms": _STARTUP_MS,
                "metadata": {"has_preview": False, "source": "api"},
                "resources": {"script": told(held)},
            }
        )

    async def _settings(self, request: Request) -> Response:
        return success(settings_of(self._workers.found(request)))

    async def _content(self, request: Request) -> Response:
        held = self._workers.found(request)
        return tagged(_multipart(self._store, held), str(held.body["etag"]), request)

    async def _service(self, request: Request) -> Response:
        held = self._store.get("scripts", scope_of(request), request.path_params["script"])
        if held is None:
            raise NO_SERVICE.about()
        times: Document = {
            "created_on": precise(held.created),
            "modified_on": precise(held.modified),
        }
        environment: Document = {"environment": "production", **times}
        return success(
            {
                "id": held.id,
                "default_environment": {
                    **environment,
                    "script_tag": held.body["tag"],
                    "script": told(held),
                },
                **times,
                "environments": [environment],
            }
        )

    def _check_unused(self, script: Object) -> None:
        for consumer in self._store.all("consumers"):
            own = consumer.scope.startswith(f"{script.scope}/queues/")
            if own and consumer.name == script.id:
                raise IN_USE.about(user="a queue of which it is the consumer")
        for other in self._store.all("scripts", script.scope):
            for binding in documents(other.body, "bindings"):
                if other.id != script.id and script.id in (
                    binding.get("script_name"),
                    binding.get("service"),
                ):
                    raise IN_USE.about(user=f"Worker '{other.id}', binding {binding['name']},")


def settings_of(held: Object) -> Document:
    """Return a Worker's settings as the service tells them."""
    left_out = {"main_module", "classic", "etag", "handlers", "tag", "deployment_id"}
    settings = {k: v for k, v in held.body.items() if k not in left_out}
    if settings["migration_tag"] is None:
        del settings["migration_tag"]
    return settings


def told(held: Object) -> Document:
    """Return a Worker as lists and uploads tell it."""
    body = held.body
    script: Document = {
        "id": held.id,
        "etag": body["etag"],
        "handlers": body["handlers"],
        "has_assets": False,
        "has_modules": not body["classic"],
        "created_on": precise(held.created),
        "modified_on": precise(held.modified),
        "startup_time_ms": _STARTUP_MS,
        "last_deployed_from": "api",
    }
    for name in (
        "compatibility_date",
        "compatibility_flags",
        "usage_model",
        "deployment_id",
        "logpush",
        "tag",
        "tags",
        "tail_consumers",
        "placement",
    ):
        script[name] = body[name]
    if body["migration_tag"] is not None:
        script["migration_tag"] = body["migration_tag"]
    return script


def _kept(upload: uploads.Upload, before: Object | None) -> list[Document]:
    """Return the earlier bindings that the upload asks to keep."""
    kinds = upload.metadata.get("keep_bindings")
    if before is None or not isinstance(kinds, list):
        return []
    named = {binding["name"] for binding in upload.bindings}
    return [
        binding
        for binding in documents(before.body, "bindings")
        if binding["type"] in kinds and binding["name"] not in named
    ]


def _multipart(store: Store, held: Object) -> Response:
    """Return a Worker's modules, the main one first: clients compare that one."""
    boundary = f"----{secrets.token_hex(12)}"
    body = b"".join(
        (
            f"--{boundary}\r\nContent-Disposition: form-data; "
            f'name="{module.name}"; filename="{module.name}"\r\n'
            f"Content-Type: {module.type}\r\n\r\n"
        ).encode()
        + module.content
        + b"\r\n"
        for module in store.modules(held.scope, held.id)
    )
    return Response(
        body + f"--{boundary}--\r\n".encode(),
        media_type=f"multipart/form-data; boundary={boundary}",
        headers={"cf-entrypoint": str(held.body["main_module"])},
    )
