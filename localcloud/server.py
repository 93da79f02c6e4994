"""One localcloud: everything put together, started in order and ended in order."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route

from localcloud import ports
from localcloud.addresses import AmbiguousError, account_in, name_in, reached
from localcloud.changes import Changes
from localcloud.cloudflare.access.rates import Rates
from localcloud.cloudflare.api import cloudflare_api
from localcloud.console import console_routes
from localcloud.contents import Contents
from localcloud.control import Control
from localcloud.discovery import announced, remembered
from localcloud.documents import document, documents
from localcloud.faults import Faults
from localcloud.grafana.api import grafana_api
from localcloud.hanging_up import SeverableProtocol
from localcloud.inbox.hooks import Hooks
from localcloud.inbox.mail import serve_mail, shipped
from localcloud.inbox.messages import Messages
from localcloud.lasting import Ended, lasting
from localcloud.loopback import LoopbackOnly
from localcloud.runtime.analytics import Points
from localcloud.runtime.clock import Clock
from localcloud.runtime.host import Host
from localcloud.runtime.journal import Journal
from localcloud.runtime.storage import Storage
from localcloud.runtime.tails import Tails
from localcloud.runtime.workers import Workers
from localcloud.services import Services
from localcloud.store import Store
from localcloud.unmasked import MasklessProtocol

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp

    from localcloud.runtime.workers import Limits

_LOG = logging.getLogger("localcloud")
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the command line says."""

    home: Path
    port: int
    port_fixed: bool
    node: str
    modules: Path
    limits: Limits
    known_tokens_only: bool = False
    """Refuse Cloudflare tokens that were not issued here."""
    rate_limit: int | None = None
    """Calls in five minutes that each Cloudflare token may make; None: any number."""


class _Server(uvicorn.Server):
    """Uvicorn that says when it is ready and leaves signals alone."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(options: Options) -> None:
    """Run until a signal or a control call ends it.

    Raises:
        PortTakenError: the port that it has to use is taken.

    """
    store = Store(options.home / "localcloud.db")
    try:
        listener, mail_listener = _listeners(store, options)
        with contextlib.closing(listener), contextlib.closing(mail_listener):
            await _serve(options, store, listener, mail_listener)
    finally:
        store.close()


def _listeners(store: Store, options: Options) -> tuple[socket.socket, socket.socket]:
    """Return the sockets for HTTP and mail: where they were last time, if that is still free."""
    listener = _listener(store, "http port", options.port, fixed=options.port_fixed)
    mail = _listener(store, "smtp port", ports.port_of(listener) + 1, fixed=False)
    return listener, mail


def _listener(store: Store, name: str, wanted: int, *, fixed: bool) -> socket.socket:
    last = store.setting(name)
    listener = None
    if last is not None and not fixed:
        with contextlib.suppress(ports.PortTakenError):
            listener = ports.listen(int(last), fixed=True)
    if listener is None:
        listener = ports.listen(wanted, fixed=fixed)
    store.set_setting(name, str(ports.port_of(listener)))
    return listener


async def _serve(
    options: Options, store: Store, listener: socket.socket, mail_listener: socket.socket
) -> None:
    changes = Changes()
    key, secret = remembered(store, "key"), remembered(store, "secret")
    journal = Journal(store, changes.note)
    root = options.home / "workers"
    host = Host(node=options.node, modules=options.modules, root=root, journal=journal)
    workers = Workers(store, journal, host, root, options.limits)
    storage = Storage(host, workers, options.limits.start)
    clock = Clock(store, workers, journal)
    messages = Messages(store, changes.note)
    services = Services(store, changes.note)
    url = f"http://{ports.ADDRESS}:{ports.port_of(listener)}"
    smtp = f"{ports.ADDRESS}:{ports.port_of(mail_listener)}"
    workers.origin = url
    workers.tails = Tails(journal, url.replace("http://", "ws://"), workers.unfollowed)
    points = Points(root / "analytics.db")
    workers.listeners["points"] = lambda worker, told: points.add(
        account_in(worker), documents({"points": told}, "points")
    )
    workers.listeners["mail"] = lambda worker, mail: messages.add(
        shipped(name_in(worker), document(mail))
    )
    ended = Ended()
    ended.heed_signals()

    def changed(kind: str) -> None:
        workers.changed(kind)
        changes.note()

    control = Control(
        key=key,
        instance=remembered(store, "instance"),
        store=store,
        messages=messages,
        services=services,
        workers=workers,
        clock=clock,
        journal=journal,
        changes=changes,
        contents=Contents(store, storage, points),
        shutdown=lambda: ended.set("a control call asked for it"),
    )
    app = Starlette(
        routes=[
            Mount(
                "/client/v4",
                cloudflare_api(
                    store,
                    workers,
                    storage,
                    changed,
                    rates=Rates(options.rate_limit, time.monotonic),
                    known_tokens_only=options.known_tokens_only,
                ),
            ),
            Mount("/grafana", grafana_api(store, changes.note)),
            Mount("/_local", control.application()),
            *_worker_routes(store, workers),
            *workers.tails.routes(),
            *services.routes(),
            *Hooks(messages, secret).routes(),
            *console_routes(key),
        ],
        exception_handlers={HTTPException: _unknown},
    )
    control.faults = Faults(app)
    server = _Server(_config(LoopbackOnly(control.faults)))
    mail = await serve_mail(mail_listener, messages, secret)
    tasks = lasting({"the runtime": workers.run, "the clock": clock.run})
    serving = asyncio.create_task(server.serve([listener]))
    workers.refresh()
    try:
        await server.ready.wait()
        with announced(options.home, url=url, smtp=smtp, key=key, secret=secret):
            _LOG.info("ready at %s, mail at %s", url, smtp)
            await ended.wait_with(serving)
    except BaseException as problem:
        ended.set(f"{type(problem).__name__}: {problem}")
        raise
    finally:
        server.should_exit = True
        changes.close()
        for task in tasks:
            task.cancel()
        mail.close()
        await asyncio.gather(serving, *tasks, return_exceptions=True)
        points.close()
        _LOG.info("ended: %s", ended.reason)


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        http=SeverableProtocol,
        ws=MasklessProtocol,
        # A listener is sent to and says little.
        ws_max_size=64 * 1024,
        timeout_graceful_shutdown=1,
        timeout_keep_alive=30,
    )


def _worker_routes(store: Store, workers: Workers) -> list[Route]:
    async def dispatch(request: Request) -> Response:
        script, rest = str(request.path_params["script"]), request.path_params.get("path", "")
        try:
            found = reached(store, script, str(rest))
        except AmbiguousError as problem:
            return PlainTextResponse(f"{problem}, after /workers/\n", 409)
        if found is None:
            known = ", ".join(sorted({held.id for held in store.all("scripts")})) or "none"
            return PlainTextResponse(f"no Worker {script}: there are {known}\n", 404)
        worker, segments = found
        return await workers.fetch(worker, request, segments)

    return [
        Route("/workers/{script}", dispatch, methods=_METHODS),
        Route("/workers/{script}/{path:path}", dispatch, methods=_METHODS),
    ]


async def _unknown(request: Request, problem: Exception) -> Response:
    status = problem.status_code if isinstance(problem, HTTPException) else 404
    return PlainTextResponse(f"localcloud has nothing at {request.scope['path']}\n", status)
