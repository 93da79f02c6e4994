"""Bodies of requests, read to their end before anybody answers.

Whoever answers then runs from its first look at the store to its last write without another
request in between: nothing it looked at can be changed or gone by the time it writes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import Message, Receive


async def whole(receive: Receive) -> Receive | None:
    """Return what tells a request's body at once; None: the client went away in the middle."""
    chunks: list[bytes] = []
    more = True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            return None
        chunks.append(message.get("body", b""))
        more = message.get("more_body", False)
    waiting: list[Message] = [
        {"type": "http.request", "body": b"".join(chunks), "more_body": False}
    ]

    async def told() -> Message:
        return waiting.pop() if waiting else await receive()

    return told
