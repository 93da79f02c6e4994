"""What a platform's file says for one key in one environment, and where that is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from belfry.formatting import as_written
from belfry.overlay import variants
from belfry.problems import printed, problem_without_place, suggestion
from belfry.sections import DEFAULTS, ENVIRONMENTS
from belfry.shapes import Names
from belfry.tree import Items, Table, Text
from belfry.values.nonsense import shown
from belfry.written import below, sections, whole_file

if TYPE_CHECKING:
    from collections.abc import Mapping

    from belfry.problems import Path, Place
    from belfry.shapes import Shape
    from belfry.tree import Document, Node


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """What holds for a key."""

    value: str | None
    """As YAML on one line; None when nothing says it, so that the key's default holds."""
    place: Place | None
    why: str

    def as_json(self) -> Mapping[str, object]:
        """Give the same as values that `json.dumps` takes."""
        place = self.place
        return {
            "value": self.value,
            "file": place.file if place else None,
            "line": place.line if place else None,
            "column": place.column if place else None,
            "why": self.why,
        }


def in_force(document: Document, path: Path, environment: str | None) -> InForce:
    """Find what holds for a key.

    Args:
        document: a platform's file, or those of its folder united; as written.
        path: of a key that `explain` knows, with the names that the file gives.
        environment: one of the file's; None for what it says where nothing is overridden.

    Raises:
        Problems: there is no such environment, or no entry of a name that the path has.

    """
    _refuse_unknown(document, environment)
    source = document
    if path[:1] not in ((DEFAULTS,), (ENVIRONMENTS,)):
        source = variants(document, sections()).of(environment).document
    node = _at(source.root, path)
    if node is None:
        return InForce(value=None, place=None, why="the file does not say it")
    return InForce(
        value=_yaml(node), place=source.locate(path), why=_why(path, source.written(path))
    )


def _refuse_unknown(document: Document, environment: str | None) -> None:
    whole = document.root.get(ENVIRONMENTS) if isinstance(document.root, Table) else None
    table = whole.value if whole else None
    names = [entry.key.text for entry in table.entries] if isinstance(table, Table) else []
    if environment is not None and environment not in names:
        wrong = f"{document.file} has no environment {environment}"
        raise problem_without_place(wrong, suggestion(environment, names, else_say=""))


def _at(root: Node, path: Path) -> Node | None:
    """Follow a path; an absent name is a mistake of who asks, an absent key is not."""
    node: Node = root
    shape: Shape | None = whole_file()
    for index, step in enumerate(path):
        if isinstance(node, Items) and isinstance(step, int):
            if step >= len(node.items):
                return None
            node = node.items[step]
        elif isinstance(node, Table):
            entry = node.get(str(step))
            if entry is None:
                if isinstance(shape, Names):
                    raise _no_entry(node, path[: index + 1])
                return None
            node = entry.value
        elif step != 0:
            return None
        shape = below(shape, step) if shape else None
    return node


def _no_entry(table: Table, path: Path) -> Exception:
    *where, name = path
    names = [entry.key.text for entry in table.entries]
    wrong = f"{printed(tuple(where))} has no {shown(str(name))}"
    return problem_without_place(wrong, suggestion(str(name), names, else_say="it is empty"))


def _why(path: Path, written: Path) -> str:
    if written == path:
        return "said there itself"
    if written[:1] == (ENVIRONMENTS,):
        return f"overridden by {printed(written)}"
    return f"taken from {printed(written)} by like"


def _yaml(node: Node) -> str:
    if isinstance(node, Text):
        return as_written(node.text, flow=True) if node.quoted else node.text
    if isinstance(node, Items):
        return f"[{', '.join(map(_yaml, node.items))}]"
    if isinstance(node, Table):
        entries = (
            f"{as_written(entry.key.text, flow=True, key=True)}: {_yaml(entry.value)}"
            for entry in node.entries
        )
        return f"{{{', '.join(entries)}}}"
    return "…"
