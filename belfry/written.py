"""The shapes of a file as it is written: what the types say, and defaults, `like` and overrides.

The types describe what a platform is once everything is merged. A file may say it in parts: named
defaults, entries that are `like` one, environments that differ in parts of sections. This module
adds those to the shapes, so that schema, explanation, reference and formatter walk one tree and
say the same as the reader.
"""

from __future__ import annotations

from dataclasses import MISSING, dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from belfry.forms import Name, Reference
from belfry.language.platform import Platform
from belfry.scalars import Scalar
from belfry.sections import DEFAULTS, ENVIRONMENTS, LIKE, sections_of
from belfry.shapes import Listing, Names, OneOf, Part, Record, Says, shape_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    from belfry.sections import Sections
    from belfry.shapes import Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenRecord(Record):
    """A table that is merged with others before it is read."""

    partial: bool
    """Its keys may be missing: another table has them."""
    off: bool
    """Tables in it may be the word `off`, which leaves out those that it is merged with."""
    like: bool
    """Its first key is `like`; with it, the other keys may be missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenOneOf(OneOf):
    """One of several kinds that is merged with others before it is read."""

    partial: bool
    """Its kind may be missing, and may be `off` beside another one."""
    like: bool
    """Its first option is not a kind but `like`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenNames(Names):
    """Names whose tables may be the word `off`, which leaves them out."""


@cache
def sections() -> Sections:
    """Give the sections of a platform file."""
    return sections_of(shape_of(Platform))


@cache
def whole_file() -> Record:
    """Give the shape of a platform file, or of all files of a folder together."""
    root = record_of(shape_of(Platform))
    names = sections().names
    tables = [replace(part, shape=_section(part)) for part in root.parts if part.key in names]
    defaults = _defaults([part for part in tables if part.key in sections().entries])
    parts: list[Part] = []
    for part in root.parts:
        if part.key == ENVIRONMENTS:
            parts += (_environments(part, [*tables, defaults]), defaults)
        elif part.key not in names:
            parts.append(part)
    order = {part.key: rank for rank, part in enumerate(root.parts)}
    written = sorted((*parts, *tables), key=lambda part: order.get(part.key, order[ENVIRONMENTS]))
    return replace(root, parts=tuple(written))


def is_table(shape: Shape) -> bool:
    """Say whether keys and values are written for a shape."""
    return isinstance(shape, Names | Record | OneOf)


def keys_of(shape: Shape) -> Mapping[str, Part]:
    """Give the keys that a table knows; none for tables of names, which know none."""
    if isinstance(shape, Record):
        return {part.key: part for part in shape.parts}
    return {part.key: part for part in shape.options} if isinstance(shape, OneOf) else {}


def below(shape: Shape, step: str | int) -> Shape | None:
    """Give the shape of what stands below a key, a name or an index; None where none is known."""
    if isinstance(shape, Listing):
        return shape.item if isinstance(step, int) else below(shape.item, step)
    if isinstance(shape, Names):
        return shape.value
    part = keys_of(shape).get(str(step))
    rest = shape.rest if isinstance(shape, Record) else None
    if part is None and rest is not None:
        return below(rest.shape, step)
    return part.shape if part else None


def in_part(shape: Shape) -> Shape:
    """Give a shape of which any part may be missing, since it is merged with a whole one.

    Tables in it may be the word `off` instead, which leaves those of the whole one out.
    """
    if isinstance(shape, Names):
        return WrittenNames(name=shape.name, value=in_part(shape.value))
    if isinstance(shape, OneOf):
        like = isinstance(shape, WrittenOneOf) and shape.like
        return WrittenOneOf(options=_in_part(shape.options), partial=True, like=like)
    if isinstance(shape, Record):
        return WrittenRecord(
            made=shape.made,
            says=shape.says,
            parts=_in_part(shape.parts),
            rest=shape.rest,
            partial=True,
            off=True,
            like=isinstance(shape, WrittenRecord) and shape.like,
        )
    return shape


def _in_part(parts: Iterable[Part]) -> tuple[Part, ...]:
    return tuple(replace(part, required=False, shape=in_part(part.shape)) for part in parts)


def _environments(part: Part, sections: Iterable[Part]) -> Part:
    """Add to an environment every section, to hold what differs there."""
    if not isinstance(part.shape, Names):
        message = f"{ENVIRONMENTS} must be names"
        raise TypeError(message)
    own = record_of(part.shape.value)
    overrides = tuple(
        replace(
            section,
            required=False,
            default=MISSING,
            shape=in_part(section.shape),
            says=Says(f"What differs there. {section.says.text}"),
        )
        for section in sections
    )
    keys = {override.key for override in overrides}
    environment = WrittenRecord(
        made=own.made,
        says=own.says,
        parts=(*(one for one in own.parts if one.key not in keys), *overrides),
        rest=None,
        partial=False,
        off=True,
        like=False,
    )
    return replace(part, shape=replace(part.shape, value=environment))


def _defaults(sections: Iterable[Part]) -> Part:
    """Make the table of named defaults: for each table of tables, entries in part."""
    parts = tuple(
        Part(
            key=section.key,
            attribute=section.attribute,
            shape=Names(name=_scalar(Name), value=in_part(section.shape.value)),
            required=False,
            default=MISSING,
            says=Says(f"Defaults for entries of {section.key}, by name."),
        )
        for section in sections
        if isinstance(section.shape, Names)
    )
    return Part(
        key=DEFAULTS,
        attribute=DEFAULTS,
        shape=Record(made=Defaults, says=Defaults.__doc__ or "", parts=parts, rest=None),
        required=False,
        default=MISSING,
        says=Says("What several entries of a section have in common, said once and by name."),
    )


class Defaults:
    """What several entries have in common: an entry takes it by `like:` and a default's name."""


def _section(section: Part) -> Shape:
    shape = section.shape
    if isinstance(shape, Names) and isinstance(shape.value, Record | OneOf):
        return replace(shape, value=_entry(shape.value, section.key))
    return shape


def _entry(shape: Shape, section: str) -> Shape:
    """Add the key `like` to the shape of a section's entries."""
    like = Part(
        key=LIKE,
        attribute=LIKE,
        shape=_scalar(Reference),
        required=False,
        default=MISSING,
        says=Says(
            f"Whatever is not said here is taken from this one of {DEFAULTS}.{section}.", "usual"
        ),
    )
    if isinstance(shape, OneOf):
        return WrittenOneOf(options=(like, *shape.options), partial=False, like=True)
    record = record_of(shape)
    return WrittenRecord(
        made=record.made,
        says=record.says,
        parts=(like, *record.parts),
        rest=record.rest,
        partial=False,
        off=False,
        like=True,
    )


def record_of(shape: Shape) -> Record:
    """Give a shape that must be a record."""
    if not isinstance(shape, Record):
        message = f"{shape} is not a record"
        raise TypeError(message)
    return shape


def _scalar(hint: Hashable) -> Scalar:
    shape = shape_of(hint)
    if not isinstance(shape, Scalar):
        message = f"{hint} is not a scalar"
        raise TypeError(message)
    return shape
