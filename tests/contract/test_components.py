"""What every component keeps, whatever it is made of."""

from __future__ import annotations

import dataclasses
import inspect
import json
from typing import TYPE_CHECKING

import pytest
from pulumi import ComponentResource, ResourceOptions

from engine.recorder import Recording, observe
from tests.contract.cases import CASES
from tests.contract.values import SECRET_VALUE, Case

if TYPE_CHECKING:
    from engine.documents import Json
    from engine.recorder import PlannedResource
    from tests.contract.sdk import Properties

pytestmark = pytest.mark.parametrize("case", CASES.values(), ids=CASES)

EMPTY = {"rules", "compatibilityFlags", "bindings", "filters"}
"""What may be empty: the services tell it back so."""


def recorded(case: Case, *, preview: bool = True, environment: str = "prod") -> Recording:
    def program() -> None:
        case.build(environment)

    return observe(program, preview=preview)


def component_of(recording: Recording) -> PlannedResource:
    (component,) = [one for one in recording.resources if one.type.startswith("belfry:")]
    return component


def children_of(recording: Recording) -> list[PlannedResource]:
    return [one for one in recording.resources if not one.type.startswith("belfry:")]


def count_of_secrets(value: Json) -> int:
    match value:
        case {"secret": str(), **rest} if not rest:
            return 1
        case dict():
            return sum(map(count_of_secrets, value.values()))
        case list():
            return sum(map(count_of_secrets, value))
        case _:
            return 0


def test_it_is_made_of_a_name_arguments_and_options(case: Case) -> None:
    signature = inspect.signature(case.component)
    assert list(signature.parameters) == ["name", "args", "opts"]
    assert signature.parameters["opts"].default is None


def test_its_arguments_are_frozen_and_given_by_keyword(case: Case) -> None:
    fields = dataclasses.fields(case.args)
    assert fields
    assert all(field.kw_only for field in fields)
    nothing: object = object.__new__(case.args)
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(nothing, fields[0].name, None)


def test_its_children_belong_to_it(case: Case, *, preview: bool) -> None:
    recording = recorded(case, preview=preview)
    component = component_of(recording)
    assert component.type == case.type
    assert component.parent is None
    assert sorted(child.type for child in children_of(recording)) == sorted(case.children)
    assert {child.parent for child in children_of(recording)} == {component.key}


def test_it_registers_outputs_once_everything_is_registered(case: Case, *, preview: bool) -> None:
    outputs = component_of(recorded(case, preview=preview)).outputs
    assert outputs


def test_names_of_two_environments_never_meet(case: Case) -> None:
    prod = {(one.type, one.name) for one in recorded(case, environment="prod").resources}
    staging = {(one.type, one.name) for one in recorded(case, environment="staging").resources}
    assert not prod & staging


def test_secrets_stay_secret(case: Case, *, preview: bool) -> None:
    recording = recorded(case, preview=preview)
    inputs = [one.inputs for one in recording.resources]
    assert sum(map(count_of_secrets, inputs)) == case.secrets
    kept = json.dumps([*inputs, *(one.outputs for one in recording.resources)])
    assert SECRET_VALUE not in kept


def test_the_sdk_knows_every_property(case: Case, properties: Properties, *, preview: bool) -> None:
    children = children_of(recorded(case, preview=preview))
    assert {child.key: properties.mistakes(child) for child in children} == {
        child.key: [] for child in children
    }


def test_what_is_not_said_is_left_out(case: Case) -> None:
    """An empty list or object in some properties of either provider shows as a change for ever."""
    for child in children_of(recorded(case)):
        assert {key for key, value in child.inputs.items() if value is None} == set()
        assert {key for key, value in child.inputs.items() if value in ([], {})} <= EMPTY


def test_it_hands_its_options_on(case: Case) -> None:
    class Parent(ComponentResource):
        def __init__(self) -> None:
            super().__init__("test:index:Parent", "parent")

    def program() -> None:
        case.build("prod", ResourceOptions(parent=Parent(), protect=True))

    resources = observe(program).resources
    (component,) = [one for one in resources if one.type == case.type]
    assert component.parent == "test:index:Parent::parent"
    assert component.protect
