"""What Grafana holds: folder, data source, dashboards, and every rule set as a group of alerts."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

from belfry.arguments import DataSource, Folder, Grafana, GrafanaRule, NoData, Pager, RuleGroup
from belfry.conditions import looks_back
from belfry.grafana_routing import Reaching, Voting
from belfry.messages.grafana import grafana_templates
from belfry.problems import Problems
from belfry.prometheus.seen import literally, seen
from belfry.promql import query
from belfry.routes.alerts import labels_of
from belfry.rules import Silence
from belfry.votes import vote_contact

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from belfry.arguments import Dashboard
    from belfry.language.platform import Platform
    from belfry.rules import ServiceRule
    from belfry.worker_configuration import Links

_INTERVAL = 60
"""Seconds between evaluations: as often as the Worker probes."""
_LOOKBACK = 600
"""Seconds of data that a query may at least see."""
_VALUE = "$values.B.Value"
"""How a template of Grafana's calls what its query gave, reduced to the last value."""
_SILENCE = {Silence.ALERTING: NoData.ALERTING, Silence.OK: NoData.OK}


def grafana(
    platform: Platform,
    environment: str,
    *,
    rules: Mapping[str, Sequence[ServiceRule]],
    dashboards: tuple[Dashboard, ...],
    prometheus: str,
    links: Links,
    owns_tree: bool = False,
) -> Grafana:
    """Give everything in Grafana for one environment, with the tree if the stack owns it.

    Raises:
        Problems: Grafana pages, and cannot tell somebody in time; all of them.

    """
    prefix = f"{platform.platform}-{environment}"
    title = f"{platform.title or platform.platform} {environment}"
    source = f"{prefix}-prometheus"
    vote = vote_contact(prefix)
    pages = platform.environments[environment].paging is Pager.GRAFANA
    who: Voting | Reaching = (
        Reaching.of(platform, environment, vote, owns_tree=owns_tree)
        if pages
        else Voting(platform, environment, vote, owns_tree=owns_tree)
    )
    shared = _Shared(
        platform=platform, environment=environment, prefix=prefix, source=source, who=who
    )
    groups = tuple(
        RuleGroup(name=name, folder=prefix, interval=_INTERVAL, rules=told)
        for name, found in rules.items()
        if (told := _rules(found, shared))
    )
    if isinstance(who, Reaching) and (problems := tuple(who.problems())):
        raise Problems(problems)
    dashboard, status = links["dashboard"], links["status"]
    templates = (
        grafana_templates(platform, environment, dashboard=dashboard, status=status)
        if pages
        else ()
    )
    tree = who.tree() if owns_tree else None  # which may name people whom no rule names
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
        contact_points=who.contact_points,
        message_templates=templates,
        mute_timings=who.timings,
        tree=tree,
        rule_groups=groups,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shared:
    """What all rules of a stack have in common."""

    platform: Platform
    environment: str
    prefix: str
    source: str
    who: Voting | Reaching


def _rules(rules: Sequence[ServiceRule], shared: _Shared) -> tuple[GrafanaRule, ...]:
    """Give the rules of one set that Grafana can judge: all but those that Cloudflare tells."""
    found = (_rule(rule, shared) for rule in rules)
    return tuple(one for one in found if one is not None)


def _rule(rule: ServiceRule, shared: _Shared) -> GrafanaRule | None:
    asked = query(rule)
    if asked is None:
        return None
    labels = labels_of(shared.platform, shared.environment, rule)
    told = shared.who.told(rule)
    return GrafanaRule(
        uid=_uid(rule, shared.prefix),
        title=f"{rule.rule} {rule.service} ({rule.set})",
        data_source=shared.source,
        expression=asked.expression,
        comparison=asked.comparison,
        limit=asked.limit,
        window=max(_LOOKBACK, looks_back(rule.condition)),
        hold=rule.hold,
        no_data=_SILENCE[rule.silence],
        # A query that fails says something about Prometheus and nothing about the service.
        error=NoData.KEEP_LAST,
        labels=tuple((name, value) for name, value in labels.items() if name != "alertname"),
        annotations=(
            ("description", literally(rule.description)),
            *((("first_step", literally(rule.first_step)),) if rule.first_step else ()),
            ("runbook_url", rule.runbook),
            ("seen", seen(rule, _VALUE)),
            ("summary", literally(rule.summary)),
        ),
        contact_point=told.contact_point,
        mute_timings=told.mute_timings,
        active_timings=told.active_timings,
        group_by=told.group_by,
        times=told.times,
    )


def _uid(rule: ServiceRule, prefix: str) -> str:
    """Make a uid that stays the same while the rule does; Grafana takes at most 40 characters."""
    digest = blake2b(f"{prefix}/{rule.id}".encode(), digest_size=8).hexdigest()
    return f"{rule.rule[:22]}-{digest}"
