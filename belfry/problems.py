"""Mistakes in files: where, what is wrong, what would be right; all of them at once."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

Path = tuple[str | int, ...]
"""Keys and indexes from the top of a file to one of its parts."""

_MANY = 200
_NAMED = 8


class Code(StrEnum):
    """What kind of mistake it is: stable words, for machines that sort and silence mistakes."""

    FILE = "file"
    YAML = "yaml"
    WRITTEN_TWICE = "written-twice"
    UNKNOWN_KEY = "unknown-key"
    MISSING_KEY = "missing-key"
    WRONG_KIND = "wrong-kind"
    BAD_VALUE = "bad-value"
    UNKNOWN_NAME = "unknown-name"
    UNUSED = "unused"
    SECRET = "secret-in-clear"  # noqa: S105 -- the kind of a mistake
    MEANING = "meaning"
    ARGUMENT = "argument"


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
    """As it is written: under `environments` or `defaults` when the part stands there."""
    wrong: str
    right: str
    code: Code = Code.MEANING
    hidden: bool = False
    """The line holds what nobody may see, such as a secret in clear: it is never shown."""
    also: tuple[Place, ...] = ()
    """Other places of the same mistake: either side of a contradiction may be the wrong one."""

    @property
    def seen_at(self) -> str:
        """The other places, in words."""
        here = self.place.file if self.place else ""
        places = (f"line {one.line}" if one.file == here else str(one) for one in self.also)
        return f"see {', '.join(places)}" if self.also else ""

    def __str__(self) -> str:
        """Print `file:line:column  path  what is wrong  what would be right`."""
        parts = (str(self.place or ""), printed(self.path), self.wrong, self.right, self.seen_at)
        return "  ".join(part for part in parts if part)


class PlaceJson(TypedDict):
    """A Place for machines."""

    file: str
    line: int
    column: int


class ProblemJson(TypedDict):
    """A Problem for machines; the place is null when no file is at fault."""

    file: str | None
    line: int | None
    column: int | None
    path: str
    wrong: str
    right: str
    code: str
    also: list[PlaceJson]


class Problems(Exception):  # noqa: N818 -- it is the mistakes themselves, and reads so where it is raised
    """Everything that is wrong with what was read, in the order of the file, each said once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(_once(problems), key=_position))
        super().__init__(self.problems)

    def __str__(self) -> str:
        """Print the text form without colours."""
        return self.render()

    def render(
        self, *, color: bool = False, sources: Callable[[str], Sequence[str]] | None = None
    ) -> str:
        """Print one line a problem, and below it the line of the file, if it can be had.

        Args:
            color: the place stands out and the remedy is green.
            sources: gives the lines of a file by the name that places have, none if it cannot;
                `belfry.document.lines_of` does. Without it no lines are shown.

        """
        from belfry.excerpt import excerpt  # noqa: PLC0415 -- only for people who made a mistake

        printed_lines = []
        lines_of_file: dict[str, Sequence[str]] = {}
        for problem in self.problems:
            printed_lines.append(_coloured(problem) if color else str(problem))
            place = problem.place
            if sources is None or place is None or problem.hidden:
                continue
            if place.file not in lines_of_file:
                lines_of_file[place.file] = sources(place.file)
            printed_lines += excerpt(lines_of_file[place.file], place, color=color)
        return "\n".join(printed_lines)

    def as_json(self) -> list[ProblemJson]:
        """Give the same as values that `json.dumps` takes."""
        return [_json(problem) for problem in self.problems]


def problem_without_place(wrong: str, right: str, *path: str) -> Problems:
    """Make the error of a caller's argument, such as an environment that does not exist."""
    return Problems([Problem(place=None, path=path, wrong=wrong, right=right, code=Code.ARGUMENT)])


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


def _once(problems: Iterable[Problem]) -> Iterable[Problem]:
    """Leave out what was said of the same place already, as the reading of two environments may."""
    said: dict[tuple[object, ...], Problem] = {}
    for problem in problems:
        where = problem.path if problem.place is None else problem.place
        said.setdefault((where, problem.wrong), problem)
    return said.values()


def _position(problem: Problem) -> Place:
    return problem.place or Place("", 0, 0)


def _coloured(problem: Problem) -> str:
    parts = (
        f"\x1b[1m{problem.place}\x1b[0m" if problem.place else "",
        f"\x1b[36m{printed(problem.path)}\x1b[0m" if problem.path else "",
        problem.wrong,
        f"\x1b[32m{problem.right}\x1b[0m",
        problem.seen_at,
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
        "code": problem.code,
        "also": [{"file": p.file, "line": p.line, "column": p.column} for p in problem.also],
    }
