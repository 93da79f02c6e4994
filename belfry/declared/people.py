"""People: who can be reached and how, who is on call in turn, and when people work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from belfry.arguments import Declared
from belfry.contact_channels import escalated, mail_of, sms_of
from belfry.declared.units import seconds, text
from belfry.declared.unused import unused
from belfry.values.weekdays import DAYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from belfry.declared.site import Site
    from belfry.values.weekdays import Weekdays


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One person, and how to reach them."""

    contact: str
    """Their name in the platform file, in every environment the same."""
    title: str
    mail: str | None
    phone: str | None
    slack: str | None
    zone: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """People who answer together."""

    name: str
    title: str
    members: tuple[Person, ...]
    lead: Person | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """People who are on call in turn."""

    name: str
    members: tuple[Person, ...]
    """In turn."""
    turn: float
    """Seconds."""
    since: str
    """The day on which the first turn began."""
    handover: str
    """Time of day in the zone, such as 09:00."""
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When people work, on the clocks of a zone."""

    name: str
    days: tuple[str, ...]
    """Mon to Sun, in the week's order."""
    start: str
    end: str
    """24:00 for midnight; earlier than the start: on the next day."""
    zone: str
    holidays: tuple[str, ...]
    """Days such as 2026-12-24, and 12-25 for every year's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holidays:
    """Days off."""

    name: str
    days: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipients:
    """Whom a reference means: channels by name, and people with their addresses."""

    channels: tuple[str, ...]
    people: tuple[Person, ...]
    teams: tuple[Team, ...]
    rotations: tuple[Rotation, ...]


def people(site: Site) -> Iterator[Declared]:
    """Give everybody, and every time in which somebody works, as far as it is not kept."""
    if site.worker_tells:
        yield from _beside_the_worker(site)
    else:
        yield from _everybody(site)


def _beside_the_worker(site: Site) -> Iterator[Declared]:
    """Give whom the Worker never tells, and what of the others no message and no channel needs."""
    platform, said = site.platform, site.platform.people
    told = frozenset(escalated(platform))
    for name, contact in said.contacts.items():
        part = f"people.contacts.{name}"
        if name in told:
            more = {
                "title": contact.title,
                "mail": None if mail_of(platform) else contact.mail,
                "phone": None if sms_of(platform) else contact.phone,
                "slack": contact.slack,
                "zone": contact.zone,
            }
            yield from unused(site, part, more)
        else:
            yield Declared(part=part, component=site.pager, arguments=person(site, name))
    for name, one in said.teams.items():
        part = f"people.teams.{name}"
        if name in told:
            yield from unused(site, part, {"title": one.title, "lead": one.lead})
        else:
            yield Declared(part=part, component=site.pager, arguments=team(site, name))
    for name in said.rotations:
        if name not in told:
            part = f"people.rotations.{name}"
            yield Declared(part=part, component=site.pager, arguments=rotation(site, name))


def _everybody(site: Site) -> Iterator[Declared]:
    said = site.platform.people
    for section, names, made in (
        ("contacts", said.contacts, person),
        ("teams", said.teams, team),
        ("rotations", said.rotations, rotation),
        ("hours", said.hours, hours),
        ("holidays", said.holidays, holidays),
    ):
        for name in names:
            yield Declared(
                part=f"people.{section}.{name}",
                component=site.pager,
                arguments=made(site, name),
            )


def person(site: Site, name: str) -> Person:
    """Give a contact."""
    said = site.platform.people.contacts[name]
    return Person(
        contact=name,
        title=said.title or name,
        mail=said.mail,
        phone=said.phone,
        slack=said.slack,
        zone=text(said.zone),
    )


def team(site: Site, name: str) -> Team:
    """Give a team with its people."""
    said = site.platform.people.teams[name]
    return Team(
        name=site.name(name),
        title=said.title or name,
        members=tuple(person(site, one) for one in said.members),
        lead=person(site, said.lead) if said.lead else None,
    )


def rotation(site: Site, name: str) -> Rotation:
    """Give a rotation with its people."""
    said = site.platform.people.rotations[name]
    return Rotation(
        name=site.name(name),
        members=tuple(person(site, one) for one in said.members),
        turn=seconds(said.every),
        since=str(said.since),
        handover=str(said.handover),
        zone=str(said.zone),
    )


def hours(site: Site, name: str) -> Hours:
    """Give working hours with their holidays."""
    said = site.platform.people.hours[name]
    return Hours(
        name=site.name(name),
        days=weekdays(said.days),
        start=str(said.between.start),
        end=str(said.between.end),
        zone=str(said.zone),
        holidays=holidays(site, said.holidays).days if said.holidays else (),
    )


def holidays(site: Site, name: str) -> Holidays:
    """Give days off."""
    days = site.platform.people.holidays[name]
    return Holidays(name=site.name(name), days=tuple(map(str, days)))


def weekdays(days: Weekdays) -> tuple[str, ...]:
    """Write days of the week one by one."""
    return tuple(DAYS[day] for day in sorted(days.days))


def recipients(site: Site, references: Iterable[str]) -> Recipients:
    """Find whom references mean: channels, contacts, teams or rotations."""
    said = site.platform.people
    found = tuple(references)
    return Recipients(
        channels=tuple(one for one in found if one in site.platform.channels),
        people=tuple(person(site, one) for one in found if one in said.contacts),
        teams=tuple(team(site, one) for one in found if one in said.teams),
        rotations=tuple(rotation(site, one) for one in found if one in said.rotations),
    )
