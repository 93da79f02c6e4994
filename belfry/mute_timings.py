"""Maintenance windows as mute timings of Grafana's: while one lasts, covered rules tell nobody.

What Grafana says is an opinion that the Worker records; in a window it is expected trouble. What
lasts beyond the window is said when it ends, also of windows whose trouble is dropped.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from belfry.arguments import Interval, MuteTiming
from belfry.declared.site import Site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from belfry.arguments.alert_routing import Weekday
    from belfry.language.maintenance import Window
    from belfry.language.platform import Platform
    from belfry.values.weekdays import Weekdays

_DAY = 1440
"""Minutes."""
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LAST_DAY = 28
"""Every month has it. What goes on beyond it is not muted, because the day after it differs."""
_SINCE = 2000
"""A year before all windows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Muted:
    """A window's timing, and whom it is about."""

    timing: MuteTiming
    services: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """What of a window is on one day: so many days after it begins, from and to in minutes."""

    later: int
    times: tuple[tuple[str, str], ...]


def muted(platform: Platform, environment: str) -> tuple[Muted, ...]:
    """Give the timing of every window, in the platform's order."""
    site = Site(platform, environment)
    return tuple(
        Muted(
            timing=MuteTiming(name=site.name(name), intervals=tuple(_intervals(window))),
            services=frozenset(site.with_dependents(window.services or platform.services)),
        )
        for name, window in platform.maintenance.items()
    )


def _intervals(window: Window) -> Iterator[Interval]:
    if window.from_ is not None and window.to is not None:
        first, last = window.from_, window.to
        lasts = (last.date.day - first.date.day).days * _DAY + last.time.minutes
        for piece in _pieces(first.time.minutes, lasts - first.time.minutes):
            day = first.date.day + dt.timedelta(days=piece.later)
            yield Interval(
                times=piece.times,
                days=(str(day.day),),
                months=(str(day.month),),
                years=(str(day.year),),
                zone=str(window.zone),
            )
    elif window.at is not None and window.for_ is not None:
        for piece in _pieces(window.at.minutes, -(-window.for_.whole_seconds // 60)):
            yield from _again(window, piece)


def _again(window: Window, piece: _Piece) -> Iterator[Interval]:
    """Give what comes again: on days of the week, or on a day of the month, as long as it does."""
    weekdays = _weekdays(window.days, piece.later) if window.days else ()
    day = None if window.day is None else window.day + piece.later
    if day is not None and day > _LAST_DAY:
        return
    for years, months, days in _until(window, piece.later):
        if day is not None and days and day > int(days[0].partition(":")[2]):
            continue
        yield Interval(
            times=piece.times,
            weekdays=weekdays,
            days=days if day is None else (str(day),),
            months=months,
            years=years,
            zone=str(window.zone),
        )


def _until(
    window: Window, later: int
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]]:
    """Give years, months and days up to the last day, which no timing can say in one."""
    if window.until is None:
        yield (), (), ()
        return
    last = window.until.day + dt.timedelta(days=later)
    yield (f"{_SINCE}:{last.year - 1}",), (), ()
    if last.month > 1:
        yield (str(last.year),), (f"1:{last.month - 1}",), ()
    yield (str(last.year),), (str(last.month),), (f"1:{last.day}",)


def _weekdays(said: Weekdays, later: int) -> tuple[Weekday, ...]:
    numbers = sorted((number + later) % len(_WEEKDAYS) for number in said.days)
    return tuple(cast("Weekday", _WEEKDAYS[number]) for number in numbers)


def _pieces(start: int, lasts: int) -> Iterator[_Piece]:
    """Cut at midnight, for no timing goes over it."""
    end = start + lasts
    for later in range(-(-end // _DAY)):
        of_day = (max(start, later * _DAY), min(end, (later + 1) * _DAY))
        first, last = (minute - later * _DAY for minute in of_day)
        # A whole day is said by its clock all the same: a timing without times may be always.
        yield _Piece(later=later, times=((_clock(first), _clock(last)),))


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
