"""What of a Worker can be changed without an upload: its settings and its secrets."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from starlette.routing import Route

from localcloud.cloudflare import uploads
from localcloud.cloudflare.envelope import MALFORMED, Refusal, success
from localcloud.cloudflare.migrations import migrated, stored
from localcloud.cloudflare.resources import new_id
from localcloud.cloudflare.scripts import settings_of
from localcloud.cloudflare.worker_store import Version
from localcloud.documents import document, documents, inner, parse, text
from localcloud.multipart import parts_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from localcloud.cloudflare.worker_store import Starter, WorkerStore
    from localcloud.documents import Document, Value
    from localcloud.store import Object, Store

NO_SECRET = Refusal(status=404, code=10056, message="Secret {name} not found.")

_SETTABLE = (
    "compatibility_date",
    "compatibility_flags",
    "usage_model",
    "logpush",
    "placement",
    "tags",
    "tail_consumers",
    "observability",
    "limits",
    "annotations",
)
_OF_SCRIPT = ("logpush", "observability", "tags", "tail_consumers")
"""What applies to all versions of a Worker, and can be changed without making one."""


class Settings:
    """The routes of settings and secrets."""

    def __init__(self, store: Store, starter: Starter, workers: WorkerStore) -> None:
        """Keep the store, whoever starts Workers, and where all changes of them are made."""
        self._store = store
        self._starter = starter
        self._workers = workers

    def routes(self) -> list[Route]:
        """Return the routes."""
        script = "/accounts/{scope}/workers/scripts/{script}"
        return [
            Route(f"{script}/settings", self._settings, methods=["PATCH"]),
            Route(f"{script}/script-settings", self._of_script, methods=["GET", "PATCH"]),
            Route(f"{script}/secrets", self._secrets, methods=["GET", "PUT"]),
            Route(f"{script}/secrets/{{name}}", self._secret, methods=["GET", "DELETE"]),
        ]

    async def _settings(self, request: Request) -> Response:
        held = self._workers.found(request)
        parts = {part.name: part.content for part in await parts_of(request)}
        if "settings" not in parts:
            raise MALFORMED.about(reason="the body has no part named settings")
        sent = document(parse(parts["settings"]), "settings")
        return success(settings_of(await self._patched(held, sent, _SETTABLE)))

    async def _of_script(self, request: Request) -> Response:
        held = self._workers.found(request)
        if request.method == "PATCH":
            sent = document(parse(await request.body()))
            held = await self._patched(held, sent, _OF_SCRIPT)
        return success({name: held.body[name] for name in _OF_SCRIPT})

    async def _secrets(self, request: Request) -> Response:
        held = self._workers.found(request)
        if request.method == "GET":
            names: list[Value] = [_told(name) for name in sorted(inner(held.hidden, "secrets"))]
            return success(names)
        sent = document(parse(await request.body()))
        name, value = text(sent, "name"), text(sent, "text", "")
        if text(sent, "type", "secret_text") != "secret_text":
            raise MALFORMED.about(reason=f"a secret is of type secret_text, not {sent['type']}")

        def with_it(held: Object) -> Version:
            binding: Document = {"name": name, "type": "secret_text"}
            values = {**inner(held.hidden, "secrets"), name: value}
            return self._bound(held, [*_others(held, name), binding], values)

        await self._workers.revise(held.scope, held.id, with_it)
        return success(_told(name))

    async def _secret(self, request: Request) -> Response:
        held, name = self._workers.found(request), str(request.path_params["name"])
        if request.method == "GET":
            _secrets_with(held, name)
            return success(_told(name))

        def without_it(held: Object) -> Version:
            left = _secrets_with(held, name)
            del left[name]
            return self._bound(held, _others(held, name), left)

        await self._workers.revise(held.scope, held.id, without_it)
        return success(None)

    async def _patched(self, held: Object, sent: Document, names: tuple[str, ...]) -> Object:
        """Change what is sent of a Worker's settings; what is not stays as it was."""

        def patched(held: Object) -> Version:
            body = {**held.body, **{name: sent[name] for name in names if name in sent}}
            values = inner(held.hidden, "secrets")
            bindings = documents(held.body, "bindings")
            if "bindings" in sent and names is _SETTABLE:
                given, fresh = uploads.parted(documents(sent, "bindings"))
                bindings = uploads.inherited(given, bindings)
                kept = {str(one["name"]) for one in bindings if one["type"] == "secret_text"}
                values = {n: value for n, value in {**values, **fresh}.items() if n in kept}
            return self._bound(held, bindings, values, body, sent.get("migrations"))

        return await self._workers.revise(held.scope, held.id, patched)

    def _bound(
        self,
        held: Object,
        bindings: list[Document],
        values: Document,
        body: Document | None = None,
        migrations: Value = None,
    ) -> Version:
        """Return a Worker with other settings.

        Raises:
            RefusedError: it cannot have them.

        """
        steps = document(migrations, "migrations") if migrations else None
        classes = migrated(stored(inner(held.hidden, "classes")), steps, new_id)
        types = self._starter.binding_types
        uploads.check_bindings(
            self._store, held.scope, held.id, bindings, classes=classes, runnable=types
        )
        uploads.check_variables(bindings, values, self._starter.allowances)
        return Version(
            body={
                **(held.body if body is None else body),
                "bindings": uploads.told_bindings(bindings, classes),
                "migration_tag": classes.tag,
                "deployment_id": secrets.token_hex(16),
            },
            hidden={**held.hidden, "classes": classes.as_document(), "secrets": values},
        )


def _others(held: Object, name: str) -> list[Document]:
    """Return the bindings of other names."""
    return [one for one in documents(held.body, "bindings") if one["name"] != name]


def _secrets_with(held: Object, name: str) -> Document:
    """Return the values of a Worker's secrets.

    Raises:
        RefusedError: none of them has the name.

    """
    values = inner(held.hidden, "secrets")
    if name not in values:
        raise NO_SECRET.about(name=name)
    return {**values}


def _told(name: str) -> Document:
    return {"name": name, "type": "secret_text"}
