"""Mistakes as people and machines read them."""

from __future__ import annotations

import json

from belfry.problems import Place, Problem, Problems, nearest, printed, suggestion

FIRST = Problem(
    place=Place("p.yaml", 2, 1), path=("services", "api", "needs", 0), wrong="w", right="r"
)
SECOND = Problem(place=Place("p.yaml", 10, 1), path=(), wrong="a", right="b")
PLACELESS = Problem(place=None, path=("environment",), wrong="no", right="yes")


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


def test_machines_get_the_same_as_json() -> None:
    assert json.loads(json.dumps(Problems([FIRST, PLACELESS]).as_json())) == [
        {
            "file": None,
            "line": None,
            "column": None,
            "path": "environment",
            "wrong": "no",
            "right": "yes",
        },
        {
            "file": "p.yaml",
            "line": 2,
            "column": 1,
            "path": "services.api.needs[0]",
            "wrong": "w",
            "right": "r",
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
