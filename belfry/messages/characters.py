"""Other people's text as one line of harmless characters, and how it is shortened.

What may not be in a line is written as ranges, so that Python, the Worker's JavaScript and Go's
templates can each have it in their own notation.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from belfry.messages.wording import LINK_LENGTH, READ_LENGTH

if TYPE_CHECKING:
    from collections.abc import Iterable

Ranges = tuple[tuple[int, int], ...]

BLANKS: Ranges = (
    (0x00, 0x20),
    (0x7F, 0xA0),
    (0x1680, 0x1680),
    (0x2000, 0x200A),
    (0x2028, 0x2029),
    (0x202F, 0x202F),
    (0x205F, 0x205F),
    (0x3000, 0x3000),
)
"""Whatever parts lines or words, and control characters; many of them are one blank."""
HIDDEN: Ranges = (
    (0x00AD, 0x00AD),
    (0x061C, 0x061C),
    (0x200B, 0x200B),
    (0x200E, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0xFEFF, 0xFEFF),
    (0xFFF9, 0xFFFB),
    (0xE0000, 0xE007F),
)
"""What is not seen and turns or parts what is: marks of direction (Unicode, TR 36), tags."""
BROKEN: Ranges = ((0xD800, 0xDFFF),)
"""Halves of characters."""

FORMS = {"python": r"\U%08x", "javascript": r"\u{%x}", "go": r"\x{%x}"}
"""How each language's expressions write a character by its number."""


def one_of(ranges: Iterable[tuple[int, int]], language: str) -> str:
    """Write ranges as a class of a regular expression."""
    form = FORMS[language]
    each = ((form % first, form % last) for first, last in ranges)
    return f"[{''.join(one if one == other else f'{one}-{other}' for one, other in each)}]"


_HIDDEN = re.compile(one_of(HIDDEN, "python"))
_BROKEN = re.compile(one_of(BROKEN, "python"))
_BLANKS = re.compile(f"{one_of(BLANKS, 'python')}+")


def tidy(text: str) -> str:
    """Make one line of a text, without anything that cannot be seen, and no longer than is read."""
    seen = _HIDDEN.sub("", _BROKEN.sub("\ufffd", text[:READ_LENGTH]))
    return _BLANKS.sub(" ", seen).strip(" ")


def clip(text: str, most: int) -> str:
    """Shorten a text to so many characters, and show that it was."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def span(seconds: int) -> str:
    """Say a time as people do: 90 s, 15 min, 1.5 h."""
    if seconds < 120:
        return f"{seconds} s"
    if seconds < 7200:
        return f"{(seconds + 30) // 60} min"
    tenths = (seconds + 180) // 360
    return f"{tenths // 10}.{tenths % 10} h" if tenths % 10 else f"{tenths // 10} h"


ADDRESS = r"^[Hh][Tt][Tt][Pp][Ss]?://[^\s/?#]+\S*$"
"""The addresses that people are sent to; nothing that runs in a page."""
SAFE = r"A-Za-z0-9._~:/?#@!$&*+,;=%\[\]-"
"""What may stand in an address as it is, for an expression's class; a bracket would end a link."""
_ADDRESS = re.compile(ADDRESS)
_UNSAFE = re.compile(f"[^{SAFE}]")


def address(text: str | None) -> str | None:
    """Give an address that is safe in every channel; None for what is no http(s) address."""
    if text is None:
        return None
    line = tidy(text)
    if len(line) > LINK_LENGTH or not _ADDRESS.search(line):
        return None
    return _UNSAFE.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), line)
