"""Amounts of data: 50MB, 1.5 GB, 512KiB."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from belfry.values.nonsense import GUESSED, Nonsense, shown, write
from belfry.values.number import meant_number

_UNITS = {
    "B": 1,
    "kB": 10**3,
    "KiB": 2**10,
    "MB": 10**6,
    "MiB": 2**20,
    "GB": 10**9,
    "GiB": 2**30,
    "TB": 10**12,
    "TiB": 2**40,
}
_LARGEST = 10**15
_DECIMALS = 12
_ONE = 10**_DECIMALS
_TEXT = r"([0-9]{1,16})(?:\.([0-9]{1,12}))? ?(B|kB|KiB|MB|MiB|GB|GiB|TB|TiB)"


@dataclass(frozen=True, slots=True, order=True)
class Size:
    """An amount of data, exact to the byte, up to a thousand terabytes."""

    bytes: int

    PATTERN = r"^[0-9]{1,16}(\.[0-9]{1,12})? ?(B|[kMGT]B|[KMGT]iB)$"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `50MB`: decimal units kB, MB, GB, TB, binary units KiB, MiB, GiB, TiB, and B.

        Raises:
            Nonsense: the text is something else, no whole number of bytes, or too much.

        """
        match = re.fullmatch(_TEXT, text)
        if match is None:
            raise Nonsense(f"{shown(text)} is not a size", _remedy(text))
        whole, decimals, unit = match.groups(default="")
        scaled = (int(whole) * _ONE + int(decimals.ljust(_DECIMALS, "0"))) * _UNITS[unit]
        if scaled > _LARGEST * _ONE:
            raise Nonsense(f"{shown(text)} is more than 1000TB", "write a smaller amount")
        if scaled % _ONE:
            nearest = _text((scaled + _ONE // 2) // _ONE)
            raise Nonsense(f"{shown(text)} is not a whole number of bytes", f"write {nearest}")
        return cls(scaled // _ONE)

    def __str__(self) -> str:
        """Print the shortest text that says the same: 1500 MB is `1.5GB`, 1024 B is `1KiB`."""
        return _text(self.bytes)


def _text(amount: int) -> str:
    """Print in the unit that makes the shortest text; of equals, one without decimals."""
    texts = []
    for unit, size in _UNITS.items():
        whole, rest = divmod(amount, size)
        scaled = rest * 1000
        if (whole or unit == "B") and scaled % size == 0:
            decimals = f".{scaled // size:03}".rstrip("0").rstrip(".")
            texts.append(f"{whole}{decimals}{unit}")
    return min(texts, key=lambda text: (len(text), "." in text))


_CALLED = {
    **{unit.lower(): unit for unit in _UNITS},
    **{unit[:-1].lower(): unit for unit in _UNITS if unit != "B"},
    "byte": "B", "bytes": "B",
    "kilobyte": "kB", "kilobytes": "kB", "kibibyte": "KiB", "kibibytes": "KiB",
    "megabyte": "MB", "megabytes": "MB", "mebibyte": "MiB", "mebibytes": "MiB",
    "gigabyte": "GB", "gigabytes": "GB", "gibibyte": "GiB", "gibibytes": "GiB",
    "terabyte": "TB", "terabytes": "TB", "tebibyte": "TiB", "tebibytes": "TiB",
}  # fmt: skip
"""What people call a unit."""


def _remedy(text: str) -> str:
    otherwise = "write a number with a unit, B, kB, MB, GB, TB or KiB, MiB, GiB, TiB, such as 50MB"
    match = re.fullmatch(r"([0-9.,_ ]*[0-9.]) *([A-Za-z]*)\.?", text[:GUESSED].strip())
    number = meant_number(match[1]) if match else None
    if match is None or number is None:
        return otherwise
    count = f"{number:f}"
    if not match[2]:
        return f"say the unit: {count}MB, {count}MiB"
    unit = _CALLED.get(match[2].lower())
    if unit is None:
        if match[2].lower() in ("pb", "pib"):
            return "write TB, at most 1000TB"
        return otherwise
    return write(f"{count}{unit}" if re.fullmatch(_TEXT, f"{count}{unit}") else None, otherwise)
