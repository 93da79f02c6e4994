"""Checks of what is done with counters, gauges and histograms."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from belfry.expressions import (
    Aggregation,
    Binary,
    Call,
    Node,
    Range,
    Selector,
    Subquery,
    bare,
)
from belfry.expressions.nodes import COMPARISONS
from belfry.lint.facts import peeled, within
from belfry.values.duration import Duration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from belfry.lint.check import Finding
    from belfry.lint.facts import Facts

_RATES = frozenset(("rate", "irate", "increase"))
_OF_GAUGES = frozenset(("delta", "idelta", "deriv", "predict_linear"))
_COUNTERS = ("_total", "_bucket")
_GAUGE = re.compile(
    r"(?:_info|_ratio|_percent|_percentage|_celsius|_temperature|_timestamp|_timestamp_seconds"
    r"|_(?:free|available|avail|used|size|limit|capacity)(?:_bytes|_percent|_ratio)?"
    r"|(?:^|_)up)"
)
_AHEAD = 24
"""So many times further ahead than back is no prediction; kubernetes-mixin goes up to 16."""


def check(facts: Facts) -> Iterator[Finding]:
    """Check the functions of a rule."""
    named = Counter(one.name for one in facts.expression.selectors)
    for node in facts.expression.nodes:
        if isinstance(node, Call):
            if node.name in _RATES:
                yield from _rate(facts, node)
            elif node.name in _OF_GAUGES:
                yield from _of_gauge(facts, node)
            elif node.name == "histogram_quantile":
                yield from _quantile(facts, node)
            if node.name == "quantile_over_time":
                yield from _share(facts, node.arguments[0])
            if node.name == "predict_linear":
                yield from _prediction(facts, node)
        elif isinstance(node, Aggregation):
            if node.operator == "quantile" and node.parameter is not None:
                yield from _share(facts, node.parameter)
            if node.operator in ("avg", "sum"):
                yield from _mean(facts, node)
        elif isinstance(node, Binary) and node.operator in COMPARISONS:
            yield from _raw(facts, node, named)


def _rate(facts: Facts, node: Call) -> Iterator[Finding]:
    found = facts.rule.in_expression
    over = bare(node.arguments[0])
    if node.name == "irate" and facts.rule.is_alert:
        yield found("irate-alert", node.start, "irate decides about an alert")
    if isinstance(over, Subquery):
        inside = bare(over.expression)
        if isinstance(inside, Aggregation) and inside.operator in ("sum", "avg", "min", "max"):
            wrong = f"{node.name} of {facts.shown(inside)}"
            yield found("rate-of-sum", node.start, wrong)
        elif isinstance(inside, Call) and inside.name in _RATES:
            yield found("rate-twice", node.start, f"{node.name} of {inside.name}")
        return
    if not isinstance(over, Range):
        return
    name = over.selector.name or ""
    if over.seconds < 2 * facts.settings.scrape:
        least = Duration.of(int(2 * facts.settings.scrape))
        wrong = f"{node.name} over {Duration.of(max(int(over.seconds), 0))} may see one value only"
        right = (
            f"look at {Duration.of(int(4 * facts.settings.scrape))}, and never less than {least}"
        )
        yield found("rate-window", over.start, wrong, right)
    if name in facts.sums:
        wrong = f"{node.name} of {name}, which is recorded as a sum"
        yield found("rate-of-sum", over.start, wrong)
    elif re.search(r":(?:rate|irate|increase)\d*[smhdw]?|:rate\d", name):
        yield found("rate-twice", over.start, f"{node.name} of {name}, which is a rate")
    elif ":" not in name and _looks_like_gauge(name):
        yield found("rate-of-gauge", over.start, f"{node.name} of {name}, which looks like a gauge")


def _looks_like_gauge(name: str) -> bool:
    found = None
    for found in _GAUGE.finditer(name):  # noqa: B007 -- the last one
        pass
    return found is not None and found.end() == len(name)


def _of_gauge(facts: Facts, node: Call) -> Iterator[Finding]:
    over = bare(node.arguments[0])
    name = over.selector.name or "" if isinstance(over, Range) else ""
    if name.endswith(_COUNTERS) and ":" not in name:
        wrong = f"{node.name} of {name}, which is a counter"
        yield facts.rule.in_expression("gauge-function-on-counter", node.start, wrong)


def _prediction(facts: Facts, node: Call) -> Iterator[Finding]:
    over = bare(node.arguments[0])
    ahead = facts.number(node.arguments[1])
    if not isinstance(over, Range | Subquery) or ahead is None or not over.seconds > 0:
        return
    if ahead > _AHEAD * over.seconds:
        back, far = Duration.of(int(over.seconds)), Duration.of(int(ahead))
        wrong = f"it looks {far} ahead from what was in {back}"
        yield facts.rule.in_expression("prediction-window", node.start, wrong)


def _share(facts: Facts, share: Node) -> Iterator[Finding]:
    value = facts.number(share)
    if value is not None and not 0 <= value <= 1:
        right = f"write {value / 100:g}" if 2 <= value <= 100 else ""
        wrong = f"the quantile {value:g} is not between 0 and 1"
        yield facts.rule.in_expression("quantile-of-range", share.start, wrong, right)


def _quantile(facts: Facts, node: Call) -> Iterator[Finding]:
    found = facts.rule.in_expression
    yield from _share(facts, node.arguments[0])
    series = node.arguments[1]
    names = [one.name or "" for one in within(series) if isinstance(one, Selector)]
    buckets = any(name.endswith("_bucket") for name in names)
    bad = [name for name in names if name.endswith(("_sum", "_count", "_total", "_seconds_max"))]
    if names and not buckets and len(bad) == len(names):
        yield found("quantile-buckets", series.start, f"{bad[0]} has no buckets")
    if buckets and not facts.labels[id(series)].may_have("le"):
        inside = bare(series)
        right = ""
        if isinstance(inside, Aggregation):
            named = ", ".join(("le", *(() if inside.without else inside.labels or ())))
            right = f"write {inside.operator} by ({named}) (…)"
        yield found("quantile-le", series.start, "the label le is dropped", right)
    inner = peeled(series)
    if isinstance(inner, Selector) and (inner.name or "").endswith("_bucket"):
        yield found("quantile-raw", inner.start, f"{inner.name} counts since the process began")


def _mean(facts: Facts, node: Aggregation) -> Iterator[Finding]:
    inside = bare(node.expression)
    if isinstance(inside, Call) and inside.name.endswith("_over_time") and inside.arguments:
        inside = bare(inside.arguments[0])
    selector = inside.selector if isinstance(inside, Range) else inside
    quantiles = isinstance(inside, Call) and inside.name == "histogram_quantile"
    if isinstance(selector, Selector):
        quantiles = any(
            one.label == "quantile" and one.operator == "=" and one.value
            for one in selector.matchers
        )
    if quantiles:
        wrong = f"{node.operator} of quantiles"
        yield facts.rule.in_expression("quantile-mean", node.start, wrong)


def _raw(facts: Facts, node: Binary, named: Counter[str | None]) -> Iterator[Finding]:
    """Find a counter that is compared with a number as it is."""
    sides = ((node.left, node.right), (node.right, node.left))
    for side, other in sides:
        inner = peeled(side)
        if not isinstance(inner, Selector) or facts.number(other) is None:
            continue
        name = inner.name or ""
        if name.endswith(_COUNTERS) and ":" not in name and named[name] == 1:
            wrong = f"{name} is compared with {facts.shown(other)} as it is"
            yield facts.rule.in_expression("counter-raw", inner.start, wrong)
