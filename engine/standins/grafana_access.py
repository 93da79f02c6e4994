"""Grafana's teams, and service accounts with their tokens."""

from __future__ import annotations

from dataclasses import dataclass
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
    from engine.standins.values import Properties

_ADMIN = 4
"""Grafana's figure for a member who may change the team."""

_NOBODY = "admin@localhost"
"""Grafana's own administrator, whom the real plugin takes for nobody's member."""

_PREFERENCES = (
    ("theme", "theme"),
    ("homeDashboardUid", "homeDashboardUID"),
    ("timezone", "timezone"),
    ("weekStart", "weekStart"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamKind(GrafanaKind):
    """A team: three reads, and a call for each change of a member."""

    @override
    def create(self, api: Api, shape: KindShape, inputs: Properties) -> State:
        body = whole({"name": as_json(inputs.get("name")), "email": as_json(inputs.get("email"))})
        number = fields(request(api, "POST", "/teams", body=body)).get("teamId")
        if not isinstance(number, int):
            raise ApiError("[POST /teams] the answer holds no teamId")
        state = State(id=f"1:{number}", inputs=inputs, outputs={})
        _change_members(api, state, {}, _members(inputs))
        if isinstance(inputs.get("preferences"), dict):
            self._prefer(api, state)
        return self._made(api, shape, state)

    @override
    def update(self, api: Api, shape: KindShape, state: State, inputs: Properties) -> State:
        body = whole({"name": as_json(inputs.get("name")), "email": as_json(inputs.get("email"))})
        request(api, "PUT", f"/teams/{escaped(state)}", body=body)
        wanted: Properties = {
            name: value
            for known in (state.outputs, inputs)
            for name, value in known.items()
            if name in ("members", "admins")
        }
        _change_members(api, state, _members(state.outputs), _members(wanted))
        changed = State(id=state.id, inputs=inputs, outputs=state.outputs)
        if isinstance(inputs.get("preferences"), dict) or state.outputs.get("preferences"):
            self._prefer(api, changed)
        return self._made(api, shape, changed)

    @override
    def read(self, api: Api, shape: KindShape, state: State) -> State | None:
        path = f"/teams/{escaped(state)}"
        known = {name: value for name, value in state.outputs.items() if name != "preferences"}
        try:
            theirs = fields(request(api, "GET", path))
        except Gone:
            return None
        if any(theirs.get(name) is None for name in ("uid", "orgId", "name")):
            raise ApiError(f"[GET {path}] the team came without uid, orgId or name")
        told = fields(request(api, "GET", f"{path}/preferences"))
        preferences: Properties = {
            ours: as_value(told[name]) for ours, name in _PREFERENCES if told.get(name)
        }
        members = [
            member
            for member in entries(request(api, "GET", f"{path}/members"))
            if member.get("email") != _NOBODY and not member.get("labels")
        ]
        found: Properties = {
            "name": as_value(theirs["name"]),
            "email": as_value(theirs.get("email") or ""),
            "members": [as_value(m["email"]) for m in members if m.get("permission") != _ADMIN],
            "admins": [as_value(m["email"]) for m in members if m.get("permission") == _ADMIN],
        }
        if preferences:
            found["preferences"] = preferences
        more: Properties = {
            "teamId": int(identity(state)),
            "teamUid": as_value(theirs["uid"]),
            "orgId": str(theirs["orgId"]),
        }
        return self._seen(State(id=state.id, inputs=state.inputs, outputs=known), found, more)

    @override
    def delete(self, api: Api, shape: KindShape, state: State) -> None:
        remove(api, f"/teams/{escaped(state)}")

    def _prefer(self, api: Api, state: State) -> None:
        wanted = state.inputs.get("preferences")
        preferences = wanted if isinstance(wanted, dict) else {}
        body = whole({theirs: as_json(preferences.get(ours)) for ours, theirs in _PREFERENCES})
        request(api, "PUT", f"/teams/{escaped(state)}/preferences", body=body)


def _members(properties: Properties) -> dict[str, bool]:
    """Addresses of members, and whether each may change the team."""
    found: dict[str, bool] = {}
    for name in ("members", "admins"):
        listed = properties.get(name)
        for address in listed if isinstance(listed, list) else []:
            if str(address) in found:
                raise Refused(
                    f"user {address} cannot be configured as both a team member and a team admin"
                )
            found[str(address)] = name == "admins"
    return found


def _change_members(api: Api, state: State, old: dict[str, bool], new: dict[str, bool]) -> None:
    if old == new:
        return
    users = {user.get("email"): user.get("userId") for user in entries(request(api, "GET", _USERS))}
    path = f"/teams/{escaped(state)}/members"
    for address, admin in sorted(new.items()):
        if users.get(address) is None:
            raise ApiError(f"error updating user {address}: user does not exist in Grafana")
        if address not in old:
            request(api, "POST", path, body={"userId": users[address]})
        if admin != old.get(address, False):
            permission = {"permission": _ADMIN} if admin else {}
            request(api, "PUT", f"{path}/{users[address]}", body={**permission})
    for address in sorted(old.keys() - new.keys()):
        if users.get(address) is not None:
            request(api, "DELETE", f"{path}/{users[address]}")


_USERS = "/org/users"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceAccountKind(GrafanaKind):
    """A service account."""

    @override
    def create(self, api: Api, shape: KindShape, inputs: Properties) -> State:
        body = whole({name: as_json(inputs.get(name)) for name in ("name", "role", "isDisabled")})
        number = fields(request(api, "POST", _ACCOUNTS, good=201, body=body)).get("id")
        if not isinstance(number, int):
            raise ApiError(f"[POST {_ACCOUNTS}] the answer holds no id")
        return self._made(api, shape, State(id=f"1:{number}", inputs=inputs, outputs={}))

    @override
    def update(self, api: Api, shape: KindShape, state: State, inputs: Properties) -> State:
        body: dict[str, Json] = {
            "name": as_json(inputs.get("name")),
            "role": as_json(inputs.get("role")),
            "isDisabled": bool(inputs.get("isDisabled")),
        }
        request(api, "PATCH", f"{_ACCOUNTS}/{escaped(state)}", body=body)
        return self._made(api, shape, State(id=state.id, inputs=inputs, outputs={}))

    @override
    def read(self, api: Api, shape: KindShape, state: State) -> State | None:
        try:
            theirs = fields(request(api, "GET", f"{_ACCOUNTS}/{escaped(state)}"))
        except Gone:
            return None
        found: Properties = {name: as_value(theirs.get(name)) for name in ("name", "role")}
        found["isDisabled"] = bool(theirs.get("isDisabled"))
        return self._seen(state, found, {"orgId": str(theirs.get("orgId") or 1)})

    @override
    def delete(self, api: Api, shape: KindShape, state: State) -> None:
        remove(api, f"{_ACCOUNTS}/{escaped(state)}")


_ACCOUNTS = "/serviceaccounts"


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenKind(GrafanaKind):
    """A token of a service account: told once, never changed. Its id is a bare number."""

    @override
    def create(self, api: Api, shape: KindShape, inputs: Properties) -> State:
        body = whole({name: as_json(inputs.get(name)) for name in ("name", "secondsToLive")})
        answer = fields(request(api, "POST", _tokens(inputs), body=body))
        if not isinstance(answer.get("id"), int):
            raise ApiError(f"[POST {_tokens(inputs)}] the answer holds no id")
        outputs: Properties = {"key": as_value(answer.get("key"))}
        return self._made(
            api, shape, State(id=str(answer["id"]), inputs=inputs, outputs={**inputs, **outputs})
        )

    @override
    def update(self, api: Api, shape: KindShape, state: State, inputs: Properties) -> State:
        raise Refused(f"{self.type} cannot be changed, only replaced")

    @override
    def read(self, api: Api, shape: KindShape, state: State) -> State | None:
        for theirs in entries(request(api, "GET", _tokens({**state.outputs, **state.inputs}))):
            if str(theirs.get("id")) == state.id:
                more: Properties = {"hasExpired": bool(theirs.get("hasExpired"))}
                if theirs.get("expiration"):
                    more["expiration"] = as_value(theirs["expiration"])
                return self._seen(state, {"name": as_value(theirs.get("name"))}, more)
        return None

    @override
    def delete(self, api: Api, shape: KindShape, state: State) -> None:
        request(api, "DELETE", f"{_tokens({**state.outputs, **state.inputs})}/{state.id}")

    @override
    def adopt(self, identity: str) -> State:
        raise Refused(f"{self.type} cannot be imported: its key is told only once")


def _tokens(properties: Properties) -> str:
    account = str(properties.get("serviceAccountId")).rpartition(":")[2]
    return f"{_ACCOUNTS}/{quote(account, safe='')}/tokens"


KINDS: tuple[GrafanaKind, ...] = (
    TeamKind(
        type="grafana:oss/team:Team",
        read_again=True,
        sdk="pulumiverse_grafana.oss:Team",
        named_by="name",
        replaced_on=frozenset({"orgId"}),
        defaults={"ignoreExternallySyncedMembers": True},
        computed=frozenset({"email", "members", "admins"}),
        notices_additions=True,
        unordered=frozenset({"members", "admins"}),
        unseen=frozenset({"orgId", "ignoreExternallySyncedMembers"}),
        refused={"teamSync": "this stand-in does not send it: only Grafana Enterprise takes it"},
    ),
    ServiceAccountKind(
        type="grafana:oss/serviceAccount:ServiceAccount",
        read_again=True,
        sdk="pulumiverse_grafana.oss:ServiceAccount",
        named_by="name",
        replaced_on=frozenset({"orgId"}),
        defaults={"isDisabled": False},
        unseen=frozenset({"orgId"}),
    ),
    TokenKind(
        type="grafana:oss/serviceAccountToken:ServiceAccountToken",
        sdk="pulumiverse_grafana.oss:ServiceAccountToken",
        named_by="name",
        replaced_on=frozenset({"name", "secondsToLive", "serviceAccountId"}),
        unseen=frozenset({"secondsToLive", "serviceAccountId"}),
        sealed_outputs=frozenset({"key"}),
    ),
)
