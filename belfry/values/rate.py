"""So many in so much time: 100 per minute, 5 per 15m, 3/min."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from belfry.values.duration import Duration, meant_duration
from belfry.values.nonsense import GUESSED, Nonsense, shown, write
from belfry.values.number import meant_number

if TYPE_CHECKING:
    from fractions import Fraction

_WORDS = {
    "second": Duration.of(1),
    "minute": Duration.of(60),
    "hour": Duration.of(3_600),
    "day": Duration.of(86_400),
    "week": Duration.of(7 * 86_400),
}
_CALLED = {
    **_WORDS,
    "s": _WORDS["second"], "sec": _WORDS["second"],
    "m": _WORDS["minute"], "min": _WORDS["minute"],
    "h": _WORDS["hour"],
    "d": _WORDS["day"],
}  # fmt: skip
_SAID = {length: word for word, length in _WORDS.items()}
_TEXT = r"([0-9]{1,12})(?: per |/)([0-9a-z]{1,40})"


@dataclass(frozen=True, slots=True)
class Rate:
    """So many in so much time. 60 per hour are not 1 per minute: they may come all at once."""

    count: int
    per: Duration

    PATTERN = r"^[0-9]{1,12}( per |/)(second|sec|minute|min|hour|day|week|[smhd]|[0-9][0-9dhms]*)$"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `100 per minute`, `5 per 15m` or `3/min`.

        Raises:
            Nonsense: the text is something else, or the time is nothing.

        """
        match = re.fullmatch(_TEXT, text)
        if match is None:
            raise Nonsense(f"{shown(text)} is not a rate", _remedy(text))
        count, time = match.groups()
        per = _CALLED.get(time)
        if per is None:
            if not time[0].isdigit():
                raise Nonsense(f"{shown(text)} is not a rate", _remedy(text))
            per = Duration.parse(time)
        if not per.milliseconds:
            right = f"write the time in which they come, such as {int(count)} per minute"
            raise Nonsense(f"{shown(text)} is in no time", right)
        return cls(int(count), per)

    def per_second(self) -> Fraction:
        """Give the mean rate, by which rates compare."""
        from fractions import Fraction  # noqa: PLC0415 -- takes time to import, and is rarely asked

        return Fraction(self.count * 1000, self.per.milliseconds)

    def __str__(self) -> str:
        """Print the canonical text: `100 per minute`, `5 per 15m`."""
        return f"{self.count} per {_SAID.get(self.per, self.per)}"


def _remedy(text: str) -> str:
    otherwise = "write a count and a time, such as 100 per minute or 5 per 15m"
    lower = text[:GUESSED].strip().lower()
    if match := re.fullmatch(r"([0-9.,_ ]*[0-9]) *([rq]?p[smhd])", lower):
        lower = f"{match[1]} per {match[2][-1]}"
    match = re.fullmatch(
        r"([0-9.,_ ]*[0-9])(?: times| requests| x|x)?"
        r" *(?:/|(?:per|an?|each|every|in|within) ) *(.+)",
        lower,
    )
    if match is None:
        number = meant_number(lower)
        whole = number is not None and number >= 0 and number % 1 == 0
        return f"say in what time: {number} per minute" if whole else otherwise
    return write(_meant(match[1], match[2]), otherwise)


def _meant(count: str, time: str) -> Rate | None:
    number = meant_number(count)
    per = _CALLED.get(time.rstrip(".")) or meant_duration(time) or meant_duration(f"1 {time}")
    if number is None or per is None or not per.milliseconds or number >= 10**12:
        return None
    whole, share = number.as_integer_ratio()  # half a time per minute is one in two minutes
    time_needed = Duration(per.milliseconds * share)
    return Rate(whole, time_needed) if share <= 1000 else None
