"""Who is told: severities to channels, and where the other backends' opinions go.

One place pages in an environment. Whatever Grafana and Cloudflare see goes to the monitoring Worker
as a vote, which is recorded with the incident and wakes nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.arguments import (
    ContactPoint,
    EmailContact,
    NotificationPolicy,
    Notifications,
    Pager,
    PagerDutyContact,
    Secret,
    SlackContact,
    WebhookContact,
    WebhookDestination,
)
from belfry.language.channels import Email, PagerDuty, Slack, Webhook
from belfry.provisioned import delivered

if TYPE_CHECKING:
    from typing import Literal

    from belfry.arguments import HealthCheck
    from belfry.language.channels import Delivered
    from belfry.language.platform import Platform

VOTE_KEY = "vote-key"
"""The secret with which other backends speak to the monitoring Worker."""
VOTE_PATH = "/alerts/vote"
"""Where the monitoring Worker takes opinions."""

_PAGERDUTY: tuple[Literal["critical", "error", "warning"], ...] = ("critical", "error", "warning")


def binding(secret: Secret) -> str:
    """Give the name under which the monitoring Worker finds a secret."""
    return f"SECRET_{secret.name.upper().replace('-', '_')}"


def secrets_of(platform: Platform, environment: str) -> tuple[Secret, ...]:
    """Give the secrets that an environment's monitoring Worker holds, sorted.

    Where nobody is paged it holds no channel's secret, so that a test environment cannot leak what
    production depends on.
    """
    secrets = {Secret(name=VOTE_KEY)}
    if platform.environments[environment].paging is Pager.WORKER:
        secrets |= {channel.secret for channel in delivered(platform).values()}
    return tuple(sorted(secrets, key=lambda secret: secret.name))


def vote_contact(prefix: str) -> ContactPoint:
    """Make the contact point through which Grafana tells the Worker what it sees."""
    contact = WebhookContact(url=VOTE_PATH, secret=Secret(name=VOTE_KEY))
    return ContactPoint(name=f"{prefix}-vote", contact=contact)


def contact_point(name: str, channel: Delivered, rank: int) -> ContactPoint:
    """Make a contact point that reaches a channel's people, for alerts of a severity's rank."""
    return ContactPoint(name=name, contact=_contact(channel, rank))


def notifications(
    platform: Platform, prefix: str, environment: str, health_checks: tuple[HealthCheck, ...]
) -> Notifications:
    """Send Cloudflare's own verdicts on the health checks to the Worker, as votes."""
    destination = WebhookDestination(
        name=f"{prefix}-vote", path=VOTE_PATH, secret=Secret(name=VOTE_KEY)
    )
    if not health_checks:
        return Notifications(destinations=(destination,), policies=())
    title = platform.title or platform.platform
    policy = NotificationPolicy(
        name=f"{prefix}-health-checks",
        description=f"What Cloudflare's health checks see of {title} in {environment}.",
        alert_type="health_check_status_notification",
        health_checks=tuple(check.name for check in health_checks),
        statuses=("Healthy", "Unhealthy"),
    )
    return Notifications(destinations=(destination,), policies=(policy,))


def _contact(
    channel: Delivered, rank: int
) -> SlackContact | PagerDutyContact | EmailContact | WebhookContact:
    match channel:
        case Slack():
            return SlackContact(webhook=channel.webhook)
        case PagerDuty():
            severity = _PAGERDUTY[rank] if rank < len(_PAGERDUTY) else "info"
            return PagerDutyContact(key=channel.key, severity=severity)
        case Email():
            return EmailContact(addresses=channel.to)
        case Webhook():
            return WebhookContact(url=channel.url, secret=channel.token)
