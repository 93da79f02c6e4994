"""The Grafana stand-in: what all its types share.

Success codes are exact and every create is followed by a read, as with the real plugin (2.44.0).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from typing_extensions import override

from belfry import credentials
from engine.standins.api import (
    GRAFANA_RETRY,
    Answer,
    Api,
    ApiError,
    Gone,
    Refused,
    reason,
    require_loopback,
)
from engine.standins.kinds import Kind, Observation, State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.documents import Json
    from engine.standins.shapes import KindShape
    from engine.standins.values import Properties, Value


def connect(settings: Mapping[str, Value], environment: Mapping[str, str]) -> Api:
    """The API that the provider's settings name.

    Raises:
        Refused: not a loopback address, or no credentials.

    """
    url = str(settings.get("url") or environment.get("GRAFANA_URL") or "")
    require_loopback(url, setting="url", plugin="grafana")
    auth = str(settings.get("auth") or environment.get("GRAFANA_AUTH") or "")
    if not auth:
        raise Refused("auth: the Grafana provider needs a token, or user:password")
    access = credentials.grafana({"GRAFANA_URL": url, "GRAFANA_AUTH": auth})
    return Api(base=f"{access.url}/api", headers=access.headers, retry=GRAFANA_RETRY)


def request(
    api: Api,
    method: str,
    path: str,
    *,
    good: int = 200,
    body: Json = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """One call; no status but `good` will do.

    Raises:
        Gone: 404.
        ApiError: any other status.

    """
    answer = api.call(method, path, body=body, headers=headers)
    if answer.status != good:
        message = f"[{method} {path}] {reason(answer.status)} {answer.text}".rstrip()
        raise (Gone if answer.status == 404 else ApiError)(message)
    return answer


def fields(answer: Answer) -> dict[str, Json]:
    """The answer as an object."""
    found = answer.json()
    return found if isinstance(found, dict) else {}


def entries(answer: Answer) -> list[dict[str, Json]]:
    """The answer as a list of objects."""
    found = answer.json()
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def remove(api: Api, path: str, *, good: int = 200) -> None:
    """Delete; what is gone already is fine."""
    try:
        request(api, "DELETE", path, good=good)
    except Gone:
        return


def whole(fields: Mapping[str, Json]) -> dict[str, Json]:
    """A body without what the real client leaves out: empty texts, zeros, false."""
    return {name: value for name, value in fields.items() if value not in ("", 0, False, None)}


def provenance(inputs: Properties) -> dict[str, str]:
    """The header that keeps an object editable in Grafana's own pages."""
    return {"X-Disable-Provenance": "disabled"} if inputs.get("disableProvenance") else {}


def same_text(old: Value, new: Value) -> bool:
    """Whether two JSON texts mean the same."""
    try:
        return bool(json.loads(str(old)) == json.loads(str(new)))
    except ValueError:
        return old == new


@dataclass(frozen=True, slots=True, kw_only=True)
class GrafanaKind(Kind):
    """A type whose id is `<organisation>:<uid or name>`."""

    delete_before_replace: bool = True
    unseen: frozenset[str] = frozenset({"orgId"})

    @override
    def adopt(self, identity: str) -> State:
        organisation, _, own = identity.rpartition(":")
        return State(id=f"{organisation or '1'}:{own}", inputs={}, outputs={})

    def _seen(self, state: State, found: Properties, more: Properties | None = None) -> State:
        observation = Observation(
            defaults=self.defaults,
            filled_in=self.filled_in,
            unseen=self.unseen,
            computed=self.computed if self.notices_additions else None,
            equal=self._equal,
        )
        inputs = observation.inputs(state.inputs, found)
        return State(id=state.id, inputs=inputs, outputs={**state.outputs, **found, **(more or {})})

    def _made(self, api: Api, shape: KindShape, state: State) -> State:
        """Read back what was just written, as the real plugin does."""
        fresh = self.read(api, shape, state)
        if fresh is None:
            raise ApiError(f"{self.type}: {identity(state)} was written and cannot be read")
        return State(id=fresh.id, inputs=state.inputs, outputs={**fresh.outputs, **state.inputs})

    def _equal(self, name: str, old: Value, new: Value) -> bool:  # noqa: ARG002
        return old == new


def identity(state: State) -> str:
    """What follows the organisation in an id."""
    return state.id.partition(":")[2] or state.id


def escaped(state: State) -> str:
    """The same, for a path."""
    return quote(identity(state), safe="")
