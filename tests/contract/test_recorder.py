"""The recorder behind `belfry plan`: keeps what mocks lose, and nothing for the next run."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import pulumi
import pytest
from pulumi import ComponentResource, CustomResource, Output, ResourceOptions

from belfry.problems import Problems, problem_without_place
from engine.errors import EngineError
from engine.recorder import observe

if TYPE_CHECKING:
    from collections.abc import Mapping


class Group(ComponentResource):
    def __init__(self, name: str) -> None:
        super().__init__("test:index:Group", name)
        self.register_outputs({"size": 1})


def thing(
    name: str, opts: ResourceOptions | None = None, **inputs: pulumi.Input[object]
) -> CustomResource:
    return CustomResource("test:index/thing:Thing", name, {**inputs, "made": None}, opts)


def test_options_that_mocks_lose_are_kept() -> None:
    def program() -> None:
        group = Group("group")
        first = thing("first", ResourceOptions(parent=group))
        thing("second", ResourceOptions(parent=group, depends_on=[first], protect=True))

    group, first, second = observe(program).resources
    assert (group.key, group.parent) == ("test:index:Group::group", None)
    assert first.parent == second.parent == group.key
    assert second.depends_on == (first.key,)
    assert (first.protect, second.protect) == (False, True)
    assert (group.outputs, first.outputs) == ({"size": 1}, None)


def test_values_keep_their_kind() -> None:
    values: Mapping[str, object] = {
        "count": 3,
        "share": 0.5,
        "on": True,
        "list": ["a", {"b": None}],
        "text": "",
    }

    def program() -> None:
        thing("it", **values)  # type: ignore[arg-type]

    (it,) = observe(program).resources
    assert it.inputs == values
    assert type(it.inputs["count"]) is int


def test_a_planned_secret_is_its_name_and_any_other_its_property() -> None:
    def program() -> None:
        thing("it", key=Output.secret("secret:pagerduty"), password=Output.secret("hush"))

    recording = observe(program)
    (it,) = recording.resources
    assert it.inputs == {"key": {"secret": "pagerduty"}, "password": {"secret": "password"}}
    assert recording.secrets == ("pagerduty",)


def test_in_a_preview_what_a_provider_makes_up_is_unknown(*, preview: bool) -> None:
    def program() -> None:
        thing("user", uses=thing("used").id)

    user = observe(program, preview=preview).resources[1]
    assert user.inputs == {"uses": {"unknown": True} if preview else "used-id"}


def twins() -> None:
    thing("it")
    thing("it")


def test_two_resources_of_one_kind_and_name_are_refused() -> None:
    with pytest.raises(EngineError, match="test:index/thing:Thing are called it"):
        observe(twins)


def test_a_lookup_that_no_plan_can_answer_is_refused() -> None:
    def program() -> None:
        found = pulumi.runtime.invoke_output("test:index/find:find", {})
        thing("it", found=found)

    with pytest.raises(EngineError, match="looks up test:index/find:find"):
        observe(program)


def test_the_programs_message_is_the_error() -> None:
    def program() -> None:
        raise pulumi.RunError("The account is closed.")

    with pytest.raises(EngineError, match=r"^The account is closed\.$"):
        observe(program)


def test_problems_stay_problems() -> None:
    problems = problem_without_place("it is wrong", "make it right")

    def program() -> None:
        raise pulumi.RunError(problems.render()) from problems

    with pytest.raises(Problems) as raised:
        observe(program)
    assert raised.value is problems


def test_a_failing_apply_fails_the_plan() -> None:
    def fail(_: object) -> str:
        raise ZeroDivisionError

    def program() -> None:
        thing("it", text=Output.from_input("x").apply(fail))

    with pytest.raises(ZeroDivisionError):
        observe(program)


def test_nothing_is_left_for_the_next_run(caplog: pytest.LogCaptureFixture) -> None:
    def program() -> None:
        thing(pulumi.get_stack(), said=pulumi.Config("test").get("said"))
        pulumi.export("stack", pulumi.get_stack())

    with caplog.at_level(logging.WARNING):
        first = observe(program, stack="one", config={"test:said": "a"})
        with pytest.raises(EngineError):
            observe(twins)
        second = observe(program, stack="two")
    assert [one.inputs for one in first.resources] == [{"said": "a"}]
    assert [(one.name, one.inputs) for one in second.resources] == [("two", {})]
    assert (first.outputs, second.outputs) == ({"stack": "one"}, {"stack": "two"})
    assert caplog.records == []


def test_it_may_be_asked_while_a_loop_runs_elsewhere() -> None:
    def program() -> None:
        thing("it")

    async def ask() -> int:
        return len((await asyncio.to_thread(observe, program)).resources)

    assert asyncio.run(ask()) == 1
