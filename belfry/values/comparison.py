"""Conditions on a value that was found in an answer, in words: at least 80, is healthy, present."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from belfry.values.how import ALONE, HEADS, NUMERIC, How, meant_limit, remedy
from belfry.values.json_path import MISSING
from belfry.values.misspelt import misspelt
from belfry.values.nonsense import Nonsense, shown
from belfry.values.number import Number

_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Comparison:
    """A condition on one value."""

    how: How
    operands: tuple[str, ...]
    """One text, number or pattern, or for ONE_OF one or more; none for PRESENT and ABSENT."""

    PATTERN = r"^[^\s<>=!~≤≥≠][^\n\r]{0,299}$"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `is healthy`, `is not down`, `one of healthy, degraded`, `at least 80`,
        `at most 80`, `above 80`, `below 80`, `matches ^v[0-9]+$`, `present` or `absent`; any other
        text is as with `is` before it, and needs it where it looks like another of these.

        Raises:
            Nonsense: the condition is not whole, misspelt, or written otherwise, as with signs.

        """  # noqa: D205
        if len(text) > _LONGEST:
            raise Nonsense(f"{shown(text)} is too long", f"write at most {_LONGEST} characters")
        if not text.strip() or not text.isprintable():
            right = "write a condition, such as at least 80 or is healthy"
            raise Nonsense(f"{shown(text)} is not a condition", right)
        if text != text.strip():
            raise Nonsense(f"blanks stand around {shown(text)}", f"write {text.strip()}")
        match = re.fullmatch(HEADS, text)
        how = How(match[1] or match[3]) if match else How.IS
        if how in ALONE:
            return cls(how, ())
        rest = (match[2] or "") if match else text
        otherwise = remedy(how, rest) if how in (How.IS, How.IS_NOT) else None
        if otherwise is None and match is None and (meant := misspelt(text)):
            otherwise = f"write {meant}; if the text itself is meant, is {text}"
        if otherwise is not None:
            raise Nonsense(f"{shown(text)} is not a condition", otherwise)
        return cls(how, _operands(how, rest))

    def holds(self, found: object) -> bool:
        """Judge a value as `json.loads` makes it, a header's text, or MISSING.

        Nothing and null satisfy `absent` alone (null also `is null`), lists and tables `present`
        alone. A limit is compared with numbers and with texts of digits, as headers are; what
        must be equal, with a number as a number, with a text as a text: version 1.10 is not 1.1.
        """
        if self.how in ALONE:
            return (found is MISSING or found is None) == (self.how is How.ABSENT)
        if found is None:
            return self.how in (How.IS, How.ONE_OF) and "null" in self.operands
        if not isinstance(found, str | bool | int | float):
            return False
        if self.how in NUMERIC:
            number = _number(found)
            return number is not None and _orders(self.how, number, Decimal(self.operands[0]))
        if self.how is How.MATCHES:
            return re.search(self.operands[0], _text(found)) is not None
        return any(_equals(found, wanted) for wanted in self.operands) != (self.how is How.IS_NOT)

    def __str__(self) -> str:
        """Print the canonical text: `is healthy` also where `healthy` is enough."""
        return " ".join((self.how, ", ".join(self.operands))) if self.operands else str(self.how)


def _operands(how: How, rest: str) -> tuple[str, ...]:
    if how in NUMERIC:
        return (_limit(how, rest),)
    if how is How.ONE_OF:
        return _several(rest)
    if how is How.MATCHES:
        _must_be_a_pattern(rest)
    if not rest:
        raise Nonsense(f'"{how}" is not whole', f"say what, such as {how} healthy")
    return (rest,)


def _limit(how: How, rest: str) -> str:
    try:
        return str(Number.parse(rest))
    except Nonsense as nonsense:
        right = meant_limit(how, rest) or f"write {how} and a number, such as {how} 80"
        raise Nonsense(f"{shown(rest)} is not a number", right) from nonsense


def _several(rest: str) -> tuple[str, ...]:
    words = tuple(dict.fromkeys(word.strip() for word in rest.split(",")))
    if not all(words):
        raise Nonsense(f"{shown(f'one of {rest}')} is not whole", "write one of healthy, degraded")
    return words


_UNCOMMON = (
    (r"\(\?P[<=>]", "write a group without a name, ( )"),
    (r"\(\?[aiLmsux-]+[:)]", "write both capitals and small letters, such as [Hh]ealthy"),
    (r"\(\?#", "leave the remark out"),
    (r"\(\?>", "write a plain group, (?: )"),
    (r"\(\?\(", "write both cases, with |"),
    (r"\\A", "write ^ for the beginning"),
    (r"\\Z", "write $ for the end"),
    (r"[*+?}]\+", "write a repetition without the second +"),
    (r"\{,", "write {0, and the most"),
    (r"\[\^?\]", "write \\] for a bracket in brackets"),
)
"""What Python's patterns have and JavaScript's have not, and what both have."""


def _must_be_a_pattern(pattern: str) -> None:
    """Refuse a pattern that is none, or is not the same for Python and JavaScript."""
    if not pattern:
        raise Nonsense('"matches" is not whole', "say which pattern, such as matches ^v[0-9]+$")
    bare = re.sub(r"\\[^AZ]|\[(?:\\.|[^\]\\])+\]", "_", pattern)
    for uncommon, right in _UNCOMMON:
        if re.search(uncommon, bare):
            raise Nonsense(f"{shown(pattern)} is not a pattern for every runner", right)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            re.compile(pattern)
    except (re.error, OverflowError, RecursionError, Warning) as problem:
        why = problem.msg if isinstance(problem, re.error) else "it cannot be read"
        right = f"{why}: write a regular expression, such as ^v[0-9]+$"
        raise Nonsense(f"{shown(pattern)} is not a pattern", right) from problem


def _number(found: str | float) -> Decimal | None:
    """Give the number that a value is; None: it is none."""
    if isinstance(found, bool):
        return None
    if isinstance(found, str):
        try:
            return Number.parse(found).value
        except Nonsense:
            return None
    number = Decimal(repr(found)) if isinstance(found, float) else Decimal(found)
    return number if number.is_finite() else None


def _orders(how: How, number: Decimal, limit: Decimal) -> bool:
    return {
        How.AT_LEAST: number >= limit,
        How.AT_MOST: number <= limit,
        How.ABOVE: number > limit,
        How.BELOW: number < limit,
    }[how]


def _text(found: str | float) -> str:
    """Write a value as JSON does."""
    if isinstance(found, bool):
        return "true" if found else "false"
    if isinstance(found, float) and found.is_integer() and abs(found) < 10**21:
        return str(int(found))
    return str(found)


def _equals(found: str | float, wanted: str) -> bool:
    if isinstance(found, str | bool):
        return _text(found) == wanted
    limit = _number(wanted)
    return limit is not None and _number(found) == limit
