"""Spans of time: 60s, 1h30m, 500ms, 7d."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from belfry.values.nonsense import GUESSED, Nonsense, shown
from belfry.values.number import meant_number

_UNITS = {"d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1_000, "ms": 1}
_LONGEST = 10 * 366 * _UNITS["d"]
_TEXT = re.compile("".join(f"(?:([0-9]{{1,15}}){unit})?" for unit in _UNITS))


@dataclass(frozen=True, slots=True, order=True)
class Duration:
    """A span of time, from nothing to ten years, exact to the millisecond."""

    milliseconds: int

    PATTERN = r"^(?=[0-9])([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `1h30m`: whole numbers with units d, h, m, s, ms, largest first.

        Raises:
            Nonsense: the text is something else, or longer than ten years.

        """
        match = _TEXT.fullmatch(text)
        if match is None or not text:
            raise Nonsense(f"{shown(text)} is not a duration", _remedy(text))
        milliseconds = sum(
            int(count) * size
            for count, size in zip(match.groups(), _UNITS.values(), strict=True)
            if count
        )
        if milliseconds > _LONGEST:
            raise Nonsense(f"{shown(text)} is longer than ten years", "write a shorter duration")
        return cls(milliseconds)

    @classmethod
    def of(cls, seconds: int) -> Self:
        """Make a duration of whole seconds."""
        return cls(seconds * 1000)

    @property
    def seconds(self) -> float:
        """The duration in seconds, fractions included."""
        return self.milliseconds / 1000

    @property
    def whole_seconds(self) -> int:
        """The duration in seconds, rounded up, so that no wait gets too short."""
        return -(-self.milliseconds // 1000)

    def is_multiple_of(self, other: Duration) -> bool:
        """Say whether this is a whole number of the other."""
        return self.milliseconds % other.milliseconds == 0

    def __str__(self) -> str:
        """Print the canonical text: `90s` is `1m30s`."""
        left = self.milliseconds
        parts = []
        for unit, size in _UNITS.items():
            count, left = divmod(left, size)
            if count:
                parts.append(f"{count}{unit}")
        return "".join(parts) or "0s"


_WEEK = 7 * _UNITS["d"]
_CALLED = {
    "ms": _UNITS["ms"], "msec": _UNITS["ms"], "msecs": _UNITS["ms"], "millis": _UNITS["ms"],
    "millisecond": _UNITS["ms"], "milliseconds": _UNITS["ms"],
    "s": _UNITS["s"], "sec": _UNITS["s"], "secs": _UNITS["s"],
    "second": _UNITS["s"], "seconds": _UNITS["s"],
    "m": _UNITS["m"], "min": _UNITS["m"], "mins": _UNITS["m"],
    "minute": _UNITS["m"], "minutes": _UNITS["m"],
    "h": _UNITS["h"], "hr": _UNITS["h"], "hrs": _UNITS["h"],
    "hour": _UNITS["h"], "hours": _UNITS["h"],
    "d": _UNITS["d"], "day": _UNITS["d"], "days": _UNITS["d"],
    "w": _WEEK, "wk": _WEEK, "wks": _WEEK, "week": _WEEK, "weeks": _WEEK,
}  # fmt: skip
"""What people call a unit, and its milliseconds."""

_PIECE = r"([0-9][0-9.,_]*|[.,][0-9]+) *([a-z]+)\.? *(?:(?:,|&|and\b) *)?"
_ISO = r"p(?:([0-9]{1,6})d)?(?:t(?:([0-9]{1,6})h)?(?:([0-9]{1,6})m)?(?:([0-9]{1,9})s)?)?"


def meant_duration(text: str) -> Duration | None:
    """Guess the duration of somebody who wrote `5 min`, `1.5h`, `2 weeks` or `PT90S`."""
    if len(text) > GUESSED:
        return None
    lower = text.strip().lower()
    if match := re.fullmatch(_ISO, lower):
        return _summed(list(zip(match.groups(), ("d", "h", "m", "s"), strict=True)))
    if match := re.fullmatch(r"([0-9]{1,3})(h|m)([0-5]?[0-9])", lower):
        hours, unit, rest = match.groups()
        return _summed([(hours, unit), (rest, "m" if unit == "h" else "s")])
    pieces = []
    position = 0
    while position < len(lower):
        piece = re.compile(_PIECE).match(lower, position)
        if piece is None:
            return None
        pieces.append((piece[1], piece[2]))
        position = piece.end()
    return _summed(pieces)


def _summed(pieces: list[tuple[str | None, str]]) -> Duration | None:
    total = 0
    sizes = []
    for count, unit in pieces:
        if count is None:
            continue
        number = meant_number(count)
        if number is None or unit not in _CALLED or (number * _CALLED[unit]) % 1:
            return None
        sizes.append(_CALLED[unit])
        total += int(number * _CALLED[unit])
    whole = sizes and len(set(sizes)) == len(sizes) and total <= _LONGEST
    return Duration(total) if whole else None


MINUTE = Duration.of(60)
HOUR = Duration.of(3_600)
DAY = Duration.of(86_400)


def _remedy(text: str) -> str:
    number = meant_number(text)
    if number is not None and number >= 0 and len(text) < 8:
        if number >= 1000 and number % 1 == 0 and number % 60:
            return f"say the unit: {int(number)}ms, {int(number)}s"  # hardly minutes
        if number % 1 == 0:
            return f"say the unit: {int(number)}s, {int(number)}m"
        seconds, minutes = _summed([(text, "s")]), _summed([(text, "m")])
        units = [str(meant) for meant in (seconds, minutes) if meant is not None]
        return f"say the unit: {', '.join(units)}" if units else "say the unit, such as 60s"
    if (meant := meant_duration(text)) is not None:
        return f"write {meant}"
    if text.startswith("-") and (meant := meant_duration(text[1:])) is not None:
        return f"a duration is not negative: write {meant}"
    if match := re.fullmatch(r"([0-9]{1,2}):([0-5][0-9])(?::([0-5][0-9]))?", text):
        first, second, third = match.groups()
        if third:
            return f"write {_summed([(first, 'h'), (second, 'm'), (third, 's')])}"
        hours, minutes = (
            _summed([(first, large), (second, small)]) for large, small in ("hm", "ms")
        )
        return f"write {hours} or {minutes}"
    if re.search(r"[0-9] *(months?|mo|y|yrs?|years?|quarters?)\b", text[:GUESSED], re.IGNORECASE):
        return "months and years differ in length: write days, such as 30d or 365d"
    if re.search(r"[0-9] *(us|µs|μs|ns)\b", text[:GUESSED]):
        return "the smallest unit is the millisecond: write 1ms or more"
    return "write whole numbers with units d, h, m, s, ms, largest first, such as 60s or 1h30m"
