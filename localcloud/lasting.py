"""How long a localcloud lasts: what keeps its parts running, and what ends it."""

from __future__ import annotations

import asyncio
import logging
import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

_LOG = logging.getLogger("localcloud")
_PAUSE = 1.0
"""Seconds before what failed is started again."""


class Ended:
    """Whether a localcloud is to end, and why: the first reason counts."""

    def __init__(self) -> None:
        """Nothing ends it yet."""
        self.reason = ""
        self._event = asyncio.Event()

    def set(self, reason: str) -> None:
        """Have it end."""
        self.reason = self.reason or reason
        self._event.set()

    def heed_signals(self) -> None:
        """Have it end, in good order, when it is told to as processes are."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            loop.add_signal_handler(number, self.set, number.name)

    async def wait_with(self, serving: asyncio.Task[None]) -> None:
        """Wait for a reason; that the server stops by itself is one.

        Raises:
            Exception: the server failed, with this.

        """
        ending = asyncio.create_task(self._event.wait())
        await asyncio.wait({ending, serving}, return_when=asyncio.FIRST_COMPLETED)
        if serving.done():
            serving.result()
            self.set("the server stopped by itself")


async def kept_up(what: str, run: Callable[[], Awaitable[None]], pause: float = _PAUSE) -> None:
    """Run something that never ends, until cancelled; when it fails, say so and run it again."""
    while True:
        try:
            await run()
        except Exception:  # noqa: BLE001 (said, and mended as far as that goes)
            _LOG.exception("%s failed and is started again", what)
        else:
            _LOG.error("%s ended and is started again", what)
        await asyncio.sleep(pause)


def lasting(parts: Mapping[str, Callable[[], Awaitable[None]]]) -> list[asyncio.Task[None]]:
    """Return what keeps each part up, by what it is called."""
    return [asyncio.create_task(kept_up(what, run)) for what, run in parts.items()]
