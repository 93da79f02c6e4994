"""What can be proven of a rule that is written in PromQL: from what its expression can give.

What a selector gives is known by its name, where that says it: 0 or 1, a part and its whole, a time
that something happened. All else follows from the expression. What is not known proves nothing.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

from belfry.expressions import (
    Aggregation,
    Binary,
    Call,
    Expression,
    Number,
    Range,
    Selector,
    Subquery,
    bare,
    children,
    parse,
)
from belfry.expressions.bounds import Bounds, bounds_of
from belfry.expressions.nodes import COMPARISONS
from belfry.flaws import Flaw, Proven
from belfry.values.duration import Duration
from belfry.values.size import Size

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from belfry.conditions import Plain
    from belfry.expressions import Node
    from belfry.flaws import Surroundings

_TRUTHS = ("up", "probe_success")
_TRUTH_ENDINGS = ("_up", "_successful", "_watermark", "_scrape_error")
"""How metrics end that are 0 or 1 in every exporter that the catalogue knows."""
_COUNT_ENDINGS = ("_total", "_count", "_bytes", "_seconds")
_WHOLES = {
    "node_filesystem_avail_bytes": "node_filesystem_size_bytes",
    "node_filesystem_files_free": "node_filesystem_files",
}
"""What is a part, and of what."""
_STORED = "prometheus_tsdb_"
_MOMENT = "_timestamp_seconds"
_ONE_TARGET = "up is 0 or 1, and a service has one target that is its own"


def plain_flaws(condition: Plain, around: Surroundings) -> Iterator[Proven]:
    """Give what is proven against a condition in PromQL, with the limit it is held against."""
    expression = _parsed(condition.expression)
    if expression is None:
        return
    root = expression.root
    bounds = bounds_of(expression, _Known(around).of)
    yield from _limits(condition, bounds[id(root)])
    yield from _age(condition, root, around)
    yield from _conjuncts(root, bounds)
    back = _reach(root)
    if back > around.prometheus:
        kept = Duration.of(around.prometheus)
        wrong = f"it looks back {Duration.of(math.ceil(back))}, and values are kept {kept}"
        right = f"keep them {Duration.of(math.ceil(back))} (retention), or look back less"
        yield Proven(flaw=Flaw.FORGOTTEN, wrong=wrong, right=right)


@lru_cache(maxsize=512)
def _parsed(text: str) -> Expression | None:
    found = parse(text)
    return found if isinstance(found, Expression) else None


def _limits(condition: Plain, span: Bounds) -> Iterator[Proven]:
    limit, why = condition.limit, f": {span.reason}" if span.reason else ""
    if condition.above and limit >= span.high:
        wrong = f"it is at most {span.high:g}, never above {limit:g}{why}"
        yield Proven(flaw=Flaw.NEVER, wrong=wrong, right=f"write less than {_few(span.high)}")
    elif condition.above and limit < span.low:
        wrong = f"it is at least {span.low:g}, always above {limit:g}{why}"
        yield Proven(flaw=Flaw.ALWAYS, wrong=wrong, right=f"write {span.low:g} or more")
    elif not condition.above and limit <= span.low:
        wrong = f"it is at least {span.low:g}, never below {limit:g}{why}"
        yield Proven(flaw=Flaw.NEVER, wrong=wrong, right=f"write more than {span.low:g}")
    elif not condition.above and limit > span.high:
        wrong = f"it is at most {span.high:g}, always below {limit:g}{why}"
        yield Proven(flaw=Flaw.ALWAYS, wrong=wrong, right=f"write {_few(span.high)} or less")


def _conjuncts(root: Node, bounds: Mapping[int, Bounds]) -> Iterator[Proven]:
    """Prove of what must be true as well that it never is."""
    node = bare(root)
    if not (isinstance(node, Binary) and node.operator == "and"):
        return
    for side in (bare(node.left), bare(node.right)):
        if isinstance(side, Binary) and side.operator == ">":
            limit, span = bare(side.right), bounds[id(side.left)]
            if isinstance(limit, Number) and limit.value >= span.high:
                why = f": {span.reason}" if span.reason else ""
                wrong = f"a part of it is at most {span.high:g}, never above {limit.value:g}{why}"
                right = f"write less than {_few(span.high)}"
                yield Proven(flaw=Flaw.NEVER, wrong=wrong, right=right)


def _few(value: float) -> str:
    return f"{value:.3g}"


def _age(condition: Plain, root: Node, around: Surroundings) -> Iterator[Proven]:
    """Prove that what happens again and again is always too old for a limit."""
    node = bare(root)
    if not (condition.above and isinstance(node, Binary) and node.operator == "-"):
        return
    now = bare(node.left)
    moments = [one for one in _selectors(node.right) if (one.name or "").endswith(_MOMENT)]
    if not (isinstance(now, Call) and now.name == "time" and moments):
        return
    due = around.due or around.every
    if condition.limit < due:
        age, often = Duration.of(math.ceil(condition.limit)), Duration.of(due)
        wrong = f"there is one each {often}, so that the last is older than {age} before the next"
        right = f"write {Duration.of(2 * due if due < _DAY else due + _SLACK)} or more"
        yield Proven(flaw=Flaw.ALWAYS, wrong=wrong, right=right)


_DAY = 86_400
_SLACK = 7_200
"""Seconds that what is done once a day may take."""


def _reach(node: Node) -> float:
    """Give the seconds that an expression looks back; what is computed counts as nothing."""
    if isinstance(node, Selector):
        own = node.offset
    elif isinstance(node, Range):
        own = node.seconds
    elif isinstance(node, Subquery):
        own = node.seconds + node.offset
    else:
        own = 0.0
    below = max(map(_reach, children(node)), default=0.0)
    return below + (0.0 if math.isnan(own) else own)


def _selectors(node: Node) -> Iterator[Selector]:
    if isinstance(node, Selector):
        yield node
    for one in children(node):
        yield from _selectors(one)


class _Known:
    """What is known of parts of an expression beyond what PromQL itself says."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around

    def of(self, node: Node) -> Bounds | None:
        """Give what is known of a part; None: nothing more."""
        match node:
            case Selector():
                return _of_selector(node)
            case Aggregation(operator="count"):
                return Bounds(1, reason="what is not there is not counted")
            case Aggregation(operator="sum", labels=("service",)):
                asked = bare(node.expression)
                if isinstance(asked, Selector) and asked.name == "up":
                    return Bounds(0, 1, _ONE_TARGET)
            case Binary(operator="/", returns_bool=False) if _is_share(node):
                return Bounds(0, 1, "a part is at most the whole")
            case Binary(operator="+"):
                return self._stored(node)
        return None

    def _stored(self, node: Binary) -> Bounds | None:
        """Give what Prometheus keeps at most: what its volume holds."""
        names = [one.name or "" for one in _selectors(node)]
        if self._around.disk is None:
            return None
        if not all(name.startswith(_STORED) and name.endswith("_bytes") for name in names):
            return None
        why = f"its volume holds {Size(self._around.disk)} (server.parts.prometheus.disk)"
        return Bounds(0, self._around.disk, why)


def _of_selector(node: Selector) -> Bounds | None:
    name = node.name or next((one.value for one in node.matchers if one.label == "__name__"), "")
    if name in _TRUTHS or name.endswith(_TRUTH_ENDINGS):
        shown = node.name or "each of them"
        return Bounds(0, 1, f"{shown} is 0 or 1")
    return Bounds(0) if name.endswith(_COUNT_ENDINGS) else None


def _is_share(node: Binary) -> bool:
    """Say whether a part is divided by its whole, which may leave out what is 0."""
    part, whole = bare(node.left), bare(node.right)
    if isinstance(whole, Binary) and whole.operator in COMPARISONS:
        whole = bare(whole.left)
    if not (isinstance(part, Selector) and isinstance(whole, Selector)):
        return False
    return whole.name is not None and _WHOLES.get(part.name or "") == whole.name
