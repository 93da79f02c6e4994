"""Silences of the catalogue and of platforms, which are written in a file of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from belfry.lint.check import Finding
from belfry.lint.table import CHECKS
from belfry.problems import suggestion
from belfry.reader import read
from belfry.shapes import Says

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from belfry.reading import Reading
    from belfry.tree import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Off:
    """What is not told, and why."""

    check: Annotated[str, Says("The check.", "rule-panel")]
    rule: Annotated[str | None, Says("Only of this rule.", "Watchdog")] = None
    reason: Annotated[str, Says("Why; people will ask.", "It has no panel of its own.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceFile:
    """All of them."""

    off: Annotated[tuple[Off, ...], Says("What is not told.")] = ()


def read_silences(document: Document) -> Reading[SilenceFile]:
    """Read the file; its mistakes are in what is given back."""
    return read(SilenceFile, document)


def silenced_by(findings: Iterable[Finding], reading: Reading[SilenceFile]) -> Iterator[Finding]:
    """Give what the file does not silence, and what is wrong with its silences."""
    used: set[int] = set()
    for finding in findings:
        hit = False
        for index, off in enumerate(reading.value.off):
            of_rule = off.rule is None or off.rule in map(str, finding.path)
            if off.check == finding.check.id and of_rule:
                used.add(index)
                hit = True
        if not hit:
            yield finding
    for index, off in enumerate(reading.value.off):
        place = reading.locate(("off", index))
        path = ("off", index)
        if off.check not in CHECKS:
            right = suggestion(off.check, CHECKS, else_say="")
            entry, wrong = CHECKS["silence-unknown"], f"there is no check {off.check}"
        elif index not in used:
            of = f" of {off.rule}" if off.rule else ""
            entry, wrong = CHECKS["silence-unused"], f"nothing{of} is found by {off.check}"
            right = entry.remedy
        else:
            continue
        yield Finding(check=entry, place=place, path=path, wrong=wrong, right=right)
