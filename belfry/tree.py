"""A file as a tree of texts with their places. What a text means is for the reader to say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from belfry.problems import Path, Place, Problem


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar, exactly as written."""

    text: str
    place: Place
    quoted: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A key and its value."""

    key: Text
    value: Node


@dataclass(frozen=True, slots=True)
class Table:
    """Keys and values, in the order of the file; every key once."""

    entries: tuple[Entry, ...]
    place: Place
    whole: bool = True
    """False when something in it was refused, so that its keys need not be all there are."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file that was read: its tree, and what was wrong with it as YAML."""

    file: str
    root: Node
    problems: tuple[Problem, ...]

    def locate(self, path: Path) -> Place:
        """Find where a part is: a text itself, a table or list by its key; else what holds it."""
        node, place = self.root, self.root.place
        for step in path:
            child, child_place = _child(node, step)
            if child is None or child_place is None:
                return place
            node, place = child, child_place
        return place


def _child(node: Node, step: str | int) -> tuple[Node | None, Place | None]:
    if isinstance(node, Table):
        for entry in node.entries:
            if entry.key.text == step:
                whole = isinstance(entry.value, Text) and entry.value.text
                return entry.value, entry.value.place if whole else entry.key.place
    elif isinstance(node, Items) and isinstance(step, int) and step < len(node.items):
        return node.items[step], node.items[step].place
    elif isinstance(node, Text) and step == 0:
        return node, node.place
    return None, None
