"""The cost of compiling a platform into arguments, a resource, as the platform grows.

The file is not read: a platform of N services is made in memory, so that the figure is the
compiler's alone.
"""

from __future__ import annotations

import gc
import statistics
import time
from typing import TYPE_CHECKING

from bench.table import table

if TYPE_CHECKING:
    from collections.abc import Callable

RUNS = 7
SIZES = (10, 100, 1_000, 5_000)
BAR = 50
"""Microseconds a resource."""


def measure() -> str:
    """Compile platforms of several sizes and return the table."""
    from tests.unit.platforms import generated  # noqa: PLC0415 -- the tests' own generator

    rows = []
    for size in SIZES:
        seconds, resources = _median(generated(size))
        rows.append(
            [
                str(size),
                str(resources),
                f"{seconds * 1000:.1f} ms",
                f"{seconds / resources * 1e6:.1f} µs",
                f"{seconds / resources * 1e6 / BAR:.2f}",
            ]
        )
    return table(
        "Compile, without reading the file",
        ["services", "resources", "time", "a resource", f"ratio to {BAR} µs"],
        rows,
        f"Median of {RUNS}.",
    )


def _median(run: Callable[[], int]) -> tuple[float, int]:
    figures = []
    resources = run()
    for _ in range(RUNS):
        gc.collect()
        gc.disable()  # as the program does
        started = time.perf_counter()
        resources = run()
        figures.append(time.perf_counter() - started)
        gc.enable()
    return statistics.median(figures), resources
