"""Times in which somebody is told, or not: working hours, what is outside of them, maintenance.

As Alertmanager and Grafana have them: a set of intervals, each a conjunction of times of the day,
days and months on the clocks of a zone. Neither knows "and" or "not" between two sets, so working
hours are said both ways: `inside` and `outside` them. A holiday is a day of the calendar in the
zone of the hours, from midnight to midnight, also for hours that began on the evening before.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from belfry.arguments import Interval
from belfry.values.clock import DAY, TimeOfDay
from belfry.values.date import Date
from belfry.values.zone import Zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from belfry.arguments.alert_routing import Weekday
    from belfry.language.people import Hours
    from belfry.values.date import Holiday

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_FIRST, _LAST = 2000, 2199
"""Years that dates may have (`belfry.values.date`)."""
_WHOLE_DAY = (("00:00", "24:00"),)
_MINUTE = dt.timedelta(minutes=1)
_LEAPS = 4_000
"""After so many ends of intervals, a year of them, without a free minute there is none to come."""

Spans = tuple[tuple[int, int], ...]
"""Minutes of a day, from and to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """A set of intervals."""

    title: str
    """For people, such as: maintenance (Database upgrade)."""
    intervals: tuple[Interval, ...]
    drop: bool = False
    """What would be said first while they last is never said, also when it lasts beyond them."""

    def hold(self, moment: dt.datetime) -> bool:
        """Say whether a moment is in one of them."""
        return any(holds(one, moment) for one in self.intervals)


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """When something is said: in one of some times, if there are any, and in none of others."""

    active: tuple[Times, ...] = ()
    mute: tuple[Times, ...] = ()

    def holding(self, moment: dt.datetime) -> tuple[Times, ...]:
        """Give what keeps it from being said at a moment; empty: nothing does."""
        muting = tuple(one for one in self.mute if one.hold(moment))
        if muting or not self.active or any(one.hold(moment) for one in self.active):
            return muting
        return self.active

    def next(self, moment: dt.datetime) -> dt.datetime | None:
        """Give the first minute from a moment on in which it is said; None: none is to come."""
        for _ in range(_LEAPS):
            holding = self.holding(moment)
            if not holding:
                return moment
            edges = [
                _next_edge(interval, moment)
                for times in holding
                for interval in times.intervals
                if holding is self.active or holds(interval, moment)
            ]
            if not edges:
                return None
            moment = min(edges) if holding is self.active else max(edges)
        return None


def holds(interval: Interval, moment: dt.datetime) -> bool:
    """Say whether a moment is in an interval: all that it says holds on the clocks of its zone."""
    there = moment.astimezone(Zone(interval.zone).rules)
    clock = f"{there.hour:02}:{there.minute:02}"
    return (
        (not interval.times or any(start <= clock < end for start, end in interval.times))
        and (not interval.weekdays or WEEKDAYS[there.weekday()] in interval.weekdays)
        and _among(interval.days, there.day)
        and _among(interval.months, there.month)
        and _among(interval.years, there.year)
    )


def _among(spans: Sequence[str], number: int) -> bool:
    ends = (span.partition(":") for span in spans)
    return not spans or any(int(first) <= number <= int(last or first) for first, _, last in ends)


def _next_edge(interval: Interval, moment: dt.datetime) -> dt.datetime:
    """Give the next minute at which an interval may begin or end, or one before it, in UTC."""
    zone = Zone(interval.zone).rules
    there = moment.astimezone(zone)
    clock = there.hour * 60 + there.minute
    edges = {TimeOfDay(0).minutes, DAY}
    edges |= {_minutes(one) for span in interval.times for one in span}
    at = min(edge for edge in edges if edge > clock)
    day = there.date() + dt.timedelta(days=at // DAY)
    wall = dt.datetime.combine(day, dt.time(at % DAY // 60, at % 60), tzinfo=zone)
    # Of an hour that comes twice the first one; one that never comes, taken with the offset after
    # the change, is before the change: nothing is leapt over, and from there it goes by minutes.
    early = min(wall.astimezone(dt.UTC), wall.replace(fold=1).astimezone(dt.UTC))
    return max(early, moment.astimezone(dt.UTC) + _MINUTE)


def inside(hours: Hours, holidays: Sequence[Holiday]) -> tuple[Interval, ...]:
    """Give working hours without the holidays."""
    return tuple(
        Interval(
            times=_clocks(spans),
            weekdays=_named(weekdays),
            days=days,
            months=months,
            years=years,
            zone=str(hours.zone),
        )
        for spans, weekdays in _alike(_worked(hours))
        if spans
        for years, months, days in _days_at_work(holidays)
    )


def outside(hours: Hours, holidays: Sequence[Holiday]) -> tuple[Interval, ...]:
    """Give all that is not `inside`."""
    zone = str(hours.zone)
    free = {day: _complement(spans) for day, spans in _worked(hours).items()}
    off = [
        Interval(times=_clocks(spans), weekdays=_named(weekdays), zone=zone)
        for spans, weekdays in _alike(free)
        if spans
    ]
    for (year, month), days in _by_month(holidays).items():
        off.append(
            Interval(
                times=_WHOLE_DAY,
                days=tuple(map(str, sorted(days))),
                months=(str(month),),
                years=(str(year),) if year else (),
                zone=zone,
            )
        )
    return tuple(off)


def _worked(hours: Hours) -> dict[int, Spans]:
    """Give every day of the week the minutes that are worked on it."""
    span = hours.between
    spans: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for day in hours.days.days:
        if span.passes_midnight:
            spans[day].append((span.start.minutes, DAY))
            spans[(day + 1) % 7].append((0, span.end.minutes))
        else:
            spans[day].append((span.start.minutes, span.end.minutes))
    return {day: tuple(sorted(spans[day])) for day in range(7)}


def _complement(spans: Spans) -> Spans:
    free = []
    at = 0
    for start, end in spans:
        if at < start:
            free.append((at, start))
        at = end
    return (*free, (at, DAY)) if at < DAY else tuple(free)


def _alike(of_days: dict[int, Spans]) -> Iterator[tuple[Spans, list[int]]]:
    """Gather days of the week that have the same times."""
    gathered: defaultdict[Spans, list[int]] = defaultdict(list)
    for day, spans in of_days.items():
        gathered[spans].append(day)
    yield from gathered.items()


def _by_month(holidays: Iterable[Holiday]) -> dict[tuple[int | None, int], set[int]]:
    """Gather holidays by year (None: every one) and month."""
    gathered: defaultdict[tuple[int | None, int], set[int]] = defaultdict(set)
    for holiday in holidays:
        on = holiday.on
        if isinstance(on, Date):
            gathered[on.day.year, on.day.month].add(on.day.day)
        else:
            gathered[None, on.month].add(on.day)
    return dict(sorted(gathered.items(), key=lambda item: (item[0][0] or 0, item[0][1])))


_Days = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]


def _days_at_work(holidays: Sequence[Holiday]) -> Iterator[_Days]:
    """Give years, months and days of the month that together are all days but the holidays."""
    by_month = _by_month(holidays)
    special = sorted({year for year, _ in by_month if year})
    yearly = {month: days for (year, month), days in by_month.items() if year is None}
    ordinary = tuple(_spans(_FIRST, _LAST, special)) if special else ()
    groups = [(ordinary, yearly)] if ordinary or not special else []
    for year in special:
        off = {m: yearly.get(m, set()) | by_month.get((year, m), set()) for m in range(1, 13)}
        groups.append(((str(year),), off))
    for years, off in groups:
        with_holidays = [month for month in range(1, 13) if off.get(month)]
        if whole := tuple(_spans(1, 12, with_holidays)):
            yield years, whole if with_holidays else (), ()
        for month in with_holidays:
            if days := tuple(_spans(1, 31, sorted(off[month]))):
                yield years, (str(month),), days


def _spans(first: int, last: int, without: Sequence[int]) -> Iterator[str]:
    """Write the numbers from first to last, without some, as spans such as 1:24."""
    at = first
    for gap in (*without, last + 1):
        if at < gap:
            yield str(at) if at == gap - 1 else f"{at}:{gap - 1}"
        at = gap + 1


def _clocks(spans: Spans) -> tuple[tuple[str, str], ...]:
    return tuple((str(TimeOfDay(start)), str(TimeOfDay(end))) for start, end in spans)


def _minutes(clock: str) -> int:
    hours, _, minutes = clock.partition(":")
    return int(hours) * 60 + int(minutes)


def _named(weekdays: Sequence[int]) -> tuple[Weekday, ...]:
    """Name days of the week; all of them need no name."""
    return tuple(cast("Weekday", WEEKDAYS[day]) for day in weekdays) if len(weekdays) < 7 else ()
