"""Routing and maintenance: which routes are reached, and which windows are sound."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belfry.problems import Problems

if TYPE_CHECKING:
    from tests.unit.shop import ReadsShop

ZONE = "zone: America/Denver"


def routes(text: str) -> tuple[str, str]:
    return ("rules:\n", f"routing: {{routes: {{one: {{{text}, channels: [slack]}}}}}}\nrules:\n")


def windows(*texts: str) -> tuple[str, str]:
    lines = "".join(f"  w{index}: {{{text}}}\n" for index, text in enumerate(texts))
    return ("rules:\n", f"maintenance:\n{lines}rules:\n")


@pytest.mark.parametrize(
    "conditions",
    [
        "severities: P0",
        "services: [api, database]",
        "kinds: postgres",
        "sets: all, kinds: [http-api, redis]",
        "severities: P0, services: database, kinds: postgres, sets: all",
    ],
)
def test_a_route_is_reached_when_some_alert_is_all_that_it_says(
    shop: ReadsShop, conditions: str
) -> None:
    assert "one" in shop(routes(conditions)).routing.routes


@pytest.mark.parametrize(
    "conditions",
    ["kinds: redis", "services: api, kinds: postgres", "sets: quiet, severities: P0"],
)
def test_a_route_is_not_reached_when_no_alert_is_all_that_it_says(
    shop: ReadsShop, conditions: str
) -> None:
    milder = "  P1: {rank: 1, answer: 1h, resolve: 1d, channels: [slack]}\nchannels:\n"
    quiet = "rules:\n  quiet: {use: [HighResponseTime]}\n"
    text = routes(conditions)[1].replace("rules:\n", quiet)
    with pytest.raises(Problems, match="no rule can reach this route"):
        shop(("rules:\n", text), ("channels:\n  slack", f"{milder}  slack"))


def test_a_spent_budget_reaches_a_route_too(shop: ReadsShop) -> None:
    objective = (
        "  queue: {is: queue}\n"
        "objectives:\n"
        "  jobs: {of: queue, availability: 99 %, budget: {burn: [{above: 10x, severity: P0}]}}\n"
    )
    platform = shop(routes("kinds: queue"), ("checks:\n", f"{objective}checks:\n"))
    assert platform.routing.routes


def test_what_cannot_be_read_may_be_what_reaches_a_route(shop: ReadsShop) -> None:
    with pytest.raises(Problems) as raised:
        shop(routes("kinds: redis"), ("is: postgres", "is: redsi"))
    assert [problem.path for problem in raised.value.problems] == [("services", "database", "is")]


@pytest.mark.parametrize(
    "window",
    [
        f"from: 2026-12-24 22:00, to: 2026-12-25 02:00, {ZONE}",
        f"from: 2001-01-01 00:00, to: 2001-02-01 00:00, {ZONE}",
        f'days: daily, at: "03:00", for: 23h, {ZONE}',
        f'days: Mon–Fri, at: "22:00", for: 26h, until: 2027-06-30, {ZONE}',
        f'day: 1, at: "03:00", for: 30d, {ZONE}',
    ],
)
def test_windows_that_end_are_no_mistake_not_even_past_ones(shop: ReadsShop, window: str) -> None:
    assert shop(windows(window)).maintenance


def test_a_recurring_window_may_begin_in_the_hour_that_one_day_lacks(shop: ReadsShop) -> None:
    assert shop(windows(f'days: Sun, at: "02:30", for: 1h, {ZONE}')).maintenance


@pytest.mark.parametrize(
    ("moment", "zone"),
    [
        ("2027-03-14 02:00", "America/Denver"),
        ("2027-03-28 01:59", "Europe/London"),
        ("2027-10-03 02:15", "Australia/Lord_Howe"),
    ],
)
def test_a_moment_that_the_clocks_leave_out_is_refused(
    shop: ReadsShop, moment: str, zone: str
) -> None:
    with pytest.raises(Problems, match=f"there is no {moment} in {zone}"):
        shop(windows(f"from: {moment}, to: 2027-12-01 00:00, zone: {zone}"))


def test_a_moment_that_comes_twice_is_taken(shop: ReadsShop) -> None:
    assert shop(windows(f"from: 2026-11-01 01:30, to: 2026-11-01 04:00, {ZONE}")).maintenance


def test_windows_that_touch_do_not_overlap(shop: ReadsShop) -> None:
    first = f"from: 2026-12-24 22:00, to: 2026-12-25 02:00, {ZONE}"
    second = "from: 2026-12-25 09:00, to: 2026-12-25 10:00, zone: UTC"
    assert shop(windows(first, second)).maintenance


def moment(hours: int) -> str:
    return f"{dt.datetime(2027, 1, 1, tzinfo=dt.UTC) + dt.timedelta(hours=hours):%Y-%m-%d %H:%M}"


SPANS = st.tuples(
    st.integers(0, 60),
    st.integers(1, 20),
    st.sampled_from(["", "api", "database", "api, database"]),
)


@given(st.lists(SPANS, min_size=1, max_size=6))
def test_a_window_overlaps_exactly_when_an_earlier_one_goes_on(
    shop: ReadsShop, spans: list[tuple[int, int, str]]
) -> None:
    texts = [
        f"services: [{services}], from: {moment(start)}, to: {moment(start + length)}, zone: UTC"
        for start, length, services in spans
    ]
    any_overlap = any(
        a[0] < b[0] + b[1]
        and b[0] < a[0] + a[1]
        and (not a[2] or not b[2] or set(a[2].split(", ")) & set(b[2].split(", ")))
        for i, a in enumerate(spans)
        for b in spans[:i]
    )
    found = mistakes(shop, texts)
    assert bool(found) == any_overlap
    assert all("begins before" in wrong for wrong in found)


def mistakes(shop: ReadsShop, texts: list[str]) -> list[str]:
    try:
        shop(windows(*texts))
    except Problems as raised:
        return [problem.wrong for problem in raised.problems]
    return []
