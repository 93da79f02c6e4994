"""Cases made from a condition: just beyond its limit for long enough, and just not.

For rules that bring no cases of their own, which are those of a platform: like the catalogue's,
each of them fires in one history and stays quiet in another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.base_units import base_of, counted_in
from belfry.cases.shape import Segment, course, longest_step, steps
from belfry.conditions import (
    Absent,
    Beyond,
    Changed,
    Deviates,
    Direction,
    Down,
    Ends,
    Fails,
    Fills,
    Overdue,
    Plain,
    Told,
)
from belfry.language.signals import Measure, MetricKind
from belfry.rules import Case, Cases, Silence
from belfry.values.duration import Duration

if TYPE_CHECKING:
    from collections.abc import Mapping

    from belfry.conditions import Measured, Reading
    from belfry.rules import ServiceRule

_MINUTE = 60
_BEFORE = 300
"""Seconds that all is well, at first."""
_AFTER = 180
"""Seconds for which trouble lasts longer than it must."""
_LONG = 3600
"""The same, beside a history of days, which need not be judged every minute."""
_NEAR = 0.02
"""How far beyond a limit trouble is, and how far from it what is none."""
_USUAL = 100.0
_USUAL_SHARE = 0.4
_LEAST_DEVIATION = 0.05
"""Of what is usual; as `belfry.promql.usual` has it."""


def made_cases(rule: ServiceRule) -> Cases:
    """Make a case that fires a rule and ones that do not; none where the condition names no signal.

    Silence is a case of its own, where a rule says that it counts.
    """
    made = _Made(rule)
    silent = made.silent()
    fires, quiet = made.fires(), made.quiet()
    if silent is not None:
        fires, quiet = (
            ((*fires, silent), quiet)
            if rule.silence is Silence.ALERTING
            else (fires, (*quiet, silent))
        )
    return Cases(fires=fires, quiet=quiet)


class _Made:
    """The cases of one rule."""

    def __init__(self, rule: ServiceRule) -> None:
        self._rule = rule
        self._condition = rule.condition

    def fires(self) -> tuple[Case, ...]:
        """Give the case in which the trouble is there for as long as it must be."""
        return self._case("Just beyond the limit, for long enough.", trouble=True)

    def quiet(self) -> tuple[Case, ...]:
        """Give the case in which it is nearly there."""
        return self._case("Just within the limit, all the time.", trouble=False)

    def silent(self) -> Case | None:
        """Give the case in which nothing more is heard of a service that was well."""
        condition = self._condition
        if not isinstance(condition, Down | Fails | Beyond):
            return None
        every = _MINUTE
        if isinstance(condition, Beyond):
            well = [Segment(value=_within(condition), seconds=_BEFORE)]
            series = course(condition.measured, well, every)
        else:
            series = {condition.reading.signal: f"1x{_BEFORE // every}"}
        gone = (self._rule.silent_after + self._rule.hold + _AFTER) // every
        series = {key: f"{text} _x{gone}" for key, text in series.items()}
        return _case("Nothing more is heard.", series, every)

    def _case(self, says: str, *, trouble: bool) -> tuple[Case, ...]:
        found = self._series(trouble=trouble)
        return () if found is None else (_case(says, *found),)

    def _series(self, *, trouble: bool) -> tuple[Mapping[str, str], int] | None:
        condition = self._condition
        match condition:
            case Plain() | Told():
                return None
            case Beyond() | Changed() | Deviates():
                return self._compared(condition, trouble=trouble)
            case Down():
                up = Segment(value=1, seconds=_BEFORE)
                last = self._hold if trouble else max(self._rule.hold - _MINUTE, 0)
                return _written(condition.reading, [up, *_zero(last), up], _MINUTE)
            case Fails():
                failed = condition.times * condition.every
                last = failed + self._hold if trouble else failed - condition.every
                up = Segment(value=1, seconds=max(_BEFORE, condition.every))
                return _written(condition.reading, [up, *_zero(last), up], _MINUTE)
            case Absent():
                return self._absent(condition, trouble=trouble)
            case Fills():
                return self._fills(condition, trouble=trouble)
            case Overdue():
                return self._timed(condition.reading, -condition.after, trouble=trouble)
            case Ends():
                return self._timed(condition.reading, condition.within, trouble=trouble)

    @property
    def _hold(self) -> int:
        """Seconds for which trouble lasts, once it is seen."""
        return self._rule.hold + _AFTER

    def _compared(
        self, condition: Beyond | Changed | Deviates, *, trouble: bool
    ) -> tuple[Mapping[str, str], int]:
        measured = condition.measured
        over = measured.over
        if isinstance(condition, Beyond):
            well = _within(condition)
            value = _beyond(condition) if trouble else well
            history = over + _BEFORE
        elif isinstance(condition, Changed):
            well = _usual(measured, condition.least)
            value = well * _changed(condition, trouble=trouble)
            history = condition.before + over + _BEFORE
        else:
            well = _usual(measured, condition.least)
            value = well * _deviated(condition, trouble=trouble)
            history = _known(condition) + 2 * over + _BEFORE
        every = longest_step(history, over)
        segments = [
            Segment(value=well, seconds=history),
            Segment(value=value, seconds=over + self._hold + (_LONG if every > _MINUTE else 0)),
        ]
        return course(measured, segments, every), every

    def _absent(self, condition: Absent, *, trouble: bool) -> tuple[Mapping[str, str], int]:
        last = condition.after + self._hold if trouble else condition.after - _MINUTE
        distribution = condition.reading.kind in (MetricKind.HISTOGRAM, MetricKind.SUMMARY)
        key = condition.reading.signal + (".count" if distribution else "")
        there = f"1x{_BEFORE // _MINUTE}"
        gap = f"_x{last // _MINUTE} " if last >= _MINUTE else ""
        return {key: f"{there} {gap}{there}"}, _MINUTE

    def _fills(self, condition: Fills, *, trouble: bool) -> tuple[Mapping[str, str], int]:
        """Rise to nine tenths; what is left is full in less than the time, or in twice the time."""
        lasts = condition.over + self._hold
        every = longest_step(lasts, condition.over)
        pace = condition.full * (0.15 if trouble else 0.05) / condition.within * every
        times = lasts // every
        first = condition.full * 0.9 - pace * times
        return {condition.reading.signal: steps(first, pace, times)}, every

    def _timed(
        self, reading: Reading, moment: int, *, trouble: bool
    ) -> tuple[Mapping[str, str], int]:
        """Let a moment pass the limit at once, or one minute after the end."""
        times = self._hold // _MINUTE + 2
        value = moment if trouble else moment + (times + 1) * _MINUTE
        return {reading.signal: steps(value, 0, times)}, _MINUTE


def _within(condition: Beyond) -> float:
    """Give a value just on the good side of a limit."""
    near = abs(condition.limit) * _NEAR
    return condition.limit - near if condition.above else condition.limit + near


def _beyond(condition: Beyond) -> float:
    near = abs(condition.limit) * _NEAR or 1
    return condition.limit + near if condition.above else condition.limit - near


def _changed(condition: Changed, *, trouble: bool) -> float:
    share = condition.share + (_NEAR if trouble else -_NEAR)
    return 1 + share if condition.rises else max(1 - share, 0)


def _deviated(condition: Deviates, *, trouble: bool) -> float:
    """On a flat line, a deviation is the least that it can be."""
    far = condition.factor * _LEAST_DEVIATION * (1.2 if trouble else 0.8)
    return 1 - far if condition.direction is Direction.DOWN else 1 + far


def _known(condition: Deviates) -> int:
    """Half of a baseline must be known; a counter's first values are of no use, and forgotten."""
    reading = getattr(condition.measured, "reading", None)
    if reading is not None and reading.kind is MetricKind.GAUGE:
        return condition.baseline * 5 // 8
    return condition.baseline


def _usual(measured: Measured, least: float | None) -> float:
    reading = getattr(measured, "reading", None)
    usual = _USUAL_SHARE
    if reading is not None:
        share = base_of(reading.measure) is Measure.SHARE
        usual = counted_in(reading.measure, _USUAL_SHARE) if share else _USUAL
    return max(usual, 2 * (least or 0))


def _zero(seconds: int) -> list[Segment]:
    return [Segment(value=0, seconds=seconds)] if seconds >= _MINUTE else []


def _written(
    reading: Reading, segments: list[Segment], every: int
) -> tuple[Mapping[str, str], int]:
    texts = (steps(one.value, 0, one.seconds // every - 1) for one in segments)
    return {reading.signal: " ".join(texts)}, every


def _case(says: str, series: Mapping[str, str], every: int) -> Case:
    return Case(says=says, series=series, every=Duration.of(every))
