"""What would be right where something of another form was read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from belfry.merge import OFF
from belfry.scalars import Scalar
from belfry.shapes import Listing, Names, OneOf, Record
from belfry.tree import Table, Text
from belfry.values.nonsense import Nonsense
from belfry.values.secret import parse_secret

if TYPE_CHECKING:
    from collections.abc import Sequence

    from belfry.problems import Path
    from belfry.shapes import Part, Shape
    from belfry.tree import Entry, Node

NO_BLANK = re.compile(r"([\w.-]+):(?!//)\S")
"""A key, a colon and a value that make one text."""
_LISTED = 16
_SHORT = 80
"""Characters of a text that is worth writing anew as a list."""
_WORD = re.compile(r"[A-Za-z0-9][\w.@-]{0,31}")
_REFERENCE = "secret:"


def hint(shape: Shape, node: Node) -> str | None:
    """Say what would be right where a text only looks like a table or a list."""
    if not isinstance(node, Text) or node.quoted or isinstance(shape, Scalar):
        return None
    if node.text == OFF:
        return "leave the key out: off is for what an environment leaves out"
    if (match := NO_BLANK.match(node.text)) and not node.text.startswith(_REFERENCE):
        return f"put a blank after the colon: {match[1]}: …"
    if isinstance(shape, Listing) and node.text.startswith("-"):
        return "put a blank after the dash: - …"
    return None


def as_list(shape: Shape, node: Node) -> str | None:
    """Say how the words of a text are written as a list, if all of them have the items' form."""
    if not isinstance(shape, Listing) or not isinstance(node, Text) or len(node.text) > _SHORT:
        return None
    item = shape.item
    if not isinstance(item, Scalar) or item.parse is parse_secret:
        return None
    if not {"pattern", "enum"} & dict(item.schema).keys():
        return None  # of a free text nobody knows whether it is a secret
    words = re.split(r"\s*[,;]\s*|\s+", node.text.strip(" ,;"))
    return (
        f"write a list: [{', '.join(words)}]" if all(_fits(item, word) for word in words) else None
    )


def _fits(item: Scalar, word: str) -> bool:
    if not _WORD.fullmatch(word):
        return False
    try:
        item.parse(word)
    except Nonsense:
        return False
    return True


def kind_around(shape: OneOf, entries: Sequence[Entry], path: Path) -> str | None:
    """Say which kind's name is missing around keys that are those of a kind."""
    keys = [entry.key.text for entry in entries]
    if not keys or any(_is_kind(shape, entry) for entry in entries):
        return None
    kinds = [
        option.key
        for option in shape.options
        if isinstance(option.shape, Record)
        and {part.key for part in option.shape.parts} >= set(keys)
    ]
    if not kinds:
        return None
    which = "" if len(kinds) == 1 else f"; they fit {', '.join(kinds)}"
    name = f"{path[-1]}: " if path and isinstance(path[-1], str) else ""
    return f"write exactly one kind around them: {name}{{{kinds[0]}: {{{keys[0]}: …}}}}{which}"


def _is_kind(shape: OneOf, entry: Entry) -> bool:
    """Say whether an entry may be a kind with what belongs to it."""
    options = {option.key: option.shape for option in shape.options}
    kind = options.get(entry.key.text)
    if kind is None:
        return False
    nothing = isinstance(entry.value, Text) and entry.value.is_nothing
    return nothing or isinstance(entry.value, Table) or not isinstance(kind, Record)


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
