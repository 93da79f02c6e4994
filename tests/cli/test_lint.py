"""`belfry lint`: which files, in which form, on which stream, with which status."""

from __future__ import annotations

import io
import json
import os
import sys
from functools import partial
from typing import TYPE_CHECKING

import pytest

from belfry.catalogue import load_catalogue
from cli.main import main
from cli.output import Status

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """\
groups:
  - name: web
    rules:
      - alert: Down
        expr: up == 0
        for: 5m
        labels: {severity: critical, team: web}
        annotations: {summary: It is down, description: x, runbook_url: y}
"""
BAD = GOOD.replace("up == 0", "up = 0")
NOTED = GOOD.replace(", team: web", "")


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ending:
        main(("lint", *arguments))
    return int(ending.value.code or 0)


@pytest.fixture
def good(tmp_path: Path) -> Path:
    file = tmp_path / "good.yaml"
    file.write_text(GOOD, encoding="utf-8")
    return file


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    file = tmp_path / "bad.yaml"
    file.write_text(BAD, encoding="utf-8")
    return file


def test_a_good_file_is_said_to_be_good(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(str(good)) == Status.DONE
    assert capsys.readouterr().out == "1 rule in 1 file checked: nothing is wrong.\n"


def test_an_error_is_told_with_its_place_and_ends_badly(
    bad: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(str(bad)) == Status.BAD_INPUT
    out, err = capsys.readouterr()
    assert err == ""
    assert f"{bad}:5:18  error  web.Down  = cannot stand here  write == to compare" in out
    assert "[promql-syntax]" in out
    assert "1 rule in 1 file checked: 1 error." in out


def test_lesser_findings_are_counted_and_told_when_asked_for(
    good: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good.write_text(NOTED, encoding="utf-8")
    assert run(str(good)) == Status.DONE
    assert "1 lesser finding not told: --severity info tells all." in capsys.readouterr().out
    assert run(str(good), "--severity", "info") == Status.DONE
    assert "it has no label team" in capsys.readouterr().out
    assert run(str(good), "--fail-on", "info") == Status.BAD_INPUT


def test_a_folder_stands_for_its_rule_files_and_leaves_others_out(
    bad: Path, good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "values.yaml").write_text("colour: red\n", encoding="utf-8")
    assert run(str(tmp_path), "--json") == Status.BAD_INPUT
    told = json.loads(capsys.readouterr().out)
    assert told["files"] == 2
    assert [one["file"] for one in told["findings"]] == [str(bad)]
    assert run(str(tmp_path / "more" / "values.yaml")) == Status.BAD_INPUT
    assert "it holds colour, and no groups" in capsys.readouterr().out
    assert good.exists()


def test_a_pattern_stands_for_what_it_matches(
    bad: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(str(tmp_path / "**" / "b*.yaml")) == Status.BAD_INPUT
    assert str(bad) in capsys.readouterr().out
    assert run(str(tmp_path / "*.rules")) == Status.BAD_INPUT
    assert "no file matches" in capsys.readouterr().out


def test_standard_input_is_read(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(BAD.encode())))
    assert run("-") == Status.BAD_INPUT
    assert "<stdin>:5:18  error" in capsys.readouterr().out


def test_a_file_that_is_not_there_is_said_to_be_missing_beside_what_others_hold(
    bad: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = [str(tmp_path / name) for name in ("none.yaml", "nor.yaml")]
    assert run(missing[0], str(bad), missing[1]) == Status.BAD_INPUT
    out = capsys.readouterr().out
    for name in missing:
        assert f"{name}:1:1  error  it cannot be read: no such file or directory" in out
    assert "[promql-syntax]" in out
    assert "1 rule in 1 file checked: 3 errors." in out
    assert run(*missing, str(bad), "--sarif") == Status.BAD_INPUT
    (log,) = json.loads(capsys.readouterr().out)["runs"]
    assert [one["ruleId"] for one in log["results"]] == [
        "unreadable",
        "unreadable",
        "promql-syntax",
    ]


def test_a_folder_without_rules_is_a_mistake(
    good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty, others = tmp_path / "empty", tmp_path / "others"
    empty.mkdir()
    others.mkdir()
    (others / "values.yaml").write_text("colour: red\n", encoding="utf-8")
    assert run(str(empty), str(others), str(good)) == Status.BAD_INPUT
    out = capsys.readouterr().out
    for folder in (empty, others):
        wrong = "none of its files that end in .yml, .yaml, .rules or .json holds rules"
        assert f"{folder}:1:1  error  {wrong}" in out
    assert run(str(good), str(tmp_path)) == Status.DONE


def test_what_is_neither_a_file_nor_a_folder_is_not_waited_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)
    assert run(str(pipe)) == Status.BAD_INPUT
    assert "it is neither a file nor a folder" in capsys.readouterr().out


def test_what_the_shell_opened_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    reading, writing = os.pipe()
    os.write(writing, BAD.encode())
    os.close(writing)
    assert run(f"/dev/fd/{reading}") == Status.BAD_INPUT
    assert "[promql-syntax]" in capsys.readouterr().out
    os.close(reading)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("",), "the name of a file is empty"),
        (("--json", "--sarif"), "json and sarif are both asked for: choose one"),
        (("--format", "text", "--sarif"), "sarif and text are both asked for: choose one"),
        (("-", "--severities", ""), "--severities names none"),
        (("-", "--severities", " , "), "--severities names none"),
        (("-", "--keep", ""), "--keep is empty"),
        (("-", "--require", "a", "--require", " "), "--require is empty"),
        (("--explain", ""), "there is no check '': belfry lint --list lists all"),
        (("--explain", "nope"), "there is no check 'nope': belfry lint --list lists all"),
        (("--output", ""), "it is empty: write a path"),
        (("--silences", ""), "it is empty: write a path"),
        (("--platform", ""), "there is no platforms/.yaml"),
        (("--platform", "pitchy", "--json"), "did you mean pitchey?"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    arguments: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments) == Status.BAD_INPUT
    out, err = capsys.readouterr()
    assert said in err
    assert out == ""


def test_sarif_names_the_check_its_level_and_the_place(
    bad: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(str(bad), "--sarif") == Status.BAD_INPUT
    (log,) = json.loads(capsys.readouterr().out)["runs"]
    (result,) = log["results"]
    rule = log["tool"]["driver"]["rules"][result["ruleIndex"]]
    assert (result["ruleId"], rule["id"], result["level"]) == (
        "promql-syntax",
        "promql-syntax",
        "error",
    )
    region = result["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 5, "startColumn": 18}


def test_options_say_what_prometheus_is_like(
    good: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good.write_text(GOOD.replace("up == 0", "rate(a_total[1m]) > 0"), encoding="utf-8")
    assert run(str(good)) == Status.DONE
    assert run(str(good), "--scrape", "1m", "--fail-on", "warning") == Status.BAD_INPUT
    assert "[rate-window]" in capsys.readouterr().out
    assert run(str(good), "--require", "job", "--fail-on", "warning") == Status.BAD_INPUT
    assert run(str(good), "--retention", "soon") == Status.BAD_INPUT
    assert "--retention: 'soon' is no duration" in capsys.readouterr().err


def test_checks_are_listed_and_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--list") == Status.DONE
    assert "template-label" in capsys.readouterr().out
    assert run("--explain", "template-label") == Status.DONE
    out = capsys.readouterr().out
    assert "Why: The message has a hole" in out
    assert "# belfry-lint: off template-label -- <reason>" in out
    assert run("--explain", "template-labl") == Status.BAD_INPUT
    assert "did you mean template-label?" in capsys.readouterr().err
    assert run("--list", "--json") == Status.DONE
    assert json.loads(capsys.readouterr().out)[0]["check"] == "not-rules"


def test_the_result_is_written_to_a_file(bad: Path, tmp_path: Path) -> None:
    where = tmp_path / "found.txt"
    assert run(str(bad), "--output", str(where)) == Status.BAD_INPUT
    assert "[promql-syntax]" in where.read_text(encoding="utf-8")


@pytest.fixture
def mistaken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A catalogue with two mistakes, below the working directory, in place of the shipped one."""
    folder = tmp_path / "rules"
    (folder / "own").mkdir(parents=True)
    (folder / "web.yaml").write_text("rules: {}\nruls: {}\n", encoding="utf-8")
    (folder / "own" / "mine.yaml").write_text("rules: [\n", encoding="utf-8")
    monkeypatch.setattr("belfry.catalogue.load_catalogue", partial(load_catalogue, folder))
    monkeypatch.chdir(tmp_path)
    return folder


def test_the_mistakes_of_the_catalogue_are_told_in_the_form_that_was_asked_for(
    mistaken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    places = ["rules/own/mine.yaml", "rules/web.yaml"]
    assert run("--json") == Status.BAD_INPUT
    told = json.loads(capsys.readouterr().out)
    assert [(one["check"], one["file"]) for one in told["findings"]] == [
        ("mistake", place) for place in places
    ]
    output = mistaken / "found.sarif"
    assert run("--sarif", "--output", str(output)) == Status.BAD_INPUT
    (log,) = json.loads(output.read_text(encoding="utf-8"))["runs"]
    assert [one["ruleId"] for one in log["results"]] == ["mistake", "mistake"]
    assert capsys.readouterr() == ("", "")
    assert run() == Status.BAD_INPUT
    assert "0 rules in 0 files checked: 2 errors." in capsys.readouterr().out


def test_the_mistakes_of_silences_are_told_beside_the_findings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "lint.yaml"
    asked = ("--platform", "pitchey", "--silences", str(missing), "--json")
    assert run(*asked) == Status.BAD_INPUT
    told = json.loads(capsys.readouterr().out)
    assert [(one["check"], one["file"]) for one in told["findings"]] == [("mistake", str(missing))]
    assert told["rules"] > 0


def test_a_result_that_cannot_be_written_is_a_failure_and_no_finding(
    good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(str(good), "--output", str(tmp_path / "no" / "x")) == Status.FAILED
    assert "cannot be written: no such file or directory" in capsys.readouterr().err


def test_a_platform_and_its_catalogue_are_linted_without_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    silences = tmp_path / "lint.yaml"
    silences.write_text(
        "off:\n- {check: no-such-check, reason: none}\n"
        "- {check: rule-title, rule: Nobody, reason: it is gone}\n",
        encoding="utf-8",
    )
    run("--platform", "pitchey", "--silences", str(silences), "--json")
    told = json.loads(capsys.readouterr().out)
    of_silences = [one for one in told["findings"] if one["file"] == str(silences)]
    assert [one["check"] for one in of_silences] == [
        "silence-unknown",
        "silence-unused",
    ]
    assert told["rules"] > 0
