"""Whom a reference means: a channel, a contact, a team, a rotation. And where people are paged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from belfry.arguments import Pager
from belfry.problems import Code, nearest, suggestion
from belfry.values.nonsense import shown

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from belfry.findings import Findings
    from belfry.language.platform import Platform
    from belfry.problems import Path


def paging(platform: Platform) -> tuple[str, ...]:
    """Give the environments in which somebody is paged."""
    return tuple(
        name for name, one in platform.environments.items() if one.paging is not Pager.SHADOW
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipients:
    """Everybody who can be told: the tables of names, by what they name."""

    tables: Mapping[str, Collection[str]]

    @classmethod
    def of(cls, platform: Platform) -> Recipients:
        """Give channels and people."""
        return cls(
            tables={
                "channel": platform.channels,
                "contact": platform.people.contacts,
                "team": platform.people.teams,
                "rotation": platform.people.rotations,
            }
        )

    @classmethod
    def people(cls, platform: Platform) -> Recipients:
        """Give people only, alone and together."""
        tables = cls.of(platform).tables
        return cls(tables={what: names for what, names in tables.items() if what != "channel"})

    @property
    def whats(self) -> str:
        """Say what a reference may name."""
        *others, last = self.tables
        return f"{', '.join(others)} or {last}"

    def known_once(self, findings: Findings[Platform], path: Path, names: Sequence[str]) -> None:
        """Report the references of a list that mean nobody, two different ones, or one again."""
        for index, name in enumerate(names):
            self._known(findings, (*path, index), name)
        findings.once(path, names)

    def _known(self, findings: Findings[Platform], path: Path, name: str) -> None:
        found = [what for what, names in self.tables.items() if name in names]
        if len(found) > 1:
            wrong = f"{name} is a {found[0]} and a {found[1]}"
            places = tuple((*_within(what), name) for what in found)
            findings.add(path, wrong, "give one of them another name", also=places)
        if found:
            return
        for what, names in self.tables.items():
            if nearest(name, names):
                findings.known(path, name, self.whats, names, *_within(what))
                return
        everybody = [other for names in self.tables.values() for other in names]
        findings.add(
            path,
            f"there is no {self.whats} {shown(name)}",
            suggestion(name, everybody, else_say="there is nobody at all: add a contact"),
            because=tuple(map(_within, self.tables)),
            code=Code.UNKNOWN_NAME,
        )


def _within(what: str) -> tuple[str, ...]:
    """Give the part of the file in which such names are defined."""
    return ("channels",) if what == "channel" else ("people", f"{what}s")
