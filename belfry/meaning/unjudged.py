"""What is asked and judged by no rule: its failures would be seen, and nobody would be told."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from belfry.meaning.limits import conditions
from belfry.meaning.reach import used_rules
from belfry.provisioned import is_made
from belfry.rules import Down

if TYPE_CHECKING:
    from collections.abc import Mapping

    from belfry.catalogue import Catalogue
    from belfry.findings import Findings
    from belfry.language.checks import Check
    from belfry.language.platform import Platform
    from belfry.language.services import Kind
    from belfry.problems import Path

_RESTS_ON = (("services",), ("rules",), ("objectives",))
_WRONG = "no rule judges it, so its failure wakes nobody"


class _Judges:
    """Which rules there are, by what they speak of; worked out once."""

    def __init__(self, platform: Platform, catalogue: Catalogue) -> None:
        self._platform = platform
        self._kinds = {
            kind
            for name in platform.rules
            for rule in used_rules(platform, catalogue, name)
            if isinstance(catalogue.rules[rule].when, Down)
            for kind in catalogue.rules[rule].covers
        }
        self._known: Mapping[Kind, list[str]] = defaultdict(list)
        for name, known in catalogue.rules.items():
            for kind in known.covers if isinstance(known.when, Down) else ():
                self._known[kind].append(name)
        self._own: Mapping[str, set[str]] = defaultdict(set)
        for rules in platform.rules.values():
            for own in rules.own.values():
                for service in own.of:
                    self._own[service].update(conditions(own))
        self._promised = {
            one.of
            for one in platform.objectives.values()
            if one.availability is not None and one.budget.burn
        }

    def fails(self, service: str) -> bool:
        """Say whether a rule counts what fails about a service, journeys included."""
        return "failures" in self._own[service]

    def judge(self, check: Check) -> bool:
        """Say whether some rule, or an alert of an objective, hears of a check."""
        said = self._own[check.of]
        return (
            self.fails(check.of)
            or (check.http is not None and check.of in self._promised)
            or (is_made(check) and self._platform.services[check.of].is_ in self._kinds)
            or ("expires-within" in said and bool(check.tls or check.domain))
            or ("silent" in said and check.heartbeat is not None)
        )

    def remedy(self, check: Check) -> str:
        """Say what to write so that a check is judged."""
        if check.tls or check.domain:
            return _own_rule("expires-within: 14d", check.of)
        if check.heartbeat is not None:
            return _own_rule("failures: 1", check.of)
        remedy = _own_rule("failures: 2", check.of)
        names = self._known.get(self._platform.services[check.of].is_, ())
        return f"{remedy}, or use {' or '.join(names)}" if names and is_made(check) else remedy


def ask(findings: Findings[Platform], catalogue: Catalogue) -> None:
    """Ask of every check and journey whether a rule of some set judges it."""
    platform = findings.value
    if not platform.rules or _is_unclear(findings, catalogue):
        return
    judges = _Judges(platform, catalogue)
    for name, check in platform.checks.items():
        path: Path = ("checks", name)
        if check.of not in platform.services or check.asks is None or findings.is_unclear(path):
            continue
        if not judges.judge(check):
            findings.add(path, _WRONG, judges.remedy(check), because=_RESTS_ON)
    for name, journey in platform.journeys.items():
        path = ("journeys", name)
        if journey.of not in platform.services or findings.is_unclear(path):
            continue
        if not judges.fails(journey.of):
            findings.add(path, _WRONG, _own_rule("failures: 2", journey.of), because=_RESTS_ON)


def _is_unclear(findings: Findings[Platform], catalogue: Catalogue) -> bool:
    """Say whether a rule may be meant for something else than what it could be read as."""
    platform = findings.value
    if any(map(findings.is_unclear, _RESTS_ON)):
        return True
    return any(
        any(rule not in catalogue.rules for rule in catalogue.used_by(rules.use))
        or any(
            not conditions(own) or any(service not in platform.services for service in own.of)
            for own in rules.own.values()
        )
        for rules in platform.rules.values()
    )


def _own_rule(condition: str, service: str) -> str:
    return f"add an own rule with {condition} about {service} to a set"
