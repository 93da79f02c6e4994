"""Days of the calendar: 2026-12-24, every year's 12-25, and holidays, which are either."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Self

from belfry.values.nonsense import GUESSED, Nonsense, shown

_FIRST, _LAST = 2000, 2199
_TEXT = r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
_YEARLY = r"([0-9]{2})-([0-9]{2})"
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
           "October", "November", "December")  # fmt: skip
_DATE = r"2[01][0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_MONTH_AND_DAY = r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"


@dataclass(frozen=True, slots=True, order=True)
class Date:
    """One day, of the years 2000 to 2199."""

    day: dt.date

    PATTERN = rf"^{_DATE}$"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `2026-12-24`: year, month, day.

        Raises:
            Nonsense: the text is something else, or no day of the calendar.

        """
        match = re.fullmatch(_TEXT, text)
        if match is None:
            raise Nonsense(f"{shown(text)} is not a date", _remedy(text))
        year, month, day = map(int, match.groups())
        if not _FIRST <= year <= _LAST:
            right = f"write a date from {_FIRST}-01-01 to {_LAST}-12-31"
            raise Nonsense(f"{shown(text)} is out of range", right)
        _must_be_in_the_calendar(text, year, month, day)
        return cls(dt.date(year, month, day))

    def __str__(self) -> str:
        """Print the text that `parse` reads."""
        return self.day.isoformat()


@dataclass(frozen=True, slots=True, order=True)
class YearlyDate:
    """The same day of every year; 02-29 of leap years only."""

    month: int
    day: int

    PATTERN = rf"^{_MONTH_AND_DAY}$"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `12-25`: month, day.

        Raises:
            Nonsense: the text is something else, or no day of any year.

        """
        match = re.fullmatch(_YEARLY, text)
        if match is None:
            raise Nonsense(f"{shown(text)} is not a day of every year", _yearly_remedy(text))
        month, day = int(match[1]), int(match[2])
        _must_be_in_the_calendar(text, None, month, day)
        return cls(month, day)

    def __str__(self) -> str:
        """Print the text that `parse` reads."""
        return f"{self.month:02}-{self.day:02}"


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day on which people do not work, of one year or of every year."""

    on: Date | YearlyDate

    PATTERN = rf"^({_DATE}|{_MONTH_AND_DAY})$"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `2026-12-24` or `12-25`.

        Raises:
            Nonsense: the text is something else, or no day of the calendar.

        """
        if re.fullmatch(_YEARLY, text):
            return cls(YearlyDate.parse(text))
        if re.fullmatch(_TEXT, text):
            return cls(Date.parse(text))
        yearly = _meant_yearly(text)
        right = f"write {yearly} for every year" if yearly else _remedy(text, _EITHER)
        raise Nonsense(f"{shown(text)} is not a date", right)

    def falls_on(self, date: Date) -> bool:
        """Say whether that day is this holiday."""
        if isinstance(self.on, Date):
            return self.on == date
        return (self.on.month, self.on.day) == (date.day.month, date.day.day)

    def __str__(self) -> str:
        """Print the text that `parse` reads."""
        return str(self.on)


def _must_be_in_the_calendar(text: str, year: int | None, month: int, day: int) -> None:
    """Refuse a day that no month has. `year` None: in any year."""
    if not 1 <= month <= 12:
        swapped = f"{year}-{day:02}-{month:02}" if year else f"{day:02}-{month:02}"
        right = "write a month from 01 to 12"
        if 1 <= day <= 12 and 1 <= month <= _days(year, day):
            right = f"the month stands before the day: write {swapped}"
        raise Nonsense(f"{shown(text)} is not a day of the calendar", right)
    if not 1 <= day <= _days(year, month):
        last = _days(year, month)
        name, front = (
            (f"{_MONTHS[month - 1]} {year}", f"{year}-") if year else (_MONTHS[month - 1], "")
        )
        right = f"{name} has {last} days: write {front}{month:02}-{last} at the latest"
        raise Nonsense(f"{shown(text)} is not a day of the calendar", right)


def _days(year: int | None, month: int) -> int:
    if month == 2:
        leap = year is None or (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))
        return 29 if leap else 28
    return 30 if month in (4, 6, 9, 11) else 31


def meant_dates(text: str) -> list[Date]:
    """Guess the dates that `24.12.2026`, `12/24/2026`, `Dec 24, 2026` or `20261224` may be."""
    lower = text[:GUESSED].strip().lower()
    ways: list[tuple[str, str, str]] = []
    if match := re.fullmatch(r"([0-9]{4})([-./ ])([0-9]{1,2})\2([0-9]{1,2})", lower):
        ways = [(match[1], match[3], match[4])]
    elif match := re.fullmatch(r"([0-9]{4})([0-9]{2})([0-9]{2})", lower):
        ways = [(match[1], match[2], match[3])]
    elif match := re.fullmatch(r"([0-9]{1,2})([-./ ]) *([0-9]{1,2})\2 *([0-9]{4}|[0-9]{2})", lower):
        day_first = (match[4], match[3], match[1])
        ways = [day_first] if match[2] == "." else [day_first, (match[4], match[1], match[3])]
    elif named := _named(lower):
        month, day, year = named
        ways = [(year, str(month), day)] if year else []
    return [date for way in dict.fromkeys(ways) if (date := _date(*map(int, way)))]


def _date(year: int, month: int, day: int) -> Date | None:
    year += 2000 if year < 100 else 0
    right = _FIRST <= year <= _LAST and 1 <= month <= 12 and 1 <= day <= _days(year, month)
    return Date(dt.date(year, month, day)) if right else None


def _named(lower: str) -> tuple[int, str, str | None] | None:
    """Take apart `24 December 2026` and `Dec 24th, 2026`: month, day, year."""
    day_first = re.fullmatch(
        r"([0-9]{1,2})(?:st|nd|rd|th|\.)? *(?:of +)?([a-z]{3,9})\.?,? *([0-9]{4})?", lower
    )
    month_first = re.fullmatch(
        r"([a-z]{3,9})\.? *([0-9]{1,2})(?:st|nd|rd|th)?(?:,? *([0-9]{4}))?", lower
    )
    if day_first:
        day, name, year = day_first.groups()
    elif month_first:
        name, day, year = month_first.groups()
    else:
        return None
    for number, month in enumerate(_MONTHS, start=1):
        if month.lower().startswith(name) or (name, number) == ("sept", 9):
            return number, day, year
    return None


def _meant_yearly(text: str) -> YearlyDate | None:
    lower = text[:GUESSED].strip().lower()
    month = day = 0
    if match := re.fullmatch(r"([0-9]{1,2})\.([0-9]{1,2})\.?", lower):
        day, month = int(match[1]), int(match[2])
    elif match := re.fullmatch(r"(?:--)?([0-9]{1,2})[-/]([0-9]{1,2})", lower):
        month, day = int(match[1]), int(match[2])
        if month > 12:
            month, day = day, month
    elif (named := _named(lower)) and named[2] is None:
        month, day = named[0], int(named[1])
    right = 1 <= month <= 12 and 1 <= day <= _days(None, month)
    return YearlyDate(month, day) if right else None


_ONE_DAY = "write year, month and day, such as 2026-12-24"
_EITHER = "write a day such as 2026-12-24, or 12-25 for every year"


def _remedy(text: str, otherwise: str = _ONE_DAY) -> str:
    head = re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?=[T ])", text)
    dates = meant_dates(head[0] if head else text)
    if dates:
        return f"write {' or '.join(map(str, dates))}"
    if (yearly := _meant_yearly(text)) is not None:
        return f"say the year too, such as 2026-{yearly}"
    return otherwise


def _yearly_remedy(text: str) -> str:
    if (yearly := _meant_yearly(text)) is not None:
        return f"write {yearly}"
    if dates := meant_dates(text):
        return f"write {' or '.join(str(date)[5:] for date in dates)}"
    return "write month and day, such as 12-25"
