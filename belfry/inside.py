"""Where a character of a text stands in a file, however YAML writes that text."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from belfry.document import lines_of
from belfry.lint.marked import Items, NotYaml, Scalar, Source, Table, documents

if TYPE_CHECKING:
    from collections.abc import Mapping

    from belfry.lint.marked import Node
    from belfry.problems import Place


def inside(place: Place, at: int) -> Place:
    """Give the place of a character of the text that stands at a place, counted from 0.

    Returns:
        The place of the whole text where the file cannot be read again.

    """
    lines = lines_of(place.file)
    scalar = _scalars(lines).get((place.line, place.column))
    if scalar is None or at > len(scalar.text):
        return place
    return Source(place.file, list(lines)).inside(scalar, at)


@lru_cache(maxsize=2)
def _scalars(lines: tuple[str, ...]) -> Mapping[tuple[int, int], Scalar]:
    try:
        waiting = documents("\n".join(lines))
    except NotYaml:
        return {}
    found: dict[tuple[int, int], Scalar] = {}
    while waiting:
        node: Node = waiting.pop()
        if isinstance(node, Scalar):
            found[node.line + 1, node.column + 1] = node
        elif isinstance(node, Items):
            waiting += node.items
        elif isinstance(node, Table):
            waiting += (value for _, value in node.entries)
    return found
