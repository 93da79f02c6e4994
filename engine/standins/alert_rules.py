"""One alert rule of Grafana's, between its inputs and the service's form."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from engine.standins.api import ApiError, Refused
from engine.standins.naming import as_json, as_value, objects

if TYPE_CHECKING:
    from engine.documents import Json
    from engine.standins.values import Properties, Value

_NEVER = "0001-01-01T00:00:00.000Z"
_RULES = "/v1/provisioning/alert-rules"
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


RULE_DEFAULTS: Properties = {"execErrState": "Alerting", "noDataState": "NoData"}
"""What the real plugin sends for a rule that alerts and does not say."""
_ROUTING = {
    "contactPoint": "receiver",
    "groupBies": "group_by",
    "groupInterval": "group_interval",
    "groupWait": "group_wait",
    "muteTimings": "mute_time_intervals",
    "activeTimings": "active_time_intervals",
    "repeatInterval": "repeat_interval",
}

_UNSAID: Properties = {"groupBies": None, "muteTimings": [], "activeTimings": []}
"""Of `_ROUTING`: what is sent where nothing is said."""
_RECORD = {
    "from": "from",
    "metric": "metric",
    "targetDatasourceUid": "target_datasource_uid",
}
_NOT_WITH_RECORD = (
    *("for", "keepFiringFor", "missingSeriesEvalsToResolve"),
    *("noDataState", "execErrState", "condition"),
)


def check_rule(rule: Properties) -> None:
    """Refuse what the real plugin refuses before it calls anybody."""
    for name in _NOT_WITH_RECORD if rule.get("record") else ():
        if rule.get(name):
            raise Refused(f'conflicting fields "record" and "{name}"')
    if not rule.get("record") and not rule.get("condition"):
        raise Refused('"condition" is required')
    settings = rule.get("notificationSettings")
    if isinstance(settings, dict) and settings.get("policy"):
        raise Refused("notificationSettings.policy: this stand-in does not send it")


def rule_body(rule: Properties, folder: str, group: str) -> dict[str, Json]:
    """A rule as the service takes it."""
    body: dict[str, Json] = {
        "title": as_json(rule.get("name")),
        "condition": as_json(rule.get("condition")),
        "data": [_query_body(query) for query in objects(rule.get("datas"))],
        "noDataState": as_json(rule.get("noDataState") or RULE_DEFAULTS["noDataState"]),
        "execErrState": as_json(rule.get("execErrState") or RULE_DEFAULTS["execErrState"]),
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
            theirs: as_json(settings.get(ours) or _UNSAID.get(ours))
            for ours, theirs in _ROUTING.items()
            if settings.get(ours) or ours in _UNSAID
        }
    record = rule.get("record")
    if isinstance(record, dict):
        body |= {"condition": "", "noDataState": "", "execErrState": ""}
        body["record"] = {
            theirs: as_json(record[ours]) for ours, theirs in _RECORD.items() if record.get(ours)
        }
    return body


def _query_body(query: Properties) -> dict[str, Json]:
    span = query.get("relativeTimeRange")
    body: dict[str, Json] = {
        "refId": as_json(query.get("refId")),
        "datasourceUid": as_json(query.get("datasourceUid")),
        "model": json.loads(str(query.get("model")), parse_float=_number),
        "relativeTimeRange": {
            name: as_json(value)
            for name, value in (span.items() if isinstance(span, dict) else ())
            if value
        },
    }
    if query.get("queryType"):
        body["queryType"] = as_json(query["queryType"])
    return body


def _number(text: str) -> Json:
    """A number as Go writes it: `2.0` → 2."""
    number = float(text)
    return int(number) if number.is_integer() else number


def rule_read(theirs: dict[str, Json]) -> Properties:
    """The inputs that a rule of the service stands for.

    Raises:
        ApiError: it lacks what the real plugin cannot do without.

    """
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
    for name in ("uid", "condition", "noDataState", "execErrState", "annotations", "labels"):
        if theirs.get(name):
            rule[name] = as_value(theirs[name])
    if seconds(as_value(theirs["for"])):
        rule["for"] = as_value(theirs["for"])
    if theirs.get("isPaused"):
        rule["isPaused"] = True
    if seconds(as_value(theirs.get("keep_firing_for"))):
        rule["keepFiringFor"] = as_value(theirs["keep_firing_for"])
    if theirs.get("missingSeriesEvalsToResolve"):
        rule["missingSeriesEvalsToResolve"] = as_value(theirs["missingSeriesEvalsToResolve"])
    for name, input_name, table in (
        ("notification_settings", "notificationSettings", _ROUTING),
        ("record", "record", _RECORD),
    ):
        part = theirs.get(name)
        if isinstance(part, dict):
            rule[input_name] = {
                ours: as_value(part[key]) for ours, key in table.items() if part.get(key)
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


def rule_meaning(rule: Value) -> Value:
    """A rule in the form in which a difference is one."""
    if not isinstance(rule, dict):
        return rule
    defaults = {} if rule.get("record") else RULE_DEFAULTS
    meaning: Properties = {**defaults, **rule, "isPaused": bool(rule.get("isPaused"))}
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
