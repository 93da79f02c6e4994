"""A case's series as Prometheus sees them: metric, labels, and a value a step.

A step without a value is one at which a scrape did not find the series. Prometheus then writes a
stale marker, so that the series is gone at once and not only after its lookback of five minutes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from belfry.conditions import readings
from belfry.language.signals import MetricKind
from belfry.promql.expression import selector
from belfry.series import parse_series
from belfry.values.nonsense import Nonsense, shown

if TYPE_CHECKING:
    from belfry.conditions import Reading
    from belfry.rules import Case, ServiceRule

_KEY = re.compile(
    r"(?P<name>[a-zA-Z_:][a-zA-Z0-9_:-]*)(?:\.(?P<ending>sum|count))?(?:\{(?P<labels>.*)\})?"
)
_LABEL = re.compile(r'\s*(?P<name>[a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*(?P<value>"(?:\\.|[^"\\])*")\s*,?')
_GAP = re.compile(r"_(?:x(?P<times>[0-9]+))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What a series of a case is called: `response-time{le="0.5"}`, `response-time.count`."""

    name: str
    """A signal's, or a metric's."""
    ending: str
    """`sum`, `count`, or nothing."""
    labels: tuple[tuple[str, str], ...]
    """Names, and values as they are written, with their quotes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """One series."""

    series: str
    """With all its labels."""
    values: str
    """In promtool's notation."""


def named(key: str) -> Key:
    """Read what a series is called.

    Raises:
        Nonsense: it is not a signal or a metric, with labels.

    """
    match = _KEY.fullmatch(key)
    said = (match and match["labels"]) or ""
    labels = [(one["name"], one["value"]) for one in _LABEL.finditer(said)]
    if match is None or _LABEL.sub("", said).strip():
        wrong = f"{shown(key)} is not a series"
        raise Nonsense(wrong, 'write a signal or a metric, such as response-time{le="0.5"}')
    return Key(name=match["name"], ending=match["ending"] or "", labels=tuple(labels))


def histories(rule: ServiceRule, case: Case) -> tuple[History, ...]:
    """Give the series of a case for a rule about one service."""
    known = {reading.signal: reading for reading in readings(rule.condition)}
    return tuple(
        History(
            series=_series(named(key), known, rule.service),
            values=values(text),
        )
        for key, text in case.series.items()
    )


def minutes(case: Case) -> int:
    """Give the minutes from the first value of a case to its last; without a series, none."""
    steps = max((len(parse_series(text)) for text in case.series.values()), default=1) - 1
    return steps * case.every.whole_seconds // 60


def values(text: str) -> str:
    """Write values in promtool's notation, with a stale marker where a series goes."""
    steps: list[str] = []
    is_there = False
    for step in text.split():
        gap = _GAP.fullmatch(step)
        if gap is None:
            steps.append(step)
        elif is_there:
            times = int(gap["times"] or 1)
            steps += ("stale",) if times == 1 else ("stale", f"_x{times - 1}")
        else:
            steps.append(step)
        is_there = gap is None
    return " ".join(steps)


def _series(key: Key, known: dict[str, Reading], service: str) -> str:
    reading = known.get(key.name)
    labels = {name: f"{name}={value}" for name, value in key.labels}
    if reading is None:
        metric = key.name
    else:
        metric = reading.metric + _ending(key, reading, labels)
        labels = {name: f'{name}="{value}"' for name, value in reading.matchers} | labels
    labels.setdefault("service", f'service="{service}"')
    return str(selector(metric, tuple(labels.values())))


def _ending(key: Key, reading: Reading, labels: dict[str, str]) -> str:
    if key.ending:
        return f"_{key.ending}"
    return "_bucket" if reading.kind is MetricKind.HISTOGRAM and "le" in labels else ""
