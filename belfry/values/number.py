"""Plain numbers: 0.1, 25, -3.5."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from belfry.values.nonsense import GUESSED, Nonsense, shown, write

_TEXT = r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,9})?"


@dataclass(frozen=True, slots=True, order=True)
class Number:
    """A number, exact as it is written: up to fifteen digits and nine decimals."""

    value: Decimal

    PATTERN = r"^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,9})?$"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `0.1`: digits, with a point before decimals.

        Raises:
            Nonsense: the text is something else, or has more digits than are kept.

        """
        if re.fullmatch(_TEXT, text) is None:
            raise Nonsense(f"{shown(text)} is not a number", _remedy(text))
        return cls(Decimal(text) + 0)  # the sum makes 0 of -0

    @property
    def plain(self) -> int | float:
        """The nearest number that JSON and JavaScript know."""
        whole = int(self.value)
        return whole if whole == self.value else float(self.value)

    def __str__(self) -> str:
        """Print the canonical text, without zeros at the end."""
        return printed(self.value)


def printed(value: Decimal) -> str:
    """Print a number in digits, without an exponent and without zeros at the end."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def meant_number(text: str) -> Decimal | None:
    """Guess the number of somebody who wrote `1,5`, `1_000`, `1e3`, `.5`, `007`, or `0x1F`.

    None: it is no number, or one that is too large or too fine to be written in digits.
    """
    if len(text) > GUESSED:
        return None
    for form, plainly in _LOOSELY:
        if re.fullmatch(form, text.strip()) is not None:
            number = Decimal(plainly(text.strip()))
            return number + 0 if re.fullmatch(_TEXT, printed(number)) else None
    return None


_LOOSELY = (
    (r"[+-]?0[0-9]*,[0-9]{1,9}", lambda text: text.replace(",", ".")),
    (
        r"[+-]?[0-9]{1,3}(?:[ _'’,\u00a0\u202f][0-9]{3}){1,4}(?:\.[0-9]{1,9})?",
        lambda text: re.sub(r"[^0-9.+-]", "", text),
    ),
    (
        r"[+-]?[0-9]{1,3}(?:\.[0-9]{3}){1,4},[0-9]{1,9}",
        lambda text: text.replace(".", "").replace(",", "."),
    ),
    (r"[+-]?[0-9]{0,15},[0-9]{1,9}", lambda text: text.replace(",", ".")),
    (r"[+-]?[0-9_]*[0-9][0-9_]*", lambda text: text.replace("_", "")),
    (r"[+-]?(?:[0-9]{1,15}\.?[0-9]{0,9}|\.[0-9]{1,9})(?:[eE][+-]?[0-9]{1,2})?", str),
    (r"0(?:[xX][0-9a-fA-F]{1,12}|[oO][0-7]{1,15}|[bB][01]{1,40})", lambda text: str(int(text, 0))),
)
"""Forms of numbers elsewhere, and how each becomes plain digits. Used only for what is refused."""


def _remedy(text: str) -> str:
    share = meant_number(text.strip().removesuffix("%")) if text.strip().endswith("%") else None
    number = meant_number(text) if share is None else share / 100
    return write(
        Number(number) if number is not None and re.fullmatch(_TEXT, printed(number)) else None,
        "write a number in digits, at most fifteen and nine decimals, such as 25 or 0.1",
    )
