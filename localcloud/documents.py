"""JSON as it comes over the wire, and how to take typed values out of it."""

from __future__ import annotations

import json
import math
from typing import TypeAlias

Value: TypeAlias = bool | int | float | str | list["Value"] | dict[str, "Value"] | None
Document: TypeAlias = dict[str, Value]


class MalformedError(ValueError):
    """A request holds something of another kind than its field takes; the text names the field."""


_DEEPEST = 200
"""Levels of lists and objects; the services' own limits are deeper, their objects never are."""
_WHOLE = 2**63
"""Whole numbers beyond it are told as the nearest that a double holds, as the services do."""


def parse(text: str | bytes) -> Value:
    """Return the JSON value of a text.

    Raises:
        MalformedError: the text is not JSON, or holds what cannot be told as JSON again: half a
            surrogate pair, a number that is none, or levels without end.

    """
    try:
        told = text if isinstance(text, str) else text.decode("utf-8")
        value: Value = json.loads(
            told, parse_constant=_no_number, parse_int=_number, parse_float=_finite
        )
    except (ValueError, RecursionError) as problem:
        raise MalformedError(f"the body is not JSON: {problem}") from problem
    if told.count("{") + told.count("[") > _DEEPEST and _depth(value) > _DEEPEST:
        raise MalformedError(f"the body is deeper than {_DEEPEST} levels")
    if "\\ud" in told.lower():
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError as problem:
            raise MalformedError("the body holds half a surrogate pair") from problem
    return value


def _no_number(name: str) -> Value:
    raise ValueError(f"{name} is no number")


def _number(digits: str) -> int | float:
    whole = int(digits)
    if -_WHOLE <= whole < _WHOLE:
        return whole
    try:
        return float(whole)
    except OverflowError as problem:
        raise ValueError(f"a number of {len(digits)} digits is too large") from problem


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"{digits} is too large")
    return number


def _depth(value: Value) -> int:
    level: list[Value] = [value]
    depth = 0
    while level:
        below: list[Value] = []
        for one in level:
            if isinstance(one, dict):
                below += one.values()
            elif isinstance(one, list):
                below += one
        level = below
        depth += 1
    return depth


def document(value: Value, what: str = "the body") -> Document:
    """Return a value that has to be a JSON object.

    Raises:
        MalformedError: it is something else.

    """
    if not isinstance(value, dict):
        raise MalformedError(f"{what} must be a JSON object")
    return value


def text(source: Document, key: str, default: str | None = None) -> str:
    """Return a text field; without a default it has to be there and not empty.

    Raises:
        MalformedError: it is missing, empty or not a text.

    """
    value = source.get(key)
    if value is None and default is not None:
        return default
    if not isinstance(value, str) or (default is None and not value):
        raise MalformedError(f"{key} must be a text that is not empty")
    return value


def written(value: float) -> str:
    """Return a number as people and headers write it: a whole one in all its digits."""
    return str(int(value)) if float(value).is_integer() else str(value)


def number(source: Document, key: str, default: float | None = None) -> float:
    """Return a number.

    Raises:
        MalformedError: it is missing or not a number.

    """
    value = source.get(key)
    if value is None and default is not None:
        return default
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise MalformedError(f"{key} must be a number")
    return value


def flag(source: Document, key: str, *, default: bool = False) -> bool:
    """Return true or false.

    Raises:
        MalformedError: it is neither.

    """
    value = source.get(key)
    if value is None:
        return default
    if not isinstance(value, bool):
        raise MalformedError(f"{key} must be true or false")
    return value


def inner(source: Document, key: str) -> Document:
    """Return an object inside; empty when it is absent or null.

    Raises:
        MalformedError: it is something else.

    """
    value = source.get(key)
    return {} if value is None else document(value, key)


def items(source: Document, key: str) -> list[Value]:
    """Return a list; empty when it is absent or null.

    Raises:
        MalformedError: it is something else.

    """
    value = source.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise MalformedError(f"{key} must be a list")
    return value


def texts(source: Document, key: str) -> list[str]:
    """Return a list of texts; empty when it is absent or null.

    Raises:
        MalformedError: an element is not a text.

    """
    found: list[str] = []
    for value in items(source, key):
        if not isinstance(value, str):
            raise MalformedError(f"{key} must be a list of texts")
        found.append(value)
    return found


def documents(source: Document, key: str) -> list[Document]:
    """Return a list of objects; empty when it is absent or null.

    Raises:
        MalformedError: an element is not an object.

    """
    return [document(value, f"{key}[{index}]") for index, value in enumerate(items(source, key))]
