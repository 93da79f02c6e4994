"""The command line as people and machines meet it: statuses, streams, help, JSON."""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING

import pytest

from cli.main import GROUPS, main
from cli.output import Status
from engine.pulumi import Operation, Summary

if TYPE_CHECKING:
    from pathlib import Path

COMMANDS = [name for commands in GROUPS.values() for name in commands]


@pytest.fixture(autouse=True)
def _an_empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BELFRY_HOME", str(tmp_path / "home"))


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ending:
        main(arguments)
    return int(ending.value.code or 0)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_shows_an_example_in_its_help(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command, "--help") == Status.DONE
    out = capsys.readouterr().out
    assert f"belfry {command}" in out.split("Example", 1)[1]


def test_the_help_lists_every_command_under_its_heading(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("--help") == Status.DONE
    out = capsys.readouterr().out
    for heading, commands in GROUPS.items():
        after = out.split(f"\n{heading}:\n", 1)[1]
        assert all(f"  {command} " in after for command in commands)


def test_a_misspelt_command_is_bad_input_and_its_meaning_is_guessed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("brek", "database") == Status.BAD_INPUT
    assert "Did you mean break?" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["plan", "up", "preview", "refresh", "down", "status"])
def test_an_unknown_stack_is_bad_input_that_names_the_one_that_was_meant(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command, "--stack", "loca") == Status.BAD_INPUT
    assert "local" in capsys.readouterr().err


def test_check_finds_nothing_wrong_with_the_platforms_that_are_shipped(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("check") == Status.DONE
    assert "nothing is wrong" in capsys.readouterr().out


def test_check_tells_every_mistake_with_its_place_and_exits_as_bad_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("platform: mine\nservics: {}\nenvironments: {local: {paging: nobody}}\n")
    assert run("check", str(file)) == Status.BAD_INPUT
    captured = capsys.readouterr()
    assert f"{file}:2:1  servics" in captured.err
    assert "did you mean services?" in captured.err
    assert f"{file}:3:" in captured.err
    assert captured.out == ""


def test_check_gives_machines_the_same_mistakes_as_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("platform: mine\nservics: {}\n")
    assert run("check", str(file), "--json") == Status.BAD_INPUT
    told = json.loads(capsys.readouterr().out)
    assert told["files"] == [str(file)]
    keys = {"file", "line", "column", "path", "wrong", "right", "code", "also"}
    assert keys == set(told["problems"][0])


def test_a_file_that_is_not_there_is_bad_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("check", str(tmp_path / "none.yaml")) == Status.BAD_INPUT
    assert "none.yaml" in capsys.readouterr().err


def test_plan_needs_nothing_but_the_checkout_and_names_its_secrets(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("plan", "--stack", "prod", "--json") == Status.DONE
    plan = json.loads(capsys.readouterr().out)
    assert set(plan) == {"resources", "declared", "summary"}
    for resource in plan["resources"]:
        assert {"type", "name", "parent", "inputs", "depends_on", "protect"} <= set(resource)
    assert '{"secret": "pagerduty"}' in json.dumps(plan)


def test_plan_says_what_is_declared_and_not_provisioned_yet(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("plan", "--stack", "prod", "--json") == Status.DONE
    declared = json.loads(capsys.readouterr().out)["declared"]
    parts = [one["part"] for one in declared]
    assert {"journeys.sign-up", "server.parts.prometheus", "severities.P0.title"} <= set(parts)
    assert all(set(one) == {"part", "component", "arguments"} for one in declared)
    assert '{"secret": "probe-password"}' in json.dumps(declared)

    assert run("plan", "--stack", "prod") == Status.DONE
    told = capsys.readouterr().out
    assert "  P0  SyntheticTestFailing of api: nothing measures journey-up of api" in told
    listed = told.partition("Declared and not provisioned yet: ")[2].splitlines()
    assert listed[0] == f"{len(parts)} parts."
    assert all(len(line) <= 80 for line in listed)
    for component in {one["component"] for one in declared}:
        lines = told.partition(f"  {component}: ")[2].splitlines()
        own = [one["part"] for one in declared if one["component"] == component]
        assert lines[0].startswith(own[0])
        assert len(own) < 5 or re.search(r"and \d+ more", " ".join(lines[:3]))


@pytest.mark.parametrize("arguments", [("inbox",), ("break", "database"), ("mend", "--all")])
def test_what_needs_a_running_cloud_says_how_to_start_it(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments) == Status.FAILED
    assert "`belfry up` starts it" in capsys.readouterr().err


def test_down_where_nothing_stands_is_done_already(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("down", "--json") == Status.DONE
    assert json.loads(capsys.readouterr().out)["succeeded"]


class Standing:
    """A stack on real accounts with one bucket; whoever destroys it is noted."""

    client = None
    timings = ()

    def __init__(self) -> None:
        self.stack = self
        self.destroyed = False

    def export(self, *, show_secrets: bool) -> dict[str, object]:
        assert show_secrets, "inputs are compared in the clear"
        kind = "cloudflare:index/r2Bucket:R2Bucket"
        inputs = {"accountId": "a" * 32, "name": "archive"}
        bucket = {"urn": f"urn:pulumi:prod::belfry::{kind}::b", "type": kind, "inputs": inputs}
        return {"deployment": {"resources": [bucket]}}

    def destroy(self, _on_line: object) -> Summary:
        self.destroyed = True
        told: dict[str, int] = {"delete": 1}
        return Summary(
            operation=Operation.DESTROY,
            succeeded=True,
            counts=told,
            changes=(),
            errors=(),
            seconds=0,
        )


@pytest.mark.parametrize("agreed", [True, False])
def test_before_the_end_of_a_stack_on_real_accounts_its_full_buckets_are_told(
    agreed: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    standing = Standing()
    monkeypatch.setattr("engine.operations.open_session", lambda *_: standing)
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n" if agreed else "n\n"))
    status = run("down", "--stack", "prod")
    assert status == (Status.DONE if agreed else Status.INTERRUPTED)
    assert standing.destroyed is agreed
    told = " ".join("".join(capsys.readouterr()).split())
    assert "bucket archive has to be empty" in told
    assert f"--endpoint-url https://{'a' * 32}.r2.cloudflarestorage.com" in told


def test_a_tool_that_is_none_is_bad_input(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("tools", "get", "terraform") == Status.BAD_INPUT
    assert "pulumi" in capsys.readouterr().err
