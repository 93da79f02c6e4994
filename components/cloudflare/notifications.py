"""What Cloudflare itself notices, and where it delivers that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi_cloudflare as cloudflare
from pulumi import ComponentResource, Output, ResourceOptions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi import Input

    from belfry.arguments import NotificationPolicy, WebhookDestination
    from belfry.arguments import Notifications as Values


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationsArgs:
    """What Notifications is made of."""

    account_id: str
    notifications: Values
    worker_url: Input[str]
    """The monitoring Worker's address, once it answers: Cloudflare tries each new destination."""
    health_check_ids: Mapping[str, Input[str]]
    """Ids of the health checks that policies name."""
    secrets: Mapping[str, Input[str]]
    """Values by the secrets' names, secret already."""


class Notifications(ComponentResource):
    """Destinations, and the policies that deliver to all of them.

    A policy lists the kinds of destinations that there are, and never an empty list of another:
    that would show as a change for ever.
    """

    def __init__(
        self, name: str, args: NotificationsArgs, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("belfry:cloudflare:Notifications", name, None, opts)
        values = args.notifications
        destinations = {
            one.name: self._create_destination(args, one) for one in values.destinations
        }
        mechanisms = _mechanisms(values, [one.id for one in destinations.values()])
        policies = {one.name: self._create_policy(args, one, mechanisms) for one in values.policies}
        self.register_outputs(
            {
                "destinations": {key: one.id for key, one in destinations.items()},
                "policies": {key: one.id for key, one in policies.items()},
            }
        )

    def _create_destination(
        self, args: NotificationsArgs, destination: WebhookDestination
    ) -> cloudflare.NotificationPolicyWebhooks:
        on_worker = destination.path.startswith("/")
        return cloudflare.NotificationPolicyWebhooks(
            destination.name,
            account_id=args.account_id,
            name=destination.name,
            url=Output.concat(args.worker_url, destination.path) if on_worker else destination.path,
            secret=args.secrets[destination.secret.name],
            opts=ResourceOptions(parent=self),
        )

    def _create_policy(
        self,
        args: NotificationsArgs,
        policy: NotificationPolicy,
        mechanisms: cloudflare.NotificationPolicyMechanismsArgs,
    ) -> cloudflare.NotificationPolicy:
        filters: dict[str, list[Input[str]]] = {key: [*values] for key, values in policy.filters}
        if policy.health_checks:
            filters["health_check_ids"] = [
                args.health_check_ids[one] for one in policy.health_checks
            ]
        return cloudflare.NotificationPolicy(
            policy.name,
            account_id=args.account_id,
            name=policy.name,
            description=policy.description,
            enabled=True,
            alert_type=policy.alert_type.value,
            mechanisms=mechanisms,
            filters=cloudflare.NotificationPolicyFiltersArgs(**filters),
            opts=ResourceOptions(parent=self),
        )


def _mechanisms(
    values: Values, webhooks: list[Output[str]]
) -> cloudflare.NotificationPolicyMechanismsArgs:
    return cloudflare.NotificationPolicyMechanismsArgs(
        emails=[
            cloudflare.NotificationPolicyMechanismsEmailArgs(id=address) for address in values.mail
        ]
        or None,
        pagerduties=[
            cloudflare.NotificationPolicyMechanismsPagerdutyArgs(id=one.id)
            for one in values.pagerduty
        ]
        or None,
        webhooks=[cloudflare.NotificationPolicyMechanismsWebhookArgs(id=one) for one in webhooks]
        or None,
    )
