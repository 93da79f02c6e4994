"""Lists, of which parts may be named twice or could not be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from belfry.findings import Findings
    from belfry.language.platform import Platform
    from belfry.problems import Path

T = TypeVar("T")


def distinct(
    findings: Findings[Platform], path: Path, items: Sequence[T]
) -> Iterator[tuple[int, T]]:
    """Give what stands in a list at `path`, once each, with its position; not what is broken."""
    seen: set[T] = set()
    for index, item in enumerate(items):
        if item not in seen and not findings.is_broken((*path, index)):
            seen.add(item)
            yield index, item
