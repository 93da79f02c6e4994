"""Where inside a property two values differ, in Pulumi's notation."""

from __future__ import annotations

import json
import re
from enum import StrEnum
from itertools import zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.standins.values import Value

_PLAIN = re.compile(r"\w+")


class Difference(StrEnum):
    """What became of the value at a place."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


def places(old: Value, new: Value, path: str) -> Iterator[tuple[str, Difference]]:
    """Every innermost place that differs: `rules[0].annotations.summary`."""
    match old, new:
        case dict(), dict():
            for name in sorted(old.keys() | new.keys()):
                step = f".{name}" if _PLAIN.fullmatch(name) else f"[{json.dumps(name)}]"
                yield from places(old.get(name), new.get(name), path + step)
        case list(), list():
            for index, (was, now) in enumerate(zip_longest(old, new)):
                yield from places(was, now, f"{path}[{index}]")
        case None, _ if new is not None:
            yield path, Difference.ADDED
        case _, None if old is not None:
            yield path, Difference.REMOVED
        case _ if old != new:
            yield path, Difference.CHANGED
