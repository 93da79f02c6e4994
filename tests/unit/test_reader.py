"""Typed values out of a document: every mistake of form, once, at its place, with a remedy."""

# ruff: noqa: TC001, TC003 -- the reader reads these annotations at run time

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belfry.document import parse
from belfry.language.platform import Platform
from belfry.problems import Place, Problems
from belfry.reader import Memory, read
from belfry.reading import Reading
from belfry.scalars import Bounds, Form
from belfry.shapes import Says
from belfry.values.duration import Duration
from tests.unit.trees import written

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    leaf: Annotated[Leaf, Says("Its leaves.", "broad")]
    age: Annotated[Duration, Says("Its age.", "1d")] = MINUTE
    guests: Annotated[tuple[Bird | Squirrel, ...], Says("Who lives in it.")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Grove:
    trees: Annotated[Mapping[Annotated[str, NAME], Plant], Says("Its trees.")]
    is_old: Annotated[bool, Says("Whether it is.", "true")] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Garden:
    wood: Annotated[Grove, Says("What grows.")]
    gate: Annotated[str, Says("Its gate.", "narrow")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beast:
    eats: Annotated[str, Says("What it eats.", "mice")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forest:
    trees: Annotated[Mapping[Annotated[str, NAME], Plant], Says("Its trees.")]
    beasts: Annotated[Mapping[Annotated[str, NAME], Beast], Says("Its beasts.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Herbarium:
    leaves: Annotated[tuple[Annotated[str, NAME], ...], Says("Which.")]
    notes: Annotated[tuple[str, ...], Says("What else.")] = ()


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
            '1:9  trees.Oak  "Oak" is not a name  write oak',
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
            '1:9  is-old  "True" is neither true nor false  write true',
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
        ("{bird: {wings: 02}}", '"02" is not a whole number  write 2'),
        ("bird", "a text stands here  write one of bird, squirrel, with its own keys"),
    ],
)
def test_a_choice_is_made_by_exactly_one_key(guest: str, expected: str) -> None:
    (problem,) = problems(f"trees: {{oak: {{leaf: broad, guests: [{guest}]}}}}")
    assert problem.endswith(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("trees: {oak: ~}\n", "1:14  trees.oak  nothing is written here  write its keys"),
        ("trees: null\n", "1:8  trees  nothing is written here  write names"),
        ("trees: {oak: {leaf: Null}}\n", "1:21  trees.oak.leaf  nothing is written here"),
        ("trees: off\n", "1:8  trees  a text stands here  leave the key out: off is for what"),
        (
            "trees:\n  oak:\n    leaf:broad\n",
            "3:5  trees.oak  a text stands here  put a blank after the colon: leaf: …",
        ),
        (
            "trees: {oak: {leaf:broad}}\n",
            '1:15  trees.oak.leaf  no blank stands after the colon of "leaf"  put a blank after',
        ),
        (
            "trees: {oak: {leaf broad}}\n",
            '1:15  trees.oak.leaf  no colon stands after "leaf"  write a colon and a blank',
        ),
        (
            "trees: {oak: {leaf: broad, guests: -x}}\n",
            "1:36  trees.oak.guests  a text stands here  put a blank after the dash: - …",
        ),
    ],
)
def test_what_yaml_reads_otherwise_than_it_looks_is_explained(text: str, expected: str) -> None:
    (problem,) = read(Grove, parse(text.encode(), "w")).problems
    assert str(problem).startswith(f"w:{expected}")


@pytest.mark.parametrize(
    "text",
    ["yes", "NO", "on", "off", "1e3", "0o17", "010", "12:30", "2026-12-24", "0x1F", "1_000", ".5"],
)
def test_a_text_stays_as_it_was_written_whatever_yaml_makes_of_it(text: str) -> None:
    found = reading(f"trees: {{oak: {{leaf: broad, from: {text}}}}}")
    assert found.problems == ()
    assert found.value.trees["oak"].from_ == text


@pytest.mark.parametrize("text", ["1e3", "0o2", "02", "0x2", "2.0", "1_0", "two", "+2"])
def test_a_number_is_written_in_digits(text: str) -> None:
    (problem,) = problems(f"trees: {{oak: {{leaf: broad, guests: [{{bird: {{wings: {text}}}}}]}}}}")
    assert f'"{text}" is not a whole number' in problem


@pytest.mark.parametrize("text", ["yes", "no", "on", "True", "1"])
def test_true_and_false_are_the_only_words_for_it(text: str) -> None:
    (problem,) = problems(f"trees: {{}}\nis-old: {text}\n")
    assert problem.startswith(f'2:9  is-old  "{text}" is neither true nor false  write ')


class TestWhatStandsInTheWrongPlace:
    def test_a_key_that_is_indented_too_much_is_one_mistake_and_read_where_it_belongs(
        self,
    ) -> None:
        text = "trees:\n  oak: {leaf: broad}\n  is-old: true\n"
        grove = read(Grove, parse(text.encode(), "w"))
        assert [str(one).split("  ")[1] for one in grove.problems] == ["trees.is-old"]
        assert grove.value.is_old
        assert list(grove.value.trees) == ["oak"]
        garden = read(Garden, parse(b"wood:\n  trees: {}\n  gate: wide\n", "w"))
        (problem,) = garden.problems
        assert str(problem) == (
            'w:3:3  wood.gate  "gate" does not belong into wood, but beside it  '
            "move it out of wood, and indent it as wood: by 0 blanks"
        )
        assert garden.value.gate == "wide"
        assert garden.locate(("gate",)) == Place("w", 3, 9)
        assert garden.written(("gate",)) == ("wood", "gate")

    def test_a_key_that_is_indented_too_little_is_one_mistake(self) -> None:
        text = "trees:\n  oak:\n    age: 1d\n  leaf: broad\n"
        (problem,) = read(Grove, parse(text.encode(), "w")).problems
        assert str(problem) == (
            'w:4:3  trees.leaf  "leaf" stands beside "oak", but belongs into it  '
            "indent it as the other keys there"
        )

    def test_entries_whose_section_lost_its_name_are_one_mistake(self) -> None:
        text = "trees:\n  oak: {leaf: broad}\n  owl: {eats: mice}\n  elk: {eats: oak}\n"
        found = read(Forest, parse(text.encode(), "w"))
        (problem,) = found.problems
        assert str(problem) == (
            'w:3:3  trees.owl  "owl" looks like one of the beasts  '
            "move it there, or write beasts: on a line of its own above it"
        )
        assert list(found.value.trees) == ["oak"]
        assert list(found.value.beasts) == ["owl", "elk"]
        assert found.written(("beasts", "elk", "eats")) == ("trees", "elk", "eats")


def test_keys_that_may_stand_beside_are_suggested() -> None:
    document = parse(b"trees: {oak: {leaf: broad, lik: fir}}\n", "w")
    found = read(Forest, document, beside=lambda path: ("like",) if len(path) == 2 else ())
    assert [str(one) for one in found.problems if "lik" in str(one)] == [
        'w:1:28  trees.oak.lik  there is no key "lik"  did you mean like?'
    ]


def test_parts_that_two_documents_share_are_read_once_and_told_in_both() -> None:
    memory = Memory()
    document = parse(b"trees: {oak: {leaf: x}, fir: {leaf: broad}}\n", "w")
    first = read(Wood, document, memory=memory)
    second = read(Wood, document, memory=memory)
    assert first.problems == second.problems
    assert first.broken == second.broken
    assert first.value.trees["fir"] is second.value.trees["fir"]


def test_a_name_with_a_colon_too_many_is_called_as_it_was_meant() -> None:
    found = read(Grove, parse(b"trees: {'oak:': {leaf: broad}}\n", "w"))
    assert [str(one) for one in found.problems] == [
        'w:1:9  trees.oak:  "oak:" is not a name  write one colon'
    ]
    assert list(found.value.trees) == ["oak"]
    assert found.locate(("trees", "oak")) == Place("w", 1, 9)


def test_what_follows_a_name_without_a_colon_may_be_a_secret_and_is_not_repeated() -> None:
    found = read(Grove, parse(b"trees: {oak hunter2}\n", "w"))
    assert [str(one) for one in found.problems] == [
        (
            'w:1:9  trees.oak  no colon stands after "oak"  '
            "write a colon and a blank after the key: oak: …"
        )
    ]


def test_a_key_beside_a_kind_belongs_into_it() -> None:
    (problem,) = problems("trees: {oak: {leaf: broad, guests: [{bird: {}, wings: 2}]}}")
    assert problem.endswith(
        '"wings" stands beside "bird", but belongs into it  indent it as the other keys there'
    )


def test_keys_of_a_kind_without_its_name_are_one_mistake() -> None:
    (problem,) = problems("trees: {oak: {leaf: broad, guests: [{wings: 2}]}}")
    assert problem.endswith(
        "no kind stands around these keys  write exactly one kind around them: {bird: {wings: …}}"
    )


@pytest.mark.parametrize(
    ("chat", "expected"),
    [
        (
            '{webhook: secret:chat, channel: "#a"}',
            "write exactly one kind around them: chat: {slack: {webhook: …}}",
        ),
        (
            "{webhook: secret:chat}",
            (
                "write exactly one kind around them: chat: {slack: {webhook: …}}; "
                "they fit slack, discord, teams"
            ),
        ),
        ("{slack: secret:chat}", "write its keys: webhook, channel"),
    ],
)
def test_a_channel_without_its_kind_is_told_which_kinds_its_keys_fit(
    chat: str, expected: str
) -> None:
    text = f"channels: {{chat: {chat}}}\n"
    found = read(Platform, parse(text.encode(), "w")).problems
    (said,) = [one for one in found if one.path[:2] == ("channels", "chat")]
    assert said.right == expected


@pytest.mark.parametrize(
    ("words", "right"),
    [
        ("fir", "write a list: [fir]"),
        ("'fir, elm'", "write a list: [fir, elm]"),
        ("fir elm", "write a list: [fir, elm]"),
        ("Fir", "write a list, such as [oak]"),
        ("fir/elm", "write a list, such as [oak]"),
        ("a" * 60, "write a list, such as [oak]"),
    ],
)
def test_words_that_fit_are_shown_as_the_list_they_should_be(words: str, right: str) -> None:
    (problem,) = read(Herbarium, parse(f"leaves: {words}\n".encode(), "w")).problems
    assert problem.right == right


def test_a_text_that_may_be_secret_is_not_shown_as_a_list() -> None:
    (problem,) = read(Herbarium, parse(b"leaves: [fir]\nnotes: hunter2\n", "w")).problems
    assert problem.right == "write a list, such as [a text]"


@pytest.mark.parametrize(
    ("gate", "right"),
    [("99,9 %", "write 99.9 %"), ("0,25", "write 0.25"), ("10,000", "write 10000 or 10.000")],
)
def test_a_number_that_a_comma_split_in_brackets_is_one_mistake(gate: str, right: str) -> None:
    found = read(Garden, parse(f"{{wood: {{trees: {{}}}}, gate: {gate}}}\n".encode(), "w"))
    assert [str(one) for one in found.problems] == [
        f"w:1:27  gate  a comma in brackets ends this number  {right}"
    ]


@pytest.mark.parametrize(
    ("age", "right"),
    [
        ("2500", "say the unit: 2500ms, 2500s"),
        ("3600", "say the unit: 3600s, 3600m"),
        ("60", "say the unit: 60s, 60m"),
    ],
)
def test_a_duration_without_a_unit_is_given_the_likely_ones(age: str, right: str) -> None:
    text = f"trees: {{oak: {{leaf: broad, age: {age}}}}}\n"
    (problem,) = read(Grove, parse(text.encode(), "w")).problems
    assert problem.right == right


def test_what_is_meant_by_a_misspelt_key_is_found_where_it_is_written() -> None:
    found = read(Grove, parse(b"tres: {oak: {laef: broad, age: 5m}}\n", "w"))
    assert found.locate(("trees", "oak", "age")) == Place("w", 1, 32)
    assert found.written(("trees", "oak", "leaf")) == ("tres", "oak", "laef")


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


@given(TREES)
def test_no_tree_crashes_the_reader_and_every_problem_has_a_place(tree: object) -> None:
    found = read(Platform, parse(written(tree).encode(), "p"))
    assert isinstance(found.value, Platform)
    assert all(problem.place and problem.right for problem in found.problems)
