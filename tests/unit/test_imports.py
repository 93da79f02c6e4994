"""The core stays light: a command that only reads a file pays for nothing else."""

from __future__ import annotations

import subprocess
import sys

from tests.unit.shop import ROOT

HEAVY = ("pulumi", "jsonschema", "hypothesis", "httpx", "asyncio", "click", "rich", "json.tool")
PROGRAM = f"""
import sys
from pathlib import Path
from belfry.compile import compile_stack
from belfry.loading import load_platform
load_platform(Path("platforms/pitchey.yaml"))
print([name for name in {HEAVY!r} if name in sys.modules])
"""


def test_reading_a_platform_imports_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
