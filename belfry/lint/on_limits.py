"""Checks of several limits of one thing: joined by and they exclude each other, by or nothing."""

from __future__ import annotations

from collections import defaultdict
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from belfry.expressions import Binary, bare
from belfry.expressions.nodes import COMPARISONS, MIRRORED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from belfry.expressions import Node
    from belfry.lint.check import Finding
    from belfry.lint.facts import Facts

_MOST = 50
"""Limits that are held against each other."""


class _Limit(NamedTuple):
    """The values that a comparison with a number lets through: from low to high, or all but one."""

    operator: str
    value: float
    shown: str

    @property
    def low(self) -> float:
        return self.value if self.operator in (">", ">=", "==") else -inf

    @property
    def high(self) -> float:
        return self.value if self.operator in ("<", "<=", "==") else inf

    @property
    def is_strict(self) -> bool:
        return self.operator in ("<", ">")

    def takes(self, value: float) -> bool:
        if self.operator == "!=":
            return value != self.value
        return self.low <= value <= self.high and not (self.is_strict and value == self.value)


def check(facts: Facts) -> Iterator[Finding]:
    """Check the limits of a rule."""
    within_others = {
        id(bare(node.left))
        for node in facts.expression.nodes
        if isinstance(node, Binary) and isinstance(bare(node.left), Binary)
        if node.operator in ("and", "or") and node.operator == _operator(node.left)
    }
    for node in facts.expression.nodes:
        if not isinstance(node, Binary) or id(node) in within_others or node.matching is not None:
            continue
        if node.operator == "and":
            yield from _contradiction(facts, node)
        elif node.operator == "or":
            yield from _either_way(facts, node)


def _operator(node: Node) -> str:
    inside = bare(node)
    return inside.operator if isinstance(inside, Binary) else ""


def _contradiction(facts: Facts, node: Binary) -> Iterator[Finding]:
    """Find conditions on the same series that exclude each other."""
    for text, limits in _limits(facts, node).items():
        floor = max(limits, key=lambda one: (one.low, one.is_strict))
        ceiling = min(limits, key=lambda one: (one.high, not one.is_strict))
        meet = floor.low == ceiling.high and not (floor.is_strict or ceiling.is_strict)
        if floor.low < ceiling.high or meet:
            continue
        wrong = f"{text} cannot be {floor.shown} and {ceiling.shown} at once"
        yield facts.rule.in_expression("impossible-comparison", node.operator_start, wrong)


def _either_way(facts: Facts, node: Binary) -> Iterator[Finding]:
    """Find conditions on the same series of which one is true whatever the value is."""
    for text, limits in _limits(facts, node).items():
        pair = next(
            (
                (one, other)
                for one in limits
                for other in limits
                if one is not other and _leave_nothing(one, other)
            ),
            None,
        )
        if pair is not None:
            wrong = f"{text} is always {pair[0].shown} or {pair[1].shown}"
            yield facts.rule.in_expression("always-true", node.operator_start, wrong)


def _leave_nothing(one: _Limit, other: _Limit) -> bool:
    """Say whether every number is taken by the one or the other."""
    if one.operator == "!=":
        return other.takes(one.value)
    if one.low == -inf or other.high == inf:
        return False
    return one.low < other.high or (
        one.low == other.high and not (one.is_strict and other.is_strict)
    )


def _limits(facts: Facts, node: Binary) -> dict[str, list[_Limit]]:
    """Give the limits of each part that is compared with numbers, where there are several."""
    found: dict[str, list[_Limit]] = defaultdict(list)
    for side in _sides(node):
        if not isinstance(side, Binary) or side.operator not in COMPARISONS or side.returns_bool:
            continue
        number, of, operator = side.right, side.left, side.operator
        if facts.number(number) is None:
            number, of, operator = side.left, side.right, MIRRORED[operator]
        value = facts.number(number)
        if value is not None:
            shown = f"{operator} {facts.shown(number)}"
            found[facts.text(of)].append(_Limit(operator, value, shown))
    return {
        text if len(text) < 60 else text[:59] + "…": limits
        for text, limits in found.items()
        if len(limits) > 1
    }


def _sides(node: Binary) -> Sequence[Node]:
    """Give what is joined by the same operator in a row."""
    sides = [bare(node.left), bare(node.right)]
    while len(sides) < _MOST:
        first = sides[0]
        if not isinstance(first, Binary) or first.operator != node.operator or first.matching:
            break
        sides[0:1] = [bare(first.left), bare(first.right)]
    return sides
