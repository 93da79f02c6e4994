"""A file as a tree of texts with their places. What a text means is for the reader to say."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from belfry.problems import Path, Place, Problem

_FEW = 16
"""Entries that are looked through faster than an index of them is made."""
_NOTHING = ("", "~", "null", "Null", "NULL")


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar, exactly as written."""

    text: str
    place: Place
    quoted: bool

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is written here, or one of YAML's words for it."""
        return not self.quoted and self.text in _NOTHING


@dataclass(frozen=True, slots=True)
class Entry:
    """A key and its value."""

    key: Text
    value: Node
    written: Path | None = None
    """Where it is written, when that is not where it stands: an override, a default."""


@dataclass(frozen=True, slots=True)
class Table:
    """Keys and values, in the order of the file; every key once."""

    entries: tuple[Entry, ...]
    place: Place
    whole: bool = True
    """False when something in it was refused, so that its keys need not be all there are."""

    def get(self, key: str) -> Entry | None:
        """Find an entry. Looks through all: for many keys, make a dict."""
        return next((entry for entry in self.entries if entry.key.text == key), None)


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Node, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something that has been reported already, so that nobody reports it again."""

    place: Place


Node = Text | Table | Items | Unreadable


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Where an environment says that it has no such entry."""

    environment: str
    path: Path
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file that was read, or all files of a folder: the tree, and what was wrong as YAML."""

    file: str
    root: Node
    problems: tuple[Problem, ...]
    left_out: Mapping[Path, LeftOut] = field(default_factory=dict)
    """Entries of sections that the file has, and that are left out in this environment."""
    _indexes: dict[int, dict[str, Entry]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def locate(self, path: Path) -> Place:
        """Find where a part is: a text itself, a table or list by its key; else what holds it."""
        place = self.root.place
        for _, _, child_place in self._walk(path):
            place = child_place
        return place

    def written(self, path: Path) -> Path:
        """Give the path of a part as it is written: an override's, a default's, or the same."""
        found: Path = ()
        steps = 0
        for step, entry, _ in self._walk(path):
            found = entry.written if entry and entry.written else (*found, step)
            steps += 1
        return (*found, *path[steps:])

    def holds(self, path: Path) -> bool:
        """Say whether something is written at a path."""
        return sum(1 for _ in self._walk(path)) == len(path)

    def _walk(self, path: Path) -> Iterator[tuple[str | int, Entry | None, Place]]:
        """Follow a path as far as it goes; `locate` and `written` say what is at its end."""
        node = self.root
        for step in path:
            if isinstance(node, Table):
                entry = self._entry(node, step)
                if entry is None:
                    return
                node = entry.value
                has_text = isinstance(node, Text) and node.text
                yield step, entry, node.place if has_text else entry.key.place
            elif isinstance(node, Items) and isinstance(step, int) and step < len(node.items):
                node = node.items[step]
                yield step, None, node.place
            elif isinstance(node, Text) and step == 0:
                yield step, None, node.place
            else:
                return

    def _entry(self, table: Table, step: str | int) -> Entry | None:
        if not isinstance(step, str):
            return None
        if len(table.entries) < _FEW:
            return table.get(step)
        index = self._indexes.get(id(table))
        if index is None:
            index = {entry.key.text: entry for entry in table.entries}
            self._indexes[id(table)] = index
        return index.get(step)
