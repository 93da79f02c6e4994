"""Which line is at fault when a text is not YAML, and what is wrong with it.

Every way in which people break a line is undone on the lines that may be meant, and the text is
read again. The mend that lets most of it be read tells what was wrong, and where.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Protocol

from belfry import lettering
from belfry.diagnosis.indentation import content_line, indent_of, indentation_mends
from belfry.diagnosis.line import read_line
from belfry.diagnosis.mend import Mistake
from belfry.diagnosis.punctuation import (
    bracket_mends,
    mark_mends,
    quotation_mends,
    quoting_mends,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from belfry.diagnosis.mend import Mend

_AROUND = 300
"""Lines before and after the failure that are read again and again."""
_TRIES = 200
_FAR = 1 << 30
_CONFLICT = re.compile(r"(?:<{7}|>{7})(?: |$)|={7}$")
_TAB = re.compile(r"^( *)\t[ \t]*(?=[^\s#])")
_SAID = (
    (re.compile("quoted scalar|end of stream"), "a quotation mark is not closed"),
    (re.compile("',' or|flow"), "a bracket is not closed, or a comma is missing"),
    (re.compile("mapping values"), "a key stands where a text goes on"),
    (re.compile("block end|expected key|'-' indicator|document start"), "this line does not fit"),
    (re.compile("expected ':'"), "a key without a colon"),
    (re.compile("start any token|alphabetic"), "a text cannot begin with this sign"),
    (re.compile("escape"), "a backslash means something between double marks"),
)
_REMEDY = "indent it as its neighbours, and quote texts that hold signs"


class Attempt(Protocol):
    """Reads a text as far as it goes."""

    def failure(self, text: str) -> int | None:
        """Give the line of the first failure, if there is one."""

    def refused(self, text: str) -> tuple[int | None, int]:
        """Give that line, and how many of the parts before it are refused, which costs more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Where a parser gave up, what it said, and what it was in when it did. Counts from 0."""

    line: int
    column: int
    said: str
    within: int | None
    """The line where a quoted text or a bracket began that was not ended."""


def culprit(text: str, failure: Failure, attempt: Attempt) -> Mistake:
    """Find the mistake in a text that is not YAML; its place lies inside the text."""
    lines = lettering.lines(text)
    line = min(failure.line, len(lines) - 1)
    if failure.within is not None and failure.within > line:
        failure = replace(failure, within=line)
    if found := _conflict(lines) or _tab(lines, line):
        return found
    window = _window(lines, line, failure.within)
    found = _best(window, failure, attempt) if window else None
    if found is None:
        return _as_said(lines, line, failure)
    return replace(found, column=min(found.column, len(lines[found.line])))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Window:
    """The lines around a failure, as they would stand in a file of their own."""

    lines: list[str]
    head: int | None
    """The line of the file that comes first, when it is not just before the others."""
    start: int

    def line(self, line: int) -> int:
        """Give the number in the file of a line of the window."""
        if self.head is None:
            return line + self.start
        return self.head if line == 0 else line - 1 + self.start


def _window(lines: list[str], line: int, within: int | None) -> _Window | None:
    """Cut out the lines around a failure, below the key at the left that they are under."""
    first = line if within is None else min(line, within)
    if len(lines) <= 4 * _AROUND:
        return _Window(lines=lines, head=None, start=0)
    head = next((at for at in range(first, -1, -1) if indent_of(lines[at]) == 0), 0)
    own = next((indent_of(one) for one in lines[head + 1 :] if indent_of(one) is not None), 0)
    start = next(
        (at for at in range(max(head + 1, first - _AROUND), first) if indent_of(lines[at]) == own),
        head + 1,
    )
    stop = next(
        (
            at
            for at in range(line + _AROUND, len(lines))
            if (blanks := indent_of(lines[at])) is not None and blanks <= (own or 0)
        ),
        len(lines),
    )
    if stop - start > 8 * _AROUND:
        return None
    return _Window(lines=[lines[head], *lines[start:stop]], head=head, start=start)


def _best(window: _Window, failure: Failure, attempt: Attempt) -> Mistake | None:
    """Try mends until one lets the whole window be read; else take that which goes furthest."""
    offset = window.start - (window.head is not None)
    at = min(failure.line - offset, len(window.lines) - 1)
    within = None if failure.within is None else max(failure.within - offset, 0)
    best: tuple[int, int] = (at, 0)
    found: Mend | None = None
    for _, mend in zip(range(_TRIES), _mends(window.lines, at, within, failure), strict=False):
        text = "\n".join(mend.apply(window.lines))
        if _reached(mend, attempt.failure(text)) <= at:
            continue
        line, refused = attempt.refused(text)
        reached = _reached(mend, line)
        if (reached, -refused) > best and reached > at:
            best, found = (reached, -refused), mend
            if best == (_FAR, 0):
                break
    if found is None:
        return None
    return replace(found.mistake, line=window.line(found.mistake.line))


def _reached(mend: Mend, failure: int | None) -> int:
    """Give how far a text can be read, in lines of the text without the mend."""
    return _FAR if failure is None else failure - len(mend.instead) + mend.count


def _mends(lines: Sequence[str], at: int, within: int | None, failure: Failure) -> Iterator[Mend]:
    """Guess, the likeliest first."""
    near = _near(lines, at, within)
    suspects = _suspects(lines, at, within)
    yield from chain.from_iterable(quotation_mends(lines, one) for one in suspects)
    yield from chain.from_iterable(bracket_mends(lines, one) for one in suspects)
    for one in near:
        yield from mark_mends(lines, one, failure.column if one == at else None)
    yield from indentation_mends(lines, at)
    for one in near:
        yield from quoting_mends(lines, one)


def _near(lines: Sequence[str], at: int, within: int | None) -> list[int]:
    """List the line of the failure and two before it that hold anything, and what was not ended."""
    found: list[int] = []
    one = content_line(lines, at)
    while one is not None and len(found) < 3:
        found.append(one)
        one = content_line(lines, one - 1) if one else None
    return found if within is None or within in found else [*found, within]


def _suspects(lines: Sequence[str], at: int, within: int | None) -> list[int]:
    """List lines on which a quotation mark or bracket is open, those near the failure first."""
    found = dict.fromkeys(one for one in (within, at, at - 1) if one is not None and one >= 0)
    for one in range(at, max(at - 4 * _AROUND, -1), -1):
        line = read_line(lines[one])
        if line.open_quote is not None or line.open_brackets or line.unopened is not None:
            found[one] = None
    return [one for one in found if one < len(lines)]


def _conflict(lines: Sequence[str]) -> Mistake | None:
    """Find the first mark that Git leaves where two changes of a file contradict each other."""
    for at, text in enumerate(lines):
        if _CONFLICT.match(text):
            return Mistake(
                line=at,
                column=0,
                wrong="a conflict of Git's was left unresolved",
                right="choose one side, and remove the marks <<<<<<<, =======, >>>>>>>",
            )
    return None


def _tab(lines: Sequence[str], line: int) -> Mistake | None:
    """Find a tab that indents a line at the failure, or next to it."""
    for at in (line, line - 1, line + 1):
        if 0 <= at < len(lines) and (found := _TAB.match(lines[at])):
            return Mistake(
                line=at,
                column=found.end(1),
                wrong="a tab indents this line",
                right="indent with blanks; an editor can turn tabs into them",
            )
    return None


def _as_said(lines: Sequence[str], line: int, failure: Failure) -> Mistake:
    """Say in plain words what the parser said, at the line where the unended part began."""
    wrong = next((words for said, words in _SAID if said.search(failure.said)), "it does not fit")
    at = line if failure.within is None else failure.within
    column = failure.column if at == failure.line else indent_of(lines[at]) or 0
    return Mistake(
        line=at,
        column=min(column, len(lines[at])),
        wrong=f"this is not YAML: {wrong}",
        right=_REMEDY,
    )
