"""The Worker's own tests, by Node's runner: one Python test a file, so one summary counts all."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.worker.node import HOME, ROOT, node

if TYPE_CHECKING:
    from pathlib import Path

SUITES = sorted((ROOT / "worker" / "test").glob("*.test.js"))


def test_there_are_suites_to_run() -> None:
    assert SUITES, "worker/test holds no *.test.js"


@pytest.mark.parametrize("suite", SUITES, ids=lambda path: path.name.removesuffix(".test.js"))
def test_the_workers_own_tests_pass(suite: Path) -> None:
    modules = os.environ.get("BELFRY_NODE_MODULES", str(HOME / "tools" / "node" / "node_modules"))
    run = subprocess.run(
        [node(), "--test", "--test-reporter=spec", str(suite)],
        cwd=ROOT / "worker",
        env={**os.environ, "BELFRY_NODE_MODULES": modules},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-8000:] + run.stderr[-2000:]
