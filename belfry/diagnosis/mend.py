"""A guess at a mistake, and the lines as they would be without it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """What is wrong, where, and what would be right. Line and column count from 0."""

    line: int
    column: int
    wrong: str
    right: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mend:
    """A mistake that may have been made, and the lines that stand there without it."""

    mistake: Mistake
    line: int
    """The first line that is replaced."""
    instead: tuple[str, ...]
    count: int = 1
    """How many lines are replaced; none when lines are only put in."""

    def apply(self, lines: Sequence[str]) -> list[str]:
        """Give all lines, mended."""
        return [*lines[: self.line], *self.instead, *lines[self.line + self.count :]]
