"""The suite's own machinery: what it refuses of a life, and that a difference is one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from engine.standins.packages import PACKAGES
from tests.parity import golden, lives
from tests.parity.golden import Told, differences
from tests.parity.stage import merged

if TYPE_CHECKING:
    from pathlib import Path

LIFE = "type: cloudflare:index/queue:Queue\ninputs: {queueName: q}\n"


def life(folder: Path, text: str) -> lives.Life:
    path = folder / "cloudflare" / "it.yaml"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    return lives.read(path)


def test_the_least_life_is_a_type_and_inputs(tmp_path: Path) -> None:
    assert life(tmp_path, LIFE).provider == "cloudflare"


def test_a_secret_is_one_wherever_it_stands(tmp_path: Path) -> None:
    told = life(tmp_path, LIFE + "change: {queueName: !secret a, more: !secret [b, {c: d}]}\n")
    assert told.change == {"queueName": lives.Secret("a"), "more": lives.Secret(["b", {"c": "d"}])}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("colour: red", "cloudflare/it: there is no key 'colour'; known are"),
        ("recording: nothing", "there is no file recordings/nothing.json"),
        ("after_refresh: maybe", "after_refresh: 'maybe' is none of same, changed"),
        ("delete_gone: error", "gone and delete_gone go together"),
        ("replacement: new-first", "replacement without replace"),
        ("needs: {a: {type: t}}", "needs.a: inputs is missing"),
        ("drift: [{name: n, method: PUT, path: /}]", "drift\\[0\\]: seen is missing"),
        ("drift: [{name: n, seen: true, verb: PUT}]", "drift\\[0\\]: there is no key 'verb'"),
        ("refused: [{inputs: {}}]", "refused\\[0\\]: property is missing"),
        ("import: {uid: x}", "import: there is no key 'uid'"),
        ("a: [", "it.yaml: while parsing"),
    ],
)
def test_a_life_that_is_wrong_is_refused_with_its_place(
    tmp_path: Path, more: str, said: str
) -> None:
    with pytest.raises(lives.LifeError, match=said):
        life(tmp_path, LIFE + more)


def test_a_life_in_another_providers_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(lives.LifeError, match="belongs into another provider's folder"):
        life(tmp_path, LIFE.replace("cloudflare:", "grafana:"))


def test_every_type_of_the_stand_ins_has_a_life() -> None:
    types = {token for package in PACKAGES.values() for token in package.kinds}
    assert types - {lives.read(path).type for path in lives.files()} == set()


def call(path: str = "/things", body: Any = None, method: str = "POST", **headers: str) -> Told:
    return Told(method=method, path=path, body=body, headers=headers)


def compared(expected: Told, got: Told, theirs: str = "", ours: str = "") -> list[str]:
    return differences(
        (expected,), (got,), theirs=frozenset(theirs.split()), ours=frozenset(ours.split())
    )


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (call(method="PUT"), call(method="POST")),
        (call("/things/a"), call("/things/b")),
        (call("/things/a%2Fb"), call("/things/a/b")),
        (call("/things?force=true"), call("/things")),
        (call(body={"a": 1}), call(body={"a": 2})),
        (call(body={"a": 1}), call(body={"a": True})),
        (call(body={"a": 1}), call(body={})),
        (call(body={}), call(body={"a": None})),
        (call(body=[1, 2]), call(body=[2, 1])),
        (call(), call(**{"cf-r2-jurisdiction": "eu"})),
    ],
)
def test_a_call_that_differs_is_told(expected: Told, got: Told) -> None:
    assert compared(expected, got)
    assert compared(expected, expected) == []


def test_a_call_too_many_and_one_too_few_are_told_with_all_of_them() -> None:
    (told,) = differences((call("/a"),), (), theirs=frozenset(), ours=frozenset())
    assert "POST /a" in told
    assert differences((), (call("/a"),), theirs=frozenset(), ours=frozenset())


def test_an_id_may_be_another_one_but_always_the_same() -> None:
    expected = call("/things/one", body={"self": "one"})
    same = call("/things/two", body={"self": "two"})
    mixed = call("/things/two", body={"self": "three"})
    assert compared(expected, same, theirs="one", ours="two three") == []
    assert compared(expected, mixed, theirs="one", ours="two three")
    assert compared(expected, same)


def test_ids_are_what_a_service_gave_out() -> None:
    recorded = golden.read(lives.Recording(name="cloudflare-logpush"))
    assert "1" in recorded.identifiers


def test_a_change_is_merged_into_objects_and_null_takes_away() -> None:
    inputs = {"a": {"b": 1, "c": 2}, "d": [1], "e": 1}
    change = {"a": {"b": 3}, "d": [2], "e": None}
    assert merged(inputs, change) == {"a": {"b": 3, "c": 2}, "d": [2]}
