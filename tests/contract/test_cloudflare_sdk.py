"""Cloudflare's SDK is loaded in parts, and what comes of it is the SDK's own."""

from __future__ import annotations

import importlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import components.cloudflare

HERE = Path(components.cloudflare.__file__).parent
ROOT = HERE.parents[1]
NAMED = sorted(
    {
        name
        for path in HERE.glob("*.py")
        for name in re.findall(
            r"\bcloudflare\.([A-Z]\w+|get_\w+)", path.read_text(encoding="utf-8")
        )
    }
)
ASKS = """
import importlib, json, sys
{before}
package = importlib.import_module("pulumi_cloudflare")
found = {{name: getattr(package, name) for name in json.loads(sys.argv[1])}}
modules = sum(name.startswith("pulumi_cloudflare.") for name in sys.modules)
where = {{name: f"{{one.__module__}}.{{one.__qualname__}}" for name, one in found.items()}}
print(json.dumps([modules, where]))
"""


def asked(before: str) -> tuple[int, dict[str, str]]:
    """Say how many modules were loaded, and where each name stands, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", ASKS.format(before=before), json.dumps(NAMED)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    modules, where = json.loads(done.stdout)
    return modules, where


def test_what_components_name_is_the_sdk_s_own_and_the_rest_is_not_loaded() -> None:
    assert len(NAMED) > 50
    modules, where = asked("import program.register")
    all_modules, everything = asked("")
    assert where == everything
    assert modules < all_modules / 8


def test_a_name_that_is_none_is_missed_as_in_any_module() -> None:
    package = importlib.import_module("pulumi_cloudflare")
    with pytest.raises(AttributeError, match="NoSuchResource"):
        _ = package.NoSuchResource
