"""Checks: whether they can be asked, often enough, and in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.language.checks import ASKED
from belfry.meaning import check_times, questions
from belfry.meaning.locations import ask_where

if TYPE_CHECKING:
    from belfry.findings import Findings
    from belfry.language.checks import Check
    from belfry.language.platform import Platform
    from belfry.meaning.reach import Reached
    from belfry.problems import Path

_MEANINGLESS = {
    "every": "remove it; heartbeat.every says how often it is sent",
    "timeout": "remove it; heartbeat.grace says how much later it may come",
    "confirmations": "remove it; heartbeat.grace says how much later it may come",
    "from": "remove it",
    "down-when": "remove it",
    "through": "remove it",
}
"""Keys that say how to ask, and what is right for a heartbeat, which is not asked for."""


def ask(findings: Findings[Platform], reached: Reached) -> None:
    """Ask about every check."""
    platform = findings.value
    if not platform.checks:
        right = "add one, such as front-page: {of: website, http: {path: /}}"
        findings.add(("checks",), "there is none", right)
    for name, check in platform.checks.items():
        _one_question(findings, name, check)
        _asked(findings, name, check)
        if check.heartbeat is not None:
            _not_asked(findings, name)
        else:
            ask_where(findings, ("checks", name), check)
        questions.ask(findings, name, check)
    check_times.ask(findings, reached.turns)
    _same(findings)


def _one_question(findings: Findings[Platform], name: str, check: Check) -> None:
    path = ("checks", name)
    said = [key for key in ASKED if getattr(check, key) is not None]
    if len(said) > 1:
        wrong = f"{' and '.join(said)} stand here, and a check asks one thing"
        findings.add((*path, said[1]), wrong, "make a check of each")
    if not said and not findings.is_unclear(path):
        right = f"add one of {', '.join(ASKED)}, such as http: {{path: /}}"
        findings.add(path, "the check asks nothing", right)


def _not_asked(findings: Findings[Platform], name: str) -> None:
    for key, right in _MEANINGLESS.items():
        path = ("checks", name, key)
        if findings.is_written(path):
            wrong = f"{key} says how to ask, and a heartbeat comes by itself"
            findings.add(path, wrong, right)


def _asked(findings: Findings[Platform], name: str, check: Check) -> None:
    """Ask whether there is somebody to ask, who can know."""
    platform = findings.value
    path = ("checks", name)
    if not findings.known((*path, "of"), check.of, "service", platform.services, "services"):
        return
    if check.http is None:
        if check.through is not None and check.heartbeat is None and check.asks is not None:
            wrong = "only a request can be answered by another service"
            findings.add((*path, "through"), wrong, "write http: and a path, or remove it")
        return
    asked = check.through or check.of
    where: Path = (*path, "through" if check.through else "of")
    if not findings.known(where, asked, "service", platform.services, "services"):
        return
    if check.through == check.of:
        findings.add(where, f"{asked} is asked anyway", "remove it", because=((*path, "of"),))
        return
    service = platform.services[asked]
    if service.url is None:
        findings.add(
            where,
            f"{asked} has no url to ask",
            "give it a url" if check.through else "give it a url, or ask another with through:",
            because=(("services", asked, "url"), (*path, "through")),
        )
    clear = all(needed in platform.services for needed in service.needs)
    if check.through is not None and check.of not in service.needs and clear:
        findings.add(
            where,
            f"{asked} does not need {check.of}, so it cannot tell about it",
            f"add {check.of} to services.{asked}.needs, or ask a service that needs it",
            because=((*path, "of"), ("services", asked, "needs")),
        )


def _same(findings: Findings[Platform]) -> None:
    """Ask whether two checks ask the same question."""
    alike: dict[tuple[object, ...], list[str]] = {}
    for name, check in findings.value.checks.items():
        asks = check.asks
        at = check.http.path if check.http else type(asks)
        alike.setdefault((check.of, check.through, at), []).append(name)
    for names in alike.values():
        seen: dict[str, str] = {}
        for name in names if len(names) > 1 else ():
            check = findings.value.checks[name]
            other = seen.setdefault(repr((check.asks, sorted(check.from_))), name)
            if other != name and not findings.is_unclear(("checks", name)):
                findings.add(
                    ("checks", name),
                    f"it asks the same as {other}",
                    "ask something else, or remove one of them",
                    because=(("checks", other),),
                )
