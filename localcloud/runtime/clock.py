"""The minute clock that runs the crons of Workers."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from localcloud.addresses import address
from localcloud.crons import next_run
from localcloud.documents import MalformedError
from localcloud.moments import now
from localcloud.runtime.journal import Run

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from localcloud.runtime.journal import Journal
    from localcloud.store import Store

_PAUSED = "crons paused"
MOST_MINUTES = 1_440
"""Of a range that is run by hand: a day."""
_AFTER = 0.002
"""Seconds past the minute, so that a timer which is early does not make it the minute before."""


class Runner(Protocol):
    """Whoever runs cron handlers."""

    async def scheduled(self, worker: str, cron: str, at: int) -> Run:
        """Run a cron handler once and keep what came of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Time:
    """The passing of time, which tests make go faster."""

    now: Callable[[], datetime] = now
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Cron:
    """One cron of one Worker."""

    script: str
    """The Worker's address."""
    expression: str


def is_due(expression: str, at: datetime) -> bool:
    """Tell whether an expression is due in the minute of a moment."""
    minute = at.replace(second=0, microsecond=0)
    return next_run(expression, minute - timedelta(seconds=1)) == minute


class Clock:
    """Runs each cron at its minutes, once at a time; minutes that were missed stay missed."""

    def __init__(
        self, store: Store, workers: Runner, journal: Journal, time: Time | None = None
    ) -> None:
        """Nothing ticks until `run` does."""
        self._store = store
        self._workers = workers
        self._journal = journal
        self._time = time or Time()
        self._running: dict[Cron, asyncio.Task[Run]] = {}

    @property
    def paused(self) -> bool:
        """Whether minutes pass without effect. Survives a restart."""
        return self._store.setting(_PAUSED) == "yes"

    @paused.setter
    def paused(self, value: bool) -> None:
        self._store.set_setting(_PAUSED, "yes" if value else "no")

    def crons(self) -> list[Cron]:
        """Return the crons of all Workers."""
        return [
            Cron(script=address(*held.scope.rsplit("/scripts/", 1)), expression=held.id)
            for held in self._store.all("schedules")
        ]

    async def run(self) -> None:
        """Tick until cancelled."""
        while True:
            present = self._time.now()
            minute = present.replace(second=0, microsecond=0) + timedelta(minutes=1)
            await self._time.sleep((minute - present).total_seconds() + _AFTER)
            # A machine that slept wakes up late, and whoever set its clock back wakes up early.
            late = self._time.now() - minute
            if not self.paused and timedelta(0) <= late < timedelta(minutes=1):
                self._tick(minute)

    async def drive(self, at: datetime | None, cron: str | None, script: str | None) -> list[Run]:
        """Run crons by hand and wait for them.

        Args:
            at: the time that handlers are told; None: now.
            cron: the one expression to run, due or not; None: those due in the minute of `at`.
            script: the address of the one Worker to run them of; None: of all.

        """
        moment = self._time.now() if at is None else at
        due = [
            known
            for known in sorted(self.crons())
            if script in (None, known.script)
            and (cron == known.expression if cron else is_due(known.expression, moment))
        ]
        told = round(moment.timestamp() * 1000)
        return list(await asyncio.gather(*(self._after_present(known, told) for known in due)))

    async def drive_through(
        self, first: datetime, last: datetime, cron: str | None, script: str | None
    ) -> list[Run]:
        """Run what is due in each minute of a range, one minute after the other.

        Args:
            first: the first minute.
            last: the last one, included.
            cron: the one expression to run, where it is due; None: all.
            script: the address of the one Worker to run them of; None: of all.

        Raises:
            MalformedError: the range is empty or longer than a day.

        """
        minute = first.replace(second=0, microsecond=0)
        minutes = (last - minute) // timedelta(minutes=1) + 1
        if not 1 <= minutes <= MOST_MINUTES:
            raise MalformedError(
                f"until must be 0 to {MOST_MINUTES - 1} minutes after at, not {minutes - 1}"
            )
        runs: list[Run] = []
        for _ in range(minutes):
            if cron is None or is_due(cron, minute):
                runs += await self.drive(minute, cron, script)
            minute += timedelta(minutes=1)
        return runs

    def _tick(self, minute: datetime) -> None:
        told = round(minute.timestamp() * 1000)
        for known in self.crons():
            if not is_due(known.expression, minute):
                continue
            if known in self._running:
                self._journal.add_run(
                    Run(
                        script=known.script,
                        cron=known.expression,
                        at=told,
                        ok=False,
                        error="Left out: the run before it has not ended.",
                        ms=0,
                    )
                )
                continue
            self._start(known, told)

    async def _after_present(self, cron: Cron, at: int) -> Run:
        while cron in self._running:
            await asyncio.wait([self._running[cron]])
        return await self._start(cron, at)

    def _start(self, cron: Cron, at: int) -> asyncio.Task[Run]:
        task = asyncio.create_task(self._workers.scheduled(cron.script, cron.expression, at))
        self._running[cron] = task
        task.add_done_callback(lambda _: self._running.pop(cron, None))
        return task
