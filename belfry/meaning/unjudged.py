"""What is asked and judged by no rule: its failures would be seen, and nobody would be told."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from belfry.language.signals import SignalName, Source
from belfry.meaning.limits import conditions
from belfry.meaning.reach import used_rules
from belfry.provisioned import is_made
from belfry.readings import Readings, answers
from belfry.rules import About, signals_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from belfry.catalogue import Catalogue
    from belfry.findings import Findings
    from belfry.language.checks import Check
    from belfry.language.platform import Platform
    from belfry.problems import Path
    from belfry.rules import Rule

_RESTS_ON = (("services",), ("rules",))
_FEW = 3
_WRONG = "no rule judges it, so its failure wakes nobody"


class _Judges:
    """Which rules there are, by what they speak of; worked out once."""

    def __init__(self, platform: Platform, catalogue: Catalogue) -> None:
        self._platform = platform
        self._catalogue = catalogue
        self._readings = Readings(platform)
        self._used: Mapping[SignalName, set[str]] = defaultdict(set)
        for name, rules in platform.rules.items():
            for rule in used_rules(platform, catalogue, name):
                changed = rules.set.get(rule)
                of = changed.of if changed is not None else ()
                for signal in _judged(catalogue.rules[rule]):
                    self._used[signal].update(of or _covered(platform, catalogue.rules[rule]))
        self._own: Mapping[str, set[str]] = defaultdict(set)
        for rules in platform.rules.values():
            for own in rules.own.values():
                for service in own.of:
                    self._own[service].update(conditions(own))

    def judge_journey(self, service: str) -> bool:
        """Say whether a rule counts journeys of a service that failed."""
        return "failures" in self._own[service] or service in self._used[SignalName.JOURNEY_UP]

    def judge(self, check: Check) -> bool:
        """Say whether some rule hears of a check."""
        said = self._own[check.of]
        return (
            "failures" in said
            or any(
                check.of in services and self._hears(check, signal)
                for signal, services in self._used.items()
            )
            or ("expires-within" in said and bool(check.tls or check.domain))
            or ("silent" in said and check.heartbeat is not None)
        )

    def _hears(self, check: Check, signal: SignalName) -> bool:
        """Say whether a check is among those that a signal of its service comes from."""
        if not answers(check, signal):
            return False
        reading = self._readings.of(signal, check.of)
        return reading is None or reading.source is not Source.WORKER or is_made(check)

    def remedy(self, check: Check) -> str:
        """Say what to write so that a check is judged."""
        names = [
            name
            for name, rule in self._catalogue.rules.items()
            if check.of in _covered(self._platform, rule)
            and any(self._hears(check, signal) for signal in _judged(rule))
        ]
        if check.tls or check.domain:
            remedy = _own_rule("expires-within: 14d", check.of)
        else:
            times = 1 if check.heartbeat is not None else 2
            remedy = _own_rule(f"failures: {times}", check.of)
        return f"{remedy}, or use {' or '.join(names[:_FEW])}" if names else remedy


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
        if not judges.judge_journey(journey.of):
            findings.add(path, _WRONG, _own_rule("failures: 2", journey.of), because=_RESTS_ON)


def _judged(rule: Rule) -> Iterator[SignalName]:
    """Give the signals whose trouble a rule tells; what is slow is another matter."""
    for when in rule.when:
        yield from (one for one in signals_of(when) if one is not SignalName.PROBE_SECONDS)


def _covered(platform: Platform, rule: Rule) -> frozenset[str]:
    """Give the services that a rule is about, whatever measures them."""
    if rule.about is About.MONITORING:
        server = platform.server
        return frozenset((server.host,)) if server is not None and server.host else frozenset()
    services = platform.services.items()
    return frozenset(name for name, one in services if not rule.covers or one.is_ in rule.covers)


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
