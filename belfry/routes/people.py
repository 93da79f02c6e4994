"""Whom a name means: a channel, or people; and who of a rotation it is at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from belfry.language.people import Rotation
    from belfry.language.platform import Platform

_DAY = 86_400


class Means(StrEnum):
    """What a name means."""

    CHANNEL = "channel"
    CONTACT = "contact"
    TEAM = "team"
    ROTATION = "rotation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Who is told: a channel, or contacts."""

    name: str
    means: Means
    contacts: tuple[str, ...] = ()
    """Of a contact itself; of a team, all; of a rotation, in turn."""

    @property
    def sign(self) -> str:
        """Its name, so that people are told apart from channels."""
        return self.name if self.means is Means.CHANNEL else f"@{self.name}"


def recipients(platform: Platform, names: Iterable[str]) -> tuple[Recipient, ...]:
    """Find whom names mean; those that mean nobody are left out, which `meaning` reports."""
    people = platform.people
    found = []
    for name in dict.fromkeys(names):
        if name in platform.channels:
            found.append(Recipient(name=name, means=Means.CHANNEL))
        elif name in people.contacts:
            found.append(Recipient(name=name, means=Means.CONTACT, contacts=(name,)))
        elif name in people.teams:
            members = people.teams[name].members
            found.append(Recipient(name=name, means=Means.TEAM, contacts=members))
        elif name in people.rotations:
            members = people.rotations[name].members
            found.append(Recipient(name=name, means=Means.ROTATION, contacts=members))
    return tuple(found)


def on_call(rotation: Rotation, moment: dt.datetime) -> str:
    """Give the contact whose turn it is. Before the first turn it is the first one's already.

    Turns change on the clocks of the rotation's zone, so that one may last 23 or 25 hours more or
    less than a day's multiple where clocks are changed.
    """
    there = moment.astimezone(rotation.zone.rules)
    days = (there.date() - rotation.since.day).days
    if there.hour * 60 + there.minute < rotation.handover.minutes:
        days -= 1
    turn = max(days, 0) // (rotation.every.whole_seconds // _DAY)
    return rotation.members[turn % len(rotation.members)]
