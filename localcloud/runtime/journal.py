"""What uploaded Workers did: the last runs of their crons, what they logged, what went wrong."""

from __future__ import annotations

import json
import logging
from collections import defaultdict, deque
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from localcloud.documents import MalformedError, document, documents, inner, parse
from localcloud.moments import now, precise
from localcloud.runtime.plan import secrets_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from localcloud.documents import Document, Value
    from localcloud.store import Store

RUNS_KEPT = 50
LINES_KEPT = 200
_LOUD = frozenset({"uncaught", "problem", "error"})
_LOG = logging.getLogger("localcloud")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of a cron handler."""

    script: str
    cron: str
    at: int
    """The time that the handler was told, milliseconds since 1970."""
    ok: bool
    error: str | None
    ms: int

    def as_document(self) -> Document:
        """Return it as `_local/tick` and `_local/workers` tell it."""
        return {
            "script": self.script,
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
        self._restarts: deque[Document] = deque(maxlen=RUNS_KEPT)

    def struck(self, text: str) -> str:
        """Return a text without the values of secrets in it."""
        for value, name in secrets_of(self._store).items():
            if len(value) >= 6:
                text = text.replace(value, f"[{name}]")
        return text

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

    def runs(self, script: str) -> list[Value]:
        """Return the runs of a Worker, the last one first."""
        rows = self._store.execute(
            "SELECT body FROM runs WHERE script = ? ORDER BY id DESC", script
        )
        return [parse(str(body)) for (body,) in rows]

    def forget(self, script: str) -> None:
        """Drop what a Worker did, when it is gone."""
        self._store.execute("DELETE FROM runs WHERE script = ?", script)
        self._lines.pop(script, None)

    def lines(self, script: str) -> list[Value]:
        """Return what a Worker logged and threw, oldest first."""
        return list(self._lines.get(script, ()))

    def restarts(self) -> list[Value]:
        """Return when and why something of the runtime was started anew."""
        return list(self._restarts)

    def add_restart(self, scripts: list[str], reason: str) -> None:
        """Keep a restart; no scripts: of all."""
        entry: Document = {"at": precise(now()), "scripts": list(scripts), "reason": reason}
        self._restarts.append(entry)
        self._noted()

    def add_problem(self, script: str, on: str, reason: str) -> None:
        """Keep that a Worker did not do what it was asked."""
        self._add_line(script, on, "problem", None, {"text": reason})
        self._noted()

    def tailed(self, event: Document) -> None:
        """Keep what one invocation logged and threw."""
        script = str(event.get("script"))
        if not self._store.named_anywhere("scripts", script):
            return
        trigger = inner(event, "trigger")
        on = f"{trigger.get('on')} {trigger.get('what')}".strip()
        for line in documents(event, "lines"):
            self._add_line(script, on, str(line.get("level")), line.get("at"), line)
        for thrown in documents(event, "thrown"):
            self._add_line(script, on, "uncaught", event.get("at"), thrown)
        self._noted()

    def _add_line(self, script: str, on: str, level: str, at: Value, said: Document) -> None:
        moment = (
            now() if not isinstance(at, (int, float)) else datetime.fromtimestamp(at / 1e3, UTC)
        )
        said_text = self.struck(str(said.get("text")))
        if level in _LOUD:
            _LOG.warning("%s, %s: %s: %s", script, on, level, said_text)
        self._lines[script].append(
            {
                "at": precise(moment),
                "level": level,
                "on": on,
                "text": said_text,
                "stack": self.struck(str(said.get("stack") or "")) or None,
            }
        )


def event_of(line: bytes) -> Document | None:
    """Return the event in a line of the host's output; None: it is something else."""
    try:
        return document(parse(line))
    except MalformedError:
        return None
