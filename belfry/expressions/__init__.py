"""PromQL as a tree with places: what is written, and where it is wrong.

Here lives what can be said of an expression alone; what is good or bad about a rule is
`belfry.lint`'s, and expressions are made by `belfry.promql`.

It is a parser of our own because messages need the place of every part, and because rule files
come from elsewhere: it is linear, reads any text, and ends with a value.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import inf, isfinite

from belfry.expressions.checking import check
from belfry.expressions.cursor import Broken, Feature
from belfry.expressions.nodes import (
    COMPARISONS,
    MIRRORED,
    Aggregation,
    Binary,
    Call,
    Matcher,
    Matching,
    Node,
    Number,
    Parens,
    Range,
    Selector,
    Subquery,
    Text,
    Unary,
    ValueType,
    bare,
    children,
)
from belfry.expressions.parser import Parser

__all__ = [
    "Aggregation",
    "Binary",
    "Call",
    "Expression",
    "Feature",
    "Matcher",
    "Matching",
    "Node",
    "Number",
    "Parens",
    "Range",
    "Selector",
    "Subquery",
    "SyntaxProblem",
    "Text",
    "Unary",
    "ValueType",
    "bare",
    "children",
    "compares",
    "filters",
    "parse",
    "place_in_lines",
]

LONGEST = 1_000_000
"""Characters. Nobody writes more; Prometheus would take minutes over it."""


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """Why a text is no PromQL."""

    offset: int
    """Characters from its beginning, at most its length."""
    wrong: str
    right: str


@dataclass(frozen=True, eq=False)
class Expression:
    """An expression that Prometheus would take, if it has the features that it needs."""

    text: str
    root: Node
    nodes: tuple[Node, ...]
    """All nodes, children before parents."""
    features: tuple[Feature, ...]
    """What is experimental in it, and refused without a flag."""

    @cached_property
    def selectors(self) -> tuple[Selector, ...]:
        """Everything that is read from the database."""
        return tuple(node for node in self.nodes if isinstance(node, Selector))


def parse(text: str) -> Expression | SyntaxProblem:
    """Read an expression; time and memory are linear in its length."""
    if len(text) > LONGEST:
        wrong = f"the expression is longer than {LONGEST:,} characters"
        return SyntaxProblem(LONGEST, wrong, "make several rules of it")
    parser = Parser(text)
    try:
        root = parser.read()
        check(parser.nodes)
    except Broken as broken:
        return SyntaxProblem(broken.offset, broken.wrong, broken.right)
    return Expression(text, root, tuple(parser.nodes), tuple(parser.features))


def filters(node: Binary) -> bool:
    """Say whether it leaves series out by their value; `> -Inf` only leaves NaN out."""
    if node.operator not in COMPARISONS or node.returns_bool:
        return False
    left, right = bare(node.left), bare(node.right)
    if isinstance(right, Number):
        return _is_limit(node.operator, right.value)
    return not isinstance(left, Number) or _is_limit(MIRRORED[node.operator], left.value)


def _is_limit(operator: str, value: float) -> bool:
    """Say whether a comparison with a number leaves finite values out."""
    if operator == "!=":
        return isfinite(value)
    takes_all = (value == -inf and operator in (">", ">=")) or (
        value == inf and operator in ("<", "<=")
    )
    return not takes_all


def compares(expression: Expression) -> bool:
    """Say whether an expression can be empty while its metrics are there, so that an alert rests.

    A comparison filters; absent() is empty as long as there is something; unless filters by what
    the other side has; both sides of an or must be able to rest.
    """
    rests: dict[int, bool] = {}
    for node in expression.nodes:
        below = [rests[id(child)] for child in children(node)]
        if isinstance(node, Selector):
            rests[id(node)] = node.name in ("ALERTS", "ALERTS_FOR_STATE")
        elif isinstance(node, Call) and node.name in ("absent", "absent_over_time"):
            rests[id(node)] = True
        elif isinstance(node, Binary) and node.operator in COMPARISONS:
            rests[id(node)] = filters(node) or any(below)
        elif isinstance(node, Binary) and node.operator == "unless":
            rests[id(node)] = True
        elif isinstance(node, Binary) and node.operator == "or":
            rests[id(node)] = all(below)
        else:
            rests[id(node)] = any(below)
    return rests[id(expression.root)]


def place_in_lines(text: str, offset: int) -> tuple[int, int]:
    """Give line and column, both from 1, of an offset in a text of several lines."""
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1
