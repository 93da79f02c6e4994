"""Silences written as comments: `# belfry-lint: off <check>[, <check>] -- <reason>`."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from belfry.lint.check import Finding
from belfry.lint.table import CHECKS
from belfry.problems import Place, suggestion
from belfry.values.nonsense import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from belfry.lint.rule_files import Group

_COMMENT = re.compile(r"(?:^|\s)#\s*belfry-lint\s*:?\s*(?P<rest>.*)$")
_FORM = re.compile(
    r"(?P<off>off|off-file)\s+(?P<checks>[a-z0-9][a-z0-9, -]*?)\s*(?:--(?P<why>.*))?$"
)
_WIDE = 500
"""Lines: what is about more is looked at for every finding of its check."""


@dataclass(slots=True, kw_only=True, eq=False)
class Silence:
    """A silence, and the lines that it is about."""

    place: Place
    checks: tuple[str, ...]
    reason: str
    first: int
    last: int
    """Lines from 1, both included."""
    used: set[str]


def silenced(
    findings: Iterable[Finding], lines: Sequence[str], file: str, groups: Sequence[Group]
) -> Iterator[Finding]:
    """Give what no comment silences, and what is wrong with the comments."""
    if not any("belfry-lint" in line for line in lines):
        yield from findings
        return
    silences: list[Silence] = []
    yield from _read(lines, file, groups, silences)
    index = _Index(silences)
    yield from (finding for finding in findings if not index.hides(finding))
    for silence in silences:
        for check in silence.checks:
            if check not in silence.used:
                wrong = f"nothing here is found by {check}"
                yield _told("silence-unused", silence.place, wrong)


class _Index:
    """Finds the silences about a line in a step, so that thousands of them cost no more."""

    def __init__(self, silences: Sequence[Silence]) -> None:
        self._near: dict[tuple[str, int], list[Silence]] = {}
        self._wide: dict[str, list[Silence]] = {}
        for silence in silences:
            for check in silence.checks:
                if silence.last - silence.first > _WIDE:
                    self._wide.setdefault(check, []).append(silence)
                    continue
                for line in range(silence.first, silence.last + 1):
                    self._near.setdefault((check, line), []).append(silence)

    def hides(self, finding: Finding) -> bool:
        """Say whether a finding is silenced, and remember by what."""
        check, line = finding.check.id, finding.place.line if finding.place else 1
        wide = [one for one in self._wide.get(check, ()) if one.first <= line <= one.last]
        found = (*self._near.get((check, line), ()), *wide)
        for silence in found:
            silence.used.add(check)
        return bool(found)


def _read(
    lines: Sequence[str], file: str, groups: Sequence[Group], silences: list[Silence]
) -> Iterator[Finding]:
    spans = _spans(groups, len(lines))
    for number, line in enumerate(lines):
        comment = _COMMENT.search(line)
        if comment is None:
            continue
        place = Place(file, number + 1, comment.start("rest") + 1)
        form = _FORM.match(comment["rest"].strip())
        if form is None:
            wrong = f"{shown(comment['rest'].strip()[:60])} is no silence"
            yield _told("silence-unknown", place, wrong)
            continue
        checks = tuple(filter(None, re.split(r"[,\s]+", form["checks"])))
        for check in checks:
            if check not in CHECKS:
                right = suggestion(check, CHECKS, else_say="")
                yield _told("silence-unknown", place, f"there is no check {check}", right)
        if not (form["why"] or "").strip():
            yield _told("silence-unexplained", place, f"{', '.join(checks)}: nobody says why")
        first, last = 1, len(lines) + 1
        if form["off"] == "off":
            first, last = _about(lines, number, spans)
        known = tuple(check for check in checks if check in CHECKS)
        silences.append(
            Silence(
                place=place,
                checks=known,
                reason=(form["why"] or "").strip(),
                first=first,
                last=last,
                used=set(),
            )
        )


_Span = tuple[int, int]


def _spans(groups: Sequence[Group], count: int) -> tuple[list[_Span], list[_Span]]:
    """Give the first and last line, from 1, of each rule, and of each group."""
    starts = sorted({group.table.line for group in groups})
    rules = sorted({rule.table.line for group in groups for rule in group.rules})

    def after(line: int, lines: list[int]) -> int:
        at = bisect_right(lines, line)
        return lines[at] if at < len(lines) else count

    of_rules = [(line + 1, min(after(line, rules), after(line, starts))) for line in rules]
    return of_rules, [(line + 1, after(line, starts)) for line in starts]


def _about(lines: Sequence[str], number: int, spans: tuple[list[_Span], list[_Span]]) -> _Span:
    """Find what a comment is about: what begins below it, or what it stands in."""
    below = number
    if lines[number].lstrip().startswith("#"):
        while below < len(lines) and lines[below].lstrip().startswith("#"):
            below += 1
    for line in (below + 1, number + 1):
        for several in spans:
            at = bisect_right(several, (line, len(lines) + 1)) - 1
            begins = at >= 0 and several[at][0] == line
            if begins or (line == number + 1 and at >= 0 and line <= several[at][1]):
                return several[at]
    return number + 1, number + 1


def _told(check: str, place: Place, wrong: str, right: str = "") -> Finding:
    entry = CHECKS[check]
    return Finding(check=entry, place=place, path=(), wrong=wrong, right=right or entry.remedy)
