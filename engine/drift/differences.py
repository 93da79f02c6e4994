"""What an examination finds: differences, what is only the provider's, what nobody can read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from engine.documents import Json

if TYPE_CHECKING:
    from engine.documents import Document

GONE = "gone"
"""The property of a difference that is about the whole object."""


class Seen(StrEnum):
    """Who noticed a difference."""

    REFRESH = "refresh"
    """The provider reads it: `belfry refresh`, then `belfry up` mends it too."""
    BELFRY = "belfry"
    """No provider reads it: to Pulumi nothing has changed, and `up` leaves it as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The resource that something is found of."""

    urn: str
    type: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One part of a resource that the service has otherwise than it was recorded."""

    subject: Subject
    property: str
    """Path in the resource, such as `schedules` or `bindings.API_URL`; GONE for all of it."""
    was: str | None
    """As recorded, fit to be shown; None: it was not there."""
    now: str | None
    """As the service has it, fit to be shown; None: it is not there."""
    seen: Seen

    def as_json(self) -> Document:
        """The same for a machine."""
        return {
            **_subject(self.subject),
            "property": self.property,
            "recorded": self.was,
            "found": self.now,
            "seen_by": self.seen.value,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """A resource whose refresh says "update" though nobody changed it."""

    subject: Subject
    properties: tuple[str, ...]
    """What the service or the provider fills in; empty where the provider names nothing."""

    def as_json(self) -> Document:
        """The same for a machine."""
        return {**_subject(self.subject), "properties": list[Json](self.properties)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """Secrets that their service never tells again: compared with nothing."""

    subject: Subject
    secrets: tuple[str, ...]
    """Their names."""
    written: str
    """When Pulumi last wrote the resource, as its state says (RFC 3339)."""

    def as_json(self) -> Document:
        """The same for a machine."""
        return {
            **_subject(self.subject),
            "secrets": list[Json](self.secrets),
            "written": self.written,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """All that one examination of a stack found."""

    differences: tuple[Difference, ...]
    fillings: tuple[Filling, ...]
    unreadable: tuple[Unreadable, ...]

    def as_json(self) -> Document:
        """The same for a machine; the shape is documented in docs/drift.md."""
        return {
            "drifted": bool(self.differences),
            "differences": [one.as_json() for one in self.differences],
            "providers_own": [one.as_json() for one in self.fillings],
            "unreadable": [one.as_json() for one in self.unreadable],
        }


def _subject(subject: Subject) -> Document:
    return {"urn": subject.urn, "type": subject.type, "name": subject.name}
