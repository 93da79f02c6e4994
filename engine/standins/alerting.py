"""Grafana's alerting types: rule groups, which are read rule by rule, and contact points, which are lists."""

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
    identity,
    provenance,
    request,
)
from engine.standins.kinds import Observation, State, with_defaults
from engine.standins.naming import as_json, as_value
from engine.standins.values import Value

if TYPE_CHECKING:
    from engine.documents import Json
    from engine.standins.api import Api
    from engine.standins.shapes import KindShape
    from engine.standins.values import Properties

_RULES = "/v1/provisioning/alert-rules"
_CONTACTS = "/v1/provisioning/contact-points"
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
        "data": [_query_body(query) for query in _objects(rule.get("datas"))],
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
    meaning["datas"] = [_query_meaning(query) for query in _objects(rule.get("datas"))]
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


def _objects(value: Value) -> list[Properties]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _json_objects(value: Json) -> list[dict[str, Json]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


@dataclass(frozen=True, slots=True, kw_only=True)
class Integration:
    """One way to tell people, as a contact point holds it."""

    kind: str
    """Grafana's own name."""
    settings: tuple[tuple[str, str], ...]
    """Input → key in Grafana's settings."""
    secret: frozenset[str]
    """Inputs that Grafana never tells again."""
    always: tuple[tuple[str, Json], ...] = ()
    """Settings that are sent even when the program leaves them out, with their values then."""


INTEGRATIONS: dict[str, Integration] = {
    "slacks": Integration(
        kind="slack",
        settings=(
            ("color", "color"),
            ("endpointUrl", "endpointUrl"),
            ("iconEmoji", "icon_emoji"),
            ("iconUrl", "icon_url"),
            ("mentionChannel", "mentionChannel"),
            ("mentionGroups", "mentionGroups"),
            ("mentionUsers", "mentionUsers"),
            ("recipient", "recipient"),
            ("text", "text"),
            ("title", "title"),
            ("token", "token"),
            ("url", "url"),
            ("username", "username"),
        ),
        secret=frozenset({"url", "token"}),
    ),
    "pagerduties": Integration(
        kind="pagerduty",
        settings=(
            ("class", "class"),
            ("client", "client"),
            ("clientUrl", "client_url"),
            ("component", "component"),
            ("details", "details"),
            ("group", "group"),
            ("integrationKey", "integrationKey"),
            ("severity", "severity"),
            ("source", "source"),
            ("summary", "summary"),
            ("url", "url"),
        ),
        secret=frozenset({"integrationKey"}),
    ),
    "emails": Integration(
        kind="email",
        settings=(
            ("addresses", "addresses"),
            ("message", "message"),
            ("singleEmail", "singleEmail"),
            ("subject", "subject"),
        ),
        secret=frozenset(),
        always=(("singleEmail", False),),
    ),
    "webhooks": Integration(
        kind="webhook",
        settings=(
            ("authorizationCredentials", "authorization_credentials"),
            ("authorizationScheme", "authorization_scheme"),
            ("basicAuthPassword", "password"),
            ("basicAuthUser", "username"),
            ("httpMethod", "httpMethod"),
            ("maxAlerts", "maxAlerts"),
            ("message", "message"),
            ("title", "title"),
            ("url", "url"),
        ),
        secret=frozenset({"authorizationCredentials", "basicAuthPassword"}),
        always=(("maxAlerts", 0),),
    ),
}
_COMMON = frozenset({"uid", "disableResolveMessage", "settings"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """One integration of a contact point, with the input list and place it stands at."""

    list_name: str
    values: Properties

    @property
    def uid(self) -> str:
        return str(self.values.get("uid") or "")

    @property
    def wanted(self) -> Properties:
        return {name: value for name, value in self.values.items() if name != "uid"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPointKind(GrafanaKind):
    """A contact point: integrations of one name. A changed integration is a new one."""

    @override
    def create(self, api: Api, shape: KindShape, inputs: Properties) -> State:
        name = str(inputs["name"])
        made = [_write_new(api, name, entry, inputs) for entry in _entries(inputs)]
        return self._fresh(api, State(id=f"1:{name}", inputs=inputs, outputs={}), made)

    @override
    def update(self, api: Api, shape: KindShape, state: State, inputs: Properties) -> State:
        name = str(inputs["name"])
        left = _entries(state.outputs)
        made: list[_Entry] = []
        for entry in _entries(inputs):
            kept = next(
                (
                    old
                    for old in left
                    if old.list_name == entry.list_name and old.uid and old.wanted == entry.wanted
                ),
                None,
            )
            if kept is None:
                made.append(_write_new(api, name, entry, inputs))
                continue
            left.remove(kept)
            body = {**_integration_body(name, entry), "uid": kept.uid}
            path = f"{_CONTACTS}/{quote(kept.uid, safe='')}"
            request(api, "PUT", path, good=202, body=body, headers=provenance(inputs))
            made.append(kept)
        for old in left:
            if old.uid:
                request(api, "DELETE", f"{_CONTACTS}/{quote(old.uid, safe='')}", good=202)
        return self._fresh(api, State(id=state.id, inputs=inputs, outputs={}), made)

    @override
    def read(self, api: Api, shape: KindShape, state: State) -> State | None:
        name = identity(state)
        listed = [
            entry for entry in entries(request(api, "GET", _CONTACTS)) if entry.get("name") == name
        ]
        if not listed:
            return None
        found: Properties = {"name": name}
        for list_name in INTEGRATIONS:
            theirs = _listed(list_name, listed, _entries(state.outputs))
            if theirs:
                found[list_name] = list[Value](theirs)
        told: Properties = {
            key: [_without_uid(item) for item in value] if isinstance(value, list) else value
            for key, value in found.items()
        }
        observation = Observation(unseen=self.unseen, equal=_same_integrations)
        inputs = observation.inputs(state.inputs, told)
        kept = {key: state.outputs[key] for key in self.unseen if key in state.outputs}
        return State(id=state.id, inputs=inputs, outputs={**kept, **found})

    @override
    def delete(self, api: Api, shape: KindShape, state: State) -> None:
        query = quote(identity(state), safe="")
        for entry in entries(request(api, "GET", f"{_CONTACTS}?name={query}")):
            uid = quote(str(entry.get("uid")), safe="")
            request(api, "DELETE", f"{_CONTACTS}/{uid}", good=202)

    def _fresh(self, api: Api, state: State, made: list[_Entry]) -> State:
        """Read the list back, as the real plugin does, and keep the uids with the inputs."""
        name = identity(state)
        if not any(e.get("name") == name for e in entries(request(api, "GET", _CONTACTS))):
            raise ApiError(f"the contact point {name} was written and is not in the list")
        lists: Properties = {
            list_name: [entry.values for entry in made if entry.list_name == list_name]
            for list_name in INTEGRATIONS
            if any(entry.list_name == list_name for entry in made)
        }
        return State(id=state.id, inputs=state.inputs, outputs={**state.inputs, **lists})


def _entries(properties: Properties) -> list[_Entry]:
    return [
        _Entry(list_name=list_name, values=values)
        for list_name in INTEGRATIONS
        for values in _objects(properties.get(list_name))
    ]


def _write_new(api: Api, name: str, entry: _Entry, inputs: Properties) -> _Entry:
    body = _integration_body(name, entry)
    answer = request(api, "POST", _CONTACTS, good=202, body=body, headers=provenance(inputs))
    uid = fields(answer).get("uid")
    if not isinstance(uid, str):
        raise ApiError(f"[POST {_CONTACTS}] the answer holds no uid")
    return _Entry(list_name=entry.list_name, values={**entry.values, "uid": uid})


def _integration_body(name: str, entry: _Entry) -> dict[str, Json]:
    integration = INTEGRATIONS[entry.list_name]
    settings: dict[str, Json] = {}
    more = entry.values.get("settings")
    if isinstance(more, dict):
        settings.update({key: as_json(value) for key, value in more.items()})
    settings.update(dict(integration.always))
    for ours, theirs in integration.settings:
        value = entry.values.get(ours)
        if value is not None:
            settings[theirs] = _joined(value) if ours == "addresses" else as_json(value)
    body: dict[str, Json] = {"name": name, "type": integration.kind, "settings": settings}
    if entry.values.get("disableResolveMessage"):
        body["disableResolveMessage"] = True
    return body


def _joined(value: Value) -> str:
    return ";".join(str(item) for item in value) if isinstance(value, list) else str(value)


def _listed(list_name: str, listed: list[dict[str, Json]], known: list[_Entry]) -> list[Properties]:
    """What Grafana lists of one kind of integration; secrets are taken from what is known."""
    integration = INTEGRATIONS[list_name]
    found: list[Properties] = []
    for theirs in listed:
        if theirs.get("type") != integration.kind:
            continue
        settings = theirs.get("settings")
        if not isinstance(settings, dict):
            raise ApiError(f"[GET {_CONTACTS}] an integration came without settings")
        was = next((e.values for e in known if e.uid and e.uid == theirs.get("uid")), {})
        values: Properties = {"uid": as_value(theirs.get("uid"))}
        always = dict(integration.always)
        for ours, name in integration.settings:
            if ours in integration.secret:
                if ours in was:
                    values[ours] = was[ours]
            elif name in settings and (ours in was or settings[name] != always.get(name, ...)):
                value = settings[name]
                if ours == "addresses":
                    values[ours] = [part for part in str(value).split(";") if part]
                else:
                    values[ours] = as_value(value)
        if theirs.get("disableResolveMessage") or "disableResolveMessage" in was:
            values["disableResolveMessage"] = bool(theirs.get("disableResolveMessage"))
        if "settings" in was:
            values["settings"] = was["settings"]
        found.append(values)
    return found


def _without_uid(item: Value) -> Value:
    if not isinstance(item, dict):
        return item
    return {name: value for name, value in item.items() if name != "uid"}


def _same_integrations(name: str, old: Value, new: Value) -> bool:
    if name in INTEGRATIONS and isinstance(old, list) and isinstance(new, list):
        return [_without_uid(item) for item in old] == [_without_uid(item) for item in new]
    return old == new


_UNSUPPORTED = [
    "alertmanagers",
    "dingdings",
    "discords",
    "googlechats",
    "jiras",
    "kafkas",
    "lines",
    "oncalls",
    "opsgenies",
    "pushovers",
    "sensugos",
    "sns",
    "teams",
    "telegrams",
    "threemas",
    "victorops",
    "webexes",
    "wecoms",
]

KINDS: tuple[GrafanaKind, ...] = (
    RuleGroupKind(
        type="grafana:alerting/ruleGroup:RuleGroup",
        sdk="pulumiverse_grafana.alerting:RuleGroup",
        named_by="name",
        replaced_on=frozenset({"name", "folderUid", "orgId", "disableProvenance"}),
        defaults={"disableProvenance": False},
        unseen=frozenset({"orgId", "disableProvenance"}),
    ),
    ContactPointKind(
        type="grafana:alerting/contactPoint:ContactPoint",
        sdk="pulumiverse_grafana.alerting:ContactPoint",
        named_by="name",
        replaced_on=frozenset({"name", "orgId", "disableProvenance"}),
        defaults={"disableProvenance": False},
        unseen=frozenset({"orgId", "disableProvenance"}),
        refused=dict.fromkeys(_UNSUPPORTED, "this stand-in does not know this kind of integration"),
        sealed=tuple(
            (list_name, secret)
            for list_name, integration in INTEGRATIONS.items()
            for secret in sorted(integration.secret)
        ),
        sealed_outputs=frozenset(INTEGRATIONS),
    ),
)
