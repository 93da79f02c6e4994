"""The canonical form: same meaning, every comment once and beside its key, and nothing to add."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from belfry.document import parse
from belfry.formatting import WIDTH, formatted
from belfry.problems import Problems
from belfry.tree import Items, Table, Text
from tests.unit.shop import ROOT, SHOP

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from belfry.tree import Node

SHIPPED = sorted(ROOT.glob("platforms/**/*.yaml"))


def form(text: str) -> str:
    return formatted(text.encode(), "f.yaml")


def said(node: Node) -> object:
    if isinstance(node, Table):
        return {entry.key.text: said(entry.value) for entry in node.entries}
    if isinstance(node, Items):
        return [said(item) for item in node.items]
    return node.text if isinstance(node, Text) else None


def meaning(text: str) -> object:
    return said(parse(text.encode(), "f.yaml").root)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_every_shipped_file_is_in_its_canonical_form(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert form(text) == text


CASES = {
    "keys stand in the order of their types, names in that of the writer": (
        "team: a\nplatform: x\nservices:\n  b: {url: https://b, is: redis}\n  a: {is: redis}\n",
        "platform: x\nteam: a\n\nservices:\n  b: {is: redis, url: https://b}\n  a: {is: redis}\n",
    ),
    "two spaces indent, lists too": (
        "services:\n    api:\n        is: redis\n        needs:\n        - a\n        -   b\n",
        "services:\n  api:\n    is: redis\n    needs:\n      - a\n      - b\n",
    ),
    "one empty line stands between sections and at most one within": (
        "platform: a\ntitle: b\nservices:\n\n\n  a: {is: x}\n\n\n  b: {is: x}\nchecks: {}\n",
        "platform: a\ntitle: b\n\nservices:\n  a: {is: x}\n\n  b: {is: x}\n\nchecks: {}\n",
    ),
    "a text is quoted only where it would mean something else": (
        "a: \"x\"\nb: '5'\nc: 'yes'\nd: 'a: b'\ne: '#x'\nf: ''\ng: {'k': '${d}'}\nh: 'off'\n",
        'a: x\nb: "5"\nc: "yes"\nd: "a: b"\ne: "#x"\nf: ""\n\ng: {k: "${d}"}\n\nh: "off"\n',
    ),
    "a text with quotation marks is quoted by the other ones": (
        "a: \"{\\\"x\\\"}\"\nb: '''it'': \"s\"'\n",
        "a: '{\"x\"}'\nb: '''it'': \"s\"'\n",
    ),
    "values stay as they were written": (
        "a: 60s\nb: 0x1F\nc: 07:30\nd: ~\ne: 1e3\nf: 2026-12-24\ng:\n",
        "a: 60s\nb: 0x1F\nc: 07:30\nd: ~\ne: 1e3\nf: 2026-12-24\ng:\n",
    ),
    "brackets stay while they fit into a line": (
        "a: {b: [1,\n 2], c: {}}\nd: { }\n",
        "a: {b: [1, 2], c: {}}\n\nd: {}\n",
    ),
    "a block of lines stays one": (
        "a: |\n     x\n       y\n\n     z\nb: >-\n  long\n  text\n",
        "a: |\n  x\n    y\n\n  z\nb: >-\n  long\n  text\n",
    ),
    "an editor's line stays at the top": (
        "# yaml-language-server: $schema=x\nteam: a\nplatform: b\n",
        "# yaml-language-server: $schema=x\nplatform: b\nteam: a\n",
    ),
    "a heading of the file stays at the top": (
        "# heading\n\n# of the team\nteam: a\nplatform: b\n",
        "# heading\n\nplatform: b\n# of the team\nteam: a\n",
    ),
    "a comment moves with the key that it is about": (
        "services:\n  a:\n    # where\n    url: x # there\n    is: redis # what\n",
        "services:\n  a:\n    is: redis # what\n    # where\n    url: x # there\n",
    ),
    "an entry that was commented out stays in its table": (
        "services:\n  a: {is: redis}\n  # b: {is: redis}\n\n# about checks\nchecks: {}\n",
        "services:\n  a: {is: redis}\n  # b: {is: redis}\n\n# about checks\nchecks: {}\n",
    ),
    "brackets with a comment in them are opened": (
        "a: { # one\n  b: 1, # two\n  # three\n  c: [x, # four\n y]\n  # 5\n} # six\nd: 1\n",
        "# one\na: # six\n  b: 1 # two\n  # three\n  c:\n    - x # four\n    - y\n  # 5\n\nd: 1\n",
    ),
    "other line ends and a byte order mark go": ("\ufeffa: 1\r\nb: 2\r\n", "a: 1\nb: 2\n"),
    "marks of a document go": ("---\na: 1\n...\n", "a: 1\n"),
    "a list of tables": (
        "a:\n- b: 1\n  # two\n  c: 2\n-\n  # 3\n  d: 3\n- # 4\n  e: 4\n- - f\n",
        "a:\n  - b: 1\n    # two\n    c: 2\n  -\n    # 3\n    d: 3\n  - # 4\n    e: 4\n  - - f\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_canonical_form_is(case: str) -> None:
    before, after = CASES[case]
    assert form(before) == after
    assert form(after) == after


def test_brackets_that_do_not_fit_into_a_line_are_opened_one_level() -> None:
    long = "x" * 40
    text = form(f"a: {{b: {{c: {long}}}, d: {{e: {long}, f: 1}}}}\n")
    assert text == f"a:\n  b: {{c: {long}}}\n  d: {{e: {long}, f: 1}}\n"
    assert max(map(len, text.splitlines())) <= WIDTH


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("a: [1\n", "f.yaml:"),
        ("a: 1\na: 2\nb: &x 1\n", "written twice"),
        ("- a\n", "this is not a table"),
        ("just words\n", "this is not a table"),
        ("", "the file is empty"),
    ],
)
def test_a_file_that_does_not_parse_has_no_form_and_all_its_mistakes_are_named(
    text: str, wrong: str
) -> None:
    with pytest.raises(Problems, match=wrong) as raised:
        form(text)
    if "&x" in text:
        assert len(raised.value.problems) == 2


@pytest.mark.parametrize("text", ["“Shop” of Ann", "„Laden“", "‘x’", "\u00a0x", "x\u200b"])
def test_a_text_that_only_looks_quoted_keeps_its_quotation_marks(text: str) -> None:
    written = f'title: "{text}"\n'
    assert formatted(written.encode(), "f") == formatted(
        formatted(written.encode(), "f").encode(), "f"
    )
    assert parse(formatted(written.encode(), "f").encode(), "f").problems == ()


def test_the_shop_means_the_same_afterwards() -> None:
    assert meaning(form(SHOP)) == meaning(SHOP)


YAML_SIGNS = st.text(alphabet="ab:-[]{},?|>'\"#  \n\n", max_size=60)


@given(YAML_SIGNS)
@example("a:\n  - b # c\n  -\n   # d\n")
@example("a: | # c\n  x\n# d\n")
@example("? a # b\n# c\n: d # e\n")
@example("a: # b\n  # c\n  d # e\n")
@example("{a: 1 # b\n# c\n}\n# d\n")
def test_any_file_that_parses_has_a_form_of_the_same_meaning_which_is_its_own(text: str) -> None:
    try:
        once = form(text)
    except Problems:
        return
    assert meaning(once) == meaning(text)
    assert form(once) == once


WORDS = ["checks", "services", "platform", "of", "http", "every", "timeout", "path", "is", "local"]
VALUES = ["60s", "5", '"off"', "'a: b'", "https://x/${d}", "1e3", "é", "a b", "'it''s'", '"\\""']


@dataclass
class Writer:
    """Writes a file in a wild style, with comments that say which key they are about."""

    draw: st.DrawFn
    numbers: Iterator[int] = field(default_factory=count)
    comments: list[str] = field(default_factory=list)

    def comment(self, where: str, path: str) -> str:
        text = f"# {where} {path} c{next(self.numbers)}"
        self.comments.append(text)
        return text

    def maybe(self) -> bool:
        return self.draw(st.integers(0, 3)) == 3

    def blanks(self) -> list[str]:
        return [""] * self.draw(st.sampled_from([0, 0, 0, 1, 2]))

    def beside(self, path: str) -> str:
        spaces = " " * self.draw(st.integers(1, 3))
        return spaces + self.comment("beside", path) if self.maybe() else ""

    def above(self, path: str, margin: str) -> list[str]:
        lines = self.blanks()
        while self.maybe():
            lines += [margin + self.comment("above", path), *self.blanks()]
        return lines

    def table(self, path: str, indent: int, depth: int) -> list[str]:
        keys = self.draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3, unique=True))
        margin = " " * indent
        lines: list[str] = []
        for key in keys:
            here = f"{path}.{key}" if path else key
            lines += self.above(here, margin)
            kind = self.draw(st.integers(0, 4)) if depth else 0
            step = indent + self.draw(st.integers(1, 4))
            if kind < 2:
                value = self.draw(st.sampled_from(VALUES))
                lines.append(f"{margin}{key}: {value}{self.beside(here)}")
            elif kind == 2:
                lines.append(f"{margin}{key}:{self.beside(here)}")
                lines += self.table(here, step, depth - 1)
                if self.maybe():
                    lines += [*self.blanks(), " " * step + self.comment("within", here)]
            elif kind == 3:
                lines += self.brackets(key, here, margin)
            else:
                lines.append(f"{margin}{key}:{self.beside(here)}")
                step = self.draw(st.sampled_from([indent, step]))
                for _ in range(self.draw(st.integers(1, 3))):
                    value = self.draw(st.sampled_from(VALUES))
                    lines.append(f"{' ' * step}- {value}{self.beside(here)}")
        return lines

    def brackets(self, key: str, path: str, margin: str) -> list[str]:
        keys = self.draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=2, unique=True))
        if not self.maybe():
            inside = ", ".join(f"{one}: '{self.draw(st.sampled_from(WORDS))}'" for one in keys)
            return [f"{margin}{key}: {{{inside}}}{self.beside(path)}"]
        lines = [f"{margin}{key}: {{"]
        for one in keys:
            here = f"{path}.{one}"
            lines += self.above(here, margin + " ")
            lines.append(f"{margin} {one}: '5',{self.beside(here)}")
        return [*lines, f"{margin} }}{self.beside(path)}"]


@st.composite
def wild_files(draw: st.DrawFn) -> tuple[str, list[str]]:
    writer = Writer(draw)
    lines = writer.table("", 0, 3)
    if writer.maybe():
        lines += ["", writer.comment("end", "")]
    return "\n".join(lines) + "\n", writer.comments


def keys_of_lines(text: str) -> Iterator[tuple[str, str, list[str]]]:
    """Walk through a canonical file: each line, its comment, and the keys that begin in it."""
    stack: list[tuple[int, str]] = []
    for line in text.splitlines():
        said_here, _, comment = re.sub(r"'[^']*'|\"[^\"]*\"", "", line).partition("#")
        indent = len(line) - len(line.lstrip())
        found = re.match(r" *([a-z]+):", said_here)
        if said_here.strip():
            stack = [one for one in stack if one[0] < indent]
        if found:
            stack.append((indent, found[1]))
        yield said_here.strip(), f"#{comment}" if comment else "", [name for _, name in stack]


@given(wild_files())
def test_every_comment_survives_once_and_stays_with_its_key(case: tuple[str, list[str]]) -> None:
    text, comments = case
    after = form(text)
    assert form(after) == after
    assert meaning(after) == meaning(text)
    found = re.findall(r"# (?:above|beside|within|end) .*", after)
    assert sorted(found) == sorted(comments)
    waiting: list[str] = []
    heading = True
    for content, comment, keys in keys_of_lines(after):
        path = ".".join(keys)
        if comment and not content:
            waiting.append(comment)
        if not content:
            continue
        for one in waiting:
            where, about = one.split()[1:3]
            if where == "above" and not heading:
                assert about == path, after
        waiting, heading = [], False
        if comment:
            where, about = comment.split()[1:3]
            assert where == "beside", after
            assert about == path, after
