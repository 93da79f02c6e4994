"""Mistakes as editors and code hosts read them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from belfry.problems import Code, Place, Problem
from belfry.sarif import sarif

if TYPE_CHECKING:
    from pathlib import Path

LINES = ("a: 1", "b: 😀é: x")


def problem(file: str, line: int = 2, column: int = 6, **changes: Any) -> Problem:
    return Problem(
        place=Place(file, line, column),
        path=("services", "api", "needs", 0),
        wrong=changes.pop("wrong", "it is wrong"),
        right="write it right",
        code=changes.pop("code", Code.UNKNOWN_NAME),
        **changes,
    )


def log_of(root: Path, *problems: Problem) -> Any:
    return json.loads(json.dumps(sarif(problems, sources=lambda _: LINES, root=root)))


def results(root: Path, *problems: Problem) -> Any:
    return log_of(root, *problems)["runs"][0]["results"]


def test_a_log_has_one_run_with_a_rule_for_every_kind_of_mistake(tmp_path: Path) -> None:
    log = log_of(tmp_path)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    assert run["results"] == []
    assert run["columnKind"] == "utf16CodeUnits"
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [code.value for code in Code]
    assert len({rule["name"] for rule in rules}) == len(rules)
    for rule in rules:
        assert rule["name"].isalnum()
        assert rule["shortDescription"]["text"].endswith(".")
        assert rule["help"]["text"].endswith(".")


def test_a_result_tells_kind_words_and_place(tmp_path: Path) -> None:
    log = log_of(tmp_path, problem(str(tmp_path / "platforms" / "shop.yaml")))
    (result,) = log["runs"][0]["results"]
    rules = log["runs"][0]["tool"]["driver"]["rules"]
    assert result["ruleId"] == rules[result["ruleIndex"]]["id"] == "unknown-name"
    assert result["level"] == "error"
    assert result["message"]["text"] == "services.api.needs[0]: it is wrong: write it right"
    (location,) = result["locations"]
    assert location["physicalLocation"]["artifactLocation"] == {
        "uri": "platforms/shop.yaml",
        "uriBaseId": "%SRCROOT%",
    }
    assert location["logicalLocations"][0]["fullyQualifiedName"] == "services.api.needs[0]"


def test_columns_count_as_editors_do(tmp_path: Path) -> None:
    (result,) = results(tmp_path, problem(str(tmp_path / "a.yaml")))
    region = result["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 2, "startColumn": 7}


def test_addresses_are_encoded_and_absolute_outside_of_the_root(tmp_path: Path) -> None:
    inside = problem(str(tmp_path / "my platforms" / "größe#1.yaml"))
    outside = problem(str(tmp_path.parent / "x y.yaml"))
    uris = [
        one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for one in results(tmp_path, inside, outside)
    ]
    assert uris[0] == "my%20platforms/gr%C3%B6%C3%9Fe%231.yaml"
    assert uris[1].startswith("file:///")
    assert uris[1].endswith("/x%20y.yaml")


def test_a_result_is_known_again_when_its_line_moves_and_no_other_is(tmp_path: Path) -> None:
    file = str(tmp_path / "a.yaml")
    found = [
        result["partialFingerprints"]["belfry/v1"]
        for result in results(
            tmp_path,
            problem(file),
            problem(file, wrong="another"),
            problem(str(tmp_path / "b.yaml")),
            problem(file, line=1),
        )
    ]
    assert len(set(found)) == 4
    (moved,) = results(tmp_path, problem(file, line=1))
    assert moved["partialFingerprints"]["belfry/v1"] == found[0]


def test_what_a_command_was_told_is_a_result_without_a_line(tmp_path: Path) -> None:
    told = Problem(place=None, path=(), wrong="no", right="", code=Code.ARGUMENT)
    (result,) = results(tmp_path, told)
    assert result["message"]["text"] == "no"
    assert "region" not in result["locations"][0]["physicalLocation"]


def test_the_other_side_of_a_contradiction_is_a_related_location(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text("a: 1\nb: 2\nc: 3\n", encoding="utf-8")
    file = str(tmp_path / "p.yaml")
    (result,) = results(tmp_path, problem(file, also=(Place(file, 3, 1),)))
    (related,) = result["relatedLocations"]
    assert related["physicalLocation"]["region"] == {"startLine": 3, "startColumn": 1}
