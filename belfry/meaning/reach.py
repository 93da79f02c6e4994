"""Which alerts there can be: rules of sets, their severities, and the services they are about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from belfry.application import severity_of_rank
from belfry.provisioned import watched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from belfry.catalogue import Catalogue
    from belfry.language.platform import Platform
    from belfry.language.services import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerts:
    """Alerts of one set (None: of objectives), severity and kind of service."""

    set: str | None
    severity: str
    kind: Kind
    services: frozenset[str]


def judged_kinds(platform: Platform) -> dict[Kind, tuple[str, ...]]:
    """Give the services that a check of this release is about, by kind: rules can speak of them."""
    judged = watched(platform)
    kinds: dict[Kind, list[str]] = {}
    for name, service in platform.services.items():
        if name in judged:
            kinds.setdefault(service.is_, []).append(name)
    return {kind: tuple(names) for kind, names in kinds.items()}


def alerts(platform: Platform, catalogue: Catalogue) -> tuple[Alerts, ...]:
    """Give what there can be, gathered; references that lead nowhere are left out."""
    found: dict[tuple[str | None, str, Kind], set[str]] = {}
    kinds = judged_kinds(platform)
    for set_name, severity, rule in _used(platform, catalogue):
        for kind in catalogue.rules[rule].covers:
            if kind in kinds:
                found.setdefault((set_name, severity, kind), set()).update(kinds[kind])
    for of, severity, services in _own(platform):
        for service in services:
            if service in platform.services:
                kind = platform.services[service].is_
                found.setdefault((of, severity, kind), set()).add(service)
    return tuple(
        Alerts(set=of, severity=severity, kind=kind, services=frozenset(services))
        for (of, severity, kind), services in found.items()
    )


def severity_in(platform: Platform, catalogue: Catalogue, set_name: str, rule: str) -> str:
    """Give the severity that a rule of the catalogue has in a set."""
    override = platform.rules[set_name].set.get(rule)
    if override is not None and override.severity is not None:
        return override.severity
    return severity_of_rank(platform, catalogue.rules[rule].rank)


def used_rules(platform: Platform, catalogue: Catalogue, set_name: str) -> tuple[str, ...]:
    """Give the rules of the catalogue that a set uses, without names that are none."""
    names = catalogue.used_by(platform.rules[set_name].use)
    return tuple(name for name in names if name in catalogue.rules)


def _used(platform: Platform, catalogue: Catalogue) -> Iterator[tuple[str, str, str]]:
    if not platform.severities:
        return
    for name in platform.rules:
        for rule in used_rules(platform, catalogue, name):
            yield name, severity_in(platform, catalogue, name, rule), rule


def _own(platform: Platform) -> Iterator[tuple[str | None, str, tuple[str, ...]]]:
    for name, rules in platform.rules.items():
        for own in rules.own.values():
            yield name, own.severity, own.of
    for objective in platform.objectives.values():
        for burn in objective.budget.burn:
            yield None, burn.severity, (objective.of,)
