"""Mistakes of meaning in what was read: placed, and silent about what is broken already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from belfry.problems import Problem, suggestion
from belfry.values.nonsense import shown

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from belfry.problems import Path
    from belfry.reader import Reading

T = TypeVar("T")


class Findings(Generic[T]):
    """Collects the mistakes of one reading."""

    def __init__(self, reading: Reading[T]) -> None:
        self._reading = reading
        self._found: list[Problem] = []

    @property
    def value(self) -> T:
        """What was read, with something of the right type wherever it could not be."""
        return self._reading.value

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything: what could not be read, and what was found since."""
        return (*self._reading.problems, *self._found)

    def is_broken(self, path: Path) -> bool:
        """Say whether a part could not be read, which has been reported."""
        return self._reading.is_broken(path)

    def is_broken_within(self, key: str) -> bool:
        """Say whether any part of a table at the top of the file could not be read."""
        return any(part[:1] in ((), (key,)) for part in self._reading.broken)

    def add(self, path: Path, wrong: str, right: str, *, because: Sequence[Path] = ()) -> None:
        """Report a part, unless it, or a part that the finding rests on, could not be read."""
        if any(self.is_broken(part) for part in (path, *because)):
            return
        place = self._reading.document.locate(path)
        self._found.append(Problem(place=place, path=path, wrong=wrong, right=right))

    def known(self, path: Path, name: str, what: str, among: Collection[str], *within: str) -> bool:
        """Say whether a name refers to something, and report it otherwise.

        Args:
            path: where the name stands.
            name: the name.
            what: what it should name, such as "service".
            among: all such names.
            within: the part of the file that defines them, if this file does.

        """
        if name in among:
            return True
        right = suggestion(name, among, else_say=f"there is no {what} at all: add one")
        because = (within,) if within else ()
        self.add(path, f"there is no {what} {shown(name)}", right, because=because)
        return False

    def known_once(
        self, path: Path, names: Sequence[str], what: str, among: Collection[str], *within: str
    ) -> None:
        """Report the names of a list that refer to nothing, and those that stand in it twice."""
        seen: set[str] = set()
        for index, name in enumerate(names):
            where = (*path, index)
            self.known(where, name, what, among, *within)
            if name in seen:
                self.add(where, f"{name} is named twice", "name it once")
            seen.add(name)
