"""The Worker's own tests, by Node's runner: one Python test a file, so one summary counts all."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SUITES = sorted((ROOT / "worker" / "test").glob("*.test.js"))


def _node() -> str:
    home = Path(os.environ.get("BELFRY_HOME", ROOT / ".belfry"))
    for candidate in (
        os.environ.get("BELFRY_NODE"),
        str(home / "bin" / "node"),
        shutil.which("node"),
    ):
        if candidate and Path(candidate).exists():
            return candidate
    pytest.fail("Node is missing: run `belfry tools get node` (make test does)")


def test_there_are_suites_to_run() -> None:
    assert SUITES, "worker/test holds no *.test.js"


@pytest.mark.parametrize("suite", SUITES, ids=lambda path: path.name.removesuffix(".test.js"))
def test_the_workers_own_tests_pass(suite: Path) -> None:
    home = Path(os.environ.get("BELFRY_HOME", ROOT / ".belfry"))
    modules = os.environ.get("BELFRY_NODE_MODULES", str(home / "tools" / "node" / "node_modules"))
    run = subprocess.run(
        [_node(), "--test", "--test-reporter=spec", str(suite)],
        cwd=ROOT / "worker",
        env={**os.environ, "BELFRY_NODE_MODULES": modules},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-8000:] + run.stderr[-2000:]
