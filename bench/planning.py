"""`belfry plan` against a flat Pulumi program that declares the same resources with the same SDK.

The flat program is written from the plan itself: one constructor call a resource, no component, no
loader, no compiler. Both run in a process of their own under the SDK's mocks, in turn.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.table import table

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parent.parent
RUNS = 7

_OURS = """
import json, resource, time
started = time.perf_counter()
from pathlib import Path
from engine.recorder import record
plan = record(Path({root!r}), stack={stack!r}, platform=None, environment=None)
json.dumps(plan.as_json())
_figures = (time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
print(json.dumps(_figures))
"""

_PLAN = """
import json
from pathlib import Path
from engine.recorder import record
plan = record(Path({root!r}), stack={stack!r}, platform=None, environment=None)
print(json.dumps(plan.as_json()))
"""

_FLAT_HEAD = """
import json, resource, time
started = time.perf_counter()
import asyncio
asyncio.set_event_loop(asyncio.new_event_loop())
import pulumi
import pulumi.runtime

class Mocks(pulumi.runtime.Mocks):
    def new_resource(self, args):
        return [args.name + "-id", dict(args.inputs)]
    def call(self, args):
        return {}

pulumi.runtime.set_mocks(Mocks(), preview=True)
import pulumi_cloudflare
import pulumiverse_grafana
from pulumi import Output

def program():
"""

_FLAT_TAIL = """
program()
asyncio.get_event_loop().run_until_complete(pulumi.runtime.stack.wait_for_rpcs())
_figures = (time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
print(json.dumps(_figures))
"""

_FREE_KEYS = {"labels", "annotations", "headers", "details"}
"""Properties whose keys are the user's own and are never renamed."""


@dataclass(frozen=True, slots=True)
class _Figures:
    seconds: float
    mebibytes: float


def measure(stack: str = "local") -> str:
    """Run both programs in turn and return the table."""
    ours_source = _OURS.format(root=str(ROOT), stack=stack)
    plan = _plan(stack)
    flat_source = flat_program(plan)
    with tempfile.TemporaryDirectory() as folder:
        ours, flat = Path(folder, "ours.py"), Path(folder, "flat.py")
        ours.write_text(ours_source, encoding="utf-8")
        flat.write_text(flat_source, encoding="utf-8")
        for script in (ours, flat):
            _run(script)  # once unmeasured: bytecode and file caches warm for both
        pairs = [(_run(ours), _run(flat)) for _ in range(RUNS)]
    time_ratio = statistics.median(a.seconds / b.seconds for a, b in pairs)
    memory_ratio = statistics.median(a.mebibytes / b.mebibytes for a, b in pairs)
    custom = len(_custom(plan))
    rows = [
        [
            "flat program",
            f"{statistics.median(b.seconds for _, b in pairs):.2f} s",
            "1.00",
            f"{statistics.median(b.mebibytes for _, b in pairs):.0f} MiB",
            "1.00",
        ],
        [
            "belfry plan",
            f"{statistics.median(a.seconds for a, _ in pairs):.2f} s",
            f"{time_ratio:.2f}",
            f"{statistics.median(a.mebibytes for a, _ in pairs):.0f} MiB",
            f"{memory_ratio:.2f}",
        ],
    ]
    return table(
        f"belfry plan, stack {stack}, {custom} resources of providers",
        ["program", "time", "ratio", "peak memory", "ratio"],
        rows,
        f"Medians of {RUNS} pairs, run in turn, a process each, imports included.",
    )


def flat_program(plan: Mapping[str, object]) -> str:
    """The source of a program that declares the plan's resources one by one."""
    lines = []
    for index, resource in enumerate(_custom(plan)):
        call = _constructor(str(resource["type"]))
        inputs = resource["inputs"]
        assert isinstance(inputs, dict)  # noqa: S101 -- the plan's own contract
        arguments = "".join(
            f", {_snake(key)}={_literal(value, key)}" for key, value in inputs.items()
        )
        lines.append(f"    {call}({(str(resource['name']) + f'-{index}')!r}{arguments})")
    return _FLAT_HEAD + "\n".join(lines) + "\n" + _FLAT_TAIL


def _plan(stack: str) -> dict[str, object]:
    script = _PLAN.format(root=str(ROOT), stack=stack)
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    plan: dict[str, object] = json.loads(done.stdout)
    return plan


def _custom(plan: Mapping[str, object]) -> list[dict[str, object]]:
    resources = plan["resources"]
    assert isinstance(resources, list)  # noqa: S101 -- the plan's own contract
    return [r for r in resources if not str(r["type"]).startswith(("belfry:", "pulumi:"))]


def _constructor(token: str) -> str:
    package, module, name = token.split(":")
    folder = module.split("/")[0]
    if package == "cloudflare":
        return f"pulumi_cloudflare.{name}"
    return f"pulumiverse_grafana.{folder}.{name}"


def _snake(name: str) -> str:
    snake = re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()
    return f"{snake}_" if snake in {"for", "from"} else snake


def _literal(value: object, key: str = "") -> str:
    if isinstance(value, dict):
        if set(value) == {"secret"}:
            return f"Output.secret({value['secret']!r})"
        if set(value) == {"unknown"}:
            return "'unknown'"
        rename = (lambda name: name) if key in _FREE_KEYS else _snake
        return "{" + ", ".join(f"{rename(k)!r}: {_literal(v, k)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_literal(item, key) for item in value) + "]"
    return repr(value)


def _run(script: Path) -> _Figures:
    done = subprocess.run(
        [sys.executable, str(script)],
        cwd=ROOT,
        env={**_environment()},
        capture_output=True,
        text=True,
        check=True,
    )
    seconds, kibibytes = json.loads(done.stdout.splitlines()[-1])
    return _Figures(seconds, kibibytes / 1024)


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
