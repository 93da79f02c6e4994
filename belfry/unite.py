"""The files of a folder, as one document: what each says of a section is put together by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.merge import what_is
from belfry.problems import Code, Problem, printed
from belfry.tree import Document, Entry, Table, Unreadable

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from belfry.problems import Path
    from belfry.tree import Node


def unite(documents: Sequence[Document], folder: str, by_parts: Collection[str]) -> Document:
    """Put the files of a folder together.

    Args:
        documents: the files, in the order of their names; at least one.
        folder: how messages call them together.
        by_parts: keys at the top whose tables are put together one level deeper, as `defaults`.

    Returns:
        A document whose parts keep their places. What two files say is a problem of it, and what
        the first says stays.

    """
    union = _Union(by_parts)
    tables: list[Table] = []
    for document in documents:
        root = document.root
        if isinstance(root, Table):
            tables.append(root)
        elif not isinstance(root, Unreadable):
            wrong = f"{what_is(root)} stands here"
            union.problems.append(
                Problem(
                    place=root.place,
                    path=(),
                    wrong=wrong,
                    right="write the sections that this file adds to the platform",
                    code=Code.WRONG_KIND,
                )
            )
    problems = [problem for document in documents for problem in document.problems]
    root_of_all: Node = Unreadable(documents[0].root.place)
    if tables:
        root_of_all = union.of(tables, ())
    return Document(file=folder, root=root_of_all, problems=(*problems, *union.problems))


class _Union:
    def __init__(self, by_parts: Collection[str]) -> None:
        self.problems: list[Problem] = []
        self._by_parts = by_parts

    def of(self, tables: Sequence[Table], path: Path) -> Table:
        if len(tables) == 1:
            return tables[0]
        same: dict[str, list[Entry]] = {}
        for table in tables:
            for entry in table.entries:
                same.setdefault(entry.key.text, []).append(entry)
        entries = tuple(self._one(found, (*path, key)) for key, found in same.items())
        return Table(entries, tables[0].place, all(table.whole for table in tables))

    def _one(self, entries: list[Entry], path: Path) -> Entry:
        first, *others = entries
        depth = 2 if path[0] in self._by_parts else 1
        parts = [entry.value for entry in entries if isinstance(entry.value, Table)]
        if not others or (len(parts) == len(entries) and len(path) <= depth):
            return Entry(first.key, self.of(parts, path)) if others else first
        self.problems += (
            Problem(
                place=other.key.place,
                path=path,
                wrong=f"{printed(path)} is written at {first.key.place} already",
                right="write it in one file",
                code=Code.WRITTEN_TWICE,
            )
            for other in others
        )
        return first
