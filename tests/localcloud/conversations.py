"""Calls to an API as files: what is sent, and what has to come back."""

from __future__ import annotations

import json
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx

DATA = Path(__file__).parent / "data"


def conversations(api: str) -> list[str]:
    """Return the names of the conversations with an API."""
    return sorted(path.stem for path in (DATA / api).glob("*.json"))


def replay(client: httpx.Client, api: str, name: str, **names: str) -> None:
    """Send each call of a conversation and compare what comes back.

    A step holds `call` (method and path), `body`, `headers`, `status`, `has` (what the answer has
    to hold: objects may hold more, lists may not), `lacks` (texts that must be nowhere in it) and
    `keep` (names for values at dotted paths, used as `$name` in later steps).
    """
    known = dict(names)
    for step in json.loads((DATA / api / f"{name}.json").read_text()):
        wanted = json.loads(Template(json.dumps(step)).safe_substitute(known))
        method, path = wanted["call"].split(" ", 1)
        body = wanted.get("body")
        answer = client.request(
            method,
            path,
            headers=wanted.get("headers"),
            **({} if body is None else {"json": body}),
        )
        said = f"{wanted['call']}: {answer.status_code} {answer.text}"
        assert answer.status_code == wanted["status"], said
        told = answer.json() if answer.content else None
        if "has" in wanted:
            assert holds(told, wanted["has"]), f"{said}\nshould hold {json.dumps(wanted['has'])}"
        for text in wanted.get("lacks", []):
            assert text not in answer.text, said
        for key, place in wanted.get("keep", {}).items():
            known[key] = str(at(told, place))


def holds(told: Any, wanted: Any) -> bool:
    """Tell whether a value holds another: objects may have more fields, lists not more items."""
    if isinstance(wanted, dict):
        return isinstance(told, dict) and all(
            key in told and holds(told[key], value) for key, value in wanted.items()
        )
    if isinstance(wanted, list):
        return (
            isinstance(told, list)
            and len(told) == len(wanted)
            and all(holds(one, other) for one, other in zip(told, wanted, strict=True))
        )
    return bool(told == wanted) and isinstance(told, bool) == isinstance(wanted, bool)


def at(told: Any, place: str) -> Any:
    """Return the value at a dotted path."""
    for step in place.split("."):
        told = told[int(step) if isinstance(told, list) else step]
    return told
