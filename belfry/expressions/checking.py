"""Whether the parts of an expression fit each other: types, numbers of arguments, matching.

Source: `checkAST` in prometheus/promql/parser/parse.go, release 3.14.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.expressions.cursor import Broken
from belfry.expressions.functions import FUNCTIONS, WITH_PARAMETER
from belfry.expressions.nodes import (
    COMPARISONS,
    SETS,
    Aggregation,
    Binary,
    Call,
    Range,
    Selector,
    Subquery,
    Unary,
    ValueType,
)
from belfry.expressions.regular import matches_empty

if TYPE_CHECKING:
    from collections.abc import Iterable

    from belfry.expressions.nodes import Matcher, Node

_SCALAR_OR_VECTOR = (ValueType.SCALAR, ValueType.VECTOR)


def check(nodes: Iterable[Node]) -> None:
    """Check every node; children come before parents.

    Raises:
        Broken: something does not fit.

    """
    bare: dict[int, Selector] = {}
    for node in nodes:
        if isinstance(node, Selector):
            if not node.name and not any(map(_restricts, node.matchers)):
                bare[id(node)] = node
        elif isinstance(node, Call):
            _call(node)
            if node.name == "info" and len(node.arguments) == 2:
                bare.pop(id(node.arguments[1]), None)
        elif isinstance(node, Aggregation):
            _aggregation(node)
        elif isinstance(node, Binary):
            _binary(node)
        elif isinstance(node, Unary):
            if node.type not in _SCALAR_OR_VECTOR:
                right = "it stands before a number or before series"
                raise Broken(node.start, f"{node.operator} stands before {node.type}", right)
        elif isinstance(node, Subquery) and node.expression.type is not ValueType.VECTOR:
            right = "a subquery is made of series: (metric)[1h:5m]"
            raise Broken(node.start, f"a subquery is made of {node.expression.type}", right)
    for first in bare.values():
        right = "name a metric, or a label that is not empty"
        raise Broken(first.start, "this selects everything that there is", right)


def _restricts(matcher: Matcher) -> bool:
    """Say whether a matcher leaves series without the label out."""
    if matcher.operator == "=":
        return matcher.value != ""
    if matcher.operator == "!=":
        return matcher.value == ""
    return matches_empty(matcher.value) is not (matcher.operator == "=~")


def _call(node: Call) -> None:
    function = FUNCTIONS[node.name]
    count = len(node.arguments)
    if not function.least <= count <= function.most:
        given = f"{count or 'no'} argument{'' if count == 1 else 's'}"
        raise Broken(node.start, f"{node.name} got {given}", f"write {function.usage}")
    for index, argument in enumerate(node.arguments):
        wanted = function.takes[min(index, len(function.takes) - 1)]
        if argument.type is not wanted:
            wrong = f"{node.name} takes {wanted} here, and this is {argument.type}"
            raise Broken(argument.start, wrong, _instead(node, argument, wanted))
    if node.name == "info" and count == 2:
        second = node.arguments[1]
        if not isinstance(second, Selector) or second.name:
            right = 'give matchers only: info(metric, {version=~".+"})'
            raise Broken(second.start, "info takes matchers without a metric here", right)


def _instead(node: Call, argument: Node, wanted: ValueType) -> str:
    if wanted is ValueType.RANGE and isinstance(argument, Selector):
        return f"give it a range: {node.name}({argument.name or '{…}'}[5m])"
    if wanted is ValueType.RANGE and argument.type is ValueType.VECTOR:
        first = "rate first, then sum: sum(rate(metric[5m]))"
        return f"{first}; or a subquery, [5m:]"
    if wanted is ValueType.VECTOR and isinstance(argument, Range):
        return f"take the range away, or use {node.name} on rate(…) or avg_over_time(…)"
    if wanted is ValueType.VECTOR and argument.type is ValueType.SCALAR:
        return "make series of the number: vector(…)"
    if wanted is ValueType.SCALAR and argument.type is ValueType.VECTOR:
        return "make a number of it: scalar(…)"
    return f"write {FUNCTIONS[node.name].usage}"


def _aggregation(node: Aggregation) -> None:
    if node.expression.type is not ValueType.VECTOR:
        right = f"{node.operator} takes series"
        if node.expression.type is ValueType.RANGE:
            right = f"use {node.operator}_over_time over time, or take the range away"
        wrong = f"{node.operator} takes series, and this is {node.expression.type}"
        raise Broken(node.expression.start, wrong, right)
    if node.parameter is not None:
        wanted = WITH_PARAMETER[node.operator]
        if node.parameter.type is not wanted:
            wrong = f"{node.operator} takes {wanted} first, and this is {node.parameter.type}"
            example = '"label"' if wanted is ValueType.STRING else "5"
            right = f"write {node.operator}({example}, series)"
            raise Broken(node.parameter.start, wrong, right)


def _binary(node: Binary) -> None:
    operator, at = node.operator, node.operator_start
    for side in (node.left, node.right):
        if side.type not in _SCALAR_OR_VECTOR:
            right = "both sides are series or numbers"
            if side.type is ValueType.RANGE:
                right = "make one value of it: rate(…), or avg_over_time(…)"
            raise Broken(side.start, f"{operator} cannot take {side.type}", right)
    if node.returns_bool and operator not in COMPARISONS:
        wrong = f"bool stands behind {operator}, which compares nothing"
        raise Broken(at, wrong, "bool belongs behind a comparison: a > bool 1")
    both_numbers = node.type is ValueType.SCALAR
    if operator in COMPARISONS and both_numbers and not node.returns_bool:
        right = f"write {operator} bool, or compare series: vector(1)"
        raise Broken(at, "two numbers are compared", right)
    with_number = ValueType.SCALAR in (node.left.type, node.right.type)
    if operator in SETS and with_number:
        right = "make series of the number: vector(…)"
        raise Broken(at, f"{operator} joins series, and one side is a number", right)
    _matching(node, with_number=with_number)


def _matching(node: Binary, *, with_number: bool) -> None:
    operator, at, matching = node.operator, node.operator_start, node.matching
    if node.fill and (with_number or operator in SETS):
        raise Broken(at, f"fill cannot stand at this {operator}", "it joins series by arithmetic")
    if matching is None:
        return
    if matching.on and (twice := set(matching.labels) & set(matching.include)):
        label = min(twice)
        right = f"take {label} out of group_{matching.group}: on keeps it anyway"
        raise Broken(at, f"{label} stands in on and in group_{matching.group}", right)
    if with_number and matching.labels:
        right = "on and ignoring join series; a number needs neither"
        raise Broken(at, "one side is a number, which has no labels", right)
    if matching.group and operator in SETS:
        right = f"take group_{matching.group} away: {operator} joins many with many"
        raise Broken(at, f"group_{matching.group} stands behind {operator}", right)
