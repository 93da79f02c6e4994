"""What people are told of a key: its kind, its default, an example as YAML. From shapes alone."""

from __future__ import annotations

from dataclasses import MISSING, is_dataclass
from enum import Enum
from typing import TYPE_CHECKING

from belfry.merge import OFF
from belfry.scalars import Scalar, is_value
from belfry.sections import LIKE
from belfry.shapes import Listing, Names, OneOf
from belfry.written import WrittenNames, WrittenOneOf, WrittenRecord, is_table

if TYPE_CHECKING:
    from belfry.shapes import Part, Record, Shape

INDENT = "  "

_OVERRIDDEN = 2
"""Keys that an example of an override shows."""
_ENTRIES = {
    "environments": "prod",
    "severities": "P0",
    "channels": "mail",
    "checks": "api-health",
    "objectives": "api-available",
    "rules": "server",
    "own": "CacheOfLittleUse",
}
"""The names that examples give to entries; elsewhere that of the name's own type."""


def kind_of(shape: Shape) -> str:
    """Say in words what is written for a shape, such as `a duration`."""
    if isinstance(shape, Scalar):
        return shape.what
    if isinstance(shape, Listing):
        item = kind_of(shape.item)
        return f"{item}, or a list of such" if shape.one_or_more else f"a list; each {item}"
    if isinstance(shape, Names):
        return f"names, and for each {kind_of(shape.value)}"
    if isinstance(shape, OneOf):
        return f"a table with one of the keys {', '.join(one.key for one in kinds_of(shape))}"
    return "a table"


def kinds_of(shape: OneOf) -> tuple[Part, ...]:
    """Give the options that are kinds, without `like`."""
    return shape.options[1:] if isinstance(shape, WrittenOneOf) and shape.like else shape.options


def default_of(part: Part) -> str | None:
    """Give what holds when a key is absent, as it would be written; None when nothing does."""
    default = part.default
    if part.required or default is MISSING or default is None:
        return None
    if isinstance(default, tuple):
        texts = [_text(one) for one in default]
        bare = isinstance(part.shape, Listing) and part.shape.one_or_more and len(texts) == 1
        return texts[0] if bare else f"[{', '.join(texts)}]" if texts else None
    if isinstance(default, dict) or (is_dataclass(default) and not is_value(type(default))):
        return None
    return _text(default)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value.value) if isinstance(value, Enum) else str(value)


def may_be_off(holder: Shape, shape: Shape) -> bool:
    """Say whether a part of a table may be the word `off` instead of its own table."""
    off = (isinstance(holder, WrittenRecord) and holder.off) or (
        isinstance(holder, WrittenOneOf) and holder.partial
    )
    return is_table(shape) and (off or isinstance(holder, WrittenNames))


def example_of(part: Part) -> list[str]:
    """Give lines of YAML that say a key, with all that is required below it."""
    shape, example = part.shape, part.says.example
    if isinstance(shape, Scalar):
        return [f"{part.key}: {example or shape.example}"]
    if isinstance(shape, Listing) or (example and example.startswith(("{", "["))):
        return _listed(part.key, shape, example)
    if example:
        return [f"{part.key}:", INDENT + example]
    return [f"{part.key}:", *indented(example_below(shape, _ENTRIES.get(part.key)))]


def _listed(key: str, shape: Shape, example: str | None) -> list[str]:
    if example:
        return [f"{key}: {example}"]
    item = shape.item if isinstance(shape, Listing) else shape
    if isinstance(item, Scalar):
        return [f"{key}: [{item.example}]"]
    first, *others = indented(example_below(item))
    return [f"{key}:", f"{INDENT}- {first.strip()}", *indented(others)]


def example_below(shape: Shape, name: str | None = None) -> list[str]:
    """Give lines of YAML that say a table: its required keys, and every optional plain one.

    Args:
        shape: the table's.
        name: for a table of names, the one to show.

    """
    if isinstance(shape, Names):
        name = name or shape.name.example
        if isinstance(shape.value, Scalar):
            return [f"{name}: {shape.value.example}"]
        if isinstance(shape.value, Listing):
            return _listed(name, shape.value, None)
        return [f"{name}:", *indented(example_below(shape.value))]
    if isinstance(shape, OneOf):
        return example_of(kinds_of(shape)[0])
    if isinstance(shape, Scalar | Listing):
        message = f"{kind_of(shape)} is not a table"
        raise TypeError(message)
    return _example_of_record(shape)


def _example_of_record(shape: Record) -> list[str]:
    without = (LIKE, *getattr(shape.made, "EXAMPLE_WITHOUT", ()))
    parts = [part for part in shape.parts if part.key not in without]
    shown = [part for part in parts if part.required or not is_table(part.shape)] or parts[:1]
    if isinstance(shape, WrittenRecord) and shape.partial:
        shown = [part for part in shown if default_of(part)] or shown
        shown = shown[:_OVERRIDDEN]
    lines = [line for part in shown for line in example_of(part)]
    return [*lines, shape.rest.says.example] if shape.rest and shape.rest.says.example else lines


def indented(lines: list[str]) -> list[str]:
    """Move lines of YAML one level to the right."""
    return [INDENT + line if line else line for line in lines]


OFF_MEANS = f"The word {OFF} leaves it out."
