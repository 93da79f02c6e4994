"""Grafana's library panels and annotations."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from typing_extensions import override

from engine.standins.api import Api, ApiError, Gone, Refused
from engine.standins.grafana import (
    GrafanaKind,
    entries,
    escaped,
    fields,
    identity,
    remove,
    request,
    whole,
)
from engine.standins.kinds import State
from engine.standins.naming import as_json, as_value

if TYPE_CHECKING:
    from engine.documents import Json
    from engine.standins.shapes import KindShape
    from engine.standins.values import Properties, Value

_ELEMENTS = "/library-elements"
_PANEL = 1
_TOLD = (
    ("panelId", "id"),
    ("description", "description"),
    ("type", "type"),
    ("version", "version"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryPanelKind(GrafanaKind):
    """A library panel. Its model always has a type and a description, if empty ones."""

    @override
    def create(self, api: Api, shape: KindShape, inputs: Properties) -> State:
        body = {**_panel(inputs), **whole({"uid": as_json(inputs.get("uid"))})}
        uid = _result(request(api, "POST", _ELEMENTS, body=body).json()).get("uid")
        if not isinstance(uid, str):
            raise ApiError(f"[POST {_ELEMENTS}] the answer holds no uid")
        return self._made(api, shape, State(id=f"1:{uid}", inputs=inputs, outputs={}))

    @override
    def update(self, api: Api, shape: KindShape, state: State, inputs: Properties) -> State:
        version = whole({"version": as_json(state.outputs.get("version"))})
        body = {**_panel(inputs), **version}
        request(api, "PATCH", f"{_ELEMENTS}/{escaped(state)}", body=body)
        return self._made(api, shape, State(id=state.id, inputs=inputs, outputs={}))

    @override
    def read(self, api: Api, shape: KindShape, state: State) -> State | None:
        path = f"{_ELEMENTS}/{escaped(state)}"
        try:
            theirs = _result(request(api, "GET", path).json())
        except Gone:
            return None
        meta = theirs.get("meta")
        if not isinstance(meta, dict):
            raise ApiError(f"[GET {path}] the panel came without meta")
        listed = request(api, "GET", f"{path}/connections/").json()
        connections = listed.get("result") if isinstance(listed, dict) else None
        found: Properties = {
            "name": as_value(theirs.get("name")),
            "uid": as_value(theirs.get("uid")),
            "modelJson": json.dumps(_filled(theirs.get("model")), sort_keys=True),
        }
        if meta.get("folderUid"):
            found["folderUid"] = as_value(meta["folderUid"])
        more: Properties = {ours: as_value(theirs.get(name)) for ours, name in _TOLD}
        more |= {name: as_value(meta.get(name)) for name in ("folderName", "created", "updated")}
        more["orgId"] = str(theirs.get("orgId") or 1)
        more["dashboardIds"] = [
            as_value(one.get("connectionId"))
            for one in (connections if isinstance(connections, list) else [])
            if isinstance(one, dict)
        ]
        return self._seen(state, found, more)

    @override
    def delete(self, api: Api, shape: KindShape, state: State) -> None:
        remove(api, f"{_ELEMENTS}/{escaped(state)}")

    @override
    def comparable(self, inputs: Properties) -> Properties:
        full = {**inputs, "modelJson": as_value(_model(inputs.get("modelJson")))}
        if full.get("folderUid"):
            full["folderUid"] = str(full["folderUid"]).rpartition(":")[2]
        return full

    def _equal(self, name: str, old: Value, new: Value) -> bool:
        if name == "modelJson":
            return _model(old) == _model(new)
        if name == "folderUid":
            return str(old).rpartition(":")[2] == new
        return old == new


def _panel(inputs: Properties) -> dict[str, Json]:
    body: dict[str, Json] = {
        "name": as_json(inputs.get("name")),
        "kind": _PANEL,
        "model": _model(inputs.get("modelJson")),
    }
    folder = str(inputs.get("folderUid") or "").rpartition(":")[2]
    return {**body, "folderUid": folder} if folder else body


def _model(text: Value) -> Json:
    """A model as the real plugin normalises it."""
    if not isinstance(text, str):
        return None
    try:
        return _filled(json.loads(text))
    except ValueError:
        return text


def _filled(model: Json) -> Json:
    return {"description": "", "type": "", **model} if isinstance(model, dict) else model


def _result(answer: Json) -> dict[str, Json]:
    match answer:
        case {"result": dict(result)}:
            return result
        case _:
            raise ApiError(f"[{_ELEMENTS}] the answer holds no result")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotationKind(GrafanaKind):
    """An annotation. A single read tells its dashboard by number, so the list is asked for it."""

    @override
    def create(self, api: Api, shape: KindShape, inputs: Properties) -> State:
        body = {
            **_annotation(inputs),
            **whole(
                {
                    "dashboardUID": as_json(inputs.get("dashboardUid")),
                    "panelId": as_json(inputs.get("panelId")),
                }
            ),
        }
        number = fields(request(api, "POST", _ANNOTATIONS, body=body)).get("id")
        if not isinstance(number, int):
            raise ApiError(f"[POST {_ANNOTATIONS}] the answer holds no id")
        return self._made(api, shape, State(id=f"1:{number}", inputs=inputs, outputs={}))

    @override
    def update(self, api: Api, shape: KindShape, state: State, inputs: Properties) -> State:
        # What the program leaves to the service is not sent, and stays.
        body = _annotation(inputs)
        request(api, "PUT", f"{_ANNOTATIONS}/{escaped(state)}", body=body)
        return self._made(api, shape, State(id=state.id, inputs=inputs, outputs={}))

    @override
    def read(self, api: Api, shape: KindShape, state: State) -> State | None:
        try:
            theirs = fields(request(api, "GET", f"{_ANNOTATIONS}/{escaped(state)}"))
        except Gone:
            return None
        dashboard = theirs.get("dashboardUID")
        if theirs.get("dashboardId") and not dashboard:
            dashboard = self._dashboard(api, state, theirs)
        found: Properties = {"text": as_value(theirs.get("text"))}
        found |= {name: _moment(theirs.get(name)) for name in ("time", "timeEnd")}
        for name, value in (
            ("dashboardUid", dashboard),
            ("panelId", theirs.get("panelId")),
            ("tags", theirs.get("tags")),
        ):
            if value:
                found[name] = as_value(value)
        return self._seen(state, found, {"orgId": "1"})

    @override
    def delete(self, api: Api, shape: KindShape, state: State) -> None:
        request(api, "DELETE", f"{_ANNOTATIONS}/{escaped(state)}")

    def _dashboard(self, api: Api, state: State, theirs: dict[str, Json]) -> Json:
        query = "&".join(
            f"{name}={quote(str(theirs.get(key)), safe='')}"
            for name, key in (("dashboardId", "dashboardId"), ("from", "time"), ("to", "timeEnd"))
        )
        for one in entries(request(api, "GET", f"{_ANNOTATIONS}?{query}")):
            if str(one.get("id")) == identity(state):
                return one.get("dashboardUID")
        return None


_ANNOTATIONS = "/annotations"


def _annotation(inputs: Properties) -> dict[str, Json]:
    times = {name: _milliseconds(name, inputs.get(name)) for name in ("time", "timeEnd")}
    return {
        "text": as_json(inputs.get("text")),
        "tags": as_json(inputs.get("tags") or None),
        **whole({**times}),
    }


def _milliseconds(name: str, text: Value) -> int | None:
    if not text:
        return None
    try:
        return int(datetime.fromisoformat(str(text)).timestamp() * 1000)
    except ValueError as mistake:
        raise Refused(f"{name}: expected valid RFC3339 date: {text!r}") from mistake


def _moment(value: Json) -> str:
    milliseconds = value if isinstance(value, int) else 0
    return datetime.fromtimestamp(milliseconds // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


KINDS: tuple[GrafanaKind, ...] = (
    LibraryPanelKind(
        type="grafana:oss/libraryPanel:LibraryPanel",
        sdk="pulumiverse_grafana.oss:LibraryPanel",
        named_by="name",
        replaced_on=frozenset({"orgId"}),
        computed=frozenset({"uid"}),
        notices_additions=True,
        unseen=frozenset({"orgId"}),
    ),
    AnnotationKind(
        type="grafana:oss/annotation:Annotation",
        read_again=True,
        delete_before_replace=False,
        sdk="pulumiverse_grafana.oss:Annotation",
        named_by="text",
        replaced_on=frozenset({"dashboardUid", "panelId", "orgId"}),
        computed=frozenset({"time", "timeEnd"}),
        notices_additions=True,
        unordered=frozenset({"tags"}),
        unseen=frozenset({"orgId"}),
    ),
)
