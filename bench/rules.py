"""The cost of rules: loaded and judged, compiled for every backend, and linted; as they grow.

Half of the rules are the platform's own on signals, half of the catalogue about services. The bar
is two seconds for a thousand of them, everything together.
"""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from belfry.catalogue import load_catalogue
from belfry.lint.linting import lint
from belfry.lint.settings import Settings
from belfry.loading import load_platform
from belfry.rendering import Backend, rendered
from bench.reading import KINDS, platform_file
from bench.table import table
from bench.timing import median
from cli.compiling import compiled_offline

if TYPE_CHECKING:
    from collections.abc import Mapping

    from belfry.catalogue import Catalogue
    from belfry.language.platform import Platform

SIZES = (100, 1_000, 10_000)
RUNS = 3
BAR = 2.0
"""Seconds for 1,000 rules."""
_EACH = 2
"""Rules about a service: one of its own, one of the catalogue."""


def measure() -> str:
    """Do everything with the rules of platforms of several sizes, and return the table."""
    catalogue = load_catalogue()
    with tempfile.TemporaryDirectory() as folder:
        rows = [_row(Path(folder, "large.yaml"), size, catalogue) for size in SIZES]
    heads = ["rules", "load and judge", "Prometheus", "Grafana and Worker", "Alertmanager", "lint"]
    heads += ["all", f"a thousand, to {BAR:g} s"]
    note = f"Median of {RUNS}; lint reads what was rendered for Prometheus."
    return table("Rules, from the platform file to what backends read", heads, rows, note)


def _row(path: Path, rules: int, catalogue: Catalogue) -> list[str]:
    path.write_text(platform_file(rules // _EACH * KINDS), encoding="utf-8")

    def loaded() -> Platform:
        return load_platform(path, environment="prod", catalogue=catalogue)

    def written(*backends: Backend) -> Mapping[str, str]:
        compiled = cache(lambda: compiled_offline(platform, "prod", catalogue))
        files: dict[str, str] = {}
        for backend in backends:
            files |= rendered(backend, platform, "prod", catalogue, compiled)
        return files

    load, platform = median(loaded, runs=RUNS)
    prometheus, files = median(lambda: written(Backend.PROMETHEUS), runs=RUNS)
    others, _ = median(lambda: written(Backend.GRAFANA, Backend.WORKER), runs=RUNS)
    alertmanager, _ = median(lambda: written(Backend.ALERTMANAGER), runs=RUNS)
    settings = Settings(severities=tuple(platform.severities))
    linting, _ = median(
        lambda: [lint(text.encode(), name, settings) for name, text in files.items()], runs=RUNS
    )
    parts = (load, prometheus, others, alertmanager, linting)
    total = sum(parts)
    cells = [f"{part * 1000:.0f} ms" for part in (*parts, total)]
    return [f"{rules:,}", *cells, f"{total / rules * 1000 / BAR:.2f}"]
