"""How values of secrets must look, by kind. No message of this module repeats any part of a value.

A form is what its issuer documents, or what its values are seen to be; it says where from. It
tells a value that was cut, swapped or never filled in from one that may be right; whether it opens
anything is known to its issuer alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, parse_qs, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MOST_BYTES = 5 * 1024
"""The longest a Worker's secret may be (Cloudflare, Workers limits: environment variable size)."""

_GUESSABLE = 16
"""Characters under which a key that only machines type is doubtful."""
_SHORT = 8
"""The same for a password (NIST SP 800-63B, 5.1.1.2)."""


class Kind(StrEnum):
    """What a secret is; the most telling first, for a secret that is used as several."""

    SLACK = "slack-webhook"
    DISCORD = "discord-webhook"
    TEAMS = "teams-webhook"
    PAGERDUTY = "pagerduty-key"
    TWILIO = "twilio-token"
    SENTRY = "sentry-dsn"
    SMTP = "smtp-password"
    GRAFANA = "grafana-password"
    REMOTE_WRITE = "remote-write-password"
    PASSWORD = "password"  # noqa: S105 -- the kind, not a secret
    OAUTH = "oauth-secret"
    VOTE = "vote-key"
    BACKUP = "backup-key"
    BEARER = "bearer-token"
    KEY = "key"
    ANY = "secret"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How values of one kind look."""

    what: str
    """What people call it."""
    wrong: Callable[[str], str | None]
    """Says what is wrong with a value's form, None when nothing is."""
    short: int = 0
    """Shorter values are doubtful."""
    typed: bool = False
    """A person chose it: blanks around it may be meant, and it is no header's value."""
    own: bool = False
    """Only Belfry uses it, so that a random one will do."""


def looks_wrong(kind: Kind, value: str) -> str | None:
    """Say why a value cannot be a secret of this kind; None when its form is right."""
    look = LOOKS[kind]
    if not value.strip():
        return "it is empty"
    if why := _wrong_in_any(value, typed=look.typed):
        return why
    return look.wrong(value)


def looks_doubtful(kind: Kind, value: str) -> str | None:
    """Say why a value whose form is right is yet worth a second look; None when it is not."""
    look = LOOKS[kind]
    if value != value.strip():
        return "it begins or ends with a blank"
    if len(value) < look.short:
        return f"it is shorter than {look.short} characters, and could be guessed"
    if kind is Kind.TEAMS and _host(value).endswith(_OFFICE):
        return "Microsoft has retired these addresses: make a workflow and take its address"
    return None


def _wrong_in_any(value: str, *, typed: bool) -> str | None:
    if any(not letter.isprintable() for letter in value):
        return "it holds a line break or another character that cannot be printed"
    if len(value.encode()) > MOST_BYTES:
        return "it is longer than 5 kB, the most that a Worker's secret may be"
    if _is_placeholder(value):
        return "it is a placeholder, not a value"
    if _REFERENCE.fullmatch(value):
        return "it is the name of a secret, not its value"
    if typed:
        return None
    if value != value.strip():
        return "it begins or ends with a blank"
    if value[0] in "\"'`" and value[-1] == value[0]:
        return "it stands in quotation marks"
    if not value.isascii() or " " in value:
        return "it holds a blank or a letter that no header or address can carry"
    return None


_REFERENCE = re.compile(r"secret:[a-z][a-z0-9]*(-[a-z0-9]+)*")
_PLACEHOLDER = re.compile(
    r"""
      <.*> | \$\{.*\} | \{\{.*\}\}                          # a blank of somebody's template
    | your[-_ ].* | .*[-_ ]here                            # your-token, paste-it-here
    | (to[-_ ]?do|tbd|fix[-_ ]?me)\b.*                     # TODO: ask for it
    | (change|replace|insert|fill)[-_ ]?(me|it|this|in)?\W*\d*
    | (my[-_ ]?)?(secret|pass(word|phrase)?|token|key|webhook|value|test|dummy|fake|sample|example
      |place-?holder|foo|bar|foobar|none|null|nil|undefined|unset|empty|n/?a)\W?\d{0,4}
    | .*x{8}.* | .*/[TB]0{6,}/.*                           # as in the issuers' own examples
    | (?P<one>.)(?P=one)*                                  # one letter again and again
    """,
    re.VERBOSE | re.IGNORECASE,
)


def _is_placeholder(value: str) -> bool:
    return _PLACEHOLDER.fullmatch(value.strip()) is not None


_OFFICE = ".webhook.office.com"
_SLACK_HOSTS = ("hooks.slack.com", "hooks.slack-gov.com")
_DISCORD_HOSTS = tuple(
    release + host
    for host in ("discord.com", "discordapp.com")
    for release in ("", "ptb.", "canary.")
)
_TEAMS_HOSTS = (".logic.azure.com", ".environment.api.powerplatform.com")
_SLACK_PATH = re.compile(r"/services/T[A-Z0-9]{6,}/B[A-Z0-9]{6,}/[A-Za-z0-9]{20,}")
_DISCORD_PATH = re.compile(r"/api(/v\d+)?/webhooks/\d{17,20}/[\w-]{50,}", re.ASCII)


def _slack(value: str) -> str | None:
    """Incoming webhooks (docs.slack.dev); other addresses of Slack's take other messages."""
    if not _is_https(value, *_SLACK_HOSTS):
        return "it does not begin with https://hooks.slack.com/services/"
    path = urlsplit(value).path
    if path.startswith(("/triggers/", "/workflows/")):
        return "it starts a workflow of Slack: make an incoming webhook and take its address"
    if not _SLACK_PATH.fullmatch(path):
        return "after https://hooks.slack.com/services/ must follow T…/B…/… and nothing else"
    return _bare(value)


def _discord(value: str) -> str | None:
    """Webhook resource (docs.discord.com): a snowflake of 17 to 20 digits, and a token."""
    if not _is_https(value, *_DISCORD_HOSTS):
        return "it does not begin with https://discord.com/api/webhooks/"
    if not _DISCORD_PATH.fullmatch(urlsplit(value).path):
        return "after https://discord.com/api/webhooks/ must follow its number, / and its token"
    return _bare(value)


def _teams(value: str) -> str | None:
    """Workflows of Teams: the signature is in the query (learn.microsoft.com, Power Automate)."""
    if not _is_https(value, *_TEAMS_HOSTS, _OFFICE):
        return "it is not the https address of a workflow at logic.azure.com or powerplatform.com"
    if _host(value).endswith(_OFFICE):
        return None if "/webhook" in urlsplit(value).path else "its path does not begin /webhook"
    if not parse_qs(urlsplit(value).query).get("sig"):
        return "its end is missing: the part sig=…, without which the workflow refuses messages"
    return None


def _sentry(value: str) -> str | None:
    """The DSN, https://PUBLIC_KEY@HOST/PROJECT (docs.sentry.io, DSN)."""
    parts = _split(value)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        return "it does not begin with https://"
    if not parts.username:
        return "the key is missing: https://KEY@HOST/PROJECT"
    if not re.fullmatch(r"(/[\w-]+)*/\d+", parts.path, re.ASCII):
        return "it does not end with the number of a project: https://KEY@HOST/PROJECT"
    return None


def _pagerduty(value: str) -> str | None:
    """Integration keys of Events API v2 are seen to be 32 letters and digits."""
    if not re.fullmatch(r"[A-Za-z0-9]{32}", value):
        return "an integration key of Events API v2 is 32 letters and digits, and nothing else"
    return None


def _twilio(value: str) -> str | None:
    """Auth tokens are 32 hexadecimal digits; SIDs begin with two letters (twilio.com/docs)."""
    if re.fullmatch(r"(AC|SK)[0-9a-f]{32}", value):
        return "it is the SID of an account or of a key, which is no secret: take the auth token"
    if not re.fullmatch(r"[0-9a-f]{32}", value):
        return "an auth token is 32 digits of 0-9 and a-f, and nothing else"
    return None


def _bearer(value: str) -> str | None:
    """What goes into a header after `Bearer` (RFC 6750, 2.1), without that word."""
    if re.match(r"(bearer|basic|authorization:?)\b", value, re.IGNORECASE):
        return "it is a header's value: leave the word before the token out"
    return None


def _any(_: str) -> str | None:
    return None


def _is_https(value: str, *hosts: str) -> bool:
    parts = _split(value)
    if parts is None or parts.scheme != "https" or "@" in parts.netloc:
        return False
    name = parts.hostname or ""
    return any(name.endswith(host) if host.startswith(".") else name == host for host in hosts)


def _bare(value: str) -> str | None:
    parts = urlsplit(value)
    extra = parts.query or parts.fragment
    return "after the token follows something that does not belong there" if extra else None


def _host(value: str) -> str:
    parts = _split(value)
    return (parts.hostname or "") if parts else ""


def _split(value: str) -> SplitResult | None:
    try:
        parts = urlsplit(value)
        parts.port  # noqa: B018 -- raises when it is none
    except ValueError:
        return None
    return parts


LOOKS: Mapping[Kind, Look] = {
    Kind.SLACK: Look(what="address of a Slack webhook", wrong=_slack),
    Kind.DISCORD: Look(what="address of a Discord webhook", wrong=_discord),
    Kind.TEAMS: Look(what="address of a Teams workflow", wrong=_teams),
    Kind.PAGERDUTY: Look(what="PagerDuty integration key", wrong=_pagerduty),
    Kind.TWILIO: Look(what="Twilio auth token", wrong=_twilio),
    Kind.SENTRY: Look(what="Sentry DSN", wrong=_sentry),
    Kind.SMTP: Look(what="SMTP password", wrong=_any, typed=True, short=_SHORT),
    Kind.GRAFANA: Look(what="Grafana password", wrong=_any, typed=True, short=_SHORT),
    Kind.REMOTE_WRITE: Look(what="remote write password", wrong=_any, typed=True, short=_SHORT),
    Kind.PASSWORD: Look(what="password", wrong=_any, typed=True, short=_SHORT),
    Kind.OAUTH: Look(what="OAuth client secret", wrong=_any, short=_GUESSABLE),
    Kind.VOTE: Look(what="key of the votes", wrong=_bearer, short=_GUESSABLE, own=True),
    Kind.BACKUP: Look(what="key of the backups", wrong=_any, short=_GUESSABLE, own=True),
    Kind.BEARER: Look(what="bearer token", wrong=_bearer, short=_GUESSABLE),
    Kind.KEY: Look(what="key", wrong=_bearer, short=_GUESSABLE),
    Kind.ANY: Look(what="secret", wrong=_any, typed=True),
}
"""One row a kind. A new secret of the platform file needs a row here only when its form is new."""
