"""Every stand-in makes the calls of the real plugin: a file a case, calls and answers in order."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from engine.standins.packages import PACKAGES
from engine.standins.shapes import mistakes
from tests.engine.scripted import Script, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.standins.api import Api
    from engine.standins.kinds import State
    from engine.standins.shapes import KindShape

CASES = sorted((Path(__file__).parent / "data" / "calls").glob("*.json"))


class Case:
    """One resource type with the calls that its life makes."""

    def __init__(self, path: Path, shapes: dict[str, KindShape], script: Script, url: str) -> None:
        told = json.loads(path.read_text(encoding="utf-8"))
        self.package = PACKAGES[told["kind"].partition(":")[0]]
        self.kind = self.package.kinds[told["kind"]]
        self.shape = shapes[told["kind"]]
        self.inputs: dict[str, Any] = told["inputs"]
        self.changed: dict[str, Any] = {**told["inputs"], **told["changed"]}
        self.seen_by_refresh: str = told["seen_by_refresh"]
        self.steps: dict[str, list[dict[str, Any]]] = told["steps"]
        self.script = script
        self.api = self._connect(url)

    def _connect(self, url: str) -> Api:
        if self.package.name == "cloudflare":
            return self.package.connect({"baseUrl": f"{url}/client/v4", "apiToken": "t" * 40}, {})
        return self.package.connect({"url": url, "auth": "admin:admin"}, {})

    def expect(self, step: str) -> None:
        self.script.expected = self.steps[step]
        self.script.received = []

    def create(self) -> State:
        self.expect("create")
        return self.kind.create(self.api, self.shape, self.inputs)

    def verify(self) -> None:
        got = [f"{call['method']} {call['path']}" for call in self.script.received]
        assert got == [f"{call['method']} {call['path']}" for call in self.script.expected]
        for received, expected in zip(self.script.received, self.script.expected, strict=True):
            assert received.get("body") == expected.get("body")
            assert received.get("multipart") == expected.get("multipart")
            headers = expected.get("headers", {})
            assert {name: received["all_headers"].get(name) for name in headers} == headers


@pytest.fixture(params=CASES, ids=[path.stem for path in CASES])
def case(request: pytest.FixtureRequest, shapes: dict[str, KindShape]) -> Iterator[Case]:
    script = Script()
    with serving(script) as url:
        found = Case(request.param, shapes, script, url)
        yield found
        found.api.close()


def test_inputs_of_the_case_are_what_the_sdk_takes(case: Case) -> None:
    assert list(mistakes(case.inputs, case.shape.inputs)) == []
    assert list(mistakes(case.changed, case.shape.inputs)) == []


def test_create_makes_the_recorded_calls(case: Case) -> None:
    state = case.create()
    case.verify()
    assert state.id
    assert {name: state.outputs.get(name) for name in _plain(case.inputs)} == _plain(case.inputs)


def test_refresh_makes_the_recorded_calls_and_sees_what_the_real_plugin_sees(case: Case) -> None:
    state = case.create()
    case.expect("read")
    seen = case.kind.read(case.api, case.shape, state)
    case.verify()
    assert seen is not None
    changed = list(case.kind.changes(seen.inputs, case.inputs))
    assert bool(changed) == (case.seen_by_refresh == "changed"), changed


def test_update_makes_the_recorded_calls(case: Case) -> None:
    state = case.create()
    assert list(case.kind.changes(case.inputs, case.inputs)) == []
    changed = list(case.kind.changes(case.inputs, case.changed))
    assert changed
    assert not [n for n in changed if case.kind.replaces(n, case.inputs, case.changed)]
    case.expect("update")
    after = case.kind.update(case.api, case.shape, state, case.changed)
    case.verify()
    assert after.id == state.id


def test_what_is_gone_in_the_service_is_gone(case: Case) -> None:
    state = case.create()
    case.expect("gone")
    assert case.kind.read(case.api, case.shape, state) is None
    case.verify()


def test_delete_makes_the_recorded_calls(case: Case) -> None:
    state = case.create()
    case.expect("delete")
    case.kind.delete(case.api, case.shape, state)
    case.verify()


def _plain(inputs: dict[str, Any]) -> dict[str, Any]:
    """Inputs whose recorded form is theirs: integrations of contact points get a uid added."""
    return {name: value for name, value in inputs.items() if not isinstance(value, list | dict)}
