"""Shares of a hundred: 99.9 %."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from belfry.values.nonsense import Nonsense, shown

_DECIMALS = 4
_ONE = 10**_DECIMALS
_TEXT = re.compile(r"([0-9]{1,3})(?:\.([0-9]{1,4}))? ?%")


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
        match = _TEXT.fullmatch(text)
        if match is None:
            raise Nonsense(
                f"{shown(text)} is not a percentage",
                "write a number with at most four decimals and the sign, such as 99.9 %",
            )
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
