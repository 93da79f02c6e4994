"""What an alert says of the value that raised it, beside its limit: a Go template.

The functions are those that Prometheus and Grafana both know (prometheus.io/docs, template
reference). A value is NaN where an alert fires because nothing was heard.
"""

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
    Overdue,
    Plain,
    Ratio,
    Take,
    Told,
)
from belfry.language.signals import Measure
from belfry.rules import Silence
from belfry.sayings import failed, figure, measure_of
from belfry.values.duration import Duration

if TYPE_CHECKING:
    from belfry.conditions import Condition, Measured
    from belfry.rules import ServiceRule

_SHOWN = {
    Measure.SECONDS: "{{ VALUE | humanizeDuration }}",
    Measure.MILLISECONDS: '{{ printf "%.0f" VALUE }}ms',
    Measure.SHARE: "{{ VALUE | humanizePercentage }}",
    Measure.PERCENT: '{{ printf "%.4g" VALUE }} %',
    Measure.BYTES: "{{ VALUE | humanize1024 }}B",
}
_PLAINLY = "{{ VALUE | humanize }}"


def seen(rule: ServiceRule, value: str = "$value") -> str:
    """Say what was measured against its limit; `value` is how the template calls the value."""
    said = _seen(rule.condition)
    if rule.silence is Silence.ALERTING and not isinstance(rule.condition, Absent | Told):
        silent = f"nothing was heard for {Duration.of(rule.silent_after)}"
        said = f'{{{{ if eq (printf "%v" VALUE) "NaN" }}}}{silent}{{{{ else }}}}{said}{{{{ end }}}}'
    return said.replace("VALUE", value)


def literally(text: str) -> str:
    """Write text so that a template gives it back as it is, whatever is in it."""
    return text.replace("{{", '{{ "{{" }}')


def _seen(condition: Condition) -> str:
    match condition:
        case Down():
            return failed(condition.reading.signal)
        case Beyond():
            measure = measure_of(condition.measured)
            side = "more" if condition.above else "less"
            a_second = " a second" if _is_rate(condition.measured) else ""
            limit = figure(condition.limit, measure)
            return f"{_shown(measure)}{a_second}, {side} than {limit}{a_second}"
        case Changed():
            change = _shown(Measure.SHARE)
            limit = figure(condition.share, Measure.SHARE)
            before = Duration.of(condition.before)
            way = "up" if condition.rises else "down"
            return f"{change} against {before} ago, {way} by more than {limit}"
        case Deviates():
            return f"{_PLAINLY} deviations from usual, more than {condition.factor:g}"
        case Fills():
            reached = _shown(condition.reading.measure)
            within = Duration.of(condition.within)
            full = figure(condition.full, condition.reading.measure)
            return f"{reached} in {within} at this pace, full at {full}"
        case Absent():
            return f"nothing was heard for {Duration.of(condition.after)}"
        case Fails():
            return failed(condition.reading.signal, condition.times)
        case Overdue():
            after = Duration.of(condition.after)
            return f"{_shown(Measure.SECONDS)} ago, more than {after}"
        case Ends():
            within = Duration.of(condition.within)
            return f"{_shown(Measure.SECONDS)} left, less than {within}"
        case Plain():
            side = "more" if condition.above else "less"
            limit = figure(condition.limit, condition.measure)
            return f"{_shown(condition.measure)}, {side} than {limit}"
        case Told():
            return "Cloudflare tells of it"


def _shown(measure: Measure) -> str:
    return _SHOWN.get(measure, _PLAINLY)


def _is_rate(measured: Measured) -> bool:
    return not isinstance(measured, Ratio) and measured.take is Take.RATE
