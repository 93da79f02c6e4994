"""A file as its writer laid it out: texts with their style, and every comment with its part.

`tree` says what a file says; this says how. Built from the same parser's events, which know where
each text stands; whatever begins with # outside of texts is a comment. A comment at the end of a
line belongs to the part that ends there, one on its own line to the part below it, or, indented
deeper than that, to the end of the table or list above.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from yaml._yaml import Mark as _CMark
    from yaml.error import Mark

_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BREAK = re.compile("[\n\x85\u2028\u2029]")
_COMMENT = re.compile("#[^\n\x85\u2028\u2029]*")
_COMMENT_OF_BLOCK = re.compile(r"[|>][-+0-9]*[ \t]+(#.*)")

BLANK = ""
"""An empty line among comments."""


@dataclass(slots=True, kw_only=True)
class Leaf:
    """A single text."""

    text: str
    style: str
    """Nothing, a quotation mark, or the sign that begins a block of lines."""
    written: str
    start: int
    end: int


@dataclass(slots=True, kw_only=True)
class Item:
    """An entry of a table, or an element of a list, and the comments that are about it."""

    key: Leaf | None
    value: Leaf | Group
    start: int
    end: int
    above: list[str] = field(default_factory=list)
    """Lines of comments, and BLANK."""
    beside: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Group:
    """A table or a list."""

    is_table: bool
    flow: bool
    """Written within brackets."""
    items: list[Item]
    start: int
    end: int
    column: int
    below: list[str] = field(default_factory=list)
    """Comments after the last item."""

    def has_comments(self) -> bool:
        """Say whether a comment stands anywhere in it."""
        return any(self.below) or any(
            item.beside
            or any(item.above)
            or (isinstance(item.value, Group) and item.value.has_comments())
            for item in self.items
        )


def lay_out(text: str) -> Leaf | Group:
    """Read the layout of a text that `document.parse` takes without problems."""
    builder = _Builder(text)
    for event in yaml.parse(text, Loader=_Loader):
        builder.take(event)
    if isinstance(builder.root, Group):
        _Comments(text, builder.root, builder.leaves).attach()
    return builder.root


@dataclass(slots=True)
class _Open:
    group: Group
    key: Leaf | None = None
    has_key: bool = False
    dash: int | None = None


class _Builder:
    """Turns events into groups and leaves, without comments."""

    def __init__(self, text: str) -> None:
        self.root: Leaf | Group = Leaf(text="", style="", written="", start=0, end=0)
        self.leaves: list[Leaf] = []
        self._text = text
        self._open: list[_Open] = []
        self._dashes = _dashes(text)

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._begin()
            self._end(self._leaf(event))
        elif isinstance(event, yaml.CollectionStartEvent):
            self._begin()
            start = _index(event.start_mark)
            group = Group(
                is_table=isinstance(event, yaml.MappingStartEvent),
                flow=bool(event.flow_style),
                items=[],
                start=start,
                end=start,
                column=event.start_mark.column if event.start_mark else 0,
            )
            self._open.append(_Open(group))
        elif isinstance(event, yaml.CollectionEndEvent):
            group = self._open.pop().group
            bracketed = self._text[group.start : group.start + 1] in ("{", "[")
            if group.flow and bracketed:
                group.end = _index(event.end_mark)
            elif group.items:
                group.end = group.items[-1].end
            self._end(group)

    def _begin(self) -> None:
        """Find where an element of a list begins: at its dash, before anything of the element."""
        if self._open and not self._open[-1].group.is_table and not self._open[-1].group.flow:
            self._open[-1].dash = next(self._dashes)

    def _end(self, node: Leaf | Group) -> None:
        if not self._open:
            self.root = node
            return
        top = self._open[-1]
        if top.group.is_table and not top.has_key:
            top.key = node if isinstance(node, Leaf) else None
            top.has_key = True
            return
        start = top.key.start if top.key else node.start if top.dash is None else top.dash
        end = max(node.end, top.key.end if top.key else start)
        top.group.items.append(Item(key=top.key, value=node, start=start, end=end))
        top.key, top.has_key, top.dash = None, False, None

    def _leaf(self, event: yaml.ScalarEvent) -> Leaf:
        start, end = _index(event.start_mark), _index(event.end_mark)
        written = self._text[start:end].rstrip()
        leaf = Leaf(
            text=event.value,
            style=event.style or "",
            written=written,
            start=start,
            end=start + len(written),
        )
        self.leaves.append(leaf)
        return leaf


def _dashes(text: str) -> Iterator[int]:
    """Give where the elements of lists without brackets begin, in the order of the file."""
    for token in yaml.scan(text, Loader=_Loader):
        if isinstance(token, yaml.BlockEntryToken):
            yield token.start_mark.index


def _index(mark: Mark | _CMark | None) -> int:
    return mark.index if mark else 0


class _Comments:
    """Finds the comments of a file and gives each to its part."""

    def __init__(self, text: str, root: Group, leaves: list[Leaf]) -> None:
        self._text = text
        self._root = root
        self._leaves = leaves
        self._lines = [0, *(found.end() for found in _BREAK.finditer(text))]
        self._beginning: dict[int, list[Item]] = defaultdict(list)
        self._ending: dict[int, list[Item]] = defaultdict(list)
        for item in _items(root):
            self._beginning[self._line(item.start)].append(item)
            if not (isinstance(item.value, Group) and not item.value.flow):
                self._ending[self._line(item.end)].append(item)

    def attach(self) -> None:
        """Walk through the lines; a gap is what lies between two lines with content."""
        comments = {self._line(start): (start, said) for start, said in self._found()}
        inside = self._lines_inside_texts()
        blank, column = False, len(self._text)
        for line, start in enumerate(self._lines):
            stop = self._lines[line + 1] if line + 1 < len(self._lines) else len(self._text)
            if line in inside:
                blank, column = False, len(self._text)
            elif (found := comments.get(line)) and not self._text[start : found[0]].strip():
                column = min(column, found[0] - start)
                target = self._target(found[0], column)
                target += [BLANK, found[1]] if blank else [found[1]]
                blank = False
            elif self._text[start:stop].strip():
                if blank and (begun := self._beginning.get(line)):
                    begun[0].above.append(BLANK)
                if found:
                    self._beside(line, found[0]).append(found[1])
                blank, column = False, len(self._text)
            else:
                blank = True
        for item in _items(self._root):
            leaf = item.value
            if isinstance(leaf, Leaf) and (found_in := _COMMENT_OF_BLOCK.match(leaf.written)):
                item.beside.append(found_in[1].rstrip())

    def _found(self) -> Iterator[tuple[int, str]]:
        ends = [0, *(leaf.end for leaf in self._leaves)]
        starts = [*(leaf.start for leaf in self._leaves), len(self._text)]
        for begin, stop in zip(ends, starts, strict=True):
            for found in _COMMENT.finditer(self._text, begin, stop):
                yield found.start(), found[0].rstrip()

    def _lines_inside_texts(self) -> set[int]:
        return {
            line
            for leaf in self._leaves
            for line in range(self._line(leaf.start) + 1, self._line(leaf.end) + 1)
            if leaf.style in ("|", ">") or line < self._line(leaf.end)
        }

    def _line(self, index: int) -> int:
        return bisect_right(self._lines, index) - 1

    def _beside(self, line: int, index: int) -> list[str]:
        """Find what a comment at the end of a line is about: what ended last, else what began."""
        ended = [item for item in self._ending.get(line, ()) if item.end <= index]
        if ended:
            last = max(item.end for item in ended)
            return next(item for item in ended if item.end == last).beside
        begun = [item for item in self._beginning.get(line, ()) if item.start < index]
        return begun[-1].beside if begun else self._target(index, 0)

    def _target(self, index: int, column: int) -> list[str]:
        """Find what a comment on its own line is about."""
        group = self._root
        while True:
            after = bisect_right(group.items, index, key=lambda item: item.start)
            before = group.items[after - 1] if after else None
            if before is None or index >= before.end:
                break
            value = before.value
            if isinstance(value, Leaf) or (value.flow and index < value.start):
                return before.above
            group = value
        if before and not group.flow and column > group.column:
            holder, value = None, before.value
            while isinstance(value, Group) and not value.flow and value.column <= column:
                holder, value = value, value.items[-1].value
            if holder is not None:
                return holder.below
        return group.items[after].above if after < len(group.items) else group.below


def _items(group: Group) -> Iterable[Item]:
    """Give all items at any depth, in the order of the file."""
    for item in group.items:
        yield item
        if isinstance(item.value, Group):
            yield from _items(item.value)
