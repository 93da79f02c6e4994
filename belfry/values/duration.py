"""Spans of time: 60s, 1h30m, 500ms, 7d."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from belfry.values.nonsense import Nonsense, shown

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


def _remedy(text: str) -> str:
    if text.isascii() and text.isdigit():
        return f"say the unit: {text}s, {text}m" if len(text) < 6 else "say the unit, such as 60s"
    if re.fullmatch(r"[0-9]+\.[0-9]+ *[a-z]+", text):
        return "use a smaller unit instead of a fraction, such as 1500ms or 1m30s"
    return "write whole numbers with units d, h, m, s, ms, largest first, such as 60s or 1h30m"
