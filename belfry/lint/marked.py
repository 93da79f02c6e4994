"""YAML of any origin with the place of everything in it: anchors, merge keys, several documents.

`belfry.document` is strict, for files that are ours; rule files come from elsewhere. Built from the
events of libyaml by a loop, so that depth is no crash, and as fast as reading without places.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Protocol

import yaml

from belfry.problems import Place

_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DEEPEST = 100
_MOST_MERGED = 10_000


@dataclass(slots=True, eq=False)
class Scalar:
    """A text; lines and columns count from 0."""

    text: str
    line: int
    column: int
    end_line: int
    end_column: int
    style: str | None
    """As in YAML: None, ', ", | or >."""

    @property
    def is_nothing(self) -> bool:
        """Whether it is what YAML calls null."""
        return self.style is None and self.text in ("", "~", "null", "Null", "NULL")


@dataclass(slots=True, eq=False)
class Table:
    """Keys and values, in the order of the file; a key may stand twice."""

    line: int
    column: int
    entries: list[tuple[Scalar, Node]] = field(default_factory=list)

    def get(self, key: str) -> Node | None:
        """Give the value of a key; of the last, as Prometheus would."""
        found = None
        for name, value in self.entries:
            if name.text == key:
                found = value
        return found


@dataclass(slots=True, eq=False)
class Items:
    """A list."""

    line: int
    column: int
    items: list[Node] = field(default_factory=list)


Node = Scalar | Table | Items


class NotYaml(Exception):  # noqa: N818 -- caught by the reader of files, which makes a finding of it
    """Where the text stops being YAML, and why."""

    def __init__(self, line: int, column: int, wrong: str, right: str = "") -> None:
        self.line = line
        self.column = column
        self.wrong = wrong
        self.right = right
        super().__init__(wrong)


def documents(text: str) -> list[Node]:
    """Read every document of a text.

    Raises:
        NotYaml: it is none.

    """
    builder = _Builder()
    try:
        for event in yaml.parse(text, Loader=_Loader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line, mark.column) if mark else (0, 0)
        raise NotYaml(line, column, _sentence(error)) from error
    except yaml.YAMLError as error:
        raise NotYaml(0, 0, str(error).splitlines()[0]) from error
    return builder.documents


def _sentence(error: yaml.MarkedYAMLError) -> str:
    parts = [part for part in (error.context, error.problem) if part]
    return ", ".join(parts) or "it cannot be read"


class _Builder:
    def __init__(self) -> None:
        self.documents: list[Node] = []
        self._open: list[Table | Items] = []
        self._keys: list[Scalar | None] = []
        """The key that waits for its value, of each open table."""
        self._anchors: dict[str, Node] = {}

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.ScalarEvent):
            line, column = _position(event.start_mark)
            scalar = Scalar(
                event.value, line, column, *_position(event.end_mark), event.style or None
            )
            self._anchor(event.anchor, scalar)
            self._put(scalar)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._begin(event)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._open.pop()
            self._keys.pop()
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, yaml.DocumentStartEvent):
            self._anchors.clear()

    def _begin(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent) -> None:
        line, column = _position(event.start_mark)
        if len(self._open) >= DEEPEST:
            raise NotYaml(line, column, f"it is nested more than {DEEPEST} deep")
        is_table = isinstance(event, yaml.MappingStartEvent)
        node = Table(line, column) if is_table else Items(line, column)
        self._put(node)
        self._anchor(event.anchor, node)
        self._open.append(node)
        self._keys.append(None)

    def _anchor(self, anchor: str | None, node: Node) -> None:
        if anchor is not None:
            self._anchors[anchor] = node

    def _alias(self, event: yaml.AliasEvent) -> None:
        line, column = _position(event.start_mark)
        found = self._anchors.get(event.anchor or "")
        if found is None:
            raise NotYaml(line, column, f"there is no anchor &{event.anchor} before")
        if any(found is one for one in self._open):
            right = f"put something else in the place of *{event.anchor}"
            raise NotYaml(line, column, f"&{event.anchor} contains itself", right)
        self._put(found)

    def _put(self, node: Node) -> None:
        if not self._open:
            self.documents.append(node)
            return
        holder = self._open[-1]
        if isinstance(holder, Items):
            holder.items.append(node)
            return
        key = self._keys[-1]
        if key is None:
            # A key that is a list or a table: no rule file has one, and it becomes an unknown key.
            name = node if isinstance(node, Scalar) else _strange_key(node)
            self._keys[-1] = name
            return
        self._keys[-1] = None
        if key.text == "<<" and key.style is None:
            _merge(holder, node)
        else:
            holder.entries.append((key, node))


class _Mark(Protocol):
    """A mark of the C loader, or of the other one."""

    line: int
    column: int


def _position(mark: _Mark | None) -> tuple[int, int]:
    return (mark.line, mark.column) if mark else (0, 0)


def _strange_key(node: Table | Items) -> Scalar:
    return Scalar("?", node.line, node.column, node.line, node.column + 1, None)


def _merge(holder: Table, node: Node) -> None:
    """Add what a merge key brings and is not written: before what is, which then wins."""
    brought = node.items if isinstance(node, Items) else [node]
    tables = [one for one in brought if isinstance(one, Table)]
    present = {key.text for key, _ in holder.entries}
    for table in tables:
        if len(table.entries) + len(holder.entries) > _MOST_MERGED:
            raise NotYaml(holder.line, holder.column, "it merges more than anybody wrote")
        new = [entry for entry in table.entries if entry[0].text not in present]
        holder.entries[:0] = new
        present |= {key.text for key, _ in new}


class Source:
    """The lines of a file, and places in them."""

    def __init__(self, file: str, lines: list[str]) -> None:
        self.file = file
        self.lines = lines
        self._maps: dict[int, list[tuple[int, int]]] = {}
        self._counts: dict[int, list[int]] = {}

    def place(self, node: Node) -> Place:
        """Give the place of a node's beginning."""
        return Place(self.file, node.line + 1, node.column + 1)

    def inside(self, scalar: Scalar, offset: int) -> Place:
        """Give the place in the file of a character of a scalar's text, however it is written.

        Blanks come and go when YAML folds lines; what is not blank stands in the file in the order
        in which it stands in the text, so that is counted.
        """
        places = self._maps.get(id(scalar))
        if places is None:
            places = self._maps[id(scalar)] = self._letters(scalar)
        before = self._counted(scalar)[offset]
        is_letter = offset < len(scalar.text) and not scalar.text[offset].isspace()
        if is_letter and before < len(places):
            line, column = places[before]
        elif places and before:
            line, column = places[min(before, len(places)) - 1]
            column += 1
        else:
            line, column = scalar.line, scalar.column
        return Place(self.file, line + 1, column + 1)

    def _counted(self, scalar: Scalar) -> list[int]:
        """Give how many characters that are not blank stand before each character of a text."""
        found = self._counts.get(id(scalar))
        if found is None:
            letters = (not letter.isspace() for letter in scalar.text)
            found = self._counts[id(scalar)] = list(accumulate(letters, initial=0))
        return found

    def _letters(self, scalar: Scalar) -> list[tuple[int, int]]:
        """Give line and column of each character of a scalar that is not blank."""
        found: list[tuple[int, int]] = []
        block = scalar.style in ("|", ">")
        first = scalar.line + 1 if block else scalar.line
        for number in range(first, min(scalar.end_line + 1, len(self.lines))):
            line = self.lines[number]
            start = scalar.column if number == scalar.line else 0
            end = scalar.end_column if number == scalar.end_line else len(line)
            if number == scalar.line:
                start += _properties(line, start)
                start += 1 if scalar.style in ("'", '"') else 0
            if scalar.style == '"':
                found += [(number, at) for at in _escaped(line, start, end)]
            elif scalar.style == "'":
                found += [(number, at) for at in _doubled(line, start, end)]
            else:
                found += [(number, at) for at in range(start, end) if not line[at].isspace()]
        return found


_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)*")
_ESCAPE = re.compile(r"\\(?:x..|u....|U........|.)")


def _properties(line: str, start: int) -> int:
    found = _PROPERTIES.match(line, start)
    return len(found[0]) if found else 0


def _escaped(line: str, start: int, end: int) -> list[int]:
    found = []
    at = start
    while at < end:
        escape = _ESCAPE.match(line, at)
        if escape is None:
            if line[at] != "\\" and not line[at].isspace():
                found.append(at)
            at += 1
            continue
        if escape[0][1] not in "ntrvf \tNLP_e" or escape[0][1] == "e":
            found.append(at)
        at = escape.end()
    return found


def _doubled(line: str, start: int, end: int) -> list[int]:
    found = []
    at = start
    while at < end:
        if not line[at].isspace():
            found.append(at)
        at += 2 if line.startswith("''", at) else 1
    return found
