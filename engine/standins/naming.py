"""Between Pulumi's property names, in camelCase and plurals, and a service's own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from engine.standins.shapes import Object, Scalar, Sequence, Shape, Table
from engine.standins.values import Properties, Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.documents import Json

_CAPITAL = re.compile(r"(?<=[a-z0-9])([A-Z])")


def snake(name: str) -> str:
    """`checkRegions` → `check_regions`."""
    return _CAPITAL.sub(r"_\1", name).lower()


def same(name: str) -> str:
    """The name as it is, for the parts of an API that are written in camelCase."""
    return name


def to_service(
    value: Value,
    shape: Shape,
    *,
    names: Callable[[str], str] = snake,
    renamed: Mapping[str, str] | None = None,
) -> Json:
    """A value as the service takes it. `renamed` goes by property name and beats `names`."""
    if value is None or isinstance(value, Unknown):
        return None
    match shape, value:
        case Object(), dict():
            return {
                (renamed or {}).get(name, names(name)): to_service(
                    part,
                    shape.properties.get(name, Scalar(name="any")),
                    names=names,
                    renamed=renamed,
                )
                for name, part in value.items()
                if part is not None
            }
        case Sequence(of=inner), list():
            return [to_service(item, inner, names=names, renamed=renamed) for item in value]
        case Table(of=inner), dict():
            return {
                key: to_service(part, inner, names=names, renamed=renamed)
                for key, part in value.items()
            }
        case _:
            return as_json(value)


def from_service(
    value: Json,
    shape: Shape,
    *,
    names: Callable[[str], str] = snake,
    renamed: Mapping[str, str] | None = None,
) -> Value:
    """A value as Pulumi takes it; what the shape does not know, and nulls, are left out."""
    match shape, value:
        case Object(), dict():
            read: Properties = {}
            for name, inner in shape.properties.items():
                theirs = value.get((renamed or {}).get(name, names(name)))
                if theirs is not None:
                    read[name] = from_service(theirs, inner, names=names, renamed=renamed)
            return read
        case Sequence(of=inner), list():
            return [from_service(item, inner, names=names, renamed=renamed) for item in value]
        case Table(of=inner), dict():
            return {
                key: from_service(part, inner, names=names, renamed=renamed)
                for key, part in value.items()
            }
        case _:
            return as_value(value)


def as_json(value: Value) -> Json:
    """A value without unknowns as plain JSON."""
    match value:
        case Unknown():
            return None
        case list():
            return [as_json(item) for item in value]
        case dict():
            return {name: as_json(part) for name, part in value.items()}
        case _:
            return value


def as_value(value: Json) -> Value:
    """Plain JSON as a property value."""
    match value:
        case list():
            return [as_value(item) for item in value]
        case dict():
            return {name: as_value(part) for name, part in value.items()}
        case _:
            return value


def objects(value: Value) -> list[Properties]:
    """The objects of a list; nothing when it is none."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
