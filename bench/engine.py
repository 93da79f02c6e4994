"""The engine's time: up, unchanged and destroy, beside the same program over a plugin of nothing.

Both run the same program on the same Pulumi with the same file backend. The difference is what the
stand-ins and localcloud cost: property tables, HTTP, SQLite, starting the Worker in workerd.
"""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.large import platform_file
from bench.table import table
from engine import localcloud
from engine.operations import open_session
from engine.paths import ROOT, Home

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from engine.operations import Session
    from engine.pulumi import Summary

SERVICES = 300
_OWN = ("platforms", "__main__.py", ".belfry", ".git")
"""What the bench's project does not share with the checkout."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Figures:
    resources: int
    up: float
    unchanged: float
    destroy: float


def measure(*, services: int = SERVICES) -> str:
    """Bring both platforms up and down with both plugins, and return the table.

    Args:
        services: how many the larger platform has.

    """
    rows = []
    for stack, title in (("local", "pitchey"), ("large", f"{services} services")):
        floor = _figures(stack, services, nothing=True)
        ours = _figures(stack, services, nothing=False)
        for name, one in ((f"{title}, a plugin of nothing", floor), (f"{title}, localcloud", ours)):
            rows.append([name, str(one.resources), *_cells(one, floor)])
    heads = ["platform and plugin", "resources", "up", "ratio", "unchanged", "ratio"]
    return table(
        "The engine",
        [*heads, "destroy", "ratio"],
        rows,
        "One run each, from Pulumi's start to its end; the second run of the same stack, so that "
        "property tables and bytecode are there. The file backend rewrites the whole state twice "
        "a resource in both.",
    )


def _cells(one: _Figures, floor: _Figures) -> list[str]:
    cells = []
    for name in ("up", "unchanged", "destroy"):
        mine, least = getattr(one, name), getattr(floor, name)
        cells += [f"{mine:.1f} s", f"{mine / least:.2f}"]
    return cells


def _figures(stack: str, services: int, *, nothing: bool) -> _Figures:
    with tempfile.TemporaryDirectory(prefix="belfry-bench-") as folder:
        home = _project(Path(folder), services)
        with _session(home, stack, nothing=nothing) as session:
            if stack == "local":  # warm, once, with the small one
                _run(session.stack.up(_silent), {"create"})
                _run(session.stack.destroy(_silent), {"delete"})
            up, summary = _timed(lambda: session.stack.up(_silent))
            _run(summary, {"create"})
            unchanged, again = _timed(lambda: session.stack.up(_silent))
            _run(again, {"same"})
            destroy, gone = _timed(lambda: session.stack.destroy(_silent))
            _run(gone, {"delete", "same"})
    return _Figures(resources=summary.counts["create"], up=up, unchanged=unchanged, destroy=destroy)


def _run(summary: Summary, expected: set[str]) -> None:
    if not summary.succeeded or not set(summary.counts) <= expected:
        message = f"{summary.operation}: {dict(summary.counts)} {summary.errors}"
        raise RuntimeError(message)


def _project(folder: Path, services: int) -> Home:
    """Lay out a project of its own that shares the checkout's code and tools."""
    root = folder / "project"
    root.mkdir()
    for entry in ROOT.iterdir():
        if entry.name not in _OWN and not entry.name.startswith("Pulumi."):
            (root / entry.name).symlink_to(entry)
    shutil.copy(ROOT / "Pulumi.yaml", root)
    shutil.copy(ROOT / "__main__.py", root)  # it finds the project by its own place
    (root / "platforms").mkdir()
    shutil.copy(ROOT / "platforms" / "pitchey.yaml", root / "platforms")
    (root / "platforms" / "large.yaml").write_text(platform_file(services), encoding="utf-8")
    local = (ROOT / "Pulumi.local.yaml").read_text(encoding="utf-8")
    (root / "Pulumi.local.yaml").write_text(local, encoding="utf-8")
    large = local.replace("belfry:platform: pitchey", "belfry:platform: large")
    (root / "Pulumi.large.yaml").write_text(large, encoding="utf-8")
    home = Home(path=folder / "home", root=root)
    home.path.mkdir()
    tools = Path(os.environ.get("BELFRY_TOOLS_HOME", ROOT / ".belfry"))
    home.bin.mkdir()
    for name in ("pulumi", "node"):
        (home.bin / name).symlink_to((tools / "bin" / name).resolve())
    for name in ("tools", "cache"):
        (home.path / name).symlink_to((tools / name).resolve())
    return home


@contextmanager
def _session(home: Home, stack: str, *, nothing: bool) -> Iterator[Session]:
    try:
        session = open_session(home, stack, _silent)
        if session.client is None:
            raise RuntimeError(f"the stack {stack} is not one of localcloud's")
        session.client.pause_crons(paused=True)
        if nothing:
            variables = session.stack.environment
            variables["PATH"] = os.pathsep.join([_plugins(home), variables["PATH"]])
        yield session
    finally:
        localcloud.stop(home, _silent)


def _plugins(home: Home) -> str:
    """Put plugins of nothing where Pulumi looks first."""
    folder = home.path / "nothing"
    folder.mkdir()
    for name in ("cloudflare", "grafana"):
        script = folder / f"pulumi-resource-{name}"
        command = shlex.join([sys.executable, "-m", "bench.nothing"])
        lines = ["#!/bin/sh", f"export PYTHONPATH={shlex.quote(str(ROOT))}", f'exec {command} "$@"']
        script.write_text("\n".join([*lines, ""]), encoding="utf-8")
        script.chmod(0o755)
    return str(folder)


def _timed(operation: Callable[[], Summary]) -> tuple[float, Summary]:
    started = time.perf_counter()
    summary = operation()
    return time.perf_counter() - started, summary


def _silent(_line: str) -> None:
    pass
