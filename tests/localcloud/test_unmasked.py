"""Frames without a mask are taken as if they had one; all others are left as they are."""

from __future__ import annotations

import itertools

from hypothesis import example, given, settings
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode
from websockets.protocol import Protocol, Side

from localcloud.unmasked import Masking

SIZES = st.sampled_from([0, 1, 125, 126, 127, 65_535, 65_536])
FRAMES = st.lists(st.tuples(SIZES, st.booleans()), min_size=1, max_size=5)


def received(stream: list[bytes]) -> list[bytes]:
    """Return the messages that a server of the library takes from a stream."""
    server = Protocol(Side.SERVER, max_size=None)
    masking = Masking()
    for piece in stream:
        server.receive_data(masking.masked(piece))
    assert server.parser_exc is None
    return [bytes(one.data) for one in server.events_received() if isinstance(one, Frame)]


@settings(deadline=None)
@given(frames=FRAMES, cuts=st.lists(st.integers(0, 70_000), max_size=6))
@example(frames=[(3, False), (3, True)], cuts=[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
def test_every_frame_comes_through_however_the_stream_is_cut(
    frames: list[tuple[int, bool]], cuts: list[int]
) -> None:
    contents = [bytes([number]) * size for number, (size, _) in enumerate(frames)]
    stream = b"".join(
        Frame(Opcode.BINARY, content).serialize(mask=mask)
        for content, (_, mask) in zip(contents, frames, strict=True)
    )
    places = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    pieces = [stream[a:b] for a, b in itertools.pairwise(places)]
    assert received(pieces) == contents
