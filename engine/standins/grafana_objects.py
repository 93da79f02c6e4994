"""Grafana's folders, data sources and dashboards."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from typing_extensions import override

from engine.standins.api import (
    Api,
    ApiError,
    Gone,
)
from engine.standins.grafana import (
    GrafanaKind,
    entries,
    escaped,
    fields,
    identity,
    remove,
    request,
    same_text,
)
from engine.standins.kinds import State, with_defaults
from engine.standins.naming import as_value

if TYPE_CHECKING:
    from engine.documents import Json
    from engine.standins.shapes import KindShape
    from engine.standins.values import Properties, Value

_NEVER = "0001-01-01T00:00:00.000Z"


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderKind(GrafanaKind):
    """A folder."""

    @override
    def create(self, api: Api, shape: KindShape, inputs: Properties) -> State:
        body: dict[str, Json] = {"title": str(inputs["title"])}
        for name, theirs in (("uid", "uid"), ("parentFolderUid", "parentUid")):
            if name in inputs:
                body[theirs] = str(inputs[name])
        if "parentFolderUid" in inputs:
            request(api, "GET", f"/folders/{quote(str(inputs['parentFolderUid']), safe='')}")
        uid = fields(request(api, "POST", "/folders", body=body)).get("uid")
        if not isinstance(uid, str):
            raise ApiError("[POST /folders] the answer holds no uid")
        return self._fresh(api, shape, State(id=f"1:{uid}", inputs=inputs, outputs=inputs))

    @override
    def read(self, api: Api, shape: KindShape, state: State) -> State | None:
        try:
            found = fields(request(api, "GET", f"/folders/{escaped(state)}"))
        except Gone:
            return None
        told = {"uid": "uid", "title": "title", "parentUid": "parentFolderUid"}
        read: Properties = {ours: as_value(found[n]) for n, ours in told.items() if found.get(n)}
        return self._seen(
            state, read, {"url": f"{api.base.removesuffix('/api')}{found.get('url', '')}"}
        )

    @override
    def update(self, api: Api, shape: KindShape, state: State, inputs: Properties) -> State:
        path = f"/folders/{escaped(state)}"
        request(api, "GET", path)
        if inputs.get("parentFolderUid") != state.inputs.get("parentFolderUid"):
            parent = str(inputs.get("parentFolderUid") or "")
            if parent:
                request(api, "GET", f"/folders/{quote(parent, safe='')}")
            request(api, "POST", f"{path}/move", body={"parentUid": parent})
        request(api, "PUT", path, body={"overwrite": True, "title": str(inputs["title"])})
        return self._fresh(api, shape, State(id=state.id, inputs=inputs, outputs=inputs))

    @override
    def delete(self, api: Api, shape: KindShape, state: State) -> None:
        query = "?forceDeleteRules=true"
        if state.inputs.get("preventDestroyIfNotEmpty"):
            query = ""
            if entries(request(api, "GET", f"/search?folderUIDs={escaped(state)}")):
                raise ApiError(f"the folder {identity(state)} is not empty")
        remove(api, f"/folders/{escaped(state)}{query}")

    def _fresh(self, api: Api, shape: KindShape, state: State) -> State:
        fresh = self.read(api, shape, state)
        if fresh is None:
            raise ApiError(f"the folder {identity(state)} was made and cannot be read")
        return State(id=fresh.id, inputs=state.inputs, outputs={**state.inputs, **fresh.outputs})


_DATA_SOURCE_TEXTS = (
    ("basicAuthUser", "basicAuthUsername"),
    ("database", "databaseName"),
    ("name", "name"),
    ("type", "type"),
    ("uid", "uid"),
    ("url", "url"),
    ("user", "username"),
)
_DATA_SOURCE_SWITCHES = (("basicAuth", "basicAuthEnabled"), ("isDefault", "isDefault"))


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSourceKind(GrafanaKind):
    """A data source. Its update is the one write that is not read back."""

    @override
    def create(self, api: Api, shape: KindShape, inputs: Properties) -> State:
        answer = fields(request(api, "POST", "/datasources", body=self._body(inputs)))
        match answer:
            case {"datasource": {"uid": str(uid)}}:
                state = State(id=f"1:{uid}", inputs=inputs, outputs={**inputs, "uid": uid})
            case _:
                raise ApiError("[POST /datasources] the answer holds no datasource.uid")
        if self.read(api, shape, state) is None:
            raise ApiError(f"the data source {uid} was made and cannot be read")
        return state

    @override
    def read(self, api: Api, shape: KindShape, state: State) -> State | None:
        try:
            theirs = fields(request(api, "GET", f"/datasources/uid/{escaped(state)}"))
        except Gone:
            return None
        found: Properties = {"accessMode": as_value(theirs.get("access"))}
        for name, ours in (*_DATA_SOURCE_TEXTS, *_DATA_SOURCE_SWITCHES):
            if theirs.get(name):
                found[ours] = as_value(theirs[name])
        settings = theirs.get("jsonData")
        if not isinstance(settings, dict):
            raise ApiError(f"[GET /datasources/uid/{identity(state)}] the answer holds no jsonData")
        if settings or "jsonDataEncoded" in state.inputs:
            found["jsonDataEncoded"] = json.dumps(settings, sort_keys=True)
        return self._seen(state, found)

    @override
    def update(self, api: Api, shape: KindShape, state: State, inputs: Properties) -> State:
        request(api, "PUT", f"/datasources/uid/{escaped(state)}", body=self._body(inputs))
        return State(id=state.id, inputs=inputs, outputs={**state.outputs, **inputs})

    @override
    def delete(self, api: Api, shape: KindShape, state: State) -> None:
        remove(api, f"/datasources/uid/{escaped(state)}")

    def _body(self, inputs: Properties) -> dict[str, Json]:
        full = with_defaults(inputs, self.defaults)
        body: dict[str, Json] = {"access": str(full["accessMode"])}
        for name, ours in _DATA_SOURCE_TEXTS:
            if full.get(ours):
                body[name] = str(full[ours])
        for name, ours in _DATA_SOURCE_SWITCHES:
            if full.get(ours):
                body[name] = True
        body["jsonData"] = json.loads(str(full.get("jsonDataEncoded") or "{}"))
        if "secureJsonDataEncoded" in full:
            body["secureJsonData"] = json.loads(str(full["secureJsonDataEncoded"]))
        return body

    def _equal(self, name: str, old: Value, new: Value) -> bool:
        return same_text(old, new) if name == "jsonDataEncoded" else old == new


@dataclass(frozen=True, slots=True, kw_only=True)
class DashboardKind(GrafanaKind):
    """A dashboard: one write for making and changing, known by the uid inside its model."""

    @override
    def create(self, api: Api, shape: KindShape, inputs: Properties) -> State:
        return self._write(api, shape, inputs, None)

    @override
    def update(self, api: Api, shape: KindShape, state: State, inputs: Properties) -> State:
        return self._write(api, shape, inputs, state.outputs.get("dashboardId"))

    @override
    def read(self, api: Api, shape: KindShape, state: State) -> State | None:
        try:
            theirs = fields(request(api, "GET", f"/dashboards/uid/{escaped(state)}"))
        except Gone:
            return None
        match theirs:
            case {
                "meta": dict(meta),
                "dashboard": {"uid": str(uid), "id": int(number), "version": int(edition), **model},
            }:
                told = {**model, "uid": uid}
            case _:
                raise ApiError(
                    f"[GET /dashboards/uid/{identity(state)}] the answer is not complete"
                )
        # As the real plugin keeps it: compact, and without the numbers of panels.
        kept = json.dumps(_model(json.dumps(told)), sort_keys=True, separators=(",", ":"))
        found: Properties = {"configJson": kept}
        if meta.get("folderUid"):
            found["folder"] = as_value(meta["folderUid"])
        address = f"{api.base.removesuffix('/api')}{meta.get('url', '')}"
        more: Properties = {"dashboardId": number, "version": edition, "uid": uid, "url": address}
        return self._seen(state, found, more)

    @override
    def delete(self, api: Api, shape: KindShape, state: State) -> None:
        remove(api, f"/dashboards/uid/{escaped(state)}")

    @override
    def name_of(self, inputs: Properties) -> str | None:
        model = _model(inputs.get(self.named_by))
        title = model.get("title") if isinstance(model, dict) else None
        return title if isinstance(title, str) else None

    @override
    def comparable(self, inputs: Properties) -> Properties:
        model = inputs.get("configJson")
        return {
            **inputs,
            "configJson": as_value(_model(model)) if isinstance(model, str) else model,
        }

    @override
    def replaces(self, name: str, old: Properties, new: Properties) -> bool:
        if name == "configJson" and isinstance(new.get(name), str):
            return _uid(old.get(name)) != _uid(new.get(name))
        return name in self.replaced_on

    def _write(self, api: Api, shape: KindShape, inputs: Properties, number: Value) -> State:
        model = json.loads(str(inputs["configJson"]))
        model.pop("id", None)
        if isinstance(number, int):
            model["id"] = number
        body: dict[str, Json] = {"dashboard": model, "UpdatedAt": _NEVER}
        for name, theirs in (("folder", "folderUid"), ("message", "message")):
            if inputs.get(name):
                body[theirs] = str(inputs[name])
        if inputs.get("overwrite"):
            body["overwrite"] = True
        uid = fields(request(api, "POST", "/dashboards/db", body=body)).get("uid")
        if not isinstance(uid, str):
            raise ApiError("[POST /dashboards/db] the answer holds no uid")
        fresh = self.read(api, shape, State(id=f"1:{uid}", inputs=inputs, outputs={}))
        if fresh is None:
            raise ApiError(f"the dashboard {uid} was made and cannot be read")
        return State(id=fresh.id, inputs=inputs, outputs={**fresh.outputs, **inputs})

    def _equal(self, name: str, old: Value, new: Value) -> bool:
        if name == "configJson":
            return _model(old) == _model(new)
        return old == new


def _model(text: Value) -> Json:
    """A dashboard's model without what Grafana numbers by itself."""
    try:
        model: Json = json.loads(str(text))
    except ValueError:
        return str(text)
    if isinstance(model, dict):
        model = {name: part for name, part in model.items() if name not in {"id", "version"}}
        panels = model.get("panels")
        if isinstance(panels, list):
            model["panels"] = [
                {name: part for name, part in panel.items() if name != "id"}
                if isinstance(panel, dict)
                else panel
                for panel in panels
            ]
    return model


def _uid(text: Value) -> Json:
    model = _model(text)
    return model.get("uid") if isinstance(model, dict) else None


KINDS: tuple[GrafanaKind, ...] = (
    FolderKind(
        type="grafana:oss/folder:Folder",
        delete_before_replace=False,
        sdk="pulumiverse_grafana.oss:Folder",
        named_by="title",
        replaced_on=frozenset({"uid", "orgId"}),
        defaults={"preventDestroyIfNotEmpty": False},
        unseen=frozenset({"orgId", "preventDestroyIfNotEmpty"}),
    ),
    DataSourceKind(
        type="grafana:oss/dataSource:DataSource",
        read_again=True,
        sdk="pulumiverse_grafana.oss:DataSource",
        named_by="name",
        replaced_on=frozenset({"uid", "orgId"}),
        defaults={"accessMode": "proxy", "basicAuthEnabled": False, "isDefault": False},
        unseen=frozenset({"orgId", "secureJsonDataEncoded", "httpHeaders"}),
        refused={"httpHeaders": "this stand-in does not send it"},
        sealed=(("secureJsonDataEncoded",), ("httpHeaders",)),
    ),
    DashboardKind(
        type="grafana:oss/dashboard:Dashboard",
        sdk="pulumiverse_grafana.oss:Dashboard",
        named_by="configJson",
        replaced_on=frozenset({"orgId"}),
        unseen=frozenset({"orgId", "message", "overwrite"}),
    ),
)
