"""The reference of the platform file: what the types say, and every example of it is right."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from belfry.document import parse
from belfry.loading import load_platform
from belfry.problems import Problems
from belfry.reader import read
from belfry.reference import ITEM, RULES, WRITTEN, page, tables
from belfry.scalars import Scalar
from belfry.sections import LIKE
from belfry.shapes import Listing, Names
from belfry.telling import example_of, indented
from belfry.tree import Document, Items, Table

if TYPE_CHECKING:
    from pathlib import Path

    from belfry.reference import Shown
    from belfry.shapes import Part, Shape

TABLES = tables()
KEYS = [
    pytest.param(table, part, id=f"{table.title}.{part.key}")
    for table in TABLES
    if table.path
    for part in (*table.keys, *([table.record.rest] if table.record.rest else []))
    if part.key != LIKE
]


def mistakes(table: Shown, document: Document) -> list[str]:
    """What the type that reads a table says of a document with nothing else in it."""
    return [str(problem) for problem in read(table.record.made, document).problems]


def test_the_committed_page_is_what_the_types_say() -> None:
    assert WRITTEN.read_text(encoding="utf-8") == page()


def test_no_two_headings_are_the_same() -> None:
    headings = re.findall(r"^#+ .*", page(), re.MULTILINE)
    assert len(set(headings)) == len(headings)


def test_every_link_within_the_page_leads_to_a_heading() -> None:
    text = page()
    anchors = {
        re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall(r"^#+ (.*)", text, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= anchors


@pytest.mark.parametrize("table", [one for one in TABLES if one.path], ids=lambda one: one.title)
def test_the_example_of_a_table_is_read_without_a_mistake(table: Shown) -> None:
    node = parse("\n".join(table.example).encode(), "example").root
    for step in table.path:
        if step == ITEM:
            assert isinstance(node, Items)
            node = node.items[0]
        else:
            assert isinstance(node, Table)
            node = node.entries[0].value
    assert mistakes(table, Document(file="example", root=node, problems=())) == []


def needs_example(shape: Shape) -> bool:
    """Whether nobody could make an example of it: a text, or texts by name or in a list."""
    item = shape.item if isinstance(shape, Listing) else shape
    return isinstance(item.value if isinstance(item, Names) else item, Scalar)


@pytest.mark.parametrize(("table", "part"), KEYS)
def test_every_key_says_what_it_is_and_has_an_example_that_is_right(
    table: Shown, part: Part
) -> None:
    assert part.says.text.endswith("."), "what it says is a sentence"
    if needs_example(part.shape):
        assert part.says.example, "Says lacks an example"
    others = [one for one in table.record.parts if one.required and one.key != part.key]
    lines = [line for one in others for line in example_of(one)]
    example = [part.says.example or ""] if part is table.record.rest else example_of(part)
    text = "\n".join([*lines, *example])
    try:
        assert mistakes(table, parse(text.encode(), "example")) == [], text
    except Problems as problems:
        pytest.fail(f"{problems}\n{text}")


def test_the_chapter_on_rules_shows_a_file_that_is_right_in_every_environment(
    tmp_path: Path,
) -> None:
    (block,) = re.findall(r"```yaml\n(.*?)```", RULES, re.DOTALL)
    file = tmp_path / "shop.yaml"
    file.write_text(block)
    staging = load_platform(file, environment="staging")
    prod = load_platform(file, environment="prod")
    assert str(staging.checks["front-page"].every) == "5m"
    assert "checkout" not in staging.checks
    assert str(prod.checks["checkout"].timeout) == "20s"
    assert str(prod.checks["checkout"].every) == "1m"


def test_indented_examples_keep_their_lines_apart() -> None:
    assert indented(["a:", "  b: 1"]) == ["  a:", "    b: 1"]


AROUND = """\
platform: shop
environments:
  local: {paging: worker, stand-ins: true}
  prod: {paging: worker, domain: shop.example}
severities:
  P0: {rank: 0, answer: 15m, resolve: 1h, channels: [slack]}
  P1: {rank: 1, answer: 1h, resolve: 8h, channels: [slack]}
channels:
  slack: {slack: {webhook: secret:slack}}
services:
  website: {is: website, url: "https://${domain}", needs: [database]}
  database: {is: postgres}
checks:
  front-page: {of: website, http: {path: /}}
rules:
  all: {use: [availability, database, latency]}
"""
"""A platform for the examples of sections to stand in."""
TEAM = "people: {contacts: {ann: {mail: a@b.example}}, teams: {operations: {members: [ann]}}}\n"
BESIDE = {
    "maintenance.NAME": (),
    "locations.NAME": (("{path: /}}", "{path: /}, from: [api]}"),),
    "services.NAME": (
        (
            "services:",
            TEAM + "services:",
        ),
        ("needs: [database]}", "needs: [api]}"),
        ("checks:", "checks:\n  api-health: {of: api, http: {path: /health}}"),
    ),
    "rules.NAME.own.NAME": (
        ("  website:", "  api: {is: http-api, url: 'https://api.${domain}'}\n  website:"),
        ("checks:", "checks:\n  api-health: {of: api, http: {path: /health}}"),
        (
            "rules:",
            "signals: {cache-hits: {says: Answers kept, of: api, from: sdk, in: share}}\nrules:",
        ),
    ),
}
"""Examples that show one of several choices, and what else the platform must say for them."""


@pytest.mark.parametrize("title", BESIDE)
def test_an_example_of_a_choice_makes_sense_where_it_is_pasted(title: str, tmp_path: Path) -> None:
    text = AROUND
    for old, new in BESIDE[title]:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    (table,) = (one for one in TABLES if one.title == title)
    first, *others = table.example
    head = f"{first}\n"
    pasted = "\n".join(others) + "\n"
    text = text.replace(head, head + pasted) if head in text else text + head + pasted
    file = tmp_path / "shop.yaml"
    file.write_text(text)
    load_platform(file)
