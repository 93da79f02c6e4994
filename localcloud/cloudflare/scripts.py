"""Workers: upload, settings, content, triggers, and what the account lists of them."""

from __future__ import annotations

import asyncio
import re
import secrets
from typing import TYPE_CHECKING, Protocol

from starlette.responses import Response
from starlette.routing import Route

from localcloud.cloudflare import uploads
from localcloud.cloudflare.envelope import Refusal, listing, success
from localcloud.cloudflare.migrations import migrated, stored
from localcloud.cloudflare.resources import new_id, scope_of
from localcloud.documents import document, documents, inner
from localcloud.moments import precise
from localcloud.multipart import parts_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from localcloud.documents import Document
    from localcloud.store import Object, Store

MISSING = Refusal(status=404, code=10007, message="This Worker does not exist on your account.")
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


class Starter(Protocol):
    """Whoever runs the Workers."""

    binding_types: frozenset[str]
    """What can be bound to them."""

    async def start_problem(self, script: str) -> str | None:
        """Start a Worker as it is stored now; return why its code cannot start, if so."""


class Scripts:
    """The routes of Workers."""

    def __init__(self, store: Store, starter: Starter, changed: Callable[[str], None]) -> None:
        """Tell `changed` the kind of whatever is made, changed or deleted."""
        self._store = store
        self._starter = starter
        self._changed = changed
        self._uploading = asyncio.Lock()

    def routes(self) -> list[Route]:
        """Return the routes."""
        base = "/accounts/{scope}/workers"
        script = f"{base}/scripts/{{script}}"
        return [
            Route(f"{base}/scripts", self._list, methods=["GET"]),
            Route(script, self._script, methods=["GET", "PUT", "DELETE"]),
            Route(f"{script}/settings", self._settings, methods=["GET"]),
            Route(f"{script}/content/v2", self._content, methods=["GET"]),
            Route(f"{base}/services/{{script}}", self._service, methods=["GET"]),
        ]

    async def _list(self, request: Request) -> Response:
        return listing([told(held) for held in self._store.all("scripts", scope_of(request))])

    async def _script(self, request: Request) -> Response:
        if request.method == "PUT":
            async with self._uploading:
                return success(await self._upload(request))
        held = self._found(request)
        if request.method == "DELETE":
            if "force" not in request.query_params:
                self._check_unused(held)
            with self._store.transaction():
                self._store.delete("scripts", held.scope, held.id)
                self._store.set_modules(held.id, [])
            self._changed("scripts")
            return success(None)
        return _multipart(self._store, held)

    async def _upload(self, request: Request) -> Document:
        scope, name = scope_of(request), str(request.path_params["script"])
        if not _NAME.fullmatch(name):
            raise BAD_NAME.about(name=name)
        upload = uploads.read(await parts_of(request))
        before = self._store.get("scripts", scope, name)
        modules_before = self._store.modules(name)
        hidden = before.hidden if before else {}
        migrations = upload.metadata.get("migrations")
        classes = migrated(
            stored(inner(hidden, "classes")),
            document(migrations, "migrations") if migrations else None,
            new_id,
        )
        bindings = upload.bindings + _kept(upload, before)
        uploads.check_bindings(self._store, scope, bindings, classes, self._starter.binding_types)
        kept_secrets = inner(hidden, "secrets")
        names = {str(b["name"]) for b in bindings if b["type"] == "secret_text"}
        values: Document = {n: upload.secrets.get(n, kept_secrets.get(n, "")) for n in names}
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
        with self._store.transaction():
            held = self._store.put("scripts", scope, name, name=name, body=body, hidden=hidden_now)
            self._store.set_modules(name, upload.modules)
        reason = await self._starter.start_problem(name)
        if reason is None:
            self._changed("scripts")
            return told(held)
        with self._store.transaction():
            if before is None:
                self._store.delete("scripts", scope, name)
            else:
                self._store.put(
                    "scripts", scope, name, name=name, body=before.body, hidden=before.hidden
                )
            self._store.set_modules(name, modules_before)
        self._changed("scripts")
        raise uploads.BROKEN.about(reason=reason)

    async def _settings(self, request: Request) -> Response:
        held = self._found(request)
        left_out = {"main_module", "classic", "etag", "handlers", "tag", "deployment_id"}
        settings = {k: v for k, v in held.body.items() if k not in left_out}
        if settings["migration_tag"] is None:
            del settings["migration_tag"]
        return success(settings)

    async def _content(self, request: Request) -> Response:
        return _multipart(self._store, self._found(request))

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

    def _found(self, request: Request) -> Object:
        held = self._store.get("scripts", scope_of(request), request.path_params["script"])
        if held is None:
            raise MISSING.about()
        return held

    def _check_unused(self, script: Object) -> None:
        for consumer in self._store.all("consumers"):
            if consumer.name == script.id:
                raise IN_USE.about(user="a queue of which it is the consumer")
        for other in self._store.all("scripts", script.scope):
            for binding in documents(other.body, "bindings"):
                if other.id != script.id and script.id in (
                    binding.get("script_name"),
                    binding.get("service"),
                ):
                    raise IN_USE.about(user=f"Worker '{other.id}', binding {binding['name']},")


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
        for module in store.modules(held.id)
    )
    return Response(
        body + f"--{boundary}--\r\n".encode(),
        media_type=f"multipart/form-data; boundary={boundary}",
        headers={"cf-entrypoint": str(held.body["main_module"])},
    )
