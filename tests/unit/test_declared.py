"""What is not provisioned yet is compiled all the same, with nothing left to decide."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from belfry import document
from belfry.arguments import Component, Secret
from belfry.declared import as_json, declared
from belfry.language.platform import Platform
from belfry.language.server import Where
from belfry.provisioned import is_made
from belfry.reader import read
from belfry.values.duration import Duration
from tests.unit.shop import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.unit.shop import ReadsShop

ENVIRONMENTS = ("local", "prod")


@cache
def everything() -> Platform:
    reading = read(Platform, document.load(ROOT / "tests" / "unit" / "everything.yaml"))
    assert not reading.problems
    return reading.value


def arguments(part: str, *, platform: Platform | None = None, environment: str = "prod") -> Any:
    """The arguments of one part, as JSON."""
    found = {one.part: one for one in declared(platform or everything(), environment)}
    return as_json(found[part])["arguments"]


def values_in(value: Any) -> Iterator[Any]:
    """Every plain value anywhere in arguments, with the dataclasses themselves."""
    yield value
    if isinstance(value, tuple):
        for one in value:
            yield from values_in(one)
    elif is_dataclass(value):
        for field in fields(value):
            yield from values_in(getattr(value, field.name))


def test_a_platform_that_says_no_more_than_is_provisioned_declares_nothing(
    shop: ReadsShop,
) -> None:
    assert declared(shop(), "prod") == ()


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_arguments_are_plain_frozen_values_with_secrets_as_names(environment: str) -> None:
    plain = (str, int, float, bool, type(None), tuple)
    for one in declared(everything(), environment):
        for value in values_in(one.arguments):
            assert isinstance(value, plain) or is_dataclass(value), (one.part, value)
        hash(one)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_secret_is_shown_by_name(environment: str) -> None:
    for one in declared(everything(), environment):
        names = {value.name for value in values_in(one.arguments) if isinstance(value, Secret)}
        written = json.dumps(as_json(one))
        assert all(json.dumps({"secret": name}) in written for name in names)


def test_parts_are_said_once_and_always_in_the_same_order() -> None:
    parts = [one.part for one in declared(everything(), "prod")]
    assert len(set(parts)) == len(parts)
    assert declared(everything(), "prod") == declared(everything(), "prod")
    assert {one.component for one in declared(everything(), "prod")} == set(Component)


def test_two_environments_never_share_a_name() -> None:
    def names(environment: str) -> set[str]:
        return {
            getattr(one, field.name)
            for part in declared(everything(), environment)
            for one in values_in(part.arguments)
            if is_dataclass(one) and not isinstance(one, Secret)
            for field in fields(one)
            if field.name in ("name", "uid", "script") and getattr(one, field.name)
        } - SAID

    assert names("local")
    assert not names("local") & names("prod")


SAID = {"everything-api", "heavy", "PAYMENT_FAILURES", "database"}
"""Names inside what an environment has: a script that is asked, a load, a setting, a breaker."""


def test_rotations_are_their_people_with_their_addresses() -> None:
    escalate = arguments("severities.P0")["escalate"]
    (on_call,) = escalate[0]["to"]["rotations"]
    assert escalate[0]["to"]["channels"] == ["sms"]
    assert [one["mail"] for one in on_call["members"]] == [
        "first@everything.example",
        "lead@everything.example",
    ]
    assert (escalate[0]["after"], on_call["turn"], on_call["zone"]) == (
        900,
        14 * 86_400,
        "America/Denver",
    )
    assert escalate[1]["to"]["people"][0]["contact"] == "lead"
    assert escalate[1]["to"]["teams"][0]["name"] == "everything-prod-operations"


def test_a_window_covers_all_that_need_its_services_in_the_times_of_its_zone() -> None:
    once, weekly = arguments("maintenance.once"), arguments("maintenance.weekly")
    assert once["services"] == ["api", "database"]
    assert once["once"] == ["2026-12-24 22:00", "2026-12-25 02:00"]
    assert once["zone"] == "America/Denver"
    assert not once["holds"]
    assert weekly["services"] is None
    assert (weekly["weekdays"], weekly["at"], weekly["lasts"]) == (["Sun"], "03:00", 7200)


def test_more_than_half_of_the_locations_must_see_a_failure_when_nothing_is_said() -> None:
    platform = everything()
    for many, needed in ((1, 1), (2, 2), (3, 2)):
        seen = replace(
            platform.checks["health"], from_=tuple(platform.locations)[:many], down_when=None
        )
        views = arguments("checks.health", platform=replace(platform, checks={"health": seen}))[
            "views"
        ]
        assert (views["needed"], views["of"]) == (needed, many)
        assert len(views["locations"]) == many


def test_blanks_of_a_journey_are_known_by_what_fills_them() -> None:
    first, second = arguments("journeys.sign-in")["steps"]
    assert first["url"] == ["https://api.everything.example/login"]
    assert first["headers"] == [["authorization", ["Basic ", {"secret": "probe-password"}]]]
    assert first["body"] == ['{"at": "everything.example"}']
    assert first["capture"] == [["token", ["data", "token"]]]
    assert second["url"] == ["https://api.everything.example/me/", {"captured": "token"}]


def test_an_objective_is_shares_between_0_and_1_over_a_window_in_seconds() -> None:
    objective = arguments("objectives.api")
    assert (objective["availability"], objective["window"]) == (0.999, 7 * 86_400)
    assert (objective["freeze_below"], objective["success"]) == (0.1, 0.98)


def test_a_rate_limit_is_a_count_in_a_window() -> None:
    assert arguments("rate-limits.auth")["limits"] == [
        {"count": 5, "window": 900},
        {"count": 20, "window": 3600},
    ]


def test_a_worker_and_all_it_stands_on_have_the_environments_name() -> None:
    worker = arguments("workers.logs")
    assert worker["script"] == "everything-logs-prod"
    assert worker["namespaces"] == [["STATE", "everything-state-prod"]]
    assert worker["routes"] == ["everything.example/logs/*"]
    assert dict(worker["variables"]) == {
        "ENVIRONMENT": "prod",
        "LOG_LEVEL": "debug",
        "PLATFORM": "everything",
        "SERVICE": "everything",
    }


def test_parts_of_the_server_stack_know_image_port_volume_and_targets() -> None:
    prometheus, exporter = (
        arguments(f"server.parts.{part}") for part in ("prometheus", "postgres")
    )
    assert (prometheus["image"], prometheus["port"]) == ("prom/prometheus:v3.5.0", 9090)
    assert prometheus["volume"]["age"] == 15 * 86_400
    assert prometheus["volume"]["full"] == 0.7
    assert exporter["image"].startswith("quay.io/")
    assert exporter["targets"] == [{"service": "database", "address": "postgres:5432"}]
    assert arguments("server")["on"] == {"host": "machine", "address": "machine.everything.example"}
    assert arguments("server.backups")["volumes"] == ["everything-prod-prometheus"]


def test_a_stack_on_a_cluster_has_a_namespace_of_its_environment() -> None:
    platform = everything()
    assert platform.server is not None
    server = replace(platform.server, on=Where.KUBERNETES, host=None, namespace="watch")
    found = arguments("server", platform=replace(platform, server=server))
    assert found["on"] == {"namespace": "watch-prod"}


def test_who_sends_messages_takes_what_is_said_about_them() -> None:
    for environment, component in (
        ("local", Component.MONITORING_WORKER),
        ("prod", Component.ALERTMANAGER),
    ):
        found = {one.part: one.component for one in declared(everything(), environment)}
        assert found["routing.events.deployment"] == component


def test_what_is_made_is_declared_only_for_what_more_it_says() -> None:
    platform = everything()
    parts = {one.part for one in declared(platform, "prod")}
    made = {name for name, check in platform.checks.items() if is_made(check)}
    assert made == {"health", "plain", "database"}
    assert {name for name in platform.checks if f"checks.{name}" in parts} == (
        set(platform.checks) - {"plain", "database"}
    )
    assert {part for part in parts if part.startswith("channels.")} == {"channels.slack.channel"}


ALERTING = ("severities", "people", "channels", "routing", "maintenance")


def test_of_whom_the_worker_tells_only_that_is_declared_which_it_does_not_keep() -> None:
    found = {
        one.part: getattr(one.arguments, "value", None)
        for one in declared(everything(), "local")
        if one.part.startswith(ALERTING)
    }
    assert found == {
        "severities.P0.title": "Critical",
        "severities.P1.answer": "next business day",
        "severities.P1.resolve": "best effort",
        "people.contacts.first.title": "First on call",
        "people.contacts.first.slack": "@first",
        "people.contacts.first.zone": "America/Denver",
        "people.teams.operations.title": "Operations",
        "people.teams.operations.lead": "lead",
        "channels.slack.channel": "#alerts",
        "routing.group-by": "service, severity",
        "routing.inhibit.by-needs": "false",
        "routing.inhibit.by-rank": "false",
        "routing.history": "50",
        "routing.events.deployment": None,
        "maintenance.once.title": "An upgrade",
    }


def test_people_whom_the_worker_never_tells_or_has_no_way_to_are_declared() -> None:
    platform = everything()
    unmoved = {name: replace(one, escalate=()) for name, one in platform.severities.items()}
    parts = {one.part for one in declared(replace(platform, severities=unmoved), "local")}
    assert parts >= {
        "people.contacts.first",
        "people.contacts.lead",
        "people.teams.operations",
        "people.rotations.on-call",
    }
    chat = {"slack": platform.channels["slack"]}
    severities = {
        name: replace(one, channels=("slack",)) for name, one in platform.severities.items()
    }
    chatting = replace(platform, channels=chat, severities=severities)
    parts = {one.part for one in declared(chatting, "local")}
    assert parts >= {"people.contacts.first.mail", "people.contacts.first.phone"}


def test_milliseconds_are_kept() -> None:
    platform = everything()
    check = platform.checks["health"]
    assert check.http is not None
    expect = replace(check.http.expect, within=Duration(1500))
    changed = replace(check, http=replace(check.http, expect=expect))
    found = arguments("checks.health", platform=replace(platform, checks={"health": changed}))
    assert found["asks"]["answer"]["within"] == 1.5
