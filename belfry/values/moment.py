"""Moments on the clock of a place: 2026-12-24 22:00. Which place, is said beside them."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from belfry.values.clock import DAY, TimeOfDay, meant_time
from belfry.values.date import Date, meant_dates
from belfry.values.nonsense import GUESSED, Nonsense, shown

if TYPE_CHECKING:
    from belfry.values.zone import Zone

_TEXT = r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]([0-9]{2}:[0-9]{2})"


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """A day and a time on its clock, in a zone that is said elsewhere."""

    date: Date
    time: TimeOfDay

    PATTERN = Date.PATTERN.removesuffix("$") + "[ T]" + TimeOfDay.PATTERN.removeprefix("^")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `2026-12-24 22:00`, with a blank or the letter T.

        Raises:
            Nonsense: the text is something else, or no day of the calendar.

        """
        match = re.fullmatch(_TEXT, text)
        if match is None or match[2] == "24:00":
            raise Nonsense(f"{shown(text)} is not a day and a time", _remedy(text))
        return cls(Date.parse(match[1]), TimeOfDay.parse(match[2]))

    def in_zone(self, zone: Zone) -> dt.datetime:
        """Give the moment itself.

        Where the clocks are changed: of an hour that comes twice it is the first, and one that
        never comes is taken as if the clocks had not been changed yet.
        """
        hours, minutes = divmod(self.time.minutes, 60)
        return dt.datetime.combine(self.date.day, dt.time(hours, minutes), tzinfo=zone.rules)

    def __str__(self) -> str:
        """Print the canonical text, with a blank."""
        return f"{self.date} {self.time}"


_ZONE = r" *(?:z|utc|gmt|[+-][0-9]{1,2}(?::?[0-9]{2})?|[ecmp][sd]t)$"


def _remedy(text: str) -> str:
    otherwise = "write day and time, such as 2026-12-24 22:00"
    lower = text[:GUESSED].strip().lower()
    if dates := meant_dates(lower):
        return f"say the time too, such as {dates[0]} 22:00"
    match = re.fullmatch(r"(.*?[0-9]),?(?:t| +at +| +)([0-9].*|noon|midnight)", lower)
    if match is None:
        return otherwise
    day, clock = match.groups()
    plain = re.sub(_ZONE, "", re.sub(r"(:[0-9]{2}:[0-9]{2})[.,][0-9]+", r"\1", clock))
    time = meant_time(plain)
    moments = [meant for date in meant_dates(day) if time and (meant := _moment(date, time))]
    if not moments:
        return otherwise
    written = " or ".join(map(str, moments))
    if plain != clock and re.search(_ZONE, clock):
        return f"the zone is said elsewhere: write the time on its clock, such as {written}"
    return f"write {written}"


def _moment(date: Date, time: TimeOfDay) -> Moment | None:
    """Put together; 24:00 is the beginning of the next day."""
    if time.minutes < DAY:
        return Moment(date, time)
    tomorrow = date.day + dt.timedelta(days=1)
    return Moment(Date(tomorrow), TimeOfDay(0)) if tomorrow.year < 2200 else None
