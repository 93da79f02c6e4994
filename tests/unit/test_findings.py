"""Mistakes of meaning: placed, each once, and silent about what could not be read."""

# ruff: noqa: TC001, TC003 -- the reader reads these annotations at run time

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from belfry.document import parse
from belfry.findings import Findings
from belfry.forms import Name, Reference
from belfry.problems import Code
from belfry.reader import read
from belfry.shapes import Says


@dataclass(frozen=True, slots=True, kw_only=True)
class Nest:
    of: Annotated[Reference, Says("Whose it is.", "owl")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bird:
    eats: Annotated[str, Says("What it eats.", "mice")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wood:
    birds: Annotated[Mapping[Name, Bird], Says("Its birds.")]
    nests: Annotated[Mapping[Name, Nest], Says("Their nests.")]


def findings(text: str) -> Findings[Wood]:
    found = Findings(read(Wood, parse(text.encode(), "w")))
    for name, nest in found.value.nests.items():
        found.known(("nests", name, "of"), nest.of, "bird", found.value.birds, "birds")
    return found


def said(text: str) -> list[str]:
    return [str(problem) for problem in findings(text).problems]


def test_a_name_that_refers_to_nothing_is_told_where_it_stands() -> None:
    assert said("birds: {owl: {eats: mice}}\nnests: {a: {of: olw}, b: {of: owl}}\n") == [
        'w:2:17  nests.a.of  there is no bird "olw"  did you mean owl?  see line 1'
    ]


def test_a_name_that_several_call_otherwise_is_told_where_it_is_given() -> None:
    assert said("birds: {olw: {eats: mice}}\nnests: {a: {of: owl}, b: {of: owl}}\n") == [
        'w:1:9  birds.olw  nothing refers to "olw", and 2 parts refer to "owl"  did you mean owl?'
    ]


def test_names_of_a_part_that_could_not_be_read_are_not_asked_for() -> None:
    (problem,) = said("birds: x\nnests: {a: {of: owl}}\n")
    assert problem.startswith("w:1:8  birds  a text stands here")


def test_a_finding_below_a_misspelt_key_has_its_place_and_its_written_path() -> None:
    found = findings("brids: {owl: {eats: mice}}\nnests: {a: {of: owl}}\n")
    found.add(("birds", "owl", "eats"), "it eats too much", "let it eat less")
    assert str(found.problems[-1]) == ("w:1:21  brids.owl.eats  it eats too much  let it eat less")


def test_a_finding_has_a_kind_and_may_be_hidden() -> None:
    found = findings("birds: {owl: {eats: mice}}\nnests: {}\n")
    found.add(("birds",), "x", "y", code=Code.SECRET, hidden=True)
    assert found.problems[-1].code is Code.SECRET
    assert found.problems[-1].hidden
