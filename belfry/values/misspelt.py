"""Conditions whose words are misspelt: `at leest 5`, `atleast 80`, `above80`, `presnt`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from belfry.values.how import ALONE, NUMERIC, How, meant_limit

if TYPE_CHECKING:
    from collections.abc import Iterable

_BEFORE_TEXTS = (How.IS_NOT, How.ONE_OF, How.MATCHES)
"""What stands before a text. `is` is too short to tell what is like it."""
_LONGEST = 9
"""Letters of the longest word that may be like one of ours."""


def misspelt(text: str) -> str | None:
    """Give the condition that a text seems to be, one slip away; None: it is like none.

    A slip is a letter too many, too few, another one, or one swapped with its neighbour. Blanks
    do not count.
    """
    if limit := re.fullmatch(r"([A-Za-z ]*[A-Za-z]) *(-?\.?[0-9].*)", text):
        how = _like(limit[1], NUMERIC)
        return f"{how} {_number(how, limit[2])}" if how else None
    if how := _like(text, ALONE):
        return str(how)
    words = text.split()
    for count in (1, 2):
        if how := _like("".join(words[:count]), _BEFORE_TEXTS if len(words) > count else ()):
            return f"{how} {' '.join(words[count:])}"
    how = next((how for how in NUMERIC if words[0].lower() == how.replace(" ", "")), None)
    return f"{how} 80" if how else None


def _number(how: How, rest: str) -> str:
    right = meant_limit(how, rest)
    return right.removeprefix(f"write {how} ") if right else "80"


def _like(words: str, known: Iterable[How]) -> How | None:
    bare = words.replace(" ", "").lower()
    if len(bare) > _LONGEST:
        return None
    return next((how for how in known if _one_slip(bare, how.replace(" ", ""))), None)


def _one_slip(one: str, other: str) -> bool:
    """Say whether two words are the same, or one slip apart."""
    short, long = sorted((one, other), key=len)
    same = next((i for i, letter in enumerate(short) if letter != long[i]), len(short))
    rest, longer = short[same:], long[same:]
    if len(long) == len(short):
        swapped = longer[:2][::-1] + longer[2:]
        return rest[1:] == longer[1:] or rest == swapped
    return len(long) == len(short) + 1 and rest == longer[1:]
