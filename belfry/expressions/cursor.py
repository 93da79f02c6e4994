"""Where a parser is in its tokens, and what all of its parts need."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from belfry.expressions.tokens import (
    BROKEN,
    DURATION,
    END,
    KEYWORDS,
    METRIC,
    NUMBER,
    STRING,
    WORD,
    number_of,
    seconds_of,
    tokens,
    unquoted,
)

if TYPE_CHECKING:
    from belfry.expressions.nodes import Node
    from belfry.expressions.tokens import Token

DEEPEST = 120
"""Brackets within brackets that are read; the recursion limit of Python is not far beyond."""

BINDS = {
    "or": 1,
    **dict.fromkeys(("and", "unless"), 2),
    **dict.fromkeys(("==", "!=", "<=", "<", ">=", ">", "</", ">/"), 3),
    **dict.fromkeys("+-", 4),
    **dict.fromkeys(("*", "/", "%", "atan2"), 5),
    "^": 6,
}
"""How strongly an operator binds."""
SIGN = 6
"""What a sign before an expression takes in: only what binds more than multiplication."""
_CLOSING = frozenset(")]}")
_NOT_LABELS = frozenset(("without",))
_INSTEAD = {
    "=": "write == to compare",
    "{": "a selector has one pair of braces",
    ",": "a comma stands between the arguments of a function only",
    ")": "remove it, or open it before",
    "]": "remove it, or open it before",
    "}": "remove it, or open it before",
    "by": "by stands after an aggregation such as sum, or between it and its brackets",
    "without": "without stands after an aggregation such as sum, or between it and its brackets",
}


class Broken(Exception):  # noqa: N818 -- caught by `parse`, which gives it as a value
    """The text is no expression: where, what is wrong, what would be right."""

    def __init__(self, offset: int, wrong: str, right: str) -> None:
        self.offset = offset
        self.wrong = wrong
        self.right = right
        super().__init__(wrong)


class Feature(NamedTuple):
    """Something that Prometheus takes only with `--enable-feature`."""

    name: str
    flag: str
    start: int


class Cursor:
    """Takes tokens, one after the other."""

    def __init__(self, text: str) -> None:
        found = tokens(text)
        self._tokens = [*found, found[-1]]  # so that there is always a next one
        self._next = 0
        self._depth = 0
        self._end = 0
        """Where the token that was taken last ends."""
        self.nodes: list[Node] = []
        """Children before parents."""
        self.features: list[Feature] = []

    def _peek(self, ahead: int = 0) -> Token:
        return self._tokens[self._next + ahead]

    def _take(self) -> Token:
        token = self._tokens[self._next]
        if token.kind in (END, BROKEN):
            raise self._unexpected("")
        self._next += 1
        self._end = token.start + len(token.text)
        return token

    def _expect(self, kind: str, right: str) -> Token:
        token = self._peek()
        if token.kind != kind and {token.kind, kind} <= _CLOSING:
            raise Broken(token.start, f"{token.text} cannot stand here", right)
        if token.kind != kind:
            raise self._unexpected(right)
        return self._take()

    def _unexpected(self, right: str) -> Broken:
        token = self._peek()
        if token.kind == BROKEN:
            wrong, _, mend = token.text.partition("\n")
            return Broken(token.start, wrong, mend)
        if token.kind == END:
            return Broken(token.start, "the expression ends too early", right or "write the rest")
        right = _INSTEAD.get(token.kind, right) or "remove it"
        if token.kind in ("on", "ignoring"):
            right = "on and ignoring stand after the operator: a + on (label) b"
        return Broken(token.start, f"{_shown(token)} cannot stand here", right)

    def _made(self, node: Node) -> Node:
        self.nodes.append(node)
        return node

    def _number(self, right: str) -> float:
        token = self._peek()
        if token.kind == DURATION:
            return seconds_of(self._take().text)
        if token.kind != NUMBER:
            raise self._unexpected(right or "a number should stand here")
        value = number_of(self._take().text)
        if value is None or (math.isinf(value) and token.text[0] in "0123456789."):
            mend = "write it as 0.5, 1e3 or 0x1F"
            raise Broken(token.start, f"{token.text[:40]} is no number", mend)
        return value

    def _labels(self) -> tuple[str, ...]:
        self._expect("(", "name labels in brackets: (instance, job)")
        labels: list[str] = []
        while self._peek().kind != ")":
            token = self._peek()
            if token.kind == STRING:
                label = unquoted(self._take().text)
                if not label:
                    raise Broken(token.start, "a label without a name stands here", "name it")
                labels.append(label)
            elif token.kind in (WORD, METRIC) or (
                token.kind in KEYWORDS and token.kind not in _NOT_LABELS
            ):
                labels.append(self._take().text)
            else:
                raise self._unexpected("the name of a label, or ), should stand here")
            if self._peek().kind != ")":
                self._expect(",", "labels are separated by commas, and end with )")
        self._take()
        return tuple(labels)


def _shown(token: Token) -> str:
    text = token.text if len(token.text) <= 40 else token.text[:39] + "…"
    return text if text.isprintable() else repr(text)
