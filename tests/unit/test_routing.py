"""Who is told, through what, with which secrets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from belfry.arguments import (
    EmailContact,
    PagerDutyContact,
    Secret,
    SlackContact,
    WebhookContact,
)
from belfry.language.channels import Delivered, Email, PagerDuty, Slack, Webhook
from belfry.routing import binding, contact_point, secrets_of

if TYPE_CHECKING:
    from belfry.language.platform import Platform
    from tests.unit.shop import Compiles, ReadsShop

MAIL = Email(
    host="smtp.example",
    user="u",
    password=Secret(name="smtp"),
    from_="a@b.example",
    to=("c@d.example",),
)


@pytest.mark.parametrize(
    ("channel", "contact"),
    [
        (Slack(webhook=Secret(name="s")), SlackContact(webhook=Secret(name="s"))),
        (
            PagerDuty(key=Secret(name="p")),
            PagerDutyContact(key=Secret(name="p"), severity="critical"),
        ),
        (MAIL, EmailContact(addresses=("c@d.example",))),
        (
            Webhook(url="https://h.example/in", token=Secret(name="t")),
            WebhookContact(url="https://h.example/in", secret=Secret(name="t")),
        ),
    ],
)
def test_every_kind_of_channel_can_be_a_contact_point(
    channel: Delivered, contact: SlackContact | PagerDutyContact | EmailContact | WebhookContact
) -> None:
    point = contact_point("people", channel, 0)
    assert point.name == "people"
    assert point.contact == contact


@pytest.mark.parametrize(
    ("rank", "severity"), [(0, "critical"), (1, "error"), (2, "warning"), (3, "info"), (9, "info")]
)
def test_pagerduty_hears_how_bad_it_is(rank: int, severity: str) -> None:
    contact = contact_point("people", PagerDuty(key=Secret(name="p")), rank).contact
    assert isinstance(contact, PagerDutyContact)
    assert contact.severity == severity


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
        "vote-key",
    }
    assert secrets_of(pitchey, "staging") == (Secret(name="vote-key"),)


def test_the_worst_of_pitchey_reaches_slack_pagerduty_and_mail(
    pitchey: Platform, compiled: Compiles
) -> None:
    told = json.loads(compiled(pitchey, "prod").worker.configuration)
    assert told["severities"]["P0"] == {
        "rank": 0,
        "answer": 900,
        "resolve": 3600,
        "channels": ["slack-critical", "pagerduty", "mail"],
    }


@pytest.mark.parametrize("environment", ["local", "staging", "prod"])
def test_grafana_and_cloudflare_only_vote(
    pitchey: Platform, compiled: Compiles, environment: str
) -> None:
    stack = compiled(pitchey, environment)
    (vote,) = stack.grafana.contact_points
    assert vote.contact == WebhookContact(url="/alerts/vote", secret=Secret(name="vote-key"))
    rules = [rule for group in stack.grafana.rule_groups for rule in group.rules]
    assert rules
    assert {rule.contact_point for rule in rules} == {vote.name}
    (destination,) = stack.notifications.destinations
    assert (destination.path, destination.secret) == ("/alerts/vote", Secret(name="vote-key"))


def test_a_platform_without_health_checks_subscribes_to_nothing(
    shop: ReadsShop, compiled: Compiles
) -> None:
    platform = shop(("  api-health: {of: api, http: {path: /health}}\n", ""))
    stack = compiled(platform, "prod")
    assert stack.health_checks == ()
    assert stack.notifications.policies == ()
