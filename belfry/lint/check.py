"""What a check is, and what it finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from belfry.problems import Path, Place, Problem


class Severity(StrEnum):
    """How bad it is."""

    ERROR = "error"
    """Prometheus refuses it, or it cannot do what it is for."""
    WARNING = "warning"
    """It does something else than people think."""
    INFO = "info"
    """It could be better."""

    @property
    def rank(self) -> int:
        """0 is the worst."""
        return list(Severity).index(self)


class Subject(StrEnum):
    """What a check is about, in the order in which they are listed."""

    FILES = "Files and keys"
    PROMQL = "PromQL"
    ALERTS = "Alerts"
    TEMPLATES = "Labels, annotations and templates"
    NAMES = "Names, groups and duplicates"
    SILENCES = "Silences"
    PLATFORM = "What a platform compiles to, and the catalogue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that is looked for."""

    id: str
    """Kebab case; it never changes, for silences name it."""
    subject: Subject
    severity: Severity
    says: str
    """What is looked for, in one line."""
    reason: str
    """Why it is bad: what happens to whom."""
    remedy: str
    """What would be right, where the finding does not say it better."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was found."""

    check: Check
    place: Place | None
    """None: no file is at fault."""
    path: Path
    """Of the part, such as the group and the rule."""
    wrong: str
    right: str
    also: tuple[Place, ...] = ()
    """Other places that it is about."""
    hidden: bool = False
    """The line holds what nobody may see, such as a secret in clear: it is never shown."""


def found_by(check: Check, problem: Problem) -> Finding:
    """Make a finding of a mistake in a file of belfry's own."""
    return Finding(
        check=check,
        place=problem.place,
        path=problem.path,
        wrong=problem.wrong,
        right=problem.right,
        also=problem.also,
        hidden=problem.hidden,
    )
