"""From a document to typed values: one walk that reports every mistake of form, each once.

What cannot be read is replaced by a value of the right type and its path is remembered as broken:
checks of meaning go on over the rest and keep silent about what was reported already.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar, cast

from belfry.merge import what_is
from belfry.problems import Code, Problem, nearest, suggestion
from belfry.reading import Reading, where_is
from belfry.remedies import NO_BLANK, addition, as_list, hint, kind_around, listed, remedy
from belfry.scalars import Scalar
from belfry.shapes import Listing, Names, OneOf, Record, shape_of
from belfry.spelling import spelt
from belfry.straying import orphans, split_numbers, strays, too_shallow
from belfry.tree import Entry, Items, Table, Text, Unreadable
from belfry.values.nonsense import Nonsense, shown
from belfry.values.secret import parse_secret

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Mapping, Sequence

    from belfry.problems import Path, Place
    from belfry.shapes import Part, Shape
    from belfry.tree import Document, Node

T = TypeVar("T")

_NO_COLON = re.compile(r"([\w.-]+) +\S")


class Memory:
    """What was read of parts that several documents have in common, so that it is read once."""

    def __init__(self) -> None:
        self.known: dict[tuple[Path, int], _Remembered] = {}


@dataclass(frozen=True, slots=True)
class _Remembered:
    node: Node
    value: object
    problems: Sequence[Problem]
    broken: Sequence[Path]
    moved: Sequence[tuple[Path, Path]]


def read(
    made: type[T],
    document: Document,
    *,
    beside: Callable[[Path], Sequence[str]] | None = None,
    memory: Memory | None = None,
) -> Reading[T]:
    """Read a whole document as one record. Problems of the document come first.

    Args:
        made: the record.
        document: what was read of the file.
        beside: names the keys that a table may have besides those of its type, for suggestions.
        memory: of other documents with the same parts, for the same record.

    """
    whole = shape_of(cast("Hashable", made))
    walk = _Walk(whole, beside or _nothing_beside, memory)
    value = walk.read(whole, document.root, (), document.root.place)
    moved = dict(walk.moved)
    found = (
        replace(problem, path=document.written(where_is(problem.path, moved)))
        for problem in walk.problems
    )
    return Reading(
        value=cast("T", value),
        document=document,
        problems=(*document.problems, *found),
        broken=frozenset(walk.broken),
        moved=moved,
    )


class _Walk:
    def __init__(
        self, whole: Shape, beside: Callable[[Path], Sequence[str]], memory: Memory | None
    ) -> None:
        self.problems: list[Problem] = []
        self.broken: list[Path] = []
        self.moved: list[tuple[Path, Path]] = []
        self._whole = whole
        self._beside = beside
        self._known = None if memory is None else memory.known
        self._told: set[int] = set()
        """Entries that have been reported, and read where they belong."""

    def read(self, shape: Shape, node: Node, path: Path, place: Place) -> object:
        """Read a node; `place` is where a mistake is reported when nothing is written at all."""
        if self._known is None or len(path) not in (1, 2) or self._told:
            return self._read(shape, node, path, place)
        key = (path, id(node))
        known = self._known.get(key)
        if known is None:
            marks = len(self.problems), len(self.broken), len(self.moved)
            value = self._read(shape, node, path, place)
            if self._told:
                return value
            problems, broken, moved = (
                self.problems[marks[0] :],
                self.broken[marks[1] :],
                self.moved[marks[2] :],
            )
            self._known[key] = _Remembered(node, value, problems, broken, moved)
            return value
        self.problems += known.problems
        self.broken += known.broken
        self.moved += known.moved
        return known.value

    def _read(self, shape: Shape, node: Node, path: Path, place: Place) -> object:
        if isinstance(node, Unreadable):
            return self._break(shape, path)
        if isinstance(node, Text) and node.is_nothing:
            return self._wrong_kind(shape, path, place, "nothing is written here", remedy(shape))
        if isinstance(shape, Scalar):
            return self._scalar(shape, node, path, place)
        if isinstance(shape, Listing):
            return self._listing(shape, node, path, place)
        if not isinstance(node, Table):
            return self._stands_here(shape, node, path, place)
        if isinstance(shape, Names):
            return self._names(shape, node, path)
        if isinstance(shape, OneOf):
            return self._one_of(shape, node, path, place)
        return self._record(shape, node, path, place)

    def _scalar(self, shape: Scalar, node: Node, path: Path, place: Place) -> object:
        if not isinstance(node, Text):
            return self._stands_here(shape, node, path, place)
        try:
            return shape.parse(node.text)
        except Nonsense as nonsense:
            secret = shape.parse is parse_secret
            code = Code.SECRET if secret else Code.BAD_VALUE
            self._problem(path, node.place, nonsense.wrong, nonsense.right, code, hidden=secret)
            return self._break(shape, path)

    def _listing(self, shape: Listing, node: Node, path: Path, place: Place) -> object:
        if isinstance(node, Items):
            return tuple(
                self.read(shape.item, item, (*path, index), item.place)
                for index, item in enumerate(node.items)
            )
        alone = Table if isinstance(shape.item, Record | OneOf) else Text
        if isinstance(node, alone) and shape.one_or_more:
            return (self.read(shape.item, node, path, place),)
        return self._stands_here(shape, node, path, place)

    def _names(self, shape: Names, node: Table, path: Path) -> object:
        values: dict[object, object] = {}
        if not node.whole:
            self.broken.append(path)
        fallen = too_shallow(shape, node, self._beside((*path, "")))
        for entry in self._without_orphans(self._without_fallen(node, fallen, path), shape, path):
            name, key = self._name(shape.name, entry, path)
            if key in values and (*path, name) not in self.broken:
                wrong = f"{shown(name)} is another spelling of a key that stands here already"
                place = entry.key.place
                self._problem((*path, name), place, wrong, "leave one of them out", Code.BAD_VALUE)
            value = entry.value
            if (*path, name) in self.broken[-1:]:
                value = Unreadable(entry.key.place)
            if isinstance(value, Table) and (lacked := fallen.get(id(entry))) is not None:
                unread = Entry(lacked.key, Unreadable(lacked.key.place))
                value = Table((*value.entries, unread), value.place, value.whole)
            values[key] = self.read(shape.value, value, (*path, name), _place(entry))
        return values

    def _name(self, shape: Scalar, entry: Entry, path: Path) -> tuple[str, object]:
        """Give a name and what it means; one with a colon too many is called as it was meant."""
        name = entry.key.text
        try:
            return name, shape.parse(name)
        except Nonsense as nonsense:
            if (key := self._run_together(entry, path)) is not None:
                self.broken.append((*path, key))
                return key, key if isinstance(shape.sample, str) else shape.sample
            meant = name.rstrip(":")
            right = nonsense.right if meant == name else "write one colon"
            where = (*path, name)
            self._problem(where, entry.key.place, nonsense.wrong, right, Code.BAD_VALUE)
            if meant != name:
                self.moved.append(((*path, meant), (name,)))
            if isinstance(shape.sample, str):
                return meant, meant
            self.broken.append((*path, meant))
            return meant, shape.sample

    def _without_orphans(
        self, entries: Sequence[Entry], shape: Names, path: Path
    ) -> Sequence[Entry]:
        """Leave out, and report once, keys of a part whose own name was lost, and what follows."""
        found = orphans(entries, shape, self._whole)
        if found is None:
            return entries
        first = entries[found.index].key
        wrong = f"{shown(first.text)} and what follows stand here without what they belong to"
        self._problem((*path, first.text), first.place, wrong, found.right, Code.MISSING_KEY)
        self.broken.append(path)
        return entries[: found.index]

    def _without_fallen(
        self, node: Table, fallen: Mapping[int, Entry], path: Path
    ) -> Sequence[Entry]:
        """Leave out, and report, entries that belong into the one above them."""
        told = self._told | set(map(id, fallen.values()))
        for entry in node.entries:
            if (lacked := fallen.get(id(entry))) is not None:
                key = lacked.key.text
                wrong = f"{shown(key)} stands beside {shown(entry.key.text)}, but belongs into it"
                place = lacked.key.place
                right = "indent it as the other keys there"
                self._problem((*path, key), place, wrong, right, Code.UNKNOWN_KEY)
        return [entry for entry in node.entries if id(entry) not in told]

    def _one_of(self, shape: OneOf, node: Table, path: Path, place: Place) -> object:
        options = {option.key: option for option in shape.options}
        right = f"write one of {', '.join(options)}"
        entries = self._without_beside(node, options, path)
        if around := kind_around(shape, entries, path):
            return self._wrong_kind(shape, path, place, "no kind stands around these keys", around)
        kinds = [entry for entry in entries if entry.key.text in options]
        if len(kinds) == 1 and len(entries) > 1:
            fallen = [entry for entry in entries if entry.key.text not in options]
            entries = (self._with_fallen(kinds[0], fallen, path),)
        if len(entries) != 1:
            wrong = "several kinds stand here" if entries else "nothing is written here"
            return self._wrong_kind(shape, path, place, wrong, right)
        (entry,) = entries
        key = entry.key.text
        if key not in options:
            right = suggestion(key, options, else_say=right)
            wrong = f"there is no kind {shown(key)}"
            self._problem((*path, key), entry.key.place, wrong, right, Code.UNKNOWN_KEY)
            return self._break(shape, path)
        return self.read(options[key].shape, entry.value, (*path, key), _place(entry))

    def _with_fallen(self, kind: Entry, fallen: Sequence[Entry], path: Path) -> Entry:
        """Report what stands beside a kind, and let nobody miss it inside."""
        for entry in fallen:
            key = entry.key.text
            wrong = f"{shown(key)} stands beside {shown(kind.key.text)}, but belongs into it"
            right = "indent it as the other keys there"
            self._problem((*path, key), entry.key.place, wrong, right, Code.UNKNOWN_KEY)
        if not isinstance(kind.value, Table):
            return kind
        table = Table(kind.value.entries, kind.value.place, whole=False)
        return Entry(kind.key, table, kind.written)

    def _without_beside(
        self, node: Table, options: Mapping[str, Part], path: Path
    ) -> Sequence[Entry]:
        """Leave out, and report, what is nearly a key that may stand beside the kind."""
        beside = self._beside(path)
        kept = []
        for entry in node.entries:
            key = entry.key.text
            meant = nearest(key, (*options, *beside)) if beside and key not in options else None
            if meant in beside:
                self._no_key((*path, key), entry, f"did you mean {meant}?")
            else:
                kept.append(entry)
        return kept

    def _record(self, shape: Record, node: Table, path: Path, place: Place) -> object:
        parts = {part.key: part for part in shape.parts}
        entries: Sequence[Entry] = node.entries
        if self._told:
            entries = [entry for entry in entries if id(entry) not in self._told]
        values: dict[str, object] = {}
        if shape.rest is None:
            found = self._found(entries, parts, path)
        else:
            found = {entry.key.text: entry for entry in entries if entry.key.text in parts}
            others = [entry for entry in entries if entry.key.text not in parts]
            values[shape.rest.attribute] = self._rest(shape.rest, others, path)
        self._take_in_strays(shape, found, path)
        for key, part in parts.items():
            where = found.get(key)
            step = (*path, key)
            if where is not None:
                values[part.attribute] = self.read(part.shape, where.value, step, _place(where))
            elif part.required and not node.whole:
                values[part.attribute] = self._break(part.shape, step)
            elif part.required:
                wrong = f"{shown(key)} is missing"
                self._problem(step, place, wrong, addition(part), Code.MISSING_KEY)
                values[part.attribute] = self._break(part.shape, step)
        return shape.made(**values)

    def _found(
        self, entries: Sequence[Entry], parts: Mapping[str, Part], path: Path
    ) -> dict[str, Entry]:
        """Find the entry of every part; report the others, but read those that were meant."""
        known_alone = {entry.key.text: entry for entry in entries if entry.key.text in parts}
        if len(known_alone) == len(entries):
            return known_alone  # as most tables are, which are not looked at twice
        beside = self._beside(path)
        entries = self._without_split_numbers(entries, path)
        run_together = {}
        others = []
        for entry in entries:
            if (part := self._run_together(entry, path, parts)) is not None:
                run_together[part] = Entry(entry.key, Unreadable(entry.key.place))
            else:
                others.append(entry)
        known = spelt(others, (*parts, *beside))
        for entry, meant in known.unknown:
            key = entry.key.text
            every = (*parts, *beside)
            near = meant or nearest(key, every)  # what is there already may come from elsewhere
            right = f"did you mean {near}?" if near else f"known keys: {listed(every)}"
            self._no_key((*path, key), entry, right)
            if meant:
                self.moved.append(((*path, meant), (key,)))
        return {**run_together, **known.found}

    def _without_split_numbers(self, entries: Sequence[Entry], path: Path) -> Sequence[Entry]:
        """Report, and take for one part, numbers that a comma in brackets made two parts of."""
        kept = list(entries)
        for entry, rest, right in split_numbers(entries):
            where = (*path, entry.key.text)
            wrong = "a comma in brackets ends this number"
            self._problem(where, entry.value.place, wrong, right, Code.BAD_VALUE)
            kept[kept.index(entry)] = Entry(entry.key, Unreadable(entry.value.place), entry.written)
            kept.remove(rest)
        return kept

    def _run_together(self, entry: Entry, path: Path, parts: Collection[str] = ()) -> str | None:
        """Report a key and its value that became one text, as `{path:/x}` and `{rank 0}` do.

        Args:
            entry: the entry; what follows the key may be a secret, and is not repeated.
            path: of its table.
            parts: the keys that the table may have; any, if none are named.

        """
        text = entry.key.text
        nothing = isinstance(entry.value, Text) and entry.value.is_nothing
        if text in parts or not (nothing or "{" in text or "[" in text):
            return None
        for pattern, wrong, mend in (
            (NO_BLANK, "no blank stands after the colon of", "put a blank after the colon"),
            (_NO_COLON, "no colon stands after", "write a colon and a blank after the key"),
        ):
            match = pattern.match(text)
            if match and (not parts or match[1] in parts):
                key = match[1]
                wrong_of_key = f"{wrong} {shown(key)}"
                right = f"{mend}: {key}: …"
                self._problem((*path, key), entry.key.place, wrong_of_key, right, Code.YAML)
                return key
        return None

    def _take_in_strays(self, shape: Record, found: dict[str, Entry], path: Path) -> None:
        """Read parts that are written too deep, or below another section, where they belong."""
        for stray in tuple(strays(shape, found)):
            entry = stray.told[0]
            where = (*path, stray.within, entry.key.text)
            self._problem(where, entry.key.place, stray.wrong, stray.right, Code.UNKNOWN_KEY)
            self._told |= set(map(id, stray.told))
            if stray.at is not None:
                self.moved.append(((*path, stray.key), stray.at))
            around = found[stray.within].value
            if isinstance(around, Table) and all(id(one) in self._told for one in around.entries):
                self.broken.append((*path, stray.within))  # nothing is left of it to ask about
            found[stray.key] = stray.held

    def _no_key(self, path: Path, entry: Entry, right: str) -> None:
        wrong = f"there is no key {shown(entry.key.text)}"
        self._problem(path, entry.key.place, wrong, right, Code.UNKNOWN_KEY)

    def _rest(self, part: Part, entries: list[Entry], path: Path) -> object:
        shape = part.shape
        if not isinstance(shape, Names):
            message = f"{part.attribute}: only a mapping can take the rest"
            raise TypeError(message)
        return {
            entry.key.text: self.read(
                shape.value, entry.value, (*path, entry.key.text), _place(entry)
            )
            for entry in entries
        }

    def _stands_here(self, shape: Shape, node: Node, path: Path, place: Place) -> object:
        right = hint(shape, node) or as_list(shape, node) or remedy(shape)
        return self._wrong_kind(shape, path, place, f"{what_is(node)} stands here", right)

    def _wrong_kind(self, shape: Shape, path: Path, place: Place, wrong: str, right: str) -> object:
        self._problem(path, place, wrong, right, Code.WRONG_KIND)
        return self._break(shape, path)

    def _problem(
        self, path: Path, place: Place, wrong: str, right: str, code: Code, *, hidden: bool = False
    ) -> None:
        self.problems.append(
            Problem(place=place, path=path, wrong=wrong, right=right, code=code, hidden=hidden)
        )

    def _break(self, shape: Shape, path: Path) -> object:
        self.broken.append(path)
        return _instead(shape)


def _nothing_beside(path: Path) -> Sequence[str]:  # noqa: ARG001 -- stands in for Sections.beside
    return ()


def _instead(shape: Shape) -> Any:
    """Make a value of the right type for something that could not be read."""
    if isinstance(shape, Scalar):
        return shape.sample
    if isinstance(shape, Listing):
        return ()
    if isinstance(shape, Names):
        return {}
    if isinstance(shape, OneOf):
        return _instead(shape.options[0].shape)
    return shape.made(
        **{part.attribute: _instead(part.shape) for part in shape.parts if part.required}
    )


def _place(entry: Entry) -> Place:
    """Give the place of a mistake in an entry: its text, or its key when there is no one text."""
    whole = isinstance(entry.value, Text) and (entry.value.text or entry.value.quoted)
    return entry.value.place if whole else entry.key.place
