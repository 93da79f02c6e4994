"""What a platform file says in each of its environments, as trees: overrides and named defaults.

An environment's sections are laid over those of the file, and then every `like` is expanded. What
is the same in two environments is the same tree; an environment without overrides costs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from belfry.likeness import Likeness
from belfry.merge import OFF, from_guest, is_off, lay_over, what_is
from belfry.problems import Code, Problem, nearest, suggestion
from belfry.sections import DEFAULTS, ENVIRONMENTS
from belfry.spelling import spelt
from belfry.tree import Document, Entry, LeftOut, Table, Text, Unreadable
from belfry.values.nonsense import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from belfry.problems import Path, Place
    from belfry.sections import Sections


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """What the file says in some of its environments."""

    environments: tuple[str, ...]
    """Those that differ in nothing but their own keys. None, for the base that all override."""
    document: Document
    """Complete: without `defaults`, `like` and overrides, and with these environments only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variants:
    """What the file says in every environment; each environment is in one variant."""

    all: tuple[Variant, ...]
    """The base comes first: what the file says where nothing is overridden."""
    problems: tuple[Problem, ...]
    """Overrides, defaults and `like` that do not fit."""

    def of(self, environment: str | None) -> Variant:
        """Find an environment's variant; the base for None, and for one that is not there."""
        found = (one for one in self.all if environment in one.environments)
        return next(found, self.all[0])


def variants(document: Document, sections: Sections) -> Variants:
    """Work out what a file, or the united files of a folder, says in each environment."""
    if not isinstance(document.root, Table):
        return Variants(all=(Variant(environments=(), document=document),), problems=())
    return _Layers(document, document.root, sections).variants()


def effective(document: Document, environment: str | None, sections: Sections) -> Document:
    """Give what the file says in one environment, or in none; with the problems of all."""
    found = variants(document, sections)
    chosen = found.of(environment).document
    return replace(chosen, problems=(*document.problems, *found.problems))


@dataclass(frozen=True, slots=True)
class _Place:
    """An environment: its entry with its own keys only, and its overrides by section."""

    entry: Entry
    overrides: Mapping[str, Entry]
    path: Path


class _Layers:
    def __init__(self, document: Document, root: Table, sections: Sections) -> None:
        self._document = document
        self._root = root
        self._sections = sections
        self._problems: list[Problem] = []
        found = spelt(root.entries, sections.top).found
        self._environments = found.pop(ENVIRONMENTS, None)
        self._base: dict[str, Entry] = found
        self._right = {id(entry): key for key, entry in found.items()}
        self._likeness: dict[tuple[str, int], Likeness] = {}
        self._unclear: set[str] = set()

    def variants(self) -> Variants:
        plain: list[Entry] = []
        others: list[_Place] = []
        whole = self._environments.value if self._environments else None
        for entry in whole.entries if isinstance(whole, Table) else ():
            place = self._place(entry)
            if place.overrides:
                others.append(place)
            else:
                plain.append(entry)
        base = self._variant(self._base, plain)
        overridden = (
            self._variant(self._overridden(one), [one.entry], dict(self._left_out(one)))
            for one in others
        )
        found = (base, *overridden)
        self._report_unused()
        for likeness in self._likeness.values():
            self._problems += likeness.problems
        return Variants(all=found, problems=tuple(self._problems))

    def _place(self, entry: Entry) -> _Place:
        """Part an environment's own keys from its overrides, which may be misspelt."""
        at = self._environments.key.text if self._environments else ENVIRONMENTS
        path = (at, entry.key.text)
        if not isinstance(entry.value, Table):
            return _Place(entry, {}, path)
        names = (*self._sections.names, DEFAULTS)
        known = (*self._sections.own, *names)
        spelling = spelt(entry.value.entries, known)
        found = spelling.found
        strange = any(meant is None for _, meant in spelling.unknown)
        if strange and not any(key in found for key in self._sections.own):
            return _Place(entry, {}, path)  # no environment at all, which the reader says
        overrides = {key: one for key, one in found.items() if key in names}
        exact = {id(one) for key, one in overrides.items() if one.key.text == key}
        own = tuple(one for one in entry.value.entries if id(one) not in exact)
        table = Table(own, entry.value.place, entry.value.whole)
        return _Place(Entry(entry.key, table), overrides, path)

    def _overridden(self, place: _Place) -> dict[str, Entry]:
        """Lay an environment's overrides over the sections of the file, and over the defaults."""
        sections = dict(self._base)
        for name, override in place.overrides.items():
            written = (*place.path, override.key.text)
            sections[name] = self._override(name, sections.get(name), override, written)
        return sections

    def _left_out(self, place: _Place) -> Iterator[tuple[Path, LeftOut]]:
        """Give the entries of sections that an environment leaves out."""
        name = place.entry.key.text
        for section, override in place.overrides.items():
            base = self._base.get(section)
            if base is None or not isinstance(base.value, Table):
                continue
            written = (*place.path, override.key.text)
            if is_off(override.value):
                left = LeftOut(name, written, override.key.place)
                yield from (((section, one.key.text), left) for one in base.value.entries)
            elif isinstance(override.value, Table):
                for one in override.value.entries:
                    key = one.key.text
                    if is_off(one.value) and base.value.get(key) is not None:
                        yield (section, key), LeftOut(name, (*written, key), one.key.place)

    def _override(self, name: str, base: Entry | None, override: Entry, written: Path) -> Entry:
        here = from_guest(override, written[:-1])
        if base is None or isinstance(override.value, Unreadable):
            return here
        if isinstance(base.value, Unreadable):
            return base
        if isinstance(base.value, Table) and is_off(override.value):
            return replace(here, value=Table((), override.value.place))
        if not isinstance(base.value, Table) or not isinstance(override.value, Table):
            nothing = isinstance(override.value, Text) and override.value.is_nothing
            wrong = "nothing is written" if nothing else f"{what_is(override.value)} stands"
            right = f"write a table with what differs, or {OFF}"
            self._report(override.key.place, written, f"{wrong} here", right, Code.WRONG_KIND)
            return base
        guest = override.value
        if name in self._sections.entries:
            guest = self._entries_meant(name, base.value, guest, written)
        table = lay_over(base.value, guest, written, self._problems.append)
        return base if table is base.value else Entry(base.key, table, base.written)

    def _entries_meant(self, section: str, base: Table, guest: Table, written: Path) -> Table:
        """Report entries that neither are there to differ from, nor could be new ones."""
        there = {entry.key.text for entry in base.entries}
        entries: list[Entry] = []
        for entry in guest.entries:
            key, value = entry.key.text, entry.value
            new = isinstance(value, Table) and self._sections.is_complete(section, value)
            if key in there or new or not (isinstance(value, Table) or is_off(value)):
                entries.append(entry)
                continue
            meant = nearest(key, there)
            if meant is None and not is_off(value):
                entries.append(entry)  # the reader says what a new one lacks
                continue
            wrong = f"{section} has no {shown(key)}, which this would change"
            right = suggestion(key, there, else_say="remove it")
            self._report(entry.key.place, (*written, key), wrong, right, Code.UNKNOWN_NAME)
            if meant is not None and guest.get(meant) is None:
                as_meant = Text(meant, entry.key.place, entry.key.quoted)
                entries.append(Entry(as_meant, value, (*written, key)))
        return Table(tuple(entries), guest.place, guest.whole)

    def _variant(
        self,
        sections: Mapping[str, Entry],
        environments: Sequence[Entry],
        left_out: Mapping[Path, LeftOut] = MappingProxyType({}),
    ) -> Variant:
        likeness = self._likeness_by_section(sections.get(DEFAULTS))
        entries: list[Entry] = []
        taken: set[str] = {DEFAULTS}
        for entry in self._root.entries:
            if entry is self._environments:
                entries.append(self._only(entry, environments))
                continue
            name = self._right.get(id(entry))
            if name is None:
                entries.append(entry)
            elif name != DEFAULTS:
                taken.add(name)
                entries.append(self._completed(name, sections[name], likeness.get(name)))
            elif entry.key.text != DEFAULTS:
                entries.append(entry)  # misspelt, which the reader reports
        entries += [
            self._completed(name, entry, likeness.get(name))
            for name, entry in sections.items()
            if name not in taken
        ]
        root = Table(tuple(entries), self._root.place, self._root.whole)
        document = Document(file=self._document.file, root=root, problems=(), left_out=left_out)
        names = tuple(entry.key.text for entry in environments)
        return Variant(environments=names, document=document)

    def _only(self, entry: Entry, environments: Sequence[Entry]) -> Entry:
        if not isinstance(entry.value, Table):
            return entry
        table = Table(tuple(environments), entry.value.place, entry.value.whole)
        return Entry(entry.key, table, entry.written)

    def _completed(self, section: str, entry: Entry, likeness: Likeness | None) -> Entry:
        if likeness is None:
            return entry
        if not isinstance(entry.value, Table):
            self._unclear.add(section)
            return entry
        table = likeness.complete(entry.value)
        return entry if table is entry.value else Entry(entry.key, table, entry.written)

    def _likeness_by_section(self, defaults: Entry | None) -> dict[str, Likeness]:
        """Give the defaults of every section that is a table of tables; it may have none."""
        tables: dict[str, tuple[Table, Path]] = {}
        whole = defaults.value if defaults else None
        if defaults is not None and isinstance(whole, Table):
            found = spelt(whole.entries, self._sections.entries)
            at = defaults.written or (defaults.key.text,)
            for entry, _ in found.unknown:
                self._unknown_section(entry, at)
            for section, entry in found.found.items():
                path = entry.written or (*at, entry.key.text)
                if isinstance(entry.value, Table):
                    tables[section] = (entry.value, path)
                else:
                    self._no_defaults(entry, path)
        elif defaults is not None:
            self._no_defaults(defaults, defaults.written or (defaults.key.text,))
        return {
            section: self._likeness_of(section, *tables.get(section, (None, ())))
            for section in self._sections.entries
        }

    def _likeness_of(self, section: str, table: Table | None, written: Path) -> Likeness:
        known = (section, id(table))
        if known not in self._likeness:
            shape = self._sections.entries[section]
            self._likeness[known] = Likeness(section, shape, table, written)
        return self._likeness[known]

    def _unknown_section(self, entry: Entry, at: Path) -> None:
        key = entry.key.text
        names = self._sections.entries
        wrong = f"there is no section {shown(key)}"
        right = suggestion(key, names, else_say="")
        if key in self._sections.names:
            wrong = f"{key} is not a section of named entries, so none can be like a default"
            right = f"write defaults of {', '.join(names)}"
        self._report(entry.key.place, (*at, key), wrong, right, Code.UNKNOWN_KEY)

    def _no_defaults(self, entry: Entry, path: Path) -> None:
        value = entry.value
        if isinstance(value, Unreadable):
            return
        nothing = isinstance(value, Text) and value.is_nothing
        wrong = "nothing is written here" if nothing else f"{what_is(value)} stands here"
        right = (
            "write sections, and in each the defaults by name"
            if len(path) == 1
            else ("write defaults by name, such as usual: {…}")
        )
        self._report(entry.key.place, path, wrong, right, Code.WRONG_KIND)

    def _report_unused(self) -> None:
        """Report what no entry is like in any environment."""
        used = {place for likeness in self._likeness.values() for place in likeness.used}
        unused: dict[Place, Problem] = {}
        for (section, _), likeness in self._likeness.items():
            if section not in self._unclear and self._root.whole:
                unused |= likeness.unused()
        self._problems += (problem for place, problem in unused.items() if place not in used)

    def _report(self, place: Place, path: Path, wrong: str, right: str, code: Code) -> None:
        problem = Problem(place=place, path=path, wrong=wrong, right=right, code=code)
        self._problems.append(problem)
