"""Times of the day: 07:30, and from one to another: 08:00–18:00."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from belfry.values.duration import Duration
from belfry.values.nonsense import GUESSED, Nonsense, shown, write

DAY = 24 * 60
_TEXT = r"([01][0-9]|2[0-3]):([0-5][0-9])"
_SPAN = r"([0-9]{2}:[0-9]{2}) *[-–] *([0-9]{2}:[0-9]{2})"


@dataclass(frozen=True, slots=True, order=True)
class TimeOfDay:
    """A time on the clock, exact to the minute."""

    minutes: int
    """After midnight: 0 to 1439, and 1440 where a span ends with the day."""

    PATTERN = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `07:30`: two digits, a colon, two digits.

        Raises:
            Nonsense: the text is something else.

        """
        match = re.fullmatch(_TEXT, text)
        if match is None:
            raise Nonsense(f"{shown(text)} is not a time of day", _remedy(text))
        return cls(int(match[1]) * 60 + int(match[2]))

    def __str__(self) -> str:
        """Print the text that `parse` reads."""
        hours, minutes = divmod(self.minutes, 60)
        return f"{hours:02}:{minutes:02}"


_MIDNIGHT = TimeOfDay(0)
_END = TimeOfDay(DAY)


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """From one time of the day to another, which is on the next day when it is earlier."""

    start: TimeOfDay
    end: TimeOfDay
    """No longer in the span; 24:00 for midnight."""

    PATTERN = r"^([01][0-9]|2[0-3]):[0-5][0-9] *[-–] *(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `08:00–18:00`, with an en dash or a hyphen, with blanks around it or without.

        Raises:
            Nonsense: the text is something else, or the span is empty.

        """
        match = re.fullmatch(_SPAN, text)
        if match is None:
            raise Nonsense(f"{shown(text)} is not a span of the day", _span_remedy(text))
        start = TimeOfDay.parse(match[1])
        end = _END if match[2] in ("24:00", "00:00") else TimeOfDay.parse(match[2])
        if start == end or (start == _MIDNIGHT and match[2] == "00:00"):
            raise Nonsense(
                f"{shown(text)} is empty", "write 00:00–24:00 for the whole day, or a later end"
            )
        return cls(start, end)

    @property
    def passes_midnight(self) -> bool:
        """Say whether a part of it is on the next day."""
        return self.end < self.start

    @property
    def duration(self) -> Duration:
        """How long it lasts, on a day without a change of the clocks."""
        return Duration.of((self.end.minutes - self.start.minutes) % DAY * 60 or DAY * 60)

    def holds(self, time: TimeOfDay) -> bool:
        """Say whether a time is in the span: its start is, its end is not."""
        if self.passes_midnight:
            return time >= self.start or time < self.end
        return self.start <= time < self.end

    def __str__(self) -> str:
        """Print the canonical text, with an en dash."""
        return f"{self.start}–{self.end}"


_LOOSELY = (
    r"([0-9]{1,2})(?: *[:.h] *([0-5][0-9])(?:[:.][0-5][0-9])?)?"
    r" *(?:h|uhr|o'clock)? *([ap])?\.?(?:m\.?)?"
)
_BARE = r"([01][0-9]|2[0-3])([0-5][0-9])()"


def meant_time(text: str) -> TimeOfDay | None:
    """Guess the time of somebody who wrote `7:30`, `7.30`, `730`, `7:30 pm`, `7h30` or `noon`."""
    lower = text[:GUESSED].strip().lower()
    if lower in ("noon", "midday", "midnight"):
        return TimeOfDay(0 if lower == "midnight" else DAY // 2)
    match = re.fullmatch(_BARE, lower) or re.fullmatch(_LOOSELY, lower)
    if match is None:
        return None
    hours, minutes, half = int(match[1]), int(match[2] or 0), match[3]
    if half and not 1 <= hours <= 12:
        return None
    if half:
        hours = hours % 12 + (12 if half == "p" else 0)
    return TimeOfDay(hours * 60 + minutes) if hours < 24 or (hours, minutes) == (24, 0) else None


def _remedy(text: str) -> str:
    meant = meant_time(text)
    return write(
        _MIDNIGHT if meant == _END else meant,
        "write hours from 00 to 23 and minutes from 00 to 59, such as 07:30",
    )


def _span_remedy(text: str) -> str:
    otherwise = "write two times, such as 08:00–18:00"
    ends = re.split(
        r" *(?:[-–—~]|\.\.+|…|\bto\b|\buntil\b|\btill\b) *", text[:GUESSED].strip().lower()
    )
    if len(ends) != 2:
        return otherwise
    start, end = meant_time(ends[0]), meant_time(ends[1])
    if start is None or end is None or start in (end, _END):
        return otherwise
    return f"write {TimeSpan(start, end if end != _MIDNIGHT else _END)}"
