"""PromQL as a tree: written on one line, or laid out over many as `promtool promql format` does."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from belfry.values.duration import Duration

WIDTH = 100
"""Columns that a line of a laid-out expression has at most, where it can be broken at all."""

_INDENT = "  "
_BINDS = {
    "or": 1,
    "and": 2,
    "unless": 2,
    ">": 3,
    "<": 3,
    ">=": 3,
    "<=": 3,
    "==": 3,
    "+": 4,
    "-": 4,
    "*": 5,
    "/": 5,
}
"""How tightly operators bind; all of them from the left."""
_PLAIN_NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
_ESCAPED = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


@dataclass(frozen=True)
class Text:
    """A selector, a number, or PromQL that others wrote."""

    line: str

    def __str__(self) -> str:
        return self.line


@dataclass(frozen=True)
class Call:
    """A function or an aggregation of one or more expressions."""

    head: str
    """All before the parenthesis, such as `max by (service) `."""
    inner: tuple[Node, ...]
    tail: str = ""
    """All after it, such as the range of a subquery."""

    @cached_property
    def line(self) -> str:
        """The call on one line."""
        return f"{self.head}({', '.join(map(str, self.inner))}){self.tail}"

    def __str__(self) -> str:
        return self.line


@dataclass(frozen=True)
class Binary:
    """Two expressions and what stands between them."""

    left: Node
    operator: str
    """With its matching, such as `and on ()`."""
    right: Node

    @cached_property
    def line(self) -> str:
        """Both on one line, in parentheses where they need them."""
        return f"{self._left} {self.operator} {self._right}"

    def __str__(self) -> str:
        return self.line

    @property
    def sides(self) -> tuple[Node, Node]:
        """Both expressions, in parentheses where they need them."""
        return self._left, self._right

    @cached_property
    def _left(self) -> Node:
        return group(self.left) if _binds(self.left) < _binds(self) else self.left

    @cached_property
    def _right(self) -> Node:
        return group(self.right) if _binds(self.right) <= _binds(self) else self.right


Node = Text | Call | Binary


def group(inner: Node) -> Call:
    """Put an expression into parentheses."""
    return Call("", (inner,))


def subquery(inner: Node, tail: str) -> Call:
    """Take the values that an expression had, such as `[1d:5m] offset 5m`."""
    if isinstance(inner, Call) and not inner.tail:
        return Call(inner.head, inner.inner, tail)
    return Call("", (inner,), tail)


def laid_out(node: Node, indent: str = "") -> str:
    """Write an expression over as many lines as it needs, each with an indent."""
    line = str(node)
    if "\n" not in line and len(indent) + len(line) <= WIDTH:
        return indent + line
    if isinstance(node, Binary):
        left, right = node.sides
        above = laid_out(left, indent)
        if isinstance(right, Call):
            return f"{above}\n{indent}{node.operator} {_hung(right, indent)}"
        below = laid_out(right, indent + _INDENT)
        if "\n" in below or len(indent) + len(node.operator) + len(below) > WIDTH:
            return f"{above}\n{indent}{node.operator}\n{below}"
        return f"{above}\n{indent}{node.operator} {right}"
    if isinstance(node, Call):
        return indent + _hung(node, indent)
    return "\n".join(f"{indent}{one}".rstrip() for one in line.splitlines())


def _hung(call: Call, indent: str) -> str:
    """Write a call whose first line stands behind something else."""
    if "\n" not in call.line and len(indent) + len(call.line) <= WIDTH - len("unless "):
        return call.line
    inner = ",\n".join(laid_out(one, indent + _INDENT) for one in call.inner)
    return f"{call.head}(\n{inner}\n{indent}){call.tail}"


def _binds(node: Node) -> int:
    return _BINDS[node.operator.partition(" ")[0]] if isinstance(node, Binary) else 9


def selector(metric: str, matchers: tuple[str, ...], *, window: int = 0, offset: int = 0) -> Text:
    """Select series, or their values of so many seconds, as they were some while ago.

    A metric's name that PromQL knows only in quotes (UTF-8) stands in them.
    """
    if _PLAIN_NAME.fullmatch(metric):
        text = f"{metric}{{{','.join(matchers)}}}"
    else:
        text = f"{{{','.join((quoted(metric), *matchers))}}}"
    text += f"[{span(window)}]" if window else ""
    return Text(f"{text} offset {span(offset)}" if offset else text)


def quoted(text: str) -> str:
    """Write a string of PromQL, whatever is in it."""
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(sign: str) -> str:
    if sign in _ESCAPED:
        return _ESCAPED[sign]
    if sign.isprintable():
        return sign
    code = ord(sign)
    if 0xD800 <= code <= 0xDFFF:  # half of a pair, which is no text at all
        return "�"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def span(seconds: int) -> str:
    """Write a duration as PromQL reads it."""
    return str(Duration.of(seconds))


def number(value: float) -> Text:
    """Write a number with all its digits."""
    return Text(repr(float(value)).removesuffix(".0"))
