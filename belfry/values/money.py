"""Amounts of money: 50 USD, $50, 12.50 EUR."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from belfry.values.nonsense import GUESSED, Nonsense, shown
from belfry.values.number import meant_number

if TYPE_CHECKING:
    from decimal import Decimal

CURRENCIES = (
    "USD", "EUR", "GBP", "CHF", "CAD", "AUD", "NZD", "JPY", "SEK", "NOK", "DKK", "PLN", "CZK",
    "INR", "BRL",
)  # fmt: skip
"""The currencies that are known, by their ISO 4217 letters."""

_SYMBOLS = {"$": "USD", "€": "EUR", "£": "GBP"}
_AMOUNT = r"[0-9]{1,12}(?:\.[0-9]{1,2})?"
_LETTERS = "|".join(CURRENCIES)
_TEXT = rf"([$€£])({_AMOUNT})|({_AMOUNT}) ?({_LETTERS})"


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of money, not negative. Amounts of one currency compare; others are a TypeError."""

    hundredths: int
    """Of one unit of the currency."""
    currency: str
    """One of CURRENCIES."""

    PATTERN = rf"^([$€£]{_AMOUNT}|{_AMOUNT} ?({_LETTERS}))$"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `50 USD` or `$50`, with at most two decimals.

        Raises:
            Nonsense: the text is something else, or the currency is not known.

        """
        match = re.fullmatch(_TEXT, text)
        if match is None:
            raise Nonsense(f"{shown(text)} is not an amount of money", _remedy(text))
        symbol, after, before, letters = match.groups()
        whole, _, decimals = (after or before).partition(".")
        hundredths = int(whole) * 100 + int(decimals.ljust(2, "0"))
        return cls(hundredths, letters or _SYMBOLS[symbol])

    def __lt__(self, other: Money) -> bool:
        """Compare two amounts of one currency."""
        return self.hundredths < self._comparable(other).hundredths

    def __le__(self, other: Money) -> bool:
        """Compare two amounts of one currency."""
        return self.hundredths <= self._comparable(other).hundredths

    def _comparable(self, other: Money) -> Money:
        if not isinstance(other, Money) or other.currency != self.currency:
            message = f"{self} and {other} do not compare"
            raise TypeError(message)
        return other

    def __str__(self) -> str:
        """Print the canonical text: `50 USD`, `12.50 EUR`."""
        whole, rest = divmod(self.hundredths, 100)
        return f"{whole}.{rest:02} {self.currency}" if rest else f"{whole} {self.currency}"


_CALLED = {
    "dollar": "USD", "dollars": "USD", "us$": "USD", "bucks": "USD", "euro": "EUR", "euros": "EUR",
    "pound": "GBP", "pounds": "GBP", "francs": "CHF", "yen": "JPY", "rupees": "INR",
}  # fmt: skip
_PERIOD = r"(?: *(?:/|per|a|an|each) *[a-z]+)?"


def _remedy(text: str) -> str:
    otherwise = "write a number with at most two decimals and a currency, such as 50 USD"
    lower = text[:GUESSED].strip().lower()
    match = re.fullmatch(
        rf"([a-z$€£]*) *(-?[0-9.,_' ]*[0-9]) *([a-z$€£]*){_PERIOD}", lower
    ) or re.fullmatch(rf"([a-z]+) *(-?[0-9.,_' ]*[0-9])(){_PERIOD}", lower)
    number = _amount(match[2]) if match else None
    if match is None or number is None:
        return otherwise
    if number < 0:
        return "write an amount that is not negative"
    if not match[1] + match[3]:
        return f"say the currency: {_plain(number)} USD, {_plain(number)} EUR"
    currency = _currency(match[1] or match[3])
    if currency is None:
        return f"write one of the currencies {', '.join(CURRENCIES)}"
    if (number * 100) % 1:
        return f"write at most two decimals, such as {Money(int(number * 100), currency)}"
    return f"write {Money(int(number * 100), currency)}"


def _amount(text: str) -> Decimal | None:
    number = meant_number(text.lstrip("-"))
    if number is None or number >= 10**12:
        return None
    return -number if text.startswith("-") else number


def _plain(number: Decimal) -> str:
    return str(Money(int(number * 100), "")).strip()


def _currency(called: str) -> str | None:
    known = called.upper() if called.upper() in CURRENCIES else _CALLED.get(called)
    return known or _SYMBOLS.get(called)
