"""Named defaults: entries that say `like:` take from a default what they do not say themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.merge import fill_in, what_is
from belfry.problems import Code, Problem, nearest, suggestion
from belfry.sections import DEFAULTS, LIKE
from belfry.shapes import Record
from belfry.tree import Entry, Table, Text, Unreadable
from belfry.values.nonsense import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from belfry.problems import Path, Place
    from belfry.shapes import OneOf
    from belfry.tree import Node


class Likeness:
    """The defaults of one section. What they make of an entry is worked out once.

    What it finds grows with what is expanded.
    """

    def __init__(
        self, section: str, shape: Record | OneOf, defaults: Table | None, written: Path
    ) -> None:
        """Take the defaults of a section.

        Args:
            section: its name.
            shape: of its entries, to know a misspelt `like` by.
            defaults: by name; None when there are none.
            written: the path of that table.

        """
        self.found: list[Problem] = []
        self.used: set[Place] = set()
        """The keys of the defaults that something is like."""
        self._section = section
        parts = shape.parts if isinstance(shape, Record) else shape.options
        self._keys = frozenset(part.key for part in parts)
        self._takes_any_key = isinstance(shape, Record) and shape.rest is not None
        self._written = written
        self._held = defaults
        self._defaults = {entry.key.text: entry for entry in defaults.entries} if defaults else {}
        self._named_right: set[str] = set()
        self._named_wrong: dict[str, list[Problem]] = {}
        self._resolved: dict[str, Table] = {}
        self._entries: dict[int, tuple[Entry, Entry]] = {}
        self._tables: dict[int, tuple[Table, Table]] = {}
        self.found += (
            _unfit(section, entry, self._path_of(entry))
            for entry in self._defaults.values()
            if not isinstance(entry.value, Table | Unreadable)
        )

    def complete(self, table: Table) -> Table:
        """Give a section whose entries are complete: the table itself, if none is like any."""
        if (known := self._tables.get(id(table))) is not None:
            return known[1]
        entries = tuple(map(self._entry, table.entries))
        same = all(one is other for one, other in zip(entries, table.entries, strict=True))
        found = table if same else Table(entries, table.place, table.whole)
        self._tables[id(table)] = (table, found)
        return found

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was wrong so far; a default that several seem to be like is at fault itself."""
        found = list(self.found)
        for name, problems in self._named_wrong.items():
            meant = nearest(name, self._defaults)
            if meant is None or meant in self._named_right or len(problems) == 1:
                found += problems
                continue
            entry = self._defaults[meant]
            problem = Problem(
                place=entry.key.place,
                path=self._path_of(entry),
                wrong=f"nothing is like {shown(meant)}, and {len(problems)} parts are like "
                f"{shown(name)}",
                right=f"did you mean {name}?",
                code=Code.UNKNOWN_NAME,
            )
            found.append(problem)
        return tuple(found)

    def unused(self) -> dict[Place, Problem]:
        """Report the defaults that nothing is like, by their keys."""
        return {
            entry.key.place: Problem(
                place=entry.key.place,
                path=self._path_of(entry),
                wrong=f"nothing in {self._section} is like this",
                right=f"say like: {entry.key.text} where it is meant, or remove it",
                code=Code.UNUSED,
            )
            for entry in self._defaults.values()
            if entry.key.place not in self.used
        }

    def _entry(self, entry: Entry) -> Entry:
        own = entry.value
        if not isinstance(own, Table):
            return entry
        known = self._entries.get(id(entry))
        if known is None:
            if self._like(own) is None:
                return entry
            path = entry.written or (self._section, entry.key.text)
            known = (entry, Entry(entry.key, self._completed(own, path), entry.written))
            self._entries[id(entry)] = known
        return known[1]

    def _completed(self, own: Table, path: Path) -> Table:
        """Follow `like` from default to default, and fill in from the last one back."""
        chain: list[tuple[Table, Path, str | None]] = [(_without_like(own), path, None)]
        names: list[str] = []
        like = self._like(own)
        while like is not None:
            name = self._named(like, path)
            if name is None:
                break
            if name in names:
                self.found.append(_circle(like, path, (*names[names.index(name) :], name)))
                break
            entry = self._defaults[name]
            self.used.add(entry.key.place)
            path = self._path_of(entry)
            if (known := self._resolved.get(name)) is not None:
                chain.append((known, path, None))
                break
            if not isinstance(entry.value, Table):
                break
            names.append(name)
            chain.append((_without_like(entry.value), path, name))
            like = self._like(entry.value)
        filled, written, name = chain.pop()
        while True:
            if name is not None:
                self._resolved[name] = filled
            if not chain:
                return filled
            host, at, name = chain.pop()
            filled = fill_in(host, filled, written, self.found.append)
            written = at

    def _named(self, like: Entry, path: Path) -> str | None:
        """Give the default that is named, or that was meant; report what names none."""
        value = like.value
        where = (*path, like.key.text)
        if isinstance(value, Unreadable):
            return None
        if not isinstance(value, Text) or value.is_nothing:
            nothing = isinstance(value, Text)
            problem = Problem(
                place=like.key.place,
                path=where,
                wrong="nothing is written here" if nothing else f"{what_is(value)} stands here",
                right=f"write the name of one of {DEFAULTS}.{self._section}",
                code=Code.WRONG_KIND,
            )
            self.found.append(problem)
            return None
        if value.text in self._defaults:
            self._named_right.add(value.text)
            return value.text
        right = suggestion(
            value.text,
            self._defaults,
            else_say=f"write it: {DEFAULTS}: {{{self._section}: {{{value.text}: …}}}}",
        )
        self._named_wrong.setdefault(value.text, []).append(
            Problem(
                place=value.place,
                path=where,
                wrong=f"there is no default {shown(value.text)} for {self._section}",
                right=right,
                code=Code.UNKNOWN_NAME,
            )
        )
        return nearest(value.text, self._defaults)

    def _like(self, table: Table) -> Entry | None:
        """Find what a table is like; the key may be misspelt, which the reader reports."""
        for entry in table.entries:
            if entry.key.text == LIKE:
                return entry
        if self._takes_any_key:
            return None
        others = [entry for entry in table.entries if entry.key.text not in self._keys]
        known = (*self._keys, LIKE) if others else ()
        return next((one for one in others if nearest(one.key.text, known) == LIKE), None)

    def _path_of(self, default: Entry) -> Path:
        return default.written or (*self._written, default.key.text)


def _without_like(table: Table) -> Table:
    entries = tuple(entry for entry in table.entries if entry.key.text != LIKE)
    return Table(entries, table.place, table.whole)


def _circle(like: Entry, path: Path, names: Sequence[str]) -> Problem:
    return Problem(
        place=like.value.place,
        path=(*path, like.key.text),
        wrong=f"defaults are like each other in a circle: {' like '.join(names)}",
        right="remove one of these",
    )


def _unfit(section: str, entry: Entry, path: Path) -> Problem:
    value: Node = entry.value
    nothing = isinstance(value, Text) and value.is_nothing
    return Problem(
        place=entry.key.place if nothing else value.place,
        path=path,
        wrong="nothing is written here" if nothing else f"{what_is(value)} stands here",
        right=f"write what entries of {section} have in common, key by key",
        code=Code.WRONG_KIND,
    )
