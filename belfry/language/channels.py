"""Ways to tell people: Slack, PagerDuty, mail, SMS, webhooks. Each needs exactly one secret."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, ClassVar

from belfry.arguments import Secret
from belfry.forms import Domain, Mail, Phone, Url
from belfry.scalars import Bounds, Form
from belfry.shapes import Says


class Tls(StrEnum):
    """How a connection to a mail server is encrypted."""

    IMPLICIT = "implicit"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slack:
    """A Slack channel, through an incoming webhook."""

    KEY: ClassVar = "slack"
    SECRET: ClassVar = "webhook"  # noqa: S105 -- the key, not a secret

    webhook: Annotated[
        Secret, Says("The webhook's address, which is a secret.", "secret:slack-critical")
    ]
    channel: Annotated[
        str | None, Says("Its name, for people; the webhook decides.", '"#alerts-critical"')
    ] = None

    @property
    def secret(self) -> Secret:
        """The one secret that it needs."""
        return self.webhook


@dataclass(frozen=True, slots=True, kw_only=True)
class PagerDuty:
    """A PagerDuty service, through its Events v2 integration."""

    KEY: ClassVar = "pagerduty"
    SECRET: ClassVar = "key"  # noqa: S105 -- the key, not a secret

    key: Annotated[Secret, Says("The integration key.", "secret:pagerduty")]

    @property
    def secret(self) -> Secret:
        """The one secret that it needs."""
        return self.key


@dataclass(frozen=True, slots=True, kw_only=True)
class Email:
    """Mail, through an SMTP server."""

    KEY: ClassVar = "email"
    SECRET: ClassVar = "password"  # noqa: S105 -- the key, not a secret

    host: Annotated[Domain, Says("The SMTP server.", "smtp.example.com")]
    port: Annotated[int, Bounds(1, 65535), Says("Its port.", "465")] = 465
    tls: Annotated[Tls, Says("How the connection is encrypted.", "implicit")] = Tls.IMPLICIT
    user: Annotated[str, Says("Who logs in.", "alerts@example.com")]
    password: Annotated[Secret, Says("With which password.", "secret:smtp-password")]
    from_: Annotated[Mail, Says("The sender.", "alerts@example.com")]
    to: Annotated[
        tuple[Mail, ...], Says("The recipients.", "on-call@example.com", one_or_more=True)
    ]

    @property
    def secret(self) -> Secret:
        """The one secret that it needs."""
        return self.password


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Any HTTP endpoint; it receives the incident as JSON."""

    KEY: ClassVar = "webhook"
    SECRET: ClassVar = "token"  # noqa: S105 -- the key, not a secret

    url: Annotated[Url, Says("Its address.", "https://hooks.example.com/incidents")]
    token: Annotated[
        Secret,
        Says("Sent as Authorization: Bearer, so that it knows who calls.", "secret:incident-hook"),
    ]

    user: Annotated[
        str | None,
        Says("Sends Authorization: Basic instead, with this user and the secret.", "belfry"),
    ] = None

    @property
    def secret(self) -> Secret:
        """The one secret that it needs."""
        return self.token


@dataclass(frozen=True, slots=True, kw_only=True)
class Discord:
    """A Discord channel, through a webhook."""

    KEY: ClassVar = "discord"
    SECRET: ClassVar = "webhook"  # noqa: S105 -- the key, not a secret

    webhook: Annotated[
        Secret, Says("The webhook's address, which is a secret.", "secret:discord-alerts")
    ]

    @property
    def secret(self) -> Secret:
        """The one secret that it needs."""
        return self.webhook


@dataclass(frozen=True, slots=True, kw_only=True)
class Teams:
    """A channel of Microsoft Teams, through a workflow's webhook."""

    KEY: ClassVar = "teams"
    SECRET: ClassVar = "webhook"  # noqa: S105 -- the key, not a secret

    webhook: Annotated[
        Secret, Says("The workflow's address, which is a secret.", "secret:teams-alerts")
    ]

    @property
    def secret(self) -> Secret:
        """The one secret that it needs."""
        return self.webhook


@dataclass(frozen=True, slots=True, kw_only=True)
class Sms:
    """Text messages, through Twilio."""

    KEY: ClassVar = "sms"
    SECRET: ClassVar = "token"  # noqa: S105 -- the key, not a secret

    account: Annotated[
        str,
        Form(r"^AC[0-9a-f]{32}$", "an account of Twilio", f"AC{'0' * 32}"),
        Says("The account's SID.", f"AC{'0' * 32}"),
    ]
    token: Annotated[Secret, Says("The account's token.", "secret:sms-token")]
    from_: Annotated[Phone, Says("The number that sends.", '"+14155550199"')]
    to: Annotated[
        tuple[Phone, ...], Says("The numbers that receive.", '"+14155550100"', one_or_more=True)
    ]

    @property
    def secret(self) -> Secret:
        """The one secret that it needs."""
        return self.token


Channel = Slack | PagerDuty | Email | Webhook | Discord | Teams | Sms
WAKES = (PagerDuty, Sms)
"""Kinds of channels that wake people; others are read when somebody reads them."""
