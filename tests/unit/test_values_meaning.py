"""What the values of a platform file mean: accepted ways to write them, and what they answer."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belfry.values import zone
from belfry.values.clock import TimeOfDay, TimeSpan
from belfry.values.comparison import Comparison
from belfry.values.cron import Cron
from belfry.values.date import Date, Holiday
from belfry.values.duration import Duration
from belfry.values.factor import Factor
from belfry.values.header import AnswerHeader, HeaderName
from belfry.values.json_path import MISSING, JsonPath
from belfry.values.moment import Moment
from belfry.values.money import Money
from belfry.values.nonsense import Nonsense
from belfry.values.number import Number
from belfry.values.quorum import Quorum
from belfry.values.rate import Rate
from belfry.values.size import Size
from belfry.values.weekdays import Weekdays
from belfry.values.zone import Zone

PRINTED: dict[Any, dict[str, str]] = {
    Number: {"0.10": "0.1", "25": "25", "-0": "0", "-3.50": "-3.5", "100": "100"},
    Size: {
        "50MB": "50MB",
        "1.5 GB": "1.5GB",
        "1500MB": "1.5GB",
        "512KiB": "512KiB",
        "1024B": "1KiB",
        "1000B": "1kB",
        "0B": "0B",
        "1000TB": "1000TB",
        "1000000001B": "1000000001B",
    },
    Money: {"50 USD": "50 USD", "$50": "50 USD", "€40": "40 EUR", "12.5 EUR": "12.50 EUR"},
    Rate: {
        "100 per minute": "100 per minute",
        "5 per 15m": "5 per 15m",
        "20 per hour": "20 per hour",
        "3/min": "3 per minute",
        "60 per 60s": "60 per minute",
        "0/day": "0 per day",
    },
    Factor: {"10x": "10x", "2×": "2x", "14.40x": "14.4x"},
    Quorum: {"2 of 3": "2 of 3", "100 of 100": "100 of 100"},
    TimeSpan: {
        "08:00-18:00": "08:00–18:00",
        "08:00 – 18:00": "08:00–18:00",
        "22:00–06:00": "22:00–06:00",
        "22:00–00:00": "22:00–24:00",
        "00:00–24:00": "00:00–24:00",
    },
    Weekdays: {
        "Mon-Fri": "Mon–Fri",
        "Sat,Sun": "Sat, Sun",
        "Sun, Sat": "Sat, Sun",
        "Mon": "Mon",
        "Mon–Sun": "daily",
        "Fri–Mon": "Fri–Mon",
        "Sun–Mon": "Mon, Sun",
        "Mon, Tue, Wed": "Mon–Wed",
        "Wed, Fri–Mon": "Wed, Fri–Mon",
    },
    Holiday: {"2026-12-24": "2026-12-24", "02-29": "02-29"},
    Moment: {"2026-12-24T22:00": "2026-12-24 22:00"},
    Cron: {
        "*/5 * * * *": "*/5 * * * *",
        "10 7 * * mon-fri": "10 7 * * MON-FRI",
        "10 7 * * 2-6": "10 7 * * MON-FRI",
        "0 17 * * 1": "0 17 * * SUN",
        "0 18 * * 6L": "0 18 * * FRIL",
        "59 23 lw * *": "59 23 LW * *",
        "0 0 l-3 * *": "0 0 L-3 * *",
        "0 0 15W * *": "0 0 15W * *",
        "0 10 * * mon#2": "0 10 * * MON#2",
        "0 0 * jan-mar *": "0 0 * JAN-MAR *",
        "05  09\t* * *": "5 9 * * *",
        "0 9-17/2 * * *": "0 9-17/2 * * *",
        "0 0 29 2 *": "0 0 29 2 *",
        "0 0 31 2 MON": "0 0 31 2 MON",
    },
    JsonPath: {
        "status": "status",
        "$.services.database": "services.database",
        "items[0].id": "items[0].id",
        "$['a key'].b": '$["a key"].b',
        'a["b"]': "a.b",
        "$": "$",
        "[0]": "$[0]",
        "last-run": "last-run",
    },
    Comparison: {
        "healthy": "is healthy",
        "is healthy": "is healthy",
        "5": "is 5",
        "at least 80.50": "at least 80.5",
        "one of healthy,degraded": "one of healthy, degraded",
        "over the moon": "is over the moon",
        "matches ^v[0-9]+$": "matches ^v[0-9]+$",
    },
    HeaderName: {"X-Request-Id": "X-Request-Id"},
}


@pytest.mark.parametrize(
    ("made", "text", "printed"),
    [(made, text, printed) for made, texts in PRINTED.items() for text, printed in texts.items()],
)
def test_a_value_prints_in_one_way_however_it_is_written(
    made: Any, text: str, printed: str
) -> None:
    assert str(made.parse(text)) == printed


def test_a_number_is_exact_and_plain_for_machines() -> None:
    assert Number.parse("0.1").value == Decimal("0.1")
    assert Number.parse("0.1").plain == 0.1
    assert isinstance(Number.parse("25").plain, int)


def test_decimal_and_binary_units_differ() -> None:
    assert Size.parse("1kB").bytes == 1000
    assert Size.parse("1KiB").bytes == 1024
    assert Size.parse("1.5 GB").bytes == 1_500_000_000


def test_money_compares_within_one_currency_alone() -> None:
    assert Money.parse("$9.99") < Money.parse("10 USD")
    assert Money.parse("10 USD") >= Money.parse("$10")
    with pytest.raises(TypeError, match="do not compare"):
        assert Money.parse("10 USD") < Money.parse("20 EUR")


def test_rates_of_different_times_compare_by_the_second() -> None:
    assert Rate.parse("5 per 15m").per_second() == Fraction(1, 180)
    assert Rate.parse("60 per hour").per_second() == Rate.parse("1 per minute").per_second()
    assert Rate.parse("60 per hour") != Rate.parse("1 per minute")


def test_a_span_of_the_day_holds_its_start_and_not_its_end() -> None:
    day, night = TimeSpan.parse("08:00–18:00"), TimeSpan.parse("22:00–06:00")
    assert day.holds(TimeOfDay.parse("08:00"))
    assert not day.holds(TimeOfDay.parse("18:00"))
    assert night.passes_midnight
    assert night.holds(TimeOfDay.parse("23:00"))
    assert night.holds(TimeOfDay.parse("05:59"))
    assert not night.holds(TimeOfDay.parse("06:00"))
    assert day.duration == Duration.parse("10h")
    assert night.duration == Duration.parse("8h")
    assert TimeSpan.parse("00:00–24:00").duration == Duration.parse("1d")
    assert TimeSpan.parse("22:00–00:00").duration == Duration.parse("2h")


def test_days_of_the_week_may_pass_its_end() -> None:
    assert Weekdays.parse("Fri–Mon").days == frozenset({4, 5, 6, 0})
    assert Weekdays.parse("daily").days == frozenset(range(7))


def test_a_holiday_is_of_one_year_or_of_every_year() -> None:
    assert Holiday.parse("12-25").falls_on(Date.parse("2031-12-25"))
    assert Holiday.parse("2026-12-24").falls_on(Date.parse("2026-12-24"))
    assert not Holiday.parse("2026-12-24").falls_on(Date.parse("2027-12-24"))
    assert not Holiday.parse("02-29").falls_on(Date.parse("2026-02-28"))


def test_a_moment_gets_its_offset_from_the_zone_that_is_said_beside_it() -> None:
    denver = Zone.parse("America/Denver")
    winter = Moment.parse("2026-12-24 22:00").in_zone(denver)
    summer = Moment.parse("2026-07-01 22:00").in_zone(denver)
    assert winter.utcoffset() == dt.timedelta(hours=-7)
    assert summer.utcoffset() == dt.timedelta(hours=-6)
    assert winter.astimezone(dt.UTC) == dt.datetime(2026, 12, 25, 5, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "name", ["UTC", "America/Denver", "America/Port-au-Prince", "America/Argentina/Ushuaia"]
)
def test_a_zone_is_found_without_listing_all(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zone, "_known", None)
    assert str(Zone.parse(name)) == name


def test_every_zone_with_a_place_is_taken_and_no_other() -> None:
    known = available_timezones()
    places = {name for name in known if "/" in name and not name.startswith(OLD)}
    for name in places:
        assert Zone.parse(name).name == name
    for name in known - places - {"UTC"}:
        with pytest.raises(Nonsense):
            Zone.parse(name)


OLD = ("Etc/", "US/", "Canada/", "Brazil/", "Chile/", "Mexico/", "SystemV/", "posix/", "right/")


def test_every_zone_that_is_suggested_for_an_abbreviation_is_one() -> None:
    for name in zone._CALLED:
        assert Zone.parse(name).name == name


@pytest.mark.parametrize(
    ("text", "every_minute", "least_gap"),
    [
        ("* * * * *", True, "1m"),
        ("*/1 0-23 1-31 */1 1-7", True, "1m"),
        ("* * * * MON-SAT", False, "1m"),
        ("* * L * *", False, "1m"),
        ("*/5 * * * *", False, "5m"),
        ("0,59 * * * *", False, "1m"),
        ("0,50 3 * * *", False, "50m"),
        ("30 * * * *", False, "1h"),
        ("0 3 * * *", False, "1d"),
        ("*/45 * * * *", False, "15m"),
    ],
)
def test_a_cron_expression_knows_how_often_it_is_due(
    text: str, every_minute: bool, least_gap: str
) -> None:
    assert Cron.parse(text).is_every_minute() is every_minute
    assert Cron.parse(text).least_gap == Duration.parse(least_gap)


DOCUMENT = {
    "status": "ok",
    "services": {"database": {"status": "degraded", "": 0}},
    "items": [{"id": 7}, None],
    "a key": True,
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("status", "ok"),
        ("services.database.status", "degraded"),
        ('services.database[""]', 0),
        ("items[0].id", 7),
        ("items[1]", None),
        ("items[2]", MISSING),
        ("items.id", MISSING),
        ("items[1].id", MISSING),
        ("status[0]", MISSING),
        ("services[0]", MISSING),
        ("$['a key']", True),
        ("$", DOCUMENT),
    ],
)
def test_a_place_in_json_is_found_or_missing(path: str, found: object) -> None:
    assert JsonPath.parse(path).find(DOCUMENT) == found


@pytest.mark.parametrize(
    ("condition", "holds", "fails"),
    [
        (
            "at least 80",
            [80, 80.0, 99.5, "85", 10**30],
            [79.999, "79", "many", True, None, MISSING],
        ),
        ("at most 5", [5, -1, "5"], [5.01, "", float("nan"), float("-inf"), [1]]),
        ("above 0.3", [0.1 + 0.2, 1], [0.3, "0.3"]),
        ("below 0", [-0.001], [0, "x"]),
        ("is healthy", ["healthy"], ["Healthy", " healthy", "", None, MISSING, {}, True]),
        ("healthy", ["healthy"], ["unhealthy"]),
        ("is 5", [5, 5.0, "5"], ["5.0", 6, "five", True]),
        ("is 1.10", ["1.10", 1.1], ["1.1"]),
        ("is true", [True, "true"], [False, "True", 1, None]),
        ("is null", [None, "null"], [MISSING, 0, "", False]),
        ("is not down", ["up", "", 0, False], ["down", None, MISSING, {}, []]),
        ("one of ok, degraded, 3", ["ok", "degraded", 3], ["down", "ok, degraded", None]),
        ("present", ["", 0, False, [], {}], [None, MISSING]),
        ("absent", [None, MISSING], ["", 0, False, [], {}]),
        ("matches ^v[0-9]+$", ["v1", "v22"], ["1", "v", None, MISSING, ["v1"]]),
        ("matches ^5$", [5, 5.0, "5"], [5.1]),
        ("matches true", [True], [False]),
    ],
)
def test_a_condition_holds_or_fails(
    condition: str, holds: list[object], fails: list[object]
) -> None:
    judge = Comparison.parse(condition).holds
    assert [value for value in holds if not judge(value)] == []
    assert [value for value in fails if judge(value)] == []


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
    max_leaves=8,
)


@given(
    value=st.one_of(JSON, st.just(MISSING)),
    text=st.sampled_from(
        ["at least 80", "is ok", "is not 5", "one of 1, true", "matches ^.$", "present", "absent"]
    ),
)
def test_a_condition_judges_any_value(value: object, text: str) -> None:
    assert Comparison.parse(text).holds(value) in (True, False)


@given(value=JSON)
def test_what_is_not_absent_is_present(value: object) -> None:
    assert Comparison.parse("present").holds(value) != Comparison.parse("absent").holds(value)


def test_names_of_headers_are_the_same_in_capitals() -> None:
    assert HeaderName.parse("X-Request-Id") == HeaderName.parse("x-request-id")
    assert len({AnswerHeader.parse("ETag"), AnswerHeader.parse("etag")}) == 1


def test_a_header_of_the_connection_may_stand_in_an_answer_and_not_in_a_request() -> None:
    assert str(AnswerHeader.parse("Content-Length")) == "Content-Length"
    with pytest.raises(Nonsense, match="it is counted from the body"):
        HeaderName.parse("Content-Length")
