"""People: whether they are there, can be reached, and are told of anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.arguments import Pager
from belfry.contact_channels import escalated, unreached
from belfry.problems import Code
from belfry.values.date import Date, YearlyDate
from belfry.values.duration import DAY
from belfry.values.nonsense import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from belfry.findings import Findings
    from belfry.language.platform import Platform
    from belfry.problems import Path
    from belfry.values.date import Holiday

_LEADS_TO_PEOPLE = ("people", "channels", "severities")
"""Sections that decide whether people can be told."""
_NAMES_PEOPLE = ("people", "severities", "routing", "access")
"""Sections in which people are named."""


def ask(findings: Findings[Platform]) -> None:
    """Ask about everybody, and about the team that answers for the platform."""
    people = findings.value.people
    for name, contact in people.contacts.items():
        path: Path = ("people", "contacts", name)
        reachable = contact.mail or contact.phone or contact.slack
        if not reachable and not findings.is_unclear(path):
            wrong = "there is no way to reach this person"
            findings.add(path, wrong, "give them mail, phone or slack")
    for name in people.teams:
        _team(findings, name)
    for name in people.rotations:
        _rotation(findings, name)
    for name, hours in people.hours.items():
        if hours.holidays is not None:
            where = ("people", "hours", name, "holidays")
            among = people.holidays
            findings.known(where, hours.holidays, "list of holidays", among, "people", "holidays")
    for name, days in people.holidays.items():
        _holidays(findings, ("people", "holidays", name), days)
    _responsible(findings)
    _unreached(findings)
    _unused(findings)


def _team(findings: Findings[Platform], name: str) -> None:
    team = findings.value.people.teams[name]
    path = ("people", "teams", name)
    _members(findings, path, team.members, "nobody is in this team")
    if team.lead is None:
        return
    where = (*path, "lead")
    if _is_contact(findings, where, team.lead) and team.lead not in team.members:
        findings.add(
            where,
            f"{team.lead} leads the team and is not in it",
            f"add {team.lead} to its members",
            because=((*path, "members"),),
            also=((*path, "members"),),
        )


def _rotation(findings: Findings[Platform], name: str) -> None:
    rotation = findings.value.people.rotations[name]
    path = ("people", "rotations", name)
    _members(findings, path, rotation.members, "nobody is ever on call")
    every = rotation.every
    if every < DAY or not every.is_multiple_of(DAY):
        wrong = f"a turn of {every} is not whole days"
        findings.add((*path, "every"), wrong, "write 1d, 7d or another number of days")


def _members(findings: Findings[Platform], path: Path, members: Sequence[str], nobody: str) -> None:
    contacts = findings.value.people.contacts
    where = (*path, "members")
    if not members:
        findings.add(where, nobody, "name contacts of people.contacts")
    findings.known_once(where, members, "contact", contacts, "people", "contacts")


def _is_contact(findings: Findings[Platform], path: Path, name: str) -> bool:
    contacts = findings.value.people.contacts
    return findings.known(path, name, "contact", contacts, "people", "contacts")


def _holidays(findings: Findings[Platform], path: Path, days: Sequence[Holiday]) -> None:
    if not days:
        findings.add(path, "there is no day in it", "write days such as 2026-12-24 or 12-25")
    clear = [
        (index, day.on) for index, day in enumerate(days) if not findings.is_broken((*path, index))
    ]
    yearly = {on for _, on in clear if isinstance(on, YearlyDate)}
    seen: set[Date | YearlyDate] = set()
    for index, on in clear:
        if on in seen:
            findings.add((*path, index), f"{on} stands here twice", "write it once")
        elif isinstance(on, Date) and _of_every_year(on) in yearly:
            wrong = f"{_of_every_year(on)} stands here for every year"
            findings.add((*path, index), wrong, f"remove {on}")
        seen.add(on)


def _of_every_year(date: Date) -> YearlyDate:
    return YearlyDate(date.day.month, date.day.day)


def _responsible(findings: Findings[Platform]) -> None:
    """Ask whether the team that answers for the platform is there, if there are teams at all."""
    platform = findings.value
    teams = platform.people.teams
    if not teams or platform.team in teams:
        return
    if findings.is_written(("team",)):
        findings.known(("team",), platform.team, "team", teams, "people", "teams")
        return
    findings.add(
        ("people", "teams"),
        f"there is no team {shown(platform.team)}, which answers where the platform names none",
        f"add team: to the top of the file, such as team: {min(teams)}",
        because=(("team",),),
        code=Code.UNKNOWN_NAME,
    )


def _unreached(findings: Findings[Platform]) -> None:
    """Report to whom a severity escalates where the Worker pages, which has no way to them."""
    platform = findings.value
    by_worker = [key for key, one in platform.environments.items() if one.paging is Pager.WORKER]
    if not by_worker or any(findings.is_unclear((section,)) for section in _LEADS_TO_PEOPLE):
        return
    named = frozenset(escalated(platform))
    contacts = platform.people.contacts.items()
    told = [
        name for name, one in contacts if name in named and (one.mail or one.phone or one.slack)
    ]
    for one in unreached(platform, by_worker[0], told):
        because = (("environments", by_worker[0], "paging"), ("channels",))
        findings.add(one.path, one.wrong, one.right, because=because)


def _unused(findings: Findings[Platform]) -> None:
    """Report whom nobody tells anything, and days that nobody has off."""
    if any(findings.is_unclear((section,)) for section in _NAMES_PEOPLE):
        return
    platform = findings.value
    people = platform.people
    told = _told(platform)
    everybody = {*people.contacts, *people.teams, *people.rotations, *platform.channels}
    named = told | {member for team in people.teams.values() for member in team.members}
    named.update(one for turns in people.rotations.values() for one in turns.members)
    if named <= everybody:
        for name in people.contacts if people.teams or people.rotations else ():
            if name not in named:
                right = "put this contact into a team or rotation, escalate to it, or remove it"
                _unread(findings, ("people", "contacts", name), "nobody tells this contact", right)
        for name in people.rotations:
            if name not in told:
                right = "let a severity escalate to it, or remove it"
                wrong = "nobody tells this rotation"
                _unread(findings, ("people", "rotations", name), wrong, right)
    _unused_times(findings)


def _told(platform: Platform) -> set[str]:
    """Give every name by which people are told something or may do something."""
    told = {
        name
        for severity in platform.severities.values()
        for step in severity.escalate
        for name in step.to
    }
    told.update(name for names in platform.routing.events.values() for name in names)
    told.update(name for role in platform.access.roles.values() for name in role.who)
    return told


def _unused_times(findings: Findings[Platform]) -> None:
    platform = findings.value
    hours = platform.people.hours
    of = {one.hours for one in platform.severities.values() if one.hours}
    of |= {one.hours for one in platform.routing.routes.values() if one.hours}
    if of <= hours.keys():
        for name in hours:
            if name not in of:
                right = "give them to a severity or a route as hours, or remove them"
                wrong = "nothing is said in these hours"
                _unread(findings, ("people", "hours", name), wrong, right)
    holidays = platform.people.holidays
    off = {one.holidays for one in hours.values() if one.holidays}
    if off <= holidays.keys():
        for name in holidays:
            if name not in off:
                wrong = "nobody has these days off"
                right = "give them to hours of people.hours as holidays, or remove them"
                _unread(findings, ("people", "holidays", name), wrong, right)


def _unread(findings: Findings[Platform], path: Path, wrong: str, right: str) -> None:
    findings.add(path, wrong, right, code=Code.UNUSED)
