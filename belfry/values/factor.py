"""How many times as much: 10x, 2×, 14.4x."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from belfry.values.nonsense import GUESSED, Nonsense, shown
from belfry.values.number import meant_number, printed

_TEXT = r"([0-9]{1,6}(?:\.[0-9]{1,4})?)[x×]"


@dataclass(frozen=True, slots=True, order=True)
class Factor:
    """So many times as much: more than nothing, exact to four decimals."""

    value: Decimal

    PATTERN = r"^[0-9]{1,6}(\.[0-9]{1,4})?[x×]$"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `14.4x`, with the letter or the sign ×.

        Raises:
            Nonsense: the text is something else, or zero.

        """
        match = re.fullmatch(_TEXT, text)
        if match is None:
            raise Nonsense(f"{shown(text)} is not a factor", _remedy(text))
        value = Decimal(match[1])
        if not value:
            raise Nonsense(f"{shown(text)} is nothing", "write more than 0x, such as 2x")
        return cls(value)

    def __str__(self) -> str:
        """Print the canonical text, without trailing zeros."""
        return f"{printed(self.value)}x"


def _remedy(text: str) -> str:
    otherwise = "write a number and x, such as 10x or 14.4x"
    lower = text[:GUESSED].strip().lower()
    match = re.fullmatch(r"[x×*]? *([0-9.,_]+) *(?:(%)|x|×|\*|times|fold|-fold)?", lower)
    number = meant_number(match[1]) if match else None
    if match is None or number is None:
        return otherwise
    meant = f"{printed(number / 100 if match[2] else number)}x"
    return f"write {meant}" if re.fullmatch(_TEXT, meant) and meant != "0x" else otherwise
