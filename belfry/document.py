"""YAML files, read into trees. The only place of the core that reads files.

Built from the parser's events, not by recursion, so that depth is a mistake and not a crash.
Anchors, aliases, merge keys and tags are refused: a file that says all once, in full, needs none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import yaml

from belfry.problems import Place, Problem, Problems
from belfry.tree import Document, Entry, Items, Table, Text, Unreadable
from belfry.values.nonsense import shown

if TYPE_CHECKING:
    from pathlib import Path

    from belfry.tree import Node

LONGEST = 16 * 1024 * 1024
"""Bytes: some 50,000 services. A file beyond that was not written by a person."""
DEEPEST = 24
"""Levels; the platform file needs six."""

_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_UNPRINTABLE = re.compile(
    "[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_REMEDIES = (
    (
        re.compile(r"\\t|cannot start any token"),
        "indent with spaces, and quote a text that begins with a sign",
    ),
    (
        re.compile("mapping values are not allowed"),
        "indent the line as its neighbours, or quote a text that holds a colon",
    ),
    (
        re.compile("block end"),
        "indent the line as its neighbours, and close brackets and quotation marks",
    ),
    (re.compile("quoted scalar|end of stream"), "close the quotation marks"),
    (
        re.compile("flow (mapping|sequence)|',' or"),
        "close the brackets, and put commas between the parts",
    ),
    (re.compile("expected ':'"), "write a colon and a space after the key"),
)
_REMEDY = "write keys and values as in platforms/example.yaml"


def load(path: Path) -> Document:
    """Read a file.

    Raises:
        Problems: there is no such file, or nothing in it can be read.

    """
    file = str(path)
    start = Place(file, 1, 1)
    try:
        with path.open("rb") as stream:
            data = stream.read(LONGEST + 1)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise Problems(
            [
                Problem(
                    place=start,
                    path=(),
                    wrong=f"cannot be read: {reason}",
                    right="name a file that you may read",
                )
            ]
        ) from error
    return parse(data, file)


def parse(data: bytes, file: str) -> Document:
    """Read the bytes of a file; `file` is how messages call it.

    Raises:
        Problems: nothing in it can be read. Smaller mistakes are in the document.

    """
    text = _decode(data, file)
    builder = _Builder(file)
    try:
        for event in yaml.parse(text, Loader=_Loader):
            builder.take(event)
    except yaml.YAMLError as error:
        raise Problems([*builder.problems, _not_yaml(error, file)]) from error
    if builder.root is None:
        raise Problems(
            [
                *builder.problems,
                Problem(place=Place(file, 1, 1), path=(), wrong="the file is empty", right=_REMEDY),
            ]
        )
    return Document(file=file, root=builder.root, problems=tuple(builder.problems))


class _Builder:
    """Turns events into a tree; holds the open tables and lists."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.root: Node | None = None
        self.problems: list[Problem] = []
        self._open: list[_OpenTable | _OpenItems] = []
        self._anchors: set[str] = set()

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._take_scalar(event)
        elif isinstance(event, yaml.MappingStartEvent):
            self._begin(_OpenTable(self._place(event)), event)
        elif isinstance(event, yaml.SequenceStartEvent):
            self._begin(_OpenItems(self._place(event)), event)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._add(self._open.pop().close())
        elif isinstance(event, yaml.AliasEvent):
            self._take_alias(event)
        elif isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            wrong = "a second document begins here"
            self._report(self._place(event), wrong, "keep one document a file: remove ---")
            raise Problems(self.problems)

    def _take_scalar(self, event: yaml.ScalarEvent) -> None:
        self._refuse_extras(event, event.anchor, event.tag)
        self._add(Text(event.value, self._place(event), quoted=bool(event.style)))

    def _take_alias(self, event: yaml.AliasEvent) -> None:
        """Leave out what the anchor stands for; the anchor itself has been reported."""
        place = self._place(event)
        if event.anchor not in self._anchors:
            wrong = f"*{event.anchor} points at a part that is not there"
            self._report(place, wrong, "write the part itself here, or quote the text")
        self._add(Unreadable(place))

    def _begin(self, part: _OpenTable | _OpenItems, event: yaml.CollectionStartEvent) -> None:
        self._refuse_extras(event, event.anchor, event.tag)
        if len(self._open) == DEEPEST:
            wrong = f"this is nested more than {DEEPEST} levels deep"
            self._report(part.place, wrong, _REMEDY)
            raise Problems(self.problems)
        self._open.append(part)

    def _refuse_extras(self, event: yaml.Event, anchor: str | None, tag: str | None) -> None:
        if anchor is not None:
            self._anchors.add(anchor)
            self._report(
                self._place(event),
                f"&{anchor} marks a part for repetition",
                "write each part in full where it belongs",
            )
        if tag is not None and tag != "!":
            self._report(
                self._place(event), f"the tag {shown(tag)} means nothing here", "remove it"
            )

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
                self._report(
                    key.place, "a list or table cannot be a key", "write a name as the key"
                )
        elif key.text == "<<" and not key.quoted:
            table.whole = False
            self._report(key.place, "merge keys are not read", "write the keys here in full")
        elif (first := table.keys.get(key.text)) is not None:
            self._report(
                key.place,
                f"{shown(key.text)} is written twice in the same table",
                f"keep one; the first is on line {first.line}",
            )
        else:
            table.keys[key.text] = key.place
            table.entries.append(Entry(key, value))

    def _place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        if mark is None:
            return Place(self.file, 1, 1)
        return Place(self.file, mark.line + 1, mark.column + 1)

    def _report(self, place: Place, wrong: str, right: str) -> None:
        self.problems.append(Problem(place=place, path=(), wrong=wrong, right=right))


class _OpenTable:
    def __init__(self, place: Place) -> None:
        self.place = place
        self.key: Node | None = None
        self.keys: dict[str, Place] = {}
        self.entries: list[Entry] = []
        self.whole = True

    def close(self) -> Node:
        return Table(tuple(self.entries), self.place, self.whole)


class _OpenItems:
    def __init__(self, place: Place) -> None:
        self.place = place
        self.items: list[Node] = []

    def close(self) -> Node:
        return Items(tuple(self.items), self.place)


def _decode(data: bytes, file: str) -> str:
    if len(data) > LONGEST:
        wrong = f"the file is larger than {LONGEST // 1024 // 1024} MiB"
        raise Problems(
            [Problem(place=Place(file, 1, 1), path=(), wrong=wrong, right="name a platform file")]
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = _place_after(data[: error.start].decode("utf-8-sig", errors="replace"), file)
        raise Problems(
            [
                Problem(
                    place=place,
                    path=(),
                    wrong="this byte is not UTF-8",
                    right="save the file as UTF-8",
                )
            ]
        ) from error
    if found := _UNPRINTABLE.search(text):
        wrong = f"the character U+{ord(found[0]):04X} cannot stand in YAML"
        place = _place_after(text[: found.start()], file)
        raise Problems([Problem(place=place, path=(), wrong=wrong, right="remove it")])
    return text


def _place_after(text: str, file: str) -> Place:
    return Place(file, text.count("\n") + 1, len(text) - text.rfind("\n"))


def _not_yaml(error: yaml.YAMLError, file: str) -> Problem:
    place, said = Place(file, 1, 1), "it cannot be parsed"
    if isinstance(error, yaml.MarkedYAMLError):
        said = error.problem or said
        if mark := error.problem_mark:
            place = Place(file, mark.line + 1, mark.column + 1)
    right = next((remedy for pattern, remedy in _REMEDIES if pattern.search(said)), _REMEDY)
    return Problem(place=place, path=(), wrong=f"this is not YAML: {said}", right=right)
