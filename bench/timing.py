"""How long something takes: the median of several runs in this process."""

from __future__ import annotations

import gc
import statistics
import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Made = TypeVar("Made")


def median(run: Callable[[], Made], *, runs: int) -> tuple[float, Made]:
    """Give the median of the seconds that `run` takes, and what it made last.

    One run more comes first, which is not counted.
    """
    seconds = []
    made = run()
    for _ in range(runs):
        gc.collect()
        gc.disable()  # as the program does
        started = time.perf_counter()
        made = run()
        seconds.append(time.perf_counter() - started)
        gc.enable()
    return statistics.median(seconds), made
