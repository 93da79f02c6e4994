"""Where the other backends' opinions go: to the monitoring Worker, which records them.

Grafana's rules, and Cloudflare's own notifications of health checks and of events that rules name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.arguments import (
    AlertRoute,
    AlertTimes,
    AlertType,
    ContactPoint,
    Filter,
    Integration,
    Match,
    NotificationPolicy,
    Notifications,
    NotificationTree,
    Secret,
    WebhookContact,
    WebhookDestination,
)
from belfry.conditions import Told
from belfry.provisioned import TOLD
from belfry.routing import VOTE_KEY, VOTE_PATH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from belfry.arguments import HealthCheck
    from belfry.language.platform import Platform
    from belfry.rules import ServiceRule


def vote_contact(prefix: str) -> ContactPoint:
    """Make the contact point through which Grafana tells the Worker what it sees."""
    contact = WebhookContact(url=VOTE_PATH, secret=Secret(name=VOTE_KEY))
    return ContactPoint(name=f"{prefix}-vote", integrations=(Integration(contact=contact),))


def tree(prefix: str, platform: Platform, environment: str) -> NotificationTree:
    """Make the tree of a Grafana organisation that a stack owns: everything becomes a vote.

    Rules of the stack name their contact point themselves. What takes the tree is what people made
    by hand, and it wakes nobody but is recorded.
    """
    vote = vote_contact(prefix).name
    matches = (
        Match(label="platform", sign="=", value=platform.platform),
        Match(label="environment", sign="=", value=environment),
    )
    route = AlertRoute(matches=matches, contact_point=vote, group_by=("rule", "service"))
    return NotificationTree(
        contact_point=vote,
        group_by=("grafana_folder", "alertname"),
        times=AlertTimes(),
        routes=(route,),
    )


def notifications(
    platform: Platform,
    prefix: str,
    environment: str,
    health_checks: tuple[HealthCheck, ...],
    rules: Iterable[ServiceRule],
) -> Notifications:
    """Send what Cloudflare itself notices to the Worker, as votes."""
    destination = WebhookDestination(
        name=f"{prefix}-vote", path=VOTE_PATH, secret=Secret(name=VOTE_KEY)
    )
    title = f"{platform.title or platform.platform} in {environment}"
    return Notifications(
        destinations=(destination,),
        policies=(*_of_health_checks(prefix, title, health_checks), *_of_events(rules, prefix)),
    )


def _of_health_checks(
    prefix: str, title: str, health_checks: tuple[HealthCheck, ...]
) -> Iterator[NotificationPolicy]:
    if health_checks:
        yield NotificationPolicy(
            name=f"{prefix}-health-checks",
            description=f"What Cloudflare's health checks see of {title}.",
            alert_type=AlertType.HEALTH_CHECK,
            health_checks=tuple(check.name for check in health_checks),
            filters=((Filter.STATUSES, ("Healthy", "Unhealthy")),),
        )


def _of_events(rules: Iterable[ServiceRule], prefix: str) -> Iterator[NotificationPolicy]:
    """Subscribe once for every rule of a set that Cloudflare itself tells.

    Only to events that every plan has, and that need no filter: what the zone's plan does not have,
    Cloudflare would refuse, and the whole update with it.
    """
    told: dict[tuple[str, str], NotificationPolicy] = {}
    for rule in rules:
        if isinstance(rule.condition, Told) and rule.condition.event in TOLD:
            policy = NotificationPolicy(
                name=f"{prefix}-{rule.set}-{rule.rule}",
                description=rule.summary,
                alert_type=AlertType(rule.condition.event),
            )
            told.setdefault((rule.set, rule.rule), policy)
    yield from told.values()
