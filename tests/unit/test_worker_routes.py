"""Whom the monitoring Worker tells of a rule: exactly those whom the model of the routes names."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from belfry.application import apply_rules
from belfry.language.routing import Route
from belfry.loading import load_platform
from belfry.routes import routes_of
from belfry.routes.alerts import labels_of
from belfry.routes.tree import WATCHDOG, leaves, passed
from belfry.schedule import schedule
from belfry.worker_routes import told_at_once
from tests.unit.shop import ROOT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from belfry.catalogue import Catalogue
    from belfry.language.platform import Platform
    from belfry.rules import ServiceRule

PLATFORMS = sorted((ROOT / "platforms").glob("*.yaml"))


def rules_of(platform: Platform, catalogue: Catalogue) -> Collection[ServiceRule]:
    """Give rules that routes can tell apart, but the one that the Worker does not have."""
    found: dict[tuple[str, str, str], ServiceRule] = {}
    for rules in apply_rules(platform, catalogue, schedule(platform)).values():
        for rule in rules:
            if rule.rule != WATCHDOG:
                found[rule.severity, rule.service, rule.set] = rule
    return found.values()


def modelled(
    platform: Platform, environment: str, rules: Iterable[ServiceRule]
) -> dict[str, set[str]]:
    """Give who is told of rules without waiting, as the tree of routes has it."""
    routes = routes_of(platform, environment, inhibits=False)
    told: dict[str, set[str]] = {}
    for rule in rules:
        found = passed(routes.root, labels_of(platform, environment, rule))
        assert found is not None
        at_once = (one for one in leaves(found) if one.wait == routes.root.wait)
        told[rule.id] = {to.name for one in at_once for to in routes.receivers[one.receiver].to}
    return told


@pytest.mark.parametrize("path", PLATFORMS, ids=lambda path: path.stem)
def test_the_worker_tells_of_every_rule_whom_the_routes_tell_at_once(
    path: Path, catalogue: Catalogue
) -> None:
    for environment in load_platform(path).environments:
        platform = load_platform(path, environment=environment)
        rules = rules_of(platform, catalogue)
        told = {rule.id: set(told_at_once(platform, rule)) for rule in rules}
        assert told == modelled(platform, environment, rules)


@pytest.mark.parametrize("seed", range(20))
def test_whatever_routes_there_are_the_worker_tells_whom_they_tell(
    seed: int, catalogue: Catalogue
) -> None:
    made = random.Random(seed)
    platform = load_platform(ROOT / "platforms" / "marketplace.yaml", environment="prod")
    rules = rules_of(platform, catalogue)

    def some(names: Iterable[str]) -> tuple[str, ...]:
        names = sorted(names)
        return tuple(made.sample(names, made.randint(1, min(3, len(names)))))

    kinds = {service.is_ for service in platform.services.values()}
    routes = {
        f"route-{index}": Route(
            severities=some(platform.severities) if made.random() < 0.6 else (),
            services=some(platform.services) if made.random() < 0.3 else (),
            kinds=tuple(made.sample(sorted(kinds), 2)) if made.random() < 0.3 else (),
            sets=some(platform.rules) if made.random() < 0.3 else (),
            channels=some(platform.channels),
            instead=made.random() < 0.4,
            hours=made.choice((None, None, *platform.people.hours)),
        )
        for index in range(4)
    }
    platform = replace(platform, routing=replace(platform.routing, routes=routes))
    told = {rule.id: set(told_at_once(platform, rule)) for rule in rules}
    assert told == modelled(platform, "prod", rules)
