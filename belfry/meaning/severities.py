"""Severities: whether somebody is told in time, and who is next when nobody answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.meaning.recipients import Recipients, paging
from belfry.values.promise import Word

if TYPE_CHECKING:
    from belfry.findings import Findings
    from belfry.language.platform import Platform
    from belfry.values.duration import Duration


def ask(findings: Findings[Platform]) -> None:
    """Ask about every severity."""
    platform = findings.value
    if not platform.severities:
        right = "add one with rank, answer, resolve and channels"
        findings.add(("severities",), "there is none", right)
    _ranks(findings)
    recipients = Recipients.of(platform)
    for name in platform.severities:
        _times(findings, name)
        _channels(findings, name)
        _steps(findings, name, recipients)
        _hours(findings, name)
    _sleep(findings)


def _ranks(findings: Findings[Platform]) -> None:
    ranks: dict[int, str] = {}
    for name, severity in findings.value.severities.items():
        path = ("severities", name, "rank")
        if findings.is_broken(path):
            continue
        other = ranks.setdefault(severity.rank, name)
        if other != name:
            wrong = f"{other} has rank {severity.rank} already"
            right = "give each severity a rank of its own"
            findings.add(path, wrong, right, also=(("severities", other, "rank"),))


def _times(findings: Findings[Platform], name: str) -> None:
    severity = findings.value.severities[name]
    path = ("severities", name)
    answer, resolve = severity.answer.within, severity.resolve.within
    nothing = False
    for key, within in (("answer", answer), ("resolve", resolve)):
        if within is not None and not within.milliseconds:
            nothing = True
            wrong = "nobody can be so fast"
            findings.add((*path, key), wrong, "write a duration such as 15m, or best effort")
    if not nothing and answer is not None and resolve is not None and resolve < answer:
        findings.add(
            (*path, "resolve"),
            f"{severity.resolve} is sooner than the answer, {severity.answer}",
            "allow at least as long",
            because=((*path, "answer"),),
            also=((*path, "answer"),),
        )


def _channels(findings: Findings[Platform], name: str) -> None:
    platform = findings.value
    path = ("severities", name, "channels")
    channels = platform.severities[name].channels
    pages = paging(platform)
    if not channels and pages:
        findings.add(
            path,
            f"nobody is told, and {pages[0]} pages",
            "name a channel, or let every environment have paging: shadow",
            because=(("environments", pages[0], "paging"),),
        )
    findings.known_once(path, channels, "channel", platform.channels, "channels")


def _steps(findings: Findings[Platform], name: str, recipients: Recipients) -> None:
    severity = findings.value.severities[name]
    path = ("severities", name, "escalate")
    if severity.escalate and severity.answer.word is Word.BEST_EFFORT:
        findings.add(
            path,
            "nobody has promised to answer, so there is no time after which somebody else is told",
            "write a duration as answer, or remove the steps",
            because=((*path[:-1], "answer"),),
            also=((*path[:-1], "answer"),),
        )
        return
    before: Duration | None = None
    for index, step in enumerate(severity.escalate):
        where = (*path, index)
        recipients.known_once(findings, (*where, "to"), step.to)
        if not step.to:
            wrong = "nobody is told in this step"
            findings.add((*where, "to"), wrong, f"name a {recipients.whats}")
        if findings.is_broken((*where, "after")):
            continue
        if before is not None and step.after <= before:
            wrong = f"{step.after} is not later than the step before, {before}"
            right = "write the steps in the order of their times"
            findings.add((*where, "after"), wrong, right, also=((*path, index - 1, "after"),))
        _too_late(findings, name, index)
        before = step.after


def _too_late(findings: Findings[Platform], name: str, index: int) -> None:
    severity = findings.value.severities[name]
    after, resolve = severity.escalate[index].after, severity.resolve
    if resolve.word is None and resolve.within is not None and after >= resolve.within:
        findings.add(
            ("severities", name, "escalate", index, "after"),
            f"after {after} it should be over already, which {name} promises within {resolve}",
            f"write less than {resolve}, or allow longer to resolve",
            because=(("severities", name, "resolve"),),
            also=(("severities", name, "resolve"),),
        )


def _hours(findings: Findings[Platform], name: str) -> None:
    platform = findings.value
    hours = platform.severities[name].hours
    if hours is not None:
        path = ("severities", name, "hours")
        findings.known(path, hours, "working time", platform.people.hours, "people", "hours")


def _sleep(findings: Findings[Platform]) -> None:
    """Ask whether somebody is woken by the worst."""
    platform = findings.value
    ranks = tuple(("severities", name, "rank") for name in platform.severities)
    pages = paging(platform)
    if not platform.severities or not pages:
        return
    worst = min(platform.severities, key=lambda name: platform.severities[name].rank)
    if platform.severities[worst].hours is not None:
        findings.add(
            ("severities", worst, "hours"),
            f"nobody is woken at night by {worst}, the worst severity, and {pages[0]} pages",
            "remove hours, or add a worse severity that is told at any time",
            because=(*ranks, ("environments", pages[0], "paging")),
            also=ranks,
        )
