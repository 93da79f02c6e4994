"""Services: what they need, and where they are."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from belfry.language.services import Kind
from belfry.meaning import service_keys
from belfry.meaning.reachable import is_of_this_machine
from belfry.needs import cycles
from belfry.problems import Code
from belfry.values.nonsense import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from belfry.findings import Findings
    from belfry.language.platform import Platform
    from belfry.language.services import Service
    from belfry.values.template import Template

_MENTIONING = (
    "services", "checks", "journeys", "signals", "rules", "objectives", "application", "routing",
    "dashboards", "recovery", "baseline", "maintenance", "server", "exceptions",
)  # fmt: skip
"""Sections that name services."""


def ask(findings: Findings[Platform]) -> None:
    """Ask about every service."""
    platform = findings.value
    if not platform.services:
        right = "add one with its kind, such as website: {is: website, url: …}"
        findings.add(("services",), "there is none", right)
    for name, service in platform.services.items():
        path = ("services", name, "needs")
        findings.known_once(path, service.needs, "service", platform.services, "services")
        _owned(findings, name, service)
        _turned_round(findings, name, service)
        if service.url is not None:
            _address(findings, name, service.url)
    _circles(findings)
    _idle(findings)
    service_keys.ask(findings)


def _owned(findings: Findings[Platform], name: str, service: Service) -> None:
    """Ask whether its team and its host are there."""
    platform = findings.value
    path = ("services", name)
    if service.team is not None:
        teams = platform.people.teams
        findings.known((*path, "team"), service.team, "team", teams, "people", "teams")
    if service.on is None:
        return
    where = (*path, "on")
    if not findings.known(where, service.on, "service", platform.services, "services"):
        return
    if platform.services[service.on].is_ is not Kind.HOST:
        findings.add(
            where,
            f"{service.on} is no host",
            "name a service that is: host",
            because=(("services", service.on, "is"),),
        )


def _turned_round(findings: Findings[Platform], name: str, service: Service) -> None:
    """Ask whether a need is meant the other way round."""
    services = findings.value.services
    for index, needed in enumerate(service.needs):
        other = services.get(needed)
        path = ("services", name, "needs", index)
        because = (("services", name, "is"), ("services", needed, "is"))
        if other is None or needed == name:
            continue
        if service.is_ is Kind.THIRD_PARTY and other.is_ is not Kind.THIRD_PARTY:
            wrong = f"{name} belongs to others and does not fail because of {needed}"
            right = f"if {needed} needs it, write {name} in services.{needed}.needs"
            findings.add(path, wrong, right, because=because)
        elif service.is_ is Kind.HOST and other.on == name:
            wrong = f"{needed} runs on {name}, so it is {needed} that fails without it"
            right = f"remove it, and write {name} in services.{needed}.needs"
            findings.add(path, wrong, right, because=(*because, ("services", needed, "on")))


def _circles(findings: Findings[Platform]) -> None:
    needs = {name: service.needs for name, service in findings.value.services.items()}
    for cycle in cycles(needs):
        first, second = cycle[0], cycle[1 % len(cycle)]
        findings.add(
            ("services", first, "needs", needs[first].index(second)),
            f"services need each other in a circle: {' needs '.join((*cycle, first))}",
            "remove one of these needs: in a circle there is no cause",
        )


def _idle(findings: Findings[Platform]) -> None:
    """Ask whether anything is ever said about a service, or because of it."""
    platform = findings.value
    mentioned = set(_mentioned(platform))
    if not mentioned <= platform.services.keys():
        return  # what is misspelt may be the mention that is missed
    if any(map(findings.is_broken_within, _MENTIONING)):
        return
    for name in platform.services:
        if name not in mentioned:
            findings.add(
                ("services", name),
                "nothing looks at it, and nothing needs it",
                f"add a check or a signal of {name}, name it in the needs of others, or remove it",
                code=Code.UNUSED,
            )


def _mentioned(platform: Platform) -> Iterator[str]:
    for service in platform.services.values():
        yield from service.needs
        yield from (service.on,) if service.on else ()
    for check in platform.checks.values():
        yield from (check.of, check.through or check.of)
    for journey in platform.journeys.values():
        yield journey.of
        yield from (step.to for step in journey.steps if step.to)
    lists = (
        *(one.of for one in platform.signals.values()),
        *(rule.of for rules in platform.rules.values() for rule in rules.own.values()),
        *(one.services for one in platform.routing.routes.values()),
        *(one.services for one in platform.maintenance.values()),
        *(one.each for one in platform.dashboards.values()),
        *(one.of for one in platform.exceptions.values()),
        [one.of for one in platform.objectives.values()],
        [one.of for one in platform.recovery.remedies.values()],
        [name for one in platform.dashboards.values() for name in one.shows
         if name in platform.services],
    )  # fmt: skip
    yield from chain.from_iterable(lists)
    application, baseline, server = platform.application, platform.baseline, platform.server
    if application is not None:
        yield from (application.of, *application.components)
        yield from (one.of for one in application.breakers.values())
    if baseline is not None:
        yield from (baseline.of, *baseline.pages)
    if server is not None and server.host:
        yield server.host


def _address(findings: Findings[Platform], name: str, url: Template) -> None:
    path = ("services", name, "url")
    for blank in dict.fromkeys(url.names):
        if blank != "domain":
            right = "the only blank is ${domain}, from the environment"
            findings.add(path, f"nothing fills ${{{blank}}}", right)
    text = url.fill(dict.fromkeys(url.names, "domain.example"))
    if not _is_address(text):
        wrong = f"{shown(str(url))} is not an http or https address"
        findings.add(path, wrong, "write one such as https://api.${domain}")
    elif "?" in text or "#" in text or "@" in text:
        wrong = "the address holds more than scheme, host and path"
        findings.add(path, wrong, "remove what follows ? or #, and any user before @")
    elif is_of_this_machine(urlsplit(text).hostname or ""):
        wrong = f"{urlsplit(text).hostname} is another machine wherever it is asked from"
        right = "write the address that others use; stand-ins take its place on your own machine"
        findings.add(path, wrong, right)


def _is_address(text: str) -> bool:
    if not text.isascii() or any(letter <= " " or letter == "\x7f" for letter in text):
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
