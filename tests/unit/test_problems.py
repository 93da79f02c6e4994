"""Mistakes as people and machines read them."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from belfry.excerpt import WIDEST, excerpt, width
from belfry.problems import Code, Place, Problem, Problems, nearest, printed, suggestion

FIRST = Problem(
    place=Place("p.yaml", 2, 1), path=("services", "api", "needs", 0), wrong="w", right="r"
)
SECOND = Problem(place=Place("p.yaml", 10, 1), path=(), wrong="a", right="b")
PLACELESS = Problem(place=None, path=("environment",), wrong="no", right="yes", code=Code.ARGUMENT)
LINES = ("a: 1", "b:\t“日本” x: y", "c: " + "x" * 300)


def test_a_problem_prints_place_path_what_is_wrong_and_what_would_be_right() -> None:
    assert str(FIRST) == "p.yaml:2:1  services.api.needs[0]  w  r"
    assert str(PLACELESS) == "environment  no  yes"


def test_problems_come_in_the_order_of_the_file_and_not_of_its_text() -> None:
    problems = Problems([SECOND, FIRST, PLACELESS])
    assert problems.problems == (PLACELESS, FIRST, SECOND)
    assert str(problems).splitlines()[1:] == [str(FIRST), str(SECOND)]


def test_colours_change_nothing_else() -> None:
    coloured = Problems([FIRST]).render(color=True)
    assert "\x1b[" in coloured
    assert coloured.replace("\x1b[1m", "").replace("\x1b[0m", "").replace("\x1b[36m", "").replace(
        "\x1b[32m", ""
    ) == str(FIRST)


def test_the_same_mistake_of_one_place_is_said_once() -> None:
    again = replace(FIRST, path=("environments", "x"))
    other = replace(FIRST, wrong="v")
    assert Problems([FIRST, again, other]).problems == (FIRST, other)


class TestTheLineBelow:
    def shown(self, line: int, column: int, *, color: bool = False, hidden: bool = False) -> str:
        problem = Problem(
            place=Place("f", line, column), path=(), wrong="w", right="r", hidden=hidden
        )
        rendered = Problems([problem]).render(color=color, sources=lambda _: LINES)
        return rendered.partition("\n")[2]

    def test_has_a_caret_under_the_place(self) -> None:
        assert self.shown(1, 4) == "    1 | a: 1\n      |    ^"

    def test_has_its_caret_right_after_tabs_and_wide_letters(self) -> None:
        assert self.shown(2, 9) == "    2 | b:    “日本” x: y\n      |              ^"

    def test_may_end_before_the_place(self) -> None:
        assert self.shown(1, 99) == "    1 | a: 1\n      |     ^"

    def test_is_cut_around_the_place_when_it_is_long(self) -> None:
        line, caret = self.shown(3, 200).split("\n")
        assert len(line) < 110
        assert line[8] == line[-1] == "…"
        assert line[len(caret) - 1] == "x"
        assert self.shown(3, 1).endswith("^")
        assert self.shown(3, 1).index("…") > 100

    def test_is_not_there_when_the_file_has_none(self) -> None:
        assert self.shown(9, 1) == ""

    def test_is_never_shown_when_it_holds_what_nobody_may_see(self) -> None:
        assert self.shown(1, 1, hidden=True) == ""

    def test_has_colours_and_nothing_else_besides(self) -> None:
        plain = re.sub(r"\x1b\[\d*m", "", self.shown(2, 9, color=True))
        assert plain == self.shown(2, 9)


@given(st.text(max_size=200), st.integers(1, 250))
def test_every_line_can_be_shown_with_a_caret_that_is_on_it(line: str, column: int) -> None:
    shown, caret = excerpt([line], Place("f", 1, column))
    assert caret.endswith("^")
    assert width(caret) <= width(shown) + 8 + WIDEST
    assert width(shown) <= WIDEST + 12


def test_machines_get_the_same_as_json() -> None:
    assert json.loads(json.dumps(Problems([FIRST, PLACELESS]).as_json())) == [
        {
            "file": None,
            "line": None,
            "column": None,
            "path": "environment",
            "wrong": "no",
            "right": "yes",
            "code": "argument",
            "also": [],
        },
        {
            "file": "p.yaml",
            "line": 2,
            "column": 1,
            "path": "services.api.needs[0]",
            "wrong": "w",
            "right": "r",
            "code": "meaning",
            "also": [],
        },
    ]


def test_a_path_prints_as_one_would_write_it() -> None:
    assert printed(("a", 0, "b-c")) == "a[0].b-c"


def test_the_nearest_name_is_suggested_whatever_its_case() -> None:
    assert nearest("workerdown", ["WorkerDown", "FrontendDown"]) == "WorkerDown"
    assert nearest("databse", ["database", "cache"]) == "database"
    assert nearest("zebra", ["database", "cache"]) is None


def test_among_thousands_of_names_the_nearest_is_still_found() -> None:
    names = [f"service-{number}" for number in range(5000)]
    assert nearest("servce-77", names) == "service-77"


def test_without_a_near_name_those_that_exist_are_listed_up_to_a_few() -> None:
    assert suggestion("x", ["b", "a"], else_say="none") == "there are a, b"
    assert suggestion("x", ["only-one"], else_say="none") == "there is only-one"
    assert suggestion("x", [], else_say="none") == "none"
    assert suggestion("x", [f"n{i}" for i in range(20)], else_say="").endswith("and 12 more")


def test_the_other_side_of_a_contradiction_is_named_by_its_line() -> None:
    other, elsewhere = Place("p.yaml", 7, 3), Place("people.yaml", 2, 1)
    problem = replace(FIRST, also=(other, elsewhere))
    assert str(problem).endswith("  see line 7, people.yaml:2:1")
    (told,) = Problems([problem]).as_json()
    assert [one["line"] for one in told["also"]] == [7, 2]
