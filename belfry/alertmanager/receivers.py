"""Receivers: channels and people as Alertmanager's integrations take them, with secrets by file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.contact_channels import mail_of
from belfry.language.channels import Discord, Email, PagerDuty, Slack, Sms, Teams, Tls, Webhook
from belfry.messages.alertmanager import receiver_options
from belfry.routes.people import Means
from belfry.routes.tree import HEARTBEAT, VOTE
from belfry.routing import VOTE_KEY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from belfry.arguments import Secret
    from belfry.language.channels import Channel
    from belfry.language.platform import Platform
    from belfry.routes.people import Recipient
    from belfry.routes.tree import Receiver

_VOTED = 500
"""Alerts in one vote, of one rule about one service; the Worker takes at most 1 MiB."""
VOTE_URL = "vote-url"
"""The secret's file that holds the Worker's address for votes."""

Config = tuple[str, dict[str, object]]
"""A key of a receiver, and one integration of its list."""


class Receivers:
    """Writes the receivers of one platform."""

    def __init__(self, platform: Platform, secrets: str) -> None:
        """Take the folder in which secrets are files."""
        self._platform = platform
        self._secrets = secrets.rstrip("/")

    def written(self, receiver: Receiver) -> Mapping[str, object]:
        """Give a receiver with its integrations by kind."""
        lists: dict[str, list[dict[str, object]]] = {}
        for key, config in self._configs(receiver):
            lists.setdefault(key, []).append({**config, "send_resolved": True})
        return {"name": receiver.name, **dict(sorted(lists.items()))}

    def _configs(self, receiver: Receiver) -> Iterator[Config]:
        if receiver.name in (VOTE, HEARTBEAT):
            yield self._vote()
        people: dict[str, None] = {}
        for one in receiver.to:
            if one.means is Means.CHANNEL:
                yield from self._channel(self._platform.channels[one.name])
            else:
                people.update(dict.fromkeys(self._mails(one)))
        sender = mail_of(self._platform)
        if people and sender is not None:
            yield self._mail(sender, tuple(people))

    def _vote(self) -> Config:
        authorization = {"credentials_file": self._path(VOTE_KEY)}
        return "webhook_configs", {
            "url_file": self._path(VOTE_URL),
            "max_alerts": _VOTED,
            "http_config": {"authorization": authorization},
        }

    def _channel(self, channel: Channel) -> Iterator[Config]:
        match channel:
            case Slack():
                yield (
                    "slack_configs",
                    {"api_url_file": self._file(channel.secret), **receiver_options(channel.KEY)},
                )
            case PagerDuty():
                key = {"routing_key_file": self._file(channel.secret)}
                yield "pagerduty_configs", {**key, **receiver_options(channel.KEY)}
            case Email():
                yield self._mail(channel, channel.to)
            case Discord():
                url = {"webhook_url_file": self._file(channel.secret)}
                yield "discord_configs", {**url, **receiver_options(channel.KEY)}
            case Teams():
                url = {"webhook_url_file": self._file(channel.secret)}
                yield "msteamsv2_configs", {**url, **receiver_options(channel.KEY)}
            case Webhook():
                yield "webhook_configs", {"url": channel.url, "http_config": self._http(channel)}
            case Sms():
                return  # reported before anything is written

    def _mail(self, sender: Email, to: tuple[str, ...]) -> Config:
        return (
            "email_configs",
            {
                "to": _plain(", ".join(to)),
                "from": _plain(sender.from_),
                "smarthost": f"{sender.host}:{sender.port}",
                "auth_username": sender.user,
                "auth_password_file": self._file(sender.secret),
                "require_tls": sender.tls is not Tls.NONE,
                **receiver_options(sender.KEY),
            },
        )

    def _http(self, channel: Webhook) -> Mapping[str, object]:
        file = self._file(channel.secret)
        if channel.user is not None:
            return {"basic_auth": {"username": channel.user, "password_file": file}}
        return {"authorization": {"credentials_file": file}}

    def _mails(self, recipient: Recipient) -> Iterator[str]:
        for name in recipient.contacts:
            mail = self._platform.people.contacts[name].mail
            if mail is not None:
                yield mail

    def _file(self, secret: Secret) -> str:
        return self._path(secret.name)

    def _path(self, name: str) -> str:
        return f"{self._secrets}/{name}"


def _plain(text: str) -> str:
    """Let a template say a text as it is: Alertmanager takes mail addresses for templates."""
    return text.replace("{{", '{{ "{{" }}')
