"""Series of which a number takes the values that one wants, whatever it is taken of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from belfry.conditions import Ratio, Take
from belfry.language.signals import MetricKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from belfry.conditions import Measured, Value

_LONG = 12 * 3600
"""Seconds; longer histories have a value in more than one minute, if they can."""
_STEPS = (240, 180, 120)
_MINUTE = 60
_MANY = 1000.0
"""Events a step, of which shares and means are taken."""
_BUCKET = 0.99
"""A bucket begins at this share of its end, so that every quantile of it is nearly its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A value that a number has for some time."""

    value: float
    seconds: int


def longest_step(seconds: int, window: int) -> int:
    """Choose the seconds between two values of a history: few values, and two in a window."""
    if seconds <= _LONG:
        return _MINUTE
    return next((step for step in _STEPS if window >= 2 * step), _MINUTE)


def course(measured: Measured, segments: Sequence[Segment], every: int) -> Mapping[str, str]:
    """Give the series of a number's readings, by signal, that make it take these values."""
    if isinstance(measured, Ratio):
        many = [Segment(value=_MANY, seconds=one.seconds) for one in segments]
        part = [Segment(value=one.value * _MANY, seconds=one.seconds) for one in segments]
        return {
            measured.whole.signal: _rising(many, every),
            measured.part.signal: _rising(part, every),
        }
    name, kind = measured.reading.signal, measured.reading.kind
    if kind is MetricKind.GAUGE:
        return {name: _flat(segments, every)}
    if kind is MetricKind.COUNTER:
        a_step = every if measured.take is Take.RATE else every / measured.over
        return {name: _rising([_times(one, a_step) for one in segments], every)}
    if measured.take is Take.QUANTILE:
        return _distributed(measured, segments, every)
    many = [Segment(value=_MANY, seconds=one.seconds) for one in segments]
    return {
        f"{name}.count": _rising(many, every),
        f"{name}.sum": _rising([_times(one, _MANY) for one in segments], every),
    }


def _distributed(measured: Value, segments: Sequence[Segment], every: int) -> Mapping[str, str]:
    """Let all events of a segment fall into one narrow bucket."""
    name = measured.reading.signal
    many = [Segment(value=_MANY, seconds=one.seconds) for one in segments]
    series = {f"{name}.count": _rising(many, every)}
    if measured.reading.kind is MetricKind.SUMMARY:
        key = f'{name}{{quantile="{_text(measured.quantile or 0)}"}}'
        return {key: _flat(segments, every), **series}
    ends = sorted({bound for one in segments for bound in (one.value * _BUCKET, one.value)})
    for end in ends:
        inside = [
            Segment(value=_MANY if one.value <= end else 0, seconds=one.seconds) for one in segments
        ]
        series[f'{name}{{le="{_text(end)}"}}'] = _rising(inside, every)
    series[f'{name}{{le="+Inf"}}'] = _rising(many, every)
    return series


def steps(first: float, add: float, times: int) -> str:
    """Write a value and so many more, in promtool's notation."""
    if not add:
        return f"{_text(first)}x{times}"
    sign = "+" if add > 0 else "-"
    return f"{_text(first)}{sign}{_text(abs(add))}x{times}"


def _flat(segments: Sequence[Segment], every: int) -> str:
    return " ".join(steps(one.value, 0, one.seconds // every - 1) for one in segments)


def _rising(segments: Sequence[Segment], every: int) -> str:
    """Write a counter that gains a segment's value at every step."""
    at = 0.0
    texts = []
    for one in segments:
        add = round(one.value, 9)
        times = one.seconds // every
        texts.append(steps(at + add, add, times - 1))
        at = round(at + add * times, 9)
    return " ".join(texts)


def _times(segment: Segment, factor: float) -> Segment:
    return Segment(value=segment.value * factor, seconds=segment.seconds)


def _text(value: float) -> str:
    text = f"{value:.9f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text
