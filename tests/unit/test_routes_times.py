"""Working hours as intervals: the same minutes as people mean, also where clocks are changed."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from belfry.language.people import Hours
from belfry.routes.times import Times, When, inside, outside
from belfry.values.clock import TimeSpan
from belfry.values.date import Holiday
from belfry.values.weekdays import Weekdays
from belfry.values.zone import Zone

ZONES = ("UTC", "America/New_York", "Europe/London", "Asia/Kolkata", "Pacific/Auckland")
CHANGES = (
    dt.datetime(2026, 3, 8, 6, tzinfo=dt.UTC),  # New York goes forward at 07:00 UTC
    dt.datetime(2026, 11, 1, 5, tzinfo=dt.UTC),  # and back at 06:00
    dt.datetime(2026, 3, 29, 0, tzinfo=dt.UTC),  # London forward at 01:00
    dt.datetime(2026, 10, 25, 0, tzinfo=dt.UTC),  # and back
    dt.datetime(2026, 9, 26, 13, tzinfo=dt.UTC),  # Auckland forward at 14:00
)
MINUTE = dt.timedelta(minutes=1)


def hours(days: str, between: str, zone: str) -> Hours:
    return Hours(days=Weekdays.parse(days), between=TimeSpan.parse(between), zone=Zone.parse(zone))


def are_at_work(said: Hours, holidays: tuple[Holiday, ...], moment: dt.datetime) -> bool:
    """Say it as people would: a clock on the wall, a calendar beside it."""
    wall = moment.astimezone(ZoneInfo(str(said.zone)))
    for holiday in holidays:
        text = str(holiday)
        if text in (f"{wall:%Y-%m-%d}", f"{wall:%m-%d}"):
            return False
    begins, ends = str(said.between.start), str(said.between.end)
    clock = f"{wall:%H:%M}"
    today, yesterday = wall.weekday(), (wall.weekday() - 1) % 7
    if begins < ends:
        return today in said.days.days and begins <= clock < ends
    return (today in said.days.days and clock >= begins) or (
        yesterday in said.days.days and clock < ends
    )


CLOCKS = st.integers(0, 1439).map(lambda minute: f"{minute // 60:02}:{minute % 60:02}")
SPANS = st.tuples(CLOCKS, CLOCKS | st.just("24:00")).filter(
    lambda pair: pair[0] != pair[1] and pair != ("00:00", "00:00")
)
HOURS = st.builds(
    lambda days, span, zone: Hours(
        days=Weekdays(frozenset(days)),
        between=TimeSpan.parse("–".join(span)),
        zone=Zone.parse(zone),
    ),
    st.sets(st.integers(0, 6), min_size=1),
    SPANS.filter(lambda pair: pair[1] != "00:00" or pair[0] != "00:00"),
    st.sampled_from(ZONES),
)
DATES = st.dates(dt.date(2026, 1, 1), dt.date(2028, 12, 31))
HOLIDAYS = st.lists(
    DATES.map(lambda date: f"{date:%Y-%m-%d}") | DATES.map(lambda date: f"{date:%m-%d}"),
    max_size=6,
    unique=True,
).map(lambda texts: tuple(map(Holiday.parse, texts)))
MOMENTS = st.datetimes(dt.datetime(2025, 12, 25), dt.datetime(2029, 1, 5)).map(
    lambda moment: moment.replace(tzinfo=dt.UTC)
)
NEAR_CHANGES = st.builds(
    lambda change, minutes: change + dt.timedelta(minutes=minutes),
    st.sampled_from(CHANGES),
    st.integers(-1500, 1500),
)


@given(HOURS, HOLIDAYS, MOMENTS | NEAR_CHANGES)
def test_inside_is_when_people_work_and_outside_is_when_they_do_not(
    said: Hours, holidays: tuple[Holiday, ...], moment: dt.datetime
) -> None:
    working = are_at_work(said, holidays, moment)
    assert Times(title="", intervals=inside(said, holidays)).hold(moment) is working
    assert Times(title="", intervals=outside(said, holidays)).hold(moment) is not working


@given(HOURS, HOLIDAYS, st.data())
def test_on_a_holiday_and_beside_it_the_two_are_each_others_opposite(
    said: Hours, holidays: tuple[Holiday, ...], data: st.DataObject
) -> None:
    if not holidays:
        return
    text = str(data.draw(st.sampled_from(holidays)))[-5:]
    year = data.draw(st.sampled_from((2026, 2027, 2028)))
    day = 28 if text == "02-29" and year != 2028 else int(text[3:])
    noon = dt.datetime(year, int(text[:2]), day, 12, tzinfo=ZoneInfo(str(said.zone)))
    moment = noon + dt.timedelta(minutes=data.draw(st.integers(-2200, 2200)))
    working = are_at_work(said, holidays, moment)
    assert Times(title="", intervals=inside(said, holidays)).hold(moment) is working
    assert Times(title="", intervals=outside(said, holidays)).hold(moment) is not working


def test_hours_of_every_minute_have_no_outside() -> None:
    assert outside(hours("daily", "00:00–24:00", "UTC"), ()) == ()


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("2026-11-20T20:00", "2026-11-20T20:00"),  # a Friday afternoon in New York
        ("2026-11-20T22:00", "2026-11-23T14:00"),  # after work: Monday at nine
        ("2026-11-25T23:30", "2026-11-27T14:00"),  # the evening before Thanksgiving
        ("2026-12-25T03:00", "2026-12-28T14:00"),  # Christmas is a Friday
        ("2026-03-06T23:00", "2026-03-09T13:00"),  # the clocks go forward on Sunday
        ("2026-10-30T22:00", "2026-11-02T14:00"),  # and back
    ],
)
def test_what_comes_at_night_is_told_when_people_come_to_work(asked: str, told: str) -> None:
    said = hours("Mon–Fri", "09:00–17:00", "America/New_York")
    holidays = tuple(map(Holiday.parse, ("01-01", "07-04", "2026-11-26", "12-25")))
    when = When(mute=(Times(title="outside", intervals=outside(said, holidays)),))
    moment = when.next(dt.datetime.fromisoformat(f"{asked}+00:00"))
    assert moment == dt.datetime.fromisoformat(f"{told}+00:00")
    active = When(active=(Times(title="inside", intervals=inside(said, holidays)),))
    assert active.next(dt.datetime.fromisoformat(f"{asked}+00:00")) == moment


@settings(max_examples=40)
@given(HOURS, HOURS, st.booleans(), NEAR_CHANGES)
def test_the_next_minute_is_the_first_one_that_a_walk_by_minutes_finds(
    one: Hours, other: Hours, is_active: bool, moment: dt.datetime
) -> None:
    first = Times(title="one", intervals=inside(one, ()))
    second = Times(title="other", intervals=outside(other, ()))
    when = When(active=(first,), mute=(second,)) if is_active else When(mute=(first, second))
    walked = moment
    for _ in range(700):
        if not when.holding(walked):
            break
        walked += MINUTE
    found = when.next(moment)
    if when.holding(walked):
        assert found is None or found > walked
    else:
        assert found == walked


def test_what_is_never_told_has_no_next_minute() -> None:
    said = hours("Mon", "09:00–10:00", "UTC")
    never = When(
        active=(Times(title="inside", intervals=inside(said, ())),),
        mute=(Times(title="inside", intervals=inside(said, ())),),
    )
    assert never.next(dt.datetime(2026, 11, 21, tzinfo=dt.UTC)) is None


@pytest.mark.parametrize(
    ("between", "asked", "told"),
    [
        ("00:00–02:30", "2026-03-08T06:00", "2026-03-08T07:00"),  # half past two never comes
        ("00:00–01:30", "2026-11-01T05:00", "2026-11-01T05:30"),  # half past one comes twice
        ("00:00–01:30", "2026-11-01T06:10", "2026-11-01T06:30"),
    ],
)
def test_where_the_clocks_change_the_next_minute_is_neither_leapt_over_nor_missed(
    between: str, asked: str, told: str
) -> None:
    night = Times(title="", intervals=inside(hours("daily", between, "America/New_York"), ()))
    moment = dt.datetime.fromisoformat(f"{asked}+00:00")
    assert When(mute=(night,)).next(moment) == dt.datetime.fromisoformat(f"{told}+00:00")
