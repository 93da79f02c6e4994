"""The monitoring Worker's configuration: the JSON text in KV that worker/src/config.js reads.

The bytes depend on the platform alone, so that nothing that did not change is deployed again.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypedDict

from belfry.language.channels import (
    Discord,
    Email,
    PagerDuty,
    Slack,
    Sms,
    Teams,
    Tls,
    Webhook,
)
from belfry.provisioned import requests
from belfry.routes.tree import WATCHDOG
from belfry.routing import binding
from belfry.worker_conditions import in_its_words
from belfry.worker_routes import worker_routes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from belfry.addresses import Addresses
    from belfry.arguments import Interval
    from belfry.language.channels import Channel
    from belfry.language.checks import Check, HttpCheck
    from belfry.language.people import Rotation
    from belfry.language.platform import Platform
    from belfry.language.routing import Routing
    from belfry.language.severities import Severity
    from belfry.routes.times import Times
    from belfry.rules import ServiceRule
    from belfry.schedule import Turn
    from belfry.worker_routes import Step

_DAY = 86_400

# Parts are encoded one by one: as one tree, thousands of services take twice as long.
_ENCODE = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode


class Links(TypedDict):
    """Addresses for people, in messages; null where there is none."""

    dashboard: str | None
    status: str | None
    incident: str | None
    """Where an incident is acknowledged and silenced; `${incident}` is its name."""


def configuration(
    platform: Platform,
    *,
    environment: str,
    turns: Mapping[str, Turn],
    rules: Iterable[ServiceRule],
    addresses: Addresses,
    links: Links,
) -> str:
    """Write the configuration as JSON text, in the order of the platform file.

    Raises:
        Problems: routes overlap in too many ways.

    """
    monitoring = platform.monitoring
    retention = platform.retention
    judged = [rule for rule in rules if rule.rule != WATCHDOG]
    told = worker_routes(platform, environment, judged)
    watched: dict[str, list[str]] = {name: [] for name in platform.services}
    for name in turns:
        watched[platform.checks[name].of].append(name)
    parts = {
        "version": "2",
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
            worker_rule(rule) | {"route": route}
            for rule, route in zip(judged, told.of, strict=True)
        ),
        "routes": _list({"steps": list(map(_step, steps))} for steps in told.routes),
        "times": _table((name, _times(times)) for name, times in told.times.items()),
        "rotations": _table(
            (name, _rotation(platform.people.rotations[name], members))
            for name, members in told.rotations.items()
        ),
        "telling": _ENCODE(_telling(platform.routing)),
        "severities": _table(
            (name, _severity(severity)) for name, severity in platform.severities.items()
        ),
        "channels": _table(
            (name, _channel(name, channel, addresses))
            for name, channel in (*platform.channels.items(), *told.contacts.items())
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


def _severity(severity: Severity) -> Mapping[str, object]:
    return {
        "rank": severity.rank,
        "answer": severity.answer.whole_seconds,
        "resolve": severity.resolve.whole_seconds,
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
        "firstStep": rule.first_step,
        "runbook": rule.runbook,
        "trouble": rule.trouble,
    }


def _step(step: Step) -> Mapping[str, object]:
    return {
        "to": step.to,
        "onCall": step.on_call,
        "after": step.after,
        "active": step.active,
        "mute": step.mute,
    }


def _times(times: Times) -> Mapping[str, object]:
    return {"drop": times.drop, "intervals": list(map(_interval, times.intervals))}


def _interval(interval: Interval) -> Mapping[str, object]:
    """Write what an interval says; what it does not say, always holds."""
    parts = {
        "times": interval.times,
        "weekdays": interval.weekdays,
        "days": interval.days,
        "months": interval.months,
        "years": interval.years,
    }
    return {"zone": interval.zone} | {key: said for key, said in parts.items() if said}


def _rotation(rotation: Rotation, members: Sequence[Sequence[str]]) -> Mapping[str, object]:
    return {
        "members": members,
        "every": rotation.every.whole_seconds // _DAY,
        "since": str(rotation.since),
        "handover": str(rotation.handover),
        "zone": str(rotation.zone),
    }


def _telling(routing: Routing) -> Mapping[str, object]:
    limit = routing.limit
    return {
        "coolDown": routing.cool_down.whole_seconds,
        "repeat": routing.repeat.whole_seconds if routing.repeat else None,
        "limit": {"count": limit.count, "seconds": limit.per.whole_seconds} if limit else None,
    }


def _channel(name: str, channel: Channel, addresses: Addresses) -> Mapping[str, object]:
    secret = binding(channel.secret)
    match channel:
        case Slack() | Discord() | Teams():
            return {"kind": channel.KEY, "secret": secret}
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
        case Sms():
            endpoint = addresses.sms(name)
            return {
                "kind": "sms",
                "account": channel.account,
                "from": channel.from_,
                "to": channel.to,
                "secret": secret,
                **({} if endpoint is None else {"endpoint": endpoint}),
            }
