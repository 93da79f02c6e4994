"""Keys of a table as they were meant: those that are known, and those that are nearly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from belfry.problems import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from belfry.tree import Entry


@dataclass(frozen=True, slots=True)
class Spelt:
    """The entries of a table, sorted by what is known."""

    found: dict[str, Entry]
    """By the right key, misspelt ones included."""
    unknown: tuple[tuple[Entry, str | None], ...]
    """Entries whose keys are not known, and which known key was meant, if one was."""


def spelt(entries: Sequence[Entry], known: Collection[str]) -> Spelt:
    """Find for every known key the entry that has it, or that has nearly that key and no other."""
    found = {entry.key.text: entry for entry in entries if entry.key.text in known}
    unknown: list[tuple[Entry, str | None]] = []
    for entry in entries:
        key = entry.key.text
        if key not in known:
            meant = nearest(key, [other for other in known if other not in found])
            unknown.append((entry, meant))
            if meant:
                found[meant] = entry
    return Spelt(found, tuple(unknown))
