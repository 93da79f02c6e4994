"""What is not YAML is told at the line that a person broke, in words that say how to mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belfry import document
from belfry.document import parse
from belfry.problems import Problems
from tests.unit.trees import LOADERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from belfry.problems import Problem

FILE = """\
platform: shop
# Where it runs.
environments:
  local: {paging: worker, stand-ins: true}
  prod:
    paging: worker
    domain: shop.example
severities:
  P0: {rank: 0, answer: 15m, channels: [slack, mail]}
  P1: {rank: 1, answer: 1h, channels: [slack]}
channels:
  slack: {slack: {webhook: secret:slack, channel: "#alerts"}}
  mail:
    email:
      host: smtp.shop.example
      port: 465
      to: [you@shop.example]
services:
  api:
    is: http-api
    title: The API
    url: https://api.shop.example
    needs: [database]
  database: {is: postgres, url: "https://db.${domain}"}
checks:
  api-health:
    of: api
    http: {path: /health, expect: {status: 200, body: '"status":"up"'}}
    every: 60s
  database-health:
    of: database
    every: 60s
    steps:
      - get: /a
        status: 200
      - get: /b
        status: 200
rules:
  all:
    use: [availability, database]
    set:
      Slow: {above: 2s}
"""
LINES = FILE.split("\n")


def problems_of(text: str) -> tuple[Problem, ...]:
    try:
        return parse(text.encode(), "f").problems
    except Problems as problems:
        return problems.problems


def said(text: str) -> str:
    (problem,) = problems_of(text)
    return str(problem).removeprefix("f:")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 'x\nb: 1\nc: 2\n", "1:4  the quotation mark ' is not closed  close it with '"),
        ('a: {b: "x}\nc: 2\n', '1:8  the quotation mark " is not closed'),
        ('a: "x\nb: "y"\nc: 2\n', '1:4  the quotation mark " is not closed'),
        ('a: "x""\nb: 1\n', '1:7  the quotation mark " stands twice  remove one'),
        ("a: 'it's so'\nb: 1\n", "1:8  the text goes on after its quotation mark '"),
        ('a: "x" y\nb: 1\n', '1:8  the text goes on after its quotation mark "'),
        ("a: “b: c”\nd: 1\n", "1:4  the typographic mark “ does not quote in YAML"),
        ('a: "x\\d"\n', "1:6  \\d means nothing between double marks"),
        ("a: {b: 1\nc: 2\n", "1:4  the bracket { is not closed  close it with }"),
        ("a: [b\nc: 2\n", "1:4  the bracket [ is not closed  close it with ]"),
        ("a: {b: [x}\nc: 1\n", "1:8  the bracket [ is not closed"),
        ("a: {b: x]}\n", "1:9  the bracket ] closes nothing  open it with ["),
        ("a: b: 1}\n", "1:8  the bracket } closes nothing"),
        ("a: {b: #x}\nc: 1\n", '1:8  # begins a comment here  quote the text: "#x"'),
        ("a: {b: 1 c: 2}\n", '1:10  no comma stands before "c"'),
        ("a: {b: x${y}z, c: 2}\n", "1:8  this text holds brackets, and stands in brackets"),
        ('a: {b "x${y}", c: 2}\nd: 1\n', '1:6  no colon stands after "b"'),
        ("a:\n  b:1\n  c: 2\n", '2:4  no blank stands after the colon of "b"'),
        ("a\n  b: 1\n", '1:2  no colon stands after "a"'),
        ("a: 1\nb https://x\nc: 2\n", '2:2  no colon stands after "b"'),
        ("a: x: y\n", "1:5  the text holds a colon and a blank"),
        ("a: @x\n", "1:4  a text cannot begin with @  quote the whole text"),
        ("a: *.x\n", "1:4  a text cannot begin with *"),
        ("a: %x\n", "1:4  a text cannot begin with %"),
        ("a:\n  b: x\n   c: y\n  d: z\n", "3:4  this line is indented by 3 blanks, unlike"),
        ("a:\n   b: x\n  c: y\n  d: z\n", "2:4  this line is indented by 3 blanks, unlike"),
        ("a:\n  b: {x: 1}\n c: y\nd: 1\n", "3:2  this line is indented by 1 blank, unlike"),
        (" a: 1\nb: 2\n", "1:2  this line is indented by 1 blank, unlike its neighbours"),
        ("a:\n  - b: 1\n    c: 2\n    - b: 3\n", "4:5  this line is indented by 4 blanks"),
        ("a:\n    b: 1\n  - c: 2\n", "2:5  no dash begins this item of a list"),
        ("a: 1\n  b: {c: 1}\n  d: {c: 2}\ne: 1\n", "2:3  this line is indented more than line 1"),
        ("a: {b: x}}\nc: 1\n", "1:10  one } too many stands here  remove it"),
        ("a: [b]]\nc: 1\n", "1:7  one ] too many stands here  remove it"),
        ("a:\n  b: {c: {d: 1}}} # x\n  e: 1\n", "2:17  one } too many stands here"),
        ("a: [b,,c]\nd: 1\n", "1:6  two commas stand here  remove one of them"),
        ("a: {b: 1, , c: 2}\nd: 1\n", "1:9  two commas stand here"),
        (
            "a: {b: [*/5 * * * *]}\nc: 1\n",
            '1:9  a text cannot begin with *  quote it: "*/5 * * * *"',
        ),
        (
            "a: {b: */5,7 * * * Mon, c: 1}\nd: 1\n",
            '1:8  a text cannot begin with *  quote it: "*/5,7 * * * Mon"',
        ),
        (
            "a: [*/5 * * * *, */9 * * * *]\nb: 1\n",
            '1:5  a text cannot begin with *  quote it: "*/5 * * * *"',
        ),
        ("a: {b: @x, c: 1}\nd: 1\n", '1:8  a text cannot begin with @  quote it: "…"'),
        (
            "a: */5 * * * *\nb: 1\n",
            '1:4  a text cannot begin with *  quote the whole text: "*/5 * * * *"',
        ),
        ('a: "\\u12"\nb: 1\n', "1:5  \\u stands for no sign  write the sign itself"),
        (
            "a:\n  b: {c: 1}\n  d:\n    e: 1\n  - f: {g: 1}\nh: 1\n",
            "5:3  a list stands here, beside names with their values  write names with their",
        ),
        ("a:\n  - b: {c: 1}\n  d: {c: 2}\ne: 1\n", "2:3  a list stands here, beside names"),
        (
            "a:\n<<<<<<< HEAD\n  b: 1\n=======\n  b: 2\n>>>>>>> other\n",
            "2:1  a conflict of Git's was left unresolved  choose one side, and remove the marks",
        ),
        (
            "z:\n  y:\n    x: 1\na:\n    b: 1\n    c: 2\n  d:\n    b: 1\n    c: 2\n",
            '5:5  this line is indented by 4 blanks, but "d" on line 7 by 2 blanks',
        ),
    ],
)
@pytest.mark.parametrize("loader", LOADERS, ids=lambda loader: loader.__name__)
def test_the_mistake_is_told_where_it_was_made(
    text: str, expected: str, loader: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(document, "_Loader", loader)
    assert said(text).startswith(expected)


@pytest.mark.skipif("yaml.CSafeLoader" not in str(document._Loader), reason="only libyaml minds")
def test_half_a_pair_of_numbers_is_no_sign() -> None:
    expected = "1:5  \\ud83d stands for no sign  write the sign itself; between single marks"
    assert said('a: "\\ud83d"\nb: 1\n').startswith(expected)


def test_a_mistake_deep_in_a_long_file_is_told_there_and_soon() -> None:
    services = [
        f"  s{number}: {{is: http-api, needs: [s{number + 1}]}}" for number in range(20_000)
    ]
    services[15_000] = services[15_000].replace("]", "")
    text = "platform: p\nservices:\n" + "\n".join(services) + "\n"
    assert said(text).startswith("15003:33  the bracket [ is not closed")


def mutants() -> Iterator[tuple[str, str, range]]:
    """Break every line in every small way; give the text, and the lines that were touched."""
    for index, line in enumerate(LINES):
        if not line.strip() or line.startswith("#"):
            continue
        before, after = LINES[:index], LINES[index + 1 :]

        def broken(*lines: str, before: list[str] = before, after: list[str] = after) -> str:
            return "\n".join((*before, *lines, *after))

        here = range(index + 1, index + 2)
        yield "one blank more", broken(f" {line}"), here
        if line.startswith("  "):
            yield "one blank less", broken(line[1:]), here
            yield "a tab", broken(f"\t{line[2:]}"), here
        yield "dropped", broken(), range(index, index + 2)
        for column, letter in enumerate(line):
            if letter in "{}[]'\",:":
                yield f"without {letter}", broken(line[:column] + line[column + 1 :]), here
                yield f"twice {letter}", broken(line[:column] + letter + line[column:]), here


@pytest.mark.parametrize("kind", sorted({kind for kind, _, _ in mutants()}))
def test_whatever_is_broken_is_told_within_a_line_of_it(kind: str) -> None:
    for found, text, touched in mutants():
        problems = problems_of(text) if found == kind else ()
        places = [problem.place.line for problem in problems if problem.place]
        near = range(touched.start - 1, touched.stop + 1)
        assert not places or any(line in near for line in places), (text, problems)


@given(st.data())
def test_no_mangled_file_crashes_the_diagnosis_and_its_place_is_inside(data: st.DataObject) -> None:
    text = FILE
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        length = data.draw(st.integers(0, 12))
        put = data.draw(st.text(alphabet="ab:-[]{},&*!?|>'\"#%@\\ \n\t~“\u00a0", max_size=4))
        text = text[:start] + put + text[start + length :]
    lines = text.split("\n")
    for problem in problems_of(text):
        assert problem.place is not None
        assert 1 <= problem.place.line <= len(lines)
        assert 1 <= problem.place.column <= len(lines[problem.place.line - 1]) + 1
