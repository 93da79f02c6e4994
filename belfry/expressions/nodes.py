"""The parts of a PromQL expression: each with its type and where it stands in the text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class ValueType(StrEnum):
    """What an expression gives."""

    SCALAR = "a number"
    VECTOR = "series"
    RANGE = "a range of values"
    STRING = "a text"


@dataclass(frozen=True, slots=True, eq=False)
class Number:
    """A number, or a duration as seconds."""

    start: int
    end: int
    value: float

    type = ValueType.SCALAR


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """A text in quotation marks."""

    start: int
    end: int
    value: str

    type = ValueType.STRING


@dataclass(frozen=True, slots=True, eq=False)
class Matcher:
    """A condition on a label of a selector."""

    start: int
    end: int
    label: str
    operator: Literal["=", "!=", "=~", "!~"]
    value: str


@dataclass(frozen=True, slots=True, eq=False)
class Selector:
    """Series, by name and labels."""

    start: int
    end: int
    name: str | None
    """As it stands before the braces, or quoted in them."""
    matchers: tuple[Matcher, ...]
    """Without the name."""
    offset: float = 0
    """Seconds back; NaN when it is computed."""
    at: bool = False

    type = ValueType.VECTOR


@dataclass(frozen=True, slots=True, eq=False)
class Range:
    """The values of series over a time."""

    start: int
    end: int
    selector: Selector
    seconds: float
    """NaN when it is computed."""

    type = ValueType.RANGE


@dataclass(frozen=True, slots=True, eq=False)
class Subquery:
    """The values of an expression over a time."""

    start: int
    end: int
    expression: Node
    seconds: float
    step: float | None
    """None: as often as rules are judged."""
    offset: float = 0
    at: bool = False

    type = ValueType.RANGE


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """A function and its arguments."""

    start: int
    end: int
    name: str
    arguments: tuple[Node, ...]
    type: ValueType


@dataclass(frozen=True, slots=True, eq=False)
class Aggregation:
    """Many series made few."""

    start: int
    end: int
    operator: str
    parameter: Node | None
    expression: Node
    without: bool
    labels: tuple[str, ...] | None
    """None: neither by nor without is written."""

    type = ValueType.VECTOR


@dataclass(frozen=True, slots=True, eq=False)
class Matching:
    """How the series of both sides find each other."""

    on: bool
    labels: tuple[str, ...]
    group: Literal["left", "right"] | None = None
    include: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Binary:
    """Two expressions and an operator."""

    start: int
    end: int
    operator: str
    """A sign, or and, or, unless, atan2."""
    operator_start: int
    left: Node
    right: Node
    matching: Matching | None
    """None: all labels."""
    returns_bool: bool
    fill: bool
    type: ValueType


@dataclass(frozen=True, slots=True, eq=False)
class Unary:
    """A sign before an expression."""

    start: int
    end: int
    operator: str
    expression: Node
    type: ValueType


@dataclass(frozen=True, slots=True, eq=False)
class Parens:
    """An expression in round brackets."""

    start: int
    end: int
    expression: Node
    type: ValueType


Node = Number | Text | Selector | Range | Subquery | Call | Aggregation | Binary | Unary | Parens

COMPARISONS = frozenset(("==", "!=", "<", "<=", ">", ">="))
MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!="}
"""What says the same with the sides changed."""
SETS = frozenset(("and", "or", "unless"))


def children(node: Node) -> tuple[Node, ...]:
    """Give the parts that a node is made of."""
    if isinstance(node, Binary):
        return (node.left, node.right)
    if isinstance(node, Call):
        return node.arguments
    if isinstance(node, Aggregation):
        return (node.expression,) if node.parameter is None else (node.parameter, node.expression)
    if isinstance(node, Range):
        return (node.selector,)
    if isinstance(node, Subquery | Unary | Parens):
        return (node.expression,)
    return ()


def bare(node: Node) -> Node:
    """Take round brackets away."""
    while isinstance(node, Parens):
        node = node.expression
    return node
