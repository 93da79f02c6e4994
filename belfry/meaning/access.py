"""Access: whether those who may do something are there, and somebody may do what is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.language.access import Right
from belfry.meaning.reachable import host_of, is_of_this_machine
from belfry.meaning.recipients import Recipients, paging
from belfry.problems import printed
from belfry.routing import VOTE_KEY

if TYPE_CHECKING:
    from belfry.arguments import Secret
    from belfry.findings import Findings
    from belfry.language.platform import Platform
    from belfry.problems import Path


def ask(findings: Findings[Platform]) -> None:
    """Ask about every role, every key and the place where people log in."""
    platform = findings.value
    people = Recipients.people(platform)
    for name, role in platform.access.roles.items():
        path = ("access", "roles", name)
        if not role.who:
            findings.add((*path, "who"), "nobody has this role", f"name a {people.whats}")
        people.known_once(findings, (*path, "who"), role.who)
        if not role.may:
            findings.add((*path, "may"), "the role may do nothing", "write what, such as [view]")
        findings.once((*path, "may"), role.may)
        severities = platform.severities
        findings.known_once(
            (*path, "severities"), role.severities, "severity", severities, "severities"
        )
    for name, key in platform.access.keys.items():
        path = ("access", "keys", name)
        if not key.may:
            findings.add((*path, "may"), "the key opens nothing", "write what, such as [view]")
        findings.once((*path, "may"), key.may)
    _secrets(findings)
    _log_in(findings)
    _acknowledge(findings)


def _secrets(findings: Findings[Platform]) -> None:
    """Report keys that open something else too, so that whoever knows one could do both."""
    access = findings.value.access
    holders: dict[str, Path] = {
        channel.secret.name: ("channels", name, channel.KEY, channel.SECRET)
        for name, channel in findings.value.channels.items()
    }
    secrets: dict[Path, Secret] = {
        ("access", "keys", name, "key"): key.key for name, key in access.keys.items()
    }
    if access.oauth is not None:
        secrets["access", "oauth", "secret"] = access.oauth.secret
    for path, secret in secrets.items():
        if findings.is_broken(path):
            continue
        holder = holders.setdefault(secret.name, path)
        if secret.name == VOTE_KEY:
            wrong = "the monitoring itself uses this secret already"
            findings.add(path, wrong, "give it one of its own")
        elif holder != path:
            of = holder[:2] if holder[0] == "channels" else holder[:-1]
            wrong = f"{printed(of)} uses this secret already"
            right = "give it one of its own"
            findings.add(path, wrong, right, because=(holder,), also=(holder,))


def _log_in(findings: Findings[Platform]) -> None:
    oauth = findings.value.access.oauth
    if oauth is None:
        return
    path = ("access", "oauth")
    host = host_of(oauth.issuer)
    if oauth.issuer.startswith("http:") and not is_of_this_machine(host):
        wrong = f"{host} would tell in clear who logs in"
        findings.add((*path, "issuer"), wrong, "write https://")
    if not oauth.domains:
        wrong = "nobody is let in"
        findings.add((*path, "domains"), wrong, "write a mail domain, such as example.com")
    findings.once((*path, "domains"), oauth.domains)


def _acknowledge(findings: Findings[Platform]) -> None:
    """Ask whether somebody may take up what people are woken for, once roles are written down."""
    platform = findings.value
    roles = platform.access.roles
    pages = paging(platform)
    if not roles or not pages or findings.is_unclear(("access", "roles")):
        return
    if not any(Right.ACKNOWLEDGE in role.may for role in roles.values()):
        findings.add(
            ("access", "roles"),
            f"nobody may acknowledge, and {pages[0]} pages",
            "add acknowledge to what a role may do",
            because=(("environments", pages[0], "paging"),),
        )
