"""The cost of a platform file: read, judged in every environment, compiled; as it grows.

Beside it stands what programs of the same use commonly do: PyYAML's fastest loader and jsonschema
with our own schema. That knows the form and no meaning, and gives no line.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bench.table import table
from bench.timing import median

if TYPE_CHECKING:
    from belfry.catalogue import Catalogue
    from belfry.language.platform import Platform

ROOT = Path(__file__).resolve().parent.parent
SIZES = (100, 1_000, 10_000)
RUNS = 5
KINDS = 4
"""Of the entries a quarter are services, checks, signals and rules of the platform's own."""
_HEAD = """\
platform: large
plans: {cloudflare: enterprise, health-checks: 10000}
environments:
  staging: {paging: shadow, domain: staging.large.example}
  prod: {paging: worker, domain: large.example}
severities:
  P0: {rank: 0, answer: 15m, resolve: 1h, channels: [people]}
channels:
  people: {slack: {webhook: secret:people}}
application: {of: service-0, runs-on: node}
"""


def platform_file(entries: int) -> str:
    """Write a platform of so many entries, each service needing the next."""
    count = max(entries // KINDS, 1)
    lines = [_HEAD + "services:"]
    lines += [
        f"  service-{i}: {{is: http-api, url: 'https://s{i}.${{domain}}', "
        f"needs: [{f'service-{i + 1}' if i + 1 < count else ''}]}}"
        for i in range(count)
    ]
    lines.append("checks:")
    lines += [f"  check-{i}: {{of: service-{i}, http: {{path: /health}}}}" for i in range(count)]
    lines.append("signals:")
    lines += [
        f"  errors-{i}: {{says: Errors of service {i}, from: sdk, of: service-{i}, in: share}}"
        for i in range(count)
    ]
    lines.append("rules:\n  all:\n    use: [WorkerDown]\n    own:")
    lines += [
        f"      Errors{i}: {{of: service-{i}, severity: P0, summary: Service {i} fails, "
        f"signal: errors-{i}, above: 5 %, over: 5m}}"
        for i in range(count)
    ]
    return "\n".join(lines) + "\n"


def measure() -> str:
    """Read and compile platforms of several sizes, and return the tables."""
    with tempfile.TemporaryDirectory() as folder:
        sizes = [_row(Path(folder, "large.yaml"), size) for size in SIZES]
    heads = ["entries", "load and check", "compile", "a thousand entries", "peak memory"]
    heads += ["a thousand entries", "PyYAML and jsonschema", "ratio"]
    note = (
        "Two environments, garbage collection off as in the program. "
        f"Median of {RUNS}; memory is what Python allocates at its peak, measured apart."
    )
    shipped = table(
        "The shipped platforms",
        ["platform", "lines", "load and check", "compile", "ratio of both to 150 ms"],
        [_shipped(name) for name in ("pitchey", "boulder-fest", "marketplace")],
        f"After imports; median of {RUNS}. `belfry check` of every platform as a process: "
        f"{_process() * 1000:.0f} ms, of 500 ms.",
    )
    return table("A platform file, as it grows", heads, sizes, note) + "\n\n" + shipped


def _row(path: Path, size: int) -> list[str]:
    path.write_text(platform_file(size), encoding="utf-8")
    loaded, platform = median(lambda: _load(path), runs=RUNS)
    compiled, _ = median(lambda: _compile(platform), runs=RUNS)
    peer, _ = median(lambda: _peer(path), runs=RUNS)
    tracemalloc.start()
    _compile(_load(path))
    memory = tracemalloc.get_traced_memory()[1] / 1024 / 1024
    tracemalloc.stop()
    both = loaded + compiled
    return [
        f"{size:,}",
        f"{loaded * 1000:.0f} ms",
        f"{compiled * 1000:.0f} ms",
        f"{both / size * 1e6:.0f} ms",
        f"{memory:.1f} MiB",
        f"{memory / size * 1000:.1f} MiB",
        f"{peer * 1000:.0f} ms",
        f"{loaded / peer:.2f}",
    ]


def _shipped(name: str) -> list[str]:
    path = ROOT / "platforms" / f"{name}.yaml"
    loaded, platform = median(lambda: _load(path), runs=RUNS)
    compiled, _ = median(lambda: _compile(platform), runs=RUNS)
    return [
        name,
        str(path.read_text(encoding="utf-8").count("\n")),
        f"{loaded * 1000:.0f} ms",
        f"{compiled * 1000:.0f} ms",
        f"{(loaded + compiled) / 0.150:.2f}",
    ]


def _load(path: Path) -> Platform:
    from belfry.loading import load_platform  # noqa: PLC0415 -- its import is not what is measured

    return load_platform(path, environment="prod", catalogue=_catalogue())


def _compile(platform: Platform) -> object:
    from belfry.compile import Target, compile_stack  # noqa: PLC0415

    return compile_stack(
        platform,
        environment="prod",
        catalogue=_catalogue(),
        worker_code="export default {};",
        dashboards=(),
        target=Target(workers_subdomain="large"),
    )


@cache
def _catalogue() -> Catalogue:
    from belfry.catalogue import load_catalogue  # noqa: PLC0415

    return load_catalogue()


def _peer(path: Path) -> int:
    import yaml  # noqa: PLC0415
    from jsonschema import Draft202012Validator  # noqa: PLC0415

    schema = json.loads((ROOT / "platforms" / "platform.schema.json").read_text(encoding="utf-8"))
    value = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    return len(list(Draft202012Validator(schema).iter_errors(value)))


def _process() -> float:
    """Measure `belfry check` as people run it: its modules were compiled by an earlier one."""
    seconds = []
    with tempfile.TemporaryDirectory() as compiled:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": compiled}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for _ in range(RUNS + 1):
            started = time.perf_counter()
            subprocess.run(
                [sys.executable, "-m", "cli", "check"],
                cwd=ROOT,
                check=True,
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            seconds.append(time.perf_counter() - started)
    return statistics.median(seconds[1:])
