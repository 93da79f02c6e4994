"""Who is told, through what, with which secrets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from belfry.arguments import (
    AlertType,
    Secret,
    WebhookContact,
)
from belfry.arguments.alert_types import PLANS, NeededPlan
from belfry.provisioned import TOLD
from belfry.routing import binding, secrets_of
from localcloud.cloudflare.alert_types import ALERTS

if TYPE_CHECKING:
    from belfry.language.platform import Platform
    from tests.unit.shop import Compiles, ReadsShop


def test_a_secret_has_one_name_inside_the_worker() -> None:
    assert binding(Secret(name="slack-critical")) == "SECRET_SLACK_CRITICAL"


def test_only_where_the_worker_pages_does_it_hold_the_channels_secrets(pitchey: Platform) -> None:
    names = [secret.name for secret in secrets_of(pitchey, "prod")]
    assert names == sorted(names)
    assert set(names) == {
        "slack-critical",
        "slack-warnings",
        "pagerduty",
        "smtp-password",
        "incident-hook",
        "discord-alerts",
        "sms-token",
        "vote-key",
    }
    assert secrets_of(pitchey, "staging") == (Secret(name="vote-key"),)


def test_the_worst_of_pitchey_reaches_more_and_more_people(
    pitchey: Platform, compiled: Compiles
) -> None:
    told = json.loads(compiled(pitchey, "prod").worker.configuration)
    assert told["severities"]["P0"] == {"rank": 0, "answer": 900, "resolve": 3600}
    down = next(rule for rule in told["rules"] if rule["id"] == "server/WorkerDown/api")
    steps = told["routes"][down["route"]]["steps"]
    assert [(step["after"], step["to"], step["onCall"]) for step in steps] == [
        (0, ["slack-critical", "pagerduty", "mail", "discord"], []),
        (900, ["sms"], ["on-call"]),
        (1800, ["@lead", "@lead/sms"], []),
    ]


@pytest.mark.parametrize("environment", ["local", "staging", "prod"])
def test_grafana_and_cloudflare_only_vote(
    pitchey: Platform, compiled: Compiles, environment: str
) -> None:
    stack = compiled(pitchey, environment)
    (vote,) = stack.grafana.contact_points
    (integration,) = vote.integrations
    assert integration.contact == WebhookContact(url="/alerts/vote", secret=Secret(name="vote-key"))
    rules = [rule for group in stack.grafana.rule_groups for rule in group.rules]
    assert rules
    assert {rule.contact_point for rule in rules} == {vote.name}
    (destination,) = stack.notifications.destinations
    assert (destination.path, destination.secret) == ("/alerts/vote", Secret(name="vote-key"))


def test_a_platform_without_health_checks_subscribes_to_nothing(
    shop: ReadsShop, compiled: Compiles
) -> None:
    platform = shop(
        ("  api-health: {of: api, http: {path: /health}}\n", ""),
        (
            "[WorkerDown, DatabaseConnectionError, HighResponseTime]",
            "[DatabaseConnectionError]",
        ),
    )
    stack = compiled(platform, "prod")
    assert stack.health_checks == ()
    assert stack.notifications.policies == ()


def test_an_event_that_a_rule_names_is_told_to_the_worker(
    pitchey: Platform, compiled: Compiles
) -> None:
    stack = compiled(pitchey, "prod")
    (event,) = [
        one for one in stack.notifications.policies if one.alert_type is not AlertType.HEALTH_CHECK
    ]
    assert event.alert_type is AlertType.DDOS_L7
    assert event.name.startswith("pitchey-prod-")
    assert event.description


def test_an_event_is_told_only_where_no_plan_and_no_filter_is_wanted(
    shop: ReadsShop, compiled: Compiles
) -> None:
    own = "{of: api, severity: P0, summary: It is so, event: EVENT}"
    for event, told in (("dos_attack_l7", True), ("http_alert_origin_error", False)):
        mine = f"HighResponseTime], own: {{Mine: {own.replace('EVENT', event)}}}}}"
        paid = ("platform: shop\n", "platform: shop\nplans: {cloudflare: enterprise}\n")
        stack = compiled(shop(paid, ("HighResponseTime]}", mine)), "prod")
        others = {one.alert_type for one in stack.notifications.policies} - {AlertType.HEALTH_CHECK}
        assert {str(one) for one in others} == ({event} if told else set())


def test_events_that_are_told_are_of_every_plan() -> None:
    assert {PLANS[AlertType(event)] for event in TOLD} == {NeededPlan.FREE}


def test_events_that_are_told_need_no_filter() -> None:
    assert {need for event in TOLD for need in ALERTS[event].needs} == set()
