"""The Worker's hours and turns are those of `belfry.routes`, on every zone's clocks."""

from __future__ import annotations

import datetime as dt
import json
import random
import subprocess
from typing import TYPE_CHECKING

from belfry.arguments import Interval
from belfry.language.people import Hours, Rotation
from belfry.routes.people import on_call
from belfry.routes.times import holds, inside, outside
from belfry.values.clock import TimeOfDay, TimeSpan
from belfry.values.date import Date, Holiday
from belfry.values.duration import Duration
from belfry.values.weekdays import Weekdays
from belfry.values.zone import Zone
from tests.worker.node import ROOT, node

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from belfry.arguments.alert_routing import Weekday

ZONES = (
    "UTC",
    "America/New_York",
    "America/St_Johns",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "Pacific/Auckland",
    "Pacific/Honolulu",
)
WEEKDAYS: tuple[tuple[Weekday, ...], ...] = ((), ("friday", "saturday", "sunday"), ("monday",))
MINUTE = dt.timedelta(minutes=1)
BEGIN = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
"""Of years to come the rules may be known otherwise to Node than to Python."""


def changes(zone: str) -> Iterator[dt.datetime]:
    """Give the hours of two years in which the clocks of a zone are changed."""
    rules = Zone(zone).rules
    before = BEGIN.astimezone(rules).utcoffset()
    for hour in range(2 * 365 * 24):
        moment = BEGIN + hour * 60 * MINUTE
        offset = moment.astimezone(rules).utcoffset()
        if offset != before:
            yield moment
        before = offset


def moments() -> tuple[dt.datetime, ...]:
    """Give minutes around all changes and all midnights of some days, and others."""
    made = random.Random(20261121)
    found = {change for zone in ZONES for change in changes(zone)}
    assert len(found) >= 12
    near = {
        change + minutes * MINUTE
        for change in found
        for minutes in (*range(-120, 121, 30), -61, -31, -1, 1, 29, 31, 59, 61)
    }
    days = {
        dt.datetime.combine(day, dt.time(hour, minute), tzinfo=dt.UTC)
        for day in (dt.date(2026, 12, 24), dt.date(2026, 12, 31), dt.date(2027, 1, 1))
        for hour in range(24)
        for minute in (0, 29, 59)
    }
    others = {BEGIN + made.randrange(2 * 365 * 1440) * MINUTE for _ in range(300)}
    return tuple(sorted(near | days | others))


def intervals() -> Iterator[Interval]:
    """Give what hours with and without holidays make, over midnight too, and others."""
    made = random.Random(7)
    holidays = tuple(map(Holiday.parse, ("12-25", "2026-12-24", "2027-01-01", "03-29")))
    for zone in ZONES:
        for days, between in (
            ("Mon–Fri", "09:00–17:00"),
            ("Sat–Sun", "22:00–06:30"),
            ("daily", "01:30–02:30"),
        ):
            said = Hours(
                days=Weekdays.parse(days), between=TimeSpan.parse(between), zone=Zone.parse(zone)
            )
            for off in ((), holidays):
                yield from inside(said, off)
                yield from outside(said, off)
    for _ in range(60):
        yield Interval(
            times=made.choice(
                ((), (("00:00", "24:00"),), (("01:00", "02:15"), ("23:00", "24:00")))
            ),
            weekdays=made.choice(WEEKDAYS),
            days=made.choice(((), ("1:7",), ("8", "24:31"))),
            months=made.choice((("1:3",), ("10:11", "12"))),
            years=made.choice(((), ("2026",), ("2027:2030",))),
            zone=made.choice(ZONES),
        )


def rotations() -> Iterator[Rotation]:
    for zone in ZONES:
        for days, since, handover in (
            (1, "2026-01-05", "02:30"),
            (7, "2026-03-02", "09:00"),
            (14, "2026-10-19", "00:00"),
        ):
            yield Rotation(
                members=("first", "second", "third"),
                every=Duration.of(days * 86_400),
                since=Date.parse(since),
                handover=TimeOfDay.parse(handover),
                zone=Zone.parse(zone),
            )


def in_the_worker(
    times: Sequence[Interval], turns: Sequence[Rotation], at: Sequence[dt.datetime]
) -> tuple[list[list[bool]], list[list[list[str]]]]:
    """Ask worker/src of each interval, and each rotation, at every moment."""
    asked = {
        "intervals": [
            {
                name: said
                for name in ("zone", "times", "weekdays", "days", "months", "years")
                if (said := getattr(one, name))
            }
            for one in times
        ],
        "rotations": [
            {
                "members": [[member] for member in one.members],
                "every": one.every.whole_seconds // 86_400,
                "since": str(one.since),
                "handover": str(one.handover),
                "zone": str(one.zone),
            }
            for one in turns
        ],
        "moments": [int(moment.timestamp() * 1000) for moment in at],
    }
    ended = subprocess.run(
        [node(), str(ROOT / "tests" / "worker" / "times.mjs")],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    found = json.loads(ended.stdout)
    return found["held"], found["turns"]


def test_the_worker_keeps_the_hours_and_turns_of_the_routes() -> None:
    at, times, turns = moments(), tuple(intervals()), tuple(rotations())
    held, said = in_the_worker(times, turns, at)
    for interval, answers in zip(times, held, strict=True):
        expected = [holds(interval, moment) for moment in at]
        assert answers == expected, interval
    for rotation, channels in zip(turns, said, strict=True):
        assert [name for (name,) in channels] == [on_call(rotation, one) for one in at], rotation
    assert {True, False} == {answer for answers in held for answer in answers}
    assert {"first", "second", "third"} == {name for one in said for (name,) in one}


def test_seconds_belong_to_their_minute() -> None:
    open_ = Interval(times=(("09:00", "17:00"),), zone="Europe/Berlin")
    nine = dt.datetime(2026, 6, 1, 7, 0, tzinfo=dt.UTC)
    second = dt.timedelta(seconds=1)
    at = (nine - second, nine, nine + 8 * 60 * MINUTE - second, nine + 8 * 60 * MINUTE)
    held, _ = in_the_worker((open_,), (), at)
    assert held == [[False, True, True, False]]
