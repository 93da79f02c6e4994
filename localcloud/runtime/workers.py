"""Running Workers, as the rest sees it: started, called, ticked; each by its address."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

import httpx
from starlette.responses import PlainTextResponse, StreamingResponse

from localcloud.addresses import name_in
from localcloud.allowances import (
    ALLOWANCES,
    HEADER_BYTES,
    REQUEST_BODY_BYTES,
    URL_BYTES,
    Allowances,
    Exceeded,
    Plan,
)
from localcloud.documents import MalformedError, document, inner, items, number, parse, text
from localcloud.runtime.counted_body import Counted, TooLargeError
from localcloud.runtime.journal import Run
from localcloud.runtime.plan import BINDINGS, indexes, plan, shelves, storages
from localcloud.shelves import UnavailableError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from starlette.requests import Request
    from starlette.responses import Response

    from localcloud.documents import Document, Value
    from localcloud.runtime.host import Host
    from localcloud.runtime.journal import Journal
    from localcloud.runtime.tails import Tail, Tails
    from localcloud.store import Store

_LOG = logging.getLogger("localcloud")

_STORAGE = re.compile(r"[0-9a-f]{32}")
_INDEX = re.compile(r"[0-9a-f]{64}")
#: Kinds of objects that the plan is made of.
PLANNED = frozenset(
    {"scripts", "namespaces", "buckets", "queues", "consumers", "databases", "hyperdrives"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long a Worker may take, seconds, and the plan that it is held to."""

    answer: float = 30
    """To answer a request."""
    cron: float = 120
    """To end a cron handler."""
    start: float = 20
    """For the runtime itself to be there."""
    plan: Plan = Plan.PAID


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
        self._unfollowed = asyncio.Event()
        self._applying = asyncio.Lock()
        self._order = 0
        self.origin = ""
        self.listeners: dict[str, Callable[[str, Value], None]] = {}
        """Who is told what a guard tells, by what that is about: `points`, `mail`.

        Each is called with the address of the Worker.
        """
        self.tails: Tails | None = None
        """Whoever listens; None: nobody can."""

    @property
    def allowances(self) -> Allowances:
        """What Workers are held to."""
        return ALLOWANCES[self._limits.plan]

    def note_limit(self, exceeded: Exceeded) -> None:
        """Keep that a Worker met a limit."""
        self._journal.add_limit(exceeded)

    async def open_tail(self, worker: str) -> Tail | None:
        """Begin a tail of a Worker; None: there are as many as there may be.

        Every request that the Worker is given from then on is told.

        Raises:
            UnavailableError: there is no runtime.

        """
        tail = None if self.tails is None else self.tails.open(worker)
        if tail is None:
            return None
        try:
            await self._tell_followed()
        except UnavailableError:
            self.close_tail(worker, tail.id)
            raise
        return tail

    def unfollowed(self) -> None:
        """Take notice that a tail has ended: the runtime need not tell it any more."""
        self._unfollowed.set()

    async def _tell_followed(self) -> None:
        await self._host.call(
            "PUT",
            "/follow",
            content=json.dumps(self._followed()).encode(),
            wait=self._limits.start,
            timeout=10,
        )

    def tails_of(self, worker: str) -> list[Tail]:
        """Return the tails of a Worker, the oldest first."""
        return [] if self.tails is None else self.tails.of(worker)

    def close_tail(self, worker: str, identifier: str) -> bool:
        """End a tail; tell whether it was there."""
        return self.tails is not None and self.tails.close(worker, identifier)

    def _followed(self) -> Document:
        """Return the Workers that somebody listens to: theirs alone are told whole.

        Calls may overtake each other; the one with the highest `order` counts.
        """
        self._order += 1
        workers = [] if self.tails is None else sorted(self.tails.followed())
        return {"order": self._order, "workers": [*workers]}

    async def run(self) -> None:
        """Keep the host alive and what it runs up to date, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._host.run(self._event, self.refresh))
            tasks.create_task(self._follow())
            tasks.create_task(self._unfollow())

    def refresh(self) -> None:
        """Run what the store holds, soon."""
        self._journal.renew_secrets()
        self._stale.set()

    def changed(self, kind: str) -> None:
        """Take notice of a change in the store."""
        if kind in PLANNED:
            self.refresh()

    async def start_problem(self, worker: str) -> str | None:
        """Run what the store holds now; return why a Worker's code cannot start, if so.

        When there is no runtime nothing is known against the Worker, and None is returned.

        Raises:
            MalformedError: what is stored of a Worker is not what can be run.
        """
        try:
            await self._apply()
        except UnavailableError as problem:
            reason = self._journal.struck(str(problem))
            _LOG.warning("%s was stored but does not run: %s", name_in(worker), reason)
            return None
        return self._problems.get(worker)

    def problem(self, worker: str) -> str | None:
        """Return why a Worker does not run, or None."""
        return self._host.problem or self._problems.get(worker)

    async def fetch(self, worker: str, request: Request, segments: int = 1) -> Response:
        """Give a request to a Worker; 503 and why when it does not run, 504 when it is late.

        Args:
            worker: its address.
            request: below `/workers`.
            segments: of the path after `/workers`, that name the Worker: it does not see them.

        """
        raw = bytes(request.scope["raw_path"]).decode("latin-1").split("/", segments + 2)
        url = f"{self.origin}/{raw[segments + 2] if len(raw) > segments + 2 else ''}"
        query = bytes(request.scope["query_string"]).decode("latin-1")
        if query:
            url += f"?{query}"
        headers = [
            (name, value)
            for name, value in request.headers.items()
            if name not in ("host", "authorization") and not name.startswith("x-localcloud-")
        ]
        if "authorization" in request.headers:
            headers.append(("x-localcloud-authorization", request.headers["authorization"]))
        headers += [
            ("x-forwarded-prefix", "/".join(raw[: segments + 2])),
            ("x-localcloud-url", quote(url, safe="")),
            ("x-localcloud-within", str(self._limits.answer)),
        ]
        has_body = request.method not in ("GET", "HEAD")
        if (refusal := self._too_large(worker, request, url)) is not None:
            return refusal
        body = Counted(request.stream(), REQUEST_BODY_BYTES)
        try:
            answer = await self._host.stream(
                request.method,
                f"/fetch/{quote(worker, safe='')}",
                headers=headers,
                content=body.chunks() if has_body else None,
                wait=self._limits.start,
                timeout=self._limits.answer + 10,
            )
        except TooLargeError:
            return self._refuse(worker, request, "request body", body.size, REQUEST_BODY_BYTES)
        except (UnavailableError, httpx.HTTPError) as problem:
            return PlainTextResponse(f"The Worker does not run: {problem}\n", 503)
        if "x-localcloud-problem" in answer.headers:
            reason = self._journal.struck((await answer.aread()).decode("utf-8", "replace"))
            await answer.aclose()
            if answer.status_code != 500:
                self._journal.add_problem(worker, f"fetch {request.method} {url}", reason)
            return PlainTextResponse(f"{reason}\n", answer.status_code)
        response = StreamingResponse(_body(answer), status_code=answer.status_code)
        response.raw_headers = [
            (name.encode(), value.encode())
            for name, value in answer.headers.multi_items()
            if name not in ("connection", "keep-alive", "transfer-encoding", "date")
        ]
        return response

    def _too_large(self, worker: str, request: Request, url: str) -> Response | None:
        """Return the refusal of a request that Cloudflare would not give to a Worker."""
        headers = sum(len(name) + len(value) + 4 for name, value in request.headers.raw)
        announced = request.headers.get("content-length", "0")
        figures = (
            ("URL", len(url), URL_BYTES),
            ("request headers", headers, HEADER_BYTES),
            ("request body", int(announced) if announced.isdecimal() else 0, REQUEST_BODY_BYTES),
        )
        for limit, figure, allowed in figures:
            if figure > allowed:
                return self._refuse(worker, request, limit, figure, allowed)
        return None

    def _refuse(
        self, worker: str, request: Request, limit: str, figure: int, allowed: int
    ) -> Response:
        status, said = _TOO_LARGE[limit]
        exceeded = Exceeded(
            script=worker,
            limit=f"{limit} size",
            figure=figure,
            allowed=allowed,
            on=f"fetch {request.method}",
            text=f"a {limit} of more than {allowed} bytes is answered with {status}",
        )
        self._journal.add_limit(exceeded, loud=True)
        return PlainTextResponse(f"{said}\n", status)

    async def scheduled(self, worker: str, cron: str, at: int) -> Run:
        """Run a cron handler once and keep what came of it."""
        call: Document = {"script": worker, "cron": cron, "at": at, "limit": self._limits.cron}
        try:
            answer = await self._host.call(
                "POST",
                "/scheduled",
                content=json.dumps(call).encode(),
                wait=self._limits.start,
                timeout=self._limits.cron + 10,
            )
            told = document(parse(answer.content))
        except MalformedError:
            said = answer.text.splitlines()[:1]
            told = {"ok": False, "error": f"The Worker was not run: {''.join(said)}", "ms": 0}
        except (UnavailableError, httpx.HTTPError) as problem:
            told = {"ok": False, "error": f"The Worker does not run: {problem}", "ms": 0}
        error = told.get("error")
        run = Run(
            script=worker,
            cron=cron,
            at=at,
            ok=told.get("ok") is True,
            error=self._journal.told(told, "error") if isinstance(error, str) else None,
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
            except (UnavailableError, MalformedError) as problem:
                _LOG.warning("Workers do not run: %s", self._journal.struck(str(problem)))
                self._stale.clear()
            except Exception:  # noqa: BLE001 (the next change may mend it)
                _LOG.exception("Workers do not run")
                self._stale.clear()

    async def _unfollow(self) -> None:
        while True:
            await self._unfollowed.wait()
            self._unfollowed.clear()
            # A runtime that starts is told with its plan.
            with contextlib.suppress(UnavailableError):
                await self._tell_followed()

    async def _apply(self) -> None:
        async with self._applying:
            self._stale.clear()
            self._journal.renew_secrets(at_once=True)
            wanted: Document = {
                "groups": [*plan(self._store, self.allowances)],
                "storages": [*shelves(self._store)],
                "followed": self._followed(),
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
            for worker in self._problems.keys() - told.keys():
                self._journal.forget(worker)
                for tail in self.tails_of(worker):
                    self.close_tail(worker, tail.id)
            self._problems = {
                worker: None if reason is None else self._journal.struck(str(reason))
                for worker, reason in told.items()
            }
            self._sweep()

    def _sweep(self) -> None:
        """Remove what namespaces, buckets and Durable Objects held that are no more."""
        for directory, wanted in storages(self._store).items():
            for path in (self._root / directory).glob("*"):
                # What is named otherwise are miniflare's own indexes.
                if path.is_dir() and _STORAGE.fullmatch(path.name) and path.name not in wanted:
                    shutil.rmtree(path, ignore_errors=True)
        for directory, files in indexes(self._store).items():
            for path in (self._root / directory).glob("*.sqlite*"):
                stem = path.name.partition(".")[0]
                if _INDEX.fullmatch(stem) and stem not in files:
                    path.unlink(missing_ok=True)

    def _event(self, event: Document) -> None:
        try:
            self._take(event)
        except Exception as problem:  # noqa: BLE001 (a Worker has its hand in what is told)
            reason = self._journal.struck(f"{type(problem).__name__}: {problem}")
            _LOG.error("what the runtime told was dropped: %s", reason)

    def _take(self, event: Document) -> None:
        match event.get("event"):
            case "tail":
                self._journal.tailed(event)
            case "guard" if "limit" in event:
                self._journal.add_limit(_exceeded(event))
            case "trace" if self.tails is not None:
                self.tails.traced(text(event, "script"), inner(event, "item"))
            case "guard":
                for about in self.listeners.keys() & event.keys():
                    self.listeners[about](text(event, "script"), event[about])
            case "restarted":
                workers = [str(worker) for worker in items(event, "scripts")]
                reason = self._journal.struck(text(event, "reason"))
                self._journal.add_restart(workers, reason)
                names = ", ".join(name_in(worker) for worker in workers)
                _LOG.warning("restarted %s: %s", names, reason)
            case "trouble":
                _LOG.error("runtime: %s", self._journal.struck(str(event.get("text"))))
            case _:
                pass


_TOO_LARGE = {
    "URL": (414, "URI Too Long"),
    "request headers": (431, "Request Header Fields Too Large"),
    "request body": (413, "Request Entity Too Large"),
}


def _exceeded(event: Document) -> Exceeded:
    told = inner(event, "limit")
    return Exceeded(
        script=text(event, "script"),
        limit=text(told, "limit"),
        figure=int(number(told, "figure")),
        allowed=int(number(told, "allowed")),
        on=text(told, "on", ""),
        text=text(told, "text"),
    )


async def _body(answer: httpx.Response) -> AsyncIterator[bytes]:
    """Pass on what a Worker answers, and let go of it also when the caller has gone away."""
    try:
        async for chunk in answer.aiter_raw():
            yield chunk
    finally:
        await answer.aclose()
