"""What a key of the platform file means, found by its path, and how each kind of value is written.

A path is written as in messages: `checks.api-health.http.expect.status[0]`. Any word, or `*`,
stands for a name, and indexes may be left out.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from functools import cache
from typing import TYPE_CHECKING

from belfry.kinds import (
    bounds_of,
    how_written,
    kind_named,
    kind_that_ends_in,
    kinds,
    meaning_of,
    sentence,
    words_of,
)
from belfry.problems import problem_without_place, suggestion
from belfry.scalars import Scalar
from belfry.sections import DEFAULTS, ENVIRONMENTS
from belfry.shapes import Listing, Names, Record
from belfry.telling import default_of, example_below, example_of, kind_of, may_be_off
from belfry.values.nonsense import shown
from belfry.written import is_table, keys_of, whole_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from belfry.problems import Path
    from belfry.shapes import Part, Shape

NAME = "NAME"
"""Stands in a path for a name that the writer chooses."""

_ASKED = re.compile(r"[^.\[\]]+(\.[^.\[\]]+|\[[0-9]*\])*")
_STEP = re.compile(r"[^.\[\]]+|\[[0-9]+\]")
_MANY = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key below another, in a line."""

    key: str
    says: str
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What people are told of one key, or of one kind of value."""

    path: str
    says: str
    kind: str
    """What is written there, such as `a duration`."""
    written: str
    """How such a value is written; empty for tables and lists."""
    words: tuple[str, ...]
    """The words that may stand there, if only some may."""
    required: bool | None
    """None for what is no key of a table: a name, an element of a list, a kind of value."""
    default: str | None
    example: tuple[str, ...]
    """Lines of YAML."""
    keys: tuple[Key, ...]
    places: tuple[str, ...]
    """Every path at which it may stand, with NAME for names."""
    off: bool
    """The word `off` may stand there instead of a table."""

    def as_json(self) -> Mapping[str, object]:
        """Give the same as values that `json.dumps` takes."""
        return asdict(self)


def explain(asked: str = "") -> Explanation:
    """Explain a path, a kind of value such as `duration`, or, of nothing, the whole file.

    Raises:
        Problems: there is no such key; says which was meant.

    """
    steps = tuple(_STEP.findall(asked))
    is_key = len(steps) != 1 or steps[0] in keys_of(whole_file())
    if not is_key and (variants := _kind(asked)):
        return _explain_kind(asked, variants)
    if asked and not _ASKED.fullmatch(asked):
        right = f"write {'.'.join(steps)}" if steps else "write one such as checks.NAME.every"
        if ".." in asked:
            right = "write a name, or NAME, between the points, such as checks.NAME.every"
        raise problem_without_place(f"{shown(asked)} is not a path", right, "path")
    place = _Place(shape=whole_file(), holder=None, part=None, path=(), general=())
    for step in steps:
        place = _below(place, step)
    return _explain_place(place)


def _kind(asked: str) -> tuple[Scalar, ...]:
    """Find a kind of value; a key that is called so goes before what is only a part of its name."""
    return kind_named(asked) or (() if paths_that_end_in(asked) else kind_that_ends_in(asked))


def steps_of(asked: str) -> Path:
    """Split a path as people write it: keys and names, and indexes as numbers."""
    return tuple(int(step[1:-1]) if step.startswith("[") else step for step in _STEP.findall(asked))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    shape: Shape
    holder: Shape | None
    part: Part | None
    path: tuple[str, ...]
    general: tuple[str, ...]
    """The path with NAME for names."""


def _below(place: _Place, step: str) -> _Place:
    shape = place.shape
    if isinstance(shape, Listing):
        if step.startswith("["):
            return _step(place, shape.item, step, "", place.part)
        shape = shape.item
    if isinstance(shape, Names):
        words = words_of(shape.name)
        if words and step not in (*words, NAME, "*"):
            right = suggestion(step, words, else_say=f"write one of {', '.join(words)}")
            wrong = f"{shown(step)} is not one of its words"
            raise problem_without_place(wrong, right, ".".join(place.path))
        return _step(place, shape.value, step, NAME, None)
    parts = keys_of(shape)
    if step in parts:
        return _step(place, parts[step].shape, step, step, parts[step])
    rest = shape.rest if isinstance(shape, Record) else None
    if rest and isinstance(rest.shape, Names):
        return _step(place, rest.shape.value, step, NAME, rest)
    raise _unknown(place, shape, step)


def _step(place: _Place, shape: Shape, step: str, general: str, part: Part | None) -> _Place:
    return _Place(
        shape=shape,
        holder=place.shape,
        part=part,
        path=(*place.path, step),
        general=(*place.general, *filter(None, [general])),
    )


def _unknown(place: _Place, shape: Shape, step: str) -> Exception:
    where = ".".join(place.path)
    if isinstance(shape, Scalar):
        wrong = f"{where} holds {_short(shape)}, and nothing stands below it"
        return problem_without_place(wrong, f"ask for {where}", where)
    if where:
        right = suggestion(step, keys_of(shape), else_say="")
        return problem_without_place(f"there is no key {shown(step)} in it", right, where)
    if elsewhere := paths_that_end_in(step):
        more = f" and {len(elsewhere) - _MANY} more" if len(elsewhere) > _MANY else ""
        right = f"it stands at {', '.join(elsewhere[:_MANY])}{more}"
        return problem_without_place(f"there is no key {shown(step)} at the top", right, step)
    known = (*keys_of(shape), *kinds())
    right = suggestion(step, known, else_say="")
    return problem_without_place(f"there is no key or kind {shown(step)}", right, step)


@cache
def every_path() -> tuple[tuple[str, Part], ...]:
    """Give all paths that a file may hold, without those in environments and defaults."""
    return tuple(_paths(whole_file(), ()))


def _paths(shape: Shape, path: tuple[str, ...]) -> Iterator[tuple[str, Part]]:
    if isinstance(shape, Listing):
        yield from _paths(shape.item, path)
    elif isinstance(shape, Names):
        yield from _paths(shape.value, (*path, NAME))
    for key, part in keys_of(shape).items():
        if path[:1] in ((ENVIRONMENTS,), (DEFAULTS,)) and is_table(part.shape):
            continue
        yield ".".join((*path, key)), part
        yield from _paths(part.shape, (*path, key))


def paths_that_end_in(key: str) -> list[str]:
    """Find every path whose last key is this one."""
    return [path for path, _ in every_path() if path.rpartition(".")[2] == key]


def _explain_place(place: _Place) -> Explanation:
    part, shape = place.part, place.shape
    item = shape.item if isinstance(shape, Listing) else shape
    return Explanation(
        path=".".join(place.path).replace(".[", "["),
        says=part.says.text if part else _says(shape),
        kind=_short(shape),
        written=_written(item),
        words=words_of(item.name if isinstance(item, Names) else item),
        required=part.required if part else None,
        default=default_of(part) if part else None,
        example=tuple(_example(place)),
        keys=tuple(
            Key(key=key, says=one.says.text, required=one.required)
            for key, one in keys_of(_record_within(shape)).items()
        ),
        places=_places(place.general),
        off=place.holder is not None and may_be_off(place.holder, shape),
    )


def _written(shape: Shape) -> str:
    if not isinstance(shape, Scalar):
        return ""
    bounds = bounds_of(shape)
    return " ".join(filter(None, (how_written(shape), f"From {bounds}." if bounds else "")))


def _says(shape: Shape) -> str:
    if isinstance(shape, Record):
        return shape.says
    return sentence(kind_of(shape))


def _example(place: _Place) -> list[str]:
    if place.general[-1:] == (NAME,) and place.part and isinstance(place.part.shape, Names):
        return [place.part.says.example or ""]  # any key of a table that takes others too
    if place.part:
        return example_of(place.part)
    if not place.path:
        return []
    if isinstance(place.shape, Scalar):
        return [place.shape.example]
    return example_below(place.shape) if is_table(place.shape) else []


def _record_within(shape: Shape) -> Shape:
    """Go through names and lists to the table whose keys are worth a list."""
    while isinstance(shape, Names | Listing):
        shape = shape.value if isinstance(shape, Names) else shape.item
    return shape


def _short(shape: Shape) -> str:
    if words := words_of(shape):
        return "a word" if len(words) > 1 else f"the word {words[0]}"
    if isinstance(shape, Listing) and words_of(shape.item):
        return "a word, or a list of words" if shape.one_or_more else "a list of words"
    return kind_of(shape)


def _places(general: tuple[str, ...]) -> tuple[str, ...]:
    """Give every place in which the same may stand: its own, among defaults, in environments."""
    own = general
    if own[:1] == (DEFAULTS,):
        own = own[1:]
    elif own[:1] == (ENVIRONMENTS,) and own[2:3] and own[2] in keys_of(whole_file()):
        own = own[2:]
    environments = keys_of(whole_file())[ENVIRONMENTS].shape
    places = [own]
    if own and own[0] in keys_of(keys_of(whole_file())[DEFAULTS].shape) and len(own) > 1:
        places.append((DEFAULTS, *own))
    if own and isinstance(environments, Names) and own[0] in keys_of(environments.value):
        places.append((ENVIRONMENTS, NAME, *own))
    return tuple(".".join(place) for place in places if place)


def _explain_kind(asked: str, variants: tuple[Scalar, ...]) -> Explanation:
    places = [path for path, part in every_path() if _holds(part.shape, variants)]
    more = [f"and {len(places) - _MANY} more"] if len(places) > _MANY else []
    written = " ".join(filter(None, (how_written(scalar) for scalar in variants)))
    return Explanation(
        path=asked,
        says=meaning_of(variants[0]) or sentence("; or ".join(one.what for one in variants)),
        kind=variants[0].what if meaning_of(variants[0]) else "a text",
        written=written,
        words=(),
        required=None,
        default=None,
        example=tuple(dict.fromkeys(scalar.example for scalar in variants)),
        keys=(),
        places=(*places[:_MANY], *more),
        off=False,
    )


def _holds(shape: Shape, variants: tuple[Scalar, ...]) -> bool:
    item = shape.item if isinstance(shape, Listing) else shape
    return isinstance(item, Scalar) and item.what in {scalar.what for scalar in variants}
