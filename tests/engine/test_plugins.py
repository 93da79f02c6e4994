"""Which provider plugin a localcloud stack gets."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING

import pytest

from engine import plugins
from engine.paths import ROOT, Home

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = f"resource-cloudflare-v{version('pulumi-cloudflare')}"
BINARY = "pulumi-resource-cloudflare"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("PATH", f"{tmp_path / 'path'}:/usr/bin:/bin")
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    monkeypatch.delenv("PULUMI_HOME", raising=False)
    return Home(path=tmp_path / "home", root=tmp_path)


def plugin(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_the_stand_in_is_there_where_nothing_else_is(home: Home) -> None:
    plugins.provide(home)
    place = home.pulumi / "plugins" / FOLDER / BINARY
    assert place.resolve() == home.standins / BINARY
    assert "engine.standins cloudflare" in place.read_text(encoding="utf-8")


def test_the_real_one_in_the_users_cache_is_preferred(home: Home, tmp_path: Path) -> None:
    real = plugin(tmp_path / "user/.pulumi/plugins" / FOLDER / BINARY)
    plugins.provide(home)
    assert (home.pulumi / "plugins" / FOLDER / BINARY).resolve() == real


def test_one_of_another_version_is_not(home: Home, tmp_path: Path) -> None:
    plugin(tmp_path / "user/.pulumi/plugins" / "resource-cloudflare-v1.0.0" / BINARY)
    plugins.provide(home)
    assert (home.pulumi / "plugins" / FOLDER / BINARY).resolve() == home.standins / BINARY


def test_the_real_one_on_path_is_left_to_pulumi(home: Home, tmp_path: Path) -> None:
    plugins.provide(home)
    plugin(tmp_path / "path" / BINARY)
    plugins.provide(home)
    assert not (home.pulumi / "plugins" / FOLDER / BINARY).exists()


def test_a_sourced_env_file_does_not_make_the_stand_in_look_real(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugins.provide(home)
    monkeypatch.setenv("PULUMI_HOME", str(home.pulumi))
    plugins.provide(home)
    place = home.pulumi / "plugins" / FOLDER / BINARY
    assert place.resolve() == home.standins / BINARY


@pytest.mark.parametrize("plugin", ["engine.standins.__main__", "engine.language_host"])
def test_a_plugin_starts_without_the_sdk_and_who_imports_it_gets_it_whole(plugin: str) -> None:
    script = f"""
import sys, {plugin}
from engine.protocol import plugin_pb2
assert not [name for name in ("pulumi", "pulumi.runtime") if name in sys.modules]
import pulumi.runtime.settings
from pulumi.runtime import proto
from pulumi.runtime.proto import plugin_pb2 as theirs
assert theirs is plugin_pb2
assert proto.PluginInfo is plugin_pb2.PluginInfo
assert pulumi.Output and proto.resource_pb2
"""
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)
