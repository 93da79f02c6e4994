"""Which alerts there can be: rules of sets, their severities, and the services they are about."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from belfry.application import limits_of, severity_of_rank
from belfry.language.services import Kind
from belfry.meant import Meant, Unmeasured
from belfry.promises import burning, rule_sets, set_name
from belfry.readings import Readings
from belfry.rules import About, signals_of
from belfry.schedule import schedule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from belfry.catalogue import Catalogue
    from belfry.language.platform import Platform
    from belfry.language.rules import RuleSet
    from belfry.promises import Burning
    from belfry.rules import Rule
    from belfry.schedule import Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerts:
    """Alerts of one set, severity and kind of service."""

    set: str
    severity: str
    kind: Kind
    services: frozenset[str]


class Reached:
    """What several questions need, worked out once: each check's times, which services are reached.

    A rule of the catalogue can speak of those whose signals are asked for.
    """

    def __init__(self, platform: Platform, catalogue: Catalogue) -> None:
        """Find out nothing yet: a platform with mistakes may be one that cannot be asked."""
        self.platform = platform
        self.catalogue = catalogue
        self._found: dict[str, Mapping[Kind, tuple[str, ...]]] = {}

    @cached_property
    def turns(self) -> Mapping[str, Turn]:
        """Each check's times, by name."""
        return schedule(self.platform)

    @cached_property
    def burning(self) -> Mapping[str, Burning]:
        """The rule sets of objectives."""
        return burning(self.platform)

    @cached_property
    def sets(self) -> Mapping[str, RuleSet]:
        """All rule sets, also those of objectives."""
        return rule_sets(self.platform)

    @cached_property
    def _readings(self) -> Readings:
        return Readings(self.platform)

    @cached_property
    def _services(self) -> Mapping[Kind, Sequence[str]]:
        found: dict[Kind, list[str]] = {}
        for name, service in self.platform.services.items():
            found.setdefault(service.is_, []).append(name)
        return found

    def kinds(self, rule: str) -> Mapping[Kind, tuple[str, ...]]:
        """Give the services that a rule speaks of, by kind; kinds without any are left out."""
        if rule not in self._found:
            self._found[rule] = self._kinds(self.catalogue.rules[rule])
        return self._found[rule]

    def _kinds(self, rule: Rule) -> Mapping[Kind, tuple[str, ...]]:
        meant = Meant(rule.when, limits_of(rule, {}))
        asked = [signal for when in rule.when for signal in signals_of(when)]
        covers = (Kind.HOST,) if rule.about is About.MONITORING else rule.covers or Kind
        found: dict[Kind, tuple[str, ...]] = {}
        for kind in covers:
            names = tuple(
                name
                for name in self._services.get(kind, ())
                if not isinstance(meant.about(name, self._readings, 60), Unmeasured)
                or any(self._readings.is_asked(signal, name) for signal in asked)
            )
            if names:
                found[kind] = names
        return found


def alerts(reached: Reached) -> tuple[Alerts, ...]:
    """Give what there can be, gathered; references that lead nowhere are left out."""
    platform, catalogue = reached.platform, reached.catalogue
    found: dict[tuple[str, str, Kind], set[str]] = {}
    for of_set, severity, rule in _used(platform, catalogue):
        changed = platform.rules[of_set].set.get(rule)
        confined = changed.of if changed is not None else ()
        for kind, services in reached.kinds(rule).items():
            only = [one for one in services if not confined or one in confined]
            if only:
                found.setdefault((of_set, severity, kind), set()).update(only)
    for of, severity, about in _own(platform):
        for service in about:
            if service in platform.services:
                kind = platform.services[service].is_
                found.setdefault((of, severity, kind), set()).add(service)
    return tuple(
        Alerts(set=of, severity=severity, kind=kind, services=frozenset(services))
        for (of, severity, kind), services in found.items()
    )


def severity_in(platform: Platform, catalogue: Catalogue, of_set: str, rule: str) -> str:
    """Give the severity that a rule of the catalogue has in a set."""
    override = platform.rules[of_set].set.get(rule)
    if override is not None and override.severity is not None:
        return override.severity
    return severity_of_rank(platform, catalogue.rules[rule].rank)


def used_rules(platform: Platform, catalogue: Catalogue, of_set: str) -> tuple[str, ...]:
    """Give the rules of the catalogue that a set uses, without names that are none."""
    names = catalogue.used_by(platform.rules[of_set].use)
    return tuple(name for name in names if name in catalogue.rules)


def _used(platform: Platform, catalogue: Catalogue) -> Iterator[tuple[str, str, str]]:
    if not platform.severities:
        return
    for name in platform.rules:
        for rule in used_rules(platform, catalogue, name):
            yield name, severity_in(platform, catalogue, name, rule), rule


def _own(platform: Platform) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for name, rules in platform.rules.items():
        for own in rules.own.values():
            yield name, own.severity, own.of
    for name, objective in platform.objectives.items():
        for burn in objective.budget.burn:
            yield set_name(name, burn), burn.severity, (objective.of,)
