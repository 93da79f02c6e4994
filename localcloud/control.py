"""What the shell and the console do to localcloud itself, below `/_local`."""

from __future__ import annotations

import hmac
import json
import os
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from localcloud.addresses import AmbiguousError, account_in, address_of, meant
from localcloud.cloudflare.buckets import KEEP_FULL, going_full, let_go_full
from localcloud.contents import ENTRIES, NothingThereError
from localcloud.crons import next_run
from localcloud.documents import MalformedError, document, flag, inner, number, parse, text, texts
from localcloud.moments import moment_of, now, parsed, precise
from localcloud.orphans import TYPES, forget, listed
from localcloud.services import State, UnknownServiceError, declared
from localcloud.shelves import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

    from localcloud.changes import Changes
    from localcloud.contents import Contents
    from localcloud.documents import Document, Value
    from localcloud.faults import Faults
    from localcloud.inbox.messages import Messages
    from localcloud.runtime.clock import Clock
    from localcloud.runtime.journal import Journal
    from localcloud.runtime.workers import Workers
    from localcloud.services import Services
    from localcloud.store import Store

_PATIENCE = 25.0
_LONGEST_COUNT = 19
"""Digits of a count of changes: no longer one was ever told."""
_OPEN = "/_local/health"


class Told(Response):
    """JSON in ASCII: whatever text a Worker or a client made up can be told."""

    media_type = "application/json"

    def render(self, content: object) -> bytes:
        """Return it as it goes over the wire."""
        return json.dumps(content, allow_nan=False, separators=(",", ":")).encode("ascii")


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
        contents: Contents,
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
        self._contents = contents
        self._shutdown = shutdown
        self.faults: Faults | None = None

    def application(self) -> ASGIApp:
        """Return what answers below `/_local`."""
        app = Starlette(
            routes=self.routes(),
            exception_handlers={
                MalformedError: _malformed,
                UnknownServiceError: _unknown,
                NothingThereError: _unknown,
                UnavailableError: _unavailable,
                AmbiguousError: _ambiguous,
            },
        )

        # Nobody is sent elsewhere for a slash, as in the services.
        app.router.redirect_slashes = False

        async def with_key(scope: Scope, receive: Receive, send: Send) -> None:
            sent = dict(scope["headers"]).get(b"authorization", b"")
            expected = f"Bearer {self._key}".encode()
            if scope["path"] != _OPEN and not hmac.compare_digest(sent, expected):
                refusal = Told({"error": "the key of this localcloud is needed"}, 403)
                await refusal(scope, receive, send)
                return
            await app(scope, receive, send)

        return with_key

    def routes(self) -> list[Route]:
        """Return the routes, below `/_local`."""
        return [
            Route("/health", self._health, methods=["GET"]),
            Route("/changes", self._changed, methods=["GET"]),
            Route("/inbox", self._inbox, methods=["GET", "DELETE"]),
            Route("/services", self._all_services, methods=["GET", "PUT"]),
            Route("/services/{name}", self._service, methods=["POST"]),
            Route("/tick", self._tick, methods=["POST"]),
            Route("/crons", self._crons, methods=["GET", "POST"]),
            Route("/settings", self._settings, methods=["GET", "POST"]),
            Route("/workers", self._all_workers, methods=["GET"]),
            Route("/tails/{script:path}", self._tail, methods=["POST"]),
            Route("/objects", self._objects, methods=["GET"]),
            Route("/objects/{kind}/{id:path}", self._object, methods=["GET"]),
            Route("/contents/{kind}", self._shelves, methods=["GET"]),
            Route("/contents/{kind}/{id}", self._entries, methods=["GET"]),
            Route("/contents/{kind}/{id}/{key:path}", self._value, methods=["GET"]),
            Route("/forget", self._forget, methods=["POST"]),
            Route("/faults", self._all_faults, methods=["GET", "POST", "DELETE"]),
            Route("/faults/add", self._more_faults, methods=["POST"]),
            Route("/faults/{id}", self._fewer_faults, methods=["DELETE"]),
            Route("/shutdown", self._stop, methods=["POST"]),
        ]

    async def _health(self, _request: Request) -> Response:
        return Told({"ok": True, "instance": self._instance, "pid": os.getpid()})

    async def _changed(self, request: Request) -> Response:
        known = request.query_params.get("after", "0")
        after = int(known) if known.isdecimal() and len(known) < _LONGEST_COUNT else 0
        count = await self._changes.after(after, _PATIENCE)
        return Told({"count": count})

    async def _inbox(self, request: Request) -> Response:
        if request.method == "DELETE":
            self._messages.clear()
            return Response(status_code=204)
        return Told(self._messages.all())

    async def _all_services(self, request: Request) -> Response:
        if request.method == "PUT":
            self._services.declare(declared(parse(await request.body())))
        return Told(self._services.all())

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
        return Told(next(one for one in self._services.all() if one["service"] == name))

    async def _tick(self, request: Request) -> Response:
        sent = document(parse(await request.body() or b"{}"))
        at, until = _moment(sent, "at"), _moment(sent, "until")
        cron, asked = text(sent, "cron", "") or None, text(sent, "script", "")
        # Nothing is due of a Worker that is not there.
        script = (meant(self._store, asked) or asked) if asked else None
        if until is None:
            runs = await self._clock.drive(at, cron, script)
        else:
            runs = await self._clock.drive_through(at or now(), until, cron, script)
        self._changes.note()
        return Told([run.as_document() for run in runs])

    async def _crons(self, request: Request) -> Response:
        if request.method == "POST":
            self._clock.paused = flag(document(parse(await request.body())), "paused")
            self._changes.note()
        return Told({"paused": self._clock.paused})

    async def _settings(self, request: Request) -> Response:
        if request.method == "POST":
            sent = document(parse(await request.body()))
            if sent.get("keep_full_buckets") is not None:
                kept = flag(sent, "keep_full_buckets")
                self._store.set_setting(KEEP_FULL, "yes" if kept else "no")
            let_go_full(self._store, texts(sent, "may_go_full"))
        told: Document = {
            "keep_full_buckets": self._store.setting(KEEP_FULL) != "no",
            "may_go_full": [*going_full(self._store)],
        }
        return Told(told)

    async def _all_workers(self, _request: Request) -> Response:
        crons = self._clock.crons()
        workers: list[Value] = []
        for script in self._store.all("scripts"):
            worker = address_of(script)
            own = [cron.expression for cron in crons if cron.script == worker]
            due = [moment for cron in own if (moment := next_run(cron, now()))]
            problem = self._workers.problem(worker)
            workers.append(
                {
                    "account": account_in(worker),
                    "script": script.id,
                    "changed": precise(script.modified),
                    "migration_tag": script.body["migration_tag"],
                    "running": problem is None,
                    "problem": problem,
                    "crons": list(own),
                    "paused": self._clock.paused,
                    "next": None if not due or self._clock.paused else precise(min(due)),
                    "runs": self._journal.runs(worker),
                    "log": self._journal.lines(worker),
                    "limits": self._journal.limits(worker),
                    "restarts": [
                        restart
                        for restart in self._journal.restarts()
                        if _concerns(restart, worker)
                    ],
                }
            )
        return Told(workers)

    async def _tail(self, request: Request) -> Response:
        script = str(request.path_params["script"])
        worker = meant(self._store, script)
        if worker is None:
            known = ", ".join(sorted({held.id for held in self._store.all("scripts")})) or "none"
            raise NothingThereError(f"no Worker {script!r}: there are {known}")
        tail = await self._workers.open_tail(worker)
        if tail is None:
            said = f"Worker {script} has as many tails as there may be: end one of them"
            return Told({"error": said}, 409)
        return Told({"id": tail.id, "url": tail.url, "expires_at": precise(tail.expires)})

    async def _objects(self, _request: Request) -> Response:
        kinds: list[Value] = []
        for kind in listed(self._store):
            objects: list[Value] = [
                {
                    "id": held.id,
                    "name": held.name,
                    "scope": held.scope,
                    "changed": held.modified,
                }
                for held in kind.objects
            ]
            kinds.append(
                {
                    "kind": kind.kind,
                    "type": kind.pulumi_type,
                    "count": len(objects),
                    "changed": max(held.modified for held in kind.objects),
                    "objects": objects,
                }
            )
        return Told(kinds)

    async def _object(self, request: Request) -> Response:
        kind, identifier = str(request.path_params["kind"]), str(request.path_params["id"])
        scope = request.query_params.get("scope")
        scopes = [one.scope for one in self._store.briefs(kind, scope) if one.id == identifier]
        if len(scopes) > 1:
            said = " or ".join(f"?scope={one}" for one in sorted(scopes))
            raise AmbiguousError(f"{len(scopes)} places have {kind} {identifier!r}: say {said}")
        held = self._store.get(kind, scopes[0], identifier) if scopes else None
        if held is None:
            raise NothingThereError(f"no {kind} {identifier!r}")
        types = [token for token, of_kind in TYPES.items() if of_kind == kind]
        told: Document = {
            "kind": kind,
            "type": types[0] if types else None,
            "scope": held.scope,
            "id": held.id,
            "name": held.name,
            "created": precise(held.created),
            "changed": precise(held.modified),
            # What the service never tells again is not in the body.
            "body": held.body,
        }
        return Told(told)

    async def _shelves(self, request: Request) -> Response:
        scope = request.query_params.get("scope")
        return Told(await self._contents.shelves(request.path_params["kind"], scope))

    async def _entries(self, request: Request) -> Response:
        query, names = request.query_params, request.path_params
        scope = query.get("scope")
        if "key" in query:
            # Clients resolve dot segments of a path; a query they leave alone.
            key = query["key"]
            return Told(await self._contents.value(names["kind"], names["id"], key, scope))
        limit = query.get("limit", str(ENTRIES))
        if not limit.isdecimal() or len(limit) > 9:
            raise MalformedError(f"limit must be a number, not {limit!r}")
        told = await self._contents.entries(
            names["kind"],
            names["id"],
            prefix=query.get("prefix", ""),
            limit=int(limit),
            table=query.get("table"),
            scope=scope,
        )
        return Told(told)

    async def _value(self, request: Request) -> Response:
        names, scope = request.path_params, request.query_params.get("scope")
        return Told(await self._contents.value(names["kind"], names["id"], names["key"], scope))

    async def _forget(self, request: Request) -> Response:
        sent = document(parse(await request.body()))
        kind, name = text(sent, "kind"), text(sent, "name")
        if kind not in TYPES:
            raise MalformedError(f"kind must be a type token such as {next(iter(TYPES))}")
        said = inner(sent, "place")
        place = {field: text(said, field) for field in said}
        gone = forget(self._store, kind, name, place, set(texts(sent, "keep")))
        if gone:
            self._workers.refresh()
            self._changes.note()
        return Told({"deleted": [held.id for held in gone]})

    async def _all_faults(self, request: Request) -> Response:
        faults = self.faults
        if faults is None:
            return Response(status_code=503)
        if request.method == "POST":
            faults.set(parse(await request.body()))
        elif request.method == "DELETE":
            faults.clear()
        return Told(faults.all())

    async def _more_faults(self, request: Request) -> Response:
        faults = self.faults
        if faults is None:
            return Response(status_code=503)
        faults.add(parse(await request.body()))
        return Told(faults.all())

    async def _fewer_faults(self, request: Request) -> Response:
        faults, identifier = self.faults, str(request.path_params["id"])
        if faults is None:
            return Response(status_code=503)
        if not faults.remove(identifier):
            raise NothingThereError(f"no fault {identifier!r}: GET /_local/faults lists them")
        return Told(faults.all())

    async def _stop(self, _request: Request) -> Response:
        self._shutdown()
        return Told({"ok": True}, 202)


def _moment(sent: Document, field: str) -> datetime | None:
    """Return a moment told as ISO 8601 with a zone, or as milliseconds since 1970."""
    told = sent.get(field)
    if told is None:
        return None
    try:
        if not isinstance(told, str):
            return moment_of(number(sent, field))
        moment = parsed(told)
    except (ValueError, OverflowError, OSError) as problem:
        raise MalformedError(f"{field} is no point in time: {told!r}") from problem
    if moment.tzinfo is None:
        raise MalformedError(f"{field} needs a time zone: {told}Z is in UTC")
    return moment


def _concerns(restart: Value, script: str) -> bool:
    scripts: Value = restart.get("scripts") if isinstance(restart, dict) else None
    return isinstance(scripts, list) and (not scripts or script in scripts)


async def _malformed(_request: Request, problem: Exception) -> Response:
    told: Document = {"error": str(problem)}
    return Told(told, 400)


async def _unavailable(_request: Request, problem: Exception) -> Response:
    return Told({"error": str(problem)}, 503)


async def _ambiguous(_request: Request, problem: Exception) -> Response:
    return Told({"error": str(problem)}, 409)


async def _unknown(_request: Request, problem: Exception) -> Response:
    return Told({"error": str(problem)}, 404)
