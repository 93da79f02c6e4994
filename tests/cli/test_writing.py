"""The commands for those who write a platform file, as people and machines meet them."""

from __future__ import annotations

import io
import json
import os
import stat
import sys
from typing import TYPE_CHECKING

import click
import pytest

from cli import start
from cli.files import write_whole
from cli.main import main
from cli.output import Failure, Status

if TYPE_CHECKING:
    from pathlib import Path

UNTIDY = "team: a # us\nplatform:   shop\n"
TIDY = "platform: shop\nteam: a # us\n"
SHOP = ("shop", "--domain", "shop.example", "--slack", "--service", "api=http-api", "--yes")


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ending:
        main(arguments)
    return int(ending.value.code or 0)


@pytest.fixture
def untidy(tmp_path: Path) -> Path:
    file = tmp_path / "shop.yaml"
    file.write_text(UNTIDY)
    return file


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "platforms").mkdir()
    monkeypatch.setattr(start, "ROOT", tmp_path)
    return tmp_path


def test_schema_prints_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("schema") == Status.DONE
    assert json.loads(capsys.readouterr().out)["title"] == "Belfry platform file"


def test_schema_can_be_written_to_a_file(tmp_path: Path) -> None:
    assert run("schema", "--output", str(tmp_path / "s.json")) == Status.DONE
    assert json.loads((tmp_path / "s.json").read_text())["$defs"]


def test_explain_fits_a_terminal_of_eighty_columns(capsys: pytest.CaptureFixture[str]) -> None:
    for path in ("", "checks.NAME.http", "environments.NAME.paging", "duration", "monitoring"):
        assert run("explain", path) == Status.DONE
        assert max(map(len, capsys.readouterr().out.splitlines())) <= 80


def test_explain_tells_machines_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("explain", "checks.NAME.every", "--json") == Status.DONE
    told = json.loads(capsys.readouterr().out)
    assert told["default"] == "1m"
    assert told["kind"] == "a duration"


def test_explain_of_a_misspelt_key_is_bad_input_that_names_the_right_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("explain", "checks.NAME.evry") == Status.BAD_INPUT
    assert "did you mean every?" in capsys.readouterr().err


def test_explain_shows_what_holds_in_an_environment_of_a_platform(
    capsys: pytest.CaptureFixture[str],
) -> None:
    arguments = ("--platform", "example", "--environment", "prod")
    assert run("explain", "checks.front-page.every", *arguments) == Status.DONE
    out = capsys.readouterr().out
    assert "In prod:" in out
    assert "platforms/example.yaml:" in out
    assert run("explain", "checks.front-page.every", *arguments, "--json") == Status.DONE
    assert json.loads(capsys.readouterr().out)["in_force"]["value"] == "60s"


def test_explain_of_an_environment_of_nothing_is_bad_input(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("explain", "checks", "--environment", "prod") == Status.BAD_INPUT
    assert "--platform" in capsys.readouterr().err


def test_fmt_writes_the_canonical_form(untidy: Path) -> None:
    assert run("fmt", str(untidy)) == Status.DONE
    assert untidy.read_text() == TIDY


def test_fmt_check_changes_nothing_and_fails_where_a_file_would_change(
    untidy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("fmt", "--check", str(untidy)) == Status.FAILED
    assert untidy.read_text() == UNTIDY
    assert "would change" in capsys.readouterr().err
    untidy.write_text(TIDY)
    assert run("fmt", "--check", str(untidy)) == Status.DONE


def test_fmt_diff_shows_what_would_change_and_changes_nothing(
    untidy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("fmt", "--diff", str(untidy)) == Status.DONE
    assert untidy.read_text() == UNTIDY
    assert "+platform: shop" in capsys.readouterr().out


def test_fmt_of_standard_input_goes_to_standard_output(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(UNTIDY.encode())))
    assert run("fmt", "-") == Status.DONE
    assert capsys.readouterr().out == TIDY


def test_fmt_writes_no_file_when_one_does_not_parse_and_names_the_mistakes_of_all(
    tmp_path: Path, untidy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    others = [tmp_path / "b.yaml", tmp_path / "c.yaml"]
    others[0].write_text("a: [\n")
    others[1].write_text("a: 1\na: 2\n")
    assert run("fmt", str(untidy), *map(str, others)) == Status.BAD_INPUT
    err = capsys.readouterr().err
    assert all(str(other) in err for other in others)
    assert untidy.read_text() == UNTIDY


def test_fmt_keeps_links_and_permissions(tmp_path: Path, untidy: Path) -> None:
    untidy.chmod(0o640)
    link = tmp_path / "link.yaml"
    link.symlink_to(untidy)
    assert run("fmt", str(link)) == Status.DONE
    assert link.is_symlink()
    assert untidy.read_text() == TIDY
    assert stat.S_IMODE(untidy.stat().st_mode) == 0o640


def test_fmt_does_not_touch_a_file_that_is_in_its_canonical_form(untidy: Path) -> None:
    untidy.write_text(TIDY)
    os.utime(untidy, (1, 1))
    assert run("fmt", str(untidy)) == Status.DONE
    assert untidy.stat().st_mtime == 1


def test_fmt_of_the_shipped_files_changes_nothing() -> None:
    assert run("fmt", "--check") == Status.DONE


def test_a_file_that_cannot_be_written_stays_and_leaves_no_draft(tmp_path: Path) -> None:
    target = tmp_path / "there" / "x.yaml"
    with pytest.raises(Failure, match="cannot be written"):
        write_whole(target, "a: 1\n")
    assert list(tmp_path.iterdir()) == []


def test_init_writes_files_that_check_finds_nothing_wrong_with(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("init", *SHOP) == Status.DONE
    names = {path.name for path in checkout.iterdir()}
    assert {"Pulumi.shop-local.yaml", "Pulumi.shop-prod.yaml"} <= names
    assert "belfry secrets set slack --stack shop-prod" in capsys.readouterr().out
    assert run("check", str(checkout / "platforms" / "shop.yaml")) == Status.DONE


def test_init_never_writes_over_a_file_unless_told_so(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = checkout / "platforms" / "shop.yaml"
    file.write_text("mine")
    assert run("init", *SHOP) == Status.BAD_INPUT
    assert file.read_text() == "mine"
    assert "--force" in capsys.readouterr().err
    assert [path.name for path in checkout.iterdir()] == ["platforms"]
    assert run("init", *SHOP, "--force") == Status.DONE
    assert file.read_text() != "mine"


def test_init_refuses_the_name_of_a_folder_of_files(checkout: Path) -> None:
    (checkout / "platforms" / "shop").mkdir()
    assert run("init", *SHOP, "--force") == Status.BAD_INPUT


def test_init_as_a_trial_writes_nothing_and_shows_everything(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("init", *SHOP, "--dry-run") == Status.DONE
    assert "platform: shop" in capsys.readouterr().out
    assert list((checkout / "platforms").iterdir()) == []


def test_init_tells_machines_what_it_wrote_and_what_is_next(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("init", *SHOP, "--json") == Status.DONE
    told = json.loads(capsys.readouterr().out)
    assert told["written"]
    assert all((checkout / name).read_text() == text for name, text in told["files"].items())
    assert "belfry up --stack shop-local" in told["next"]


def test_init_names_every_mistake_of_its_flags_at_once(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flags = ("--domain", "Shop!", "--service", "api=http", "--zone", "Mars", "--yes")
    assert run("init", "My-Shop", *flags) == Status.BAD_INPUT
    err = capsys.readouterr().err
    assert all(f"--{one}" in err for one in ("platform", "domain", "service", "zone", "slack"))
    assert list((checkout / "platforms").iterdir()) == []


class Terminal(io.StringIO):
    """Somebody who types."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Lines that are typed, one after another; after the last, Ctrl-C."""
    lines: list[str] = []
    monkeypatch.setattr(sys, "stdin", Terminal())

    def read(_prompt: str) -> str:
        if not lines:
            raise KeyboardInterrupt
        return lines.pop(0)

    monkeypatch.setattr(click.termui, "visible_prompt_func", read)
    return lines


def test_init_asks_for_what_no_flag_says_and_asks_again_what_cannot_be_used(
    checkout: Path, typed: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    typed += ["My Shop", "shop", "shop.example", "api", "api=http-api", "", "prod", "Mars", ""]
    typed += ["n", "n", "", "y", "n", ""]
    assert run("init") == Status.DONE
    err = capsys.readouterr().err
    assert "is not a name" in err
    assert "there is no kind" in err
    text = (checkout / "platforms" / "shop.yaml").read_text()
    assert "api: {is: http-api" in text
    assert typed == []


def test_init_that_is_broken_off_writes_nothing(checkout: Path, typed: list[str]) -> None:
    typed += ["shop", "shop.example"]
    assert run("init") == Status.INTERRUPTED
    assert [path.name for path in checkout.iterdir()] == ["platforms"]
    assert list((checkout / "platforms").iterdir()) == []


def test_init_says_why_a_name_will_not_do_that_only_the_whole_file_shows(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flags = ("--domain", "shop.example", "--slack", "--yes")
    assert run("init", "a000000d0c-0000b-000", *flags) == Status.BAD_INPUT
    err = capsys.readouterr().err
    assert err.startswith("platform  ")
    assert list((checkout / "platforms").iterdir()) == []
