"""Time zones by their names in the IANA database: America/Denver, UTC."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Self

from belfry.values.nonsense import GUESSED, Nonsense, shown

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_REGIONS = (
    "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe",
    "Indian", "Pacific",
)  # fmt: skip
_PLACE = "[A-Z][A-Za-z]*([_-][A-Za-z]+){0,4}"
_NAME = rf"({'|'.join(_REGIONS)})(/{_PLACE}){{1,2}}"
_TEXT = rf"UTC|{_NAME}"


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone of the IANA database that is named by a place, or UTC."""

    name: str

    PATTERN = rf"^(UTC|{_NAME})$"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `America/Denver`.

        Raises:
            Nonsense: there is no such zone, or the text is no place's name.

        """
        if len(text) > GUESSED or re.fullmatch(_TEXT, text) is None or not _exists(text):
            raise Nonsense(f"{shown(text)} is not a time zone", _remedy(text))
        return cls(text)

    @property
    def rules(self) -> ZoneInfo:
        """The zone's offsets and changes of the clocks, for `datetime`."""
        from zoneinfo import ZoneInfo  # noqa: PLC0415 -- takes time to import, and is rarely asked

        return ZoneInfo(self.name)

    def __str__(self) -> str:
        """Print the text that `parse` reads."""
        return self.name


@lru_cache
def _exists(name: str) -> bool:
    from zoneinfo import ZoneInfo  # noqa: PLC0415 -- only for a file that names a zone

    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


_CALLED = {
    "America/Denver": "mst mdt mt mountain us/mountain mst7mdt navajo",
    "America/Phoenix": "arizona us/arizona",
    "America/Los_Angeles": "pst pdt pt pacific us/pacific pst8pdt california san_francisco seattle",
    "America/Chicago": "cst cdt ct central us/central cst6cdt texas",
    "America/New_York": "est edt et eastern us/eastern est5edt us/michigan washington boston",
    "America/Anchorage": "akst akdt us/alaska alaska",
    "Pacific/Honolulu": "hst us/hawaii hawaii",
    "America/Toronto": "canada/eastern canada ottawa montreal",
    "America/Vancouver": "canada/pacific",
    "America/Edmonton": "canada/mountain calgary",
    "America/Winnipeg": "canada/central",
    "America/Halifax": "canada/atlantic ast adt",
    "America/Sao_Paulo": "brt brazil brazil/east",
    "Europe/London": "gmt bst gb gb-eire uk england britain gmt0 greenwich",
    "Europe/Dublin": "eire ireland",
    "Europe/Lisbon": "wet west portugal",
    "Europe/Berlin": "cet cest met mez mesz germany munich hamburg frankfurt cologne",
    "Europe/Paris": "france",
    "Europe/Madrid": "spain barcelona",
    "Europe/Rome": "italy milan",
    "Europe/Amsterdam": "netherlands",
    "Europe/Zurich": "switzerland geneva bern basel",
    "Europe/Warsaw": "poland",
    "Europe/Helsinki": "eet eest finland",
    "Europe/Istanbul": "turkey",
    "Europe/Moscow": "msk w-su russia",
    "Asia/Kolkata": "ist india mumbai delhi bangalore bengaluru chennai",
    "Asia/Tokyo": "jst japan",
    "Asia/Seoul": "kst rok korea",
    "Asia/Shanghai": "prc china beijing",
    "Asia/Hong_Kong": "hkt hongkong",
    "Asia/Singapore": "sgt singapore",
    "Asia/Dubai": "gst uae",
    "Asia/Jerusalem": "israel",
    "Africa/Johannesburg": "sast south_africa",
    "Africa/Cairo": "egypt",
    "Australia/Sydney": "aest aedt",
    "Australia/Perth": "awst",
    "Australia/Adelaide": "acst acdt",
    "Pacific/Auckland": "nzst nzdt nz new_zealand",
    "UTC": "z zulu uct universal utc etc/utc etc/gmt etc/uct etc/zulu utc+0 gmt+0",
}
"""Zones, and the abbreviations, old names and places by which they are most likely meant."""


def _remedy(text: str) -> str:
    otherwise = "write a zone by its region and a city, such as America/Denver"
    if len(text) > GUESSED:
        return otherwise
    wanted = re.sub(r"[ \t]+", "_", text.strip()).replace("\\", "/").lower()
    for zone, others in _CALLED.items():
        if wanted in others.split():
            return f"write {zone}"
    if re.fullmatch(r"((utc|gmt|etc/gmt)_?)?[+-]?[0-9]{1,2}(:?[0-9]{2})?", wanted):
        return f"an offset knows no summer time: {otherwise}"
    meant = _nearest(wanted)
    return f"write {meant}" if meant else otherwise


@lru_cache
def _known() -> dict[str, str]:
    """Give every zone that `parse` takes, by its name in lower case. Reads a whole folder."""
    from zoneinfo import available_timezones  # noqa: PLC0415 -- only for somebody's mistake

    return {
        name.lower(): name for name in sorted(available_timezones()) if re.fullmatch(_TEXT, name)
    }


def _nearest(wanted: str) -> str | None:
    """Find the zone that was misspelt, or whose city alone was named."""
    from difflib import get_close_matches  # noqa: PLC0415 -- only for somebody's mistake

    known = _known()
    if wanted in known:
        return known[wanted]
    by_city: dict[str, str] = {}
    for lower in known:
        by_city.setdefault(lower.rpartition("/")[2], lower)
    city = wanted.rpartition("/")[2]
    if city in by_city:
        return known[by_city[city]]
    if close := get_close_matches(wanted, known, n=1, cutoff=0.8):
        return known[close[0]]
    close = get_close_matches(city, by_city, n=1, cutoff=0.8)
    return known[by_city[close[0]]] if close else None
