"""What a file may hold, derived from dataclasses: one description, for reader and schema.

A field is `name: Annotated[Type, Says("what it is", example="…")] = default`. Its key in the file
is the name with hyphens, without a trailing underscore.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from belfry.scalars import Scalar, is_value, scalar_of


@dataclass(frozen=True, slots=True)
class Says:
    """What a field means, for people: in the schema, in editors, in messages."""

    text: str
    example: str | None = None
    one_or_more: bool = False
    """A list of one may be written without brackets."""
    rest: bool = False
    """This mapping takes all keys of its table that no other field has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Any number of one shape."""

    item: Shape
    one_or_more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Names and one shape for what they name."""

    name: Scalar
    value: Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One key of a record."""

    key: str
    attribute: str
    shape: Shape
    required: bool
    default: object
    says: Says


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A table with known keys."""

    made: type
    says: str
    parts: tuple[Part, ...]
    rest: Part | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOf:
    """A table with exactly one of several keys, which says what the value is."""

    options: tuple[Part, ...]


Shape = Scalar | Listing | Names | Record | OneOf


@cache
def shape_of(hint: Any) -> Shape:
    """Derive the shape of a type: dataclasses, values; tuples, mappings and unions of them.

    A union of dataclasses is a OneOf; each has a class attribute KEY.
    """
    base, notes = _unwrap(hint)
    says = next((note for note in notes if isinstance(note, Says)), None)
    origin = get_origin(base)
    if origin is tuple:
        return Listing(
            item=shape_of(get_args(base)[0]), one_or_more=bool(says and says.one_or_more)
        )
    if origin is Mapping:
        name, value = get_args(base)
        shape = shape_of(name)
        if not isinstance(shape, Scalar):
            message = f"{hint}: a name must be a scalar"
            raise TypeError(message)
        return Names(name=shape, value=shape_of(value))
    if origin in (Union, types.UnionType):
        options = [option for option in get_args(base) if option is not types.NoneType]
        if len(options) == 1:
            return shape_of(Annotated[options[0], *notes] if notes else options[0])
        return OneOf(options=tuple(_option(option) for option in options))
    if is_dataclass(base) and not is_value(base):
        return _record(base)
    return scalar_of(base, says.example if says else None, notes)


def _unwrap(hint: Any) -> tuple[Any, tuple[object, ...]]:
    return (hint.__origin__, hint.__metadata__) if get_origin(hint) is Annotated else (hint, ())


def _record(made: Any) -> Record:
    hints = get_type_hints(made, include_extras=True)
    parts = []
    rest = None
    for field in fields(made):
        hint = hints[field.name]
        _, notes = _unwrap(hint)
        says = next((note for note in notes if isinstance(note, Says)), Says(""))
        default = field.default if field.default_factory is MISSING else field.default_factory()
        part = Part(
            key=field.name.removesuffix("_").replace("_", "-"),
            attribute=field.name,
            shape=shape_of(hint),
            required=default is MISSING,
            default=default,
            says=says,
        )
        if says.rest:
            rest = part
        else:
            parts.append(part)
    return Record(made=made, says=first_paragraph(made), parts=tuple(parts), rest=rest)


def _option(made: Any) -> Part:
    return Part(
        key=made.KEY,
        attribute=made.KEY,
        shape=shape_of(made),
        required=False,
        default=MISSING,
        says=Says(first_paragraph(made)),
    )


def first_paragraph(thing: object) -> str:
    """Give the first paragraph of a docstring, as one line; empty when there is none."""
    return " ".join((thing.__doc__ or "").split("\n\n")[0].split())
