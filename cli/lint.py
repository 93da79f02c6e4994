"""Lint rules: Prometheus' files of any origin, or the catalogue and what platforms compile to."""

from __future__ import annotations

import glob
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from cli.files import NamedPath
from cli.lint_platforms import lint_checkout
from cli.lint_telling import SILENCES, Result, report, tell_checks
from cli.output import BadInput, Status, form_option, progress, the_form

if TYPE_CHECKING:
    from belfry.lint.check import Finding
    from belfry.lint.settings import Settings

_STDIN = "<stdin>"
_PATIENCE = 2.0
"""Seconds after which a person is told what goes on."""
_LARGE = 1_000_000
"""Bytes that take longer than that."""
_ENDINGS = ("*.yml", "*.yaml", "*.rules", "*.json")
_NAMED_ENDINGS = ".yml, .yaml, .rules or .json"
_OPEN = ("/dev/fd/", "/dev/stdin")
"""What the shell has opened: reading from it waits for nobody who may never come."""
_SEVERITIES = ("error", "warning", "info")


@click.command(
    epilog="""\b
Examples:
  belfry lint                              the catalogue, and what every platform compiles to
  belfry lint rules/ more/*.yaml           Prometheus' rule files, PrometheusRules too
  jsonnet rules.jsonnet | belfry lint -    what a generator makes
  belfry lint rules/ --severity info       also what could be better
  belfry lint --explain template-label     why a check is there, and what would be right
"""
)
@click.argument("files", nargs=-1)
@click.option("--platform", metavar="NAME", help="Only this platform, where no files are named.")
@click.option(
    "--severity",
    type=click.Choice(_SEVERITIES),
    default="warning",
    show_default=True,
    help="The least that is told.",
)
@click.option(
    "--fail-on",
    type=click.Choice(_SEVERITIES),
    default="error",
    show_default=True,
    help="The least that makes the exit status 2.",
)
@click.option("--scrape", metavar="TIME", help="How often targets are asked.  [default: 30s]")
@click.option("--interval", metavar="TIME", help="How often groups are judged that do not say it.")
@click.option("--retention", metavar="TIME", help="How long values are kept.  [default: 15d]")
@click.option("--severities", metavar="A,B,…", help="Values of the label severity that are routed.")
@click.option("--keep", multiple=True, metavar="LABEL", help="No aggregation may drop it.")
@click.option("--require", multiple=True, metavar="LABEL", help="Every selector must name it.")
@click.option(
    "--silences",
    type=NamedPath(dir_okay=False),
    metavar="FILE",
    help=f"Instead of {SILENCES}, for the catalogue and platforms.",
)
@form_option
@click.option("--json", "as_json", is_flag=True, help="Short for --format json.")
@click.option("--sarif", "as_sarif", is_flag=True, help="Short for --format sarif.")
@click.option(
    "--output",
    type=NamedPath(dir_okay=False, writable=True),
    metavar="FILE",
    help="Write it to a file instead.",
)
@click.option("--list", "list_all", is_flag=True, help="List all checks.")
@click.option("--explain", metavar="CHECK", help="Tell about one check.")
def lint_command(
    files: tuple[str, ...],
    *,
    platform: str | None,
    severity: str,
    fail_on: str,
    scrape: str | None,
    interval: str | None,
    retention: str | None,
    severities: str | None,
    keep: tuple[str, ...],
    require: tuple[str, ...],
    silences: Path | None,
    form: str | None,
    as_json: bool,
    as_sarif: bool,
    output: Path | None,
    list_all: bool,
    explain: str | None,
) -> None:
    """Find rules that never fire, always fire, or tell nobody anything."""
    chosen = the_form(form, json=as_json, sarif=as_sarif)
    if list_all or explain is not None:
        tell_checks(explain, as_json=chosen == "json")
        return
    if files and platform:
        message = "--platform and files cannot be told together: name one of them"
        raise BadInput(message)
    if files:
        durations = {"scrape": scrape, "interval": interval, "retention": retention}
        settings = _settings(durations, severities=severities, keep=keep, require=require)
        result = _lint_files(files, settings)
    else:
        result = lint_checkout(platform, silences)
    least = _SEVERITIES.index(severity)
    told = [one for one in result.findings if one.check.severity.rank <= least]
    report(told, result, form=chosen, output=output)
    if any(one.check.severity.rank <= _SEVERITIES.index(fail_on) for one in result.findings):
        raise SystemExit(Status.BAD_INPUT)


def _settings(
    durations: dict[str, str | None],
    *,
    severities: str | None,
    keep: tuple[str, ...],
    require: tuple[str, ...],
) -> Settings:
    from belfry.lint.rule_files import seconds_of
    from belfry.lint.settings import Settings

    read: dict[str, float] = {}
    for name, text in durations.items():
        if text is None:
            continue
        seconds = seconds_of(text)
        if not seconds:
            message = f"--{name}: {text!r} is no duration: write 30s, 5m or 15d"
            raise BadInput(message)
        read[name] = seconds
    for option, labels in (("keep", keep), ("require", require)):
        if not all(map(str.strip, labels)):
            message = f"--{option} is empty: name a label, such as --{option} team"
            raise BadInput(message)
    plain = Settings(keep=keep, require=require)
    known = plain.severities
    if severities is not None:
        known = tuple(filter(None, map(str.strip, severities.split(","))))
    if not known:
        message = "--severities names none: write those that are routed, such as critical,warning"
        raise BadInput(message)
    return replace(
        plain,
        scrape=read.get("scrape", plain.scrape),
        interval=read.get("interval", plain.interval),
        retention=read.get("retention", plain.retention),
        severities=known,
    )


def _lint_files(names: tuple[str, ...], settings: Settings) -> Result:
    from belfry.lint.linting import lint

    result = Result()
    started = time.monotonic()
    line = progress()
    arguments = [_meant_by(name) for name in names]
    chosen: dict[str, bool] = {}
    for one in arguments:
        chosen |= {path: chosen.get(path, False) or not one.is_folder for path in one.files}
    without_rules: set[str] = set()
    for number, (path, named) in enumerate(chosen.items()):
        try:
            data = _read(path)
        except OSError as error:
            reason = (error.strerror or "no reason").lower()
            result.findings.append(_unread("unreadable", path, f"it cannot be read: {reason}"))
            continue
        if time.monotonic() - started > _PATIENCE or len(data) > _LARGE:
            line(f"{path} ({number + 1} of {len(chosen)})")
        linted = lint(data, path, settings)
        if not named and any(one.check.id == "not-rules" for one in linted.findings):
            without_rules.add(path)
            continue
        if path == _STDIN:
            result.texts[path] = data.decode("utf-8-sig", errors="replace").splitlines()
        result.files += 1
        result.rules += linted.rules
        result.findings += linted.findings
    result.without_rules = len(without_rules)
    for one in arguments:
        if one.wrong:
            result.findings.append(_unread("unreadable", one.name, one.wrong))
        elif one.is_folder and without_rules.issuperset(one.files):
            wrong = f"none of its files that end in {_NAMED_ENDINGS} holds rules"
            result.findings.append(_unread("not-rules", one.name, wrong))
    return result


class _Meant(NamedTuple):
    """What an argument stands for."""

    name: str
    files: tuple[str, ...] = ()
    is_folder: bool = False
    """Nobody named its files one by one: those without rules are left out."""
    wrong: str = ""
    """Why it stands for nothing, if so."""


def _meant_by(name: str) -> _Meant:
    path = Path(name)
    if not name:
        message = "the name of a file is empty: name a file, a folder, or - for standard input"
        raise BadInput(message)
    if name == "-":
        return _Meant(name, (_STDIN,))
    if path.is_dir():
        found = sorted({str(one) for end in _ENDINGS for one in path.rglob(end) if one.is_file()})
        return _Meant(name, tuple(found), is_folder=True)
    if not path.exists() and glob.has_magic(name):
        found = sorted(one for one in glob.glob(name, recursive=True) if Path(one).is_file())  # noqa: PTH207 -- absolute patterns too
        return _Meant(name, tuple(found), wrong="" if found else "no file matches it")
    if path.exists() and not path.is_file() and not name.startswith(_OPEN):
        return _Meant(name, wrong="it is neither a file nor a folder")
    return _Meant(name, (name,))


def _unread(check: str, name: str, wrong: str) -> Finding:
    from belfry.lint.check import Finding
    from belfry.lint.table import CHECKS
    from belfry.problems import Place

    entry = CHECKS[check]
    return Finding(check=entry, place=Place(name, 1, 1), path=(), wrong=wrong, right=entry.remedy)


def _read(path: str) -> bytes:
    from belfry.lint.linting import LONGEST

    if path == _STDIN:
        return sys.stdin.buffer.read(LONGEST + 1)
    with Path(path).open("rb") as stream:
        return stream.read(LONGEST + 1)
