"""A counter that whoever watches can wait for."""

from __future__ import annotations

import asyncio
import contextlib


class Changes:
    """Counts changes."""

    def __init__(self) -> None:
        """Begin at one, so that a watcher who knows nothing is told at once."""
        self.count = 1
        self._news = asyncio.Event()
        self._over = False

    def close(self) -> None:
        """Let nobody wait any more."""
        self._over = True
        self.note()

    def note(self, _what: str = "") -> None:
        """Something changed."""
        self.count += 1
        self._news.set()
        self._news = asyncio.Event()

    async def after(self, known: int, patience: float) -> int:
        """Return the count as soon as it is not the one that is known, or when patience ends."""
        if self.count == known and not self._over:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(patience):
                    await self._news.wait()
        return self.count
