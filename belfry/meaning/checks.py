"""Checks: whether they can be asked, often enough, and in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.platform_file import MINUTE
from belfry.schedule import schedule
from belfry.values.duration import Duration

if TYPE_CHECKING:
    from belfry.findings import Findings
    from belfry.platform_file import Check, Platform
    from belfry.problems import Path
    from belfry.schedule import Turn

_LONGEST = Duration.of(3600)
"""Cloudflare's own health checks take no longer interval."""


def ask(findings: Findings[Platform]) -> None:
    """Ask about every check, and about its times in every environment."""
    platform = findings.value
    if not platform.checks:
        right = "add one, such as front-page: {of: website, http: {path: /}}"
        findings.add(("checks",), "there is none", right)
    for name, check in platform.checks.items():
        _asked(findings, name, check)
        _answer(findings, name, check)
        _interval(findings, ("checks", name, "every"), check.every)
    for environment, settings in platform.environments.items():
        for name, change in settings.checks.items():
            if change.every is not None:
                path = ("environments", environment, "checks", name, "every")
                _interval(findings, path, change.every)
    _timeouts(findings)


def _asked(findings: Findings[Platform], name: str, check: Check) -> None:
    """Ask whether there is somebody to ask, who can know."""
    platform = findings.value
    path = ("checks", name)
    if not findings.known((*path, "of"), check.of, "service", platform.services, "services"):
        return
    asked = check.through or check.of
    where = (*path, "through" if check.through else "of")
    if not findings.known(where, asked, "service", platform.services, "services"):
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


def _answer(findings: Findings[Platform], name: str, check: Check) -> None:
    path = ("checks", name, "http")
    if check.http.method == "HEAD" and (check.http.expect.body is not None or check.through):
        wrong = "an answer to HEAD has no body, which this check needs"
        findings.add((*path, "method"), wrong, "write GET")
    if not check.http.expect.status:
        right = "write a status, such as 200"
        findings.add((*path, "expect", "status"), "no answer would be good", right)


def _interval(findings: Findings[Platform], path: Path, every: Duration) -> None:
    if every < MINUTE:
        wrong = f"{every} is less than a minute"
        findings.add(path, wrong, "write 60s or more: the Worker wakes once a minute")
    elif not every.is_multiple_of(MINUTE):
        wrong = f"{every} is not whole minutes"
        findings.add(path, wrong, "write a multiple of 60s: the Worker wakes once a minute")
    elif every > _LONGEST:
        right = "write 1h or less, which is the longest at Cloudflare"
        findings.add(path, f"{every} is longer than an hour", right)


def _timeouts(findings: Findings[Platform]) -> None:
    """Ask whether an answer comes before the next question; each mistake is said once."""
    platform = findings.value
    said: set[Path] = set()
    for environment in platform.environments:
        for name, turn in schedule(platform, environment).items():
            # An interval that is itself refused is taken as the whole minutes it would become.
            minutes = -(-turn.every // MINUTE.whole_seconds)
            if turn.timeout >= minutes * MINUTE.whole_seconds:
                _timeout(findings, environment, name, turn, said)


def _timeout(
    findings: Findings[Platform], environment: str, name: str, turn: Turn, said: set[Path]
) -> None:
    check = findings.value.checks[name]
    change = findings.value.environments[environment].checks.get(name)
    base: Path = ("checks", name)
    changed: Path = ("environments", environment, "checks", name)
    timeout = (*(changed if change and change.timeout else base), "timeout")
    every = (*(changed if change and change.every else base), "every")
    path = every if change and change.every and not change.timeout else timeout
    if path in said:
        return
    said.add(path)
    hurried = (
        f", because what needs {check.of} is checked so often" if turn.every < turn.written else ""
    )
    findings.add(
        path,
        f"an answer may take {Duration.of(turn.timeout)}, but the check is made every "
        f"{Duration.of(turn.every)}{hurried}",
        "let the timeout be shorter than the interval",
        because=(every, timeout, (*base, "of")),
    )
