"""How many of how many: 2 of 3."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from belfry.values.nonsense import GUESSED, Nonsense, shown

_MOST = 100
_TEXT = r"([1-9][0-9]{0,2}) of ([1-9][0-9]{0,2})"


@dataclass(frozen=True, slots=True)
class Quorum:
    """So many of so many must agree: at least one, at most all, of at most a hundred."""

    needed: int
    of: int

    PATTERN = r"^[1-9][0-9]{0,2} of [1-9][0-9]{0,2}$"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `2 of 3`.

        Raises:
            Nonsense: the text is something else, asks for more than there are, or for too many.

        """
        match = re.fullmatch(_TEXT, text)
        if match is None:
            raise Nonsense(f"{shown(text)} is not a quorum", _remedy(text))
        needed, of = int(match[1]), int(match[2])
        if of > _MOST:
            raise Nonsense(f"{shown(text)} is too many", f"write at most {_MOST} after of")
        if needed > of:
            raise Nonsense(f"{shown(text)} is more than there are", f"write {of} of {of} at most")
        return cls(needed, of)

    def __str__(self) -> str:
        """Print the text that `parse` reads."""
        return f"{self.needed} of {self.of}"


_WORDS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def _remedy(text: str) -> str:
    otherwise = "write two numbers, such as 2 of 3"
    lower = text[:GUESSED].strip().lower()
    match = re.fullmatch(
        r"(?:at least )?([0-9]+|[a-z]+) *(?:of all|out of|of|from|/|-)(?: the)? *([0-9a-z]+)", lower
    )
    if match is None:
        number = _number(lower)
        return f"say of how many, such as {number} of {number + 1}" if number else otherwise
    of = _number(match[2])
    if not of or of > _MOST:
        return otherwise
    shares = {"all": of, "every": of, "any": 1, "majority": of // 2 + 1, "most": of // 2 + 1}
    needed = shares.get(match[1], _number(match[1]))
    return (
        f"write {Quorum(max(needed, 1), of)}" if needed is not None and needed <= of else otherwise
    )


def _number(text: str) -> int | None:
    if text in _WORDS:
        return _WORDS.index(text)
    return int(text) if re.fullmatch(r"[0-9]{1,2}|100", text) else None
