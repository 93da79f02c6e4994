"""Every alert that the rules of an environment can raise, as its labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.application import apply_rules
from belfry.schedule import schedule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from belfry.catalogue import Catalogue
    from belfry.language.platform import Platform
    from belfry.rules import ServiceRule

LABELS = (
    "alertname",
    "environment",
    "kind",
    "platform",
    "rank",
    "rule",
    "service",
    "set",
    "severity",
    "team",
    "trouble",
)
"""Labels that every alert has, whichever backend raises it."""


def alert_labels(
    platform: Platform, environment: str, catalogue: Catalogue
) -> tuple[Mapping[str, str], ...]:
    """Give the labels of every alert that there can be, each once, in the order of the rules."""
    found: dict[tuple[str, ...], Mapping[str, str]] = {}
    for labels in _of_rules(platform, environment, catalogue):
        found.setdefault(tuple(labels[label] for label in LABELS), labels)
    return tuple(found.values())


def _of_rules(
    platform: Platform, environment: str, catalogue: Catalogue
) -> Iterator[Mapping[str, str]]:
    applied = apply_rules(platform, catalogue, schedule(platform))
    for rules in applied.values():
        for rule in rules:
            yield labels_of(platform, environment, rule)


def labels_of(platform: Platform, environment: str, rule: ServiceRule) -> Mapping[str, str]:
    """Give the labels of the alert that a rule raises."""
    return {
        "alertname": rule.rule,
        "environment": environment,
        "kind": str(rule.kind),
        "platform": platform.platform,
        "rank": str(rule.rank),
        "rule": rule.rule,
        "service": rule.service,
        "set": rule.set,
        "severity": rule.severity,
        "team": rule.team,
        "trouble": str(rule.trouble),
    }
