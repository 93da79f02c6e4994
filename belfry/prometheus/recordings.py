"""Numbers that Prometheus takes once, for all rules and dashboards that need them.

Recorded are the numbers that are dear: ratios, and means and quantiles of distributions, once per
service and window however many rules hold them against limits; what is usual of a number and how
far is far, which go back for days; and signals that an exporter gives in parts only. Which ones
depends on each rule alone, and their order on their names, so that a rule that comes or goes leaves
the text of all others alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from belfry.conditions import Beyond, Changed, Deviates, Method, Ratio, Take, Value, readings
from belfry.language.signals import MetricKind
from belfry.promql.expression import laid_out, quoted, selector, span
from belfry.promql.numbers import Across, measured
from belfry.promql.silence import JUDGED_SINCE, JUDGING
from belfry.promql.usual import Deviation, Usual, deviation, usual, usual_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from belfry.conditions import Condition
    from belfry.promql.expression import Node
    from belfry.promql.told import Number, Recorded
    from belfry.rules import ServiceRule

_UNNAMED = re.compile(r"[^a-zA-Z0-9_]")
_SPREADS = {Method.MEDIAN: ("median", "mad"), Method.MEAN: ("mean", "stddev")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A number that is recorded: `service:http_errors_per_http_requests:rate5m`."""

    record: str
    expression: str
    service: str | None
    """None: of all services at once."""
    is_signal: bool = False
    """It is a signal, from the parts that an exporter gives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recordings:
    """All that is recorded, in an order in which each needs only what stands before it."""

    rules: tuple[Recording, ...]
    numbers: Recorded
    """Where rules read the numbers."""


def recordings(rules: Iterable[ServiceRule]) -> Recordings:
    """Say what is recorded for some rules."""
    signals: dict[str, Recording] = {}
    numbers: dict[tuple[str, str], Number] = {}
    for rule in rules:
        for reading in readings(rule.condition):
            if reading.recorded is not None:
                signals[reading.metric] = Recording(
                    record=reading.metric,
                    expression=reading.recorded,
                    service=None,
                    is_signal=True,
                )
        for number in _numbers(rule.condition):
            # Another number of the service may have its name; then it is taken again instead.
            numbers.setdefault((f"service:{_name(number)}", rule.service), number)
    where: dict[tuple[str, Number], Node] = {}
    found = [_recording(*key, numbers[key], where) for key in sorted(numbers, key=_order(numbers))]
    judging = Recording(record=JUDGED_SINCE, expression=JUDGING, service=None)
    given = (signals[name] for name in sorted(signals))
    return Recordings(rules=(judging, *given, *found), numbers=where)


def _numbers(condition: Condition) -> Iterator[Number]:
    if isinstance(condition, Beyond | Changed | Deviates) and _is_dear(condition.measured):
        yield condition.measured
        if isinstance(condition, Beyond) and condition.confirming is not None:
            yield condition.confirming
    if isinstance(condition, Deviates):
        said = usual_of(condition)
        yield said
        yield Deviation(usual=said)


def _is_dear(number: Value | Ratio) -> bool:
    """Say whether a number is worth recording; it is the same whoever asks for it."""
    if isinstance(number, Ratio):
        return True
    kind = number.reading.kind
    if kind is MetricKind.SUMMARY:
        return number.take is not Take.QUANTILE
    return kind is MetricKind.HISTOGRAM


def _order(
    numbers: Mapping[tuple[str, str], Number],
) -> Callable[[tuple[str, str]], tuple[int, str, str]]:
    """Order by name and service, after what a number is made of."""
    ranks = {Usual: 1, Deviation: 2}
    return lambda key: (ranks.get(type(numbers[key]), 0), *key)


def _recording(
    record: str, service: str, number: Number, where: dict[tuple[str, Number], Node]
) -> Recording:
    """Record a number, and remember where it is read."""
    expression = laid_out(_expression(number, service, where))
    where[service, number] = selector(record, (f"service={quoted(service)}",))
    return Recording(record=record, expression=expression, service=service)


def _expression(number: Number, service: str, where: Mapping[tuple[str, Number], Node]) -> Node:
    if isinstance(number, Usual):
        return usual(number, service)
    if isinstance(number, Deviation):
        return deviation(number, service, where.get((service, number.usual)))
    return measured(number, service, Across.MEAN)


def _name(number: Number) -> str:
    """Name a number as Prometheus' practice has it: of what, and what was done with it."""
    if isinstance(number, Usual):
        middle, _ = _SPREADS[number.method]
        return f"{_name(number.of)}_{middle}{span(number.baseline)}"
    if isinstance(number, Deviation):
        _, spread = _SPREADS[number.usual.method]
        return f"{_name(number.usual.of)}_{spread}{span(number.usual.baseline)}"
    over = span(number.over)
    if isinstance(number, Ratio):
        return f"{_word(number.part.signal)}_per_{_word(number.whole.signal)}:rate{over}"
    taken = str(number.take)
    if number.take is Take.QUANTILE:
        taken = f"p{_word(f'{(number.quantile or 0) * 100:.12g}')}_"
    return f"{_word(number.reading.signal)}:{taken}{over}"


def _word(text: str) -> str:
    return _UNNAMED.sub("_", text)
