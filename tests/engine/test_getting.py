"""Getting binaries: whole or not at all, one at a time, and said in one sentence when it fails."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from engine import getting
from engine.binaries import find
from engine.errors import EngineError
from engine.paths import ROOT, Home
from engine.tools import GO_MODULES, TOOLS

if TYPE_CHECKING:
    from pathlib import Path

    from engine.tools import GoModule

GO = """#!/bin/sh
if [ "$1" = version ]; then echo 'go version go1.26.1 linux/amd64'; exit 0; fi
flags= out= packages=
while [ $# -gt 0 ]; do
  case $1 in
    -o) out=$2 ;;
    -ldflags) flags=$2 ;;
    github.com/*) packages="$packages $1" ;;
  esac
  shift
done
touch "$out/half"
{then}
rm "$out/half"
for package in $packages; do
  printf '#!/bin/sh\\necho %s\\n' "${flags##*=}" > "$out/${package##*/}"
  chmod +x "$out/${package##*/}"
done
"""
"""A compiler that makes programs which only tell the version that was stamped on them."""


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
    assert (home.tools / "pulumi" / "pulumi").samefile(home.bin / "pulumi")


def test_the_language_host_is_pulumis_own_where_there_is_one(home: Home) -> None:
    for name in ("pulumi", "pulumi-language-python"):
        program = home.root / "path" / name
        program.write_text("#!/bin/sh\necho v3.250.0\n", encoding="utf-8")
        program.chmod(0o755)
    getting.get(["pulumi"], home, lambda _: None)
    assert (home.bin / "pulumi").resolve() == home.root / "path" / "pulumi"
    assert not (home.bin / "pulumi-language-python").exists()


def test_one_build_makes_all_binaries_of_a_module(home: Home) -> None:
    builds = home.root / "builds"
    compiler(home, then=f"echo $packages >> {builds}")
    said: list[str] = []
    timings = getting.get(["promtool", "alertmanager", "amtool"], home, said.append)
    assert [timing.name for timing in timings] == ["promtool", "alertmanager"]
    assert len(builds.read_text(encoding="utf-8").splitlines()) == 2
    assert len([line for line in said if "building" in line]) == 2
    places = {name: find(name, home) for name in ("promtool", "amtool", "alertmanager")}
    assert {name: place and (place.source, place.version) for name, place in places.items()} == {
        "promtool": ("got", "3.14.0"),
        "amtool": ("got", "0.31.1"),
        "alertmanager": ("got", "0.31.1"),
    }


def test_judges_are_not_put_beside_pulumi(home: Home) -> None:
    compiler(home)
    getting.get(["promtool"], home, lambda _: None)
    assert not (home.bin / "promtool").exists()


def test_builds_share_their_caches_and_leave_none(home: Home) -> None:
    counted = home.root / "counted"
    compiler(home, then=f'mkdir -p "$GOCACHE/$$" && ls "$GOCACHE" | wc -l >> {counted}')
    getting.get(["promtool", "amtool"], home, lambda _: None)
    assert counted.read_text(encoding="utf-8").split() == ["1", "2"]
    assert not (home.cache / "go").exists()


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
    waits = home.root / "waits"
    until_waited_for = f"for i in $(seq 3000); do [ -e {waits} ] && break; sleep 0.02; done"
    compiler(home, then=f"echo built >> {count}; {until_waited_for}")
    script = (
        "from pathlib import Path\n"
        "from engine import getting\nfrom engine.paths import Home\n"
        f"home = Home(path=Path({str(home.path)!r}), root=Path({str(home.root)!r}))\n"
        "def say(line):\n"
        "    print(line)\n"
        f"    if 'waiting for it' in line: Path({str(waits)!r}).touch()\n"
        "getting.get(['pulumi'], home, say)\n"
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


def test_the_pinned_versions_are_the_ones_that_are_named() -> None:
    modules = {module.folder: module for module in GO_MODULES}
    pulumi = modules["pulumi"].version
    major, minor, patch = modules["prometheus"].version.split(".")
    pinned = {
        "pulumi": [f"pulumi/pulumi/{part}/v3 v{pulumi}" for part in ("pkg", "sdk")],
        # Prometheus 3.14.0 is v0.314.0 as a Go module.
        "prometheus": [f"prometheus/prometheus v0.{major}{minor:0>2}.{patch}"],
        "alertmanager": [f"prometheus/alertmanager v{modules['alertmanager'].version}"],
    }
    assert pinned.keys() == modules.keys()
    for folder, pins in pinned.items():
        lines = (ROOT / "tools" / folder / "go.mod").read_text(encoding="utf-8").splitlines()
        for pin in pins:
            assert any(line.strip().startswith(f"github.com/{pin} ") for line in lines), pin


def test_a_go_module_names_what_is_built_of_it() -> None:
    for module in GO_MODULES:
        text = (ROOT / "tools" / module.folder / "go.mod").read_text(encoding="utf-8")
        for package in module.packages:
            assert re.search(rf"^(tool )?\s*{re.escape(package)}$", text, re.MULTILINE), package


@pytest.mark.parametrize("module", GO_MODULES, ids=lambda module: str(module.folder))
def test_a_stand_in_has_the_name_of_what_it_stands_in_for(module: GoModule) -> None:
    folder = ROOT / "tools" / module.folder
    text = (folder / "go.mod").read_text(encoding="utf-8")
    replaced = re.findall(r"^\s*(\S+) => \./(without/\S+)$", text, re.MULTILINE)
    for name, place in replaced:
        own = (folder / place / "go.mod").read_text(encoding="utf-8")
        assert own.splitlines()[0] == f"module {name}"
        assert "require" not in own
    made = {f"without/{place.name}" for place in folder.glob("without/*")}
    assert {place for _, place in replaced} == made


def test_alertmanager_is_built_of_what_pulumi_has_compiled_already() -> None:
    """Modules of both have one version, unless its own is newer and has to be."""
    pulumi, alertmanager = (
        dict(re.findall(r"^\s+(\S+) (v\S+)", text, re.MULTILINE))
        for text in (
            (ROOT / "tools" / folder / "go.mod").read_text(encoding="utf-8")
            for folder in ("pulumi", "alertmanager")
        )
    )
    shared = pulumi.keys() & alertmanager.keys()
    assert {"google.golang.org/grpc", "google.golang.org/protobuf"} <= shared
    others = {name for name in shared if pulumi[name] != alertmanager[name]}
    assert others <= {"github.com/shurcooL/httpfs", "github.com/shurcooL/vfsgen"}


def test_pulumi_keeps_state_in_files_and_in_what_speaks_s3() -> None:
    text = (ROOT / "tools/pulumi/go.mod").read_text(encoding="utf-8")
    for name in ("gocloud.dev", "github.com/aws/aws-sdk-go-v2/service/s3"):
        assert re.search(rf"^\s*{re.escape(name)} v\S+", text, re.MULTILINE)
        assert not re.search(rf"^(replace )?\s*{re.escape(name)}( v\S+)? =>", text, re.MULTILINE)


def test_no_lock_file_names_a_host() -> None:
    for name in ("node/package-lock.json", "node/requirements.txt", "go/requirements.txt"):
        text = (ROOT / "tools" / name).read_text(encoding="utf-8")
        assert "resolved" not in text
        assert "--index" not in text
        assert "registry" not in text
