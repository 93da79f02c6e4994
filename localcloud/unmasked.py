"""WebSocket frames of a client that come without a mask, as wrangler's first one does.

RFC 6455 has servers end such a connection, and the library behind ours does. Cloudflare's does not.
"""

from __future__ import annotations

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

_MASKED = 0x80
_LENGTHS = {126: 2, 127: 8}
"""Bytes of the length that follow, where the short one says so."""
_NO_CHANGE = bytes(4)
"""A mask is added bit by bit."""


class Masking:
    """Gives each frame of a stream that has no mask one that changes nothing."""

    def __init__(self) -> None:
        """The stream begins with a frame."""
        self._head = bytearray()
        self._left = 0

    def masked(self, received: bytes) -> bytes:
        """Return the next bytes of the stream with all masks; they may end anywhere in a frame."""
        told = bytearray()
        place = 0
        while place < len(received):
            if self._left:
                taken = received[place : place + self._left]
                told += taken
                place += len(taken)
                self._left -= len(taken)
                continue
            self._head.append(received[place])
            place += 1
            told += self._whole_head()
        return bytes(told)

    def _whole_head(self) -> bytes:
        """Return the head of a frame when all of it is there, with a mask if it had none."""
        head = self._head
        if len(head) < 2:
            return b""
        short = head[1] & ~_MASKED
        more = _LENGTHS.get(short, 0)
        if len(head) < 2 + more:
            return b""
        length = int.from_bytes(head[2:]) if more else short
        self._head = bytearray()
        if head[1] & _MASKED:
            self._left = len(_NO_CHANGE) + length
            return bytes(head)
        self._left = length
        head[1] |= _MASKED
        return bytes(head) + _NO_CHANGE


class MasklessProtocol(WebSocketsSansIOProtocol):
    """Uvicorn's WebSockets, for clients that leave out masks too."""

    _masking: Masking | None = None

    def data_received(self, data: bytes) -> None:
        """Take bytes from the client: first its request, then frames."""
        if not self.handshake_initiated:
            super().data_received(data)
            return
        if self._masking is None:
            self._masking = Masking()
        super().data_received(self._masking.masked(data))
