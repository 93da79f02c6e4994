"""The minute clock, with time that passes as fast as the tests like."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from localcloud.crons import CronError, next_run
from localcloud.runtime.clock import Clock, Time, is_due
from localcloud.runtime.journal import RUNS_KEPT, Journal, Run
from localcloud.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

START = datetime(2026, 11, 21, 10, 15, 30, tzinfo=UTC)


class PassingTime:
    """Time that passes only when somebody sleeps, and ends after some sleeps."""

    def __init__(self, sleeps: int, wakes_late: dict[int, timedelta] | None = None) -> None:
        self.present = START
        self._left = sleeps
        self._slept = 0
        self._wakes_late = wakes_late or {}

    def now(self) -> datetime:
        return self.present

    async def sleep(self, seconds: float) -> None:
        if self._slept == self._left:
            raise asyncio.CancelledError
        self._slept += 1
        late = self._wakes_late.get(self._slept, timedelta(0))
        self.present += timedelta(seconds=seconds) + late
        await asyncio.sleep(0)
        await asyncio.sleep(0)


class Recorder:
    """Runs nothing, and remembers what it should have."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, datetime]] = []
        self.holding: asyncio.Event | None = None

    async def scheduled(self, script: str, cron: str, at: int) -> Run:
        self.asked.append((script, cron, datetime.fromtimestamp(at / 1000, UTC)))
        if self.holding:
            await self.holding.wait()
        return Run(script=script, cron=cron, at=at, ok=True, error=None, ms=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "store.db")
    yield opened
    opened.close()


def schedule(store: Store, script: str, cron: str) -> None:
    store.put("schedules", f"accounts/a/scripts/{script}", cron, name=cron, body={})


def run_clock(store: Store, recorder: Recorder, time: PassingTime) -> Journal:
    """Let the clock tick until time ends."""
    journal = Journal(store, lambda: None)

    async def ticking() -> None:
        clock = Clock(store, recorder, journal, Time(now=time.now, sleep=time.sleep))
        with pytest.raises(asyncio.CancelledError):
            await clock.run()

    asyncio.run(ticking())
    return journal


def minutes(recorder: Recorder) -> list[str]:
    return [at.strftime("%H:%M:%S") for _, _, at in recorder.asked]


def test_a_cron_runs_at_the_beginning_of_its_minutes(store: Store) -> None:
    schedule(store, "watch", "*/2 * * * *")
    recorder = Recorder()
    run_clock(store, recorder, PassingTime(5))
    assert minutes(recorder) == ["10:16:00", "10:18:00", "10:20:00"]


def test_minutes_that_were_slept_through_stay_missed(store: Store) -> None:
    schedule(store, "watch", "* * * * *")
    recorder = Recorder()
    run_clock(store, recorder, PassingTime(3, {2: timedelta(hours=1, seconds=5)}))
    assert minutes(recorder) == ["10:16:00", "11:18:00"]


def test_a_clock_that_is_stopped_does_not_tick(store: Store) -> None:
    schedule(store, "watch", "* * * * *")
    Clock(store, Recorder(), Journal(store, lambda: None)).paused = True
    recorder = Recorder()
    run_clock(store, recorder, PassingTime(3))
    assert recorder.asked == []


def test_a_run_that_lasts_keeps_its_own_cron_waiting_and_no_other(store: Store) -> None:
    schedule(store, "watch", "* * * * *")
    schedule(store, "other", "17 * * * *")
    recorder = Recorder()

    class Holding(PassingTime):
        async def sleep(self, seconds: float) -> None:
            recorder.holding = recorder.holding or asyncio.Event()
            await super().sleep(seconds)

    journal = run_clock(store, recorder, Holding(3))
    assert [(script, at.minute) for script, _, at in recorder.asked] == [
        ("a/watch", 16),
        ("a/other", 17),
    ]
    left_out = journal.runs("a/watch")
    assert len(left_out) == 2
    assert "has not ended" in str(left_out[0])


def test_only_the_last_runs_are_kept(store: Store) -> None:
    journal = Journal(store, lambda: None)
    for at in range(RUNS_KEPT + 5):
        journal.add_run(Run(script="watch", cron="x", at=at, ok=True, error=None, ms=0))
    journal.add_run(Run(script="other", cron="x", at=0, ok=True, error=None, ms=0))
    kept = [run["at"] for run in journal.runs("watch") if isinstance(run, dict)]
    assert kept == list(range(RUNS_KEPT + 4, 4, -1))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("* * * * *", "2026-11-21 10:16"),
        ("0 9 * * 2", "2026-11-23 09:00"),
        ("0 9 * * 1", "2026-11-22 09:00"),
        ("0 9 * * 2-6", "2026-11-23 09:00"),
        ("0 9 * * MON#2", "2026-12-14 09:00"),
        ("0 0 L * *", "2026-11-30 00:00"),
        ("*/20 * * * *", "2026-11-21 10:20"),
    ],
)
def test_crons_are_read_as_cloudflare_reads_them(expression: str, expected: str) -> None:
    moment = next_run(expression, START)
    assert moment is not None
    assert moment.strftime("%Y-%m-%d %H:%M") == expected


@pytest.mark.parametrize(
    "expression", ["", "* * * *", "60 * * * *", "* * * * 0", "@daily", "x * * * *"]
)
def test_what_is_no_cron_is_refused(expression: str) -> None:
    with pytest.raises(CronError):
        next_run(expression, START)


def test_a_cron_is_due_in_its_whole_minute() -> None:
    assert is_due("15 * * * *", START)
    assert not is_due("16 * * * *", START)
