"""Typed values out of a document: every mistake of form, once, at its place, with a remedy."""

# ruff: noqa: TC003 -- the reader reads these annotations at run time

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belfry.document import parse
from belfry.platform_file import Platform
from belfry.problems import Problems
from belfry.reader import Reading, read
from belfry.scalars import Bounds, Form
from belfry.shapes import Says
from belfry.values.duration import Duration

MINUTE = Duration.of(60)
NAME = Form(r"^[a-z]+$", "a name", "oak")


class Leaf(StrEnum):
    NEEDLE = "needle"
    BROAD = "broad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bird:
    KEY: ClassVar = "bird"

    wings: Annotated[int, Bounds(0, 4), Says("How many.", "2")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Squirrel:
    KEY: ClassVar = "squirrel"

    nuts: Annotated[tuple[str, ...], Says("Which.", "hazel", one_or_more=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    leaf: Annotated[Leaf, Says("Its leaves.", "broad")]
    age: Annotated[Duration, Says("Its age.", "1d")] = MINUTE
    from_: Annotated[str | None, Says("Where it comes from.", "Lapland")] = None
    guests: Annotated[tuple[Bird | Squirrel, ...], Says("Who lives in it.")] = ()
    marks: Annotated[Mapping[str, str], Says("Anything else.", rest=True)] = field(
        default_factory=dict
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wood:
    trees: Annotated[Mapping[Annotated[str, NAME], Tree], Says("Its trees.")]
    is_old: Annotated[bool, Says("Whether it is.", "true")] = False


def reading(text: str) -> Reading[Wood]:
    return read(Wood, parse(text.encode(), "w"))


def problems(text: str) -> list[str]:
    return [str(problem).removeprefix("w:") for problem in reading(text).problems]


def test_a_document_becomes_frozen_values() -> None:
    found = reading(
        "is-old: true\n"
        "trees:\n"
        "  oak: {leaf: broad, age: 90m, from: 1890, guests: [{bird: {wings: 2}}], bark: rough}\n"
    )
    assert found.problems == ()
    assert found.value == Wood(
        is_old=True,
        trees={
            "oak": Tree(
                leaf=Leaf.BROAD,
                age=Duration.parse("1h30m"),
                from_="1890",
                guests=(Bird(wings=2),),
                marks={"bark": "rough"},
            )
        },
    )


def test_what_is_not_written_has_its_default() -> None:
    assert reading("trees: {oak: {leaf: broad}}").value.trees["oak"].age == Duration.of(60)


def test_a_list_of_one_may_go_without_brackets_where_that_is_said() -> None:
    text = "trees: {oak: {leaf: broad, guests: [{squirrel: {nuts: %s}}]}}"
    assert reading(text % "hazel").value == reading(text % "[hazel]").value
    assert problems("trees: {oak: {leaf: broad, guests: bird}}") == [
        "1:36  trees.oak.guests  a text stands here  write a list, such as […]"
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tres: {}\n", '1:1  tres  there is no key "tres"  did you mean trees?'),
        ("trees: {}\nX: 1\n", '2:1  X  there is no key "X"  known keys: trees, is-old'),
        ("is-old: true\n", '1:1  trees  "trees" is missing  add trees: (its trees)'),
        (
            "trees:\n",
            "1:1  trees  nothing is written here  write names with their values, such as oak: …",
        ),
        (
            "trees: []\n",
            "1:1  trees  a list stands here  write names with their values, such as oak: …",
        ),
        (
            "trees: {oak: x}\n",
            "1:14  trees.oak  a text stands here  write its keys: leaf, age, from, guests",
        ),
        (
            "trees: {Oak: {leaf: broad}}\n",
            '1:9  trees.Oak  "Oak" is not a name  write one such as oak',
        ),
        (
            "trees: {oak: {}}\n",
            '1:9  trees.oak.leaf  "leaf" is missing  add leaf: broad (its leaves)',
        ),
        (
            "trees: {oak: {leaf: brod}}\n",
            '1:21  trees.oak.leaf  "brod" is not one of needle, broad  did you mean broad?',
        ),
        (
            "trees: {oak: {leaf: [a]}}\n",
            "1:15  trees.oak.leaf  a list stands here  write one of needle, broad, such as broad",
        ),
        (
            "trees: {oak: {leaf: broad, from: ''}}\n",
            "1:34  trees.oak.from  nothing is written here  write a text",
        ),
        (
            "is-old: True\ntrees: {}\n",
            '1:9  is-old  "True" is neither true nor false  write true or false',
        ),
    ],
)
def test_a_mistake_is_said_once_at_its_place(text: str, expected: str) -> None:
    assert problems(text) == [expected]


@pytest.mark.parametrize(
    ("guest", "expected"),
    [
        ("{}", "nothing is written here  write one of bird, squirrel"),
        (
            "{bird: {wings: 2}, squirrel: {nuts: x}}",
            "several kinds stand here  write one of bird, squirrel",
        ),
        ("{brid: {wings: 2}}", 'there is no kind "brid"  did you mean bird?'),
        ("{bird: {wings: 5}}", "5 is out of range  write one between 0 and 4"),
        ("{bird: {wings: 02}}", '"02" is not a whole number  write one between 0 and 4'),
        ("bird", "a text stands here  write one of bird, squirrel, with its own keys"),
    ],
)
def test_a_choice_is_made_by_exactly_one_key(guest: str, expected: str) -> None:
    (problem,) = problems(f"trees: {{oak: {{leaf: broad, guests: [{guest}]}}}}")
    assert problem.endswith(expected)


def test_all_mistakes_are_found_at_once_in_the_order_of_the_file() -> None:
    text = "trees:\n  oak: {leaf: x}\n  fir: {age: 1}\n  ash: []\nis-odl: true\n"
    found = Problems(reading(text).problems).render().splitlines()
    assert [line.split("  ")[0] for line in found] == [
        "w:2:15",
        "w:3:3",
        "w:3:14",
        "w:4:3",
        "w:5:1",
    ]


def test_a_misspelt_key_is_read_as_the_one_that_was_meant() -> None:
    found = reading("tres: {oak: {leaf: broad}}\n")
    assert len(found.problems) == 1
    assert list(found.value.trees) == ["oak"]


def test_a_broken_part_is_replaced_and_remembered() -> None:
    found = reading("trees: {oak: {leaf: x, age: 5m}, fir: nothing}\n")
    assert list(found.value.trees) == ["oak", "fir"]
    assert found.value.trees["oak"].age == Duration.of(300)
    assert found.is_broken(("trees", "oak", "leaf"))
    assert found.is_broken(("trees", "fir", "age"))
    assert not found.is_broken(("trees", "oak", "age"))


PLATFORM_KEYS = st.sampled_from(
    ["platform", "environments", "services", "checks", "rules", "api", "is", "url", "needs", "http"]
)
TREES = st.recursive(
    st.one_of(st.sampled_from(["", "x", "60s", "api", "0"]), st.text("ab${}:", max_size=6)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(PLATFORM_KEYS, inner, max_size=4)
    ),
    max_leaves=12,
)


def written(value: object) -> str:
    """A value in YAML's flow style."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {written(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(written(item) for item in value) + "]"
    text = str(value)
    return "'" + text + "'"


@given(TREES)
def test_no_tree_crashes_the_reader_and_every_problem_has_a_place(tree: object) -> None:
    found = read(Platform, parse(written(tree).encode(), "p"))
    assert isinstance(found.value, Platform)
    assert all(problem.place and problem.right for problem in found.problems)
