"""What the real plugin was recorded to send gets the recorded status and at least those fields.

The recordings were made against a service that kept to Grafana's shapes; ids and times are each
service's own, so that of those only the kind has to agree.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.localcloud.grafana_service import PROVISIONING, Grafana, served

if TYPE_CHECKING:
    from collections.abc import Iterator

RECORDINGS = Path(__file__).parents[1] / "parity" / "recordings"

CONTACT_POINT = {"type": "email", "settings": {"addresses": "a@example.org"}}
WHOLE = "grafana-whole-program"
BEFORE: dict[str, list[tuple[str, str, dict[str, Any]]]] = {
    "grafana-dashboard": [("POST", "/api/folders", {"uid": "f1", "title": "F"})],
    "grafana-folder-nested": [
        ("POST", "/api/folders", {"uid": "par", "title": "Par"}),
        ("POST", "/api/folders", {"uid": "par2", "title": "Par2"}),
    ],
    "grafana-folderpermission": [
        ("POST", "/api/folders", {"uid": "f1", "title": "F"}),
        ("POST", "/api/teams", {"name": "those"}),
    ],
    "grafana-policy": [
        ("POST", f"{PROVISIONING}/contact-points", {"name": "root", **CONTACT_POINT}),
        ("POST", f"{PROVISIONING}/contact-points", {"name": "page", **CONTACT_POINT}),
        ("POST", f"{PROVISIONING}/mute-timings", {"name": "nights", "time_intervals": []}),
    ],
    "grafana-rulegroup": [("POST", "/api/folders", {"uid": "f1", "title": "F"})],
}
"""What has to be there before a recording's first call."""

OWN = frozenset(
    {
        *("id", "uid", "teamId", "teamUid", "key", "version", "login", "message", "url", "slug"),
        *("created", "createdAt", "updated", "updatedAt", "roleName", "actions", "team", "traceID"),
    }
)
"""Fields that each service fills in its own way: they have to be there."""

LATER = frozenset({"grafana-dashboard", "grafana-mutetiming", "grafana-team"})
"""Recordings whose answers show texts that were only written later: their kind has to agree."""

PHASES = ("create", "refresh", "update")
"""Later phases begin with an object that another call made again, which was not recorded."""


def names() -> list[str]:
    """The recordings of the Grafana plugin, but for the whole program, which repeats them."""
    return sorted(p.stem for p in RECORDINGS.glob("grafana-*.json") if p.stem != WHOLE)


@pytest.fixture
def grafana(tmp_path: Path) -> Iterator[Grafana]:
    with served(tmp_path) as client:
        yield client


@pytest.mark.parametrize("name", names())
def test_recorded_calls_get_the_recorded_answers(name: str, grafana: Grafana) -> None:
    for method, path, body in BEFORE.get(name, []):
        assert grafana.request(method, path, json=body).is_success
    known: dict[str, str] = {}
    calls = json.loads((RECORDINGS / f"{name}.json").read_text())["calls"]
    for call in (one for one in calls if one["phase"] in PHASES):
        sent = renamed(call["request"], known)
        answer = grafana.request(call["method"], filled(call["path"], known), json=sent)
        place = f"{call['phase']}: {call['method']} {call['path']}: {answer.text}"
        assert answer.status_code == call["response_status"], place
        if call["response"] not in ("", None):
            agree(call["response"], answer.json(), known, place, later=name in LATER)


@pytest.mark.parametrize("name", names())
def test_what_is_gone_is_told_as_recorded(name: str, grafana: Grafana) -> None:
    calls = json.loads((RECORDINGS / f"{name}.json").read_text())["calls"]
    reads = [one for one in calls if one["phase"] == "refresh_after_delete_in_service"]
    assert reads
    for call in reads:
        if call["response_status"] == 404:
            assert grafana.get(call["path"]).status_code == 404


def agree(recorded: Any, told: Any, known: dict[str, str], place: str, *, later: bool) -> None:
    """Hold an answer beside the recorded one, and learn whose id stands for whose."""
    match recorded, told:
        case dict(), dict():
            for field, value in recorded.items():
                assert field in told, f"{place}: there is no {field}"
                if field in ("id", "uid", "teamId"):
                    known.setdefault(f"{field}:{value}", str(told[field]))
                elif field not in OWN and value is not None:
                    agree(value, told[field], known, f"{place}: {field}", later=later)
        case list(), list():
            assert len(recorded) == len(told), place
            for one, other in zip(recorded, told, strict=True):
                agree(one, other, known, place, later=later)
        case _:
            assert told == recorded or (later and type(told) is type(recorded)), place


def filled(path: str, known: dict[str, str]) -> str:
    """A recorded path with this service's ids."""
    steps = path.split("/")
    return "/".join(
        next((known[f"{f}:{s}"] for f in ("uid", "teamId", "id") if f"{f}:{s}" in known), s)
        for s in steps
    )


def renamed(body: Any, known: dict[str, str]) -> Any:
    """A recorded body with this service's ids; the team of the recording is the first one here."""
    match body:
        case dict():
            return {
                name: known.get(f"uid:{part}", part) if name == "uid" else renamed(part, known)
                for name, part in body.items()
            } | ({"teamId": 1} if "teamId" in body else {})
        case list():
            return [renamed(item, known) for item in body]
        case _:
            return body
