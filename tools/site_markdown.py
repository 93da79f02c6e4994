"""The repository's Markdown (CommonMark) as MkDocs' parser reads it.

Python-Markdown wants what belongs to an item of a list indented by four, an empty line before a
list, and no fences in lists; readers of the repository want none of that.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_ITEM = re.compile(r"(?P<indent> *)(?P<mark>[-*]|\d+\.)(?P<gap> +)")
_FENCE = re.compile(r" *(?P<mark>```+|~~~+)")
_WIDE = 4


@dataclass(slots=True)
class _Page:
    lines: list[str] = field(default_factory=list)
    items: list[int] = field(default_factory=list)
    """For each list that is open: the column at which its items' text begins."""
    fence: str = ""
    """The mark that ends the block of code that is open."""

    def add(self, line: str) -> None:
        """Take one line of the repository's."""
        if self.fence:
            self._add_code(line)
        elif not line.strip():
            self.lines.append("")
        else:
            self._add_text(line)

    def _add_text(self, line: str) -> None:
        column = len(line) - len(line.lstrip(" "))
        if column > 0 or _ITEM.match(line) or self.lines[-1:] == [""]:
            while self.items and column < self.items[-1]:
                self.items.pop()
        if (fence := _FENCE.match(line)) is not None:
            self.fence = fence["mark"]
            if not self.items:
                self.lines.append(line)
            return
        item = _ITEM.match(line)
        if item and self._is_paragraph():
            self.lines.append("")
        self.lines.append(self._indented(line))
        if item:
            self.items.append(item.end())

    def _add_code(self, line: str) -> None:
        if line.strip() == self.fence:
            self.fence = ""
            if not self.items:
                self.lines.append(line)
        elif self.items:
            self.lines.append(" " * _WIDE + self._indented(line) if line.strip() else "")
        else:
            self.lines.append(line)

    def _indented(self, line: str) -> str:
        if not self.items:
            return line
        return " " * (_WIDE * len(self.items)) + line[min(self.items[-1], _spaces(line)) :]

    def _is_paragraph(self) -> bool:
        last = self.lines[-1] if self.lines else ""
        return bool(last.strip()) and not self.items and not _ITEM.match(last) and last[:1] != " "


def _spaces(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def for_mkdocs(text: str) -> str:
    """Write a page so that Python-Markdown makes of it what it shows in the repository."""
    page = _Page()
    for line in text.splitlines():
        page.add(line)
    return "\n".join(page.lines) + "\n"
