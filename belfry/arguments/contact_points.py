"""Whom Grafana tells: one type a kind of integration. What is secret of it, is a Secret."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from belfry.arguments.checked import check_name, check_once, check_some, check_within, refused

if TYPE_CHECKING:
    from belfry.arguments.secret import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackContact:
    """A Slack incoming webhook."""

    webhook: Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class PagerDutyContact:
    """A PagerDuty service, by its integration key."""

    key: Secret
    severity: Literal["critical", "error", "warning", "info"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailContact:
    """Mail, sent by Grafana's own SMTP settings."""

    addresses: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse mail to nobody.

        Raises:
            Problems: there is no address, or one twice.

        """
        check_some("mail contact", "addresses", self.addresses, "address")
        check_once("mail contact", "addresses", self.addresses)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookContact:
    """An HTTP endpoint; the secret goes into the Authorization header."""

    url: str
    """Absolute, or a path on the monitoring Worker when it starts with a slash."""
    secret: Secret | None = None
    user: str | None = None
    """With it, Authorization: Basic; otherwise Bearer."""

    def __post_init__(self) -> None:
        """Refuse a user without a password.

        Raises:
            Problems: there is one.

        """
        if self.user is not None and self.secret is None:
            raise refused("webhook contact", "user", "it has no password", "name its secret")


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscordContact:
    """A Discord channel's webhook."""

    webhook: Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamsContact:
    """A workflow of Microsoft Teams."""

    webhook: Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramContact:
    """A chat of a Telegram bot."""

    token: Secret
    chat: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpsgenieContact:
    """Opsgenie."""

    key: Secret
    region: Literal["us", "eu"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoogleChatContact:
    """A space of Google Chat."""

    webhook: Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class PushoverContact:
    """Pushover."""

    user: Secret
    token: Secret
    priority: int = 0
    """From -2, unseen, to 2, again and again until somebody answers."""

    def __post_init__(self) -> None:
        """Refuse a priority that is none.

        Raises:
            Problems: it is not -2 to 2.

        """
        check_within("Pushover contact", "priority", self.priority, -2, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class VictorOpsContact:
    """Splunk On-Call."""

    webhook: Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class SnsContact:
    """A topic of Amazon SNS."""

    topic: str
    """Its ARN."""
    access_key: Secret
    secret_key: Secret


Contact = (
    SlackContact
    | PagerDutyContact
    | EmailContact
    | WebhookContact
    | DiscordContact
    | TeamsContact
    | TelegramContact
    | OpsgenieContact
    | GoogleChatContact
    | PushoverContact
    | VictorOpsContact
    | SnsContact
)
"""Any kind of integration."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Integration:
    """One way of telling people, and the texts with which that is done."""

    contact: Contact
    texts: tuple[tuple[str, str | tuple[tuple[str, str], ...]], ...] = ()
    """Templates by the provider's argument; without, Grafana's own texts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPoint:
    """Whom Grafana tells, all at once."""

    name: str
    integrations: tuple[Integration, ...]

    def __post_init__(self) -> None:
        """Refuse a name that is none, and a contact point that tells nobody.

        Raises:
            Problems: it is none; there is no integration.

        """
        check_name("contact point", "name", self.name)
        check_some(f"contact point {self.name}", "integrations", self.integrations, "integration")
