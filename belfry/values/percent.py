"""Shares of a hundred: 99.9 %."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from belfry.values.nonsense import GUESSED, Nonsense, shown
from belfry.values.number import meant_number

if TYPE_CHECKING:
    from decimal import Decimal

_DECIMALS = 4
_ONE = 10**_DECIMALS
_TEXT = r"([0-9]{1,3})(?:\.([0-9]{1,4}))? ?%"


@dataclass(frozen=True, slots=True, order=True)
class Percent:
    """A share between 0 % and 100 %, exact to four decimals."""

    ten_thousandths: int
    """Of one per cent."""

    PATTERN = r"^[0-9]{1,3}(\.[0-9]{1,4})? ?%$"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `99.9 %`, with or without the space.

        Raises:
            Nonsense: the text is something else, or not between 0 % and 100 %.

        """
        match = re.fullmatch(_TEXT, text)
        if match is None:
            raise Nonsense(f"{shown(text)} is not a percentage", _remedy(text))
        whole, decimals = match.groups(default="")
        share = int(whole) * _ONE + int(decimals.ljust(_DECIMALS, "0"))
        if share > 100 * _ONE:
            raise Nonsense(f"{shown(text)} is more than everything", "write at most 100 %")
        return cls(share)

    @property
    def ratio(self) -> float:
        """The share as a number between 0 and 1."""
        whole: int = 100 * _ONE
        return self.ten_thousandths / whole

    def __str__(self) -> str:
        """Print the canonical text, without trailing zeros."""
        whole, decimals = divmod(self.ten_thousandths, _ONE)
        fraction = f".{decimals:0{_DECIMALS}}".rstrip("0").rstrip(".")
        return f"{whole}{fraction} %"


_GENERAL = "write a number with at most four decimals and the sign, such as 99.9 %"
_SIGNED = r"\+?%? *(-?[0-9.,_e+-]+) *(?:%|percent|per cent|pct\.?|pc)?"


def _remedy(text: str) -> str:
    match = re.fullmatch(_SIGNED, text[:GUESSED].strip().lower())
    number = meant_number(match[1]) if match else None
    if match is None or number is None:
        return _GENERAL
    if number < 0:
        return "write at least 0 %"
    if match[0] == match[1]:
        return _without_sign(number)
    if number > 100:
        return "write at most 100 %"
    if (number * _ONE) % 1:
        return f"write at most four decimals, such as {Percent(int(number * _ONE))}"
    return f"write {Percent(int(number * _ONE))}"


def _without_sign(number: Decimal) -> str:
    """Take a number without a sign for a part of one, when it is less than one."""
    if number == 1:
        return "write 100 % or 1 %"
    share = number * 100 if number < 1 else number
    if share > 100:
        return "write at most 100 %, with the sign"
    return f"write {Percent(int(share * _ONE))}" if (share * _ONE) % 1 == 0 else _GENERAL
