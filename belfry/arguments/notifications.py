"""Cloudflare's own notifications, and where they are delivered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from belfry.arguments.alert_filters import ONLY_OF, Filter
from belfry.arguments.alert_types import AlertType
from belfry.arguments.checked import check_name, check_once, check_some, refused

if TYPE_CHECKING:
    from belfry.arguments.secret import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookDestination:
    """Where Cloudflare delivers its own notifications."""

    name: str
    path: str
    """Path on the monitoring Worker, such as /alerts/vote; or an absolute address."""
    secret: Secret
    """Sent by Cloudflare in the header cf-webhook-auth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PagerDutyDestination:
    """A PagerDuty service that somebody connected with the account by hand.

    There is no resource of it: connecting wants a person who logs in at PagerDuty.
    """

    id: str
    """Cloudflare's id of it, from `alerting/v3/destinations/pagerduty`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationPolicy:
    """One of Cloudflare's events, delivered to the destinations of the same component."""

    name: str
    description: str
    """Never empty: an unset one shows as a change after each refresh."""
    alert_type: AlertType
    health_checks: tuple[str, ...] = ()
    """Names of HealthCheck: the policy is about these; empty: about all that the type covers."""
    filters: tuple[tuple[Filter, tuple[str, ...]], ...] = ()
    """What else narrows it, such as STATUSES to Unhealthy and Healthy."""

    def __post_init__(self) -> None:
        """Refuse what another kind of notification takes.

        Raises:
            Problems: a filter is of another kind, is empty, or is there twice.

        """
        owner = f"notification policy {self.name}"
        check_name(owner, "name", self.name)
        check_name(owner, "description", self.description, longest=500)
        if self.health_checks and self.alert_type is not AlertType.HEALTH_CHECK:
            wrong = f"{self.alert_type} is not about health checks"
            raise refused(owner, "health_checks", wrong, f"use {AlertType.HEALTH_CHECK}")
        check_once(owner, "filters", (key for key, _ in self.filters))
        for key, values in self.filters:
            check_some(owner, f"filters.{key}", values, "value")
            only = ONLY_OF.get(key, self.alert_type)
            if only is not self.alert_type:
                wrong = f"{self.alert_type} takes no such filter"
                raise refused(owner, f"filters.{key}", wrong, f"it is of {only}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Notifications:
    """Cloudflare's own events and where they go: every policy to every destination."""

    destinations: tuple[WebhookDestination, ...]
    policies: tuple[NotificationPolicy, ...]
    pagerduty: tuple[PagerDutyDestination, ...] = ()
    mail: tuple[str, ...] = ()
    """Addresses."""

    def __post_init__(self) -> None:
        """Refuse policies that would be delivered nowhere.

        Raises:
            Problems: there are policies and no destination.

        """
        if self.policies:
            reached = (*self.destinations, *self.pagerduty, *self.mail)
            check_some("notifications", "destinations", reached, "destination")
