"""From the parser's events to a tree: what is no plain, single, complete table is refused, placed.

Anchors, aliases, merge keys and tags are refused: what repeats has a name under `defaults`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from belfry import lettering
from belfry.problems import Code, Place, Problem, Problems
from belfry.tree import Entry, Items, Table, Text, Unreadable
from belfry.values.nonsense import shown

if TYPE_CHECKING:
    from belfry.problems import Path as Steps
    from belfry.tree import Node

DEEPEST = 24
"""Levels; the platform file needs ten."""
_TOLD = 3
"""Steps of a path that is too deep to be told."""
REMEDY = "write keys and values as in platforms/example.yaml"
_NAME_IT = "name what repeats under defaults, and say like: and its name"


class Builder:
    """Turns events into a tree; holds the open tables and lists.

    `problems` grows with what it refuses; `take` raises it where nothing more can be read.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.root: Node | None = None
        self.problems: list[Problem] = []
        self.has_strange_key = False
        self._open: list[_OpenTable | _OpenItems] = []
        self._anchors: set[str] = set()

    def take(self, event: yaml.Event) -> None:
        """Take the next event.

        Raises:
            Problems: nothing after it can be read.

        """
        if isinstance(event, yaml.ScalarEvent):
            self._take_scalar(event)
        elif isinstance(event, yaml.MappingStartEvent):
            self._begin(_OpenTable(self._place(event)), event)
        elif isinstance(event, yaml.SequenceStartEvent):
            self._begin(_OpenItems(self._place(event)), event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._end()
        elif isinstance(event, yaml.AliasEvent):
            self._take_alias(event)
        elif isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            wrong = "a second document begins here"
            self._report(self._place(event), wrong, "keep one document a file: remove ---")
            raise Problems(self.problems)

    def _take_scalar(self, event: yaml.ScalarEvent) -> None:
        if event.anchor is not None or event.tag is not None:
            self._refuse_extras(event, event.anchor, event.tag)
        text = event.value
        place = self._place(event)
        if not event.style and (refusal := lettering.refusal(text)):
            self.has_strange_key |= self._awaits_key()
            self._report(place, refusal.wrong, refusal.right, self._path(text))
            text = refusal.meant
        self._add(Text(text, place, quoted=bool(event.style)))

    def _take_alias(self, event: yaml.AliasEvent) -> None:
        """Leave out what the anchor stands for; the anchor itself has been reported."""
        place = self._place(event)
        if event.anchor not in self._anchors:
            wrong = f"*{event.anchor} points at a part that is not there"
            self._report(place, wrong, f"{_NAME_IT}; or quote the text")
        self._add(Unreadable(place))

    def _begin(self, part: _OpenTable | _OpenItems, event: yaml.CollectionStartEvent) -> None:
        self._refuse_extras(event, event.anchor, event.tag)
        if len(self._open) == DEEPEST:
            wrong = f"this is nested more than {DEEPEST} levels deep"
            self._report(part.place, wrong, REMEDY, self._path()[:_TOLD])
            raise Problems(self.problems)
        self._open.append(part)

    def _refuse_extras(self, event: yaml.Event, anchor: str | None, tag: str | None) -> None:
        if anchor is not None:
            self._anchors.add(anchor)
            wrong = f"&{anchor} marks a part for repetition"
            self._report(self._place(event), wrong, f"{_NAME_IT}, or write each part in full")
        if tag is not None and tag != "!":
            wrong = f"the tag {shown(tag)} means nothing here"
            self._report(self._place(event), wrong, "remove it")

    def _add(self, node: Node) -> None:
        if not self._open:
            self.root = node
            return
        part = self._open[-1]
        if isinstance(part, _OpenItems):
            part.items.append(node)
        elif part.key is None:
            part.key = node
        else:
            self._add_entry(part, part.key, node)
            part.key = None

    def _add_entry(self, table: _OpenTable, key: Node, value: Node) -> None:
        if not isinstance(key, Text):
            table.whole = False
            if not isinstance(key, Unreadable):
                wrong = "a list or table cannot be a key"
                self._report(key.place, wrong, "write a name as the key", self._path_of_table())
        elif key.text == "<<" and not key.quoted:
            table.whole = False
            self._report(key.place, "merge keys are not read", _NAME_IT, self._path())
        elif (index := table.keys.get(key.text)) is not None:
            first = table.entries[index]
            table.again.append((key, index))
            if isinstance(first.value, Text) and first.value.is_nothing:
                table.entries[index] = Entry(first.key, value)
        else:
            table.keys[key.text] = len(table.entries)
            table.entries.append(Entry(key, value))

    def _end(self) -> None:
        part = self._open.pop()
        if isinstance(part, _OpenTable) and part.again:
            self._report_again(part)
        self._add(part.close())

    def _report_again(self, table: _OpenTable) -> None:
        """Report keys that are written twice; several of them are a part that lost its name."""
        key, index = table.again[0]
        first = table.entries[index].key
        here, other = key, first
        if len(table.again) > 1:
            right = "write the name of what begins here on a line above it, or keep one of each"
            if self._open and isinstance(around := self._open[-1], _OpenTable):
                around.whole = False
        else:
            # As the first of a part, it may be the last line of the part before.
            apart = key.place.line - first.place.line > 1
            if index == 0 and apart and self._open:
                here, other = first, key
            right = "keep one"
        wrong = f"{shown(key.text)} is written twice in the same table"
        path = (*self._path(), key.text)
        self._report(here.place, wrong, right, path, Code.WRITTEN_TWICE, also=other.place)

    def _awaits_key(self) -> bool:
        part = self._open[-1] if self._open else None
        return isinstance(part, _OpenTable) and part.key is None

    def _path(self, key: str | None = None) -> Steps:
        """Give the path of what comes next; `key` is the text that comes, if it is a key."""
        path: list[str | int] = []
        for part in self._open:
            if isinstance(part, _OpenItems):
                path.append(len(part.items))
            elif isinstance(part.key, Text):
                path.append(part.key.text)
        if key is not None and self._awaits_key():
            path.append(" ".join(key.split()))
        return tuple(path)

    def _path_of_table(self) -> Steps:
        table = self._open.pop()
        path = self._path()
        self._open.append(table)
        return path

    def _place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        if mark is None:
            return Place(self.file, 1, 1)
        return Place(self.file, mark.line + 1, mark.column + 1)

    def _report(
        self,
        place: Place,
        wrong: str,
        right: str,
        path: Steps | None = None,
        code: Code = Code.YAML,
        *,
        also: Place | None = None,
    ) -> None:
        path = self._path() if path is None else path
        others = () if also is None else (also,)
        self.problems.append(
            Problem(place=place, path=path, wrong=wrong, right=right, code=code, also=others)
        )


class _OpenTable:
    def __init__(self, place: Place) -> None:
        self.place = place
        self.key: Node | None = None
        self.keys: dict[str, int] = {}
        self.entries: list[Entry] = []
        self.again: list[tuple[Text, int]] = []
        """Keys that were there already, and at which index."""
        self.whole = True

    def close(self) -> Node:
        return Table(tuple(self.entries), self.place, self.whole)


class _OpenItems:
    def __init__(self, place: Place) -> None:
        self.place = place
        self.items: list[Node] = []

    def close(self) -> Node:
        return Items(tuple(self.items), self.place)
