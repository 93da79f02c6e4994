"""The platform file as JSON Schema, for editors: `python -m belfry.schema` writes it.

Derived from the same shapes as the reader, which remains the judge; a test holds that they agree.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from belfry.platform_file import Platform
from belfry.scalars import Scalar
from belfry.shapes import Listing, Names, OneOf, Record, shape_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from belfry.shapes import Part, Shape

WRITTEN = Path(__file__).resolve().parent.parent / "platforms" / "platform.schema.json"
"""Where the schema is kept, beside the files that name it."""


def schema() -> str:
    """Give the schema of the platform file, as the text of its file."""
    definitions: dict[str, object] = {}
    root = _schema(shape_of(Platform), definitions)
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Belfry platform file",
        **root,
        "$defs": dict(sorted(definitions.items())),
    }
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def _schema(shape: Shape, definitions: dict[str, object]) -> Mapping[str, object]:
    if isinstance(shape, Scalar):
        return dict(shape.schema)
    if isinstance(shape, Listing):
        item = _schema(shape.item, definitions)
        listing = {"type": "array", "items": item}
        return {"anyOf": [item, listing]} if shape.one_or_more else listing
    if isinstance(shape, Names):
        return {
            "type": "object",
            "propertyNames": dict(shape.name.schema),
            "additionalProperties": _schema(shape.value, definitions),
        }
    if isinstance(shape, OneOf):
        return {
            "type": "object",
            "properties": {option.key: _part(option, definitions) for option in shape.options},
            "additionalProperties": False,
            "minProperties": 1,
            "maxProperties": 1,
        }
    if shape.made is Platform:
        return _record(shape, definitions)
    name = shape.made.__name__
    if name not in definitions:
        definitions[name] = {}
        definitions[name] = _record(shape, definitions)
    return {"$ref": f"#/$defs/{name}"}


def _record(shape: Record, definitions: dict[str, object]) -> Mapping[str, object]:
    required = [part.key for part in shape.parts if part.required]
    return {
        "description": shape.says,
        "type": "object",
        "properties": {part.key: _part(part, definitions) for part in shape.parts},
        **({"required": required} if required else {}),
        "additionalProperties": _schema(shape.rest.shape, definitions)["additionalProperties"]
        if shape.rest
        else False,
    }


def _part(part: Part, definitions: dict[str, object]) -> Mapping[str, object]:
    example = part.says.example
    text = f"{part.says.text} Example: {example}" if example else part.says.text
    return {"description": text, **_schema(part.shape, definitions)}


if __name__ == "__main__":
    WRITTEN.write_text(schema(), encoding="utf-8")
