"""Severities and channels: whether somebody is told, by a way that exists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.arguments import Pager
from belfry.channels import Email
from belfry.routing import VOTE_KEY

if TYPE_CHECKING:
    from belfry.findings import Findings
    from belfry.platform_file import Platform


def ask(findings: Findings[Platform]) -> None:
    """Ask about every severity and every channel."""
    platform = findings.value
    if not platform.severities:
        right = "add one with rank, answer, resolve and channels"
        findings.add(("severities",), "there is none", right)
    _ranks(findings)
    for name in platform.severities:
        _times(findings, name)
        _route(findings, name)
    _unused(findings)
    _recipients(findings)
    _secrets(findings)


def _ranks(findings: Findings[Platform]) -> None:
    ranks: dict[int, str] = {}
    for name, severity in findings.value.severities.items():
        other = ranks.setdefault(severity.rank, name)
        if other != name:
            findings.add(
                ("severities", name, "rank"),
                f"{other} has rank {severity.rank} already",
                "give each severity a rank of its own",
                because=(("severities", other, "rank"),),
            )


def _times(findings: Findings[Platform], name: str) -> None:
    severity = findings.value.severities[name]
    if severity.resolve < severity.answer:
        findings.add(
            ("severities", name, "resolve"),
            f"{severity.resolve} is sooner than the answer, {severity.answer}",
            "allow at least as long",
            because=(("severities", name, "answer"),),
        )


def _route(findings: Findings[Platform], name: str) -> None:
    platform = findings.value
    path = ("severities", name, "channels")
    channels = platform.severities[name].channels
    paging = [key for key, one in platform.environments.items() if one.paging is not Pager.SHADOW]
    if not channels and paging:
        findings.add(
            path,
            f"nobody is told, and {paging[0]} pages",
            "name a channel, or let every environment have paging: shadow",
            because=(("environments", paging[0], "paging"),),
        )
    findings.known_once(path, channels, "channel", platform.channels, "channels")


def _unused(findings: Findings[Platform]) -> None:
    platform = findings.value
    used = {channel for severity in platform.severities.values() for channel in severity.channels}
    routes = tuple(("severities", name, "channels") for name in platform.severities)
    broken = any(findings.is_broken(path) for path in (("severities",), *routes))
    unclear = broken or not used <= platform.channels.keys()
    for name in platform.channels:
        if name not in used and not unclear:
            findings.add(
                ("channels", name),
                "no severity tells this channel",
                "add it to the channels of a severity, or remove it",
            )


def _recipients(findings: Findings[Platform]) -> None:
    for name, channel in findings.value.channels.items():
        if isinstance(channel, Email) and not channel.to:
            path = ("channels", name, "email", "to")
            findings.add(path, "nobody is told", "write a mail address")


def _secrets(findings: Findings[Platform]) -> None:
    holders = {VOTE_KEY: "the monitoring itself"}
    for name, channel in findings.value.channels.items():
        path = ("channels", name, channel.KEY, channel.SECRET)
        if findings.is_broken(path):
            continue
        holder = holders.setdefault(channel.secret.name, name)
        if holder != name:
            wrong = f"{holder} uses this secret already"
            findings.add(path, wrong, "give each channel a secret of its own")
