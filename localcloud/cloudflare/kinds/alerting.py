"""Notifications: where they go, and which event sends them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from localcloud.cloudflare.alert_types import ALERTS, ANY_ALERT, FILTER_VALUES
from localcloud.cloudflare.envelope import Refusal
from localcloud.cloudflare.kinds.health_checks import NOT_FOUND
from localcloud.cloudflare.kinds.rows import Draft, Field, Form, Kind, Secrecy
from localcloud.documents import MalformedError, documents, inner, text, texts
from localcloud.moments import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from localcloud.documents import Document
    from localcloud.store import Object, Store

_MALFORMED = Refusal(status=400, code=10001, message="malformed policy: {reason}")
_NO_ALERT_TYPE = Refusal(status=400, code=17004, message="invalid alert type: {type}")
_NO_MECHANISM = Refusal(status=400, code=17102, message="{reason}")
_BAD_FILTER = Refusal(status=400, code=17103, message="{reason}")
_BAD_WEBHOOK = Refusal(status=400, code=10001, message="malformed webhook: {reason}")

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")

_DESTINATIONS: Mapping[str, str] = {"webhooks": "webhooks", "pagerduty": "pagerduty"}
"""Mechanism whose ids are of objects, and the kind of those."""

_SERVICES: Mapping[str, str] = {
    "hooks.slack.com": "slack",
    "discord.com": "discord",
    "discordapp.com": "discord",
    "chat.googleapis.com": "gchat",
    "api.opsgenie.com": "opsgenie",
    "open.feishu.cn": "feishu",
    "event-management-intake.datadoghq.com": "datadog",
}
"""Hosts by which the service tells what a webhook speaks."""


def _tell_webhook(_store: Store, _held: Object, told: Document) -> Document:
    host = urlsplit(str(told["url"])).hostname or ""
    type_ = "splunk" if host.endswith(".splunkcloud.com") else _SERVICES.get(host, "generic")
    return {**told, "type": type_}


def _check_webhook(draft: Draft) -> None:
    url = str(draft.body["url"])
    try:
        parts = urlsplit(url)
        there = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        there = False
    if not there:
        raise _BAD_WEBHOOK.about(reason=f"{url[:200]!r} is no URL")


def _check_policy(draft: Draft) -> None:
    type_ = str(draft.body["alert_type"])
    if type_ not in ALERTS:
        raise _NO_ALERT_TYPE.about(type=type_[:100])
    _check_mechanisms(draft)
    _check_filters(type_, inner(draft.body, "filters"))


def _check_mechanisms(draft: Draft) -> None:
    """See that somebody hears of it; empty lists are dropped, as the service does."""
    kept: Document = {}
    for mechanism in inner(draft.body, "mechanisms"):
        if mechanism not in ("email", *_DESTINATIONS):
            raise _NO_MECHANISM.about(reason=f"invalid mechanism: {mechanism[:100]}")
        try:
            wanted = documents(inner(draft.body, "mechanisms"), mechanism)
            ids = [text(one, "id") for one in wanted]
        except MalformedError as problem:
            raise _NO_MECHANISM.about(reason=f"invalid mechanism: {problem}") from problem
        for identifier in ids:
            _check_recipient(draft, mechanism, identifier)
        if ids:
            kept[mechanism] = [{"id": identifier} for identifier in ids]
    if not kept:
        raise _NO_MECHANISM.about(reason="at least one mechanism is required")
    draft.body["mechanisms"] = kept


def _check_recipient(draft: Draft, mechanism: str, identifier: str) -> None:
    kind = _DESTINATIONS.get(mechanism)
    if kind is None:
        if not _ADDRESS.fullmatch(identifier):
            raise _NO_MECHANISM.about(reason=f"invalid email address: {identifier[:100]}")
    elif draft.store.get(kind, draft.scope, identifier) is None:
        what = "webhook" if mechanism == "webhooks" else "PagerDuty"
        raise _NO_MECHANISM.about(reason=f"{what} destination {identifier[:100]} does not exist")


def _check_filters(type_: str, filters: Document) -> None:
    alert = ALERTS[type_]
    for name in filters:
        if name not in alert.filters and name not in ANY_ALERT:
            raise _BAD_FILTER.about(reason=f"invalid filter for {type_}: {name[:100]}")
        try:
            values = texts(filters, name)
        except MalformedError as problem:
            raise _BAD_FILTER.about(reason=f"invalid filter: {problem}") from problem
        allowed = FILTER_VALUES.get(name)
        for value in values:
            if allowed and value not in allowed:
                raise _BAD_FILTER.about(reason=f"invalid value of filter {name}: {value[:100]}")
    missing = [name for name in alert.needs if not filters.get(name)]
    if missing:
        raise _BAD_FILTER.about(reason=f"filters are required for {type_}: {', '.join(missing)}")


KINDS = (
    Kind(
        name="webhooks",
        pulumi_type="cloudflare:index/notificationPolicyWebhooks:NotificationPolicyWebhooks",
        paths=("/accounts/{scope}/alerting/v3/destinations/webhooks",),
        fields=(
            Field(name="name", required=True, longest=256),
            Field(name="url", required=True, longest=2048),
            Field(name="secret", sparse=True, secrecy=Secrecy.SEALED),
        ),
        natural="name",
        added={"last_success": None, "last_failure": None},
        tell=_tell_webhook,
        created="created_at",
        stamp=plain,
        check=_check_webhook,
        missing=NOT_FOUND,
        malformed=_BAD_WEBHOOK,
    ),
    Kind(
        name="policies",
        pulumi_type="cloudflare:index/notificationPolicy:NotificationPolicy",
        paths=("/accounts/{scope}/alerting/v3/policies",),
        fields=(
            Field(name="name", required=True, longest=256),
            Field(name="description", default=""),
            Field(name="enabled", form=Form.FLAG, default=True),
            Field(name="alert_type", required=True),
            Field(name="alert_interval", sparse=True, pattern=r"\d+[smhd]"),
            Field(name="mechanisms", form=Form.OBJECT, default={}),
            Field(name="filters", form=Form.OBJECT, default={}),
        ),
        natural="name",
        added={"conditions": {}},
        created="created",
        modified="modified",
        stamp=plain,
        check=_check_policy,
        missing=NOT_FOUND,
        malformed=_MALFORMED,
    ),
)
