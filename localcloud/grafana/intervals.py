"""Time intervals of mute timings, checked as the Alertmanager checks them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from localcloud.documents import MalformedError, documents, text, texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from localcloud.documents import Document

_DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
_WEEKDAYS: Mapping[str, int] = {name: number for number, name in enumerate(_DAYS)}
_CALENDAR: Mapping[str, int] = {
    **{name: number for number, name in enumerate(_MONTHS, 1)},
    **{str(number): number for number in range(1, 13)},
}
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00")
_NUMBER = re.compile(r"-?[0-9]{1,4}")
_LONGEST_MONTH = 31
_ENDS = 2
"""Of a range such as `monday:friday`."""


def check_intervals(name: str, sent: Document) -> None:
    """Check the name of a mute timing and every interval below `time_intervals`.

    Raises:
        MalformedError: one is wrong; the text says which and why.

    """
    if not name:
        raise MalformedError("name must be a text that is not empty")
    for place, interval in enumerate(documents(sent, "time_intervals")):
        try:
            _check(interval)
        except MalformedError as mistake:
            raise MalformedError(f"time_intervals[{place}]: {mistake}") from mistake


def _check(interval: Document) -> None:
    for span in documents(interval, "times"):
        start, end = text(span, "start_time"), text(span, "end_time")
        for value in (start, end):
            if not _TIME.fullmatch(value):
                raise MalformedError(f"{value!r} is no time of day such as 09:30 or 24:00")
        if start >= end:
            raise MalformedError(f"start time {start} must be before end time {end}")
    for value in texts(interval, "weekdays"):
        _check_named(value, _WEEKDAYS, "a weekday such as monday or monday:friday")
    for value in texts(interval, "months"):
        _check_named(value, _CALENDAR, "a month such as 1, december or may:august")
    for value in texts(interval, "days_of_month"):
        _check_day_of_month(value)
    for value in texts(interval, "years"):
        start_year, end_year = _numbers(value, "a year such as 2030 or 2025:2026")
        if start_year <= 0 or end_year < start_year:
            raise MalformedError(f"years {value!r} must be positive and in order")
    location = text(interval, "location", "")
    if location:
        _check_location(location)


def _check_named(value: str, known: Mapping[str, int], what: str) -> None:
    ends = [known.get(end.strip().lower()) for end in value.split(":")]
    numbers = [end for end in ends if end is not None]
    if len(numbers) != len(ends) or len(ends) > _ENDS:
        raise MalformedError(f"{value!r} is not {what}")
    if numbers[0] > numbers[-1]:
        raise MalformedError(f"{value!r} ends before it starts")


def _check_day_of_month(value: str) -> None:
    start, end = _numbers(value, "a day of the month such as 1, 14:16 or -1")
    if not (0 < abs(start) <= _LONGEST_MONTH and 0 < abs(end) <= _LONGEST_MONTH):
        raise MalformedError(f"days_of_month {value!r} must be within 1:31 or -31:-1")
    if start < 0 < end:
        raise MalformedError(f"days_of_month {value!r}: the end must be negative if the start is")
    if (start < 0) == (end < 0) and start > end:
        raise MalformedError(f"days_of_month {value!r} ends before it starts")


def _numbers(value: str, what: str) -> tuple[int, int]:
    ends = [end.strip() for end in value.split(":")]
    if len(ends) > _ENDS or not all(_NUMBER.fullmatch(end) for end in ends):
        raise MalformedError(f"{value!r} is not {what}")
    return int(ends[0]), int(ends[-1])


def _check_location(name: str) -> None:
    from zoneinfo import ZoneInfo  # noqa: PLC0415 -- takes time to import, and is rarely asked

    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError) as mistake:
        raise MalformedError(f"{name!r} is no time zone such as Europe/Berlin or UTC") from mistake
