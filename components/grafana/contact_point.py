"""Whom Grafana tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulumi import ComponentResource, Output, ResourceOptions
from pulumiverse_grafana import alerting

from belfry.arguments import EmailContact, PagerDutyContact, SlackContact, WebhookContact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi import Input

    from belfry.arguments import ContactPoint as Values


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPointArgs:
    """What ContactPoint is made of."""

    contact_point: Values
    worker_url: Input[str]
    """The monitoring Worker's address, for webhooks that are a path on it."""
    secrets: Mapping[str, Input[str]]
    """Values by the secrets' names, secret already."""


class ContactPoint(ComponentResource):
    """A contact point with one way of telling people."""

    contact_point: Output[str]
    """Its name, known once it exists: rules that name it so come after it, and go before it."""

    def __init__(
        self, name: str, args: ContactPointArgs, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("belfry:grafana:ContactPoint", name, None, opts)
        contact_point = alerting.ContactPoint(name, _args(args), ResourceOptions(parent=self))
        self.contact_point = contact_point.name
        self.register_outputs({"contactPoint": self.contact_point})


def _args(args: ContactPointArgs) -> alerting.ContactPointArgs:
    name = args.contact_point.name
    match args.contact_point.contact:
        case SlackContact(webhook=webhook):
            return alerting.ContactPointArgs(
                name=name, slacks=[alerting.ContactPointSlackArgs(url=args.secrets[webhook.name])]
            )
        case PagerDutyContact(key=key, severity=severity):
            return alerting.ContactPointArgs(
                name=name,
                pagerduties=[
                    alerting.ContactPointPagerdutyArgs(
                        integration_key=args.secrets[key.name], severity=severity
                    )
                ],
            )
        case EmailContact(addresses=addresses):
            return alerting.ContactPointArgs(
                name=name,
                emails=[
                    alerting.ContactPointEmailArgs(addresses=list(addresses), single_email=True)
                ],
            )
        case WebhookContact() as contact:
            return alerting.ContactPointArgs(name=name, webhooks=[_webhook(contact, args)])


def _webhook(contact: WebhookContact, args: ContactPointArgs) -> alerting.ContactPointWebhookArgs:
    on_worker = contact.url.startswith("/")
    secret = args.secrets[contact.secret.name] if contact.secret else None
    return alerting.ContactPointWebhookArgs(
        url=Output.concat(args.worker_url, contact.url) if on_worker else contact.url,
        http_method="POST",
        authorization_scheme="Bearer" if contact.secret else None,
        authorization_credentials=secret,
    )
