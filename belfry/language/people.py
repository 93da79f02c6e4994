"""People: who they are, in which teams, who is on call, and when they work."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from belfry.forms import Mail, Name, Phone, Reference
from belfry.shapes import Says
from belfry.values.clock import TimeOfDay, TimeSpan
from belfry.values.date import Date, Holiday
from belfry.values.duration import Duration
from belfry.values.weekdays import Weekdays
from belfry.values.zone import Zone

_WEEK = Duration.of(7 * 86_400)
_MORNING = TimeOfDay.parse("09:00")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One person, and how to reach them."""

    title: Annotated[str | None, Says("Their name, for messages.", "First on call")] = None
    mail: Annotated[Mail | None, Says("Their mail address.", "on-call@example.com")] = None
    phone: Annotated[Phone | None, Says("Their number, with its country.", '"+14155550100"')] = None
    slack: Annotated[str | None, Says("Their handle in Slack.", '"@on-call"')] = None
    zone: Annotated[Zone | None, Says("Where they live, for messages.", "America/Denver")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """People who answer together."""

    title: Annotated[str | None, Says("Its name, for messages.", "Operations")] = None
    members: Annotated[tuple[Reference, ...], Says("Its contacts.", "[first, second]")]
    lead: Annotated[Reference | None, Says("Who leads it, one of its contacts.", "first")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """People who are on call in turn."""

    members: Annotated[tuple[Reference, ...], Says("Contacts, in turn.", "[first, second]")]
    every: Annotated[Duration, Says("How long a turn lasts; whole days.", "7d")] = _WEEK
    since: Annotated[Date, Says("The day on which the first turn began.", "2026-01-05")]
    handover: Annotated[TimeOfDay, Says("The time of day when turns change.", "09:00")] = _MORNING
    zone: Annotated[Zone, Says("The zone of that time.", "America/Denver")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When people work."""

    days: Annotated[Weekdays, Says("Days of the week.", "Mon–Fri")]
    between: Annotated[TimeSpan, Says("Times of the day.", "09:00–17:00")]
    zone: Annotated[Zone, Says("The zone of those times.", "America/Denver")]
    holidays: Annotated[Reference | None, Says("Days off, one of people.holidays.", "public")] = (
        None
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Who answers: contacts, teams, rotations, working hours, holidays."""

    contacts: Annotated[Mapping[Name, Contact], Says("People who can be reached.")] = field(
        default_factory=dict
    )
    teams: Annotated[Mapping[Name, Team], Says("People who answer together.")] = field(
        default_factory=dict
    )
    rotations: Annotated[Mapping[Name, Rotation], Says("People who are on call in turn.")] = field(
        default_factory=dict
    )
    hours: Annotated[Mapping[Name, Hours], Says("When people work.")] = field(default_factory=dict)
    holidays: Annotated[
        Mapping[Name, tuple[Holiday, ...]],
        Says("Days off: of one year, or of every year.", "public: [2026-12-24, 12-25]"),
    ] = field(default_factory=dict)
