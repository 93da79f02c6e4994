"""Running Workers, as the rest sees it: started, called, ticked."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

import httpx
from starlette.responses import PlainTextResponse, StreamingResponse

from localcloud.documents import MalformedError, document, items, number, parse, text
from localcloud.runtime.journal import Run
from localcloud.runtime.plan import BINDINGS, plan, storages
from localcloud.shelves import UnavailableError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from starlette.requests import Request
    from starlette.responses import Response

    from localcloud.documents import Document
    from localcloud.runtime.host import Host
    from localcloud.runtime.journal import Journal
    from localcloud.store import Store

_LOG = logging.getLogger("localcloud")

_STORAGE = re.compile(r"[0-9a-f]{32}")
#: Kinds of objects that the plan is made of.
PLANNED = frozenset({"scripts", "namespaces", "buckets", "queues", "consumers"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long a Worker may take, seconds."""

    answer: float = 30
    """To answer a request."""
    cron: float = 120
    """To end a cron handler."""
    start: float = 20
    """For the runtime itself to be there."""


class Workers:
    """The uploaded Workers of a store."""

    binding_types = frozenset(BINDINGS)
    """What can be bound to them."""

    def __init__(
        self, store: Store, journal: Journal, host: Host, root: Path, limits: Limits
    ) -> None:
        """Nothing runs until `run` does."""
        self._root = root
        self._store = store
        self._journal = journal
        self._host = host
        self._limits = limits
        self._problems: dict[str, str | None] = {}
        self._stale = asyncio.Event()
        self._applying = asyncio.Lock()
        self.origin = ""

    async def run(self) -> None:
        """Keep the host alive and what it runs up to date, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._host.run(self._event, self.refresh))
            tasks.create_task(self._follow())

    def refresh(self) -> None:
        """Run what the store holds, soon."""
        self._stale.set()

    def changed(self, kind: str) -> None:
        """Take notice of a change in the store."""
        if kind in PLANNED:
            self.refresh()

    async def start_problem(self, script: str) -> str | None:
        """Run what the store holds now; return why a Worker's code cannot start, if so.

        When there is no runtime nothing is known against the Worker, and None is returned.
        """
        try:
            await self._apply()
        except UnavailableError as problem:
            _LOG.warning("%s was stored but does not run: %s", script, problem)
            return None
        return self._problems.get(script)

    def problem(self, script: str) -> str | None:
        """Return why a Worker does not run, or None."""
        return self._host.problem or self._problems.get(script)

    async def fetch(self, script: str, request: Request) -> Response:
        """Give a request to a Worker; 503 and why when it does not run, 504 when it is late."""
        raw = bytes(request.scope["raw_path"]).decode("latin-1").split("/", 3)
        url = f"{self.origin}/{raw[3] if len(raw) > 3 else ''}"
        if request.url.query:
            url += f"?{request.url.query}"
        headers = [
            (name, value)
            for name, value in request.headers.items()
            if name not in ("host", "authorization") and not name.startswith("x-localcloud-")
        ]
        if "authorization" in request.headers:
            headers.append(("x-localcloud-authorization", request.headers["authorization"]))
        headers += [
            ("x-forwarded-prefix", f"/workers/{script}"),
            ("x-localcloud-url", quote(url, safe="")),
            ("x-localcloud-within", str(self._limits.answer)),
        ]
        has_body = request.method not in ("GET", "HEAD")
        try:
            answer = await self._host.stream(
                request.method,
                f"/fetch/{quote(script, safe='')}",
                headers=headers,
                content=request.stream() if has_body else None,
                wait=self._limits.start,
                timeout=self._limits.answer + 10,
            )
        except (UnavailableError, httpx.HTTPError) as problem:
            return PlainTextResponse(f"The Worker does not run: {problem}\n", 503)
        if "x-localcloud-problem" in answer.headers:
            reason = self._journal.struck((await answer.aread()).decode("utf-8", "replace"))
            await answer.aclose()
            if answer.status_code != 500:
                self._journal.add_problem(script, f"fetch {request.method} {url}", reason)
            return PlainTextResponse(f"{reason}\n", answer.status_code)
        response = StreamingResponse(_body(answer), status_code=answer.status_code)
        response.raw_headers = [
            (name.encode(), value.encode())
            for name, value in answer.headers.multi_items()
            if name not in ("connection", "keep-alive", "transfer-encoding", "date")
        ]
        return response

    async def scheduled(self, script: str, cron: str, at: int) -> Run:
        """Run a cron handler once and keep what came of it."""
        call: Document = {"script": script, "cron": cron, "at": at, "limit": self._limits.cron}
        try:
            answer = await self._host.call(
                "POST",
                "/scheduled",
                content=json.dumps(call).encode(),
                wait=self._limits.start,
                timeout=self._limits.cron + 10,
            )
            told = document(parse(answer.content))
        except (UnavailableError, httpx.HTTPError) as problem:
            told = {"ok": False, "error": f"The Worker does not run: {problem}", "ms": 0}
        error = told.get("error")
        run = Run(
            script=script,
            cron=cron,
            at=at,
            ok=told.get("ok") is True,
            error=self._journal.struck(error) if isinstance(error, str) else None,
            ms=int(number(told, "ms", 0)),
        )
        self._journal.add_run(run)
        return run

    async def settle(self) -> None:
        """Wait until what the store holds runs, if it does not yet.

        Raises:
            UnavailableError: there is no runtime.
        """
        if self._stale.is_set():
            await self._apply()

    async def _follow(self) -> None:
        while True:
            await self._stale.wait()
            try:
                await self._apply()
            except UnavailableError as problem:
                _LOG.warning("Workers do not run: %s", problem)
                self._stale.clear()

    async def _apply(self) -> None:
        async with self._applying:
            self._stale.clear()
            existing = storages(self._store)
            wanted: Document = {
                "groups": [*plan(self._store)],
                "storages": [*sorted(existing["kv"] | existing["r2"])],
            }
            answer = await self._host.call(
                "PUT",
                "/plan",
                content=json.dumps(wanted).encode(),
                wait=self._limits.start,
                timeout=60,
            )
            if answer.status_code != 200:
                raise UnavailableError(answer.text)
            told = document(parse(answer.content))
            for script in self._problems.keys() - told.keys():
                self._journal.forget(script)
            self._problems = {
                script: None if reason is None else self._journal.struck(str(reason))
                for script, reason in told.items()
            }
            self._sweep()

    def _sweep(self) -> None:
        """Remove what namespaces, buckets and Durable Objects held that are no more."""
        for directory, wanted in storages(self._store).items():
            for path in (self._root / directory).glob("*"):
                # What is named otherwise are miniflare's own indexes.
                if path.is_dir() and _STORAGE.fullmatch(path.name) and path.name not in wanted:
                    shutil.rmtree(path, ignore_errors=True)

    def _event(self, event: Document) -> None:
        try:
            self._take(event)
        except MalformedError as problem:
            _LOG.error("the runtime told what it should not: %s", problem)

    def _take(self, event: Document) -> None:
        match event.get("event"):
            case "tail":
                self._journal.tailed(event)
            case "restarted":
                scripts = [str(script) for script in items(event, "scripts")]
                self._journal.add_restart(scripts, text(event, "reason"))
                _LOG.warning("restarted %s: %s", ", ".join(scripts), event["reason"])
            case "trouble":
                _LOG.error("runtime: %s", self._journal.struck(str(event.get("text"))))
            case _:
                pass


async def _body(answer: httpx.Response) -> AsyncIterator[bytes]:
    """Pass on what a Worker answers, and let go of it also when the caller has gone away."""
    try:
        async for chunk in answer.aiter_raw():
            yield chunk
    finally:
        await answer.aclose()
