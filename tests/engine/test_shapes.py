"""Property tables: what fits, what does not, and that they are derived once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from engine.errors import EngineError
from engine.standins import shapes
from engine.standins.shapes import Object, Scalar, Sequence, Table, mistakes
from engine.standins.values import UNKNOWN

if TYPE_CHECKING:
    from pathlib import Path

PART = Object(properties={"id": Scalar(name="string")}, required=frozenset({"id"}))
SHAPE = Object(
    properties={
        "name": Scalar(name="string"),
        "size": Scalar(name="integer"),
        "rate": Scalar(name="number"),
        "on": Scalar(name="boolean"),
        "free": Scalar(name="any"),
        "parts": Sequence(of=PART),
        "labels": Table(of=Scalar(name="string")),
    },
    required=frozenset({"name"}),
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"name": "n"}, []),
        ({"name": "n", "size": 3, "rate": 3, "on": False, "free": [1]}, []),
        ({"name": "n", "rate": 0.5, "labels": {"anything": "x"}}, []),
        ({"name": UNKNOWN, "parts": UNKNOWN}, []),
        ({}, ["name"]),
        ({"name": None}, ["name"]),
        ({"name": 3}, ["name"]),
        ({"name": "n", "size": 0.5}, ["size"]),
        ({"name": "n", "size": True}, ["size"]),
        ({"name": "n", "on": 1}, ["on"]),
        ({"name": "n", "parts": {"id": "x"}}, ["parts"]),
        ({"name": "n", "parts": [{"id": "x"}, {}]}, ["parts[1].id"]),
        ({"name": "n", "parts": [{"id": "x", "ID": "x"}]}, ["parts[0].ID"]),
        ({"name": "n", "labels": {"a": 1}}, ["labels.a"]),
        ({"nam": "n"}, ["name", "nam"]),
    ],
)
def test_mistakes_are_found_where_they_are(value: Any, expected: list[str]) -> None:
    assert [path for path, _ in mistakes(value, SHAPE)] == expected


def test_an_unknown_property_is_told_with_those_that_exist() -> None:
    ((_, why),) = mistakes({"name": "n", "colour": "red"}, SHAPE)
    assert "it takes free, labels, name, on, parts, rate, size" in why


KINDS = {"grafana:oss/folder:Folder": "pulumiverse_grafana.oss:Folder"}


def load(cache: Path) -> dict[str, shapes.KindShape]:
    return shapes.load("grafana", KINDS, cache=cache, distribution="pulumiverse-grafana")


def test_tables_are_derived_once_and_read_from_then_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    derived = load(tmp_path)
    folder = derived["grafana:oss/folder:Folder"]
    assert folder.inputs.required == {"title"}
    assert folder.inputs.properties["preventDestroyIfNotEmpty"] == Scalar(name="boolean")
    monkeypatch.setattr(shapes, "_derive", lambda _: pytest.fail("derived a second time"))
    assert load(tmp_path) == derived


def test_a_damaged_file_is_derived_again(tmp_path: Path) -> None:
    derived = load(tmp_path)
    (file,) = tmp_path.iterdir()
    file.write_text('{"grafana:oss/fol', encoding="utf-8")
    assert load(tmp_path) == derived
    assert json.loads(file.read_text(encoding="utf-8"))


def test_an_sdk_that_lacks_the_type_is_told(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="Nowhere"):
        shapes.load(
            "grafana",
            {"x": "pulumiverse_grafana.oss:Nowhere"},
            cache=tmp_path,
            distribution="pulumiverse-grafana",
        )


def test_secret_outputs_are_those_of_the_sdk(shapes: dict[str, Any]) -> None:
    token = "cloudflare:index/notificationPolicyWebhooks:NotificationPolicyWebhooks"
    assert shapes[token].secret_outputs == {"secret"}
