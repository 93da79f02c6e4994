"""A tired person's mistake is refused where it was made, or changes that line's meaning alone."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from belfry.catalogue import load_catalogue
from belfry.language.platform import Platform
from belfry.loading import load_document, load_platform
from belfry.overlay import variants
from belfry.problems import Problems
from belfry.reader import Memory, read
from belfry.scalars import is_value
from belfry.sections import sections_of
from belfry.shapes import shape_of
from belfry.tree import Items, Table
from tests.mutation.mutants import CHANGES, mutants

if TYPE_CHECKING:
    from collections.abc import Iterator

    from belfry.problems import Path as Keys
    from belfry.reading import Reading
    from belfry.tree import Node
    from tests.mutation.mutants import Mutant

ROOT = Path(__file__).parents[2]
PLATFORMS = ("pitchey", "boulder-fest", "marketplace")
EACH = 680
SEED = 20261121
CATALOGUE = load_catalogue()
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9-]+")


def paths_by_line(node: Node, path: Keys = ()) -> Iterator[tuple[int, Keys]]:
    """Give every part of a file with the line of its key or text."""
    if isinstance(node, Table):
        for entry in node.entries:
            step = (*path, entry.key.text)
            yield entry.key.place.line, step
            yield from paths_by_line(entry.value, step)
    elif isinstance(node, Items):
        for index, item in enumerate(node.items):
            yield item.place.line, (*path, index)
            yield from paths_by_line(item, (*path, index))
    else:
        yield node.place.line, path


def differences(before: object, after: object, path: Keys = ()) -> Iterator[Keys]:
    """Give the paths at which two meanings differ, as deep as they can be told apart."""
    if before == after:
        return
    if is_dataclass(before) and type(before) is type(after) and not is_value(type(before)):
        one_of = (*path, before.KEY) if hasattr(before, "KEY") else path
        for field in fields(before):
            key = field.name.removesuffix("_").replace("_", "-")
            step = one_of if key == "parameters" else (*one_of, key)
            yield from differences(getattr(before, field.name), getattr(after, field.name), step)
    elif isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys((*before, *after)):
            if key not in before or key not in after:
                yield (*path, str(key))
            else:
                yield from differences(before[key], after[key], (*path, str(key)))
    else:
        yield path


class Meaning:
    """What a file says in each environment, and where it is written."""

    def __init__(self, path: Path) -> None:
        document = load_document(path)
        sections = sections_of(shape_of(Platform))
        memory = Memory()
        self.lines = list(paths_by_line(document.root))
        self.readings: dict[str, Reading[Platform]] = {}
        for variant in variants(document, sections).all:
            reading = read(Platform, variant.document, beside=sections.beside, memory=memory)
            self.readings |= dict.fromkeys(variant.environments or ("",), reading)

    def at(self, lines: set[int]) -> set[Keys]:
        """Give the paths that stand on lines."""
        return {path for line, path in self.lines if line in lines}


def stray(before: Meaning, after: Meaning, lines: set[int]) -> list[Keys]:
    """Give what differs between two meanings and is not written on the changed lines."""
    there = before.at(lines) | after.at(lines)
    found = []
    for name in before.readings.keys() & after.readings.keys():
        old, new = before.readings[name], after.readings[name]
        for path in differences(old.value, new.value):
            written = {path, old.written(path), new.written(path)}
            if not any(_touch(one, other) for one in written for other in there):
                found.append((name, *path))
    return found


def _touch(one: Keys, other: Keys) -> bool:
    return one[: len(other)] == other or other[: len(one)] == one


def is_told(mutant: Mutant, original: str, problems: Problems) -> bool:
    """Say whether a mistake is told where it was made.

    That is within one line of it, be it as the place or as the other side of a contradiction. A
    line that is gone has no place: it is told where it is missed, by the name of what it said.
    """
    near = nearby(mutant)
    for problem in problems.problems:
        places = [place for place in (problem.place, *problem.also) if place is not None]
        if any(place.line in near for place in places):
            return True
    if mutant.what != "a line is dropped":
        return False
    words = set(_WORD.findall(original.splitlines()[mutant.lines[0] - 1]))
    gone = {word for word in words if len(word) > 2} or words
    return any(_names(str(problem), word) for problem in problems.problems for word in gone)


def refused(path: Path) -> Problems | None:
    try:
        load_platform(path, catalogue=CATALOGUE)
    except Problems as problems:
        return problems
    return None


def nearby(mutant: Mutant) -> set[int]:
    return {line + off for line in mutant.lines for off in (-1, 0, 1)}


def _names(said: str, word: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", said) is not None


@pytest.mark.parametrize("name", PLATFORMS)
def test_a_tired_persons_mistake_is_refused_where_it_was_made_or_changes_that_line_alone(
    name: str, tmp_path: Path
) -> None:
    source = ROOT / "platforms" / f"{name}.yaml"
    original = source.read_text(encoding="utf-8")
    before = Meaning(source)
    path = tmp_path / source.name
    seen: Counter[str] = Counter()
    for mutant in mutants(original, EACH, SEED):
        path.write_text(mutant.text, encoding="utf-8")
        if (problems := refused(path)) is not None:
            assert is_told(mutant, original, problems), f"{mutant.what}, {mutant.lines}: {problems}"
            seen["refused"] += 1
            seen["refused in one message"] += len(problems.problems) == 1
            continue
        after = Meaning(path)
        strayed = stray(before, after, nearby(mutant))
        assert not strayed, f"{mutant.what}, {mutant.lines}: {strayed[:3]} changed with it"
        seen["taken"] += 1
    assert seen["refused"] + seen["taken"] == EACH
    assert seen["refused"] > EACH * 3 // 4
    assert seen["refused in one message"] > seen["refused"] * 19 // 20


def test_there_are_two_thousand_mutants_of_every_kind() -> None:
    text = (ROOT / "platforms" / "pitchey.yaml").read_text(encoding="utf-8")
    assert len(PLATFORMS) * EACH >= 2_000
    assert {mutant.what for mutant in mutants(text, len(CHANGES), SEED)} == set(CHANGES)
    assert [*mutants(text, 50, SEED)] == [*mutants(text, 50, SEED)]
