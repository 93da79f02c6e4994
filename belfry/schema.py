"""The platform file as JSON Schema, for editors: `python -m belfry.schema` writes it.

Derived from the same shapes as the reader, which remains the judge; a test holds that they agree.
A record that may be written in full or in part has a definition for each, and both share the
definitions of its keys, so that what a key means stands in the schema once.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, TypeGuard

from belfry.merge import OFF
from belfry.scalars import Scalar
from belfry.sections import LIKE
from belfry.shapes import Listing, Names, OneOf
from belfry.telling import OFF_MEANS, default_of, kind_of, may_be_off
from belfry.written import WrittenOneOf, WrittenRecord, in_part, is_table, whole_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from belfry.shapes import Part, Record, Shape

WRITTEN = Path(__file__).resolve().parent.parent / "platforms" / "platform.schema.json"
"""Where the schema is kept, beside the files that name it."""

_SAYS_LIKE = {"required": [LIKE]}
_OFF = {"const": OFF, "description": OFF_MEANS}

_ALIKE = {"number": "7", "boolean": "true"}
"""What an editor takes a text for, and such a text."""

Schema = dict[str, object]


def schema() -> str:
    """Give the schema of the platform file, as the text of its file."""
    definitions = _Definitions()
    root = definitions.record(whole_file())
    shared = definitions.finished(root)
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Belfry platform file",
        **root,
        "$defs": dict(sorted(shared.items())),
    }
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


class _Definitions:
    """Collects what is defined once and referred to by name."""

    def __init__(self) -> None:
        self._records: dict[str, Schema] = {}
        self._keys: dict[str, Schema] = {}

    def record(self, shape: Record) -> Schema:
        """Give the schema of a record itself, not a reference to it."""
        required = [part.key for part in shape.parts if part.required]
        return {
            "description": shape.says,
            "type": "object",
            "properties": {part.key: self._key(shape, part) for part in shape.parts},
            **({"required": required} if required else {}),
            "additionalProperties": self._rest(shape),
        }

    def finished(self, root: Schema) -> dict[str, Schema]:
        """Give all definitions; a key that is referred to once stands where it is used."""
        used: dict[str, int] = {}
        for node in _nodes([root, self._records]):
            name = _key_referred_to(node)
            used[name] = used.get(name, 0) + 1
        for node in _nodes([root, self._records]):
            name = _key_referred_to(node)
            if used.get(name) == 1 and name in self._keys:
                node.clear()
                node.update(self._keys.pop(name))
        return self._records | self._keys

    def _rest(self, shape: Record) -> object:
        if shape.rest is None:
            return False
        names = shape.rest.shape
        return self._of(names.value) if isinstance(names, Names) else True

    def _key(self, holder: Record, part: Part) -> Schema:
        if is_table(part.shape):
            return self._described(holder, part)
        name = f"{holder.made.__name__}.{part.key}"
        self._keys.setdefault(name, self._described(holder, part))
        return _reference(name)

    def _described(self, holder: Shape, part: Part) -> Schema:
        described = {"description": _description(part), **self._of(part.shape)}
        if may_be_off(holder, part.shape):
            return {
                "description": described.pop("description"),
                "anyOf": [described, _OFF],
            }
        default = _plain_default(part)
        return described if default is None else {**described, "default": default}

    def _of(self, shape: Shape) -> Schema:
        if isinstance(shape, Scalar):
            return _scalar(shape)
        if isinstance(shape, Listing):
            item = self._of(shape.item)
            listing: Schema = {"type": "array", "items": item}
            return {"anyOf": [item, listing]} if shape.one_or_more else listing
        if isinstance(shape, Names):
            value = self._of(shape.value)
            return {
                "type": "object",
                "propertyNames": dict(shape.name.schema),
                "additionalProperties": {"anyOf": [value, _OFF]}
                if may_be_off(shape, shape.value)
                else value,
            }
        if _is_whole_entry(shape):
            return {"if": _SAYS_LIKE, "then": self._of(in_part(shape)), "else": self._named(shape)}
        return self._named(shape)

    def _named(self, shape: Record | OneOf) -> Schema:
        if isinstance(shape, OneOf):
            return self._one_of(shape)
        name = _name(shape)
        if name not in self._records:
            self._records[name] = {}
            self._records[name].update(self.record(shape))
        return _reference(name)

    def _one_of(self, shape: OneOf) -> Schema:
        """Ask for one kind; where it is merged, `like` and one that is `off` may stand beside."""
        partial = isinstance(shape, WrittenOneOf) and shape.partial
        return {
            "type": "object",
            "properties": {option.key: self._described(shape, option) for option in shape.options},
            "additionalProperties": False,
            "minProperties": 1,
            "maxProperties": 3 if partial else 1,
        }


def _scalar(shape: Scalar) -> Schema:
    """Give a text's schema. To editors a text may look like a number or a truth: 2026, true."""
    schema = dict(shape.schema)
    pattern = re.compile(str(schema.get("pattern", "")))
    if schema.get("type") == "string":
        alike = [name for name, text in _ALIKE.items() if pattern.search(text)]
        schema["type"] = ["string", *alike] if alike else "string"
    return schema


def _is_whole_entry(shape: Shape) -> TypeGuard[WrittenRecord | WrittenOneOf]:
    return isinstance(shape, WrittenRecord | WrittenOneOf) and shape.like and not shape.partial


def _name(shape: Record) -> str:
    """Name a record's definition: `Check` as the types say it, and how it may be written."""
    name = shape.made.__name__
    if isinstance(shape, WrittenRecord):
        name += ("Entry" if shape.like else "") + ("Part" if shape.partial else "")
    return name


def _reference(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _key_referred_to(node: Schema) -> str:
    return str(node.get("$ref", "")).removeprefix("#/$defs/")


def _nodes(value: object) -> Iterator[Schema]:
    if isinstance(value, dict):
        yield value
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in list(parts):
        yield from _nodes(part)


def _description(part: Part) -> str:
    facts = [part.says.text]
    if not is_table(part.shape) and "enum" not in dict(getattr(part.shape, "schema", ())):
        facts.append(f"{_capital(kind_of(part.shape))}.")
    if default := default_of(part):
        facts.append(f"Default: {default}.")
    if part.says.example:
        facts.append(f"Example: {part.says.example}")
    return " ".join(facts)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _plain_default(part: Part) -> object:
    """Give the default of a single text, which editors write for the user."""
    if not isinstance(part.shape, Scalar) or (text := default_of(part)) is None:
        return None
    said = dict(part.shape.schema).get("type")
    return json.loads(text) if said in ("integer", "number", "boolean") else text


if __name__ == "__main__":
    WRITTEN.write_text(schema(), encoding="utf-8")
