"""What the shape of a platform says about overriding: its sections, and what an entry must say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from belfry.shapes import Names, OneOf, Record
from belfry.tree import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from belfry.problems import Path
    from belfry.shapes import Shape
    from belfry.tree import Node

ENVIRONMENTS = "environments"
DEFAULTS = "defaults"
LIKE = "like"
_NO_SECTIONS = ("platform", "title", "team", ENVIRONMENTS, DEFAULTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sections:
    """The keys of a platform file that are overridden, and those that are not."""

    top: tuple[str, ...]
    """All keys at the top, `defaults` included."""
    names: tuple[str, ...]
    """The sections: what an environment may override."""
    entries: Mapping[str, Record | OneOf]
    """The sections that are tables of tables, and the shape of their entries."""
    own: tuple[str, ...]
    """The keys that are an environment's own."""

    def beside(self, path: Path) -> tuple[str, ...]:
        """Name the keys that a table may have besides those of its type."""
        if not path:
            return (DEFAULTS,)
        if len(path) == 2 and path[0] == ENVIRONMENTS:
            return (*self.names, DEFAULTS)
        return (LIKE,) if len(path) == 2 and path[0] in self.entries else ()

    def is_complete(self, section: str, table: Table) -> bool:
        """Say whether a table could be an entry on its own, by the keys that it has."""
        shape = self.entries[section]
        keys = {entry.key.text for entry in table.entries}
        if isinstance(shape, Record):
            return LIKE in keys or _required(shape) <= keys
        kinds = {option.key: option.shape for option in shape.options}
        return LIKE in keys or any(
            entry.key.text in kinds and _fits(kinds[entry.key.text], entry.value)
            for entry in table.entries
        )


def sections_of(shape: Shape) -> Sections:
    """Derive the sections from the shape of a platform."""
    if not isinstance(shape, Record):
        message = f"{shape} is not a record"
        raise TypeError(message)
    parts = {part.key: part.shape for part in shape.parts}
    names = tuple(key for key in parts if key not in _NO_SECTIONS)
    environment = parts[ENVIRONMENTS]
    own: tuple[str, ...] = ()
    if isinstance(environment, Names) and isinstance(environment.value, Record):
        own = tuple(part.key for part in environment.value.parts)
    return Sections(
        top=tuple(dict.fromkeys((*parts, DEFAULTS))),
        names=names,
        entries={
            name: part.value
            for name in names
            if isinstance(part := parts[name], Names) and isinstance(part.value, Record | OneOf)
        },
        own=own,
    )


def _required(shape: Record) -> set[str]:
    return {part.key for part in shape.parts if part.required}


def _fits(shape: Shape, node: Node) -> bool:
    if not isinstance(shape, Record) or not isinstance(node, Table):
        return True
    return _required(shape) <= {entry.key.text for entry in node.entries}
