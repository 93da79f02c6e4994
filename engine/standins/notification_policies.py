"""Grafana's tree of notification policies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from typing_extensions import override

from engine.standins.api import Answer, Api, ApiError, Gone
from engine.standins.grafana import GrafanaKind, fields, provenance, request, whole
from engine.standins.kinds import State
from engine.standins.naming import as_json, as_value, objects
from engine.standins.values import Value, in_one_order

if TYPE_CHECKING:
    from engine.documents import Json
    from engine.standins.shapes import KindShape
    from engine.standins.values import Properties

_POLICIES = "/v1/provisioning/policies"
_DEPTH = 5
"""How deep the real plugin lets policies lie in one another."""
_TEXTS = (
    ("contactPoint", "receiver"),
    ("groupWait", "group_wait"),
    ("groupInterval", "group_interval"),
    ("repeatInterval", "repeat_interval"),
)
_NAMES = (
    ("groupBies", "group_by"),
    ("muteTimings", "mute_time_intervals"),
    ("activeTimings", "active_time_intervals"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationPolicyKind(GrafanaKind):
    """The one tree of policies. It is never gone: deleting it resets it."""

    @override
    def create(self, api: Api, shape: KindShape, inputs: Properties) -> State:
        request(api, "PUT", _POLICIES, good=202, body=_root(inputs), headers=provenance(inputs))
        return self._made(api, shape, State(id="1:policy", inputs=inputs, outputs={}))

    @override
    def update(self, api: Api, shape: KindShape, state: State, inputs: Properties) -> State:
        return self.create(api, shape, inputs)

    @override
    def read(self, api: Api, shape: KindShape, state: State) -> State | None:
        theirs = fields(_answered(api))
        found = _texts_read(theirs)
        found["groupBies"] = as_value(theirs.get("group_by") or [])
        found["disableProvenance"] = not theirs.get("provenance")
        policies = _policies_read(theirs)
        if policies:
            found["policies"] = policies
        elif state.inputs.get("policies"):
            # A tree that lost all its routes reads as if it had them: so the real plugin does.
            found["policies"] = state.inputs["policies"]
        return self._seen(state, found, {"orgId": "1"})

    @override
    def delete(self, api: Api, shape: KindShape, state: State) -> None:
        request(api, "DELETE", _POLICIES, good=202)

    @override
    def comparable(self, inputs: Properties) -> Properties:
        return {
            "disableProvenance": False,
            **{name: value for name, value in inputs.items() if value not in (None, "")},
            "policies": [_policy_meaning(policy) for policy in objects(inputs.get("policies"))],
        }

    def _equal(self, name: str, old: Value, new: Value) -> bool:
        if name == "policies" and isinstance(old, list):
            return [_policy_meaning(policy) for policy in objects(old)] == [
                _policy_meaning(policy) for policy in objects(new)
            ]
        return old == new


def _answered(api: Api) -> Answer:
    try:
        return request(api, "GET", _POLICIES)
    except Gone as gone:
        raise ApiError(str(gone)) from gone


def _root(inputs: Properties) -> dict[str, Json]:
    policies = objects(inputs.get("policies"))
    return {
        **whole({theirs: as_json(inputs.get(ours)) for ours, theirs in _TEXTS}),
        "group_by": as_json(inputs.get("groupBies") or []),
        "mute_time_intervals": None,
        "active_time_intervals": None,
        "routes": [_route(policy, _DEPTH) for policy in policies] if policies else None,
    }


def _route(policy: Properties, depth: int) -> Json:
    body: dict[str, Json] = whole({theirs: as_json(policy.get(ours)) for ours, theirs in _TEXTS})
    for ours, theirs in _NAMES:
        body[theirs] = as_json(policy.get(ours) or [])
    if policy.get("continue"):
        body["continue"] = True
    matchers: list[Json] = [
        [as_json(matcher.get(part)) for part in ("label", "match", "value")]
        for matcher in objects(policy.get("matchers"))
    ]
    if matchers:
        body["object_matchers"] = matchers
    below: list[Json] = [_route(part, depth - 1) for part in objects(policy.get("policies"))]
    body["routes"] = below if depth > 1 else None
    return body


def _texts_read(theirs: dict[str, Json]) -> Properties:
    return {ours: as_value(theirs[name]) for ours, name in _TEXTS if theirs.get(name)}


def _policies_read(theirs: dict[str, Json]) -> list[Value]:
    listed = theirs.get("routes")
    return [
        _policy_read(part)
        for part in (listed if isinstance(listed, list) else [])
        if isinstance(part, dict)
    ]


def _policy_read(theirs: dict[str, Json]) -> Properties:
    found = _texts_read(theirs)
    found |= {ours: as_value(theirs[name]) for ours, name in _NAMES if theirs.get(name)}
    matchers = theirs.get("object_matchers")
    if isinstance(matchers, list) and matchers:
        found["matchers"] = [
            dict(zip(("label", "match", "value"), map(as_value, matcher), strict=False))
            for matcher in matchers
            if isinstance(matcher, list)
        ]
    if theirs.get("continue"):
        found["continue"] = True
    below = _policies_read(theirs)
    if below:
        found["policies"] = below
    return found


def _policy_meaning(policy: Properties) -> Properties:
    """A policy in the form in which a difference is one: matchers in any order, nothing empty."""
    meaning: Properties = {n: v for n, v in policy.items() if v not in (None, "", [], False)}
    if "matchers" in meaning:
        meaning["matchers"] = in_one_order(objects(meaning["matchers"]))
    if "policies" in meaning:
        meaning["policies"] = [_policy_meaning(part) for part in objects(meaning["policies"])]
    return meaning


KIND = NotificationPolicyKind(
    type="grafana:alerting/notificationPolicy:NotificationPolicy",
    sdk="pulumiverse_grafana.alerting:NotificationPolicy",
    named_by="contactPoint",
    repeatable=True,
    replaced_on=frozenset({"orgId"}),
    defaults={"disableProvenance": False},
    notices_additions=True,
    detailed=True,
    unseen=frozenset({"orgId"}),
)
