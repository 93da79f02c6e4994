"""How `belfry lint` tells what it found, and what its checks are."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.output import BadInput, Failure, console

if TYPE_CHECKING:
    from collections.abc import Sequence

    from belfry.lint.check import Finding

SILENCES = "lint.yaml"
"""At the root of a checkout: what is not told about its platforms and its catalogue."""


@dataclass(slots=True)
class Result:
    """What was linted, and what was found."""

    findings: list[Finding] = field(default_factory=list)
    files: int = 0
    rules: int = 0
    without_rules: int = 0
    """Files of folders that hold none, which nobody named."""
    texts: dict[str, Sequence[str]] = field(default_factory=dict)
    """Lines of what is no file."""


def report(told: list[Finding], result: Result, *, form: str, output: Path | None) -> None:
    """Tell findings to people, or to machines: on standard output, or in a file."""
    from belfry.lint.telling import as_json, as_sarif

    def sources(file: str) -> Sequence[str]:
        from belfry.document import lines_of

        return result.texts.get(file) or lines_of(file)

    if form == "text":
        _report_text(told, result, output=output)
        return
    if form == "sarif":
        value: object = as_sarif(told, sources=sources, root=Path.cwd())
    else:
        value = {"files": result.files, "rules": result.rules, "findings": as_json(told)}
    text = json.dumps(value, indent=2, ensure_ascii=False)
    if output:
        _write(text, output)
    else:
        click.echo(text)


def _report_text(told: list[Finding], result: Result, *, output: Path | None) -> None:
    from belfry.document import lines_of
    from belfry.lint.telling import as_text

    summary = _summary(told, result)
    if output is not None:
        _write("\n".join(filter(None, (as_text(told), summary))), output)
        return
    if not told:
        click.echo(summary)
        return
    terminal = sys.stdout.isatty()
    color = terminal and not os.environ.get("NO_COLOR")

    def sources(file: str) -> Sequence[str]:
        return result.texts.get(file) or lines_of(file)

    click.echo(as_text(told, color=color, sources=sources if terminal else None))
    click.echo(f"\n{summary}")


def _summary(told: list[Finding], result: Result) -> str:
    checked = f"{_count(result.rules, 'rule')} in {_count(result.files, 'file')} checked"
    counts = [
        _count(sum(one.check.severity == name for one in told), noun)
        for name, noun in (("error", "error"), ("warning", "warning"), ("info", "note"))
        if any(one.check.severity == name for one in told)
    ]
    found = ", ".join(counts) or "nothing is wrong"
    parts = [f"{checked}: {found}."]
    if hidden := len(result.findings) - len(told):
        parts.append(f"{_count(hidden, 'lesser finding')} not told: --severity info tells all.")
    if result.without_rules:
        holds = "holds" if result.without_rules == 1 else "hold"
        parts.append(f"{_count(result.without_rules, 'file')} of folders {holds} no rules.")
    return " ".join(parts)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _write(text: str, output: Path) -> None:
    try:
        output.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        message = f"{output} cannot be written: {(error.strerror or 'no reason').lower()}"
        raise Failure(message) from error


def tell_checks(explain: str | None, *, as_json: bool) -> None:
    """List all checks, or tell about one."""
    from belfry.lint.table import CHECKS
    from belfry.problems import nearest

    if explain is not None and explain not in CHECKS:
        meant = nearest(explain, CHECKS)
        right = f"did you mean {meant}?" if meant else "belfry lint --list lists all"
        message = f"there is no check {explain!r}: {right}"
        raise BadInput(message)
    chosen = [CHECKS[explain]] if explain else list(CHECKS.values())
    if as_json:
        values = [
            {
                "check": one.id,
                "severity": one.severity.value,
                "subject": one.subject.value,
                "says": one.says,
                "reason": one.reason,
                "remedy": one.remedy,
            }
            for one in chosen
        ]
        click.echo(json.dumps(values, indent=2, ensure_ascii=False))
        return
    if explain:
        one = chosen[0]
        click.echo(f"{click.style(one.id, bold=True)}  {one.severity}  {one.says}\n")
        click.echo(f"Why: {one.reason}\nInstead: {one.remedy}\n")
        if one.subject.name == "PLATFORM":
            click.echo(f"Silence it in {SILENCES}:  off: [{{check: {one.id}, reason: …}}]")
        else:
            click.echo(f"Silence it with a comment:  # belfry-lint: off {one.id} -- <reason>")
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for head in ("check", "severity", "what it looks for"):
        table.add_column(head, no_wrap=head != "what it looks for")
    subject = None
    for one in chosen:
        if one.subject is not subject:
            subject = one.subject
            table.add_row(f"\n[bold]{subject.value}[/]", "", "")
        table.add_row(one.id, one.severity.value, one.says)
    console().print(table)
