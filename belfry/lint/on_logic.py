"""Checks of whether an expression can give anything: comparisons, joins, quotients."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

from belfry.expressions import (
    Aggregation,
    Binary,
    Call,
    Number,
    Selector,
    ValueType,
    bare,
    children,
    filters,
)
from belfry.expressions.nodes import COMPARISONS, MIRRORED
from belfry.lint.facts import peeled, within

if TYPE_CHECKING:
    from collections.abc import Iterator

    from belfry.expressions import Node
    from belfry.expressions.bounds import Bounds
    from belfry.lint.check import Finding
    from belfry.lint.facts import Facts
    from belfry.lint.flow import Labels

_SPOILT_BY_NAN = frozenset(("sum", "avg", "stddev", "stdvar"))
_CHOOSING = frozenset(("topk", "bottomk", "limitk", "limit_ratio"))
_LONG = 2_000
"""Characters: longer sides are not looked into."""


def check(facts: Facts) -> Iterator[Finding]:
    """Check whether the parts of a rule's expression can meet, and can be true."""
    for node in facts.expression.nodes:
        if isinstance(node, Binary):
            if filters(node):
                yield from _comparison(facts, node)
            if node.operator in ("/", "%"):
                yield from _quotient(facts, node)
            yield from _join(facts, node)
        elif isinstance(node, Aggregation):
            yield from _aggregation(facts, node)
    if facts.rule.is_alert:
        yield from _fragile(facts)


def _comparison(facts: Facts, node: Binary) -> Iterator[Finding]:
    if node.type is ValueType.SCALAR or _is_constant(node.left):
        return
    left, right = facts.bounds[id(node.left)], facts.bounds[id(node.right)]
    verdict = _verdict(node.operator, left, right)
    reason = left.reason or right.reason
    sides = (bare(node.left), bare(node.right))
    if any(isinstance(side, Number) and isnan(side.value) for side in sides):
        verdict, reason = False, "nothing is above, below or equal to NaN"
    if verdict is None:
        return
    because = f": {reason}" if reason else ""
    what = f"{facts.shown(node.left)} {node.operator} {facts.shown(node.right)}"
    if verdict:
        if not _is_absent(node.left) and not _rests(node.left):
            wrong = f"{what} is always true{because}"
            yield facts.rule.in_expression("always-true", node.operator_start, wrong)
    else:
        wrong = f"{what} is never true{because}"
        yield facts.rule.in_expression("impossible-comparison", node.operator_start, wrong)


def _is_constant(node: Node) -> bool:
    inside = bare(node)
    return isinstance(inside, Call) and inside.name == "vector"


def _rests(node: Node) -> bool:
    """Say whether a part can be empty by itself, so that what follows asks whether it is."""
    return any(
        isinstance(one, Binary) and (one.operator in COMPARISONS or one.operator == "unless")
        for one in within(node)
    )


def _is_absent(node: Node) -> bool:
    """Say whether a part is there only while something is missing, also with other labels."""
    inside = peeled(node)
    return isinstance(inside, Call) and inside.name.startswith("absent")


def _verdict(operator: str, left: Bounds, right: Bounds) -> bool | None:
    """Say whether a comparison is always or never true; None: it depends."""
    if operator in ("<", "<="):
        return _verdict(MIRRORED[operator], right, left)
    if operator == ">":
        return True if left.low > right.high else False if left.high <= right.low else None
    if operator == ">=":
        return True if left.low >= right.high else False if left.high < right.low else None
    apart = left.low > right.high or left.high < right.low
    if operator == "==":
        return False if apart else None
    return True if apart else None


def _quotient(facts: Facts, node: Binary) -> Iterator[Finding]:
    if facts.number(node.right) == 0:
        wrong = f"{facts.shown(node)} divides by 0"
        yield facts.rule.in_expression("division-by-zero", node.operator_start, wrong)


def _join(facts: Facts, node: Binary) -> Iterator[Finding]:
    if ValueType.SCALAR in (node.left.type, node.right.type) or node.operator == "or":
        return
    left, right = facts.labels[id(node.left)], facts.labels[id(node.right)]
    matching = node.matching
    if matching is not None and matching.on:
        for label in matching.labels:
            yield from _on(facts, node, label, left, right)
        return
    ignored = matching.labels if matching else ()
    left, right = left.without(ignored), right.without(ignored)
    if not (left.certain and right.certain) or (matching and matching.group):
        return
    if left.closed and right.closed and left.names != right.names:
        wrong = f"the left side has {_named(left)}, the right side {_named(right)}"
        yield facts.rule.in_expression("impossible-labels", node.operator_start, wrong)
    elif left.closed is not right.closed:
        yield from _one_sided(facts, node, left)


def _one_sided(facts: Facts, node: Binary, left: Labels) -> Iterator[Finding]:
    """Find an aggregation joined with series as they are; recorded ones may fit."""
    closed, other = (node.left, node.right) if left.closed else (node.right, node.left)
    if other.end - other.start > _LONG:
        return
    names = [one.name or ":" for one in within(other) if isinstance(one, Selector)]
    if not names or any(":" in name for name in names):
        return
    wrong = (
        f"{facts.shown(closed)} has {_named(facts.labels[id(closed)])}, "
        f"{facts.shown(other)} all labels of its targets"
    )
    yield facts.rule.in_expression("one-sided-by", node.operator_start, wrong)


def _on(facts: Facts, node: Binary, label: str, left: Labels, right: Labels) -> Iterator[Finding]:
    sides = [name for name, one in (("left", left), ("right", right)) if not one.may_have(label)]
    if not sides or not (left.certain and right.certain):
        return
    where = "neither side has" if len(sides) == 2 else f"the {sides[0]} side does not have"
    wrong = f"it joins on {label}, which {where}"
    yield facts.rule.in_expression("impossible-labels", node.operator_start, wrong)


def _named(labels: Labels) -> str:
    return ", ".join(sorted(labels.names)) or "no labels"


def _aggregation(facts: Facts, node: Aggregation) -> Iterator[Finding]:
    found = facts.rule.in_expression
    inside = facts.labels[id(node.expression)]
    if not node.without and inside.certain:
        for label in node.labels or ():
            if not inside.may_have(label):
                wrong = f"it aggregates by {label}, which was dropped before"
                yield found("impossible-labels", node.start, wrong, "keep the label inside as well")
    after = facts.labels[id(node)]
    for label in facts.settings.keep:
        if inside.may_have(label) and not after.may_have(label):
            wrong = f"{node.operator} drops {label}"
            yield found("dropped-label", node.start, wrong, f"add {label} to by (…)")
    if node.operator in _SPOILT_BY_NAN and (quotient := _open_quotient(node)):
        wrong = f"{node.operator} of quotients: one NaN spoils it"
        yield found("nan-in-aggregation", quotient.operator_start, wrong)


def _open_quotient(node: Aggregation) -> Binary | None:
    waiting = [node.expression]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Aggregation):
            continue
        if isinstance(one, Binary) and one.operator in ("/", "%"):
            divisor = bare(one.right)
            guarded = isinstance(divisor, Binary) and divisor.operator in COMPARISONS
            guarded |= isinstance(divisor, Call) and divisor.name.startswith("clamp")
            if not guarded and divisor.type is ValueType.VECTOR:
                return one
        if isinstance(one, Binary) and one.operator in COMPARISONS:
            continue  # NaN compares as false, and is gone
        waiting += children(one)
    return None


def _fragile(facts: Facts) -> Iterator[Finding]:
    rule = facts.rule
    for node in _deciding(facts.expression.root):
        if isinstance(node, Aggregation) and node.operator in _CHOOSING:
            wrong = f"{node.operator} chooses which alerts there are"
            yield rule.in_expression("fragile-alert", node.start, wrong)
    if rule.hold:
        return
    for node in facts.expression.nodes:
        if not isinstance(node, Binary) or node.operator != "/":
            continue
        sides = [bare(node.left), bare(node.right)]
        if all(isinstance(side, Aggregation) for side in sides) and not _same_metrics(sides):
            wrong = "two sums of different targets are divided, and the alert waits for nothing"
            yield rule.in_expression("fragile-restart", node.operator_start, wrong)


def _deciding(root: Node) -> Iterator[Node]:
    """Give the parts whose series become alerts: not what only filters, or brings labels along."""
    waiting = [root]
    while waiting:
        node = bare(waiting.pop())
        yield node
        if isinstance(node, Aggregation):
            continue
        if isinstance(node, Binary):
            group = node.matching.group if node.matching else None
            if group != "right":
                waiting.append(node.left)
            if node.operator not in ("and", "unless") and group != "left":
                waiting.append(node.right)
        else:
            waiting += children(node)


def _same_metrics(sides: list[Node]) -> bool:
    names = [{one.name for one in within(side) if isinstance(one, Selector)} for side in sides]
    return names[0] == names[1]
