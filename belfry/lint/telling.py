"""Findings as text, as JSON and as SARIF."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, cast

from belfry.excerpt import excerpt
from belfry.lint.check import Severity
from belfry.lint.table import CHECKS
from belfry.problems import Problem, printed
from belfry.sarif import sarif

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from belfry.lint.check import Check, Finding

_COLOURS = {Severity.ERROR: "\x1b[31m", Severity.WARNING: "\x1b[33m", Severity.INFO: "\x1b[34m"}
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def as_text(
    findings: Sequence[Finding],
    *,
    color: bool = False,
    sources: Callable[[str], Sequence[str]] | None = None,
) -> str:
    """Print the findings by file, each with its place; and the line, if it can be had.

    Args:
        findings: in the order in which they are shown.
        color: severities and places stand out.
        sources: gives the lines of a file by the name that places have.

    """
    printed_lines: list[str] = []
    for file, of_file in groupby(findings, lambda one: one.place.file if one.place else ""):
        lines = sources(file) if sources and file else ()
        for finding in of_file:
            printed_lines.append(_line(finding, color=color))
            if lines and finding.place is not None and not finding.hidden:
                printed_lines += excerpt(lines, finding.place, color=color)
    return "\n".join(printed_lines)


def _line(finding: Finding, *, color: bool) -> str:
    check = finding.check
    place, severity, name = str(finding.place or ""), str(check.severity), check.id
    path, right = printed(finding.path), finding.right
    if color:
        place = f"\x1b[1m{place}\x1b[0m" if place else ""
        severity = f"{_COLOURS[check.severity]}{severity}\x1b[0m"
        path = f"\x1b[36m{path}\x1b[0m" if path else ""
        right = f"\x1b[32m{right}\x1b[0m" if right else ""
    parts = (place, severity, path, finding.wrong, right, _seen_at(finding), f"[{name}]")
    return "  ".join(part for part in parts if part)


def _seen_at(finding: Finding) -> str:
    here = finding.place.file if finding.place else ""
    places = (f"line {one.line}" if one.file == here else str(one) for one in finding.also)
    return f"see {', '.join(places)}" if finding.also else ""


def as_json(findings: Sequence[Finding]) -> list[dict[str, object]]:
    """Give the findings as values that `json.dumps` takes."""
    return [
        {
            "check": finding.check.id,
            "severity": finding.check.severity.value,
            "file": finding.place.file if finding.place else None,
            "line": finding.place.line if finding.place else None,
            "column": finding.place.column if finding.place else None,
            "path": printed(finding.path),
            "wrong": finding.wrong,
            "right": finding.right,
            "reason": finding.check.reason,
            "also": [
                {"file": one.file, "line": one.line, "column": one.column} for one in finding.also
            ],
        }
        for finding in findings
    ]


def as_sarif(
    findings: Sequence[Finding], *, sources: Callable[[str], Sequence[str]], root: Path
) -> dict[str, object]:
    """Give a SARIF log: `belfry.sarif`'s, with the checks instead of the kinds of mistakes."""
    problems = [
        Problem(place=one.place, path=one.path, wrong=one.wrong, right=one.right, also=one.also)
        for one in findings
    ]
    log = sarif(problems, sources=sources, root=root)
    run = cast("list[dict[str, Any]]", log["runs"])[0]
    run["tool"]["driver"]["rules"] = [_descriptor(check) for check in CHECKS.values()]
    numbers = {name: number for number, name in enumerate(CHECKS)}
    for result, finding in zip(run["results"], findings, strict=True):
        result["ruleId"] = finding.check.id
        result["ruleIndex"] = numbers[finding.check.id]
        result["level"] = _LEVELS[finding.check.severity]
    return log


def _descriptor(check: Check) -> dict[str, object]:
    """Describe a check: a reportingDescriptor, section 3.49 of SARIF."""
    name = "".join(word.capitalize() for word in check.id.split("-"))
    return {
        "id": check.id,
        "name": name,
        "shortDescription": {"text": check.says},
        "fullDescription": {"text": f"{check.says} {check.reason}"},
        "help": {"text": check.remedy},
        "defaultConfiguration": {"level": _LEVELS[check.severity]},
    }
