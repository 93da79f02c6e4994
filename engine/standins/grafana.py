"""The Grafana stand-in: folders, data sources and dashboards, and what all its types share.

Success codes are exact and every create is followed by a read, as with the real plugin (2.44.0).
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from typing_extensions import override

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
    if ":" in auth:
        basic = base64.b64encode(auth.encode()).decode()
        headers = {"Authorization": f"Basic {basic}", "X-Grafana-Org-Id": "1"}
    else:
        headers = {"Authorization": f"Bearer {auth}"}
    return Api(base=f"{url.rstrip('/')}/api", headers=headers, retry=GRAFANA_RETRY)


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
            equal=self._equal,
        )
        inputs = observation.inputs(state.inputs, found)
        return State(id=state.id, inputs=inputs, outputs={**state.outputs, **found, **(more or {})})

    def _equal(self, name: str, old: Value, new: Value) -> bool:  # noqa: ARG002
        return old == new


def identity(state: State) -> str:
    """What follows the organisation in an id."""
    return state.id.partition(":")[2] or state.id


def escaped(state: State) -> str:
    """The same, for a path."""
    return quote(identity(state), safe="")
