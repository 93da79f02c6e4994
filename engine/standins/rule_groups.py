"""Grafana's rule groups: written whole in one PUT, read rule by rule."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from typing_extensions import override

from engine.standins.api import ApiError, Gone, Refused
from engine.standins.grafana import (
    GrafanaKind,
    entries,
    fields,
    provenance,
    request,
)
from engine.standins.kinds import State, with_defaults
from engine.standins.naming import as_json, as_value, objects

if TYPE_CHECKING:
    from engine.documents import Json
    from engine.standins.api import Api
    from engine.standins.shapes import KindShape
    from engine.standins.values import Properties, Value

_RULES = "/v1/provisioning/alert-rules"
_NEVER = "0001-01-01T00:00:00.000Z"
_UNITS = {"w": 604800, "d": 86400, "h": 3600, "m": 60, "s": 1, "ms": 0.001}
_ADDED_TO_MODELS: dict[str, Json] = {"intervalMs": 1000, "maxDataPoints": 43200}
"""What Grafana adds to every query model; of no consequence unless the program sets it."""


def seconds(text: Value) -> float:
    """The seconds of a duration as Grafana and Go write it, such as `5m`, `1h0m0s`, `2d`."""
    parts = re.findall(r"(\d+(?:\.\d+)?)(ms|[wdhms])", str(text or "0s"))
    return float(sum(float(number) * _UNITS[unit] for number, unit in parts))


def go_duration(text: Value) -> str:
    """A duration as Go writes it: `5m` → `5m0s`."""
    total = int(seconds(text))
    hours, rest = divmod(total, 3600)
    minutes, left = divmod(rest, 60)
    if hours:
        return f"{hours}h{minutes}m{left}s"
    return f"{minutes}m{left}s" if minutes else f"{left}s"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleGroupKind(GrafanaKind):
    """A group of rules, written whole in one PUT."""

    @override
    def create(self, api: Api, shape: KindShape, inputs: Properties) -> State:
        name, folder = str(inputs["name"]), str(inputs["folderUid"])
        for rule in entries(request(api, "GET", _RULES)):
            if rule.get("ruleGroup") == name and rule.get("folderUID") == folder:
                raise ApiError(f'rule group with name "{name}" already exists')
        return self._write(api, shape, State(id=f"1:{folder}:{name}", inputs=inputs, outputs={}))

    @override
    def update(self, api: Api, shape: KindShape, state: State, inputs: Properties) -> State:
        request(api, "GET", _RULES)
        return self._write(api, shape, State(id=state.id, inputs=inputs, outputs=state.outputs))

    @override
    def read(self, api: Api, shape: KindShape, state: State) -> State | None:
        try:
            group = fields(request(api, "GET", self._path(state)))
        except Gone:
            return None
        listed = group.get("rules")
        rules: list[Value] = []
        for rule in listed if isinstance(listed, list) else []:
            if not isinstance(rule, dict) or not isinstance(rule.get("uid"), str):
                raise ApiError(f"[GET {self._path(state)}] a rule came without uid")
            theirs = fields(request(api, "GET", f"{_RULES}/{quote(str(rule['uid']), safe='')}"))
            rules.append(_rule_read(theirs))
        found: Properties = {
            "name": as_value(group.get("title")),
            "folderUid": as_value(group.get("folderUid")),
            "intervalSeconds": as_value(group.get("interval")),
            "rules": rules,
        }
        return self._seen(state, found)

    @override
    def delete(self, api: Api, shape: KindShape, state: State) -> None:
        try:
            group = fields(request(api, "GET", self._path(state)))
        except Gone:
            return
        listed = group.get("rules")
        for rule in listed if isinstance(listed, list) else []:
            if isinstance(rule, dict):
                uid = quote(str(rule.get("uid")), safe="")
                try:
                    request(api, "DELETE", f"{_RULES}/{uid}", good=204)
                except Gone:
                    continue

    @override
    def adopt(self, identity: str) -> State:
        parts = identity.split(":")
        if len(parts) not in {2, 3}:
            raise Refused(f"{self.type} is imported by folder:group, not by {identity!r}")
        organisation = parts[0] if len(parts) == 3 else "1"
        return State(id=":".join([organisation, *parts[-2:]]), inputs={}, outputs={})

    @override
    def comparable(self, inputs: Properties) -> Properties:
        full = with_defaults(inputs, self.defaults)
        rules = full.get("rules")
        if isinstance(rules, list):
            full["rules"] = [_rule_meaning(rule) for rule in rules]
        return full

    def _write(self, api: Api, shape: KindShape, state: State) -> State:
        inputs = state.inputs
        name, folder = str(inputs["name"]), str(inputs["folderUid"])
        rules = inputs["rules"]
        body: dict[str, Json] = {
            "title": name,
            "folderUid": folder,
            "interval": as_json(inputs["intervalSeconds"]),
            "rules": [
                _rule_body(rule, folder, name)
                for rule in (rules if isinstance(rules, list) else [])
                if isinstance(rule, dict)
            ],
        }
        answer = fields(
            request(api, "PUT", self._path(state), body=body, headers=provenance(inputs))
        )
        if not answer.get("title") or not answer.get("folderUid"):
            raise ApiError(f"[PUT {self._path(state)}] the answer holds no title or folderUid")
        fresh = self.read(api, shape, state)
        if fresh is None:
            raise ApiError(f"the rule group {name} was written and cannot be read")
        return State(id=state.id, inputs=inputs, outputs={**fresh.outputs, **inputs})

    def _path(self, state: State) -> str:
        _, folder, group = state.id.split(":", 2)
        return (
            f"/v1/provisioning/folder/{quote(folder, safe='')}/rule-groups/{quote(group, safe='')}"
        )

    def _equal(self, name: str, old: Value, new: Value) -> bool:
        if name == "rules" and isinstance(old, list) and isinstance(new, list):
            return [_rule_meaning(rule) for rule in old] == [_rule_meaning(rule) for rule in new]
        return old == new


_RULE_TEXTS = (("condition", "condition"), ("execErrState", "execErrState"))
_RULE_DEFAULTS: Properties = {"execErrState": "Alerting", "noDataState": "NoData"}
_ROUTING = {
    "contactPoint": "receiver",
    "groupBies": "group_by",
    "groupInterval": "group_interval",
    "groupWait": "group_wait",
    "muteTimings": "mute_time_intervals",
    "activeTimings": "active_time_intervals",
    "repeatInterval": "repeat_interval",
}


def _rule_body(rule: Properties, folder: str, group: str) -> dict[str, Json]:
    body: dict[str, Json] = {
        "title": as_json(rule.get("name")),
        "condition": as_json(rule.get("condition")),
        "data": [_query_body(query) for query in objects(rule.get("datas"))],
        "noDataState": as_json(rule.get("noDataState") or _RULE_DEFAULTS["noDataState"]),
        "execErrState": as_json(rule.get("execErrState") or _RULE_DEFAULTS["execErrState"]),
        "for": go_duration(rule.get("for")),
        "folderUID": folder,
        "ruleGroup": group,
        "orgID": 1,
        "updated": _NEVER,
    }
    for name in ("uid", "annotations", "labels"):
        if rule.get(name):
            body[name] = as_json(rule[name])
    if rule.get("keepFiringFor"):
        body["keep_firing_for"] = go_duration(rule["keepFiringFor"])
    if rule.get("isPaused"):
        body["isPaused"] = True
    if rule.get("missingSeriesEvalsToResolve"):
        body["missingSeriesEvalsToResolve"] = as_json(rule["missingSeriesEvalsToResolve"])
    settings = rule.get("notificationSettings")
    if isinstance(settings, dict):
        body["notification_settings"] = {
            theirs: as_json(settings[ours])
            for ours, theirs in _ROUTING.items()
            if settings.get(ours)
        }
    return body


def _query_body(query: Properties) -> dict[str, Json]:
    span = query.get("relativeTimeRange")
    body: dict[str, Json] = {
        "refId": as_json(query.get("refId")),
        "datasourceUid": as_json(query.get("datasourceUid")),
        "model": json.loads(str(query.get("model"))),
        "relativeTimeRange": {
            name: as_json(value)
            for name, value in (span.items() if isinstance(span, dict) else ())
            if value
        },
    }
    if query.get("queryType"):
        body["queryType"] = as_json(query["queryType"])
    return body


def _rule_read(theirs: dict[str, Json]) -> Properties:
    missing = [
        name
        for name in (
            "uid",
            "title",
            "condition",
            "data",
            "for",
            "noDataState",
            "execErrState",
            "orgID",
        )
        if theirs.get(name) is None
    ]
    if missing:
        raise ApiError(f"[GET {_RULES}/…] the rule came without {', '.join(missing)}")
    rule: Properties = {
        "name": as_value(theirs["title"]),
        "datas": [_query_read(query) for query in _json_objects(theirs["data"])],
    }
    for name in ("uid", "condition", "noDataState", "execErrState", "annotations", "labels", "for"):
        if theirs.get(name):
            rule[name] = as_value(theirs[name])
    if theirs.get("isPaused"):
        rule["isPaused"] = True
    if seconds(as_value(theirs.get("keep_firing_for"))):
        rule["keepFiringFor"] = as_value(theirs["keep_firing_for"])
    if theirs.get("missingSeriesEvalsToResolve"):
        rule["missingSeriesEvalsToResolve"] = as_value(theirs["missingSeriesEvalsToResolve"])
    settings = theirs.get("notification_settings")
    if isinstance(settings, dict):
        rule["notificationSettings"] = {
            ours: as_value(settings[name]) for ours, name in _ROUTING.items() if settings.get(name)
        }
    return rule


def _query_read(query: dict[str, Json]) -> Properties:
    span = query.get("relativeTimeRange")
    if not isinstance(span, dict):
        raise ApiError(f"[GET {_RULES}/…] a query came without relativeTimeRange")
    read: Properties = {
        "refId": as_value(query.get("refId")),
        "datasourceUid": as_value(query.get("datasourceUid")),
        "model": json.dumps(query.get("model"), sort_keys=True),
        "relativeTimeRange": {
            "from": as_value(span.get("from") or 0),
            "to": as_value(span.get("to") or 0),
        },
    }
    if query.get("queryType"):
        read["queryType"] = as_value(query["queryType"])
    return read


def _rule_meaning(rule: Value) -> Value:
    """A rule in the form in which a difference is one."""
    if not isinstance(rule, dict):
        return rule
    meaning: Properties = {**_RULE_DEFAULTS, "isPaused": False, **rule}
    meaning["for"] = seconds(rule.get("for"))
    meaning["keepFiringFor"] = seconds(rule.get("keepFiringFor"))
    meaning["datas"] = [_query_meaning(query) for query in objects(rule.get("datas"))]
    return {name: value for name, value in meaning.items() if value not in (None, "", {}, [])}


def _query_meaning(query: Properties) -> Properties:
    model = query.get("model")
    meaning: Properties = {**query}
    if isinstance(model, str):
        try:
            parsed: Json = json.loads(model)
        except ValueError:
            parsed = model
        if isinstance(parsed, dict):
            parsed = {n: v for n, v in parsed.items() if _ADDED_TO_MODELS.get(n, ...) != v}
        meaning["model"] = as_value(parsed)
    span = query.get("relativeTimeRange")
    if isinstance(span, dict):
        meaning["relativeTimeRange"] = {"from": span.get("from") or 0, "to": span.get("to") or 0}
    if not query.get("queryType"):
        meaning.pop("queryType", None)
    return meaning


def _json_objects(value: Json) -> list[dict[str, Json]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


KIND = RuleGroupKind(
    type="grafana:alerting/ruleGroup:RuleGroup",
    sdk="pulumiverse_grafana.alerting:RuleGroup",
    named_by="name",
    replaced_on=frozenset({"name", "folderUid", "orgId", "disableProvenance"}),
    defaults={"disableProvenance": False},
    unseen=frozenset({"orgId", "disableProvenance"}),
)
