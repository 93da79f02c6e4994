"""What is worked out once about a rule, and what all its checks look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from belfry.expressions import Aggregation, Call, Number, Parens, bare, children

if TYPE_CHECKING:
    from collections.abc import Iterator

    from belfry.expressions import Expression, Node
    from belfry.expressions.bounds import Bounds
    from belfry.lint.flow import Labels
    from belfry.lint.rule_files import Rule
    from belfry.lint.settings import Settings

_PLAIN_CALLS = frozenset(
    ("label_replace", "label_join", "sort", "sort_desc", "abs", "round", "ceil", "floor")
)
_PLAIN_AGGREGATIONS = frozenset(("sum", "min", "max", "avg"))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Facts:
    """A rule whose expression could be read."""

    rule: Rule
    expression: Expression
    labels: dict[int, Labels]
    bounds: dict[int, Bounds]
    settings: Settings
    sums: frozenset[str] = frozenset()
    """Metrics that the same file records as a sum."""

    def text(self, node: Node) -> str:
        """Give the text of a part, without blanks, to compare it with others and to show it."""
        return "".join(self.expression.text[node.start : node.end].split())

    def shown(self, node: Node) -> str:
        """Give the text of a part for a message."""
        text = " ".join(self.expression.text[node.start : min(node.end, node.start + 200)].split())
        return text if len(text) <= 60 else text[:59] + "…"

    def number(self, node: Node) -> float | None:
        """Give the value of a part that is a number, or computes one of numbers."""
        low, high, _ = self.bounds[id(node)]
        return low if low == high and _of_numbers(node) else None


def _of_numbers(node: Node) -> bool:
    return all(not children(one) and isinstance(one, Number) for one in leaves(node))


def leaves(node: Node) -> Iterator[Node]:
    """Give the parts of a part that hold no others."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        below = children(one)
        if not below:
            yield one
        waiting += below


def within(node: Node) -> Iterator[Node]:
    """Give a part and all parts in it."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        yield one
        waiting += children(one)


def peeled(node: Node) -> Node:
    """Take away what leaves the nature of a value as it is: brackets, sums, new labels."""
    while True:
        node = bare(node)
        if isinstance(node, Aggregation) and node.operator in _PLAIN_AGGREGATIONS:
            node = node.expression
        elif isinstance(node, Call) and node.name in _PLAIN_CALLS:
            node = node.arguments[0]
        elif not isinstance(node, Parens):
            return node
