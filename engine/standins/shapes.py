"""What a resource type takes and gives: names and types of properties, required ones, secret ones.

Derived from the SDK's own type metadata and kept as JSON, keyed by the SDK's version: importing
Cloudflare's SDK costs 1.5 s and 160 MB, which a plugin must not pay on every run.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import TYPE_CHECKING, TypeAlias

from engine.errors import EngineError
from engine.standins.values import Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from engine.documents import Json


_FORMAT = 3
"""Raised when the derived tables change their form, so that old files are derived again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar:
    """A plain value: `string`, `integer`, `number`, `boolean`, or `any` where the SDK leaves it."""

    name: str
    words: tuple[str, ...] = ()
    """What a string may be, in any letter case; anything where there are none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence:
    """A list."""

    of: Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A mapping whose keys are the user's own."""

    of: Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Object:
    """An object with known properties, by their names on the wire."""

    properties: Mapping[str, Shape]
    required: frozenset[str] = frozenset()


Shape: TypeAlias = "Scalar | Sequence | Table | Object"


@dataclass(frozen=True, slots=True, kw_only=True)
class KindShape:
    """One resource type as its SDK declares it."""

    inputs: Object
    outputs: Object
    secret_outputs: frozenset[str] = field(default_factory=frozenset)


_PYTHON_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
}


def mistakes(value: Value, shape: Shape, path: str = "") -> Iterator[tuple[str, str]]:
    """What does not fit: the path of the property and the reason. Unknown values always fit."""
    if isinstance(value, Unknown) or value is None:
        return
    match shape:
        case Scalar(name="any"):
            return
        case Scalar(name=name, words=words):
            wanted = _PYTHON_TYPES[name]
            if not isinstance(value, wanted) or (isinstance(value, bool) and name != "boolean"):
                yield path, f"expected {name}, got {_described(value)}"
            elif words and str(value).lower() not in {word.lower() for word in words}:
                yield path, f"{shortened(value)} is none of {', '.join(map(repr, words))}"
        case Sequence(of=inner):
            if not isinstance(value, list):
                yield path, f"expected a list, got {_described(value)}"
                return
            for index, item in enumerate(value):
                yield from mistakes(item, inner, f"{path}[{index}]")
        case Table(of=inner):
            if not isinstance(value, dict):
                yield path, f"expected an object, got {_described(value)}"
                return
            for key, item in value.items():
                yield from mistakes(item, inner, f"{path}.{key}" if path else key)
        case Object():
            yield from _object_mistakes(value, shape, path)


def _object_mistakes(value: Value, shape: Object, path: str) -> Iterator[tuple[str, str]]:
    if not isinstance(value, dict):
        yield path, f"expected an object, got {_described(value)}"
        return
    prefix = f"{path}." if path else ""
    for key in sorted(shape.required - {name for name, item in value.items() if item is not None}):
        yield f"{prefix}{key}", "missing, and required"
    for key, item in value.items():
        inner = shape.properties.get(key)
        if inner is not None:
            yield from mistakes(item, inner, f"{prefix}{key}")
        elif key not in {"__defaults", "__internal"}:
            known = ", ".join(sorted(shape.properties))
            yield f"{prefix}{key}", f"there is no such property; it takes {known}"


def shortened(value: object) -> str:
    """A value as an error shows it."""
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}… ({len(text)} characters)"


_SHOWN = 80


def _described(value: Value) -> str:
    match value:
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case str():
            return "a string"
        case list():
            return "a list"
        case _:
            return "an object"


def load(
    sdk: str, kinds: Mapping[str, str], *, cache: Path, distribution: str
) -> dict[str, KindShape]:
    """The shapes of some types of an SDK, from the cache, or derived now in a process of its own.

    `kinds` gives for each type token the module and class, such as `pulumi_cloudflare:Queue`.
    """
    path = cache / f"{sdk}-{version(distribution)}-{_FORMAT}.json"
    stored = _read(path)
    if stored is None or set(stored) != set(kinds):
        stored = _derive(kinds)
        cache.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}")
        draft.write_text(json.dumps(stored), encoding="utf-8")
        draft.replace(path)
    return {token: _kind(entry) for token, entry in stored.items()}


def _read(path: Path) -> dict[str, Json] | None:
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return stored if isinstance(stored, dict) else None


def _derive(kinds: Mapping[str, str]) -> dict[str, Json]:
    done = subprocess.run(
        [sys.executable, "-m", "engine.standins.sdk_metadata"],
        input=json.dumps(dict(kinds)),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        reason = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
        raise EngineError(f"the SDK's property tables could not be derived: {reason[0]}")
    stored: dict[str, Json] = json.loads(done.stdout)
    return stored


def _kind(stored: Json) -> KindShape:
    match stored:
        case {"inputs": inputs, "outputs": outputs, "secret": list(secret)}:
            return KindShape(
                inputs=_object(inputs),
                outputs=_object(outputs),
                secret_outputs=frozenset(str(name) for name in secret),
            )
    raise EngineError("a property table in the cache is damaged: delete the cache directory")


def _object(stored: Json) -> Object:
    shape = _shape(stored)
    if not isinstance(shape, Object):
        raise EngineError("a property table in the cache is damaged: delete the cache directory")
    return shape


def _shape(stored: Json) -> Shape:
    match stored:
        case str(name):
            return Scalar(name=name)
        case {"words": list(words)}:
            return Scalar(name="string", words=tuple(str(word) for word in words))
        case {"list": of}:
            return Sequence(of=_shape(of))
        case {"map": of}:
            return Table(of=_shape(of))
        case {"object": dict(properties), "required": list(required)}:
            return Object(
                properties={name: _shape(part) for name, part in properties.items()},
                required=frozenset(str(name) for name in required),
            )
    raise EngineError("a property table in the cache is damaged: delete the cache directory")
