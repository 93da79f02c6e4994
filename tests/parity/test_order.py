"""Keys come over the wire in another order in each process: never a change by itself."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from engine.standins.packages import PACKAGES
from tests.parity.lives import Life, Secret, files, read

KINDS = {token: kind for package in PACKAGES.values() for token, kind in package.kinds.items()}
LIVES = [read(path) for path in files()]


def shuffled(value: Any, dice: Random) -> Any:
    """The same value, with secrets opened and the keys of every object in some order."""
    match value:
        case Secret():
            return shuffled(value.value, dice)
        case dict():
            names = list(value)
            dice.shuffle(names)
            return {name: shuffled(value[name], dice) for name in names}
        case list():
            return [shuffled(item, dice) for item in value]
        case _:
            return value


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.name)
def test_inputs_whose_keys_come_in_another_order_are_the_same(life: Life) -> None:
    kind, dice = KINDS[life.type], Random(6)
    for inputs in (life.inputs, {**life.inputs, **life.change}):
        for _ in range(10):
            before, after = shuffled(inputs, dice), shuffled(inputs, dice)
            assert not list(kind.changes(before, after))
