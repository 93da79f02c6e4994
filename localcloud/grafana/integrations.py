"""The ways in which Grafana tells people: what each needs, and what of it is secret."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from localcloud.documents import MalformedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from localcloud.documents import Document

REDACTED = "[REDACTED]"
"""What stands where a secret was sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Integration:
    """One type of integration."""

    needs: tuple[tuple[str, ...], ...]
    """Settings that have to be there; of several in one entry, one is enough."""
    secret: frozenset[str] = frozenset()
    """Dotted paths of the settings that are never told again."""


def _of(*needs: str | tuple[str, ...], secret: tuple[str, ...] = ()) -> Integration:
    groups = tuple((need,) if isinstance(need, str) else need for need in needs)
    return Integration(needs=groups, secret=frozenset(secret))


INTEGRATIONS: Mapping[str, Integration] = {
    "dingding": _of("url", secret=("url",)),
    "discord": _of("url", secret=("url",)),
    "email": _of("addresses"),
    "googlechat": _of("url", secret=("url",)),
    "jira": _of("api_url", "project", "issue_type", secret=("user", "password", "api_token")),
    "kafka": _of("kafkaRestProxy", "kafkaTopic", secret=("kafkaRestProxy", "password")),
    "line": _of("token", secret=("token",)),
    "mqtt": _of("brokerUrl", "topic", secret=("password",)),
    "oncall": _of("url", secret=("password", "authorization_credentials")),
    "opsgenie": _of("apiKey", secret=("apiKey",)),
    "pagerduty": _of("integrationKey", secret=("integrationKey",)),
    "prometheus-alertmanager": _of("url", secret=("basicAuthPassword",)),
    "pushover": _of("userKey", "apiToken", secret=("userKey", "apiToken")),
    "sensugo": _of("url", "apikey", secret=("apikey",)),
    "slack": _of(("url", "token"), secret=("url", "token")),
    "sns": _of("topic", secret=("accessKey", "secretKey")),
    "teams": _of("url"),
    "telegram": _of("bottoken", "chatid", secret=("bottoken",)),
    "threema": _of("gateway_id", "recipient_id", "api_secret", secret=("api_secret",)),
    "victorops": _of("url", secret=("url",)),
    "webex": _of("bot_token", "room_id", secret=("bot_token",)),
    "webhook": _of(
        "url",
        secret=(
            "password",
            "authorization_credentials",
            "hmacConfig.secret",
            "tlsConfig.caCertificate",
            "tlsConfig.clientCertificate",
            "tlsConfig.clientKey",
            "http_config.oauth2.client_secret",
        ),
    ),
    "wecom": _of(("url", "secret"), secret=("url", "secret")),
}
"""By Grafana's name, in small letters: the service does not mind capitals."""


def checked(type_: str, settings: Document) -> Integration:
    """Return the integration of a type whose settings are complete.

    Raises:
        MalformedError: there is no such type, or a setting that it needs is missing.

    """
    integration = INTEGRATIONS.get(type_.lower())
    if integration is None:
        raise MalformedError(
            f"invalid contact point type {type_!r}: it is one of {', '.join(INTEGRATIONS)}"
        )
    for names in integration.needs:
        if not any(settings.get(name) for name in names):
            wanted = " or ".join(names)
            raise MalformedError(f"invalid {type_} contact point: settings must have {wanted}")
    if type_ == "slack" and settings.get("token") and not settings.get("url"):
        _need_recipient(settings)
    return integration


def redacted(integration: Integration, settings: Document) -> Document:
    """Return settings with their secrets covered."""
    covered = dict(settings)
    for path in integration.secret:
        _cover(covered, path.split("."))
    return covered


def _need_recipient(settings: Document) -> None:
    if not settings.get("recipient"):
        raise MalformedError(
            "invalid slack contact point: recipient must be specified when using the Slack chat API"
        )


def _cover(settings: Document, path: list[str]) -> None:
    value = settings.get(path[0])
    if not value:
        return
    if len(path) == 1:
        settings[path[0]] = REDACTED
    elif isinstance(value, dict):
        inside = dict(value)
        _cover(inside, path[1:])
        settings[path[0]] = inside
