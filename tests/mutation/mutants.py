"""What a tired person does to a file: one change, at one place, drawn from a seed."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_KEY = re.compile(r"(?:^\s*(?:- )?|[{,]\s*)([A-Za-z][A-Za-z0-9-]*):(?=\s|$)")
_WORD = re.compile(r"(?<=[\s\[{,])([a-z][a-z-]{3,})(?=[\s\]},]|$)")
_AMOUNT = re.compile(r"(?<![\w-])([0-9]+)(ms|s|m|h|d)(?![\w-])")
_SHARE = re.compile(r"([0-9.]+) ?%")
_UNITS = ("ms", "s", "m", "h", "d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A file with one mistake in it."""

    what: str
    lines: tuple[int, ...]
    """The lines that were changed, from 1; of a dropped line, where it was."""
    text: str


def mutants(text: str, count: int, seed: int) -> Iterator[Mutant]:
    """Draw so many mutants of a file, every kind in turn; comments and empty lines are spared."""
    draw = random.Random(seed)
    lines = text.splitlines()
    living = [at for at, line in enumerate(lines) if line.split("#", maxsplit=1)[0].strip()]
    kinds = tuple(CHANGES.items())
    made = 0
    while made < count:
        what, change = kinds[made % len(kinds)]
        for _ in range(1_000):
            found = change(list(lines), draw.choice(living), draw)
            if found is not None and found[0] != lines:
                break
        else:
            message = f"no line of the file can be changed so: {what}"
            raise AssertionError(message)
        changed, where = found
        made += 1
        yield Mutant(what=what, lines=tuple(at + 1 for at in where), text="\n".join(changed) + "\n")


def _drop(lines: list[str], at: int, _: random.Random) -> tuple[list[str], tuple[int, ...]]:
    return lines[:at] + lines[at + 1 :], (at, at + 1)


def _swap(lines: list[str], at: int, _: random.Random) -> tuple[list[str], tuple[int, ...]] | None:
    if at + 1 >= len(lines):
        return None
    lines[at], lines[at + 1] = lines[at + 1], lines[at]
    return lines, (at, at + 1)


def _repeat(lines: list[str], at: int, _: random.Random) -> tuple[list[str], tuple[int, ...]]:
    return [*lines[: at + 1], lines[at], *lines[at + 1 :]], (at, at + 1)


def _indent(blanks: int) -> Callable[..., tuple[list[str], tuple[int, ...]] | None]:
    def change(
        lines: list[str], at: int, _: random.Random
    ) -> tuple[list[str], tuple[int, ...]] | None:
        if blanks < 0:
            if not lines[at].startswith(" " * -blanks):
                return None
            lines[at] = lines[at][-blanks:]
        else:
            lines[at] = " " * blanks + lines[at]
        return lines, (at,)

    return change


def _within(
    pattern: re.Pattern[str], made: Callable[[re.Match[str], random.Random], str]
) -> Callable[..., tuple[list[str], tuple[int, ...]] | None]:
    """Change one of the places in a line that a pattern finds."""

    def change(
        lines: list[str], at: int, draw: random.Random
    ) -> tuple[list[str], tuple[int, ...]] | None:
        found = list(pattern.finditer(lines[at]))
        if not found:
            return None
        match = draw.choice(found)
        lines[at] = lines[at][: match.start()] + made(match, draw) + lines[at][match.end() :]
        return lines, (at,)

    return change


def _misspelt(match: re.Match[str], draw: random.Random) -> str:
    whole, word = match[0], match[1]
    place = draw.randrange(len(word))
    before = max(place - 1, 0)
    other = draw.choice("abcdefghijklmnopqrstuvwxyz".replace(word[place].lower(), ""))
    wrong = draw.choice(
        (
            word[:place] + word[place + 1 :],
            word[:place] + word[place] * 2 + word[place + 1 :],
            word[:place] + other + word[place + 1 :],
            word[:before] + word[before : place + 1][::-1] + word[place + 1 :],
        )
    )
    return whole.replace(word, wrong, 1)


def _other_unit(match: re.Match[str], draw: random.Random) -> str:
    return match[1] + draw.choice([unit for unit in ("", "min", *_UNITS) if unit != match[2]])


def _without_sign(match: re.Match[str], _: random.Random) -> str:
    return match[1]


def _without(sign: str) -> Callable[..., tuple[list[str], tuple[int, ...]] | None]:
    return _within(re.compile(re.escape(sign)), lambda *_: "")


CHANGES: dict[str, Callable[..., tuple[list[str], tuple[int, ...]] | None]] = {
    "a line is dropped": _drop,
    "two lines are swapped": _swap,
    "a line is written twice": _repeat,
    "a line is indented by one more": _indent(1),
    "a line is indented by two more": _indent(2),
    "a line is indented by one less": _indent(-1),
    "a line is indented by two less": _indent(-2),
    "a key is misspelt": _within(_KEY, _misspelt),
    "a word is misspelt": _within(_WORD, _misspelt),
    "a unit is another": _within(_AMOUNT, _other_unit),
    "a sign of per cent is forgotten": _within(_SHARE, _without_sign),
    "a colon is forgotten": _without(":"),
    "a blank after a colon is forgotten": _within(re.compile("(?<=:) "), lambda *_: ""),
    "an opening bracket is forgotten": _within(re.compile(r"[\[{]"), lambda *_: ""),
    "a closing bracket is forgotten": _within(re.compile(r"[\]}]"), lambda *_: ""),
    "a comma is forgotten": _without(","),
    "a quotation mark is forgotten": _within(re.compile("[\"']"), lambda *_: ""),
}
