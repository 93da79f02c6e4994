"""Which labels the results of an expression can have, from its leaves to its root."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from belfry.expressions import (
    Aggregation,
    Binary,
    Call,
    Parens,
    Range,
    Selector,
    Subquery,
    Text,
    Unary,
    ValueType,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from belfry.expressions import Expression, Node

_KEEP_SERIES = frozenset(("topk", "bottomk", "limitk", "limit_ratio"))


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels that series can have: only those named, or all but those named."""

    closed: bool
    names: frozenset[str] = frozenset()
    certain: bool = True
    """False where two parts with different labels were put together."""
    dropped_at: int | None = None
    """Where the others were dropped."""

    def may_have(self, label: str) -> bool:
        """Say whether a series may have a label."""
        return (label in self.names) is self.closed

    def without(self, labels: Iterable[str]) -> Labels:
        """Take labels away."""
        taken = frozenset(labels)
        names = self.names - taken if self.closed else self.names | taken
        return Labels(self.closed, names, self.certain, self.dropped_at)

    def only(self, labels: Iterable[str], at: int) -> Labels:
        """Keep only these."""
        kept = frozenset(label for label in labels if self.may_have(label))
        return Labels(closed=True, names=kept, certain=self.certain, dropped_at=at)

    def adding(self, labels: Iterable[str]) -> Labels:
        """Add labels."""
        more = frozenset(labels)
        names = self.names | more if self.closed else self.names - more
        return Labels(self.closed, names, self.certain, self.dropped_at)


ANY = Labels(closed=False)
NONE = Labels(closed=True)


def labels_of(expression: Expression) -> dict[int, Labels]:
    """Give the labels of each node, by its id()."""
    found: dict[int, Labels] = {}
    for node in expression.nodes:
        found[id(node)] = _labels(node, found)
    return found


def _labels(node: Node, found: dict[int, Labels]) -> Labels:
    if isinstance(node, Selector):
        empty = [one.label for one in node.matchers if one.operator == "=" and not one.value]
        return ANY.without(empty)
    if isinstance(node, Range):
        return found[id(node.selector)]
    if isinstance(node, Subquery | Parens | Unary):
        return found[id(node.expression)]
    if isinstance(node, Call):
        return _of_call(node, found)
    if isinstance(node, Aggregation):
        return _of_aggregation(node, found)
    if isinstance(node, Binary):
        return _of_binary(node, found)
    return NONE


def _of_call(node: Call, found: dict[int, Labels]) -> Labels:
    if node.name in ("absent", "absent_over_time"):
        inside = node.arguments[0]
        selector = inside.selector if isinstance(inside, Range) else inside
        if not isinstance(selector, Selector):
            return Labels(closed=True, dropped_at=node.start)
        equal = [one.label for one in selector.matchers if one.operator == "=" and one.value]
        once = frozenset(label for label in equal if equal.count(label) == 1)
        return Labels(closed=True, names=once, dropped_at=node.start)
    if node.name == "info":
        return Labels(closed=False, certain=False)
    series = next((one for one in node.arguments if _has_labels(one)), None)
    if series is None or node.type is ValueType.SCALAR:
        return NONE
    labels = found[id(series)]
    if node.name in ("label_replace", "label_join") and isinstance(node.arguments[1], Text):
        return labels.adding((node.arguments[1].value,))
    if node.name == "histogram_quantile":
        return labels.without(("le",))
    if node.name == "histogram_quantiles" and isinstance(node.arguments[1], Text):
        return labels.without(("le",)).adding((node.arguments[1].value,))
    return labels


def _has_labels(node: Node) -> bool:
    return node.type in (ValueType.VECTOR, ValueType.RANGE)


def _of_aggregation(node: Aggregation, found: dict[int, Labels]) -> Labels:
    inside = found[id(node.expression)]
    if node.operator in _KEEP_SERIES:
        return inside
    if node.labels is None:
        labels = inside.only((), node.start)
    elif node.without:
        labels = inside.without((*node.labels, "__name__"))
    else:
        labels = inside.only(node.labels, node.start)
    if node.operator == "count_values" and isinstance(node.parameter, Text):
        labels = labels.adding((node.parameter.value,))
    return labels


def _of_binary(node: Binary, found: dict[int, Labels]) -> Labels:
    left, right = found[id(node.left)], found[id(node.right)]
    if node.left.type is ValueType.SCALAR:
        return right
    if node.right.type is ValueType.SCALAR or node.operator in ("and", "unless"):
        return left
    if node.operator == "or":
        return _either(left, right)
    matching = node.matching
    if matching is None:
        return _both(left, right)
    if matching.group:
        many = left if matching.group == "left" else right
        return many.adding(matching.include)
    if matching.on:
        return Labels(True, frozenset(matching.labels), left.certain, node.operator_start)
    return _both(left.without(matching.labels), right.without(matching.labels))


def _both(left: Labels, right: Labels) -> Labels:
    """Series that found each other have the same labels: those that both can have."""
    certain = left.certain and right.certain
    if left.closed and right.closed:
        return Labels(True, left.names & right.names, certain, left.dropped_at)
    if left.closed or right.closed:
        one, other = (left, right) if left.closed else (right, left)
        return Labels(True, one.names - other.names, certain, one.dropped_at)
    return Labels(False, left.names | right.names, certain)


def _either(left: Labels, right: Labels) -> Labels:
    if left == right:
        return left
    same = left.closed == right.closed and left.names == right.names
    if left.closed and right.closed:
        return Labels(True, left.names | right.names, same, left.dropped_at)
    if not left.closed and not right.closed:
        return Labels(False, left.names & right.names, same)
    one, other = (left, right) if left.closed else (right, left)
    return Labels(False, other.names - one.names, certain=False)
