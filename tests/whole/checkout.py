"""A copy of the checkout with a home of its own, in which the command line is used as people do."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import cache_from_source
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.localcloud import Client, running
from engine.paths import Home

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 300
"""Seconds; nothing here comes near it on a machine with nothing else to do."""


@dataclass(frozen=True, slots=True)
class Checkout:
    """A copy of the project, and how to run commands in it."""

    root: Path

    @property
    def home(self) -> Path:
        return self.root / ".belfry"

    @property
    def platform_file(self) -> Path:
        return self.root / "platforms" / "pitchey.yaml"

    def environment(self) -> dict[str, str]:
        names = {"BELFRY_HOME", "PYTHONPATH", "PULUMI_HOME", "PULUMI_BACKEND_URL"}
        names.add("PYTHONDONTWRITEBYTECODE")  # what is compiled in a copy is its own
        inherited = {key: value for key, value in os.environ.items() if key not in names}
        return {**inherited, "PYTHONPATH": str(self.root), "NO_COLOR": "1"}

    def run(self, *arguments: str, expect: int | None = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "cli", *arguments],
            cwd=self.root,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        if expect is not None:
            assert done.returncode == expect, done.stdout + done.stderr
        return done

    def json(self, *arguments: str) -> Any:
        return json.loads(self.run(*arguments, "--json").stdout)

    def shell(self, script: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["/bin/sh", "-c", f". .belfry/env; {script}"],
            cwd=self.root,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def control(self) -> Client:
        discovery = running(Home(path=self.home, root=self.root))
        assert discovery is not None, "localcloud is not running"
        return Client(discovery)


def until(condition: Callable[[], Any], what: str) -> Any:
    """What the condition gives once it is true; fails with its last value after PATIENCE."""
    deadline = time.monotonic() + PATIENCE
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < deadline, f"still not so after {PATIENCE} s: {what}"
        time.sleep(0.05)


def _tool_home() -> Path:
    return Path(os.environ.get("BELFRY_TOOLS_HOME", ROOT / ".belfry"))


def _copy(source: Path, target: Path) -> None:
    """Copy what is there with its time, by which Python knows that bytecode is not out of date."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileNotFoundError):
        shutil.copy2(source, target)


def copy_of_the_checkout(place: Path) -> Checkout:
    """Give a copy of what is or would be in the repository, compiled as far as this one is."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    for name in filter(None, listed.split("\0")):
        source, target = ROOT / name, place / name
        if source.is_file():
            _copy(source, target)
            if source.suffix == ".py":
                _copy(Path(cache_from_source(source)), Path(cache_from_source(target)))
    home = place / ".belfry"
    (home / "bin").mkdir(parents=True)
    tools = _tool_home()
    for binary in ("pulumi", "node"):
        there = tools / "bin" / binary
        assert there.exists(), f"{binary} is missing: run `belfry tools get` (make test does)"
        (home / "bin" / binary).symlink_to(there.resolve())
    for folder in ("tools", "cache"):
        (tools / folder).mkdir(exist_ok=True)
        (home / folder).symlink_to((tools / folder).resolve())
    return Checkout(place)
