"""Channels: whether they lead to somebody, safely, and are told anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.language.channels import Email, Sms, Tls, Webhook
from belfry.meaning.reachable import host_of, is_of_this_machine
from belfry.problems import Code
from belfry.routing import VOTE_KEY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from belfry.findings import Findings
    from belfry.language.platform import Platform
    from belfry.problems import Path

_DECIDE = ("channels", "severities", "routing", "cost")
"""Sections in which channels are named, and their own, where others may have slipped into."""
_IMPLICIT = (465,)
_STARTTLS = (25, 587, 2525)
"""Ports and what is spoken on them (RFC 8314, 3.3 and 7.3; 2525 is the usual other 587)."""


def ask(findings: Findings[Platform]) -> None:
    """Ask about every channel."""
    for name, channel in findings.value.channels.items():
        path: Path = ("channels", name, channel.KEY)
        match channel:
            case Email():
                _each_once(findings, (*path, "to"), channel.to, "write a mail address")
                _encryption(findings, path, channel)
            case Sms():
                _each_once(findings, (*path, "to"), channel.to, "write a number")
                _to_itself(findings, path, channel)
            case Webhook():
                _in_clear(findings, path, channel)
            case _:
                pass
    _unused(findings)
    _secrets(findings)


def _each_once(findings: Findings[Platform], path: Path, to: Sequence[str], right: str) -> None:
    if not to:
        findings.add(path, "nobody is told", right)
    findings.once(path, [one.lower() for one in to])


def _encryption(findings: Findings[Platform], path: Path, email: Email) -> None:
    where = (*path, "tls")
    because = ((*path, "port"), (*path, "host"))
    if email.tls is Tls.NONE:
        if not is_of_this_machine(email.host):
            wrong = f"the password would go to {email.host} in clear"
            findings.add(where, wrong, "write implicit or starttls", because=because, also=because)
    elif email.tls is Tls.STARTTLS and email.port in _IMPLICIT:
        wrong = f"port {email.port} is encrypted from the first byte on, without STARTTLS"
        findings.add(
            where, wrong, "write tls: implicit, or port: 587", because=because, also=because
        )
    elif email.tls is Tls.IMPLICIT and email.port in _STARTTLS:
        wrong = f"port {email.port} begins unencrypted, and waits for STARTTLS"
        findings.add(
            where, wrong, "write tls: starttls, or port: 465", because=because, also=because
        )


def _to_itself(findings: Findings[Platform], path: Path, sms: Sms) -> None:
    for index, number in enumerate(sms.to):
        if number == sms.from_:
            findings.add(
                (*path, "to", index),
                "this is the number that sends",
                "name a person's number",
                because=((*path, "from"),),
                also=((*path, "from"),),
            )


def _in_clear(findings: Findings[Platform], path: Path, webhook: Webhook) -> None:
    host = host_of(webhook.url)
    if webhook.url.startswith("http:") and not is_of_this_machine(host):
        wrong = f"incidents and the token would go to {host} in clear"
        findings.add((*path, "url"), wrong, "write https://")


def _unused(findings: Findings[Platform]) -> None:
    platform = findings.value
    if any(findings.is_unclear((section,)) for section in _DECIDE):
        return
    people = platform.people
    others = {*people.contacts, *people.teams, *people.rotations}
    used = _used(platform)
    if not used - others <= platform.channels.keys():
        return  # what is misspelt may be the channel that seems unused
    for name in platform.channels:
        if name not in used:
            findings.add(
                ("channels", name),
                "nothing is told to this channel",
                "add it to the channels of a severity or a route, or remove it",
                code=Code.UNUSED,
            )


def _used(platform: Platform) -> set[str]:
    used: set[str] = set(platform.cost.tell if platform.cost else ())
    for severity in platform.severities.values():
        used.update(severity.channels)
        used.update(name for step in severity.escalate for name in step.to)
    for route in platform.routing.routes.values():
        used.update(route.channels)
    for names in platform.routing.events.values():
        used.update(names)
    return used


def _secrets(findings: Findings[Platform]) -> None:
    channels = findings.value.channels
    holders = {VOTE_KEY: "the monitoring itself"}
    for name, channel in channels.items():
        path = ("channels", name, channel.KEY, channel.SECRET)
        if findings.is_broken(path):
            continue
        holder = holders.setdefault(channel.secret.name, name)
        if holder != name:
            other = channels.get(holder)
            where = (("channels", holder, other.KEY, other.SECRET),) if other else ()
            wrong = f"{holder} uses this secret already"
            findings.add(path, wrong, "give each channel a secret of its own", also=where)
