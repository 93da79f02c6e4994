"""Values that a state holds as secrets: they compare as what they are, and are never shown."""

from __future__ import annotations

import json
from itertools import zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.documents import Document, Json

_SIGNATURE = "4dabf18193072939515e22adb298388d"
"""The key by which Pulumi's states mark a value as special."""
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 -- what is written under it
_NAMES = ("name", "id")
"""What tells the entries of a list apart, where they have it."""


class Sealed:
    """Marks a value of Pulumi's as a secret. Truth values and nothings are too few to be one."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Be no leak wherever values are printed to find a mistake."""
        return "(secret)"


class SealedText(Sealed, str):
    """A text, or part of one, that is a secret."""

    __slots__ = ()


class SealedWhole(Sealed, int):
    """A whole number that is a secret."""


class SealedReal(Sealed, float):
    """Any other number that is a secret."""


def unsealed(value: Json) -> Json:
    """Take the wrapping off secrets, however deep they stand, and mark what was in it."""
    match value:
        case {"plaintext": str(text), **rest} if _SIGNATURE in rest:
            opened: Json = json.loads(text)
            return sealed(unsealed(opened))
        case dict():
            return {name: unsealed(part) for name, part in value.items()}
        case list():
            return [unsealed(part) for part in value]
        case _:
            return value


def sealed(value: Json) -> Json:
    """Mark every text and number of a value as a secret."""
    match value:
        case None | bool() | Sealed():
            return value
        case str():
            return SealedText(value)
        case int():
            return SealedWhole(value)
        case float():
            return SealedReal(value)
        case dict():
            return {name: sealed(part) for name, part in value.items()}
        case list():
            return [sealed(part) for part in value]


def sealed_like(value: Json, model: Json) -> Json:
    """Mark what is marked in a model, entry by entry; those of lists by their names."""
    if isinstance(model, Sealed):
        return sealed(value)
    if isinstance(value, dict) and isinstance(model, dict):
        return {name: sealed_like(part, model.get(name)) for name, part in value.items()}
    if isinstance(value, list) and isinstance(model, list):
        named = {name: one for one in model if (name := _name(one))}
        beside = zip_longest(value, model[: len(value)])
        return [
            sealed_like(one, named.get(name) if (name := _name(one)) else other)
            for one, other in beside
        ]
    return value


def is_sealed(value: Json) -> bool:
    """Tell whether any part of a value is a secret, ours or masked by Pulumi itself."""
    match value:
        case Sealed() | "[secret]" | {"ciphertext": _}:
            return True
        case dict():
            return any(map(is_sealed, value.values()))
        case list():
            return any(map(is_sealed, value))
        case _:
            return False


def marks_off(value: Json) -> Json:
    """Give a value without any mark: for parts that are no secret wherever they stand."""
    opened: Json = json.loads(json.dumps(value))
    return opened


def wrapped(value: Json, held: Json = None) -> Json:
    """Write a value as a state that is imported holds it: Pulumi encrypts what is marked.

    Args:
        value: with its marks.
        held: as the export has it; where it is sealed as a whole, it is again.

    """
    if isinstance(value, Sealed) or (isinstance(held, dict) and held.get(_SIGNATURE) == _SECRET):
        return {_SIGNATURE: _SECRET, "plaintext": json.dumps(value)}
    if isinstance(value, dict):
        return {name: wrapped(part) for name, part in value.items()}
    if isinstance(value, list):
        return [wrapped(part) for part in value]
    return value


def _name(value: Json) -> str | None:
    told: Document = value if isinstance(value, dict) else {}
    return next((str(told[key]) for key in _NAMES if told.get(key)), None)
