"""Mistakes in files: where, what is wrong, what would be right; all of them at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

Path = tuple[str | int, ...]
"""Keys and indexes from the top of a file to one of its parts."""

_MANY = 200
_NAMED = 8


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position in a file. Lines and columns count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        """Print as editors and compilers do."""
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One mistake, said once."""

    place: Place | None
    """None when no file is at fault, but what a command was told."""
    path: Path
    wrong: str
    right: str

    def __str__(self) -> str:
        """Print `file:line:column  path  what is wrong  what would be right`."""
        parts = (str(self.place or ""), printed(self.path), self.wrong, self.right)
        return "  ".join(part for part in parts if part)


class ProblemJson(TypedDict):
    """A Problem for machines; the place is null when no file is at fault."""

    file: str | None
    line: int | None
    column: int | None
    path: str
    wrong: str
    right: str


class Problems(Exception):  # noqa: N818 -- it is the mistakes themselves, and reads so where it is raised
    """Everything that is wrong with what was read, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=_position))
        super().__init__(self.problems)

    def __str__(self) -> str:
        """Print the text form without colours."""
        return self.render()

    def render(self, *, color: bool = False) -> str:
        """Print one line a problem; with colours, the place stands out and the remedy is green."""
        if not color:
            return "\n".join(map(str, self.problems))
        return "\n".join(map(_coloured, self.problems))

    def as_json(self) -> list[ProblemJson]:
        """Give the same as values that `json.dumps` takes."""
        return [_json(problem) for problem in self.problems]


def problem_without_place(wrong: str, right: str, *path: str) -> Problems:
    """Make the error of a caller's argument, such as an environment that does not exist."""
    return Problems([Problem(place=None, path=path, wrong=wrong, right=right)])


def printed(path: Path) -> str:
    """Print a path as `services.api.needs[0]`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def nearest(name: str, known: Collection[str]) -> str | None:
    """Find the known name that somebody who wrote `name` may have meant."""
    from difflib import get_close_matches  # noqa: PLC0415 -- only for somebody who made a mistake

    if len(known) > _MANY:
        known = [
            other for other in known if other[:1] == name[:1] and abs(len(other) - len(name)) < 3
        ]
    by_lower = {other.lower(): other for other in known}
    matches = get_close_matches(name.lower()[:80], by_lower, n=1, cutoff=0.65)
    return by_lower[matches[0]] if matches else None


def suggestion(name: str, known: Collection[str], *, else_say: str) -> str:
    """Say what would be right instead of an unknown name."""
    if meant := nearest(name, known):
        return f"did you mean {meant}?"
    if not known:
        return else_say
    names = sorted(known)
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"there {'is' if len(names) == 1 else 'are'} {', '.join(names[:_NAMED])}{more}"


def _position(problem: Problem) -> Place:
    return problem.place or Place("", 0, 0)


def _coloured(problem: Problem) -> str:
    parts = (
        f"\x1b[1m{problem.place}\x1b[0m" if problem.place else "",
        f"\x1b[36m{printed(problem.path)}\x1b[0m" if problem.path else "",
        problem.wrong,
        f"\x1b[32m{problem.right}\x1b[0m",
    )
    return "  ".join(part for part in parts if part)


def _json(problem: Problem) -> ProblemJson:
    place = problem.place
    return {
        "file": place.file if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
        "path": printed(problem.path),
        "wrong": problem.wrong,
        "right": problem.right,
    }
