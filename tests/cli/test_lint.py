"""`belfry lint`: which files, in which form, on which stream, with which status."""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING

import pytest

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
    assert out == ""
    assert f"{bad}:5:18  error  web.Down  = cannot stand here  write == to compare" in err
    assert "[promql-syntax]" in err
    assert "1 rule in 1 file checked: 1 error." in err


def test_lesser_findings_are_counted_and_told_when_asked_for(
    good: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good.write_text(NOTED, encoding="utf-8")
    assert run(str(good)) == Status.DONE
    assert "1 lesser finding not told: --severity info tells all." in capsys.readouterr().out
    assert run(str(good), "--severity", "info") == Status.DONE
    assert "it has no label team" in capsys.readouterr().err
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
    assert "it holds colour, and no groups" in capsys.readouterr().err
    assert good.exists()


def test_a_pattern_stands_for_what_it_matches(
    bad: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(str(tmp_path / "**" / "b*.yaml")) == Status.BAD_INPUT
    assert str(bad) in capsys.readouterr().err
    assert run(str(tmp_path / "*.rules")) == Status.BAD_INPUT
    assert "no file matches" in capsys.readouterr().err


def test_standard_input_is_read(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(BAD.encode())))
    assert run("-") == Status.BAD_INPUT
    assert "<stdin>:5:18  error" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_said_to_be_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(str(tmp_path / "none.yaml")) == Status.BAD_INPUT
    assert "none.yaml cannot be read: no such file or directory" in capsys.readouterr().err


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
    assert "[rate-window]" in capsys.readouterr().err
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
