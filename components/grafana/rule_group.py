"""A group of alert rules that Grafana evaluates itself."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pulumi import ComponentResource, ResourceOptions
from pulumiverse_grafana import alerting

from belfry.values.duration import Duration

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi import Input

    from belfry.arguments import GrafanaRule
    from belfry.arguments import RuleGroup as Values

_EXPRESSION = "__expr__"
"""Grafana's own data source, which reduces and compares."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleGroupArgs:
    """What RuleGroup is made of."""

    group: Values
    folder_uid: Input[str]
    data_source_uids: Mapping[str, Input[str]]
    """uids of the data sources that the rules name, by those names; they make the order."""
    contact_points: Mapping[str, Input[str]]
    """Names of the contact points that the rules name, by those names; they make the order."""
    mute_timings: Mapping[str, Input[str]] = field(default_factory=dict)
    """Names of the mute timings that the rules name, by those names; they make the order."""


class RuleGroup(ComponentResource):
    """A rule group. A rule tells its own contact point; one that names none, the tree's."""

    def __init__(self, name: str, args: RuleGroupArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("belfry:grafana:RuleGroup", name, None, opts)
        group = alerting.RuleGroup(
            name,
            name=args.group.name,
            folder_uid=args.folder_uid,
            interval_seconds=args.group.interval,
            rules=[_rule(rule, args) for rule in args.group.rules],
            opts=ResourceOptions(parent=self),
        )
        self.register_outputs({"name": group.name})


def _rule(rule: GrafanaRule, args: RuleGroupArgs) -> alerting.RuleGroupRuleArgsDict:
    told: alerting.RuleGroupRuleArgsDict = {
        "uid": rule.uid,
        "name": rule.title,
        "condition": "C",
        "datas": [
            _query("A", args.data_source_uids[rule.data_source], _asked(rule), rule.window),
            _query("B", _EXPRESSION, {"expression": "A", "reducer": "last", "type": "reduce"}, 0),
            _query("C", _EXPRESSION, _threshold(rule), 0),
        ],
        "for_": _go(rule.hold),
        "no_data_state": rule.no_data.value,
        "exec_err_state": rule.error.value,
        "is_paused": False,
        "labels": dict(rule.labels),
        "annotations": dict(rule.annotations),
    }
    if rule.contact_point is not None:  # else the tree of the organisation says who hears
        told["notification_settings"] = _told(rule, rule.contact_point, args)
    return told


def _told(
    rule: GrafanaRule, contact_point: str, args: RuleGroupArgs
) -> alerting.RuleGroupRuleNotificationSettingsArgsDict:
    told: alerting.RuleGroupRuleNotificationSettingsArgsDict = {
        "contact_point": args.contact_points[contact_point]
    }
    # What is empty stays unsaid: it would show as a change for ever.
    if rule.mute_timings:
        told["mute_timings"] = [args.mute_timings[one] for one in rule.mute_timings]
    if rule.active_timings:
        told["active_timings"] = [args.mute_timings[one] for one in rule.active_timings]
    if rule.group_by:
        told["group_bies"] = list(rule.group_by)
    if rule.times is not None:
        told["group_wait"] = rule.times.wait
        told["group_interval"] = rule.times.interval
        told["repeat_interval"] = rule.times.repeat
    return told


def _asked(rule: GrafanaRule) -> Mapping[str, object]:
    return {"expr": rule.expression, "instant": True, "range": False}


def _threshold(rule: GrafanaRule) -> Mapping[str, object]:
    evaluator = {"params": [rule.limit], "type": rule.comparison}
    return {"conditions": [{"evaluator": evaluator}], "expression": "B", "type": "threshold"}


def _query(
    ref_id: str, data_source: Input[str], model: Mapping[str, object], window: int
) -> alerting.RuleGroupRuleDataArgsDict:
    """Give one step. The model's keys are sorted, and none is one that the provider removes."""
    return {
        "ref_id": ref_id,
        "datasource_uid": data_source,
        "relative_time_range": {"from_": window, "to": 0},
        "model": json.dumps({**model, "refId": ref_id}, sort_keys=True),
    }


def _go(seconds: int) -> str:
    """Print a duration in the units that Grafana shares with us, which has no days."""
    hours, rest = divmod(seconds, 3600)
    if not hours:
        return str(Duration.of(rest))
    return f"{hours}h{Duration.of(rest)}" if rest else f"{hours}h"
