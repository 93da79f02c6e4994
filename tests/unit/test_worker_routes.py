"""Whom the monitoring Worker tells of a rule, when, and after how long: as the routes answer."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from belfry.addresses import Addresses
from belfry.application import apply_rules
from belfry.arguments import Interval, Pager
from belfry.contact_channels import contact_channels, unreached
from belfry.language.channels import Email, Sms
from belfry.language.maintenance import During
from belfry.language.people import Contact
from belfry.language.routing import Route
from belfry.language.severities import Escalation
from belfry.loading import load_platform
from belfry.routes import routes_of, trace
from belfry.routes.alerts import labels_of
from belfry.routes.people import Means
from belfry.routes.tree import WATCHDOG
from belfry.schedule import schedule
from belfry.values.duration import Duration
from belfry.worker_configuration import Links, configuration
from tests.unit.shop import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from belfry.catalogue import Catalogue
    from belfry.language.platform import Platform
    from belfry.routes import Routes
    from belfry.routes.people import Recipient
    from belfry.rules import ServiceRule

PLATFORMS = sorted((ROOT / "platforms").glob("*.yaml"))


class Heard(NamedTuple):
    """Whom something is said to: a channel, or a rotation; after which time, when, and when not."""

    who: str
    after: int
    active: tuple[str, ...]
    mute: tuple[str, ...]


@cache
def shipped(name: str) -> Platform:
    return load_platform(ROOT / "platforms" / f"{name}.yaml", environment="prod")


def rules_of(platform: Platform, catalogue: Catalogue) -> list[ServiceRule]:
    applied = apply_rules(platform, catalogue, schedule(platform))
    return [rule for rules in applied.values() for rule in rules]


def told(platform: Platform, environment: str, rules: Iterable[ServiceRule]) -> dict[str, Any]:
    """Read the Worker's configuration."""
    text = configuration(
        platform,
        environment=environment,
        turns=schedule(platform),
        rules=rules,
        addresses=Addresses(platform, environment, None),
        links=Links(dashboard=None, status=None, incident=None),
    )
    read: dict[str, Any] = json.loads(text)
    return read


def channels_of(platform: Platform, recipient: Recipient) -> list[str]:
    """Give the Worker's names for somebody."""
    if recipient.means is Means.CHANNEL:
        return [recipient.name]
    if recipient.means is Means.ROTATION:
        return [f"on call: {recipient.name}"]
    return [one for name in recipient.contacts for one in channels_of_contact(platform, name)]


def channels_of_contact(platform: Platform, name: str) -> list[str]:
    contact, kinds = platform.people.contacts[name], set(map(type, platform.channels.values()))
    mail = [f"@{name}"] if contact.mail and Email in kinds else []
    return [*mail, f"@{name}/sms"] if contact.phone and Sms in kinds else mail


def modelled(platform: Platform, routes: Routes, rule: ServiceRule) -> set[Heard]:
    answer = trace(routes, labels_of(platform, routes.environment, rule))
    return {
        Heard(who, one.after, one.only, one.unless)
        for one in answer.told or answer.otherwise
        for who in channels_of(platform, one.to)
    }


def heard(told: dict[str, Any], routes: Routes, rule: ServiceRule) -> set[Heard]:
    """Follow one rule through the configuration."""
    number = next(one["route"] for one in told["rules"] if one["id"] == rule.id)

    def titles(names: Iterable[str]) -> tuple[str, ...]:
        return tuple(routes.times[name].title for name in names)

    return {
        Heard(who, step["after"], titles(step["active"]), titles(step["mute"]))
        for step in told["routes"][number]["steps"]
        for who in (*step["to"], *(f"on call: {name}" for name in step["onCall"]))
    }


def check(platform: Platform, environment: str, catalogue: Catalogue) -> dict[str, Any]:
    rules = rules_of(platform, catalogue)
    found = told(platform, environment, rules)
    routes = routes_of(platform, environment, inhibits=False)
    for rule in rules:
        if rule.rule != WATCHDOG:
            assert heard(found, routes, rule) == modelled(platform, routes, rule)
    check_whole(found, platform, routes)
    return found


def check_whole(told: dict[str, Any], platform: Platform, routes: Routes) -> None:
    """What is named is there, as the model has it, and nothing else is."""
    steps = [step for route in told["routes"] for step in route["steps"]]
    assert told["times"].keys() == {name for one in steps for name in one["active"] + one["mute"]}
    for name, times in told["times"].items():
        assert intervals(times["intervals"]) == routes.times[name].intervals
    assert told["rotations"].keys() == {name for step in steps for name in step["onCall"]}
    for name, rotation in told["rotations"].items():
        members = platform.people.rotations[name].members
        assert rotation["members"] == [channels_of_contact(platform, one) for one in members]
    named = {name for step in steps for name in step["to"]}
    named |= {name for one in told["rotations"].values() for own in one["members"] for name in own}
    people = {name for name in told["channels"] if name.startswith("@")}
    assert people == {name for name in named if name.startswith("@")}
    assert told["channels"].keys() - people == platform.channels.keys()
    assert {one["route"] for one in told["rules"]} == set(range(len(told["routes"])))


def intervals(written: list[dict[str, Any]]) -> tuple[Interval, ...]:
    def strict(value: Any) -> Any:
        return tuple(map(strict, value)) if isinstance(value, list) else value

    return tuple(Interval(**{key: strict(value) for key, value in one.items()}) for one in written)


@pytest.mark.parametrize("path", PLATFORMS, ids=lambda path: path.stem)
def test_of_every_rule_the_worker_tells_whom_the_routes_tell(
    path: Path, catalogue: Catalogue
) -> None:
    for environment in load_platform(path).environments:
        check(load_platform(path, environment=environment), environment, catalogue)


@pytest.mark.parametrize("seed", range(20))
def test_whatever_routes_there_are_the_worker_tells_whom_they_tell(
    seed: int, catalogue: Catalogue
) -> None:
    made = random.Random(seed)
    platform = shipped("marketplace")
    people = platform.people

    def some(names: Iterable[str], most: int = 3) -> tuple[str, ...]:
        names = sorted(names)
        return tuple(made.sample(names, made.randint(1, min(most, len(names)))))

    kinds = {service.is_ for service in platform.services.values()}
    routes = {
        f"route-{index}": Route(
            severities=some(platform.severities) if made.random() < 0.6 else (),
            services=some(platform.services) if made.random() < 0.3 else (),
            kinds=tuple(made.sample(sorted(kinds), 2)) if made.random() < 0.3 else (),
            sets=some(platform.rules) if made.random() < 0.3 else (),
            channels=some(platform.channels),
            instead=made.random() < 0.4,
            hours=made.choice((None, None, *people.hours)),
        )
        for index in range(4)
    }
    everybody = (*platform.channels, *people.contacts, *people.teams, *people.rotations)
    severities = {
        name: replace(
            severity,
            escalate=tuple(
                Escalation(after=Duration.of(made.choice((0, 10, 300)) + index), to=some(everybody))
                for index in range(made.randint(0, 3))
            ),
            hours=made.choice((None, *people.hours)),
        )
        for name, severity in platform.severities.items()
    }
    contacts = {
        name: replace(contact, mail=contact.mail if made.random() < 0.7 else None)
        for name, contact in people.contacts.items()
    }
    channels = {
        name: channel
        for name, channel in platform.channels.items()
        if made.random() < 0.8 or not isinstance(channel, Email | Sms)
    }
    windows = {
        name: replace(
            window,
            services=some(platform.services) if made.random() < 0.8 else (),
            trouble=made.choice(list(During)),
        )
        for name, window in platform.maintenance.items()
    }
    changed = replace(
        platform,
        channels=channels,
        severities=severities,
        people=replace(people, contacts=contacts),
        maintenance=windows,
        routing=replace(platform.routing, routes=routes),
    )
    gone = platform.channels.keys() - channels.keys()
    changed = without(changed, gone)
    found = check(changed, "prod", catalogue)
    for name, times in found["times"].items():
        kind, _, short = name.partition("/")
        is_dropped = kind == "maintenance" and windows[short].trouble is During.DROP
        assert times["drop"] is is_dropped


def without(platform: Platform, gone: set[str]) -> Platform:
    """Take channels out of all that names them."""

    def left(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name for name in names if name not in gone)

    severities = {
        name: replace(
            one,
            channels=left(one.channels),
            escalate=tuple(replace(step, to=left(step.to)) for step in one.escalate),
        )
        for name, one in platform.severities.items()
    }
    routes = {
        name: replace(one, channels=left(one.channels))
        for name, one in platform.routing.routes.items()
    }
    return replace(
        platform, severities=severities, routing=replace(platform.routing, routes=routes)
    )


def test_a_changed_route_changes_the_routes_and_nothing_else(catalogue: Catalogue) -> None:
    platform = shipped("pitchey")
    rules = rules_of(platform, catalogue)
    routing = platform.routing
    everybody = replace(routing.routes["everybody"], channels=("sms",))
    other = replace(routing, routes={**routing.routes, "everybody": everybody})
    before, after = (
        told(one, "prod", rules) for one in (platform, replace(platform, routing=other))
    )
    assert [key for key, value in before.items() if value != after[key]] == ["routes"]


def test_where_nobody_is_named_a_rule_has_a_route_without_steps(catalogue: Catalogue) -> None:
    platform = shipped("example")
    (name,) = platform.severities
    silent = {name: replace(platform.severities[name], channels=())}
    changed = replace(platform, severities=silent)
    assert told(changed, "prod", rules_of(changed, catalogue))["routes"] == [{"steps": []}]


def test_how_often_something_is_said_is_said_once() -> None:
    platform = shipped("pitchey")
    often = {"coolDown": 900, "repeat": 14_400, "limit": {"count": 30, "seconds": 3600}}
    assert told(platform, "prod", ())["telling"] == often
    routing = replace(platform.routing, repeat=None, limit=None, cool_down=Duration.of(0))
    seldom = told(replace(platform, routing=routing), "prod", ())["telling"]
    assert seldom == {"coolDown": 0, "repeat": None, "limit": None}


def test_people_are_reached_through_the_first_channels_of_mail_and_of_text_messages() -> None:
    platform = shipped("pitchey")
    found = contact_channels(platform, "lead", platform.people.contacts["lead"])
    assert [(name, one.to) for name, one in found.items()] == [
        ("@lead", ("lead@pitchey.example",)),
        ("@lead/sms", ("+12125550103",)),
    ]
    for one, name in zip(found.values(), ("mail", "sms"), strict=True):
        channel = platform.channels[name]
        assert isinstance(channel, Email | Sms)
        assert replace(one, to=channel.to) == channel


@pytest.mark.parametrize(
    ("contact", "without_kind", "names"),
    [
        (Contact(mail="ann@shop.example"), Sms, ["@ann"]),
        (Contact(mail="ann@shop.example"), Email, []),
        (Contact(phone="+14155550100"), Email, ["@ann/sms"]),
        (Contact(phone="+14155550100"), Sms, []),
        (Contact(slack="@ann"), None, []),
    ],
)
def test_who_has_no_way_that_a_channel_goes_is_not_reached(
    contact: Contact, without_kind: type | None, names: list[str]
) -> None:
    platform = shipped("pitchey")
    channels = {
        name: channel
        for name, channel in platform.channels.items()
        if without_kind is None or not isinstance(channel, without_kind)
    }
    changed = replace(
        platform, channels=channels, people=replace(platform.people, contacts={"ann": contact})
    )
    assert list(contact_channels(changed, "ann", contact)) == names
    problems = list(unreached(changed, "prod", ["ann"]))
    assert [one.path for one in problems] == ([] if names else [("people", "contacts", "ann")])


def test_who_does_not_page_is_told_the_same_routes(catalogue: Catalogue) -> None:
    platform = shipped("pitchey")
    rules = rules_of(platform, catalogue)
    shadow = replace(platform.environments["prod"], paging=Pager.SHADOW)
    changed = replace(platform, environments={**platform.environments, "prod": shadow})
    before, after = (told(one, "prod", rules) for one in (platform, changed))
    assert [key for key, value in before.items() if value != after[key]] == ["paging"]
