"""The monitoring Worker's configuration: the JSON text in KV that worker/src/config.js reads.

The bytes depend on the platform alone, so that nothing that did not change is deployed again.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypedDict

from belfry.language.channels import Email, PagerDuty, Slack, Tls, Webhook
from belfry.provisioned import delivered, requests
from belfry.routes.tree import WATCHDOG
from belfry.routing import binding
from belfry.worker_conditions import in_its_words
from belfry.worker_routes import told_at_once

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from belfry.addresses import Addresses
    from belfry.language.channels import Delivered
    from belfry.language.checks import Check, HttpCheck
    from belfry.language.platform import Platform
    from belfry.language.severities import Severity
    from belfry.rules import ServiceRule
    from belfry.schedule import Turn


# Parts are encoded one by one: as one tree, thousands of services take twice as long.
_ENCODE = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode


class Links(TypedDict):
    """Addresses for people, in messages; null where there is none."""

    dashboard: str | None
    status: str | None


def configuration(
    platform: Platform,
    *,
    environment: str,
    turns: Mapping[str, Turn],
    rules: Iterable[ServiceRule],
    addresses: Addresses,
    links: Links,
) -> str:
    """Write the configuration as JSON text, in the order of the platform file."""
    monitoring = platform.monitoring
    retention = platform.retention
    channels = delivered(platform)
    watched: dict[str, list[str]] = {name: [] for name in platform.services}
    for name in turns:
        watched[platform.checks[name].of].append(name)
    parts = {
        "version": "1",
        "platform": _ENCODE(platform.platform),
        "environment": _ENCODE(environment),
        "paging": _ENCODE(platform.environments[environment].paging),
        "services": _table(
            (name, {"needs": service.needs, "checks": watched[name]})
            for name, service in platform.services.items()
        ),
        "checks": _list(
            _check(name, check, http, turns[name], addresses.of_check(check, http))
            for name, check, http in requests(platform)
        ),
        "rules": _list(
            worker_rule(rule) | _routed(platform, rule, channels)
            for rule in rules
            if rule.rule != WATCHDOG
        ),
        "severities": _table(
            (name, _severity(severity, channels)) for name, severity in platform.severities.items()
        ),
        "channels": _table(
            (name, _channel(name, channel, addresses)) for name, channel in channels.items()
        ),
        "recoverAfter": _ENCODE(monitoring.recover_after),
        "settle": _ENCODE(monitoring.settle.whole_seconds),
        "links": _ENCODE(links),
        "privacy": _ENCODE({"scrub": platform.privacy.scrub, "fields": platform.privacy.fields}),
        "retention": _ENCODE(
            {
                "observations": retention.observations.whole_seconds,
                "archive": retention.archive.whole_seconds,
            }
        ),
    }
    return f"{{{','.join(f'{_ENCODE(key)}:{text}' for key, text in parts.items())}}}"


def _list(items: Iterable[Mapping[str, object]]) -> str:
    return f"[{','.join(map(_ENCODE, items))}]"


def _table(items: Iterable[tuple[str, Mapping[str, object]]]) -> str:
    return f"{{{','.join(f'{_ENCODE(name)}:{_ENCODE(item)}' for name, item in items)}}}"


def _severity(severity: Severity, delivered: Container[str]) -> Mapping[str, object]:
    return {
        "rank": severity.rank,
        "answer": severity.answer.whole_seconds,
        "resolve": severity.resolve.whole_seconds,
        "channels": [channel for channel in severity.channels if channel in delivered],
    }


def _check(name: str, check: Check, http: HttpCheck, turn: Turn, url: str) -> Mapping[str, object]:
    return {
        "id": name,
        "service": check.of,
        "through": check.through,
        "url": url,
        "method": http.method,
        "headers": {},
        "expect": {"status": http.expect.status, "body": http.expect.body},
        "every": turn.every,
        "timeout": turn.timeout,
        "confirmations": check.confirmations,
    }


def worker_rule(rule: ServiceRule) -> dict[str, object]:
    """Write one rule: judged by the Worker, where it measures what the rule is about, or told."""
    return {
        "id": rule.id,
        "rule": rule.rule,
        "set": rule.set,
        "service": rule.service,
        "severity": rule.severity,
        "condition": in_its_words(rule.condition),
        "for": rule.hold,
        "noData": {"is": rule.silence, "after": rule.silent_after},
        "summary": rule.summary,
        "description": rule.description,
        "runbook": rule.runbook,
        "trouble": rule.trouble,
    }


def _routed(
    platform: Platform, rule: ServiceRule, delivered: Container[str]
) -> dict[str, list[str]]:
    """Say who is told of a rule, where routes make it others than those of its severity."""
    told = [name for name in told_at_once(platform, rule) if name in delivered]
    usual = platform.severities[rule.severity].channels
    return {} if told == [name for name in usual if name in delivered] else {"channels": told}


def _channel(name: str, channel: Delivered, addresses: Addresses) -> Mapping[str, object]:
    secret = binding(channel.secret)
    match channel:
        case Slack():
            return {"kind": "slack", "secret": secret}
        case PagerDuty():
            return {"kind": "pagerduty", "endpoint": addresses.pagerduty(name), "secret": secret}
        case Webhook():
            user = {} if channel.user is None else {"user": channel.user}
            url = addresses.webhook(channel.url)
            return {"kind": "webhook", "url": url, "secret": secret, **user}
        case Email():
            local = addresses.smtp
            return {
                "kind": "email",
                "host": local[0] if local else channel.host,
                "port": local[1] if local else channel.port,
                "tls": Tls.NONE if local else channel.tls,
                "user": name if local else channel.user,
                "from": channel.from_,
                "to": channel.to,
                "secret": secret,
            }
