"""The permissions of Grafana's folders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from typing_extensions import override

from engine.standins.api import Gone
from engine.standins.grafana import GrafanaKind, entries, escaped, identity, request
from engine.standins.kinds import State
from engine.standins.naming import as_value, objects
from engine.standins.values import in_one_order

if TYPE_CHECKING:
    from engine.documents import Json
    from engine.standins.api import Api
    from engine.standins.shapes import KindShape
    from engine.standins.values import Properties, Value

_TARGETS = (("role", "builtInRole"), ("teamId", "teamId"), ("userId", "userId"))


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderPermissionKind(GrafanaKind):
    """All of a folder's own permissions, sent as differences."""

    @override
    def create(self, api: Api, shape: KindShape, inputs: Properties) -> State:
        folder = str(inputs["folderUid"]).rpartition(":")[2]
        state = State(id=f"1:{folder}", inputs=inputs, outputs={})
        request(api, "GET", f"/folders/{escaped(state)}")
        return self._applied(api, state)

    @override
    def update(self, api: Api, shape: KindShape, state: State, inputs: Properties) -> State:
        return self._applied(api, State(id=state.id, inputs=inputs, outputs={}))

    @override
    def read(self, api: Api, shape: KindShape, state: State) -> State | None:
        try:
            request(api, "GET", f"/folders/{escaped(state)}")
        except Gone:
            return None
        found: Properties = {"folderUid": identity(state), "permissions": self._listed(api, state)}
        return self._seen(state, found, {"orgId": "1"})

    @override
    def delete(self, api: Api, shape: KindShape, state: State) -> None:
        self._apply(api, state, [])

    @override
    def comparable(self, inputs: Properties) -> Properties:
        listed = [_entry(item) for item in objects(inputs.get("permissions"))]
        return {**inputs, "permissions": in_one_order(listed)}

    def _equal(self, name: str, old: Value, new: Value) -> bool:
        if name == "permissions" and isinstance(old, list):
            return self.comparable({name: old}) == self.comparable({name: new})
        return old == new

    def _applied(self, api: Api, state: State) -> State:
        self._apply(api, state, objects(state.inputs.get("permissions")))
        listed: Properties = {"permissions": self._listed(api, state), "orgId": "1"}
        return State(id=state.id, inputs=state.inputs, outputs={**listed, **state.inputs})

    def _listed(self, api: Api, state: State) -> list[Value]:
        return [_read(theirs) for theirs in _own(api, state)]

    def _apply(self, api: Api, state: State, wanted: list[Properties]) -> None:
        """Send what has to go, then what is new; nothing at all is sent as nothing."""
        there = [_read(theirs) for theirs in _own(api, state)]
        aims = [_entry(item) for item in wanted]
        changes: list[Json] = [_sent(item, "") for item in there if item not in aims]
        changes += [_sent(item, str(item["permission"])) for item in aims if item not in there]
        body: dict[str, Json] = {"permissions": changes or None}
        request(api, "POST", f"/access-control/folders/{escaped(state)}", body=body)


def _own(api: Api, state: State) -> list[dict[str, Json]]:
    listed = entries(request(api, "GET", f"/access-control/folders/{escaped(state)}"))
    return [
        theirs for theirs in listed if theirs.get("isManaged") and not theirs.get("isInherited")
    ]


def _read(theirs: dict[str, Json]) -> Properties:
    found: Properties = {"permission": as_value(theirs.get("permission"))}
    for ours, name in _TARGETS:
        if theirs.get(name):
            found[ours] = str(theirs[name])
    return found


def _entry(item: Properties) -> Properties:
    """An entry of the inputs as the service would tell it: ids without organisation."""
    bare = {n: v if n == "role" else str(v).rpartition(":")[2] for n, v in item.items()}
    return {
        **{n: v for n, v in bare.items() if v not in ("", "0")},
        "permission": item["permission"],
    }


def _sent(item: Properties, permission: str) -> Json:
    body: dict[str, Json] = {}
    for ours, theirs in _TARGETS:
        if ours in item:
            body[theirs] = str(item[ours]) if ours == "role" else int(str(item[ours]))
    return {**body, "permission": permission} if permission else body


KIND = FolderPermissionKind(
    type="grafana:oss/folderPermission:FolderPermission",
    read_again=True,
    sdk="pulumiverse_grafana.oss:FolderPermission",
    named_by="folderUid",
    replaced_on=frozenset({"folderUid", "orgId"}),
    notices_additions=True,
    unseen=frozenset({"orgId"}),
)
