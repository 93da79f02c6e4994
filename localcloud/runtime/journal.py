"""What uploaded Workers did: the last runs of their crons, what they logged, what went wrong."""

from __future__ import annotations

import contextlib
import json
import logging
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from localcloud.addresses import account_in, meant, name_in
from localcloud.documents import document, documents, inner, parse
from localcloud.moments import moment_of, now, precise
from localcloud.runtime.striking import Striking

if TYPE_CHECKING:
    from collections.abc import Callable

    from localcloud.allowances import Exceeded
    from localcloud.documents import Document, Value
    from localcloud.store import Store

RUNS_KEPT = 50
LINES_KEPT = 200
LONGEST_LINE = 2_000
"""Characters of a line, of a stack or of an error that are kept."""
_LOUD = frozenset({"uncaught", "problem", "error"})
_LOG = logging.getLogger("localcloud")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of a cron handler."""

    script: str
    """The Worker's address."""
    cron: str
    at: int
    """The time that the handler was told, milliseconds since 1970."""
    ok: bool
    error: str | None
    ms: int

    def as_document(self) -> Document:
        """Return it as `_local/tick` and `_local/workers` tell it."""
        return {
            "account": account_in(self.script),
            "script": name_in(self.script),
            "cron": self.cron,
            "at": self.at,
            "ok": self.ok,
            "error": self.error,
            "ms": self.ms,
        }


class Journal:
    """Runs in the store, log lines in memory. Values of secrets are struck out of both."""

    def __init__(self, store: Store, noted: Callable[[], None]) -> None:
        """Call `noted` when something is added."""
        self._store = store
        self._noted = noted
        self._lines: dict[str, deque[Document]] = defaultdict(lambda: deque(maxlen=LINES_KEPT))
        self._limits: dict[str, deque[Document]] = defaultdict(lambda: deque(maxlen=RUNS_KEPT))
        self._restarts: deque[Document] = deque(maxlen=RUNS_KEPT)
        self._striking = Striking(store)

    def renew_secrets(self, *, at_once: bool = False) -> None:
        """Take notice that Workers, and with them their secrets, may have changed.

        Args:
            at_once: they are about to run; otherwise the secrets are read when they are needed.

        """
        if at_once:
            self._striking.read()
        else:
            self._striking.renew()

    def struck(self, text: str) -> str:
        """Return a text without the values of secrets in it."""
        return self._striking.text(text)

    def struck_json(self, told: Value) -> str:
        """Return the JSON of a value without the values of secrets in it."""
        try:
            return json.dumps(self._striking.value(told), separators=(",", ":"))
        except RecursionError:
            return self.struck(json.dumps(told, separators=(",", ":")))

    def told(self, said: Document, field: str) -> str:
        """Return a text of what a Worker said, without secrets and not longer than is kept.

        Args:
            said: may tell in `lengths` how long each of its texts was before the host cut it.
            field: which text.

        """
        text = self.struck(str(said.get(field) or ""))
        length = inner(said, "lengths").get(field)
        lost = max(len(text), length if isinstance(length, int) else 0) - LONGEST_LINE
        return f"{text[:LONGEST_LINE]} … and {lost} more characters" if lost > 0 else text

    def add_run(self, run: Run) -> None:
        """Keep a run, and of older ones only the last."""
        body = json.dumps({**run.as_document(), "recorded": precise(now())})
        with self._store.transaction():
            self._store.execute("INSERT INTO runs (script, body) VALUES (?, ?)", run.script, body)
            self._store.execute(
                "DELETE FROM runs WHERE script = ? AND id NOT IN"
                " (SELECT id FROM runs WHERE script = ? ORDER BY id DESC LIMIT ?)",
                run.script,
                run.script,
                RUNS_KEPT,
            )
        self._noted()

    def runs(self, worker: str) -> list[Value]:
        """Return the runs of a Worker, the last one first."""
        rows = self._store.execute(
            "SELECT body FROM runs WHERE script = ? ORDER BY id DESC", worker
        )
        return [parse(str(body)) for (body,) in rows]

    def forget(self, worker: str) -> None:
        """Drop what a Worker did, when it is gone."""
        self._store.execute("DELETE FROM runs WHERE script = ?", worker)
        self._lines.pop(worker, None)
        self._limits.pop(worker, None)

    def lines(self, worker: str) -> list[Value]:
        """Return what a Worker logged and threw, oldest first."""
        return list(self._lines.get(worker, ()))

    def restarts(self) -> list[Value]:
        """Return when and why something of the runtime was started anew."""
        return list(self._restarts)

    def add_restart(self, scripts: list[str], reason: str) -> None:
        """Keep a restart; no scripts: of all."""
        entry: Document = {
            "at": precise(now()),
            "scripts": list(scripts),
            "reason": self.struck(reason),
        }
        self._restarts.append(entry)
        self._noted()

    def limits(self, worker: str) -> list[Value]:
        """Return the limits that a Worker met, oldest first."""
        return list(self._limits.get(worker, ()))

    def add_limit(self, exceeded: Exceeded, *, loud: bool = False) -> None:
        """Keep that a Worker met a limit.

        Args:
            exceeded: which, and by how much.
            loud: also as a line of its log, where the Worker itself has not said so.

        """
        self._limits[exceeded.script].append(exceeded.as_document())
        if loud:
            said: Document = {"text": f"localcloud: {exceeded.text}"}
            self._add_line(exceeded.script, exceeded.on, "warn", None, said)
        self._noted()

    def add_problem(self, worker: str, on: str, reason: str) -> None:
        """Keep that a Worker did not do what it was asked."""
        self._add_line(worker, on, "problem", None, {"text": reason})
        self._noted()

    def tailed(self, event: Document) -> None:
        """Keep what one invocation logged and threw."""
        worker = str(event.get("script"))
        if meant(self._store, worker) is None:
            return
        trigger = inner(event, "trigger")
        on = f"{trigger.get('on')} {trigger.get('what')}".strip()
        for line in documents(event, "lines"):
            self._add_line(worker, on, str(line.get("level")), line.get("at"), line)
        for thrown in documents(event, "thrown"):
            self._add_line(worker, on, "uncaught", event.get("at"), thrown)
        self._noted()

    def _add_line(self, worker: str, on: str, level: str, at: Value, said: Document) -> None:
        moment = now()
        if isinstance(at, (int, float)):
            # Of a clock that a Worker has set, the present is as good.
            with contextlib.suppress(ValueError, OverflowError, OSError):
                moment = moment_of(at)
        said_text, on = self.told(said, "text"), self.struck(on)
        if level in _LOUD:
            _LOG.warning("%s, %s: %s: %s", name_in(worker), on, level, said_text)
        self._lines[worker].append(
            {
                "at": precise(moment),
                "level": level,
                "on": on,
                "text": said_text,
                "stack": self.told(said, "stack") or None,
            }
        )


def event_of(line: bytes) -> Document | None:
    """Return the event in a line of the host's output; None: it is something else.

    What Workers say may be nested deeper and hold larger numbers than a request may.
    """
    try:
        return document(json.loads(line))
    except (ValueError, RecursionError):
        return None
