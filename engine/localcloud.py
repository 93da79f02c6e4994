"""The localcloud process: starting it, finding it, talking to it, stopping it."""

from __future__ import annotations

import fcntl
import json
import os
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import httpx

from engine import processes
from engine.documents import Document, Json
from engine.errors import EngineError
from engine.getting import ensure
from engine.loopback import NO_CERTIFICATES
from engine.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from engine.paths import Home


PORT = 8787
"""Where it listens unless that is taken; then on the next free one."""
READY_WITHIN = 60.0
STOPPED_WITHIN = 15.0
ANSWERS_WITHIN = 10.0
"""Seconds after which it counts as busy."""
_PACKAGE = "localcloud"
_MARK = "BELFRY_LOCALCLOUD"
"""Variable of every process of one localcloud: how what it left behind is recognised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """Where the running localcloud is, and the key to its controls."""

    url: str
    smtp: str
    pid: int
    key: str = field(repr=False)
    secret: str = field(repr=False)
    """What senders have to know to reach the inbox."""


class Client:
    """The controls of a running localcloud."""

    def __init__(self, discovery: Discovery) -> None:
        self.discovery = discovery
        self._http = httpx.Client(
            base_url=discovery.url,
            headers={"Authorization": f"Bearer {discovery.key}"},
            # No connection outlives its call, so that there is nothing to close.
            limits=httpx.Limits(max_keepalive_connections=0),
            verify=NO_CERTIFICATES,
            trust_env=False,
        )

    def inbox(self) -> list[Document]:
        """Every message received, oldest first."""
        return _documents(self._call("GET", "/_local/inbox"))

    def empty_inbox(self) -> None:
        """Forget every message."""
        self._call("DELETE", "/_local/inbox")

    def services(self) -> list[Document]:
        """The stand-in services with their state, and the cause where they fail through another."""
        return _documents(self._call("GET", "/_local/services"))

    def put_services(self, services: Sequence[Document]) -> None:
        """Tell which stand-in services there are; those that stay keep their state."""
        self._call("PUT", "/_local/services", [dict(service) for service in services])

    def set_service(self, name: str, state: str, *, delay: float | None = None) -> None:
        """Break (`broken`), slow down (`slow`) or mend (`working`) a stand-in service.

        Raises:
            EngineError: there is no such service; the message names those that exist.

        """
        body: Document = {"state": state} if delay is None else {"state": state, "delay": delay}
        self._call("POST", f"/_local/services/{quote(name, safe='')}", body)

    def tick(
        self,
        *,
        at: int | None = None,
        until: int | None = None,
        cron: str | None = None,
        script: str | None = None,
    ) -> list[Document]:
        """Run the cron handlers that are due and wait for them.

        Args:
            at: the minute, in milliseconds since 1970; None: the present one.
            until: the last minute of a range that begins at `at`; each minute is run, in order.
            cron: the one expression to run: without a range also when it is not due.
            script: the one Worker to run them of; None: of all.

        """
        wanted = {"at": at, "until": until, "cron": cron, "script": script}
        body: Document = {name: value for name, value in wanted.items() if value is not None}
        return _documents(self._call("POST", "/_local/tick", body))

    def workers(self) -> list[Document]:
        """The uploaded Workers: crons, last runs, next run."""
        return _documents(self._call("GET", "/_local/workers"))

    def objects(self) -> Json:
        """What is provisioned: kinds with counts and last change."""
        return self._call("GET", "/_local/objects")

    def forget(self, kind: str, name: str, place: Mapping[str, str], keep: Sequence[str]) -> Json:
        """Delete what an interrupted update left: objects of a kind and name, but for some ids.

        Args:
            kind: Pulumi's type token.
            name: what they are called.
            place: the inputs that say where they lie, such as `accountId`; nothing elsewhere goes.
            keep: ids of those that stay.

        """
        body: Document = {"kind": kind, "name": name, "place": {**place}, "keep": list[Json](keep)}
        return self._call("POST", "/_local/forget", body)

    def let_go_full(self, buckets: Sequence[str]) -> None:
        """Let buckets, `<account>/<name>`, be deleted with all they hold, which else is refused."""
        self._call("POST", "/_local/settings", {"may_go_full": list[Json](buckets)})

    def pause_crons(self, *, paused: bool) -> None:
        """Stop or start the clock that runs cron handlers."""
        self._call("POST", "/_local/crons", {"paused": paused})

    def shutdown(self) -> None:
        """Ask it to end in good order."""
        self._call("POST", "/_local/shutdown", within=STOPPED_WITHIN)

    def _call(self, method: str, path: str, body: Json = None, *, within: float = 90) -> Json:
        timeout = httpx.Timeout(within, connect=5)
        try:
            answer = self._http.request(method, path, json=body, timeout=timeout)
        except httpx.TransportError as error:
            raise EngineError(
                f"localcloud at {self.discovery.url} does not answer ({type(error).__name__}); "
                "`belfry up` starts it again"
            ) from error
        if answer.is_error:
            raise EngineError(_refusal(answer))
        try:
            told: Json = answer.json()
        except ValueError:
            return None
        return told


def running(home: Home) -> Discovery | None:
    """The localcloud of this state directory, if it runs and is the one that its file describes.

    A file that an ended process or another boot left behind describes nothing: the process that has
    its number now does not know the key.
    """
    discovery = _read(home)
    if discovery is None or not processes.alive(discovery.pid):
        return None
    try:
        answer = httpx.get(
            f"{discovery.url}/_local/objects",
            headers={"Authorization": f"Bearer {discovery.key}"},
            timeout=ANSWERS_WITHIN,
            verify=NO_CERTIFICATES,
            trust_env=False,
        )
    except httpx.TimeoutException:
        # Busy is not gone: whoever takes it for gone ends it in the middle of its work.
        ours = discovery.pid in processes.marked(_MARK, str(home.local))
        return discovery if ours else None
    except httpx.TransportError:
        return None
    return discovery if answer.status_code == 200 else None


def start(home: Home, say: Callable[[str], None], *, port: int = PORT) -> Discovery:
    """The running localcloud, started if there is none; it goes on when this process ends.

    Raises:
        EngineError: it did not get ready; the end of its log is told.

    """
    with _alone(home):
        there = running(home)
        if there is not None:
            return there
        _clear_away(home)
        return _start(home, say, port)


def stop(home: Home, say: Callable[[str], None]) -> bool:
    """Stop the localcloud of this state directory and all it started; False if none ran."""
    with _alone(home):
        there = running(home)
        if there is not None:
            say("localcloud: stopping")
            try:
                Client(there).shutdown()
            except EngineError:
                say("localcloud: it does not stop when asked; ending its processes")
            processes.wait_for_end(there.pid, STOPPED_WITHIN)
        ended = _clear_away(home)
        return there is not None or ended


def _start(home: Home, say: Callable[[str], None], port: int) -> Discovery:
    node = ensure("node", home)
    modules = ensure("node-modules", home)
    command = [sys.executable, "-m", _PACKAGE, "serve", "--home", str(home.local)]
    command += ["--port", str(port), "--node", str(node.path), "--modules", str(modules.path)]
    older = os.environ.get("PYTHONPATH")
    path = f"{ROOT}{os.pathsep}{older}" if older else str(ROOT)
    owner = processes.port_owner(port)
    environment = {**os.environ, "PYTHONPATH": path, _MARK: str(home.local)}
    with home.log.open("ab") as log, Path(os.devnull).open("rb") as nothing:
        # Not a subprocess of Python's: it outlives this process, in a session of its own.
        pid = os.posix_spawn(
            command[0],
            command,
            environment,
            file_actions=[
                (os.POSIX_SPAWN_DUP2, nothing.fileno(), 0),
                (os.POSIX_SPAWN_DUP2, log.fileno(), 1),
                (os.POSIX_SPAWN_DUP2, log.fileno(), 2),
            ],
            setsid=True,
        )
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        there = running(home)
        if there is not None:
            _tell(there, port, owner, say)
            return there
        if not processes.alive(pid):
            break
        time.sleep(0.05)
    _clear_away(home)
    taken = f" Port {port} is taken by {owner}." if owner else ""
    raise EngineError(f"localcloud did not start.{taken} Its log ends: {_last_line(home.log)}")


def _tell(there: Discovery, wanted: int, owner: str | None, say: Callable[[str], None]) -> None:
    if urlsplit(there.url).port == wanted:
        say(f"localcloud: listening on {there.url}")
    else:
        reason = f"port {wanted} is taken by {owner}" if owner else f"not on port {wanted}"
        say(f"localcloud: listening on {there.url} ({reason})")


def _clear_away(home: Home) -> bool:
    """End what belongs to a localcloud of this state directory, and drop its discovery file."""
    ended = processes.end_all(_MARK, str(home.local))
    home.discovery.unlink(missing_ok=True)
    return ended


@contextmanager
def _alone(home: Home) -> Iterator[None]:
    home.local.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (home.local / ".start").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _read(home: Home) -> Discovery | None:
    try:
        told = json.loads(home.discovery.read_text(encoding="utf-8"))
        return Discovery(
            url=str(told["url"]),
            smtp=str(told["smtp"]),
            pid=int(told["pid"]),
            key=str(told["key"]),
            secret=str(told["secret"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _documents(told: Json) -> list[Document]:
    return [item for item in told if isinstance(item, dict)] if isinstance(told, list) else []


def _refusal(answer: httpx.Response) -> str:
    try:
        told = answer.json()
    except ValueError:
        told = None
    if isinstance(told, dict):
        for name in ("error", "message", "detail"):
            if isinstance(told.get(name), str):
                return str(told[name])
    return (
        f"localcloud refused {answer.request.url.path}: {answer.status_code} {answer.text}".strip()
    )


def _last_line(log: Path) -> str:
    lines = log.read_text("utf-8", "replace").splitlines() if log.is_file() else []
    return next((line.strip() for line in reversed(lines) if line.strip()), "(empty)")
