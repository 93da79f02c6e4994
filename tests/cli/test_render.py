"""`belfry render`: what is written for which backend, where, and what cannot be."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import yaml

from belfry.catalogue import load_catalogue
from belfry.loading import load_platform, platforms_in
from belfry.rendering import Backend
from cli.main import main
from cli.output import Status
from cli.render import BACKENDS
from engine.paths import Home
from tests.unit.shop import ROOT, SHOP

if TYPE_CHECKING:
    from pathlib import Path

PROD = ("--platform", "example", "--environment", "prod")
CATALOGUE = load_catalogue()
SHIPPED = [
    (path.stem, environment)
    for path in platforms_in(ROOT)
    for environment in load_platform(path, catalogue=CATALOGUE).environments
]
PAGES = SHOP.replace("prod: {paging: worker", "prod: {paging: grafana")
NUMBERS = 'from: "+14155550100", to: "+14155550101"'
TEXT = f"text: {{sms: {{account: AC{'0' * 32}, token: secret:sms, {NUMBERS}}}}}"
SMS = PAGES.replace("[slack]", "[slack, text]").replace("channels:\n", f"channels:\n  {TEXT}\n")
LATER = PAGES.replace("[slack]", "[slack], escalate: [{after: 15m, to: pager}]").replace(
    "channels:\n", "channels:\n  pager: {pagerduty: {key: secret:pager}}\n"
)
OWNS = '  belfry:ownsGrafanaPolicy: "true"\n'
CONFIDENTIAL = "correct-horse-battery-staple"


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ending:
        main(("render", *arguments))
    return int(ending.value.code or 0)


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout without platforms, in place of ours."""
    (tmp_path / "platforms").mkdir()
    home = Home(path=tmp_path / ".belfry", root=tmp_path)
    monkeypatch.setattr("engine.paths.find_home", lambda: home)
    return tmp_path


def files_below(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_every_backend_is_there() -> None:
    assert list(BACKENDS) == [one.value for one in Backend]


@pytest.mark.parametrize(("platform", "environment"), SHIPPED)
def test_every_environment_of_every_platform_has_files_for_every_backend(
    platform: str, environment: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    which = ("--platform", platform, "--environment", environment)
    assert run(*BACKENDS, *which, "--out", str(tmp_path)) == Status.DONE
    found = files_below(tmp_path)
    assert {path.partition("/")[0] for path in found} == set(BACKENDS)
    for path, text in found.items():
        assert text.endswith("\n"), path
        if path.endswith(".json"):
            json.loads(text)
        elif path.endswith(".yml"):
            assert isinstance(yaml.safe_load(text), dict), path
    written = capsys.readouterr().out
    assert len(written.splitlines()) == len(found)

    times = {path: (tmp_path / path).stat().st_mtime_ns for path in found}
    assert run(*BACKENDS, *which, "--out", str(tmp_path)) == Status.DONE
    assert {path: (tmp_path / path).stat().st_mtime_ns for path in found} == times
    assert capsys.readouterr().out == f"{len(found)} of {len(found)} files are as they were.\n"


def test_one_backend_alone_needs_no_folder_of_its_own(tmp_path: Path) -> None:
    assert run("worker", *PROD, "--out", str(tmp_path)) == Status.DONE
    assert list(files_below(tmp_path)) == ["config.json"]


def test_only_what_changed_is_written_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("grafana", *PROD, "--out", str(tmp_path), "--json") == Status.DONE
    first = json.loads(capsys.readouterr().out)
    assert first["folder"] == str(tmp_path)
    assert first["changed"] == first["files"] != []
    (tmp_path / "folder.json").write_text("{}", encoding="utf-8")
    assert run("grafana", *PROD, "--out", str(tmp_path), "--json") == Status.DONE
    second = json.loads(capsys.readouterr().out)
    assert second == {**first, "changed": ["folder.json"]}


def test_without_a_folder_the_files_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("worker", *PROD) == Status.DONE
    alone = capsys.readouterr().out
    assert json.loads(alone)["platform"] == "example"
    assert run("alertmanager", "worker", *PROD) == Status.DONE
    both = capsys.readouterr().out
    assert "alertmanager/alertmanager.yml ─" in both
    assert "worker/config.json ─" in both
    assert alone in both


def test_machines_get_all_files_as_one_value(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("prometheus", "grafana", *PROD, "--json") == Status.DONE
    told = json.loads(capsys.readouterr().out)
    assert run("prometheus", "grafana", *PROD, "--out", str(tmp_path)) == Status.DONE
    assert told == files_below(tmp_path)


def test_alerts_lead_to_the_overview_where_grafana_s_address_is_known(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for environment, links in (("cluster", True), ("local", False)):
        asked = ("prometheus", "--platform", "marketplace", "--environment", environment, "--json")
        assert run(*asked) == Status.DONE
        files = json.loads(capsys.readouterr().out)
        alerts = [text for path, text in files.items() if path.startswith("rules/")]
        board = "https://grafana.cluster.marketplace.example/d/marketplace-cluster-overview"
        assert all((f'dashboard_url: "{board}"' in text) is links for text in alerts)


def test_what_stand_ins_play_is_asked_where_localcloud_listens(
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked = ("prometheus", "--platform", "pitchey", "--environment", "local", "--json")
    assert run(*asked) == Status.DONE
    files = json.loads(capsys.readouterr().out)
    assert '"http://127.0.0.1:8787/services/api/api/health"' in files["prometheus.yml"]
    assert not any("https://api." in text for text in files.values())


def test_a_backend_that_is_named_twice_is_rendered_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("worker", "worker", *PROD, "--json") == Status.DONE
    assert list(json.loads(capsys.readouterr().out)) == ["config.json"]


def test_the_stack_says_what_is_not_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("worker", "--stack", "marketplace-prod") == Status.DONE
    assert json.loads(capsys.readouterr().out)["platform"] == "marketplace"
    assert run("worker", "--stack", "marketplace-prod", "--platform", "pitchey") == Status.DONE
    told = json.loads(capsys.readouterr().out)
    assert (told["platform"], told["environment"]) == ("pitchey", "prod")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("grafna",), "'grafna' is not one of 'prometheus', 'alertmanager', 'grafana', 'worker'"),
        ((), "Missing argument 'BACKEND...'"),
        (("worker", "--platform", "pitchy"), "did you mean pitchey?"),
        (("worker", "--platform", "pitchey", "--environment", "prd"), "did you mean prod?"),
        (("worker", "--out", ""), "it is empty: write a path"),
        (("worker", "--stack", "nowhere"), "there is no stack 'nowhere'"),
    ],
)
def test_what_is_asked_wrongly_is_bad_input(
    arguments: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments) == Status.BAD_INPUT
    told = capsys.readouterr()
    assert said in told.err
    assert told.out == ""


def test_a_folder_that_is_a_file_is_bad_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "file"
    file.write_text("mine", encoding="utf-8")
    assert run("worker", *PROD, "--out", str(file)) == Status.BAD_INPUT
    assert "is a file" in capsys.readouterr().err
    assert file.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("there", ["file in the way", "folder in the way"])
def test_what_cannot_be_written_fails_in_one_sentence(
    there: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if there == "file in the way":
        (tmp_path / "rules").write_text("mine", encoding="utf-8")
    else:
        (tmp_path / "folder.json").mkdir()
    assert run("grafana", *PROD, "--out", str(tmp_path)) == Status.FAILED
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"belfry: {tmp_path}")
    assert "cannot be written" in line


def test_a_file_that_is_no_text_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_bytes(b"\xff\xfe")
    assert run("worker", *PROD, "--out", str(tmp_path)) == Status.DONE
    json.loads((tmp_path / "config.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("backend", BACKENDS)
def test_no_value_of_a_secret_is_read_or_written(
    backend: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PULUMI_CONFIG_PASSPHRASE", "GRAFANA_AUTH", "CLOUDFLARE_API_TOKEN"):
        monkeypatch.setenv(name, CONFIDENTIAL)

    def refuse(*_: object) -> None:
        pytest.fail("a secret is read")

    monkeypatch.setattr("engine.stack_secrets.StackSecrets.values", refuse)
    assert run(backend, "--stack", "prod", "--out", str(tmp_path)) == Status.DONE
    assert CONFIDENTIAL not in "".join(files_below(tmp_path).values())


def test_whom_grafana_cannot_tell_is_bad_input(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (checkout / "platforms" / "shop.yaml").write_text(SMS, encoding="utf-8")
    out = checkout / "out"
    shop = ("--platform", "shop", "--environment", "prod", "--out", str(out))
    assert run("grafana", *shop) == Status.BAD_INPUT
    assert "Grafana cannot send SMS" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize("owns", [False, True])
def test_a_stack_that_owns_the_tree_has_it_and_another_is_told_that_it_needs_it(
    checkout: Path, capsys: pytest.CaptureFixture[str], *, owns: bool
) -> None:
    (checkout / "platforms" / "shop.yaml").write_text(LATER, encoding="utf-8")
    stack = f"config:\n  belfry:platform: shop\n  belfry:environment: prod\n{OWNS if owns else ''}"
    (checkout / "Pulumi.shop.yaml").write_text(stack, encoding="utf-8")
    ended = run("grafana", "--stack", "shop", "--json")
    told = capsys.readouterr()
    if owns:
        assert ended == Status.DONE
        assert "notification-policies.json" in json.loads(told.out)
    else:
        assert ended == Status.BAD_INPUT
        assert "let the stack own the tree (belfry:ownsGrafanaPolicy" in told.err


def test_a_file_of_a_set_that_is_no_more_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "old.json").write_text("{}", encoding="utf-8")
    (tmp_path / "mine.json").write_text("{}", encoding="utf-8")
    assert run("grafana", *PROD, "--out", str(tmp_path)) == Status.DONE
    old = tmp_path / "rules" / "old.json"
    said = f"{old} is not of this environment: remove it if it was.\n"
    assert capsys.readouterr().err == said
    assert old.exists()
    assert run("grafana", *PROD, "--out", str(tmp_path), "--json") == Status.DONE
    assert json.loads(capsys.readouterr().out)["left"] == ["rules/old.json"]


def test_two_processes_write_the_same_bytes(tmp_path: Path) -> None:
    for seed in ("1", "2"):
        subprocess.run(
            [sys.executable, "-m", "cli", "render", *BACKENDS, "-s", "prod", "-o", tmp_path / seed],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            timeout=300,
        )
    assert files_below(tmp_path / "1") == files_below(tmp_path / "2") != {}


def test_help_shows_examples(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--help") == Status.DONE
    assert "belfry render alertmanager --environment prod" in capsys.readouterr().out
