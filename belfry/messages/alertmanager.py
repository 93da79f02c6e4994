"""Alertmanager's templates (0.28 and later), and the options of receivers that use them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.messages.characters import ADDRESS
from belfry.messages.go_fields import Group, known_of
from belfry.messages.go_templates import Definitions
from belfry.messages.wording import PARTS, WORKERS, Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from belfry.language.platform import Platform
    from belfry.messages.go_fields import Known

FILE = "belfry.tmpl"
"""The name of the one file."""
_PREFIX = "belfry."
_MATCHED = ("service", "rule", "environment")
"""Labels that a silence is about."""


def _silence() -> Iterator[str]:
    """Link to the form for a silence, filled in with the labels that the alert has."""
    yield "$silence := ``"
    yield "$filter := ``"
    for label in _MATCHED:
        value = (
            f'($lead.Labels.{label} | reReplaceAll `(["\\\\])` `\\$1` | reReplaceAll "\\n" `\\n`)'
        )
        yield f"if $lead.Labels.{label}"
        yield f'$filter = printf `%s,{label}="%s"` $filter {value}'
        yield "end"
    yield f"if and $filter (match `{ADDRESS}` $.ExternalURL)"
    yield "$filter = printf `{%s}` ($filter | reReplaceAll `^,` ``)"
    yield "$filter = (urlquery $filter) | reReplaceAll `\\+` `%20`"
    yield "$silence = printf `%s/#/silences/new?filter=%s` $.ExternalURL $filter"
    yield "end"


_GROUP = Group(silence=tuple(_silence()))


def alertmanager_templates(
    platform: Platform,
    environment: str,
    *,
    dashboard: str | None = None,
    status: str | None = None,
) -> Mapping[str, str]:
    """Give the template files by name; every name in them begins with `belfry.`.

    `dashboard` is where messages lead whose alert has no dashboard of its own, `status` the status
    page; without them those links are left out.
    """
    return {FILE: written(known_of(platform, environment, dashboard, status))}


def written(known: Known) -> str:
    """Write the file."""
    definitions = Definitions(_PREFIX, _GROUP, known)
    return "\n".join([*definitions.texts(), definitions.html()])


def receiver_options(kind: str) -> Mapping[str, object]:
    """Give what a receiver of a kind says, beside its address and secret; by a channel's KEY.

    Raises:
        KeyError: Alertmanager has no texts for this kind.

    """
    return _RECEIVERS[kind]


def _use(name: str) -> str:
    return f'{{{{ template "{_PREFIX}{name}" . }}}}'


_RECEIVERS: Mapping[str, Mapping[str, object]] = {
    "slack": {
        "color": _use("slack.color"),
        "fallback": _use("slack.fallback"),
        "title": _use("slack.title"),
        "title_link": _use("link.runbook"),
        "text": _use("slack.text"),
    },
    "pagerduty": {
        "description": _use("pagerduty.description"),
        "severity": _use("pagerduty.severity"),
        "source": _use("pagerduty.source"),
        "component": _use("pagerduty.component"),
        "group": _use("pagerduty.group"),
        "class": _use("pagerduty.class"),
        "details": {
            one.label: _use(f"pagerduty.details.{one.name}")
            for one in PARTS
            if one.role is Role.FACT and one.name not in WORKERS
        },
        "links": [
            {"href": _use(f"link.{one.name}"), "text": one.label}
            for one in PARTS
            if one.role is Role.LINK and one.name not in WORKERS
        ],
    },
    "email": {
        "headers": {"Subject": _use("subject")},
        "html": _use("email.html"),
        "text": _use("email.text"),
    },
    "discord": {"title": _use("discord.title"), "message": _use("discord.message")},
    "teams": {"title": _use("teams.title"), "text": _use("teams.text")},
}
