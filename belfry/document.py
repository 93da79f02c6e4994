"""YAML files, read into trees. The only place of the core that reads files.

Built from the parser's events, not by recursion, so that depth is a mistake and not a crash.
"""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from contextlib import suppress
from dataclasses import dataclass, replace
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from belfry import lettering
from belfry.builder import REMEDY, Builder
from belfry.problems import Code, Place, Problem, Problems
from belfry.secret_lines import hushed_by_lines, secrets_in_comments
from belfry.tree import Document

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 16 * 1024 * 1024
"""Bytes: some 50,000 services. A file beyond that was not written by a person."""

_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BRACKETS_AND_QUOTES = re.compile("flow|quoted")


def load(path: Path) -> Document:
    """Read a file.

    Raises:
        Problems: there is no such file, or nothing in it can be read.

    """
    file = str(path)
    try:
        with path.open("rb") as stream:
            size = os.fstat(stream.fileno()).st_size
            # Room is made for all that is asked for, and a pipe has no size.
            data = stream.read((size if 0 < size <= LONGEST else LONGEST) + 1)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        problem = Problem(
            place=Place(file, 1, 1),
            path=(),
            wrong=f"cannot be read: {reason}",
            right="name a file that you may read",
            code=Code.FILE,
        )
        raise Problems([problem]) from error
    return parse(data, file)


def lines_of(file: str) -> tuple[str, ...]:
    """Give the lines of a file that was read, for messages; none when it cannot be read now."""
    try:
        with Path(file).open("rb") as stream:
            data = stream.read(LONGEST)
    except OSError:
        return ()
    return _lines(data)


def seen_from_here(path: Path) -> Path:
    """Give a path as messages call it: relative where it stands below the working directory."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def parse(data: bytes, file: str) -> Document:
    """Read the bytes of a file; `file` is how messages call it.

    Raises:
        Problems: nothing in it can be read. Smaller mistakes are in the document.

    """
    lines = _lines(data)
    try:
        read = _read(data, file)
    except Problems as found:
        hushed = hushed_by_lines(found.problems, lines)
        raise Problems((*hushed, *_in_comments(lines, file))) from found.__cause__
    hushed = hushed_by_lines(read.problems, lines)
    return replace(read, problems=(*hushed, *_in_comments(lines, file)))


def _read(data: bytes, file: str) -> Document:
    text = _decode(data, file)
    builder, error = _build(text, file)
    strange: tuple[Problem, ...] = ()
    if error is not None or builder.has_strange_key:
        mended, found = lettering.mend_indentation(text)
        if found is not None:
            strange = (_strange_indentation(found, file),)
            text = mended
            builder, error = _build(text, file)
    if error is not None:
        raise Problems([*strange, _not_yaml(text, error, file)]) from error
    if builder.root is None:
        empty = Problem(
            place=Place(file, 1, 1),
            path=(),
            wrong="the file is empty",
            right=REMEDY,
            code=Code.FILE,
        )
        raise Problems([*strange, *builder.problems, empty])
    return Document(file=file, root=builder.root, problems=(*strange, *builder.problems))


def _lines(data: bytes) -> tuple[str, ...]:
    return tuple(lettering.lines(data.decode("utf-8-sig", errors="replace")))


def _in_comments(lines: tuple[str, ...], file: str) -> Iterator[Problem]:
    """Find the secrets in comments, the first of each line; a # within a text begins none."""
    found = tuple(secrets_in_comments(lines, file))
    texts = tuple(_texts("\n".join(lines))) if found else ()
    told = 0
    for problem in found:
        if problem.place is None or problem.place.line == told:
            continue
        at = (problem.place.line - 1, problem.place.column - 1)
        before = bisect_right(texts, at, key=itemgetter(0))
        if not before or texts[before - 1][1] <= at:
            told = problem.place.line
            yield problem


def _texts(text: str) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Give where each text begins and ends, line and column from 0, as far as it is YAML."""
    with suppress(yaml.YAMLError):
        for event in _events(text):
            start, end = event.start_mark, event.end_mark
            if isinstance(event, yaml.ScalarEvent) and start and end:
                yield (start.line, start.column), (end.line, end.column)


def _build(text: str, file: str) -> tuple[Builder, yaml.YAMLError | None]:
    builder = Builder(file)
    try:
        for event in _events(text):
            builder.take(event)
    except yaml.YAMLError as error:
        return builder, error
    return builder, None


def _events(text: str) -> Iterator[yaml.Event]:
    """Parse as `yaml.parse` does, which first asks, for every event, whether there is one."""
    return iter(_Loader(text).get_event, None)


def _decode(data: bytes, file: str) -> str:
    if len(data) > LONGEST:
        wrong = f"the file is larger than {LONGEST // 1024 // 1024} MiB"
        raise _unreadable(Place(file, 1, 1), wrong, "name a platform file")
    if encoding := lettering.other_encoding(data):
        wrong = f"the file is written in {encoding}, not in UTF-8"
        raise _unreadable(Place(file, 1, 1), wrong, "save the file as UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig", errors="replace")
        wrong = f"this byte is not UTF-8{lettering.in_latin(data[error.start])}"
        raise _unreadable(_place_after(before, file), wrong, "save the file as UTF-8") from error
    if (found := lettering.forbidden(text)) is not None:
        place = _place_after(text[: found.start], file)
        raise _unreadable(place, found.wrong, found.right)
    return text


def _unreadable(place: Place, wrong: str, right: str) -> Problems:
    return Problems([Problem(place=place, path=(), wrong=wrong, right=right, code=Code.FILE)])


def _place_after(text: str, file: str) -> Place:
    lines = lettering.lines(text)
    return Place(file, len(lines), len(lines[-1]) + 1)


def _strange_indentation(found: lettering.Strange, file: str) -> Problem:
    return Problem(
        place=Place(file, found.line, found.column),
        path=(),
        wrong=found.wrong,
        right=found.right,
        code=Code.YAML,
    )


@dataclass(frozen=True, slots=True)
class _Attempt:
    """How far a text can be read as YAML."""

    file: str

    def failure(self, text: str) -> int | None:
        """Give the line of the first failure, if there is one; nothing is built."""
        try:
            for _ in _events(text):
                pass
        except yaml.YAMLError as error:
            return _line_of(error)
        return None

    def refused(self, text: str) -> tuple[int | None, int]:
        """Give the line of the first failure, if there is one, and how many parts are refused."""
        try:
            builder, error = _build(text, self.file)
        except Problems as problems:
            return None, len(problems.problems)
        return (None if error is None else _line_of(error)), len(builder.problems)


def _line_of(error: yaml.YAMLError) -> int:
    mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
    return mark.line if mark else 0


def _not_yaml(text: str, error: yaml.YAMLError, file: str) -> Problem:
    from belfry.diagnosis.culprit import Failure, culprit  # noqa: PLC0415 -- only for a broken file

    failure = Failure(line=0, column=0, said=str(error), within=None)
    if isinstance(error, yaml.MarkedYAMLError) and (mark := error.problem_mark):
        opened = _BRACKETS_AND_QUOTES.search(error.context or "") and error.context_mark
        failure = Failure(
            line=mark.line,
            column=mark.column,
            said=error.problem or "",
            within=opened.line if opened else None,
        )
    found = culprit(text, failure, _Attempt(file))
    return Problem(
        place=Place(file, found.line + 1, found.column + 1),
        path=(),
        wrong=found.wrong,
        right=found.right,
        code=Code.YAML,
    )
