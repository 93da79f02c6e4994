"""Grafana's rule groups: written whole in one PUT, read rule by rule."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING
from urllib.parse import quote

from typing_extensions import override

from engine.standins.alert_rules import (
    RULE_DEFAULTS,
    check_rule,
    rule_body,
    rule_meaning,
    rule_read,
)
from engine.standins.api import ApiError, Gone, Refused
from engine.standins.grafana import (
    GrafanaKind,
    entries,
    fields,
    provenance,
    remove,
    request,
)
from engine.standins.kinds import State, with_defaults
from engine.standins.naming import as_json, as_value, objects
from engine.standins.places import Difference
from engine.standins.values import Properties, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.documents import Json
    from engine.standins.api import Api
    from engine.standins.shapes import KindShape

_RULES = "/v1/provisioning/alert-rules"


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
            rules.append(rule_read(theirs))
        found: Properties = {
            "name": as_value(group.get("title")),
            "folderUid": as_value(group.get("folderUid")),
            "intervalSeconds": as_value(group.get("interval")),
            "rules": rules,
        }
        return self._seen(state, found)

    @override
    def delete(self, api: Api, shape: KindShape, state: State) -> None:
        listed = fields(request(api, "GET", self._path(state))).get("rules")
        for rule in listed if isinstance(listed, list) else []:
            if isinstance(rule, dict):
                remove(api, f"{_RULES}/{quote(str(rule.get('uid')), safe='')}", good=204)

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
            full["rules"] = [rule_meaning(rule) for rule in rules]
        return full

    @override
    def places(
        self, name: str, old: Properties, new: Properties
    ) -> Iterator[tuple[str, Difference]]:
        for path, difference in GrafanaKind.places(self, name, old, new):
            rule, model, _ = path.partition(".model")  # to the plugin a text, and so no object
            yield (rule + model, Difference.CHANGED) if model else (path, difference)

    def _write(self, api: Api, shape: KindShape, state: State) -> State:
        inputs = state.inputs
        name, folder = str(inputs["name"]), str(inputs["folderUid"])
        rules = _with_uids(objects(inputs["rules"]), objects(state.outputs.get("rules")))
        for rule in rules:
            check_rule(rule)
        body: dict[str, Json] = {
            "title": name,
            "folderUid": folder,
            "interval": as_json(inputs["intervalSeconds"]),
            "rules": [rule_body(rule, folder, name) for rule in rules],
        }
        answer = fields(
            request(api, "PUT", self._path(state), body=body, headers=provenance(inputs))
        )
        if not answer.get("title") or not answer.get("folderUid"):
            raise ApiError(f"[PUT {self._path(state)}] the answer holds no title or folderUid")
        fresh = self.read(api, shape, state)
        if fresh is None:
            raise ApiError(f"the rule group {name} was written and cannot be read")
        given = list[Value](_with_uids(rules, objects(fresh.outputs.get("rules"))))
        return State(
            id=state.id, inputs=inputs, outputs={**fresh.outputs, **inputs, "rules": given}
        )

    def _path(self, state: State) -> str:
        _, folder, group = state.id.split(":", 2)
        return (
            f"/v1/provisioning/folder/{quote(folder, safe='')}/rule-groups/{quote(group, safe='')}"
        )

    def _equal(self, name: str, old: Value, new: Value) -> bool:
        if name == "rules" and isinstance(old, list) and isinstance(new, list):
            return [rule_meaning(rule) for rule in old] == [rule_meaning(rule) for rule in new]
        return old == new


def _with_uids(rules: list[Properties], known: list[Properties]) -> list[Properties]:
    """Rules with the uids that Grafana gave to those of the same places."""
    return [
        {"uid": given["uid"], **rule} if "uid" in given else rule
        for rule, given in zip_longest(rules, known[: len(rules)], fillvalue=Properties())
    ]


KIND = RuleGroupKind(
    type="grafana:alerting/ruleGroup:RuleGroup",
    sdk="pulumiverse_grafana.alerting:RuleGroup",
    named_by="name",
    replaced_on=frozenset({"name", "folderUid", "orgId"}),
    defaults={"disableProvenance": False, "rules": {**RULE_DEFAULTS, "isPaused": False}},
    computed=frozenset({"rules.uid"}),
    notices_additions=True,
    detailed=True,
    unseen=frozenset({"orgId", "disableProvenance"}),
)
