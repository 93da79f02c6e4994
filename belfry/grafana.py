"""What Grafana holds: folder, data source, dashboards, and every rule set as a group of alerts."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

from belfry.arguments import (
    DataSource,
    Folder,
    Grafana,
    GrafanaRule,
    NoData,
    RuleGroup,
)
from belfry.mute_timings import muted
from belfry.promql import query
from belfry.rules import Silence
from belfry.votes import tree, vote_contact

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from belfry.arguments import Dashboard
    from belfry.language.platform import Platform
    from belfry.mute_timings import Muted
    from belfry.rules import ServiceRule

_INTERVAL = 60
"""Seconds between evaluations: as often as the Worker probes."""
_LOOKBACK = 600
"""Seconds of data that a query may at least see."""
_SILENCE = {Silence.ALERTING: NoData.ALERTING, Silence.OK: NoData.OK}


def grafana(
    platform: Platform,
    environment: str,
    *,
    rules: Mapping[str, Sequence[ServiceRule]],
    dashboards: tuple[Dashboard, ...],
    prometheus: str,
    owns_tree: bool = False,
) -> Grafana:
    """Give everything in Grafana for one environment, with the tree if the stack owns it."""
    prefix = f"{platform.platform}-{environment}"
    title = f"{platform.title or platform.platform} {environment}"
    source = f"{prefix}-prometheus"
    vote = vote_contact(prefix)
    windows = muted(platform, environment)
    shared = _Shared(
        prefix=prefix,
        source=source,
        contact_point=vote.name,
        windows=windows,
        labels=(
            ("environment", environment),
            ("platform", platform.platform),
            ("team", platform.team),
        ),
    )
    return Grafana(
        folder=Folder(uid=prefix, title=title),
        data_sources=(
            DataSource(
                uid=source,
                name=f"{title} Prometheus",
                type="prometheus",
                url=prometheus,
                default=False,
                settings=(("httpMethod", "POST"), ("timeInterval", f"{_INTERVAL}s")),
            ),
        ),
        dashboards=dashboards,
        contact_points=(vote,),
        mute_timings=tuple(one.timing for one in windows),
        tree=tree(prefix, platform, environment) if owns_tree else None,
        rule_groups=tuple(
            RuleGroup(name=name, folder=prefix, interval=_INTERVAL, rules=_rules(found, shared))
            for name, found in rules.items()
            if found
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shared:
    """What all rules of a stack have in common."""

    prefix: str
    source: str
    contact_point: str
    windows: tuple[Muted, ...]
    labels: tuple[tuple[str, str], ...]


def _rules(rules: Sequence[ServiceRule], shared: _Shared) -> tuple[GrafanaRule, ...]:
    """Give the rules of one set; those that are the same rule share their labels but one."""
    labels: dict[str, tuple[tuple[str, str], ...]] = {}
    found = []
    for rule in rules:
        if rule.rule not in labels:
            labels[rule.rule] = (
                *shared.labels,
                ("rank", str(rule.rank)),
                ("rule", rule.rule),
                ("set", rule.set),
                ("severity", rule.severity),
            )
        found.append(_rule(rule, shared, labels[rule.rule]))
    return tuple(found)


def _rule(rule: ServiceRule, shared: _Shared, labels: tuple[tuple[str, str], ...]) -> GrafanaRule:
    asked = query(rule)
    return GrafanaRule(
        uid=_uid(rule, shared.prefix),
        title=f"{rule.rule} {rule.service} ({rule.set})",
        data_source=shared.source,
        expression=asked.expression,
        comparison=asked.comparison,
        limit=asked.limit,
        window=max(_LOOKBACK, rule.window),
        hold=rule.hold,
        no_data=_SILENCE[rule.silence],
        # A query that fails says something about Prometheus and nothing about the service.
        error=NoData.KEEP_LAST,
        labels=(*labels, ("service", rule.service)),
        annotations=(
            ("description", rule.description),
            ("runbook_url", rule.runbook),
            ("summary", rule.summary),
        ),
        contact_point=shared.contact_point,
        mute_timings=tuple(
            one.timing.name for one in shared.windows if rule.service in one.services
        ),
    )


def _uid(rule: ServiceRule, prefix: str) -> str:
    """Make a uid that stays the same while the rule does; Grafana takes at most 40 characters."""
    digest = blake2b(f"{prefix}/{rule.id}".encode(), digest_size=8).hexdigest()
    return f"{rule.rule[:22]}-{digest}"
