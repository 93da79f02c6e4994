"""How many calls whoever makes them may make in five minutes."""

from __future__ import annotations

import math
from collections import deque
from typing import TYPE_CHECKING

from localcloud.cloudflare.envelope import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

WINDOW = 300.0
"""Seconds."""

TOO_MANY = Refusal(
    status=429, code=971, message="Please wait and consider throttling your request speed"
)


class Rates:
    """Counts calls by caller."""

    def __init__(self, limit: int | None, clock: Callable[[], float]) -> None:
        """Let `limit` calls through in each window, None: all; `clock` tells seconds."""
        self._limit = limit
        self._clock = clock
        self._calls: dict[str, deque[float]] = {}

    def wait(self, caller: str) -> int | None:
        """Count a call; return None to let it through, else the seconds until one may be made."""
        if self._limit is None:
            return None
        now = self._clock()
        for name, calls in list(self._calls.items()):
            while calls and calls[0] <= now - WINDOW:
                calls.popleft()
            if not calls:
                del self._calls[name]
        calls = self._calls.setdefault(caller, deque())
        if len(calls) >= self._limit:
            return max(1, math.ceil(calls[0] + WINDOW - now))
        calls.append(now)
        return None
