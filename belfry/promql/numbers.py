"""The numbers of conditions in PromQL: one value per service, from the series of a reading.

Ranges are left-open, as in Prometheus 3: of a value a minute, `[5m]` holds five.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from belfry.conditions import Ratio, Take
from belfry.language.signals import MetricKind
from belfry.promql.expression import Binary, Call, Text, number, quoted, selector

if TYPE_CHECKING:
    from belfry.conditions import Measured, Reading, Value
    from belfry.promql.expression import Node


class Across(StrEnum):
    """How several series of one service become one number."""

    HIGHEST = "max"
    LOWEST = "min"
    MEAN = "avg"


_OVER_TIME = {
    Take.MEAN: "avg_over_time",
    Take.MAX: "max_over_time",
    Take.MIN: "min_over_time",
    Take.LAST: "last_over_time",
    Take.RATE: "rate",
    Take.INCREASE: "increase",
}
_DISTRIBUTIONS = (MetricKind.HISTOGRAM, MetricKind.SUMMARY)
_PUBLISHED = (0.5, 0.75, 0.8, 0.9, 0.95, 0.975, 0.98, 0.99, 0.995, 0.999, 0.9999, 1.0)
"""Quantiles that summaries are known to publish."""


def by_service(aggregation: str, inner: Node) -> Call:
    """Give one value a service; all other labels go."""
    return Call(f"{aggregation} by (service) ", (inner,))


def series(
    reading: Reading,
    service: str,
    *,
    ending: str = "",
    more: tuple[str, ...] = (),
    window: int = 0,
    offset: int = 0,
) -> Text:
    """Select the series of a reading, or their values of so many seconds."""
    labels = (("service", service), *reading.matchers)
    matchers = (*(f"{name}={quoted(value)}" for name, value in labels), *more)
    return selector(reading.metric + ending, matchers, window=window, offset=offset)


def heard(reading: Reading, service: str, *, window: int, offset: int = 0) -> Text:
    """Select the series that there are whenever anything is known of a reading."""
    ending = "_count" if reading.kind in _DISTRIBUTIONS else ""
    return series(reading, service, ending=ending, window=window, offset=offset)


def measured(
    said: Measured, service: str, across: Across, *, offset: int = 0, covered: bool = False
) -> Node:
    """Give a number of a service, as it was `offset` seconds ago.

    Rates of several series are summed before anything is made of them; of other values `across`
    says which one counts. A quantile of nothing is NaN, which no comparison finds true.

    A counter that has just begun, or is gone, seems to rise slowly, since what it gained is held
    against the whole window. Where that would be trouble, ask for a window that is `covered`:
    something was known before it, and is known at its end. It is asked of the service, not of each
    series: when instances take turns, their counters begin and end too.
    """
    if isinstance(said, Ratio):
        return _ratio(said, service, offset)
    if said.reading.kind is MetricKind.COUNTER:
        summed = _summed(said.reading, service, _OVER_TIME[said.take], said.over, offset=offset)
        if not covered:
            return summed
        before = series(said.reading, service, window=said.over, offset=offset + said.over)
        begun = by_service("count", Call("present_over_time", (before,)))
        there = by_service("count", series(said.reading, service, offset=offset))
        return Binary(Binary(summed, "and", begun), "and", there)
    if said.reading.kind in _DISTRIBUTIONS:
        return _distribution(said, service, across, offset)
    values = series(said.reading, service, window=said.over, offset=offset)
    return by_service(across, Call(_OVER_TIME[said.take], (values,)))


def events(said: Measured, service: str) -> Node:
    """Give how many events a number was taken of: requests, observations, or values."""
    if isinstance(said, Ratio):
        return _summed(said.whole, service, "increase", said.over, offset=0)
    if said.reading.kind is MetricKind.COUNTER:
        return _summed(said.reading, service, "increase", said.over, offset=0)
    if said.reading.kind in _DISTRIBUTIONS:
        return _summed(said.reading, service, "increase", said.over, offset=0, ending="_count")
    return _summed(said.reading, service, "count_over_time", said.over, offset=0)


def may_be_nan(said: Measured) -> bool:
    """Say whether a number is NaN, instead of missing, while there is nothing to take it of."""
    return not isinstance(said, Ratio) and said.take is Take.QUANTILE


def _ratio(said: Ratio, service: str, offset: int) -> Node:
    """Divide rates; an error that never happened has no series, which is none of the requests."""
    part = _summed(said.part, service, "rate", said.over, offset=offset)
    whole = _summed(said.whole, service, "rate", said.over, offset=offset)
    none = Binary(Text("0"), "*", whole)
    return Binary(Binary(part, "or", none), "/", Binary(whole, ">", Text("0")))


def _summed(
    reading: Reading, service: str, function: str, over: int, *, offset: int, ending: str = ""
) -> Call:
    values = series(reading, service, ending=ending, window=over, offset=offset)
    return by_service("sum", Call(function, (values,)))


def _distribution(said: Value, service: str, across: Across, offset: int) -> Node:
    reading, over = said.reading, said.over
    if said.take is not Take.QUANTILE:
        total = _summed(reading, service, "rate", over, offset=offset, ending="_sum")
        count = _summed(reading, service, "rate", over, offset=offset, ending="_count")
        return Binary(total, "/", Binary(count, ">", Text("0")))
    quantile = said.quantile or 0.0
    if reading.kind is MetricKind.SUMMARY:
        return _published(said, service, across, offset)
    buckets = series(reading, service, ending="_bucket", window=over, offset=offset)
    rates = Call("sum by (le, service) ", (Call("rate", (buckets,)),))
    return Call("histogram_quantile", (number(quantile), rates))


def _published(said: Value, service: str, across: Across, offset: int) -> Node:
    """Take the nearest quantile that the summary publishes and that is at least as high.

    Which ones it publishes is not known here; of those at least as high the nearest is the
    smallest value, for quantiles rise.
    """
    asked = said.quantile or 0.0
    enough = sorted({asked, *(one for one in _PUBLISHED if one >= asked)})
    names = "|".join(str(number(one)).replace(".", "[.]") for one in enough)
    at_least = (f"quantile=~{quoted(names)}",)
    values = series(said.reading, service, more=at_least, window=said.over, offset=offset)
    nearest = Call("min without (quantile) ", (Call("last_over_time", (values,)),))
    return by_service(across, nearest)
