"""The platforms of the repository: they load, they compile, and together they say all there is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, get_args

import pytest

from belfry.language.application import Dialect
from belfry.language.channels import Channel
from belfry.language.checks import ASKED
from belfry.language.operations import Does
from belfry.language.rules import CONDITIONS
from belfry.language.server import Part, Where
from belfry.language.services import Kind
from belfry.language.workers import Role
from belfry.loading import load_platform, platforms_in
from tests.unit.shop import ROOT, Compiles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from belfry.catalogue import Catalogue
    from belfry.language.platform import Platform
    from belfry.language.rules import OwnRule

LARGE = ("pitchey", "boulder-fest", "marketplace")
NAMES = (*LARGE, "example")
ENVIRONMENTS = [
    (name, environment)
    for name in NAMES
    for environment in load_platform(ROOT / "platforms" / f"{name}.yaml").environments
]


def platform(name: str, environment: str | None = None) -> Platform:
    return load_platform(ROOT / "platforms" / f"{name}.yaml", environment=environment)


def test_these_are_all() -> None:
    assert {path.stem for path in platforms_in(ROOT)} == set(NAMES)


@pytest.mark.parametrize(("name", "environment"), ENVIRONMENTS)
def test_every_environment_of_every_platform_compiles(
    name: str, environment: str, compiled: Compiles
) -> None:
    stack = compiled(platform(name, environment), environment)
    assert (stack.platform, stack.environment) == (name, environment)
    assert stack.worker.configuration


@pytest.mark.parametrize("name", NAMES)
def test_every_platform_can_be_played_on_this_machine(name: str, compiled: Compiles) -> None:
    local = platform(name, "local")
    assert {one.service for one in compiled(local, "local").stand_ins} == set(local.services)


def conditions(rule: OwnRule) -> Iterable[str]:
    return (one for one in CONDITIONS if getattr(rule, one.replace("-", "_")) is not None)


USED: dict[str, tuple[Iterable[str], Callable[[Platform], Iterable[str]]]] = {
    "kinds of services": (Kind, lambda one: (service.is_ for service in one.services.values())),
    "kinds of checks": (
        ASKED,
        lambda one: (
            key for check in one.checks.values() for key in ASKED if getattr(check, key) is not None
        ),
    ),
    "kinds of channels": (
        [kind.KEY for kind in get_args(Channel)],
        lambda one: (channel.KEY for channel in one.channels.values()),
    ),
    "conditions of rules": (
        CONDITIONS,
        lambda one: (
            condition
            for rules in one.rules.values()
            for rule in rules.own.values()
            for condition in conditions(rule)
        ),
    ),
    "roles of Workers": (Role, lambda one: (worker.role for worker in one.workers.values())),
    "remedies": (Does, lambda one: (remedy.does for remedy in one.recovery.remedies.values())),
    "parts of the server stack": (Part, lambda one: one.server.parts if one.server else ()),
    "dialects": (Dialect, lambda one: [one.application.dialect] if one.application else ()),
}
"""Words of the language, and where a platform uses them."""


@pytest.mark.parametrize("words", USED)
def test_every_word_of_the_language_is_used_by_one_of_the_platforms(words: str) -> None:
    known, used = USED[words]
    said = {str(word) for name in LARGE for word in used(platform(name))}
    assert sorted({str(word) for word in known} - said) == []


def test_the_server_stack_stands_on_docker_and_on_kubernetes_with_the_same_rules() -> None:
    docker, cluster = platform("marketplace", "prod"), platform("marketplace", "cluster")
    assert docker.server
    assert cluster.server
    assert {docker.server.on, cluster.server.on} == set(Where)
    assert docker.rules == cluster.rules
    assert docker.dashboards == cluster.dashboards
    assert docker.routing == cluster.routing


@pytest.mark.parametrize("name", LARGE)
def test_every_address_of_a_shipped_platform_is_made_up(name: str) -> None:
    text = (ROOT / "platforms" / f"{name}.yaml").read_text(encoding="utf-8")
    hosts = re.findall(r"https?://((?:[a-z0-9.-]|\$\{domain\})+)", text)
    assert hosts
    assert [host for host in hosts if not host.endswith((".example", "${domain}"))] == []


def test_the_catalogue_is_used_whole(catalogue: Catalogue) -> None:
    used = {
        rule
        for name in LARGE
        for rules in platform(name).rules.values()
        for rule in catalogue.used_by(rules.use)
    }
    assert used == set(catalogue.rules)
