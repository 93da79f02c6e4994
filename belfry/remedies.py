"""What would be right where something of another form was read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from belfry.merge import OFF
from belfry.scalars import Scalar
from belfry.shapes import Listing, Names, OneOf
from belfry.tree import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from belfry.shapes import Part, Shape
    from belfry.tree import Node

NO_BLANK = re.compile(r"([\w.-]+):(?!//)\S")
"""A key, a colon and a value that make one text."""
_LISTED = 16


def hint(shape: Shape, node: Node) -> str | None:
    """Say what would be right where a text only looks like a table or a list."""
    if not isinstance(node, Text) or node.quoted or isinstance(shape, Scalar):
        return None
    if node.text == OFF:
        return "leave the key out: off is for what an environment leaves out"
    if match := NO_BLANK.match(node.text):
        return f"put a blank after the colon: {match[1]}: …"
    if isinstance(shape, Listing) and node.text.startswith("-"):
        return "put a blank after the dash: - …"
    return None


def listed(names: Sequence[str]) -> str:
    """List names up to a few."""
    more = f", and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return f"{', '.join(names[:_LISTED])}{more}"


def remedy(shape: Shape) -> str:
    """Say what would be right for a shape."""
    if isinstance(shape, Scalar):
        return f"write {shape.what}, such as {shape.example}"
    if isinstance(shape, Listing):
        return f"write a list, such as {_sample_list(shape)}"
    if isinstance(shape, Names):
        return f"write names with their values, such as {shape.name.example}: …"
    if isinstance(shape, OneOf):
        return (
            f"write one of {', '.join(option.key for option in shape.options)}, with its own keys"
        )
    return f"write its keys: {listed([part.key for part in shape.parts])}"


def addition(part: Part) -> str:
    """Say what to add where a key is missing, and what it means."""
    return f"add {_sample(part)} ({_lower(part.says.text)})"


def _sample(part: Part) -> str:
    shape = part.shape
    if isinstance(shape, Scalar):
        return f"{part.key}: {shape.example}"
    if isinstance(shape, Listing):
        return f"{part.key}: {_sample_list(shape)}"
    return f"{part.key}:"


def _sample_list(shape: Listing) -> str:
    return f"[{shape.item.example if isinstance(shape.item, Scalar) else '…'}]"


def _lower(text: str) -> str:
    text = text.rstrip(".")
    return text[:1].lower() + text[1:]
