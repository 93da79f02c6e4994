"""Parts that stand where they are not known, and would be right one level up or in their section.

A line that is indented too much, or a section's name that was lost, is one mistake; told as what
follows from it, it would be many.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING

from belfry.sections import LIKE
from belfry.shapes import Names, OneOf, Record
from belfry.tree import Entry, Table, Text, Unreadable
from belfry.values.nonsense import shown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from belfry.problems import Path
    from belfry.shapes import Part, Shape

_WHOLE = re.compile(r"-?[0-9]{1,12}")
_REST = re.compile(r"[0-9]{1,12} ?[%A-Za-z]{0,3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stray:
    """A part of a table that is written elsewhere: its key, where it is, and what is wrong."""

    key: str
    held: Entry
    """The entry as it would stand where it belongs."""
    within: str
    """The key of the part that it is written in."""
    at: Path | None
    """Where it is written, below the table that it belongs to; None when that has the key too."""
    told: tuple[Entry, ...]
    """What stands in the wrong place; the first is where the mistake is."""
    wrong: str
    right: str


def strays(shape: Record, found: Mapping[str, Entry]) -> Iterator[Stray]:
    """Find parts of a record that are written in other parts of it."""
    absent = {part.key: part for part in shape.parts if part.key not in found}
    for part in shape.parts if absent else ():
        above = found.get(part.key)
        if above is None or not isinstance(above.value, Table):
            continue
        for index, entry in enumerate(above.value.entries):
            if entry.key.text in absent and not _belongs(entry, part.shape):
                following = above.value.entries[index + 1 :]
                yield _too_deep(part, above, entry, absent[entry.key.text].shape, following)
    if any(part.key in found and _entry_shape(part.shape) for part in shape.parts):
        sections = {part.key: inner for part in shape.parts if (inner := _entry_shape(part.shape))}
        for name in sections if len(sections) > 1 else ():
            if name in found:
                yield from _foreign(name, found, sections)


def split_numbers(entries: Sequence[Entry]) -> Iterator[tuple[Entry, Entry, str]]:
    """Find entries whose number was split in two, as in `{availability: 99,9 %}`.

    Yields:
        The entry, the one that its rest became, and what would be right.

    """
    for entry, rest in pairwise(entries):
        number, place = entry.value, rest.key.place
        if (
            isinstance(number, Text)
            and isinstance(rest.value, Text)
            and rest.value.is_nothing
            and not rest.key.quoted
            and _WHOLE.fullmatch(number.text)
            and _REST.fullmatch(rest.key.text)
            and place.line == number.place.line
            and place.column == number.place.column + len(number.text) + 1
        ):
            whole, part = number.text, rest.key.text
            thousands = f"{whole}{part} or " if re.fullmatch(r"[0-9]{3}", part) else ""
            yield entry, rest, f"write {thousands}{whole}.{part}"


def too_shallow(shape: Names, node: Table, beside: Collection[str]) -> dict[int, Entry]:
    """Find entries that belong into the one above them, by the identity of that one.

    Args:
        shape: the table's.
        node: the table.
        beside: keys that its entries may have besides those of their type.

    Returns:
        Entries like `http` in `checks: {a: {of: x}, http: {path: /}}`, by the `id` of the entry
        that lacks them.

    """
    if not isinstance(shape.value, Record) or shape.value.rest is not None:
        return {}
    keys = {*(part.key for part in shape.value.parts), *beside}
    strayed: dict[int, Entry] = {}
    above: Entry | None = None
    for entry in node.entries:
        key = entry.key.text
        if key not in keys or above is None or _suits(entry, shape.value):
            above = entry
        elif isinstance(above.value, Table) and above.value.get(key) is None:
            strayed[id(above)] = entry
    return strayed


def _suits(entry: Entry, shape: Record) -> bool:
    """Say whether an entry has at least one key of what it would have to be."""
    if not isinstance(entry.value, Table):
        return False
    parts = {part.key for part in shape.parts}
    return any(one.key.text in parts for one in entry.value.entries)


def _belongs(entry: Entry, shape: Shape) -> bool:
    """Say whether an entry may be meant for a table of this shape."""
    if isinstance(shape, Record):
        known = {part.key for part in shape.parts}
        return shape.rest is not None or entry.key.text in known
    if isinstance(shape, Names) and isinstance(shape.value, Record):
        return shape.value.rest is not None or _suits(entry, shape.value)
    return True


def _too_deep(
    part: Part, above: Entry, entry: Entry, shape: Shape, following: tuple[Entry, ...]
) -> Stray:
    """Tell of a key that stands in a part beside which it belongs, with what follows it."""
    key = entry.key.text
    content: tuple[Entry, ...] = ()
    held = entry
    if isinstance(entry.value, Text) and entry.value.is_nothing:
        content = tuple(takewhile(lambda one: _is_content(one, shape), following))
        held = Entry(entry.key, Unreadable(entry.key.place))
    blanks = above.key.place.column - 1
    right = f"move it out of {part.key}"
    if entry.key.place.line > above.key.place.line:
        right += f", and indent it as {part.key}: by {blanks} blank{'s' * (blanks != 1)}"
    return Stray(
        key=key,
        held=_copied(entry.key, content) if content else held,
        within=part.key,
        at=(above.key.text,) if content else (above.key.text, key),
        told=(entry, *content),
        wrong=f"{shown(key)} does not belong into {part.key}, but beside it",
        right=right,
    )


def _is_content(entry: Entry, shape: Shape) -> bool:
    if isinstance(shape, Record):
        return entry.key.text in {part.key for part in shape.parts}
    inner = _entry_shape(shape)
    return inner is not None and _fits(inner, entry)


def _foreign(
    name: str, found: Mapping[str, Entry], sections: Mapping[str, Record | OneOf]
) -> Iterator[Stray]:
    """Tell of entries of a section that can only be another's, whose name was lost above them."""
    above = found[name]
    if not isinstance(above.value, Table):
        return
    own = _marks_of(sections[name])
    others = [other for other in sections if other != name]
    others.sort(key=lambda other: other in found)
    groups: dict[str, list[Entry]] = {}
    for entry in above.value.entries:
        if not isinstance(entry.value, Table) or not entry.value.entries:
            continue
        if any(one.key.text in own for one in entry.value.entries):
            continue
        if not _fits(sections[name], entry):
            meant = next((other for other in others if _fits(sections[other], entry)), None)
            if meant is not None:
                groups.setdefault(meant, []).append(entry)
    for meant, entries in groups.items():
        yield Stray(
            key=meant,
            held=_section(entries, found.get(meant), sections[meant]),
            within=name,
            at=None if _is_there(found.get(meant)) else (above.key.text,),
            told=tuple(entries),
            wrong=f"{shown(entries[0].key.text)} looks like one of the {meant}",
            right=f"move it there, or write {meant}: on a line of its own above it",
        )


def _section(entries: Sequence[Entry], there: Entry | None, shape: Record | OneOf) -> Entry:
    """Make the section of entries that stand elsewhere; it may be there too.

    Then others of it may only say how they differ from them, so that they are not read.
    """
    if there is None or not isinstance(there.value, Table):
        return _copied(entries[0].key, entries)
    kept = (one if _fits(shape, one) else _unread(one) for one in there.value.entries)
    table = Table((*kept, *map(_unread, entries)), there.value.place)
    return Entry(there.key, table, there.written)


def _is_there(entry: Entry | None) -> bool:
    return entry is not None and isinstance(entry.value, Table)


def _copied(key: Text, entries: Sequence[Entry]) -> Entry:
    """Make a table of entries that are not those which have been told."""
    copies = tuple(Entry(one.key, one.value, one.written) for one in entries)
    return Entry(key, Table(copies, key.place))


def _unread(entry: Entry) -> Entry:
    return Entry(entry.key, Unreadable(entry.key.place), entry.written)


def _entry_shape(shape: Shape) -> Record | OneOf | None:
    if isinstance(shape, Names) and isinstance(shape.value, Record | OneOf):
        return shape.value
    return None


def _marks_of(shape: Record | OneOf) -> set[str]:
    """Give the keys by which an entry is known for one of its section; all, if none must be."""
    if isinstance(shape, OneOf):
        return {LIKE, *(option.key for option in shape.options)}
    if shape.rest is not None:
        return {part.key for part in shape.parts} | {LIKE}
    needed = {part.key for part in shape.parts if part.required}
    return {LIKE} | (needed or {part.key for part in shape.parts})


def _fits(shape: Record | OneOf, entry: Entry) -> bool:
    """Say whether an entry has the keys that a shape needs, and no other."""
    if not isinstance(entry.value, Table):
        return False
    keys = {one.key.text for one in entry.value.entries} - {LIKE}
    if isinstance(shape, OneOf):
        return len(keys) == 1 and keys <= {option.key for option in shape.options}
    needed = {part.key for part in shape.parts if part.required}
    liked = len(keys) < len(entry.value.entries)
    complete = liked or (bool(needed) and needed <= keys)
    return complete and keys <= {part.key for part in shape.parts}


@dataclass(frozen=True, slots=True, kw_only=True)
class Orphans:
    """Keys whose part lost its own name, among entries of names: from which entry on they stand."""

    index: int
    right: str


def orphans(entries: Sequence[Entry], shape: Names, whole: Shape) -> Orphans | None:
    """Find two keys in a row that hold no table, and are keys of one part: its name was lost.

    Args:
        entries: of the table of names.
        shape: its shape.
        whole: the shape of the whole file, whose sections may have lost their name.

    """
    if not isinstance(shape.value, Record | OneOf):
        return None
    for index, (one, other) in enumerate(pairwise(entries)):
        if isinstance(one.value, Table | Unreadable) or isinstance(other.value, Table | Unreadable):
            continue
        keys = {one.key.text, other.key.text}
        if isinstance(shape.value, Record) and keys <= _keys(shape.value):
            right = "write the name of this entry on a line above them"
            return Orphans(index=index, right=right)
        for part in whole.parts if isinstance(whole, Record) else ():
            if isinstance(part.shape, Record) and keys <= _keys(part.shape):
                right = f"write {part.key}: on a line above them"
                return Orphans(index=index, right=right)
    return None


def _keys(record: Record) -> frozenset[str]:
    return frozenset(part.key for part in record.parts)
