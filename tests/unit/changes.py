"""Every single thing that a platform says, and other things that could stand in its place.

A platform is walked by the shapes of its types: what the language can say, this can change.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from belfry.arguments import Secret
from belfry.forms import Reference
from belfry.language.platform import Platform
from belfry.problems import printed
from belfry.shapes import Listing, Names, OneOf, Record, shape_of
from belfry.values.nonsense import Nonsense

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from belfry.scalars import Scalar
    from belfry.shapes import Shape

Step = str | int
OTHERS = (
    "Sat",
    "UTC",
    "15m",
    "true",
    "false",
    "12-26",
    "2027-01-02",
    "10:00",
    "08:00–09:00",
    "7 * * * *",
    "Other.md",
)
"""Texts that are values of some kind; each is tried where it is one."""
_REFERENCE = shape_of(cast("Hashable", Reference))


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """One thing that a platform says: a value, or the name of an entry."""

    path: str
    """As in the platform file."""
    keys: frozenset[tuple[str, str]]
    """Type and key of everything on the way to it."""
    way: tuple[object, ...]
    """Attributes, names and positions, from the platform to it."""
    value: object
    shape: Scalar
    is_name: bool
    default: tuple[object, ...]
    """What holds where nothing is said; empty: something must be."""

    @property
    def section(self) -> str:
        """The key of the platform that it belongs to."""
        return self.path.partition(".")[0].partition(" ")[0]

    def changes(self, platform: Platform, rules: Iterable[str]) -> Iterator[tuple[Any, Any]]:
        """Give pairs of platforms that differ in nothing else; the first is often the one given."""
        if self.is_name:
            yield from self._renamed(platform, rules)
            return
        for other in self._others(platform, rules):
            yield platform, _put(platform, self.way, other)
        if self._refers:
            yield from self._referring_elsewhere(platform)

    def _others(self, platform: Platform, rules: Iterable[str]) -> Iterator[object]:
        """Give what could stand here: other names, other values of the kind, the default.

        The names that are there come first: most others name nothing, and nothing is compiled.
        """
        if self._refers:
            beside = (
                name
                for spot in spots(platform)
                if spot.is_name and spot.value == self.value
                for name in _get(platform, spot.way[:-1])
            )
            yield from (name for name in beside if name != self.value)
        yield from others(self.shape, self.value)
        yield from self.default
        if self._refers:
            yield from (name for name in rules if name != self.value)

    def _referring_elsewhere(self, platform: Platform) -> Iterator[tuple[Any, Any]]:
        """Refer to another entry, which is like the first one but in one thing."""
        twin = f"{self.value}-twin"
        known = list(spots(platform))
        for definition in known:
            if not definition.is_name or definition.value != self.value:
                continue
            *way, name = definition.way
            mapping = _get(platform, way)
            both = _put(platform, way, {**mapping, twin: mapping[name]})
            yield both, _put(both, self.way, twin)
            for spot in known:
                if not spot.is_name and spot.way[: len(way) + 1] == definition.way:
                    there = (*way, twin, *spot.way[len(way) + 1 :])
                    for other in (*others(spot.shape, spot.value), *spot.default):
                        apart = _put(both, there, other)
                        yield apart, _put(apart, self.way, twin)

    @property
    def _refers(self) -> bool:
        return self.shape.schema == cast("Scalar", _REFERENCE).schema

    def _renamed(self, platform: Platform, rules: Iterable[str]) -> Iterator[tuple[Any, Any]]:
        *way, name = self.way
        mapping = _get(platform, way)
        names = [other for other in others(self.shape, name) if other not in mapping]
        if self._refers:
            names += [rule for rule in rules if rule not in mapping]
        for before in self._with_other_contents(platform, rules):
            said = _get(before, way)
            for key in said:
                if key != name:
                    yield before, _put(before, way, {**said, key: said[name], name: said[key]})
            for other in names:
                renamed = {other if key == name else key: one for key, one in said.items()}
                yield before, _put(before, way, renamed)
        # Where others refer to the name, a second entry has two names, one after the other.
        if len(names) > 1:
            first, second, *_ = names
            yield (
                _put(platform, way, {**mapping, first: mapping[name]}),
                _put(platform, way, {**mapping, second: mapping[name]}),
            )

    def _with_other_contents(self, platform: Platform, rules: Iterable[str]) -> Iterator[Platform]:
        """Give the platform, and it with one thing changed in the entry: it may say a default."""
        yield platform
        for spot in spots(platform):
            if not spot.is_name and spot.way[: len(self.way)] == self.way:
                for other in spot._others(platform, rules):
                    yield _put(platform, spot.way, other)


def spots(platform: Platform) -> Iterator[Spot]:
    """Give everything that a platform says, and what it leaves to defaults that are values."""
    shape = shape_of(cast("Hashable", Platform))
    yield from _walk(shape, platform, (), (), frozenset())


def _walk(
    shape: Shape,
    value: Any,
    way: tuple[object, ...],
    path: tuple[Step, ...],
    keys: frozenset[tuple[str, str]],
    *,
    default: tuple[object, ...] = (),
    named: bool = True,
) -> Iterator[Spot]:
    """Walk on. Names that are keys of a record's rest are no names of the platform's own."""
    if value is None:
        return
    match shape:
        case Record():
            for part in (*shape.parts, *([shape.rest] if shape.rest else [])):
                below = path if part is shape.rest else (*path, part.key)
                on_the_way = keys | {(shape.made.__name__, part.key)}
                said = getattr(value, part.attribute)
                unsaid = () if part.required or part.default == said else (part.default,)
                there = (*way, part.attribute)
                named = part is not shape.rest
                yield from _walk(
                    part.shape, said, there, below, on_the_way, default=unsaid, named=named
                )
        case OneOf():
            for option in shape.options:
                if isinstance(option.shape, Record) and isinstance(value, option.shape.made):
                    on_the_way = keys | {("OneOf", option.key)}
                    yield from _walk(option.shape, value, way, (*path, option.key), on_the_way)
        case Names():
            for name, one in value.items():
                below = (*path, str(name))
                if not named:
                    yield from _walk(shape.value, one, (*way, name), below, keys)
                    continue
                yield Spot(
                    path=f"{printed(below)} (name)",
                    keys=keys,
                    way=(*way, name),
                    value=name,
                    shape=shape.name,
                    is_name=True,
                    default=(),
                )
                yield from _walk(shape.value, one, (*way, name), below, keys)
        case Listing():
            for index, one in enumerate(value):
                yield from _walk(shape.item, one, (*way, index), (*path, index), keys)
        case _:
            yield Spot(
                path=printed(path),
                keys=keys,
                way=way,
                value=value,
                shape=shape,
                is_name=False,
                default=default,
            )


def keys_of_language() -> frozenset[tuple[str, str]]:
    """Give type and key of everything that a platform file can say."""
    found: dict[tuple[str, str], None] = {}
    done: set[type] = set()
    waiting: list[Shape] = [shape_of(cast("Hashable", Platform))]
    for shape in waiting:
        match shape:
            case Record() if shape.made not in done:
                done.add(shape.made)
                parts = (*shape.parts, *([shape.rest] if shape.rest else []))
                found |= {(shape.made.__name__, part.key): None for part in parts}
                waiting += [part.shape for part in parts]
            case OneOf():
                found |= {("OneOf", option.key): None for option in shape.options}
                waiting += [option.shape for option in shape.options]
            case Names():
                waiting.append(shape.value)
            case Listing():
                waiting.append(shape.item)
            case _:
                pass
    return frozenset(found)


def others(shape: Scalar, value: object) -> Iterator[object]:
    """Give other values of the same kind, the nearest first."""
    words = dict(shape.schema).get("enum")
    text = _text(value)
    texts = list(cast("tuple[str, ...]", words)) if words else _texts(text)
    for other in dict.fromkeys(texts):
        try:
            parsed = shape.parse(other)
        except Nonsense:
            continue
        if parsed != value:
            yield parsed


def _texts(text: str) -> list[str]:
    numbers = [
        f"{text[: match.start()]}{number:0{len(match[0])}}{text[match.end() :]}"
        for match in re.finditer("[0-9]+", text)
        for number in (int(match[0]) + 1, int(match[0]) * 2, int(match[0]) // 2)
    ]
    return [*numbers, f"{text}x", f"{text}-x", f"{text}X", f"{text}1", *OTHERS]


def _text(value: object) -> str:
    if isinstance(value, Secret):
        return f"secret:{value.name}"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _get(value: Any, way: Iterable[object]) -> Any:
    for step in way:
        value = _below(value, step)
    return value


def _below(value: Any, step: Any) -> Any:
    return value[step] if isinstance(value, Mapping | tuple) else getattr(value, step)


def _put(value: Any, way: Iterable[object], new: object) -> Any:
    """Give the same with another value at the end of a way."""
    step, *rest = list(way) or [None]
    if step is None:
        return new
    below = _put(_below(value, step), rest, new)
    if isinstance(value, Mapping):
        return {**value, step: below}
    if isinstance(value, tuple):
        return (*value[: cast("int", step)], below, *value[cast("int", step) + 1 :])
    return replace(value, **{str(step): below})
