"""Text with blanks that are filled later: https://api.${domain}."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from belfry.values.nonsense import Nonsense, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

_HALF = re.compile(r"\$([a-z][a-z0-9-]{0,63})\}")
_BARE = re.compile(r"https?://[^/?#]*?\$([A-Za-z][A-Za-z0-9_]*)")
"""A `$name` in the host of an address, where no `$` can stand."""
_BLANK = re.compile(r"\$\{([a-z][a-z0-9-]{0,63})\}")


@dataclass(frozen=True, slots=True)
class Template:
    """A text in pieces: what stands before the first blank, then each blank and what follows it."""

    head: str
    blanks: tuple[tuple[str, str], ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Split a text at its blanks, `${name}`.

        Raises:
            Nonsense: the text is empty, or something in it begins or ends as a blank and is none.

        """
        if not text.strip():
            raise Nonsense("nothing is written here", "write a text")
        if bare := _BARE.match(text):
            name = bare[1].lower().replace("_", "-")
            raise Nonsense(f"{shown(f'${bare[1]}')} lacks its brackets", f"write ${{{name}}}")
        found = cls.of(text)
        for piece in (found.head, *(after for _, after in found.blanks)):
            if "${" in piece:
                raise Nonsense(
                    f"{shown(piece[piece.index('${') :])} is not a blank to be filled",
                    "write ${name} in lower-case letters, such as ${domain}",
                )
            if half := _HALF.search(piece):
                raise Nonsense(f"{shown(half[0])} lacks a bracket", f"write ${{{half[1]}}}")
        return found

    @classmethod
    def of(cls, text: str) -> Self:
        """Split a text at its blanks, and take anything else as it stands."""
        head, *rest = _BLANK.split(text)
        return cls(head, tuple(zip(rest[::2], rest[1::2], strict=True)))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the blanks, in order."""
        return tuple(name for name, _ in self.blanks)

    def fill(self, values: Mapping[str, str]) -> str:
        """Put values into the blanks; a name without a value is a KeyError."""
        if not self.blanks:
            return self.head
        text = self.head
        for name, after in self.blanks:
            text += values[name] + after
        return text

    def __str__(self) -> str:
        """Print the text that `parse` reads."""
        return self.head + "".join(f"${{{name}}}{after}" for name, after in self.blanks)
