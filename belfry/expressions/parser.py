"""PromQL read into nodes: precedence climbing over tokens, in one pass and linear time.

The grammar is that of prometheus/promql/parser/generated_parser.y, release 3.14.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from belfry.expressions.cursor import BINDS, DEEPEST, SIGN, Broken, Feature
from belfry.expressions.functions import (
    EXPERIMENTAL_AGGREGATORS,
    FUNCTIONS,
    RENAMED,
    WITH_PARAMETER,
)
from belfry.expressions.nodes import (
    Aggregation,
    Binary,
    Call,
    Matching,
    Number,
    Parens,
    Text,
    Unary,
    ValueType,
)
from belfry.expressions.selectors import Selectors
from belfry.expressions.tokens import (
    AGGREGATORS,
    DURATION,
    END,
    KEYWORDS,
    METRIC,
    NUMBER,
    STRING,
    WORD,
    unquoted,
)
from belfry.problems import suggestion

if TYPE_CHECKING:
    from belfry.expressions.nodes import Node
    from belfry.expressions.tokens import Token

_NOT_METRICS = frozenset(("bool", "on", "ignoring", "group_left", "group_right", "atan2"))
_NUMBER_TYPE = ValueType.SCALAR


class Parser(Selectors):
    """Reads one expression."""

    def read(self) -> Node:
        """Read the whole text.

        Raises:
            Broken: it is no expression.

        """
        if self._peek().kind == END:
            raise Broken(0, "there is no expression", "write one")
        root = self._expression(0)
        if self._peek().kind != END:
            raise self._unexpected("an operator, or the end, should follow")
        return root

    def _expression(self, least: int) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            wrong = f"brackets and signs stand in each other more than {DEEPEST} deep"
            raise Broken(self._peek().start, wrong, "make several recording rules of it")
        left = self._operand()
        while (binds := BINDS.get(self._peek().kind, -1)) >= max(least, 0):
            operator = self._take()
            left = self._binary(left, operator, binds)
        self._depth -= 1
        return left

    def _binary(self, left: Node, operator: Token, binds: int) -> Node:
        kind = operator.kind
        returns_bool = self._peek().kind == "bool"
        if returns_bool:
            self._take()
        matching = self._matching()
        fill = self._fill()
        right = self._expression(binds if kind == "^" else binds + 1)
        node = Binary(
            left.start,
            right.end,
            kind,
            operator.start,
            left,
            right,
            matching,
            returns_bool,
            fill,
            _NUMBER_TYPE if left.type is right.type is _NUMBER_TYPE else ValueType.VECTOR,
        )
        return self._made(node)

    def _matching(self) -> Matching | None:
        if self._peek().kind not in ("on", "ignoring"):
            return None
        on = self._take().kind == "on"
        labels = self._labels()
        group: Literal["left", "right"] | None = None
        include: tuple[str, ...] = ()
        if self._peek().kind in ("group_left", "group_right"):
            group = "left" if self._take().kind == "group_left" else "right"
            if self._peek().kind == "(":
                include = self._labels()
        return Matching(on, labels, group, include)

    def _fill(self) -> bool:
        found = False
        while self._peek().kind in ("fill", "fill_left", "fill_right"):
            token = self._take()
            self.features.append(Feature(token.text, "promql-binop-fill-modifiers", token.start))
            self._expect("(", "write fill(0)")
            if self._peek().kind in "+-":
                self._take()
            self._number("write fill(0)")
            self._expect(")", "close it with )")
            found = True
        return found

    def _operand(self) -> Node:
        token = self._peek()
        kind = token.kind
        if kind in ("+", "-"):
            return self._signed()
        return self._with_postfixes(self._primary(token))

    def _signed(self) -> Node:
        sign = self._take()
        below = self._expression(SIGN)
        if isinstance(below, Number) and self.nodes[-1] is below:
            self.nodes.pop()
            value = -below.value if sign.kind == "-" else below.value
            return self._made(Number(sign.start, below.end, value))
        return self._made(Unary(sign.start, below.end, sign.kind, below, below.type))

    def _primary(self, token: Token) -> Node:
        kind = token.kind
        following = self._peek(1).kind
        if kind == "(":
            return self._parens()
        if kind in AGGREGATORS and following in ("(", "by", "without"):
            return self._aggregation()
        if kind == WORD and following == "(":
            return self._call()
        if kind in ("start", "end", "step", "range", "max_of", "min_of") and following == "(":
            return self._call()
        if kind in (WORD, METRIC, "{") or (kind in KEYWORDS and kind not in _NOT_METRICS):
            return self._selector()
        if kind in (NUMBER, DURATION):
            start = token.start
            return self._made(Number(start, start + len(token.text), self._number("")))
        if kind == STRING:
            self._take()
            return self._made(Text(token.start, self._end, unquoted(token.text)))
        raise self._unexpected("a metric, a number or a function should stand here")

    def _parens(self) -> Node:
        start = self._take().start
        inside = self._expression(0)
        self._expect(")", "close the bracket with )")
        return self._made(Parens(start, self._end, inside, inside.type))

    def _arguments(self) -> tuple[Node, ...]:
        self._expect("(", "give the arguments in brackets")
        found: list[Node] = []
        while self._peek().kind != ")":
            found.append(self._expression(0))
            if self._peek().kind == ")":
                break
            if self._peek().kind in ("]", "}"):
                self._expect(")", "close the bracket with ) first")
            comma = self._expect(",", "arguments are separated by commas, and end with )")
            if self._peek().kind == ")":
                raise Broken(comma.start, "no argument follows the comma", "remove the comma")
        self._take()
        return tuple(found)

    def _call(self) -> Node:
        token = self._take()
        function = FUNCTIONS.get(token.text)
        if function is None:
            known = token.text.lower()
            right = f"use {RENAMED[known]}" if known in RENAMED else ""
            if known in FUNCTIONS:
                right = f"write it in small letters: {known}"
            right = right or suggestion(token.text, {*FUNCTIONS, *AGGREGATORS}, else_say="")
            raise Broken(token.start, f"there is no function {token.text[:60]}", right)
        if function.experimental:
            self.features.append(Feature(token.text, "promql-experimental-functions", token.start))
        arguments = self._arguments()
        return self._made(Call(token.start, self._end, token.text, arguments, function.gives))

    def _aggregation(self) -> Node:
        token = self._take()
        if token.kind in EXPERIMENTAL_AGGREGATORS:
            self.features.append(Feature(token.text, "promql-experimental-functions", token.start))
        modifier = self._modifier()
        arguments = self._arguments()
        modifier = modifier or self._modifier()
        wanted = 2 if token.kind in WITH_PARAMETER else 1
        if len(arguments) != wanted:
            usage = f"{token.kind}(number, series)" if wanted == 2 else f"{token.kind}(series)"
            if token.kind == "count_values":
                usage = 'count_values("label", series)'
            count = _count(len(arguments), "argument")
            raise Broken(token.start, f"{token.kind} got {count}", f"write {usage}")
        without, labels = modifier or (False, None)
        node = Aggregation(
            token.start,
            self._end,
            token.kind,
            arguments[0] if wanted == 2 else None,
            arguments[-1],
            without,
            labels,
        )
        return self._made(node)

    def _modifier(self) -> tuple[bool, tuple[str, ...]] | None:
        if self._peek().kind not in ("by", "without"):
            return None
        without = self._take().kind == "without"
        return without, self._labels()


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"
