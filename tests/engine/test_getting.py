"""Getting binaries: whole or not at all, one at a time, and said in one sentence when it fails."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from engine import getting
from engine.binaries import TOOLS, find
from engine.errors import EngineError
from engine.paths import ROOT, Home

if TYPE_CHECKING:
    from pathlib import Path

GO = """#!/bin/sh
if [ "$1" = version ]; then echo 'go version go1.26.1 linux/amd64'; exit 0; fi
out=
while [ $# -gt 0 ]; do
  if [ "$1" = -o ]; then out=$2; fi
  shift
done
printf '#!/bin/sh\\necho v3.259.0\\n' > "$out.half"
{then}
mv "$out.half" "$out"
chmod +x "$out"
"""
"""A compiler that makes a pulumi which only tells its version."""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    for tool in TOOLS:
        monkeypatch.delenv(f"BELFRY_{tool.upper()}", raising=False)
    monkeypatch.setenv("PATH", f"{tmp_path / 'path'}:/usr/bin:/bin")
    (tmp_path / "path").mkdir()
    return Home(path=tmp_path / "home", root=tmp_path)


def compiler(home: Home, then: str = "") -> None:
    go = home.root / "path" / "go"
    go.write_text(GO.replace("{then}", then), encoding="utf-8")
    go.chmod(0o755)


def test_pulumi_is_built_once_with_a_line_of_progress_and_its_time(home: Home) -> None:
    compiler(home)
    said: list[str] = []
    (timing,) = getting.get(["pulumi"], home, said.append)
    assert timing.name == "pulumi"
    assert "tools/pulumi" in timing.how
    assert any("building" in line for line in said)
    found = find("pulumi", home)
    assert found is not None
    assert found.version == "3.259.0"
    assert getting.get(["pulumi"], home, said.append) == ()


def test_the_language_host_stands_beside_a_pulumi_of_ours(home: Home) -> None:
    compiler(home)
    getting.get(["pulumi"], home, lambda _: None)
    host = home.bin / "pulumi-language-python"
    assert os.access(host, os.X_OK)
    assert not (home.bin / "pulumi").is_symlink()


def test_the_language_host_is_pulumis_own_where_there_is_one(home: Home) -> None:
    for name in ("pulumi", "pulumi-language-python"):
        program = home.root / "path" / name
        program.write_text("#!/bin/sh\necho v3.250.0\n", encoding="utf-8")
        program.chmod(0o755)
    getting.get(["pulumi"], home, lambda _: None)
    assert (home.bin / "pulumi").resolve() == home.root / "path" / "pulumi"
    assert not (home.bin / "pulumi-language-python").exists()


def test_what_fails_is_told_in_a_sentence_and_leaves_nothing(home: Home) -> None:
    compiler(home, then="echo 'no space left' >&2; exit 1")
    with pytest.raises(EngineError) as failure:
        getting.get(["pulumi"], home, lambda _: None)
    assert "no space left" in str(failure.value)
    assert "pulumi is not on PATH and could not be got" in str(failure.value)
    assert "\n" not in str(failure.value)
    assert find("pulumi", home) is None
    assert [path.name for path in home.tools.iterdir()] == [".lock"]


def test_a_killed_build_leaves_nothing_half_and_the_next_one_succeeds(home: Home) -> None:
    started = home.tools / "started"
    script = (
        "from pathlib import Path\n"
        "from engine import getting\nfrom engine.paths import Home\n"
        f"home = Home(path=Path({str(home.path)!r}), root=Path({str(home.root)!r}))\n"
        "getting.get(['pulumi'], home, lambda _: None)\n"
    )
    compiler(home, then=f"echo $$ > {started}; exec sleep 60")
    building = subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    deadline = time.monotonic() + 60
    while not (started.is_file() and started.read_text(encoding="utf-8").strip()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    building.kill()
    building.wait()
    os.kill(int(started.read_text(encoding="utf-8")), signal.SIGKILL)
    assert find("pulumi", home) is None
    compiler(home)
    getting.get(["pulumi"], home, lambda _: None)
    assert find("pulumi", home) is not None
    assert [path.name for path in home.tools.iterdir() if ".part-" in path.name] == []


def test_two_at_once_build_once(home: Home) -> None:
    count = home.root / "builds"
    compiler(home, then=f"echo built >> {count}; sleep 1")
    script = (
        "from pathlib import Path\n"
        "from engine import getting\nfrom engine.paths import Home\n"
        f"home = Home(path=Path({str(home.path)!r}), root=Path({str(home.root)!r}))\n"
        "getting.get(['pulumi'], home, print)\n"
    )
    both = [
        subprocess.Popen(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    said = "".join(process.communicate()[0] for process in both)
    assert [process.returncode for process in both] == [0, 0]
    assert count.read_text(encoding="utf-8").splitlines() == ["built"]
    assert "waiting for it" in said


def test_a_missing_tool_is_told_with_the_command_that_gets_it(home: Home) -> None:
    with pytest.raises(EngineError, match="belfry tools get node"):
        getting.ensure("node", home)


def test_the_pinned_pulumi_is_the_one_that_is_named() -> None:
    module = (ROOT / "tools/pulumi/go.mod").read_text(encoding="utf-8")
    for part in ("pkg", "sdk"):
        assert f"github.com/pulumi/pulumi/{part}/v3 v{getting.PULUMI_VERSION}" in module


def test_no_lock_file_names_a_host() -> None:
    for name in ("node/package-lock.json", "node/requirements.txt", "go/requirements.txt"):
        text = (ROOT / "tools" / name).read_text(encoding="utf-8")
        assert "resolved" not in text
        assert "--index" not in text
        assert "registry" not in text
