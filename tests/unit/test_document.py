"""YAML into trees with places; what is not a plain, single, complete file is refused, placed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from belfry import document
from belfry.document import load, parse
from belfry.problems import Place, Problems
from belfry.tree import Items, Node, Table, Text

if TYPE_CHECKING:
    from pathlib import Path

LOADERS = [yaml.SafeLoader, *([yaml.CSafeLoader] if yaml.__with_libyaml__ else [])]


def texts(node: Node) -> object:
    """The tree as plain values."""
    if isinstance(node, Table):
        return {entry.key.text: texts(entry.value) for entry in node.entries}
    if isinstance(node, Items):
        return [texts(item) for item in node.items]
    return node.text if isinstance(node, Text) else None


def problem_of(data: bytes) -> str:
    try:
        found = parse(data, "f.yaml").problems
    except Problems as problems:
        found = problems.problems
    return "\n".join(map(str, found))


@pytest.fixture(params=LOADERS, ids=lambda loader: loader.__name__)
def _loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "_Loader", request.param)


@pytest.mark.usefixtures("_loader")
class TestWithEveryLoader:
    def test_every_scalar_stays_the_text_that_was_written(self) -> None:
        data = b"a: 60\nb: yes\nc: 1e3\nd: ~\ne: 2026-01-01\nf: '0x1F'\ng: [on, 010]\n"
        assert texts(parse(data, "f").root) == {
            "a": "60",
            "b": "yes",
            "c": "1e3",
            "d": "~",
            "e": "2026-01-01",
            "f": "0x1F",
            "g": ["on", "010"],
        }

    def test_places_count_lines_and_characters_from_one(self) -> None:
        read = parse("# é\nservices:\n  é: {is: [x, y]}\n".encode(), "p.yaml")
        assert read.locate(("services",)) == Place("p.yaml", 2, 1)
        assert read.locate(("services", "é")) == Place("p.yaml", 3, 3)
        assert read.locate(("services", "é", "is", 1)) == Place("p.yaml", 3, 15)

    def test_a_part_that_is_not_there_is_located_at_what_holds_it(self) -> None:
        read = parse(b"a:\n  b: 1\n", "f")
        assert read.locate(("a", "c", 0)) == read.locate(("a",)) == Place("f", 1, 1)

    @pytest.mark.parametrize(
        ("data", "expected"),
        [
            (b"a: 1\na: 2\n", 'f.yaml:2:1  "a" is written twice'),
            (b"a: &x 1\nb: 2\n", "f.yaml:1:4  &x marks a part for repetition"),
            (b"a: *x\n", "f.yaml:1:4  *x points at a part that is not there"),
            (b"<<: {a: 1}\n", "f.yaml:1:1  merge keys are not read"),
            (b"? [a]\n: 1\n", "f.yaml:1:3  a list or table cannot be a key"),
            (b"a: !!int 1\n", "f.yaml:1:4  the tag"),
            (b"a: 1\n---\nb: 2\n", "f.yaml:2:1  a second document"),
            (b"a:\n\tb: 1\n", "f.yaml:2:1  this is not YAML"),
            (b"a: [1\n", "f.yaml:2:1  this is not YAML"),
            (b"a: \x00\n", "f.yaml:1:4  the character U+0000"),
            (b"\xff\xfea\x00", "f.yaml:1:1  this byte is not UTF-8"),
            ("ä: ö\nb: \udcff".encode("utf-8", "surrogateescape"), "f.yaml:2:4  this byte"),
            (b"", "f.yaml:1:1  the file is empty"),
            (b"# only this\n", "f.yaml:1:1  the file is empty"),
            (b"a: " + b"[" * 100_000, "f.yaml:1:27  this is nested more than 24 levels deep"),
            (b"{a: " * 100_000, "f.yaml:1:97  this is nested more than 24 levels deep"),
        ],
        ids=lambda value: repr(value)[:24],
    )
    def test_what_is_not_a_plain_file_is_refused_where_it_stands(
        self, data: bytes, expected: str
    ) -> None:
        assert problem_of(data).startswith(expected)

    def test_several_mistakes_are_found_in_one_reading(self) -> None:
        found = problem_of(b"a: 1\na: 2\nb: &x 1\nc: *x\n<<: {}\n").splitlines()
        assert [line.split(":")[1] for line in found] == ["2", "3", "5"]

    def test_a_bomb_of_anchors_is_not_expanded(self) -> None:
        lines = [b"a0: &a0 x"]
        lines += [
            b"a%d: &a%d [%s]" % (i, i, b",".join([b"*a%d" % (i - 1)] * 9)) for i in range(1, 40)
        ]
        assert "marks a part for repetition" in problem_of(b"\n".join(lines))


def test_a_byte_order_mark_is_passed_over() -> None:
    assert texts(parse(b"\xef\xbb\xbfa: 1\n", "f").root) == {"a": "1"}


def test_a_file_that_is_too_large_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "LONGEST", 10)
    assert "larger than" in problem_of(b"a: 0123456789\n")


def test_a_file_that_is_not_there_is_a_problem_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(Problems) as raised:
        load(tmp_path / "none.yaml")
    assert "none.yaml:1:1  cannot be read: no such file" in str(raised.value)


def test_a_directory_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(Problems, match="cannot be read"):
        load(tmp_path)


YAML_SIGNS = st.text(alphabet="ab:-[]{},&*!?|>'\"#%@` \n\t~<.é\x00", max_size=60)


@given(st.one_of(st.binary(max_size=80), YAML_SIGNS.map(str.encode)))
@example(b"%YAML 9.9\n---\na: 1")
@example(b"a: !<tag:x> b")
@example(b"? &a *a : x")
@example(b"\x85a: b")
def test_no_bytes_crash_the_loader(data: bytes) -> None:
    try:
        found = parse(data, "f.yaml").problems
    except Problems as problems:
        found = problems.problems
    assert all(problem.place and problem.right for problem in found)
