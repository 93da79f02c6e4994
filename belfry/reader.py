"""From a document to typed values: one walk that reports every mistake of form, each once.

What cannot be read is replaced by a value of the right type and its path is remembered as broken:
checks of meaning go on over the rest and keep silent about what was reported already.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from belfry.problems import Problem, nearest, suggestion
from belfry.scalars import Scalar
from belfry.shapes import Listing, Names, OneOf, Record, shape_of
from belfry.tree import Items, Table, Text, Unreadable
from belfry.values.nonsense import Nonsense, shown

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from belfry.problems import Path, Place
    from belfry.shapes import Part, Shape
    from belfry.tree import Document, Entry, Node

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading(Generic[T]):
    """What was read. The value is whole; where it is not what the file says, `broken` names it."""

    value: T
    document: Document
    problems: tuple[Problem, ...]
    broken: frozenset[Path]

    def is_broken(self, path: Path) -> bool:
        """Say whether a part, or something that holds it, has been reported already."""
        return any(path[:length] in self.broken for length in range(len(path) + 1))


def read(made: type[T], document: Document) -> Reading[T]:
    """Read a whole document as one record. Problems of the document come first."""
    walk = _Walk()
    value = walk.read(shape_of(cast("Hashable", made)), document.root, (), document.root.place)
    return Reading(
        value=cast("T", value),
        document=document,
        problems=(*document.problems, *walk.problems),
        broken=frozenset(walk.broken),
    )


class _Walk:
    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.broken: set[Path] = set()

    def read(self, shape: Shape, node: Node, path: Path, place: Place) -> object:
        """Read a node; `place` is where a mistake is reported when nothing is written at all."""
        if isinstance(node, Unreadable):
            return self._break(shape, path)
        if isinstance(node, Text) and not node.text and not node.quoted:
            return self._report(shape, path, place, "nothing is written here", _remedy(shape))
        if isinstance(shape, Scalar):
            return self._scalar(shape, node, path, place)
        if isinstance(shape, Listing):
            return self._listing(shape, node, path, place)
        if not isinstance(node, Table):
            return self._report(shape, path, place, f"{_what(node)} stands here", _remedy(shape))
        if isinstance(shape, Names):
            return self._names(shape, node, path)
        if isinstance(shape, OneOf):
            return self._one_of(shape, node, path, place)
        return self._record(shape, node, path, place)

    def _scalar(self, shape: Scalar, node: Node, path: Path, place: Place) -> object:
        if not isinstance(node, Text):
            return self._report(shape, path, place, f"{_what(node)} stands here", _remedy(shape))
        try:
            return shape.parse(node.text)
        except Nonsense as nonsense:
            return self._report(shape, path, node.place, nonsense.wrong, nonsense.right)

    def _listing(self, shape: Listing, node: Node, path: Path, place: Place) -> object:
        if isinstance(node, Items):
            return tuple(
                self.read(shape.item, item, (*path, index), item.place)
                for index, item in enumerate(node.items)
            )
        if isinstance(node, Text) and shape.one_or_more:
            return (self.read(shape.item, node, path, place),)
        return self._report(shape, path, place, f"{_what(node)} stands here", _remedy(shape))

    def _names(self, shape: Names, node: Table, path: Path) -> object:
        values = {}
        for entry in node.entries:
            name = entry.key.text
            try:
                shape.name.parse(name)
            except Nonsense as nonsense:
                self._problem((*path, name), entry.key.place, nonsense.wrong, nonsense.right)
            values[name] = self.read(shape.value, entry.value, (*path, name), _place(entry))
        return values

    def _one_of(self, shape: OneOf, node: Table, path: Path, place: Place) -> object:
        options = {option.key: option for option in shape.options}
        right = f"write one of {', '.join(options)}"
        if len(node.entries) != 1:
            wrong = "several kinds stand here" if node.entries else "nothing is written here"
            return self._report(shape, path, place, wrong, right)
        (entry,) = node.entries
        key = entry.key.text
        if key not in options:
            right = suggestion(key, options, else_say=right)
            return self._report(
                shape, (*path, key), entry.key.place, f"there is no kind {shown(key)}", right
            )
        return self.read(options[key].shape, entry.value, (*path, key), _place(entry))

    def _record(self, shape: Record, node: Table, path: Path, place: Place) -> object:
        parts = {part.key: part for part in shape.parts}
        found = {entry.key.text: entry for entry in node.entries if entry.key.text in parts}
        others = [entry for entry in node.entries if entry.key.text not in parts]
        values: dict[str, object] = {}
        if shape.rest is None:
            for entry in others:
                self._unknown(entry, parts, found, path)
        else:
            values[shape.rest.attribute] = self._rest(shape.rest, others, path)
        for key, part in parts.items():
            where = found.get(key)
            if where is not None:
                step = (*path, where.key.text)
                values[part.attribute] = self.read(part.shape, where.value, step, _place(where))
            elif part.required and not node.whole:
                values[part.attribute] = self._break(part.shape, (*path, key))
            elif part.required:
                right = f"add {_sample(part)} ({_lower(part.says.text)})"
                values[part.attribute] = self._report(
                    part.shape, (*path, key), place, f"{shown(key)} is missing", right
                )
        return shape.made(**values)

    def _unknown(
        self, entry: Entry, parts: Mapping[str, Part], found: dict[str, Entry], path: Path
    ) -> None:
        """Report an unknown key; when an absent one was meant, its value is read all the same."""
        key = entry.key.text
        absent = [other for other in parts if other not in found]
        meant = nearest(key, absent)
        right = f"did you mean {meant}?" if meant else f"known keys: {', '.join(parts)}"
        self._problem((*path, key), entry.key.place, f"there is no key {shown(key)}", right)
        if meant:
            found[meant] = entry

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

    def _report(self, shape: Shape, path: Path, place: Place, wrong: str, right: str) -> object:
        self._problem(path, place, wrong, right)
        return self._break(shape, path)

    def _problem(self, path: Path, place: Place, wrong: str, right: str) -> None:
        self.problems.append(Problem(place=place, path=path, wrong=wrong, right=right))

    def _break(self, shape: Shape, path: Path) -> object:
        self.broken.add(path)
        return _instead(shape)


def _instead(shape: Shape) -> Any:
    """Make a value of the right type for something that could not be read."""
    if isinstance(shape, Scalar):
        return shape.parse(shape.example)
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


def _what(node: Node) -> str:
    if isinstance(node, Table):
        return "a table"
    return "a list" if isinstance(node, Items) else "a text"


def _remedy(shape: Shape) -> str:
    if isinstance(shape, Scalar):
        return f"write {shape.what}, such as {shape.example}"
    if isinstance(shape, Listing):
        return f"write a list, such as {_sample_list(shape)}"
    if isinstance(shape, Names):
        return f"write names with their values, such as {shape.name.example}: …"
    if isinstance(shape, OneOf):
        return (
            f"write one of {', '.join(option.key for option in shape.options)}, with its own keys"
        )
    return f"write its keys: {', '.join(part.key for part in shape.parts)}"


def _sample(part: Part) -> str:
    shape = part.shape
    if isinstance(shape, Scalar):
        return f"{part.key}: {shape.example}"
    if isinstance(shape, Listing):
        return f"{part.key}: {_sample_list(shape)}"
    return f"{part.key}:"


def _sample_list(shape: Listing) -> str:
    return f"[{shape.item.example if isinstance(shape.item, Scalar) else '…'}]"


def _lower(text: str) -> str:
    text = text.rstrip(".")
    return text[:1].lower() + text[1:]
