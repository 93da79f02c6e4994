"""YAML into trees with places; what is not a plain, single, complete file is refused, placed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from belfry import document, lettering
from belfry.document import lines_of, load, parse
from belfry.problems import Place, Problems
from belfry.tree import Document, Entry, Table, Text
from tests.unit.trees import LOADERS, texts

if TYPE_CHECKING:
    from pathlib import Path


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
            (b"a: 1\na: 2\n", 'f.yaml:2:1  a  "a" is written twice'),
            (b"a: &x 1\nb: 2\n", "f.yaml:1:4  a  &x marks a part for repetition"),
            (b"a: *x\n", "f.yaml:1:4  a  *x points at a part that is not there"),
            (b"a:\n  <<: {a: 1}\n", "f.yaml:2:3  a.<<  merge keys are not read  name what repeats"),
            (b"? [a]\n: 1\n", "f.yaml:1:3  a list or table cannot be a key"),
            (b"a: !!int 1\n", "f.yaml:1:4  a  the tag"),
            (b"a: [x, !!python/object:os.system y]\n", "f.yaml:1:8  a[1]  the tag"),
            (b"a: 1\n---\nb: 2\n", "f.yaml:2:1  a second document"),
            (b"a:\n\tb: 1\n", "f.yaml:2:1  a tab indents this line"),
            (b"a: [1\n", "f.yaml:1:4  the bracket [ is not closed"),
            (b"a: \x00\n", "f.yaml:1:4  the character U+0000"),
            (b"\xff\xfea\x00", "f.yaml:1:1  the file is written in UTF-16, not in UTF-8"),
            ("a: 1\n".encode("utf-16-be"), "f.yaml:1:1  the file is written in UTF-16"),
            ("a: 1\n".encode("utf-32"), "f.yaml:1:1  the file is written in UTF-32"),
            (b"a: caf\xe9\n", "f.yaml:1:7  this byte is not UTF-8: in Latin-1 it is \u201cé\u201d"),
            ("a: 1\u2028b: 2\n".encode(), "f.yaml:1:5  the character U+2028 ends a line for YAML"),
            ("a: \ufeff1\n".encode(), "f.yaml:1:4  the character U+FEFF cannot stand"),
            ("ä: ö\nb: \udcff".encode("utf-8", "surrogateescape"), "f.yaml:2:4  this byte"),
            (b"", "f.yaml:1:1  the file is empty"),
            (b"# only this\n", "f.yaml:1:1  the file is empty"),
            (b"a: " + b"[" * 100_000, "f.yaml:1:27  a[0][0]  this is nested more than 24 levels"),
            (b"{a: " * 100_000, "f.yaml:1:97  a.a.a  this is nested more than 24 levels deep"),
        ],
        ids=lambda value: repr(value)[:24],
    )
    def test_what_is_not_a_plain_file_is_refused_where_it_stands(
        self, data: bytes, expected: str
    ) -> None:
        assert problem_of(data).startswith(expected)

    def test_several_mistakes_are_found_in_one_reading(self) -> None:
        found = problem_of(b"a: 1\na: 2\nb: &x 1\nc: *x\n<<: {}\n").splitlines()
        assert sorted(line.split(":")[1] for line in found) == ["2", "3", "5"]

    def test_a_bomb_of_anchors_is_not_expanded(self) -> None:
        lines = [b"a0: &a0 x"]
        lines += [
            b"a%d: &a%d [%s]" % (i, i, b",".join([b"*a%d" % (i - 1)] * 9)) for i in range(1, 40)
        ]
        assert "marks a part for repetition" in problem_of(b"\n".join(lines))


def test_a_byte_order_mark_is_passed_over() -> None:
    assert texts(parse(b"\xef\xbb\xbfa: 1\n", "f").root) == {"a": "1"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a:\n\u00a0\u00a0b: 1\n\u00a0\u00a0c: 2\n", "2:1  an invisible character, U+00A0"),
        ("a:\n  b: 1\n\u3000\u3000c: 2\n", "3:1  an invisible character, U+3000"),
        ("a: \u201cx y\u201d\n", "1:4  a  the typographic mark \u201c does not quote in YAML"),
        ("\u2018a\u2019: x\n", "1:1  \u2018a\u2019  the typographic mark \u2018 does not quote"),
        ("a\u200b: x\n", "1:1  a\u200b  an invisible character, U+200B zero width space, stands"),
        ("a: x\u00a0\n", "1:4  a  an invisible character, U+00A0 no-break space, stands beside"),
    ],
)
def test_letters_that_look_like_others_are_said_once_and_read_as_they_were_meant(
    text: str, expected: str
) -> None:
    read = parse(text.encode(), "f.yaml")
    (problem,) = read.problems
    assert str(problem).startswith(f"f.yaml:{expected}")
    found = texts(read.root)
    assert isinstance(found, dict)
    assert list(found) == ["a"]


def test_a_block_of_text_may_be_indented_with_any_blanks() -> None:
    read = parse("a: |\n  \u3000b: 1\n".encode(), "f")
    assert read.problems == ()
    assert texts(read.root) == {"a": "\u3000b: 1\n"}


def test_keys_that_stand_again_one_after_another_are_a_part_that_lost_its_name() -> None:
    read = parse(b"x:\n  a:\n    k: 1\n    l: 2\n    k: 3\n    l: 4\n", "f")
    assert [str(problem) for problem in read.problems] == [
        (
            'f:5:5  x.a.k  "k" is written twice in the same table  write the name of what begins '
            "here on a line above it, or keep one of each  see line 3"
        )
    ]


def test_a_key_that_has_nothing_and_stands_again_with_something_has_that() -> None:
    read = parse(b"a:\na: {b: 1}\n", "f")
    assert texts(read.root) == {"a": {"b": "1"}}
    assert len(read.problems) == 1


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_lines_may_end_as_on_any_machine_and_the_last_not_at_all(end: str) -> None:
    read = parse(end.join(("a:", "  b: 1", "  b: 2")).encode(), "f")
    assert texts(read.root) == {"a": {"b": "1"}}
    assert [problem.place for problem in read.problems] == [Place("f", 3, 3)]


def test_a_line_of_a_file_is_found_again_for_messages(tmp_path: Path) -> None:
    file = tmp_path / "f.yaml"
    file.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: \xff\n")
    assert lines_of(str(file)) == ("a: 1", "b: \ufffd", "")
    assert lines_of(str(tmp_path / "none.yaml")) == ()


def test_a_part_that_was_laid_over_is_called_as_it_is_written() -> None:
    place = Place("f", 1, 1)
    inner = Entry(Text("every", place, False), Text("5m", place, False), ("over", "a", "every"))
    root = Table((Entry(Text("a", place, False), Table((inner,), place)),), place)
    read = Document(file="f", root=root, problems=())
    assert read.written(("a", "every")) == ("over", "a", "every")
    assert read.written(("a", "every", "none", 0)) == ("over", "a", "every", "none", 0)
    assert read.written(("a", "other")) == ("a", "other")


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
    lines = lettering.lines(data.decode("utf-8-sig", errors="replace"))
    for problem in found:
        assert problem.right
        assert problem.place is not None
        assert 1 <= problem.place.line <= len(lines)
        assert 1 <= problem.place.column <= len(lines[problem.place.line - 1]) + 1
