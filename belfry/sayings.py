"""Conditions in words, for people: what is measured, and what makes it trouble."""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.conditions import (
    Absent,
    Beyond,
    Changed,
    Deviates,
    Down,
    Ends,
    Fails,
    Fills,
    Method,
    Overdue,
    Plain,
    Ratio,
    Take,
    Told,
)
from belfry.language.signals import Measure, SignalName
from belfry.values.duration import Duration
from belfry.values.size import Size

if TYPE_CHECKING:
    from belfry.conditions import Burn, Condition, Measured

_TAKEN = {
    Take.MEAN: "on average over",
    Take.MAX: "at its highest in",
    Take.MIN: "at its lowest in",
    Take.LAST: "",
    Take.RATE: "a second, over",
    Take.INCREASE: "in",
}
_FAILED = {
    str(SignalName.JOURNEY_UP): "the journey failed",
    str(SignalName.COMPONENT_UP): "the application called it unhealthy",
    str(SignalName.NAME_FOUND): "the name was not found",
}


def said(condition: Condition) -> str:
    """Say what must be true, in the words of a message."""
    match condition:
        case Down():
            return failed(condition.reading.signal)
        case Beyond():
            side = "above" if condition.above else "below"
            limit = figure(condition.limit, measure_of(condition.measured))
            return f"{number(condition.measured)} {side} {limit}{_burning(condition.burn)}"
        case Changed():
            change = "up" if condition.rises else "down"
            share = figure(condition.share, Measure.SHARE)
            before = Duration.of(condition.before)
            return (
                f"{number(condition.measured)} {change} by more than {share} against {before} ago"
            )
        case Deviates():
            usual = "the median" if condition.method is Method.MEDIAN else "the mean"
            baseline = Duration.of(condition.baseline)
            return (
                f"{number(condition.measured)} more than {condition.factor:g} deviations from "
                f"{usual} of {baseline}"
            )
        case Fills():
            full = figure(condition.full, condition.reading.measure)
            within = Duration.of(condition.within)
            return f"{condition.reading.signal} reaches {full} within {within} at its present pace"
        case Absent():
            return f"nothing heard of {condition.reading.signal} for {Duration.of(condition.after)}"
        case Fails():
            return failed(condition.reading.signal, condition.times)
        case Overdue():
            after = Duration.of(condition.after)
            return f"{condition.reading.signal} is longer ago than {after}"
        case Ends():
            within = Duration.of(condition.within)
            return f"{condition.reading.signal} is nearer than {within}"
        case Plain():
            limit = figure(condition.limit, condition.measure)
            return f"{'above' if condition.above else 'below'} {limit}"
        case Told():
            return f"Cloudflare tells of {condition.event}"


def _burning(burn: Burn | None) -> str:
    """Say what a limit was worked out from, and how it is confirmed."""
    if burn is None:
        return ""
    still = f" and still so over {Duration.of(burn.still)}" if burn.still else ""
    budget = figure(burn.budget, Measure.SHARE)
    return f"{still}: a budget of {budget} is spent {burn.times:g} times too fast"


def failed(signal: str, times: int = 1) -> str:
    """Say what failed, of a signal that is 1 or 0, and how often in a row."""
    said = _FAILED.get(signal, "the probe failed")
    return f"{said} {times} times in a row" if times > 1 else said


def number(measured: Measured) -> str:
    """Say which number is taken."""
    over = Duration.of(measured.over)
    if isinstance(measured, Ratio):
        return f"{measured.part.signal} of {measured.whole.signal} over {over}"
    name = measured.reading.signal
    if measured.take is Take.QUANTILE:
        share = figure(measured.quantile or 0, Measure.SHARE)
        return f"{name} of {share} over {over}"
    taken = _TAKEN[measured.take]
    return f"{name} {taken} {over}" if taken else name


def figure(value: float, measure: Measure) -> str:
    """Write a figure in its measure, as platform files do."""
    if measure is Measure.SECONDS:
        return str(Duration(round(value * 1000)))
    if measure is Measure.MILLISECONDS:
        return str(Duration(round(value)))
    if measure is Measure.SHARE:
        return f"{value * 100:.6g} %"
    if measure is Measure.PERCENT:
        return f"{value:.6g} %"
    if measure is Measure.BYTES and value >= 1:
        return str(Size(round(value)))
    return f"{value:.12g}"


def measure_of(measured: Measured) -> Measure:
    """Give what a number counts: two of a kind, divided, are a share."""
    return Measure.SHARE if isinstance(measured, Ratio) else measured.reading.measure
