"""Node, as the Worker's tests run it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOME = Path(os.environ.get("BELFRY_HOME", ROOT / ".belfry"))


def node() -> str:
    """Give the path of Node; tests fail without it."""
    for candidate in (
        os.environ.get("BELFRY_NODE"),
        str(HOME / "bin" / "node"),
        shutil.which("node"),
    ):
        if candidate and Path(candidate).exists():
            return candidate
    pytest.fail("Node is missing: run `belfry tools get node` (make test does)")
