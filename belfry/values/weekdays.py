"""Days of the week: Mon–Fri, Sat, Sun, daily."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from belfry.values.nonsense import GUESSED, Nonsense, shown

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_NUMBER = {day: number for number, day in enumerate(DAYS)}
_DAY = f"({'|'.join(DAYS)})"
_ITEM = rf"{_DAY}(?: *[-–] *{_DAY})?"
_DAILY = "daily"
_ONE = f"{_DAY}( *[-–] *{_DAY})?"


@dataclass(frozen=True, slots=True)
class Weekdays:
    """One day of the week or several."""

    days: frozenset[int]
    """0 is Monday, 6 is Sunday; never empty."""

    PATTERN = rf"^({_DAILY}|{_ONE}( *, *{_ONE}){{0,6}})$"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `Mon–Fri`, `Sat, Sun` or `daily`; a range may pass the end of the week.

        Raises:
            Nonsense: the text is something else, or a day stands there twice.

        """
        if text == _DAILY:
            return cls(frozenset(range(7)))
        days: set[int] = set()
        for item in re.split(" *, *", text, maxsplit=7):
            match = re.fullmatch(_ITEM, item)
            if match is None:
                raise Nonsense(f"{shown(text)} is not days of the week", _remedy(text))
            first, last = match.groups()
            if first == last:
                raise Nonsense(f"{shown(item)} begins where it ends", f"write {first} or {_DAILY}")
            found = _range(_NUMBER[first], _NUMBER[last or first])
            if twice := sorted(days.intersection(found)):
                together = cls(frozenset(days.union(found)))
                raise Nonsense(f"{DAYS[twice[0]]} stands here twice", f"write {together}")
            days.update(found)
        return cls(frozenset(days))

    def __str__(self) -> str:
        """Print the canonical text: three days or more in a row as a range with an en dash."""
        if len(self.days) == 7:
            return _DAILY
        parts = []
        for first in sorted(self.days):
            if (first - 1) % 7 in self.days:
                continue
            row = [first]
            while (row[-1] + 1) % 7 in self.days:
                row.append((row[-1] + 1) % 7)
            if len(row) > 2:
                parts.append((first, f"{DAYS[first]}–{DAYS[row[-1]]}"))
            else:
                parts.extend((day, DAYS[day]) for day in row)
        return ", ".join(part for _, part in sorted(parts))


def _range(first: int, last: int) -> list[int]:
    return [(first + step) % 7 for step in range((last - first) % 7 + 1)]


_FULL = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SETS = {
    "weekdays": "Mon–Fri", "weekday": "Mon–Fri", "workdays": "Mon–Fri", "working days": "Mon–Fri",
    "business days": "Mon–Fri", "weekend": "Sat, Sun", "weekends": "Sat, Sun",
    "every day": _DAILY, "everyday": _DAILY, "all": _DAILY, "always": _DAILY, "*": _DAILY,
    "all week": _DAILY,
}  # fmt: skip
"""What people call several days."""


def _remedy(text: str) -> str:
    otherwise = "write days as Mon, Tue, Wed, Thu, Fri, Sat, Sun, such as Mon–Fri or Sat, Sun"
    lower = text[:GUESSED].strip().lower()
    if lower == _DAILY or lower in _SETS:
        return f"write {_SETS.get(lower, _DAILY)}"
    days: set[int] = set()
    ranges = re.sub(r" *(?:[-–—]|\.\.+|\bto\b|\bthrough\b) *", "-", lower)
    for item in re.split(r"[ ,;/+&]*\band\b[ ,]*|[ ,;/+&]+", ranges):
        ends = [_guessed(end) for end in item.split("-")]
        first, last = ends[0], ends[-1]
        if first is None or last is None or len(ends) > 2:
            return otherwise
        days.update(_range(first, last))
    return f"write {Weekdays(frozenset(days))}"


def _guessed(text: str) -> int | None:
    """Find the day whose name begins so."""
    text = text.rstrip(".")
    text = text[:-1] if text.endswith("days") else text
    found = [number for number, day in enumerate(_FULL) if day.startswith(text)]
    return found[0] if len(found) == 1 and len(text) > 1 else None
