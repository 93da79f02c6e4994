"""Mistakes of meaning in what was read: placed, and silent about what is broken already."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, TypeVar

from belfry.problems import Code, Problem, nearest, printed, suggestion
from belfry.values.nonsense import shown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from belfry.problems import Path, Place
    from belfry.reading import Reading
    from belfry.tree import LeftOut

T = TypeVar("T")
_FEW = 3
"""References that a message names."""


@dataclass(frozen=True, slots=True)
class _Reference:
    """A name that should be one of those that are defined."""

    path: Path
    what: str
    among: Collection[str]


class Findings(Generic[T]):
    """Collects the mistakes of one reading."""

    def __init__(self, reading: Reading[T]) -> None:
        self._reading = reading
        self._found: list[tuple[Path, Problem]] = []
        self._touched: frozenset[Path] | None = None
        self._named: dict[Path, dict[str, list[_Reference]]] = {}

    @property
    def value(self) -> T:
        """What was read, with something of the right type wherever it could not be."""
        return self._reading.value

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything: what could not be read, and what was found since."""
        found = (problem for _, problem in self._found)
        return (*self._reading.problems, *found, *self._nameless())

    @property
    def unused(self) -> Iterator[tuple[Path, Problem]]:
        """What nothing uses, with its path: what one environment leaves alone, another may use."""
        return ((path, one) for path, one in self._found if one.code is Code.UNUSED)

    def locate(self, path: Path) -> Place:
        """Find where a part is written, or what holds it."""
        return self._reading.locate(path)

    def written(self, path: Path) -> Path:
        """Give the path of a part as it is written: below `defaults`, where it comes from there."""
        return self._reading.written(path)

    def is_written(self, path: Path) -> bool:
        """Say whether the file says a part at all, so that it is not a default of the language."""
        return self._reading.is_written(path)

    def is_unclear(self, path: Path) -> bool:
        """Say whether a part, what holds it or anything within it was reported while reading."""
        if self._touched is None:
            self._touched = frozenset(_touched(self._reading.problems))
        if not self._touched:
            return False
        touched = path in self._touched or self.written(path) in self._touched
        return touched or self.is_broken(path)

    def is_broken(self, path: Path) -> bool:
        """Say whether a part could not be read, which has been reported."""
        return self._reading.is_broken(path)

    def is_broken_within(self, key: str) -> bool:
        """Say whether any part of a table at the top of the file could not be read."""
        return any(part[:1] in ((), (key,)) for part in self._reading.broken)

    def add(
        self,
        path: Path,
        wrong: str,
        right: str,
        *,
        because: Sequence[Path] = (),
        code: Code = Code.MEANING,
        hidden: bool = False,
        also: Sequence[Path] = (),
        at: int | None = None,
    ) -> None:
        """Report a part, unless it, or a part that the finding rests on, could not be read.

        Args:
            path: the part.
            wrong: what is wrong with it.
            right: what would be right.
            because: other parts without which nothing would be wrong.
            code: what kind of mistake it is.
            hidden: the line of the file must not be shown, for what stands on it.
            also: parts that may be the wrong ones instead; people are told where they stand.
            at: the character of the part's text that is wrong, where it is not the whole of it.

        """
        if any(self.is_broken(part) for part in (path, *because)):
            return
        place = self.locate(path)
        if at is not None:
            from belfry.inside import inside  # noqa: PLC0415 -- only for somebody's mistake

            place = inside(place, at)
        others = {
            (one.file, one.line): one for one in map(self.locate, filter(self.is_written, also))
        }
        others.pop((place.file, place.line), None)
        problem = Problem(
            place=place,
            path=self.written(path),
            wrong=wrong,
            right=right,
            code=code,
            hidden=hidden,
            also=tuple(sorted(others.values())),
        )
        self._found.append((path, problem))

    def tell(self, path: Path, problem: Problem) -> None:
        """Report what is wrong in another file, to which a part of this one leads."""
        self._found.append((path, replace(problem, also=(self.locate(path),))))

    def known(self, path: Path, name: str, what: str, among: Collection[str], *within: str) -> bool:
        """Say whether a name refers to something, and report it otherwise.

        Args:
            path: where the name stands.
            name: the name.
            what: what it should name, such as "service".
            among: all such names.
            within: the part of the file that defines them, if this file does.

        """
        if not any(map(self.is_broken, (path, *((within,) if within else ())))):
            references = self._named.setdefault(within, {}).setdefault(name, [])
            references.append(_Reference(path, what, among))
        return name in among

    def _nameless(self) -> Iterator[Problem]:
        """Report names that refer to nothing; the one that several should refer to is at fault."""
        for within, by_name in self._named.items():
            for name, references in by_name.items():
                among = references[0].among
                if name in among:
                    continue
                if (left := self._reading.document.left_out.get((*within, name))) is not None:
                    yield self._left_out(left, name, references)
                    continue
                # What several entries take from one default is written once.
                places = len({self.locate(one.path) for one in references})
                meant = nearest(name, among) if within and places > 1 else None
                if meant is not None and meant not in by_name:
                    yield self._misnamed((*within, meant), meant, name, places)
                else:
                    yield from (self._unnamed(within, one, name) for one in references)

    def _left_out(self, left: LeftOut, name: str, references: Sequence[_Reference]) -> Problem:
        paths = [self.written(one.path) for one in references]
        told = ", ".join(map(printed, paths[:_FEW]))
        more = f" and {len(paths) - _FEW} more" if len(paths) > _FEW else ""
        return Problem(
            place=left.place,
            path=left.path,
            wrong=f"{left.environment} leaves {name} out, and {told}{more} "
            f"{'refers' if len(paths) == 1 else 'refer'} to it",
            right="leave that out there too, or let it refer to something else",
            code=Code.UNKNOWN_NAME,
            also=tuple(sorted({self.locate(one.path) for one in references})),
        )

    def _misnamed(self, path: Path, meant: str, name: str, count: int) -> Problem:
        return Problem(
            place=self.locate(path),
            path=self.written(path),
            wrong=f"nothing refers to {shown(meant)}, and {count} parts refer to {shown(name)}",
            right=f"did you mean {name}?",
            code=Code.UNKNOWN_NAME,
        )

    def _unnamed(self, within: Path, reference: _Reference, name: str) -> Problem:
        what = reference.what
        none = f"there is no {what} at all: add one"
        meant = nearest(name, reference.among) if within else None
        defined = (*within, meant) if meant is not None else within
        return Problem(
            place=self.locate(reference.path),
            path=self.written(reference.path),
            wrong=f"there is no {what} {shown(name)}",
            right=suggestion(name, reference.among, else_say=none),
            code=Code.UNKNOWN_NAME,
            also=(self.locate(defined),) if meant is not None and self.is_written(defined) else (),
        )

    def known_once(
        self, path: Path, names: Sequence[str], what: str, among: Collection[str], *within: str
    ) -> None:
        """Report the names of a list that refer to nothing, and those that stand in it twice."""
        for index, name in enumerate(names):
            self.known((*path, index), name, what, among, *within)
        self.once(path, names)

    def once(self, path: Path, items: Sequence[object]) -> None:
        """Report what stands twice in a list."""
        if len(items) < 2:
            return
        seen: set[object] = set()
        for index, item in enumerate(items):
            if item in seen:
                self.add((*path, index), f"{item} is named twice", "name it once")
            if not self.is_broken((*path, index)):
                seen.add(item)


def _touched(problems: Iterable[Problem]) -> Iterator[Path]:
    """Give the paths of problems and of all that holds them, as written and as they take effect."""
    for problem in problems:
        path = problem.path
        for length in range(len(path) + 1):
            yield path[:length]
        if path[:1] == ("environments",):
            for length in range(3, len(path) + 1):
                yield path[2:length]
        elif path[:1] == ("defaults",):
            yield path[1:2]
