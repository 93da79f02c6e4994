"""The line of a file that a mistake is on, with a caret below the place, for a terminal."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from belfry.problems import Place

WIDEST = 96
"""Cells of a line that are shown; of a longer one, those around the caret."""
_BEFORE = 60
_TAB = "    "
_WIDE = ("W", "F")
_WITHOUT_WIDTH = ("Mn", "Me", "Cf")


def excerpt(lines: Sequence[str], place: Place, *, color: bool = False) -> list[str]:
    """Give the line and its caret, or nothing when the file has no such line.

    Args:
        lines: all lines of the file, without their ends.
        place: the mistake's; its column counts characters from 1.
        color: the line is dimmed, and the caret stands out.

    """
    if not 1 <= place.line <= len(lines):
        return []
    line = lines[place.line - 1]
    at = min(place.column - 1, len(line))
    start, before = _start(line, at)
    shown, room = "", WIDEST
    for letter in line[start:]:
        cells = _shown(letter)
        room -= width(cells)
        if room < 0:
            shown += "…"
            break
        shown += cells
    number = f"{place.line:>5} | "
    blank = f"{'':>5} | "
    lead = "…" if start else ""
    caret = " " * (before + len(lead)) + "^"
    if color:
        number, caret = f"\x1b[2m{number}", f"\x1b[2m{blank}\x1b[0m\x1b[31m{caret}\x1b[0m"
        return [f"{number}{lead}{shown}\x1b[0m", caret]
    return [f"{number}{lead}{shown}".rstrip(), f"{blank}{caret}"]


def width(text: str) -> int:
    """Count the cells that a text takes on a terminal: two for a wide letter, none for a mark."""
    if text.isascii():
        return len(text)
    return sum(map(_cells, text))


def _start(line: str, at: int) -> tuple[int, int]:
    """Say from which character a line is shown, and how many cells then stand before the caret."""
    before = width("".join(map(_shown, line[:at])))
    start = 0
    whole = before + width("".join(map(_shown, line[at : at + WIDEST]))) <= WIDEST
    while before > _BEFORE and not whole:
        before -= width(_shown(line[start]))
        start += 1
    return start, before


def _shown(letter: str) -> str:
    if letter == "\t":
        return _TAB
    return letter if letter.isprintable() or unicodedata.category(letter) == "Zs" else "�"


def _cells(letter: str) -> int:
    if unicodedata.category(letter) in _WITHOUT_WIDTH:
        return 0
    return 2 if unicodedata.east_asian_width(letter) in _WIDE else 1
