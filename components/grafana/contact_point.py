"""Whom Grafana tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi import ComponentResource, Output, ResourceOptions
from pulumiverse_grafana import alerting

from belfry.arguments.contact_points import (
    DiscordContact,
    EmailContact,
    GoogleChatContact,
    OpsgenieContact,
    PagerDutyContact,
    PushoverContact,
    SlackContact,
    SnsContact,
    TeamsContact,
    TelegramContact,
    VictorOpsContact,
    WebhookContact,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi import Input

    from belfry.arguments import ContactPoint as Values
    from belfry.arguments.contact_points import Contact

_OPSGENIE = {
    "us": "https://api.opsgenie.com/v2/alerts",
    "eu": "https://api.eu.opsgenie.com/v2/alerts",
}
"""Always said, because Grafana would fill it in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPointArgs:
    """What ContactPoint is made of."""

    contact_point: Values
    worker_url: Input[str]
    """The monitoring Worker's address, for webhooks that are a path on it."""
    secrets: Mapping[str, Input[str]]
    """Values by the secrets' names, secret already."""


class ContactPoint(ComponentResource):
    """A contact point: some ways of telling people, all at once."""

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
    """Give every integration in the list of its kind; all other lists stay unsaid."""
    lists: dict[str, Any] = {}
    for one in args.contact_point.integrations:
        kind, integration = _integration(one.contact, args)
        for name, text in one.texts:
            setattr(integration, name, text if isinstance(text, str) else dict(text))
        lists.setdefault(kind, []).append(integration)
    return alerting.ContactPointArgs(name=args.contact_point.name, **lists)


def _integration(contact: Contact, args: ContactPointArgs) -> tuple[str, Any]:
    """Give one integration, and the provider's list that it belongs to."""
    secrets = args.secrets
    match contact:
        case SlackContact(webhook=webhook):
            return "slacks", alerting.ContactPointSlackArgs(url=secrets[webhook.name])
        case PagerDutyContact(key=key, severity=severity):
            pagerduty = alerting.ContactPointPagerdutyArgs(
                integration_key=secrets[key.name], severity=severity
            )
            return "pagerduties", pagerduty
        case EmailContact(addresses=addresses):
            mail = alerting.ContactPointEmailArgs(addresses=list(addresses), single_email=True)
            return "emails", mail
        case WebhookContact():
            return "webhooks", _webhook(contact, args)
        case DiscordContact(webhook=webhook):
            discord = alerting.ContactPointDiscordArgs(
                url=secrets[webhook.name], use_discord_username=False
            )
            return "discords", discord
        case TeamsContact(webhook=webhook):
            return "teams", alerting.ContactPointTeamArgs(url=secrets[webhook.name])
        case TelegramContact(token=token, chat=chat):
            telegram = alerting.ContactPointTelegramArgs(token=secrets[token.name], chat_id=chat)
            return "telegrams", telegram
        case OpsgenieContact(key=key, region=region):
            opsgenie = alerting.ContactPointOpsgenyArgs(
                api_key=secrets[key.name], url=_OPSGENIE[region]
            )
            return "opsgenies", opsgenie
        case GoogleChatContact(webhook=webhook):
            space = alerting.ContactPointGooglechatArgs(url=secrets[webhook.name])
            return "googlechats", space
        case PushoverContact(user=user, token=token, priority=priority):
            pushover = alerting.ContactPointPushoverArgs(
                user_key=secrets[user.name], api_token=secrets[token.name], priority=priority
            )
            return "pushovers", pushover
        case VictorOpsContact(webhook=webhook):
            return "victorops", alerting.ContactPointVictoropArgs(url=secrets[webhook.name])
        case SnsContact(topic=topic, access_key=access, secret_key=secret):
            sns = alerting.ContactPointSnArgs(
                topic=topic,
                auth_provider="keys",
                access_key=secrets[access.name],
                secret_key=secrets[secret.name],
            )
            return "sns", sns


def _webhook(contact: WebhookContact, args: ContactPointArgs) -> alerting.ContactPointWebhookArgs:
    on_worker = contact.url.startswith("/")
    secret = args.secrets[contact.secret.name] if contact.secret else None
    bearer = contact.secret is not None and contact.user is None
    return alerting.ContactPointWebhookArgs(
        url=Output.concat(args.worker_url, contact.url) if on_worker else contact.url,
        http_method="POST",
        authorization_scheme="Bearer" if bearer else None,
        authorization_credentials=secret if bearer else None,
        basic_auth_user=contact.user,
        basic_auth_password=secret if contact.user else None,
    )
