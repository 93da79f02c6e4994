"""The cost of compiling a platform into arguments, a resource, as the platform grows.

The file is not read: a platform of N services is made in memory, so that the figure is the
compiler's alone.
"""

from __future__ import annotations

from bench.table import table
from bench.timing import median

RUNS = 7
SIZES = (10, 100, 1_000, 5_000)
BAR = 50
"""Microseconds a resource."""


def measure() -> str:
    """Compile platforms of several sizes and return the table."""
    from tests.unit.platforms import generated  # noqa: PLC0415 -- the tests' own generator

    rows = []
    for size in SIZES:
        seconds, resources = median(generated(size), runs=RUNS)
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
