"""Lines that are indented otherwise than their neighbours."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from belfry.diagnosis.mend import Mend, Mistake
from belfry.values.nonsense import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_USUAL = 2
_DASH = re.compile(r"- +(?=\S)")


@dataclass(slots=True)
class _Level:
    """Lines that are indented alike: by how much, which is the first, and how many there are."""

    blanks: int
    first: int
    lines: int = 1
    dash: int = 0
    """How far the level is from the dash that its first line begins with; 0 without one."""


def indent_of(line: str) -> int | None:
    """Count the blanks before a line; None when it is empty or a comment."""
    text = line.lstrip(" ")
    return None if not text.strip() or text.startswith("#") else len(line) - len(text)


def indentation_mends(lines: Sequence[str], failed: int) -> Iterator[Mend]:
    """Guess which line around the failure is indented wrongly, the likeliest first."""
    at = content_line(lines, failed)
    above = None if at is None else content_line(lines, at - 1)
    if at is None or above is None:
        return
    yield from _dash_too_many(lines, at)
    blanks = indent_of(lines[at]) or 0
    here = _Level(blanks, at)
    unit = _unit(lines)
    levels = _levels(lines, at)
    deeper = [level for level in levels if level.blanks > blanks]
    shallower = [level for level in levels if level.blanks < blanks]
    near = [level for level in shallower[-1:] if blanks - level.blanks < unit]
    far = [level for level in shallower[-1:] if level not in near]
    for level in (*deeper[:1], *near):
        if _is_odd(level, levels, blanks, unit):
            yield _shifted(lines, level.first, here, dash=level.dash)
    if deeper and shallower and deeper[0].blanks - shallower[-1].blanks > unit + deeper[0].dash:
        yield _headless(lines, at, deeper[0])
    as_above = levels[-1:]
    for level in _distinct((*deeper[:1], *as_above, *near)):
        yield _shifted(lines, at, level)
    for level in _distinct((here, *shallower[-1:], *levels)):
        yield _shifted(lines, above, level)
    if deeper:
        yield _headless(lines, at, deeper[0])
    elif shallower and shallower[-1] in as_above:
        yield _deeper_than_a_value(lines, at, above)
    yield from _dashless(lines, at, levels)
    for level in _distinct((*far, *deeper[1:])):
        yield _shifted(lines, at, level)
    for level in levels:
        yield _shifted(lines, level.first, here, dash=level.dash)


def _is_odd(level: _Level, levels: list[_Level], blanks: int, unit: int) -> bool:
    """Say whether a level is one line only, where this file would indent by `blanks`."""
    within = [other.blanks for other in levels if other.blanks < min(level.blanks, blanks)]
    usual = max(within) + unit if within else 0
    return level.lines == 1 and level.blanks != usual and blanks == usual


def _dashless(lines: Sequence[str], at: int, levels: list[_Level]) -> Iterator[Mend]:
    """Guess that an item of a list lost its dash: this line, or the first that is deeper."""
    blanks = indent_of(lines[at]) or 0
    if _DASH.match(lines[at], blanks):
        found = [(level.first, blanks) for level in levels if level.blanks > blanks]
    else:
        lists = [level for level in levels if _DASH.match(lines[level.first], level.blanks)]
        found = [(at, level.blanks) for level in reversed(lists)]
    for line, instead in found:
        text = lines[line].lstrip(" ")
        yield Mend(
            mistake=Mistake(
                line=line,
                column=len(lines[line]) - len(text),
                wrong="no dash begins this item of a list",
                right="begin it with a dash and a blank: - …",
            ),
            line=line,
            instead=(" " * instead + "- " + text,),
        )


def _dash_too_many(lines: Sequence[str], at: int) -> Iterator[Mend]:
    """Guess that a dash stands before one of several names with their values."""
    blanks = indent_of(lines[at]) or 0
    first = next((i for i in range(at, -1, -1) if _less(lines[i], blanks)), -1) + 1
    stop = next((i for i in range(at, len(lines)) if _less(lines[i], blanks)), len(lines))
    beside = [line for line in range(first, stop) if indent_of(lines[line]) == blanks]
    dashed = [line for line in beside if _DASH.match(lines[line], blanks)]
    if len(dashed) != 1 or len(beside) == 1:
        return
    (line,) = dashed
    yield Mend(
        mistake=Mistake(
            line=line,
            column=blanks,
            wrong="a list stands here, beside names with their values",
            right="write names with their values: remove the dash",
        ),
        line=line,
        instead=(_DASH.sub("", lines[line], count=1),),
    )


def _less(line: str, blanks: int) -> bool:
    own = indent_of(line)
    return own is not None and own < blanks


def content_line(lines: Sequence[str], at: int) -> int | None:
    """Give the last line up to here that is neither empty nor a comment."""
    at = min(at, len(lines) - 1)
    while at >= 0 and indent_of(lines[at]) is None:
        at -= 1
    return at if at >= 0 else None


def _levels(lines: Sequence[str], until: int) -> list[_Level]:
    """Give the levels that are open before a line, the outermost first."""
    levels: list[_Level] = []
    for index in range(until):
        blanks = indent_of(lines[index])
        if blanks is None:
            continue
        _enter(levels, blanks, index)
        text = lines[index]
        while (dash := _DASH.match(text, blanks)) is not None:
            _enter(levels, dash.end(), index, dash=dash.end() - (indent_of(text) or 0))
            blanks = dash.end()
    return levels


def _enter(levels: list[_Level], blanks: int, index: int, *, dash: int = 0) -> None:
    while levels and levels[-1].blanks > blanks:
        levels.pop()
    if levels and levels[-1].blanks == blanks:
        levels[-1].lines += 1
    else:
        levels.append(_Level(blanks, index, dash=dash))


def _unit(lines: Sequence[str]) -> int:
    """Give the number of blanks by which this file usually indents."""
    steps: Counter[int] = Counter()
    last = 0
    for line in lines:
        blanks = indent_of(line)
        if blanks is not None:
            steps[blanks - last] += blanks > last
            last = blanks
    return steps.most_common(1)[0][0] if +steps else _USUAL


def _distinct(levels: Sequence[_Level]) -> list[_Level]:
    return list({level.blanks: level for level in reversed(levels)}.values())[::-1]


def _shifted(lines: Sequence[str], at: int, like: _Level, *, dash: int = 0) -> Mend:
    """Indent a line like others; with a dash, so that what follows the dash is."""
    blanks = indent_of(lines[at]) or 0
    instead = max(like.blanks - dash, 0)
    right = f"indent it by {_counted(instead)}"
    if not dash:
        right += f", as line {like.first + 1}"
    return Mend(
        mistake=Mistake(
            line=at,
            column=blanks,
            wrong=f"this line is indented by {_counted(blanks)}, unlike its neighbours",
            right=right,
        ),
        line=at,
        instead=(" " * instead + lines[at].lstrip(" "),),
    )


def _headless(lines: Sequence[str], at: int, block: _Level) -> Mend:
    blanks = indent_of(lines[at]) or 0
    key = shown(lines[at].strip().split(":")[0])
    return Mend(
        mistake=Mistake(
            line=block.first,
            column=block.blanks,
            wrong=f"this line is indented by {_counted(block.blanks)}, but {key} on line {at + 1} "
            f"by {_counted(blanks)}",
            right="indent both alike, or write the name that this belongs to on a line above it",
        ),
        line=block.first,
        count=0,
        instead=(" " * blanks + "…:",),
    )


def _deeper_than_a_value(lines: Sequence[str], at: int, above: int) -> Mend:
    blanks, least = indent_of(lines[at]) or 0, indent_of(lines[above]) or 0
    return Mend(
        mistake=Mistake(
            line=at,
            column=blanks,
            wrong=f"this line is indented more than line {above + 1}, which has a value already",
            right="indent both alike, or write the name that this belongs to on a line above it",
        ),
        line=at,
        count=0,
        instead=(" " * least + "…:",),
    )


def _counted(blanks: int) -> str:
    return {0: "no blanks", 1: "1 blank"}.get(blanks, f"{blanks} blanks")
