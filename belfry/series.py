"""Values over time, a value a minute, in promtool's notation.

`1x3` is 1 four times, `0+2x3` is 0 2 4 6, `_` is a minute without a value, `_x3` three of them.
"""

from __future__ import annotations

import re

from belfry.values.nonsense import Nonsense, shown

LONGEST = 10_080
"""Minutes: a week."""

Series = tuple[float | None, ...]

_NUMBER = r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,9})?"
_STEP = re.compile(rf"(?P<first>{_NUMBER})(?:(?P<add>[+-](?:{_NUMBER}))?x(?P<times>[0-9]{{1,5}}))?")
_GAP = re.compile(r"_(?:x(?P<times>[0-9]{1,5}))?")


def parse_series(text: str) -> Series:
    """Read a series; None is a minute without a value.

    Raises:
        Nonsense: the text is something else, or longer than a week.

    """
    values: list[float | None] = []
    for step in text.split():
        if gap := _GAP.fullmatch(step):
            values += [None] * min(int(gap["times"] or 1), LONGEST + 1)
        elif match := _STEP.fullmatch(step):
            first, add = float(match["first"]), float(match["add"] or 0)
            times = min(int(match["times"] or 0), LONGEST)
            values += [first + add * index for index in range(times + 1)]
        else:
            raise Nonsense(
                f"{shown(step)} is not a step of a series", "write values such as 1x5 0x2 _"
            )
        if len(values) > LONGEST:
            raise Nonsense("the series is longer than a week", "write a shorter one")
    if not values:
        raise Nonsense("the series is empty", "write values such as 1x5 0x2 _")
    return tuple(values)
