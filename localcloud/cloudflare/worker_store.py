"""Where Workers are found, changed and deleted: one change at a time, whole or not at all."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from localcloud.addresses import address
from localcloud.cloudflare.envelope import Refusal
from localcloud.cloudflare.resources import scope_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from localcloud.allowances import Allowances, Exceeded
    from localcloud.documents import Document
    from localcloud.store import Module, Object, Store

MISSING = Refusal(status=404, code=10007, message="This Worker does not exist on your account.")
BROKEN = Refusal(status=400, code=10021, message="{reason}")


class Starter(Protocol):
    """Whoever runs the Workers."""

    binding_types: frozenset[str]
    """What can be bound to them."""

    @property
    def allowances(self) -> Allowances:
        """What they are held to."""

    def note_limit(self, exceeded: Exceeded) -> None:
        """Keep that one met a limit."""

    async def start_problem(self, worker: str) -> str | None:
        """Start the Worker at an address as it is stored now; return why it cannot, if so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What a Worker is to be."""

    body: Document
    """Its `deployment_id` is this version's alone."""
    hidden: Document
    modules: list[Module] | None = None
    """None: as they are."""


def find(store: Store, request: Request) -> Object:
    """Return the Worker that a path names.

    Raises:
        RefusedError: there is none.

    """
    held = store.get("scripts", scope_of(request), request.path_params["script"])
    if held is None:
        raise MISSING.about()
    return held


class WorkerStore:
    """The Workers of a store, and whoever runs them."""

    def __init__(self, store: Store, starter: Starter, changed: Callable[[str], None]) -> None:
        """Tell `changed` the kind of whatever is made, changed or deleted."""
        self._store = store
        self._starter = starter
        self._changed = changed
        self._changing = asyncio.Lock()

    def found(self, request: Request) -> Object:
        """Return the Worker that a path names.

        Raises:
            RefusedError: there is none.

        """
        return find(self._store, request)

    async def revise(self, scope: str, name: str, version: Callable[[Object], Version]) -> Object:
        """Make a Worker that is there another version of itself, and start it.

        Raises:
            RefusedError: it is not there.
            Whatever `upload` raises.

        """

        def of(before: Object | None) -> Version:
            if before is None:
                raise MISSING.about()
            return version(before)

        return await self.upload(scope, name, of)

    async def upload(
        self, scope: str, name: str, version: Callable[[Object | None], Version]
    ) -> Object:
        """Make or change a Worker, and start it; if it cannot, it is what it was before.

        Args:
            scope: the account.
            name: of the Worker.
            version: is given the Worker as it is once nobody else changes it; None: there is none.

        Raises:
            RefusedError: the Worker's code does not start.
            MalformedError: the Worker is none that can be run.
            Whatever `version` raises.

        """
        async with self._changing:
            before = self._store.get("scripts", scope, name)
            modules = self._store.modules(scope, name)
            wanted = version(before)
            with self._store.transaction():
                held = self._put(scope, name, wanted)
            try:
                await self._start(scope, name)
            except BaseException:
                self._restore(held, before, modules)
                raise
            self._changed("scripts")
            return held

    async def _start(self, scope: str, name: str) -> None:
        reason = await self._starter.start_problem(address(scope, name))
        if reason is not None:
            raise BROKEN.about(reason=reason)

    async def delete(self, scope: str, name: str, check: Callable[[Object], None]) -> None:
        """Delete a Worker.

        Raises:
            RefusedError: it is not there.
            Whatever `check` raises, which is given the Worker.

        """
        async with self._changing:
            held = self._store.get("scripts", scope, name)
            if held is None:
                raise MISSING.about()
            check(held)
            with self._store.transaction():
                self._store.delete("scripts", scope, name)
                self._store.set_modules(scope, name, [])
            self._changed("scripts")

    def _restore(self, put: Object, before: Object | None, modules: list[Module]) -> None:
        """Undo a change, unless somebody has deleted the Worker meanwhile."""
        scope, name = put.scope, put.id
        present = self._store.get("scripts", scope, name)
        if present is not None and present.body["deployment_id"] == put.body["deployment_id"]:
            with self._store.transaction():
                if before is None:
                    self._store.delete("scripts", scope, name)
                    self._store.set_modules(scope, name, [])
                else:
                    self._put(
                        scope,
                        name,
                        Version(body=before.body, hidden=before.hidden, modules=modules),
                    )
        self._changed("scripts")

    def _put(self, scope: str, name: str, version: Version) -> Object:
        if version.modules is not None:
            self._store.set_modules(scope, name, version.modules)
        return self._store.put(
            "scripts", scope, name, name=name, body=version.body, hidden=version.hidden
        )
