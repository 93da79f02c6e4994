"""Lint rules: Prometheus' files of any origin, or the catalogue and what platforms compile to."""

from __future__ import annotations

import glob
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.lint_platforms import lint_checkout
from cli.lint_telling import SILENCES, Result, report, tell_checks
from cli.output import BadInput, Status, progress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from belfry.lint.settings import Settings

_STDIN = "<stdin>"
_PATIENCE = 2.0
"""Seconds after which a person is told what goes on."""
_LARGE = 1_000_000
"""Bytes that take longer than that."""
_ENDINGS = ("*.yml", "*.yaml", "*.rules", "*.json")
_SEVERITIES = ("error", "warning", "info")
_FORMS = ("text", "json", "sarif")


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
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help=f"Instead of {SILENCES}, for the catalogue and platforms.",
)
@click.option("--format", "form", type=click.Choice(_FORMS), default="text", show_default=True)
@click.option("--json", "form", flag_value="json", help="Short for --format json.")
@click.option("--sarif", "form", flag_value="sarif", help="Short for --format sarif.")
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False, writable=True),
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
    form: str,
    output: Path | None,
    list_all: bool,
    explain: str | None,
) -> None:
    """Find rules that never fire, always fire, or tell nobody anything."""
    if list_all or explain:
        tell_checks(explain, as_json=form == "json")
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
    report(told, result, form=form, output=output)
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
    plain = Settings(keep=keep, require=require)
    known = tuple(filter(None, severities.split(","))) if severities else plain.severities
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
    chosen = list(_chosen(names))
    for number, (path, named) in enumerate(chosen):
        data = _read(path)
        if time.monotonic() - started > _PATIENCE or len(data) > _LARGE:
            line(f"{path} ({number + 1} of {len(chosen)})")
        linted = lint(data, path, settings)
        if not named and any(one.check.id == "not-rules" for one in linted.findings):
            result.without_rules += 1
            continue
        if path == _STDIN:
            result.texts[path] = data.decode("utf-8-sig", errors="replace").splitlines()
        result.files += 1
        result.rules += linted.rules
        result.findings += linted.findings
    return result


def _chosen(names: tuple[str, ...]) -> Iterator[tuple[str, bool]]:
    """Give each file once, and whether somebody named it: all of a folder, or of a pattern."""
    seen: set[str] = set()
    for name, named in _every(names):
        if name not in seen:
            seen.add(name)
            yield name, named


def _every(names: tuple[str, ...]) -> Iterator[tuple[str, bool]]:
    for name in names:
        if name == "-":
            yield _STDIN, True
        elif (folder := Path(name)).is_dir():
            found = sorted({str(path) for end in _ENDINGS for path in folder.rglob(end)})
            if not found:
                message = f"{name} holds no files that end in .yml, .yaml, .rules or .json"
                raise BadInput(message)
            yield from ((one, False) for one in found if Path(one).is_file())
        elif not folder.exists() and glob.has_magic(name):
            found = sorted(one for one in glob.glob(name, recursive=True) if Path(one).is_file())  # noqa: PTH207 -- absolute patterns too
            if not found:
                message = f"no file matches {name}"
                raise BadInput(message)
            yield from ((one, True) for one in found)
        else:
            yield name, True


def _read(path: str) -> bytes:
    from belfry.lint.linting import LONGEST

    try:
        if path == _STDIN:
            return sys.stdin.buffer.read(LONGEST + 1)
        with Path(path).open("rb") as stream:
            return stream.read(LONGEST + 1)
    except OSError as error:
        message = f"{path} cannot be read: {(error.strerror or 'no reason').lower()}"
        raise BadInput(message) from error
