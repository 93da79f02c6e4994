"""When a Worker is woken, in five fields as Cloudflare takes them: */5 * * * *.

Fields and their signs: developers.cloudflare.com/workers/configuration/cron-triggers, section
"Supported cron expressions"; details as in Cloudflare's own parser (github.com/cloudflare/saffron).
Times are UTC. Days of the week count from 1 = Sunday to 7 = Saturday, unlike Unix.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from belfry.values.duration import Duration
from belfry.values.nonsense import GUESSED, Nonsense, shown

_LONGEST = 300
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_MONTH_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    """What one of the five fields may hold."""

    says: str
    """With its article."""
    least: int
    most: int
    names: tuple[str, ...] = ()
    special: str = r"(?!)"
    """What may stand in it alone, beside lists."""


_FIELDS = (
    _Field(says="a minute", least=0, most=59),
    _Field(says="an hour", least=0, most=23),
    _Field(
        says="a day of the month",
        least=1,
        most=31,
        special=r"L|LW|L-([1-9]|[12][0-9]|30)W?|([1-9]|[12][0-9]|3[01])W",
    ),
    _Field(says="a month", least=1, most=12, names=_MONTHS),
    _Field(
        says="a day of the week",
        least=1,
        most=7,
        names=_DAYS,
        special=rf"L|([1-7]|{'|'.join(_DAYS)})(L|#[1-5])",
    ),
)
_PART = r"(?:\*|([0-9A-Za-z]{1,3})(?:-([0-9A-Za-z]{1,3}))?)(?:/([0-9]{1,2}))?"


@dataclass(frozen=True, slots=True)
class Cron:
    """Minutes at which something happens again and again, in UTC. None is shorter than a minute."""

    fields: tuple[str, str, str, str, str]
    """Minute, hour, day of the month, month, day of the week; canonical."""

    PATTERN = r"^[ \t]*[0-9A-Za-z*,/LW#-]+([ \t]+[0-9A-Za-z*,/LW#-]+){4}[ \t]*$"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read five fields: numbers, names of months and days, `*`, lists, ranges, steps, L, W, #.

        Raises:
            Nonsense: Cloudflare would refuse the text, or no day is ever like that.

        """
        parts = re.split(r"[ \t]+", text.strip(" \t")) if len(text) <= _LONGEST else []
        if len(parts) != len(_FIELDS) or not text.isascii():
            raise Nonsense(f"{shown(text)} is not a cron expression", _remedy(text, parts))
        minute, hour, day, month, weekday = (
            _canonical(part, field) for part, field in zip(parts, _FIELDS, strict=True)
        )
        _must_come(day, month, weekday)
        return cls((minute, hour, day, month, weekday))

    def is_every_minute(self) -> bool:
        """Say whether it is due in every minute of every day."""
        return (
            self.least_gap == Duration.of(60)
            and len(self._minutes_of_a_day()) == _DAY_MINUTES
            and all(
                _is_every(text, field)
                for text, field in zip(self.fields[2:], _FIELDS[2:], strict=True)
            )
        )

    @property
    def least_gap(self) -> Duration:
        """The shortest time between two runs, where one day that it is due on follows another."""
        minutes = self._minutes_of_a_day()
        after = [*minutes[1:], minutes[0] + _DAY_MINUTES]
        return Duration.of(
            60 * min(late - early for early, late in zip(minutes, after, strict=True))
        )

    def _minutes_of_a_day(self) -> list[int]:
        minutes, hours = (_values(self.fields[index], _FIELDS[index]) for index in (0, 1))
        return [hour * 60 + minute for hour in sorted(hours) for minute in sorted(minutes)]

    def __str__(self) -> str:
        """Print the canonical text: single blanks, capitals, days of the week by name."""
        return " ".join(self.fields)


def _canonical(text: str, field: _Field) -> str:
    """Check one field, and print it in capitals, without zeros in front, weekdays by name."""
    upper = text.upper()
    if re.fullmatch(field.special, upper):
        return re.sub(r"^[1-7](?=[L#])", lambda day: _DAYS[int(day[0]) - 1], upper)
    if text == "?":
        raise Nonsense(f'Cloudflare does not know "?" for {field.says}', "write *")
    parts = text.split(",")
    for part in parts:
        if part == "*" and len(parts) > 1:
            raise Nonsense(f"{shown(text)} holds * and more", "write * alone")
        if len(parts) > 1 and re.fullmatch(field.special, part.upper()):
            right = f"write {part.upper()} alone, in an expression of its own"
            raise Nonsense(f"{shown(part)} cannot stand in a list", right)
    return ",".join(_canonical_part(part, field) for part in parts)


def _canonical_part(part: str, field: _Field) -> str:
    match = re.fullmatch(_PART, part)
    if match is None:
        raise Nonsense(f"{shown(part)} is not {field.says}", _field_remedy(part.upper(), field))
    first, last, step = match.groups()
    text = "*"
    if first is not None:
        start = _number(first, field)
        text = _named(start, first, field)
        if last is not None:
            end = _number(last, field)
            text = f"{text}-{_named(end, last, field)}"
            if end < start:
                right = _unwrapped(start, end, field) if step is None else "begin with the smaller"
                raise Nonsense(f"{shown(part)} runs backwards", right)
    if step is None:
        return text
    most = field.most - field.least
    if not 1 <= int(step) <= most:
        raise Nonsense(
            f"{shown(part)} has a step out of range", f"write a step between 1 and {most}"
        )
    return f"{text}/{int(step)}"


def _named(number: int, written: str, field: _Field) -> str:
    """Print a number; a weekday by name, because others count weekdays otherwise."""
    by_name = field.names is _DAYS or not written.isdigit()
    return field.names[number - 1] if by_name else str(number)


def _number(text: str, field: _Field) -> int:
    if text.upper() in field.names:
        return field.names.index(text.upper()) + 1
    if not text.isdigit():
        raise Nonsense(f"{shown(text)} is not {field.says}", _field_remedy(text.upper(), field))
    number = int(text)
    if not field.least <= number <= field.most:
        if field.names is _DAYS and number == 0:
            raise Nonsense("0 is not a day of the week", "Cloudflare counts from 1: write SUN")
        right = f"write one between {field.least} and {field.most}"
        raise Nonsense(f"{number} is not {field.says}", right)
    return number


def _values(text: str, field: _Field) -> set[int]:
    """Give the numbers that a canonical field stands for; it holds nothing special."""
    values: set[int] = set()
    for part in text.split(","):
        match = re.fullmatch(_PART, part)
        first, last, step = match.groups() if match else (None, None, None)
        start = field.least if first is None else _number(first, field)
        alone = first is not None and last is None and step is None
        end = start if alone else field.most if last is None else _number(last, field)
        values.update(range(start, end + 1, int(step or 1)))
    return values


def _is_every(text: str, field: _Field) -> bool:
    if re.fullmatch(field.special, text):
        return False
    return len(_values(text, field)) == field.most - field.least + 1


def _must_come(day: str, month: str, weekday: str) -> None:
    """Refuse a day that none of the months has. With a day of the week, either one is enough."""
    if weekday != "*":
        return
    if match := re.fullmatch(r"L-([0-9]+)W?", day):
        first = int(match[1]) + 1
    elif match := re.fullmatch(r"([0-9]+)W", day):
        first = int(match[1])
    elif day in ("L", "LW"):
        return
    else:
        first = min(_values(day, _FIELDS[2]))
    months = _values(month, _FIELDS[3])
    longest = max(_MONTH_DAYS[number - 1] for number in months)
    if first > longest:
        names = ", ".join(_MONTHS[number - 1] for number in sorted(months))
        raise Nonsense(
            f"no {names} has a day {shown(day)}",
            f"write a day of the month up to {longest}, or L for the last",
        )


_SHORT = {
    "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * SUN", "@daily": "0 0 * * *", "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *", "hourly": "0 * * * *", "daily": "0 0 * * *", "weekly": "0 0 * * SUN",
    "monthly": "0 0 1 * *", "every minute": "* * * * *", "every hour": "0 * * * *",
    "every day": "0 0 * * *", "minutely": "* * * * *",
}  # fmt: skip
"""Words for expressions, and the expressions."""


def _remedy(text: str, parts: list[str]) -> str:
    otherwise = "write minute, hour, day of the month, month, day of the week, such as */5 * * * *"
    lower = text[:GUESSED].strip().lower()
    if lower in _SHORT:
        return f"write {_SHORT[lower]}"
    if lower == "@reboot":
        return "a Worker has no start: write a time, such as */5 * * * *"
    if match := re.fullmatch(r"(?:@?every +)?([1-9][0-9]?) ?(m|min|minutes?|h|hours?)", lower):
        count, unit = int(match[1]), match[2][0]
        if unit == "m" and 60 % count == 0:
            return f"write {'*' if count == 1 else f'*/{count}' if count < 60 else '0'} * * * *"
        if unit == "h" and 24 % count == 0:
            return f"write 0 {'*' if count == 1 else f'*/{count}' if count < 24 else '0'} * * *"
    if len(parts) in (6, 7):
        five = " ".join(parts[1:6])
        try:
            return f"Cloudflare knows no seconds: write {Cron.parse(five)}"
        except Nonsense:
            return f"there are five fields and no seconds: {otherwise}"
    return otherwise


def _field_remedy(text: str, field: _Field) -> str:
    for name in field.names:
        if len(text) > 2 and text.startswith(name) and text.isalpha():
            return f"write {name}"
    if match := re.fullmatch(r"([0-9]{1,2})/?\*|\*([0-9]{1,2})|/([0-9]{1,2})", text):
        return f"write */{int(next(filter(None, match.groups())))}"
    names = f", or {field.names[0]} to {field.names[-1]}" if field.names else ""
    return f"write *, or numbers between {field.least} and {field.most}{names}"


def _unwrapped(first: int, last: int, field: _Field) -> str:
    """Part a range that passes the end into two that do not."""
    ends = ((first, field.most), (field.least, last))
    names = [
        [_named(number, "" if field.names else "0", field) for number in sorted({start, end})]
        for start, end in ends
    ]
    return f"write {','.join('-'.join(pair) for pair in names)}"
