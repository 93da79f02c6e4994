"""Whole numbers within bounds: 5, 200, -3."""

from __future__ import annotations

import re

from belfry.values.nonsense import Nonsense, shown
from belfry.values.number import meant_number

_TEXT = r"0|-?[1-9][0-9]{0,17}"


def parse_whole(text: str, least: int, most: int) -> int:
    """Read a whole number in digits.

    Raises:
        Nonsense: the text is something else, or the number out of bounds.

    """
    if re.fullmatch(_TEXT, text) is None:
        meant = meant_number(text)
        fits = meant is not None and meant % 1 == 0 and least <= meant <= most
        right = f"write {int(meant)}" if meant is not None and fits else _between(least, most)
        raise Nonsense(f"{shown(text)} is not a whole number", right)
    number = int(text)
    if not least <= number <= most:
        raise Nonsense(f"{number} is out of range", _between(least, most))
    return number


def _between(least: int, most: int) -> str:
    return f"write one between {least} and {most}"
