"""The innermost parts in which two values differ, by their paths as Pulumi writes them."""

from __future__ import annotations

import json
import re
from itertools import zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.documents import Json

_PLAIN = re.compile(r"[^.\[\]\"]+")


def leaves(was: Json, now: Json) -> Iterator[tuple[str, Json, Json]]:
    """Give path, first and second value of all that differs; the path is empty for the whole.

    Of two lists, what they begin and end with alike is left out, so that an entry that was added at
    the front is one entry; what is between is compared in turn.
    """
    if isinstance(was, dict) and isinstance(now, dict):
        for name in dict.fromkeys((*was, *now)):
            step = f".{name}" if _PLAIN.fullmatch(name) else f"[{json.dumps(name)}]"
            for path, before, after in leaves(was.get(name), now.get(name)):
                yield f"{step}{path}", before, after
    elif isinstance(was, list) and isinstance(now, list):
        head = _alike(was, now)
        tail = _alike(was[head:][::-1], now[head:][::-1])
        middle = zip_longest(was[head : len(was) - tail], now[head : len(now) - tail])
        for index, (before, after) in enumerate(middle, head):
            for path, inner, outer in leaves(before, after):
                yield f"[{index}]{path}", inner, outer
    elif was != now:
        yield "", was, now


def _alike(was: list[Json], now: list[Json]) -> int:
    """Count how many entries two lists begin with alike."""
    pairs = enumerate(zip(was, now, strict=False))
    shorter = min(len(was), len(now))
    return next((index for index, (one, other) in pairs if one != other), shorter)
