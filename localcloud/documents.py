"""JSON as it comes over the wire, and how to take typed values out of it."""

from __future__ import annotations

import json
from typing import TypeAlias

Value: TypeAlias = bool | int | float | str | list["Value"] | dict[str, "Value"] | None
Document: TypeAlias = dict[str, Value]


class MalformedError(ValueError):
    """A request holds something of another kind than its field takes; the text names the field."""


def parse(text: str | bytes) -> Value:
    """Return the JSON value of a text.

    Raises:
        MalformedError: the text is not JSON.

    """
    try:
        value: Value = json.loads(text)
    except (ValueError, UnicodeDecodeError) as problem:
        raise MalformedError(f"the body is not JSON: {problem}") from problem
    return value


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
