"""Stack files, and the environment that a stack's Pulumi gets."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
import yaml

from engine.errors import EngineError
from engine.paths import ROOT, Home
from engine.pulumi import Stack, environment
from engine.stacks import load_stack, stack_names
from tests.engine.workbench import lay_out

if TYPE_CHECKING:
    from pathlib import Path

    from tests.engine.workbench import Workbench


def test_the_stacks_of_the_checkout_are_read() -> None:
    names = stack_names(ROOT)
    assert list(names) == sorted(names)
    assert {"local", "prod", "staging", "boulder-fest-local", "marketplace-cluster"} <= set(names)
    local, prod = load_stack(ROOT, "local"), load_stack(ROOT, "prod")
    assert (local.platform, local.environment, local.localcloud) == ("pitchey", "local", True)
    assert (prod.platform, prod.environment, prod.localcloud) == ("pitchey", "prod", False)


def test_a_stack_that_does_not_exist_is_told_with_those_that_do() -> None:
    with pytest.raises(EngineError, match=r"no stack 'prd'.*local.*, prod, staging"):
        load_stack(ROOT, "prd")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("config: {belfry:platform: p}", "does not say belfry:environment"),
        ("", "does not say belfry:platform and belfry:environment"),
        ("config: [", "is not YAML"),
    ],
)
def test_a_stack_file_that_says_too_little_is_a_mistake(
    tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "Pulumi.x.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(EngineError, match=said):
        load_stack(tmp_path, "x")


def test_every_key_of_the_stack_files_is_declared_and_described() -> None:
    declared = yaml.safe_load((ROOT / "Pulumi.yaml").read_text(encoding="utf-8"))["config"]
    assert all(key.get("description") for key in declared.values())
    for name in stack_names(ROOT):
        told = yaml.safe_load((ROOT / f"Pulumi.{name}.yaml").read_text(encoding="utf-8"))
        for key in told["config"]:
            assert key.removeprefix("belfry:") in declared


def test_making_the_local_stack_does_not_touch_its_file(tmp_path: Path) -> None:
    for name in ("Pulumi.yaml", "Pulumi.local.yaml"):
        shutil.copy2(ROOT / name, tmp_path / name)
    (tmp_path / "__main__.py").write_text("", encoding="utf-8")
    home = lay_out(Home(path=tmp_path / "home", root=tmp_path))
    stack = Stack(home, load_stack(tmp_path, "local"))
    stack.prepare()
    assert stack.up(lambda _: None).succeeded
    before = (ROOT / "Pulumi.local.yaml").read_text(encoding="utf-8")
    assert (tmp_path / "Pulumi.local.yaml").read_text(encoding="utf-8") == before


def test_a_stack_on_real_accounts_keeps_the_callers_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULUMI_BACKEND_URL", "s3://somewhere")
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "of the caller")
    monkeypatch.delenv("PULUMI_HOME", raising=False)
    home = Home(path=tmp_path)
    given = environment(home, localcloud=False)
    assert given["PULUMI_BACKEND_URL"] == "s3://somewhere"
    assert given["PULUMI_CONFIG_PASSPHRASE"] == "of the caller"
    assert "PULUMI_HOME" not in given
    assert given["PATH"].split(os.pathsep)[0] == str(home.bin)
    assert str(home.standins) not in given["PATH"]


def test_a_stack_on_localcloud_keeps_everything_in_the_state_directory(tmp_path: Path) -> None:
    home = Home(path=tmp_path / "a home")
    given = environment(home, localcloud=True)
    assert given["PULUMI_HOME"].startswith(str(home.path))
    assert given["PULUMI_BACKEND_URL"].startswith(f"file://{tmp_path}/a%20home/")
    assert given["PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"] == "true"


def test_a_shell_keeps_the_passphrase_and_the_backend_of_localcloud_from_every_other_stack(
    tmp_path: Path,
) -> None:
    for name in ("Pulumi.yaml", "Pulumi.local.yaml", "Pulumi.prod.yaml"):
        shutil.copy2(ROOT / name, tmp_path / name)
    home = lay_out(Home(path=tmp_path / "home", root=tmp_path))
    Stack(home, load_stack(tmp_path, "local")).prepare()
    home.bin.unlink()  # the binaries of other tests too
    home.bin.mkdir()
    (home.bin / "pulumi").write_text("#!/bin/sh\nenv\n", encoding="utf-8")
    (home.bin / "pulumi").chmod(0o755)

    def shell(command: str) -> dict[str, str]:
        own = {"PATH": "/usr/bin:/bin", "PULUMI_BACKEND_URL": "s3://mine"}
        told = subprocess.run(
            ["/bin/sh", "-c", f". {home.env}; {command}"],
            env=own,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        return dict(line.partition("=")[::2] for line in told.splitlines())

    for command in ("pulumi up -s prod", "pulumi config set --stack=prod --secret a", "pulumi up"):
        given = shell(command)
        assert "PULUMI_CONFIG_PASSPHRASE" not in given, command
        assert given["PULUMI_BACKEND_URL"] == "s3://mine", command
    for command in (
        "pulumi up -s local",
        "pulumi --stack=local preview",
        "pulumi up --stack local",
    ):
        given = shell(command)
        assert given["PULUMI_BACKEND_URL"].startswith("file://"), command
        assert given["PULUMI_HOME"] == str(home.pulumi), command


def test_pulumi_keeps_no_logs_of_a_localcloud_stack(bench: Workbench) -> None:
    logs = bench.home.pulumi / "logs"
    logs.unlink()
    logs.mkdir()
    (logs / "of-an-older-release.log").touch()
    bench.stack.prepare()
    assert "deployment" in bench.stack.export()
    assert logs.read_bytes() == b""
