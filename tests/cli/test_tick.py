"""`belfry tick`: times as people write them, and what comes of the runs."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from cli.main import main
from cli.output import BadInput, Status
from cli.tick import moment

if TYPE_CHECKING:
    from engine.documents import Document

PRESENT = datetime(2026, 11, 21, 14, 30, 15, tzinfo=UTC)


class _Cloud:
    """A localcloud with one Worker, whose every cron is due in every minute."""

    def __init__(self) -> None:
        self.asked: list[dict[str, object]] = []
        self.ok = True

    def workers(self) -> list[Document]:
        return [{"script": "probe", "crons": ["* * * * *", "0 3 * * *"]}]

    def tick(self, **how: object) -> list[Document]:
        self.asked.append(how)
        at = how["at"]
        assert isinstance(at, int)
        error = None if self.ok else "TypeError: no [such] thing\n at main.js:1"
        run: Document = {"script": "probe", "cron": "* * * * *", "at": at, "ok": self.ok}
        return [{**run, "error": error, "ms": 4}]


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> _Cloud:
    fake = _Cloud()
    monkeypatch.setattr("cli.subject.local_client", lambda _: fake)
    return fake


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ending:
        main(("tick", *arguments))
    return int(ending.value.code or 0)


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("2026-11-21T03:00Z", "2026-11-21T03:00:00+00:00"),
        ("2026-11-21T05:00+02:00", "2026-11-21T03:00:00+00:00"),
        ("03:00", "2026-11-21T03:00:00+00:00"),
        ("+2h", "2026-11-21T16:30:15+00:00"),
        ("-1h30m", "2026-11-21T13:00:15+00:00"),
    ],
)
def test_times_are_read_as_people_write_them(told: str, meant: str) -> None:
    assert moment("--at", told, PRESENT).isoformat() == meant


@pytest.mark.parametrize("told", ["tea", "25:00", "+2", "2026-13-01T00:00Z", "+", "", "03:60"])
def test_what_is_no_time_is_refused_with_what_would_be(told: str) -> None:
    with pytest.raises(BadInput, match="is no time: write"):
        moment("--at", told, PRESENT)


def test_a_time_without_its_zone_is_refused() -> None:
    with pytest.raises(BadInput, match="needs a time zone: 2026-11-21T03:00Z is in UTC"):
        moment("--at", "2026-11-21T03:00", PRESENT)


def test_a_range_is_run_from_its_first_minute_to_its_last(cloud: _Cloud) -> None:
    assert run("--at", "2026-11-21T03:00Z", "--until", "2026-11-21T03:24Z") == Status.DONE
    asked = [(one["at"], one["until"]) for one in cloud.asked]
    start, minute = 1_795_230_000_000, 60_000
    assert asked == [
        (start, start + 9 * minute),
        (start + 10 * minute, start + 19 * minute),
        (start + 20 * minute, start + 24 * minute),
    ]


def test_until_is_counted_from_at(cloud: _Cloud) -> None:
    assert run("--at", "2026-11-21T03:00Z", "--until", "+2m") == Status.DONE
    assert cloud.asked[0]["until"] == 1_795_230_000_000 + 120_000


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--at", "03:00", "--until", "02:00"), "is before"),
        (("--at", "2026-11-21T00:00Z", "--until", "2026-11-22T00:00Z"), "1440 (a day) is the most"),
        (("--script", "prob"), "probe"),
        (("--cron", "1 1 1 1 1"), "0 3 * * *"),
        (("--at", "tea"), "is no time"),
    ],
)
def test_bad_input_is_said_before_anything_runs(
    cloud: _Cloud, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    assert run(*arguments) == Status.BAD_INPUT
    assert said in capsys.readouterr().err
    assert cloud.asked == []


def test_runs_are_printed_for_people_and_for_machines(
    cloud: _Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cloud.asked == []
    assert run("--at", "2026-11-21T03:00Z") == Status.DONE
    assert "2026-11-21 03:00Z  probe  * * * * *  ran" in capsys.readouterr().out
    assert run("--at", "2026-11-21T03:00Z", "--json") == Status.DONE
    assert json.loads(capsys.readouterr().out)[0]["at"] == 1_795_230_000_000


def test_a_run_that_fails_fails_the_command(
    cloud: _Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    cloud.ok = False
    assert run("--at", "2026-11-21T03:00Z") == Status.FAILED
    captured = capsys.readouterr()
    assert "TypeError: no [such] thing" in captured.out
    assert "1 of 1 runs failed" in captured.err
