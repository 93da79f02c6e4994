"""What a plugin refuses of a program's inputs before anything is asked of the service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.standins import shapes
from engine.standins.values import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.standins.kinds import Kind
    from engine.standins.shapes import KindShape
    from engine.standins.values import Properties, Value


def findings(kind: Kind, shape: KindShape, inputs: Properties) -> Iterator[tuple[str, str]]:
    """Every mistake: the path of the property and the reason, the first one of each path."""
    told: set[str] = set()
    for path, why in (*shapes.mistakes(inputs, shape.inputs), *_meant(kind, inputs)):
        if path not in told:
            told.add(path)
            yield path, why


def _meant(kind: Kind, inputs: Properties) -> Iterator[tuple[str, str]]:
    """What is wrong with values of the right kind."""
    for name, why in kind.refused.items():
        if inputs.get(name) not in (None, [], {}):
            yield name, why
    given = [name for name in kind.one_of if inputs.get(name) is not None]
    if kind.one_of and len(given) != 1:
        what = "none is given" if not given else f"{' and '.join(given)} are given"
        yield kind.one_of[0], f"exactly one of {', '.join(kind.one_of)} is needed; {what}"
    for dotted, words in kind.choices.items():
        for path, value in _at(inputs, dotted.split("."), ""):
            if isinstance(value, str) and value.lower() not in {word.lower() for word in words}:
                yield path, f"{shapes.shortened(value)} is none of {', '.join(map(repr, words))}"
    for dotted, ranges in kind.bounds.items():
        for path, value in _at(inputs, dotted.split("."), ""):
            if isinstance(value, int | float) and not any(low <= value <= up for low, up in ranges):
                told = " or ".join(
                    str(low) if low == up else f"{low} to {up}" for low, up in ranges
                )
                yield path, f"{value} is not within {told}"


def _at(value: Value, steps: list[str], path: str) -> Iterator[tuple[str, Value]]:
    """The values at a dotted path, lists walked through, each with its own path."""
    match value:
        case Unknown() | None:
            return
        case list():
            for index, item in enumerate(value):
                yield from _at(item, steps, f"{path}[{index}]")
        case dict() if steps:
            below = f"{path}.{steps[0]}" if path else steps[0]
            yield from _at(value.get(steps[0]), steps[1:], below)
        case _ if not steps:
            yield path, value
