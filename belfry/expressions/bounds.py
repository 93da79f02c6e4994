"""Between which values the results of an expression lie, as far as it can be told without data."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from belfry.expressions import (
    Aggregation,
    Binary,
    Call,
    Number,
    Parens,
    Range,
    Selector,
    Subquery,
    Unary,
    bare,
    children,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from belfry.expressions import Expression, Node

INFINITE = math.inf
_LONG = 2_000
"""Characters: quotients of longer sides are not compared."""


class Bounds(NamedTuple):
    """The least and the greatest value that there can be."""

    low: float = -INFINITE
    high: float = INFINITE
    reason: str = ""
    """Why, in words, where it is not plain to see."""


_NOT_NEGATIVE = Bounds(0)
_FUNCTIONS = {
    "absent": Bounds(1, 1, "absent gives 1 or nothing"),
    "absent_over_time": Bounds(1, 1, "absent_over_time gives 1 or nothing"),
    "present_over_time": Bounds(1, 1, "present_over_time gives 1 or nothing"),
    "count_over_time": Bounds(1, INFINITE, "count_over_time gives nothing instead of 0"),
    "rate": Bounds(0, INFINITE, "a rate is never negative"),
    "irate": Bounds(0, INFINITE, "a rate is never negative"),
    "increase": Bounds(0, INFINITE, "an increase is never negative"),
    "resets": Bounds(0, INFINITE, "a count is never negative"),
    "changes": Bounds(0, INFINITE, "a count is never negative"),
    "stddev_over_time": Bounds(0, INFINITE, "a deviation is never negative"),
    "stdvar_over_time": Bounds(0, INFINITE, "a variance is never negative"),
    "mad_over_time": Bounds(0, INFINITE, "a deviation is never negative"),
    "abs": Bounds(0, INFINITE, "abs is never negative"),
    "sqrt": _NOT_NEGATIVE,
    "exp": _NOT_NEGATIVE,
    "time": _NOT_NEGATIVE,
    "timestamp": _NOT_NEGATIVE,
    "hour": Bounds(0, 23, "hours go from 0 to 23"),
    "minute": Bounds(0, 59, "minutes go from 0 to 59"),
    "day_of_week": Bounds(0, 6, "days of the week go from 0 (Sunday) to 6"),
    "day_of_month": Bounds(1, 31, "days of a month go from 1 to 31"),
    "day_of_year": Bounds(1, 366, "days of a year go from 1 to 366"),
    "days_in_month": Bounds(28, 31, "months have 28 to 31 days"),
    "month": Bounds(1, 12, "months go from 1 to 12"),
    "sgn": Bounds(-1, 1, "sgn gives -1, 0 or 1"),
    "histogram_fraction": Bounds(0, 1, "a share is at most 1"),
}
_LIKE_INSIDE = frozenset(
    [
        "avg_over_time",
        "min_over_time",
        "max_over_time",
        "last_over_time",
        "first_over_time",
        "quantile_over_time",
        "sort",
        "sort_desc",
        "label_replace",
        "label_join",
    ]
)
_AGGREGATES_LIKE_INSIDE = frozenset(("avg", "min", "max", "quantile", "topk", "bottomk", "limitk"))
_METRICS = {
    "up": Bounds(0, 1, "up is 0 or 1"),
    "probe_success": Bounds(0, 1, "probe_success is 0 or 1"),
}
_COUNTS = ("_total", "_count", "_bucket")


def bounds_of(
    expression: Expression, known: Callable[[Node], Bounds | None] = lambda _: None
) -> dict[int, Bounds]:
    """Give the bounds of each node, by its id(); `known` tells what else is known of some."""
    found: dict[int, Bounds] = {}
    for node in expression.nodes:
        found[id(node)] = known(node) or _bounds(node, found)
    return found


def _bounds(node: Node, found: dict[int, Bounds]) -> Bounds:
    if isinstance(node, Number):
        return Bounds() if math.isnan(node.value) else Bounds(node.value, node.value)
    if isinstance(node, Selector):
        name = node.name or ""
        if name in _METRICS:
            return _METRICS[name]
        if name.endswith(_COUNTS) and ":" not in name:
            return Bounds(0, INFINITE, "a count is never negative")
        return Bounds()
    if isinstance(node, Range):
        return found[id(node.selector)]
    if isinstance(node, Parens | Subquery):
        return found[id(node.expression)]
    if isinstance(node, Unary):
        inside = found[id(node.expression)]
        if node.operator == "-":
            return Bounds(-inside.high, -inside.low, inside.reason)
        return inside
    if isinstance(node, Call):
        return _of_call(node, found)
    if isinstance(node, Aggregation):
        return _of_aggregation(node, found)
    if isinstance(node, Binary):
        return _of_binary(node, found)
    return Bounds()


def _of_call(node: Call, found: dict[int, Bounds]) -> Bounds:
    if node.name in _FUNCTIONS:
        return _FUNCTIONS[node.name]
    if node.name in ("vector", "scalar") or node.name in _LIKE_INSIDE:
        index = 1 if node.name == "quantile_over_time" else 0
        inside = found[id(node.arguments[index])]
        return Bounds(*inside[:2], inside.reason) if node.name != "scalar" else Bounds()
    limits = [bare(one) for one in node.arguments[1:]]
    numbers = [one.value for one in limits if isinstance(one, Number)]
    inside = found[id(node.arguments[0])] if node.arguments else Bounds()
    if node.name == "clamp" and len(numbers) == 2:
        return _clamped("clamp", max(inside.low, numbers[0]), min(inside.high, numbers[1]))
    if node.name == "clamp_min" and numbers:
        return _clamped("clamp_min", max(inside.low, numbers[0]), max(inside.high, numbers[0]))
    if node.name == "clamp_max" and numbers:
        return _clamped("clamp_max", min(inside.low, numbers[0]), min(inside.high, numbers[0]))
    return Bounds()


def _clamped(name: str, low: float, high: float) -> Bounds:
    if low == -INFINITE:
        return Bounds(low, high, f"{name} gives at most {high:g} here")
    if high == INFINITE:
        return Bounds(low, high, f"{name} gives at least {low:g} here")
    return Bounds(low, high, f"{name} gives {low:g} to {high:g} here")


def _of_aggregation(node: Aggregation, found: dict[int, Bounds]) -> Bounds:
    inside = found[id(node.expression)]
    if node.operator in ("count", "count_values"):
        return Bounds(1, INFINITE, f"{node.operator} gives nothing instead of 0")
    if node.operator == "group":
        return Bounds(1, 1, "group gives 1")
    if node.operator in ("stddev", "stdvar"):
        return Bounds(0, INFINITE, "a deviation is never negative")
    if node.operator == "sum":
        low = 0 if inside.low >= 0 else -INFINITE
        return Bounds(low, INFINITE if inside.high > 0 else 0, inside.reason)
    if node.operator in _AGGREGATES_LIKE_INSIDE:
        return inside
    return Bounds()


def _of_binary(node: Binary, found: dict[int, Bounds]) -> Bounds:
    left, right = found[id(node.left)], found[id(node.right)]
    operator = node.operator
    if node.returns_bool:
        return Bounds(0, 1, "bool gives 0 or 1")
    if operator in ("and", "unless"):
        return left
    if operator == "or":
        reason = left.reason if left == right else ""
        return Bounds(min(left.low, right.low), max(left.high, right.high), reason)
    if operator in (">", ">=") and isinstance(bare(node.right), Number):
        return Bounds(max(left.low, right.low), left.high, "it was compared before")
    if operator in ("<", "<=") and isinstance(bare(node.right), Number):
        return Bounds(left.low, min(left.high, right.high), "it was compared before")
    if operator == "==" and isinstance(bare(node.right), Number):
        return Bounds(right.low, right.high, "it was compared before")
    if operator == "/" and (times := _share(node)):
        return Bounds(0, times, f"a share is at most {times:g}")
    return _arithmetic(operator, left, right)


def _arithmetic(operator: str, left: Bounds, right: Bounds) -> Bounds:
    reason = left.reason or right.reason
    if operator == "+":
        return Bounds(left.low + right.low, left.high + right.high, reason)
    if operator == "-":
        return Bounds(left.low - right.high, left.high - right.low, reason)
    if operator == "*" and all(map(math.isfinite, (*left[:2], *right[:2]))):
        products = [a * b for a in left[:2] for b in right[:2]]
        return Bounds(min(products), max(products), reason)
    if operator == "*" and left.low >= 0 and right.low >= 0:
        return Bounds(0, INFINITE, reason)
    if operator == "/" and right.low == right.high and right.low > 0:
        return Bounds(left.low / right.low, left.high / right.low, reason)
    if operator == "/" and left.low >= 0 and right.low >= 0:
        return Bounds(0, INFINITE, reason)
    return Bounds()


def _share(node: Binary) -> float | None:
    """Say how large a part of a count over its whole gets: the same, with more matchers.

    The part may stand there times a number, such as 100. None: it is no such quotient.
    """
    left, right = bare(node.left), node.right
    times = 1.0
    if isinstance(left, Binary) and left.operator == "*":
        for one, other in ((left.left, left.right), (left.right, left.left)):
            if isinstance(bare(one), Number):
                factor = bare(one)
                times, left = (factor.value if isinstance(factor, Number) else 1.0), other
                break
    if left.end - left.start > _LONG or right.end - right.start > _LONG or not times > 0:
        return None
    part, whole = _shape(left), _shape(right)
    if part is None or whole is None or part[0] != whole[0]:
        return None
    more = [mine >= its for mine, its in zip(part[1], whole[1], strict=True)]
    return times if more and all(more) else None


def _shape(node: Node) -> tuple[list[object], list[frozenset[tuple[str, str, str]]]] | None:
    """Give what an expression does, without its matchers, and the matchers of each selector.

    None: it does something that can be greater for a part than for the whole.
    """
    form: list[object] = []
    matchers: list[frozenset[tuple[str, str, str]]] = []
    waiting = [node]
    while waiting:
        one = bare(waiting.pop())
        if isinstance(one, Selector):
            form += [one.name, one.offset]
            matchers.append(frozenset((m.label, m.operator, m.value) for m in one.matchers))
        elif isinstance(one, Aggregation) and one.operator in ("sum", "count"):
            form += [one.operator, one.labels and tuple(sorted(one.labels)), one.without]
        elif isinstance(one, Call) and one.name in ("rate", "increase", "irate"):
            form.append(one.name)
        elif isinstance(one, Range):
            form.append(one.seconds)
        else:
            return None
        waiting += children(one)
    if not any(isinstance(one, str) and one in ("rate", "increase", "count") for one in form):
        return None
    return form, matchers
