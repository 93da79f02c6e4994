"""Maintenance windows as Grafana's mute timings: the same times, cut at midnight."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belfry.language.maintenance import Window
from belfry.mute_timings import muted
from belfry.values.clock import TimeOfDay
from belfry.values.date import Date
from belfry.values.duration import Duration
from belfry.values.moment import Moment
from belfry.values.weekdays import Weekdays
from belfry.values.zone import Zone

if TYPE_CHECKING:
    from belfry.arguments import Interval
    from belfry.language.platform import Platform
    from tests.unit.shop import Compiles, ReadsShop

UTC = Zone.parse("UTC")


def intervals(platform: Platform, window: Window) -> tuple[Interval, ...]:
    (one,) = muted(replace(platform, maintenance={"window": window}), "prod")
    assert one.timing.name == "shop-prod-window"
    return one.timing.intervals


def holds(found: tuple[Interval, ...], moment: dt.datetime) -> bool:
    """Say whether Grafana is silent then, as its Alertmanager reads a timing, in UTC."""
    return any(_holds(one, moment) for one in found)


def _holds(one: Interval, moment: dt.datetime) -> bool:
    clock = f"{moment:%H:%M}"
    return (
        any(start <= clock < end for start, end in one.times)
        and (not one.weekdays or f"{moment:%A}".lower() in one.weekdays)
        and _among(one.days, moment.day)
        and _among(one.months, moment.month)
        and _among(one.years, moment.year)
    )


def _among(spans: tuple[str, ...], number: int) -> bool:
    pairs = [span.split(":") for span in spans]
    return not spans or any(int(pair[0]) <= number <= int(pair[-1]) for pair in pairs)


@pytest.fixture(scope="module")
def platform(shop: ReadsShop) -> Platform:
    return shop()


def test_a_window_that_is_once_is_cut_at_midnight(platform: Platform) -> None:
    window = Window(
        from_=Moment.parse("2026-12-31 22:00"), to=Moment.parse("2027-01-01 02:30"), zone=UTC
    )
    first, second = intervals(platform, window)
    assert (first.times, first.days, first.months, first.years) == (
        (("22:00", "24:00"),),
        ("31",),
        ("12",),
        ("2026",),
    )
    assert (second.times, second.days, second.months, second.years) == (
        (("00:00", "02:30"),),
        ("1",),
        ("1",),
        ("2027",),
    )


def test_what_comes_every_week_goes_on_the_next_day(platform: Platform) -> None:
    window = Window(
        days=Weekdays.parse("Sat, Sun"),
        at=TimeOfDay.parse("23:00"),
        for_=Duration.parse("2h"),
        zone=Zone.parse("America/Denver"),
    )
    first, second = intervals(platform, window)
    assert (first.weekdays, first.times) == (("saturday", "sunday"), (("23:00", "24:00"),))
    assert (second.weekdays, second.times) == (("monday", "sunday"), (("00:00", "01:00"),))
    assert {first.zone, second.zone} == {"America/Denver"}


def test_the_day_after_the_28th_is_not_muted_because_months_differ(platform: Platform) -> None:
    window = Window(day=28, at=TimeOfDay.parse("23:00"), for_=Duration.parse("2h"), zone=UTC)
    (only,) = intervals(platform, window)
    assert (only.days, only.times) == (("28",), (("23:00", "24:00"),))


def test_rules_of_its_services_and_of_all_that_need_them_say_so(
    shop: ReadsShop, compiled: Compiles
) -> None:
    for services, silent in (
        (("database",), {"api", "database"}),
        (("api",), {"api"}),
        ((), {"api", "database"}),
    ):
        window = Window(
            days=Weekdays.parse("daily"),
            at=TimeOfDay.parse("03:00"),
            for_=Duration.parse("1h"),
            zone=UTC,
            services=services,
        )
        pages = shop(("prod: {paging: worker", "prod: {paging: grafana"))
        stack = compiled(replace(pages, maintenance={"upkeep": window}), "prod")
        (timing,) = stack.grafana.mute_timings
        assert timing.name == "shop-prod-maintenance-upkeep"
        rules = [rule for group in stack.grafana.rule_groups for rule in group.rules]
        muted_by = {dict(rule.labels)["service"]: rule.mute_timings for rule in rules}
        assert muted_by == {
            service: (timing.name,) if service in silent else () for service in ("api", "database")
        }


def test_a_vote_is_never_muted_because_its_end_would_be_lost(
    shop: ReadsShop, compiled: Compiles
) -> None:
    window = Window(
        days=Weekdays.parse("daily"),
        at=TimeOfDay.parse("03:00"),
        for_=Duration.parse("1h"),
        zone=UTC,
        services=(),
    )
    grafana = compiled(replace(shop(), maintenance={"upkeep": window}), "prod").grafana
    assert grafana.mute_timings == ()
    rules = [rule for group in grafana.rule_groups for rule in group.rules]
    assert {rule.mute_timings for rule in rules} == {()}
    assert {rule.times.repeat for rule in rules if rule.times} == {"5m"}


WEEKLY = st.builds(
    Window,
    days=st.sets(st.integers(0, 6), min_size=1).map(lambda days: Weekdays(frozenset(days))),
    at=st.integers(0, 1439).map(TimeOfDay),
    for_=st.integers(1, 3 * 1440).map(lambda minutes: Duration.of(minutes * 60)),
    until=st.none() | st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31)).map(Date),
    zone=st.just(UTC),
)


@given(WEEKLY, st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2028, 1, 1)))
def test_a_minute_is_muted_if_and_only_if_it_is_in_the_window(
    platform: Platform, window: Window, moment: dt.datetime
) -> None:
    assert window.days
    assert window.at
    assert window.for_
    found = intervals(platform, window)
    moment = moment.replace(second=0, microsecond=0)
    begins = [
        dt.datetime.combine(
            moment.date() - dt.timedelta(days=back), dt.time(*divmod(window.at.minutes, 60))
        )
        for back in range(4)
    ]
    expected = any(
        begin <= moment < begin + dt.timedelta(seconds=window.for_.whole_seconds)
        and begin.weekday() in window.days.days
        and (window.until is None or begin.date() <= window.until.day)
        for begin in begins
    )
    assert holds(found, moment) is expected
