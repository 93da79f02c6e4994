"""What was read of a document: the value, what was wrong, and where each part is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from belfry.problems import Path, Place, Problem
    from belfry.tree import Document

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading(Generic[T]):
    """What was read. The value is whole; where it is not what the file says, `broken` names it.

    Paths are those of the value: a misspelt key is called as it was meant. `written` translates.
    """

    value: T
    document: Document
    problems: tuple[Problem, ...]
    broken: frozenset[Path]
    moved: Mapping[Path, Path] = field(default_factory=dict)
    """Parts that are not written under their own key: the steps to them from what holds them."""

    def is_broken(self, path: Path) -> bool:
        """Say whether a part, or something that holds it, has been reported already."""
        broken = self.broken
        return bool(broken) and any(path[:length] in broken for length in range(len(path) + 1))

    def locate(self, path: Path) -> Place:
        """Find where a part is written; see `Document.locate`."""
        return self.document.locate(where_is(path, self.moved))

    def written(self, path: Path) -> Path:
        """Give the path of a part as it is written."""
        return self.document.written(where_is(path, self.moved))

    def is_written(self, path: Path) -> bool:
        """Say whether a part is written at all; see `Document.holds`."""
        return self.document.holds(where_is(path, self.moved))


def where_is(path: Path, moved: Mapping[Path, Path]) -> Path:
    """Give the path in the tree of a part that may be written under another key."""
    if not moved:
        return path
    found: Path = ()
    for length, step in enumerate(path, 1):
        found = (*found, *moved.get(path[:length], (step,)))
    return found
