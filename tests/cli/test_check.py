"""`belfry check`: which files, in which form, on which stream, with which status."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from belfry.catalogue import load_catalogue
from cli.main import main
from cli.output import Status

ROOT = Path(__file__).parents[2]
BAD = "platform: mine\nservics: {}\nenvironments: {local: {paging: nobody}}\n"


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    file = tmp_path / "mine.yaml"
    file.write_text(BAD, encoding="utf-8")
    return file


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ending:
        main(("check", *arguments))
    return int(ending.value.code or 0)


def test_several_files_are_checked_together(
    bad: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.yaml"
    other.write_text("a: [\n", encoding="utf-8")
    assert run(str(bad), str(other)) == Status.BAD_INPUT
    err = capsys.readouterr().err
    assert f"{bad}:2:1  servics" in err
    assert f"{other}:1:4  the bracket [ is not closed" in err
    assert "2 platforms checked: " in err


def test_a_folder_of_platforms_stands_for_all_of_them(
    bad: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    platforms = tmp_path / "platforms"
    (platforms / "one").mkdir(parents=True)
    (platforms / "one" / "a.yaml").write_text(BAD, encoding="utf-8")
    bad.rename(platforms / "two.yaml")
    for folder in (tmp_path, platforms):
        assert run(str(folder), "--json") == Status.BAD_INPUT
        told = json.loads(capsys.readouterr().out)
        assert told["files"] == [str(platforms / "one"), str(platforms / "two.yaml")]
    assert run(str(platforms / "one"), "--json") == Status.BAD_INPUT
    told = json.loads(capsys.readouterr().out)
    assert told["files"] == [str(platforms / "one")]
    assert {one["file"] for one in told["problems"]} == {str(platforms / "one" / "a.yaml")}


def test_json_and_sarif_are_written_to_standard_output_or_a_file(
    bad: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "found.sarif"
    assert run(str(bad), "--format", "sarif", "--output", str(output)) == Status.BAD_INPUT
    assert capsys.readouterr() == ("", "")
    (told,) = json.loads(output.read_text(encoding="utf-8"))["runs"]
    assert run(str(bad), "--format", "json") == Status.BAD_INPUT
    as_json = json.loads(capsys.readouterr().out)["problems"]
    assert len(told["results"]) == len(as_json) > 0
    assert {one["code"] for one in as_json} == {one["ruleId"] for one in told["results"]}


def test_text_can_be_written_to_a_file_too(bad: Path, tmp_path: Path) -> None:
    output = tmp_path / "found.txt"
    assert run(str(bad), "--output", str(output)) == Status.BAD_INPUT
    assert output.read_text(encoding="utf-8").startswith(f"{bad}:")


def test_a_file_that_cannot_be_written_is_a_failure_and_not_a_mistake_of_the_platform(
    bad: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(str(bad), "--json", "--output", str(tmp_path / "no" / "x")) == Status.FAILED
    assert "cannot be written: no such file" in capsys.readouterr().err


def test_the_mistakes_of_the_catalogue_are_told_in_the_form_that_was_asked_for(
    bad: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    rules = tmp_path / "rules" / "web.yaml"
    rules.parent.mkdir()
    rules.write_text("ruls: {}\n", encoding="utf-8")
    load = partial(load_catalogue, rules.parent)
    monkeypatch.setattr("belfry.catalogue.load_catalogue", load)
    monkeypatch.chdir(tmp_path)
    assert run(str(bad), "--json") == Status.BAD_INPUT
    told = json.loads(capsys.readouterr().out)["problems"]
    assert {one["file"] for one in told} == {"rules/web.yaml"}
    output = tmp_path / "found.sarif"
    assert run(str(bad), "--format", "sarif", "--output", str(output)) == Status.BAD_INPUT
    (log,) = json.loads(output.read_text(encoding="utf-8"))["runs"]
    assert len(log["results"]) == len(told)
    assert run(str(bad)) == Status.BAD_INPUT
    out, err = capsys.readouterr()
    assert out == ""
    assert f"0 platforms checked: {len(told)} mistake" in err


@pytest.mark.parametrize("arguments", [("",), ("--output", "")])
def test_an_empty_path_is_not_the_working_directory(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments) == Status.BAD_INPUT
    assert "it is empty: write a path" in capsys.readouterr().err


def test_two_forms_are_refused(bad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(str(bad), "--json", "--format", "sarif") == Status.BAD_INPUT
    assert "json and sarif are both asked for: choose one" in capsys.readouterr().err


def test_a_right_platform_gives_machines_an_empty_list(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(str(ROOT / "platforms" / "example.yaml"), "--json") == Status.DONE
    assert json.loads(capsys.readouterr().out)["problems"] == []
    assert run(str(ROOT / "platforms" / "example.yaml"), "--format", "sarif") == Status.DONE
    assert json.loads(capsys.readouterr().out)["runs"][0]["results"] == []


def test_checking_imports_nothing_heavy() -> None:
    program = (
        "import sys\n"
        "from cli.main import main\n"
        "try:\n"
        "    main(['check', 'platforms/example.yaml'])\n"
        "except SystemExit as end:\n"
        "    print(end.code, [one for one in ('pulumi', 'rich', 'jsonschema', 'httpx', 'grpc')"
        " if one in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "0 []"


def test_the_folder_that_one_is_in_can_be_checked(
    bad: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = bad.parent / "platforms"
    folder.mkdir()
    bad.rename(folder / bad.name)
    monkeypatch.chdir(folder)
    assert run(".") == Status.BAD_INPUT
    assert "mine.yaml:2:1  servics" in capsys.readouterr().err
    monkeypatch.chdir(folder.parent)
    assert run(".") == Status.BAD_INPUT
    assert "mine.yaml:2:1  servics" in capsys.readouterr().err
    assert run("/") == Status.BAD_INPUT
