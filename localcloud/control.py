"""What the shell and the console do to localcloud itself, below `/_local`."""

from __future__ import annotations

import hmac
import os
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localcloud.crons import next_run
from localcloud.documents import MalformedError, document, flag, number, parse, text, texts
from localcloud.moments import now, precise
from localcloud.orphans import TYPES, forget, listed
from localcloud.services import State, UnknownServiceError, declared

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

    from localcloud.changes import Changes
    from localcloud.documents import Document, Value
    from localcloud.faults import Faults
    from localcloud.inbox.messages import Messages
    from localcloud.runtime.clock import Clock
    from localcloud.runtime.journal import Journal
    from localcloud.runtime.workers import Workers
    from localcloud.services import Services
    from localcloud.store import Store

_PATIENCE = 25.0
_OPEN = "/_local/health"


class Control:
    """The control calls. All but the health need the key."""

    def __init__(
        self,
        *,
        key: str,
        instance: str,
        store: Store,
        messages: Messages,
        services: Services,
        workers: Workers,
        clock: Clock,
        journal: Journal,
        changes: Changes,
        shutdown: Callable[[], None],
    ) -> None:
        """Keep everything that there is to control; the faults are set once they exist."""
        self._key = key
        self._instance = instance
        self._store = store
        self._messages = messages
        self._services = services
        self._workers = workers
        self._clock = clock
        self._journal = journal
        self._changes = changes
        self._shutdown = shutdown
        self.faults: Faults | None = None

    def application(self) -> ASGIApp:
        """Return what answers below `/_local`."""
        app = Starlette(
            routes=[
                Route("/health", self._health, methods=["GET"]),
                Route("/changes", self._changed, methods=["GET"]),
                Route("/inbox", self._inbox, methods=["GET", "DELETE"]),
                Route("/services", self._all_services, methods=["GET", "PUT"]),
                Route("/services/{name}", self._service, methods=["POST"]),
                Route("/tick", self._tick, methods=["POST"]),
                Route("/crons", self._crons, methods=["GET", "POST"]),
                Route("/workers", self._all_workers, methods=["GET"]),
                Route("/objects", self._objects, methods=["GET"]),
                Route("/forget", self._forget, methods=["POST"]),
                Route("/faults", self._all_faults, methods=["GET", "POST", "DELETE"]),
                Route("/shutdown", self._stop, methods=["POST"]),
            ],
            exception_handlers={MalformedError: _malformed, UnknownServiceError: _unknown},
        )

        async def with_key(scope: Scope, receive: Receive, send: Send) -> None:
            sent = dict(scope["headers"]).get(b"authorization", b"")
            expected = f"Bearer {self._key}".encode()
            if scope["path"] != _OPEN and not hmac.compare_digest(sent, expected):
                refusal = JSONResponse({"error": "the key of this localcloud is needed"}, 403)
                await refusal(scope, receive, send)
                return
            await app(scope, receive, send)

        return with_key

    async def _health(self, _request: Request) -> Response:
        return JSONResponse({"ok": True, "instance": self._instance, "pid": os.getpid()})

    async def _changed(self, request: Request) -> Response:
        known = request.query_params.get("after", "0")
        count = await self._changes.after(int(known) if known.isdecimal() else 0, _PATIENCE)
        return JSONResponse({"count": count})

    async def _inbox(self, request: Request) -> Response:
        if request.method == "DELETE":
            self._messages.clear()
            return Response(status_code=204)
        return JSONResponse(self._messages.all())

    async def _all_services(self, request: Request) -> Response:
        if request.method == "PUT":
            self._services.declare(declared(parse(await request.body())))
        return JSONResponse(self._services.all())

    async def _service(self, request: Request) -> Response:
        sent = document(parse(await request.body()))
        wanted = text(sent, "state")
        if wanted not in list(State):
            raise MalformedError(f"state must be one of {', '.join(State)}, not {wanted!r}")
        delay = number(sent, "delay", 0)
        if wanted == State.SLOW and delay <= 0:
            raise MalformedError("delay must say by how many seconds it is slow")
        name = str(request.path_params["name"])
        self._services.set_state(name, State(wanted), delay)
        return JSONResponse(next(one for one in self._services.all() if one["service"] == name))

    async def _tick(self, request: Request) -> Response:
        sent = document(parse(await request.body() or b"{}"))
        at = None if sent.get("at") is None else int(number(sent, "at"))
        cron, script = text(sent, "cron", "") or None, text(sent, "script", "") or None
        runs = await self._clock.drive(at, cron, script)
        self._changes.note()
        return JSONResponse([run.as_document() for run in runs])

    async def _crons(self, request: Request) -> Response:
        if request.method == "POST":
            self._clock.paused = flag(document(parse(await request.body())), "paused")
            self._changes.note()
        return JSONResponse({"paused": self._clock.paused})

    async def _all_workers(self, _request: Request) -> Response:
        crons = self._clock.crons()
        workers: list[Value] = []
        for script in self._store.all("scripts"):
            own = [cron.expression for cron in crons if cron.script == script.id]
            due = [moment for cron in own if (moment := next_run(cron, now()))]
            problem = self._workers.problem(script.id)
            workers.append(
                {
                    "script": script.id,
                    "changed": precise(script.modified),
                    "migration_tag": script.body["migration_tag"],
                    "running": problem is None,
                    "problem": problem,
                    "crons": list(own),
                    "paused": self._clock.paused,
                    "next": None if not due or self._clock.paused else precise(min(due)),
                    "runs": self._journal.runs(script.id),
                    "log": self._journal.lines(script.id),
                    "restarts": [
                        restart
                        for restart in self._journal.restarts()
                        if _concerns(restart, script.id)
                    ],
                }
            )
        return JSONResponse(workers)

    async def _objects(self, _request: Request) -> Response:
        kinds: list[Value] = []
        for kind in listed(self._store):
            objects: list[Value] = [
                {"id": held.id, "name": held.name, "changed": precise(held.modified)}
                for held in kind.objects
            ]
            kinds.append(
                {
                    "kind": kind.kind,
                    "type": kind.pulumi_type,
                    "count": len(objects),
                    "changed": precise(max(held.modified for held in kind.objects)),
                    "objects": objects,
                }
            )
        return JSONResponse(kinds)

    async def _forget(self, request: Request) -> Response:
        sent = document(parse(await request.body()))
        kind, name = text(sent, "kind"), text(sent, "name")
        if kind not in TYPES:
            raise MalformedError(f"kind must be a type token such as {next(iter(TYPES))}")
        gone = forget(self._store, kind, name, set(texts(sent, "keep")))
        if gone:
            self._workers.refresh()
            self._changes.note()
        return JSONResponse({"deleted": [held.id for held in gone]})

    async def _all_faults(self, request: Request) -> Response:
        faults = self.faults
        if faults is None:
            return Response(status_code=503)
        if request.method == "POST":
            faults.set(parse(await request.body()))
        elif request.method == "DELETE":
            faults.clear()
        return JSONResponse(faults.all())

    async def _stop(self, _request: Request) -> Response:
        self._shutdown()
        return JSONResponse({"ok": True}, 202)


def _concerns(restart: Value, script: str) -> bool:
    scripts: Value = restart.get("scripts") if isinstance(restart, dict) else None
    return isinstance(scripts, list) and (not scripts or script in scripts)


async def _malformed(_request: Request, problem: Exception) -> Response:
    told: Document = {"error": str(problem)}
    return JSONResponse(told, 400)


async def _unknown(_request: Request, problem: Exception) -> Response:
    return JSONResponse({"error": str(problem)}, 404)
