"""Selectors, and what may follow them: a range, offset, @."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, cast

from belfry.expressions import regular
from belfry.expressions.cursor import Broken, Feature
from belfry.expressions.durations import Durations
from belfry.expressions.nodes import Matcher, Range, Selector, Subquery
from belfry.expressions.tokens import STRING, WORD, unquoted

if TYPE_CHECKING:
    from belfry.expressions.nodes import Node
    from belfry.expressions.tokens import Token

_MATCH = frozenset(("=", "!=", "=~", "!~"))


class Selectors(Durations):
    """Reads selectors, and gives them their times."""

    def _selector(self) -> Node:
        token = self._peek()
        name: str | None = None
        if token.kind != "{":
            name = self._take().text
        matchers: list[Matcher] = []
        if self._peek().kind == "{":
            self._take()
            name = self._matchers(matchers, name)
            self._take()
        return self._made(Selector(token.start, self._end, name, tuple(matchers)))

    def _matchers(self, matchers: list[Matcher], name: str | None) -> str | None:
        outside = name is not None
        while self._peek().kind != "}":
            token = self._peek()
            if token.kind not in (WORD, STRING):
                raise self._unexpected('a matcher such as job="api", or }, should stand here')
            self._take()
            label = unquoted(token.text) if token.kind == STRING else token.text
            if token.kind == STRING and self._peek().kind not in _MATCH:
                matchers.append(Matcher(token.start, self._end, "__name__", "=", label))
            else:
                matchers.append(self._matcher(token.start, label))
            name = self._named(matchers, name, outside=outside)
            if self._peek().kind != "}":
                self._expect(",", "matchers are separated by commas, and end with }")
        return name

    def _named(self, matchers: list[Matcher], name: str | None, *, outside: bool) -> str | None:
        """Take the name from the matcher that was read last, if it is about the name.

        Names in braces may stand there twice; nothing can match both then.
        """
        last = matchers[-1]
        if last.label != "__name__":
            return name
        if outside:
            raise _two_names(last.start, name or "", last.value)
        if last.operator != "=" or name is not None:
            return name
        matchers.pop()
        return last.value

    def _matcher(self, start: int, label: str) -> Matcher:
        if self._peek().kind not in _MATCH:
            raise self._unexpected("=, !=, =~ or !~ should stand here")
        operator = cast('Literal["=", "!=", "=~", "!~"]', self._take().kind)
        value = self._expect(STRING, 'the value of a matcher stands in quotation marks: "api"')
        text = unquoted(value.text)
        if operator in ("=~", "!~") and (wrong := regular.wrong(text)):
            plain = "\\" not in value.text
            offset = value.start + (1 + wrong.offset if plain else 0)
            raise Broken(offset, wrong.wrong, wrong.right)
        return Matcher(start, self._end, label, operator, text)

    def _with_postfixes(self, node: Node) -> Node:
        while (kind := self._peek().kind) in ("[", "offset", "@", "anchored", "smoothed"):
            if kind == "[":
                node = self._range(node)
            elif kind == "offset":
                node = self._offset(node)
            elif kind == "@":
                node = self._at(node)
            else:
                token = self._take()
                self.features.append(
                    Feature(token.text, "promql-extended-range-selectors", token.start)
                )
                if not isinstance(node, Selector | Range):
                    raise _only_series(token)
        return node

    def _range(self, node: Node) -> Node:
        bracket = self._take()
        seconds = self._in_bounds(self._duration(0), bracket.start + 1)
        if seconds <= 0:
            raise Broken(
                bracket.start + 1, "the range is not longer than 0", "write one such as 5m"
            )
        if self._peek().kind == ":":
            self._take()
            step = None if self._peek().kind == "]" else self._duration(0)
            self._expect("]", "close it with ]")
            if step is not None and step <= 0:
                wrong = "the step is not longer than 0"
                raise Broken(bracket.start, wrong, "write one such as 1m, or none: [1h:]")
            return self._made(Subquery(node.start, self._end, node, seconds, step))
        self._expect("]", "close the range with ], or give a step: [1h:1m]")
        if not isinstance(node, Selector):
            right = "only a metric has a range of its own: for all else write a subquery, [5m:]"
            raise Broken(bracket.start, "a range follows what is no metric", right)
        if node.offset or node.at:
            right = "write the range first: metric[5m] offset 1h"
            raise Broken(bracket.start, "the range stands behind offset or @", right)
        return self._made(Range(node.start, self._end, node, seconds))

    def _offset(self, node: Node) -> Node:
        token = self._take()
        start = self._peek().start
        back = self._in_bounds(self._signed_duration(), start)
        return self._moved(node, token, back, at=None)

    def _at(self, node: Node) -> Node:
        token = self._take()
        if self._peek().kind in ("start", "end"):
            self._take()
            self._expect("(", "write start() or end()")
            self._expect(")", "write start() or end()")
        else:
            if self._peek().kind in "+-":
                self._take()
            value = self._number("a time follows @, as seconds since 1970, or start() or end()")
            if not math.isfinite(value):
                raise Broken(token.start, "the time after @ is no time", "write seconds since 1970")
        return self._moved(node, token, 0, at=True)

    def _moved(self, node: Node, token: Token, back: float, *, at: bool | None) -> Node:
        held = node.selector if isinstance(node, Range) else node
        if not isinstance(held, Selector | Subquery):
            raise _only_series(token)
        if (held.at if at else held.offset) and (at or back):
            raise Broken(token.start, f"{token.kind} stands here twice", "keep one of them")
        self.nodes.pop()
        if isinstance(node, Subquery):
            return self._made(
                Subquery(
                    node.start,
                    self._end,
                    node.expression,
                    node.seconds,
                    node.step,
                    node.offset or back,
                    node.at or bool(at),
                )
            )
        selector = held if isinstance(held, Selector) else None
        if selector is None:  # only for the type checker: a Range holds a Selector
            return node
        end = self._end if node is held else selector.end
        moved = Selector(
            selector.start,
            end,
            selector.name,
            selector.matchers,
            selector.offset or back,
            selector.at or bool(at),
        )
        if isinstance(node, Range):
            self.nodes.pop()
            self._made(moved)
            return self._made(Range(node.start, self._end, moved, node.seconds))
        return self._made(moved)


def _two_names(start: int, one: str, other: str) -> Broken:
    wrong = f"the metric is named twice: {one[:40]} and {other[:40]}"
    return Broken(start, wrong, "keep one name")


def _only_series(token: Token) -> Broken:
    right = "it follows a metric, its range, or a subquery: rate(metric[5m] offset 1h)"
    return Broken(token.start, f"{token.kind} follows what has no time of its own", right)
