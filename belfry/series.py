"""Values over time, a value a minute, in promtool's notation.

`1x3` is 1 four times, `0+2x3` is 0 2 4 6, `_` is a minute without a value, `_x3` three of them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from belfry.values.nonsense import Nonsense, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST = 10_080
"""Minutes: a week."""

Series = tuple[float | None, ...]
Step = tuple[float | None, float, int]
"""The first value, None for a gap, what each minute adds to it, and for how many minutes."""

_NUMBER = r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,9})?"
_STEP = re.compile(rf"(?P<first>{_NUMBER})(?:(?P<add>[+-](?:{_NUMBER}))?x(?P<times>[0-9]{{1,5}}))?")
_GAP = re.compile(r"_(?:x(?P<times>[0-9]{1,5}))?")


def parse_series(text: str) -> Series:
    """Read a series; None is a minute without a value.

    Raises:
        Nonsense: the text is something else, or longer than a week.

    """
    values: list[float | None] = []
    for first, add, count in steps_of(text):
        if first is None:
            values += [None] * count
        else:
            values += [first + add * index for index in range(count)]
    return tuple(values)


def steps_of(text: str) -> Sequence[Step]:
    """Read the steps of a series, without laying out their minutes.

    Raises:
        Nonsense: the text is something else, or longer than a week.

    """
    steps = [_step(step) for step in text.split()]
    minutes = sum(count for _, _, count in steps)
    if not minutes:
        raise Nonsense("the series is empty", "write values such as 1x5 0x2 _")
    if minutes > LONGEST:
        raise Nonsense("the series is longer than a week", "write a shorter one")
    return steps


def _step(step: str) -> Step:
    if gap := _GAP.fullmatch(step):
        return None, 0, int(gap["times"] or 1)
    if match := _STEP.fullmatch(step):
        return float(match["first"]), float(match["add"] or 0), int(match["times"] or 0) + 1
    raise Nonsense(f"{shown(step)} is not a step of a series", "write values such as 1x5 0x2 _")
