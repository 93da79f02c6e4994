"""Grafana's contact points: lists of integrations of one name, each of which lives by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from typing_extensions import override

from engine.standins.api import ApiError, Refused
from engine.standins.grafana import (
    GrafanaKind,
    entries,
    fields,
    identity,
    provenance,
    request,
)
from engine.standins.integrations import INTEGRATIONS
from engine.standins.kinds import Observation, State
from engine.standins.naming import as_value, objects
from engine.standins.values import Value, in_one_order

if TYPE_CHECKING:
    from engine.documents import Json
    from engine.standins.api import Api
    from engine.standins.shapes import KindShape
    from engine.standins.values import Properties

_CONTACTS = "/v1/provisioning/contact-points"


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
        observation = Observation(
            unseen=self.unseen, computed=frozenset(), equal=_same_integrations
        )
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
        for values in objects(properties.get(list_name))
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
    if entry.values.get("httpConfig"):
        raise Refused(f"{entry.list_name}.httpConfig: this stand-in does not send it")
    body: dict[str, Json] = {
        "name": name,
        "type": integration.kind,
        "settings": integration.settings(entry.values),
    }
    if entry.values.get("disableResolveMessage"):
        body["disableResolveMessage"] = True
    return body


def _listed(list_name: str, listed: list[dict[str, Json]], known: list[_Entry]) -> list[Properties]:
    """What Grafana lists of one kind of integration."""
    integration = INTEGRATIONS[list_name]
    found: list[Properties] = []
    for theirs in listed:
        if theirs.get("type") != integration.kind:
            continue
        settings = theirs.get("settings")
        if not isinstance(settings, dict):
            raise ApiError(f"[GET {_CONTACTS}] an integration came without settings")
        was = next((e.values for e in known if e.uid and e.uid == theirs.get("uid")), {})
        values = {"uid": as_value(theirs.get("uid")), **integration.values(settings, was)}
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
        before, after = ([_without_uid(item) for item in items] for items in (old, new))
        return in_one_order(before) == in_one_order(after)
    return old == new


KIND = ContactPointKind(
    type="grafana:alerting/contactPoint:ContactPoint",
    sdk="pulumiverse_grafana.alerting:ContactPoint",
    named_by="name",
    replaced_on=frozenset({"name", "orgId", "disableProvenance"}),
    defaults={"disableProvenance": False},
    unseen=frozenset({"orgId", "disableProvenance"}),
    unordered=frozenset(INTEGRATIONS),
    sealed=tuple(
        (list_name, secret)
        for list_name, integration in INTEGRATIONS.items()
        for secret in sorted(integration.secret)
    ),
    sealed_outputs=frozenset(INTEGRATIONS),
)
