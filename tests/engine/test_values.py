"""Property values on the wire and in Python."""

from __future__ import annotations

from typing import Any

from google.protobuf import json_format, struct_pb2
from hypothesis import given
from hypothesis import strategies as st

from engine.standins.values import UNKNOWN, decode, encode, seal, secret_names

plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**50), 2**50) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=8,
)
properties = st.dictionaries(st.text(min_size=1, max_size=6), plain, max_size=4)


def struct(told: dict[str, Any]) -> struct_pb2.Struct:
    return json_format.ParseDict(told, struct_pb2.Struct())


def secret(value: Any) -> dict[str, Any]:
    return {
        "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
        "value": value,
    }


@given(properties)
def test_what_is_encoded_decodes_to_the_same_but_for_nulls_at_the_top(told: Any) -> None:
    assert decode(encode(told)) == {k: v for k, v in told.items() if v is not None}


@given(properties)
def test_secrets_decode_to_their_values(told: Any) -> None:
    wire = encode(told, secret=told.keys())
    assert decode(wire) == {k: v for k, v in told.items() if v is not None}
    assert secret_names(wire) == told.keys()


def test_whole_numbers_are_integers_and_others_are_not() -> None:
    assert decode(struct({"a": 60.0, "b": 0.5})) == {"a": 60, "b": 0.5}
    assert isinstance(decode(struct({"a": 60.0}))["a"], int)


def test_a_value_that_is_not_known_yet_is_told_as_such() -> None:
    wire = encode({"a": UNKNOWN, "b": [UNKNOWN]})
    assert decode(wire) == {"a": UNKNOWN, "b": [UNKNOWN]}


def test_a_secret_deep_inside_makes_its_property_one() -> None:
    wire = struct({"a": [{"b": secret("x")}], "c": [{"b": "x"}]})
    assert secret_names(wire) == {"a"}
    assert decode(wire) == {"a": [{"b": "x"}], "c": [{"b": "x"}]}


def test_sealing_a_path_wraps_what_is_there_once_and_nothing_else() -> None:
    wire = struct({"bindings": [{"name": "A", "text": "x"}, {"name": "B"}, {"text": secret("y")}]})
    seal(wire, ("bindings", "text"))
    once = json_format.MessageToDict(wire)
    sealed = [{"name": "A", "text": secret("x")}, {"name": "B"}, {"text": secret("y")}]
    assert once["bindings"] == sealed
    seal(wire, ("bindings", "text"))
    assert json_format.MessageToDict(wire) == once
    assert decode(wire)["bindings"] == [{"name": "A", "text": "x"}, {"name": "B"}, {"text": "y"}]


def test_sealing_what_is_secret_already_or_absent_changes_nothing() -> None:
    wire = struct({"bindings": secret([{"text": "x"}])})
    before = wire.SerializeToString(deterministic=True)
    seal(wire, ("bindings", "text"))
    seal(wire, ("absent",))
    assert wire.SerializeToString(deterministic=True) == before
