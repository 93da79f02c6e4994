"""Conditions in PromQL: an expression with one value per service, and what makes it trouble."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

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
    Ratio,
    Told,
    Value,
)
from belfry.promql.expression import Binary, Call, Node, Text, number
from belfry.promql.foreign import one_per_service
from belfry.promql.numbers import Across, by_service, events, heard, measured, series
from belfry.promql.usual import Deviation, Usual, deviation, usual, usual_of

if TYPE_CHECKING:
    from belfry.conditions import Condition, Measured

_MINUTE = 60
_OPERATORS = {"gt": ">", "lt": "<"}

Number = Ratio | Value | Usual | Deviation
"""What can be recorded of a service."""
Recorded = Mapping[tuple[str, Number], Node]
"""By service and number: where it can be read."""


@dataclass(frozen=True)
class Compared:
    """A value per service, and on which side of which limit it is trouble."""

    value: Node
    comparison: Literal["gt", "lt"]
    limit: float
    shorter: Node | None = None
    """The same value where there is trouble; anything else elsewhere."""
    reaches: bool = False
    """The limit itself is trouble."""

    @property
    def trouble(self) -> Binary:
        """What has a value only where there is trouble."""
        operator = _OPERATORS[self.comparison] + ("=" if self.reaches else "")
        return Binary(self.shorter or self.value, operator, number(self.limit))


def compared(
    condition: Condition,
    service: str,
    *,
    bridge: int,
    recorded: Recorded,
) -> Compared | None:
    """Say a condition about one service; None for what Cloudflare tells of itself.

    A last value counts for `bridge` seconds, where a condition looks at the last value. Numbers
    that are `recorded` are read from there instead of being taken again.
    """
    match condition:
        case Told():
            return None
        case Plain():
            across = Across.HIGHEST if condition.above else Across.LOWEST
            value = one_per_service(condition.expression, across)
            return Compared(value, "gt" if condition.above else "lt", condition.limit)
        case Beyond():
            return _beyond(condition, service, recorded)
        case Changed():
            return _changed(condition, service, recorded)
        case Deviates():
            return _deviates(condition, service, recorded)
        case Fills():
            return _fills(condition, service)
        case Absent():
            return _absent(condition, service)
        case Fails():
            return _fails(condition, service)
    last = Call("last_over_time", (series(condition.reading, service, window=bridge),))
    lowest = by_service(Across.LOWEST, last)
    match condition:
        case Down():
            return Compared(lowest, "lt", 1)
        case Overdue():
            return Compared(Binary(Text("time()"), "-", lowest), "gt", condition.after)
        case Ends():
            return Compared(Binary(lowest, "-", Text("time()")), "lt", condition.within)


def _beyond(condition: Beyond, service: str, recorded: Recorded) -> Compared:
    across = Across.HIGHEST if condition.above else Across.LOWEST
    if condition.burn is not None:
        across = Across.MEAN  # a promise is about all that a service answers
    covered = not condition.above
    value = _now(condition.measured, service, across, recorded, covered=covered)
    if condition.confirming is not None:
        short = _now(condition.confirming, service, across, recorded, covered=covered)
        value = _milder(value, short, condition)
    return _of_enough(value, condition, service)


def _now(
    said: Measured, service: str, across: Across, recorded: Recorded, *, covered: bool
) -> Node:
    there = recorded.get((service, said))
    return there or measured(said, service, across, covered=covered)


def _milder(value: Node, short: Node, condition: Beyond) -> Node:
    """Give the one of two values that is less trouble, so that both are beyond a limit or none.

    Where one of them is not there, or not a number, there is no value.
    """
    milder, other = ("<=", "<") if condition.above else (">=", ">")
    return Binary(Binary(value, milder, short), "or", Binary(short, other, value))


def _of_enough(value: Node, condition: Beyond, service: str) -> Compared:
    """Hold a value against its limit where it is taken of enough events.

    Where it is not, something is known all the same: the value is one that is no trouble.
    """
    comparison: Literal["gt", "lt"] = "gt" if condition.above else "lt"
    limit, reaches = condition.limit, condition.reaches
    if condition.least is None:
        return Compared(value, comparison, limit, reaches=reaches)
    count = events(condition.measured, service)
    enough = Binary(value, "and", Binary(count, ">=", number(condition.least)))
    harmless = Binary(count, "-" if condition.above else "+", Text("Inf"))
    return Compared(Binary(enough, "or", harmless), comparison, limit, enough, reaches)


def _changed(condition: Changed, service: str, recorded: Recorded) -> Compared:
    """Compare with the same time some while ago; with nothing known then, or nothing, with nothing.

    What was is always taken from the source: a recording is only as old as its rule.
    """
    said, rises, least = condition.measured, condition.rises, condition.least
    now = _now(said, service, Across.MEAN, recorded, covered=not rises)
    before = measured(said, service, Across.MEAN, offset=condition.before, covered=rises)
    larger, smaller = (now, before) if rises else (before, now)
    if least:
        larger = Binary(larger, ">=", number(least))
    now, before = (larger, smaller) if rises else (smaller, larger)
    if rises or not least:
        before = Binary(before, ">", Text("0"))
    share = Binary(Binary(now, "/", before), "-", Text("1"))
    if rises:
        return Compared(share, "gt", condition.share)
    return Compared(share, "lt", -condition.share)


def _deviates(condition: Deviates, service: str, recorded: Recorded) -> Compared:
    """Say how many deviations a number is from what it usually is."""
    said = usual_of(condition)
    known = recorded.get((service, said))
    one = Deviation(usual=said)
    deviations = recorded.get((service, one)) or deviation(one, service, known)
    down = condition.direction is not Direction.UP
    now = _now(condition.measured, service, Across.MEAN, recorded, covered=down)
    expected = known or usual(said, service)
    least = None if condition.least is None else number(condition.least)
    match condition.direction:
        case Direction.UP:
            high = now if least is None else Binary(now, ">=", least)
            far = Binary(Binary(high, "-", expected), "/", deviations)
            return Compared(far, "gt", condition.factor)
        case Direction.DOWN:
            high = expected if least is None else Binary(expected, ">=", least)
            far = Binary(Binary(now, "-", high), "/", deviations)
            return Compared(far, "lt", -condition.factor)
        case Direction.EITHER:
            far = Binary(Binary(now, "-", expected), "/", deviations)
            value: Node = Call("abs", (far,))
            if least is not None:
                enough = Binary(Binary(now, ">=", least), "or", Binary(expected, ">=", least))
                value = Binary(value, "and", enough)
            return Compared(value, "gt", condition.factor)


def _fills(condition: Fills, service: str) -> Compared:
    """Predict a value; until a twelfth of the window is known, the last one stands for it.

    What is full already fires as well: the trouble that was predicted has come. What falls does
    not, as the prediction is lower still.
    """
    reading, over = condition.reading, condition.over
    start = over // 12
    values = series(reading, service, window=over)
    older = series(reading, service, window=over - start, offset=start)
    predicted = Call("predict_linear", (values, number(condition.within)))
    known = Binary(predicted, "and", Call("present_over_time", (older,)))
    value = by_service(Across.HIGHEST, Binary(known, "or", Call("last_over_time", (values,))))
    return Compared(value, "gt", condition.full)


def _absent(condition: Absent, service: str) -> Compared:
    """Give 1 when nothing was heard, else 0. The service's label comes from the matcher."""
    values = heard(condition.reading, service, window=condition.after)
    absent = by_service(Across.HIGHEST, Call("absent_over_time", (values,)))
    present = by_service(Across.HIGHEST, Call("present_over_time", (values,)))
    return Compared(Binary(absent, "or", Binary(Text("0"), "*", present)), "gt", 0, absent)


def _fails(condition: Fails, service: str) -> Compared:
    """Give 0 when the last values were all below 1; until there are so many, nothing has failed.

    The window holds so many values at their pace, and as many more as a faster scrape brings.
    """
    window = (condition.times - 1) * condition.every + _MINUTE
    values = series(condition.reading, service, window=window)
    enough = Binary(Call("count_over_time", (values,)), ">=", number(condition.times))
    failed = Binary(Call("max_over_time", (values,)), "and", enough)
    value = by_service(Across.LOWEST, Binary(failed, "or", Call("present_over_time", (values,))))
    return Compared(value, "lt", 1)
