"""Grafana's mute timings and message templates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from typing_extensions import override

from engine.standins.api import Api, Gone
from engine.standins.grafana import (
    GrafanaKind,
    entries,
    escaped,
    fields,
    identity,
    provenance,
    remove,
    request,
)
from engine.standins.kinds import State
from engine.standins.naming import as_json, as_value, objects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.documents import Json
    from engine.standins.shapes import KindShape
    from engine.standins.values import Properties, Value

_BASE = "/v1/provisioning"
_TIMINGS = f"{_BASE}/mute-timings"
_TEMPLATES = f"{_BASE}/templates"
_POLICIES = f"{_BASE}/policies"
_RULES = f"{_BASE}/alert-rules"
_LISTS = (
    ("daysOfMonths", "days_of_month"),
    ("months", "months"),
    ("weekdays", "weekdays"),
    ("years", "years"),
)
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MuteTimingKind(GrafanaKind):
    """A mute timing. Before it goes, whatever uses it is made to do without."""

    @override
    def create(self, api: Api, shape: KindShape, inputs: Properties) -> State:
        name = str(inputs["name"])
        request(
            api, "POST", _TIMINGS, good=201, body=_timing(name, inputs), headers=provenance(inputs)
        )
        return self._made(api, shape, State(id=f"1:{name}", inputs=inputs, outputs={}))

    @override
    def update(self, api: Api, shape: KindShape, state: State, inputs: Properties) -> State:
        body = _timing(identity(state), inputs)
        path = f"{_TIMINGS}/{escaped(state)}"
        request(api, "PUT", path, good=202, body=body, headers=provenance(inputs))
        return self._made(api, shape, State(id=state.id, inputs=inputs, outputs={}))

    @override
    def read(self, api: Api, shape: KindShape, state: State) -> State | None:
        try:
            theirs = fields(request(api, "GET", f"{_TIMINGS}/{escaped(state)}"))
        except Gone:
            return None
        listed = theirs.get("time_intervals")
        found: Properties = {"name": as_value(theirs.get("name"))}
        intervals: list[Value] = [
            _interval_read(item)
            for item in (listed if isinstance(listed, list) else [])
            if isinstance(item, dict)
        ]
        if intervals or "intervals" in state.inputs:
            found["intervals"] = intervals
        return self._seen(state, found, {"orgId": "1"})

    @override
    def delete(self, api: Api, shape: KindShape, state: State) -> None:
        name = identity(state)
        tree = fields(request(api, "GET", _POLICIES))
        if _without_timing(tree, name):
            request(api, "PUT", _POLICIES, good=202, body=tree)
        for rule in entries(request(api, "GET", _RULES)):
            settings = rule.get("notification_settings")
            if isinstance(settings, dict) and _taken_out(settings, name):
                request(api, "PUT", f"{_RULES}/{rule.get('uid')}", body={**rule})
        remove(api, f"{_TIMINGS}/{escaped(state)}", good=204)

    @override
    def comparable(self, inputs: Properties) -> Properties:
        full = {"disableProvenance": False, **inputs}
        full["intervals"] = [_meaning(item) for item in objects(inputs.get("intervals"))]
        return full

    def _equal(self, name: str, old: Value, new: Value) -> bool:
        if name == "intervals" and isinstance(old, list):
            return [_meaning(item) for item in objects(old)] == [
                _meaning(item) for item in objects(new)
            ]
        return old == new


def _timing(name: str, inputs: Properties) -> dict[str, Json]:
    intervals: list[Json] = []
    for interval in objects(inputs.get("intervals")):
        body: dict[str, Json] = {
            theirs: as_json(interval.get(ours) or []) for ours, theirs in _LISTS
        }
        body["times"] = [
            {"start_time": as_json(span.get("start")), "end_time": as_json(span.get("end"))}
            for span in objects(interval.get("times"))
        ]
        if interval.get("location"):
            body["location"] = as_json(interval["location"])
        intervals.append(body)
    return {"name": name, "time_intervals": intervals}


def _interval_read(theirs: dict[str, Json]) -> Properties:
    found: Properties = {
        ours: as_value(theirs[name])
        for ours, name in (*_LISTS, ("location", "location"))
        if theirs.get(name)
    }
    times = theirs.get("times")
    if isinstance(times, list) and times:
        found["times"] = [
            {"start": as_value(span.get("start_time")), "end": as_value(span.get("end_time"))}
            for span in times
            if isinstance(span, dict)
        ]
    return found


def _meaning(interval: Properties) -> Properties:
    """An interval in the form in which a difference is one: months by number, nothing empty."""
    meaning: Properties = {n: v for n, v in interval.items() if v not in (None, "", [])}
    months = meaning.get("months")
    if isinstance(months, list):
        meaning["months"] = [_by_number(str(month)) for month in months]
    return meaning


def _by_number(months: str) -> str:
    for number, name in enumerate(_MONTHS, 1):
        months = months.replace(name, str(number))
    return months


def _without_timing(route: dict[str, Json], name: str) -> bool:
    """Take a timing out of a route and all below it, in place; whether it was there."""
    changed = _taken_out(route, name)
    below = route.get("routes")
    for part in below if isinstance(below, list) else []:
        if isinstance(part, dict):
            changed = _without_timing(part, name) or changed
    return changed


def _taken_out(settings: dict[str, Json], name: str) -> bool:
    listed = settings.get("mute_time_intervals")
    if not isinstance(listed, list) or name not in listed:
        return False
    settings["mute_time_intervals"] = [timing for timing in listed if timing != name]
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageTemplateKind(GrafanaKind):
    """A message template. White space around it counts for nothing."""

    @override
    def create(self, api: Api, shape: KindShape, inputs: Properties) -> State:
        state = State(id=f"1:{inputs['name']}", inputs=inputs, outputs={})
        body: dict[str, Json] = {"template": str(inputs["template"]).strip()}
        path = f"{_TEMPLATES}/{escaped(state)}"
        request(api, "PUT", path, good=202, body=body, headers=provenance(inputs))
        return self._made(api, shape, state)

    @override
    def update(self, api: Api, shape: KindShape, state: State, inputs: Properties) -> State:
        return self.create(api, shape, inputs)

    @override
    def read(self, api: Api, shape: KindShape, state: State) -> State | None:
        try:
            theirs = fields(request(api, "GET", f"{_TEMPLATES}/{escaped(state)}"))
        except Gone:
            return None
        found: Properties = {name: as_value(theirs.get(name)) for name in ("name", "template")}
        found["disableProvenance"] = False
        return self._seen(state, found, {"orgId": "1"})

    @override
    def changes(self, old: Properties, new: Properties) -> Iterator[str]:
        # The real plugin records false whatever it was told, so that true differs for ever.
        return GrafanaKind.changes(self, {**old, "disableProvenance": False}, new)

    @override
    def delete(self, api: Api, shape: KindShape, state: State) -> None:
        remove(api, f"{_TEMPLATES}/{escaped(state)}", good=204)

    @override
    def comparable(self, inputs: Properties) -> Properties:
        text = inputs.get("template")
        return {
            "disableProvenance": False,
            **inputs,
            "template": text.strip() if isinstance(text, str) else text,
        }

    def _equal(self, name: str, old: Value, new: Value) -> bool:
        if name == "template":
            return str(old).strip() == str(new).strip()
        return old == new


KINDS: tuple[GrafanaKind, ...] = (
    MuteTimingKind(
        type="grafana:alerting/muteTiming:MuteTiming",
        sdk="pulumiverse_grafana.alerting:MuteTiming",
        named_by="name",
        replaced_on=frozenset({"name", "orgId", "disableProvenance"}),
        notices_additions=True,
        detailed=True,
        unseen=frozenset({"orgId", "disableProvenance"}),
    ),
    MessageTemplateKind(
        type="grafana:alerting/messageTemplate:MessageTemplate",
        read_again=True,
        delete_before_replace=False,
        sdk="pulumiverse_grafana.alerting:MessageTemplate",
        named_by="name",
        replaced_on=frozenset({"name", "orgId", "disableProvenance"}),
        defaults={"disableProvenance": False},
        unseen=frozenset({"orgId", "disableProvenance"}),
    ),
)
