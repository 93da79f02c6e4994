"""The rules of a checkout: the catalogue's, and what every platform compiles to."""

from __future__ import annotations

import time
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from cli.lint_telling import SILENCES, Result
from cli.output import progress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from belfry.catalogue import Catalogue
    from belfry.lint.check import Finding
    from belfry.lint.written_silences import SilenceFile
    from belfry.problems import Place
    from belfry.reading import Reading

ROOT = Path(__file__).resolve().parent.parent
_PATIENCE = 2.0
"""Seconds after which a person is told what goes on."""


def lint_checkout(platform: str | None, silences: Path | None) -> Result:
    """Lint the catalogue, and every environment of the platforms.

    What cannot be read or has mistakes is a finding, and the rest is linted.

    Args:
        platform: only this one; None: all.
        silences: a file of them; None: the checkout's own, if there is one.

    Raises:
        Problems: there is no such platform.

    """
    from belfry.loading import find_platform

    named = find_platform(ROOT, platform) if platform is not None else None
    result = Result()
    mistakes: list[Finding] = []
    where = silences or ROOT / SILENCES
    reading = None
    if silences is not None or where.is_file():
        with _telling(mistakes):
            reading = _silences(where)
    with _telling(mistakes):
        _lint_rules(named, result, mistakes)
    if reading is not None:
        result.findings = _left(result.findings, reading, whole=not mistakes)
    result.findings += mistakes
    result.findings.sort(key=_position)
    return result


@contextmanager
def _telling(mistakes: list[Finding]) -> Iterator[None]:
    """Make findings of the mistakes that something has."""
    from belfry.lint.check import found_by
    from belfry.lint.table import CHECKS
    from belfry.problems import Problems

    try:
        yield
    except Problems as found:
        mistakes += (found_by(CHECKS["mistake"], one) for one in found.problems)


def _silences(path: Path) -> Reading[SilenceFile]:
    from belfry import document
    from belfry.lint.written_silences import read_silences
    from belfry.problems import Problems

    reading = read_silences(document.load(document.seen_from_here(path)))
    if reading.problems:
        raise Problems(reading.problems)
    return reading


def _lint_rules(named: Path | None, result: Result, mistakes: list[Finding]) -> None:
    """Lint the catalogue, and a platform or all of them; what mistakes one has, others have not."""
    from belfry.catalogue import SHIPPED, load_catalogue
    from belfry.document import seen_from_here
    from belfry.lint.compiled import check_catalogue
    from belfry.loading import platforms_in

    catalogue = load_catalogue()
    places = _places_of_catalogue(SHIPPED)
    result.files, result.rules = len(catalogue.subjects), len(catalogue.rules)
    result.findings += check_catalogue(catalogue, places.get, _runbook)
    paths = (named,) if named else platforms_in(ROOT)
    started = time.monotonic()
    line = progress()
    for number, path in enumerate(paths):
        if time.monotonic() - started > _PATIENCE:
            line(f"{path.name} ({number + 1} of {len(paths)})")
        with _telling(mistakes):
            _lint_platform(seen_from_here(path), catalogue, places, result)


def _left(findings: list[Finding], reading: Reading[SilenceFile], *, whole: bool) -> list[Finding]:
    """Give what is not silenced; what is unused, nobody knows where something was not linted."""
    from belfry.lint.written_silences import silenced_by

    told = silenced_by(findings, reading)
    return [one for one in told if whole or one.check.id != "silence-unused"]


def _position(finding: Finding) -> tuple[str, int, int]:
    place = finding.place
    return (place.file, place.line, place.column) if place else ("", 0, 0)


def _lint_platform(
    path: Path, catalogue: Catalogue, places: dict[str, Place], result: Result
) -> None:
    from belfry.arguments import Pager
    from belfry.lint.compiled import Around, check_stack
    from belfry.lint.on_links import WHERE, check_links
    from belfry.loading import load_document, load_environments
    from belfry.problems import Place
    from cli.compiling import compiled_offline

    written = load_document(path)
    result.files += 1
    seen: set[tuple[str, str, str]] = set()
    for environment, platform in load_environments(path, catalogue=catalogue).items():
        # What a rule cannot say itself, the tree does: whose that is, a stack's config decides.
        pages = platform.environments[environment].paging is Pager.GRAFANA
        stack = compiled_offline(platform, environment, catalogue, owns_grafana_policy=pages)
        own = {
            name: written.locate(("rules", rules, "own", name))
            for rules, one in platform.rules.items()
            for name in one.own
        }

        def place(name: str, own: dict[str, Place] = own) -> Place:
            return own.get(name) or places.get(name) or Place(str(path), 1, 1)

        around = Around(
            places=place,
            severities={name: bool(one.channels) for name, one in platform.severities.items()},
            teams={
                platform.team,
                *(platform.people.teams if platform.people else ()),
                *(one.team for one in platform.services.values() if one.team),
            },
            runbook=_runbook,
            own=own,
        )
        result.rules += sum(len(group.rules) for group in stack.grafana.rule_groups)
        found = chain(
            check_stack(stack.grafana, around), check_links(platform, written.locate(WHERE))
        )
        for finding in found:
            key = (finding.check.id, str(finding.path), finding.wrong)
            if key not in seen:
                seen.add(key)
                result.findings.append(finding)


def _places_of_catalogue(folder: Path) -> dict[str, Place]:
    from belfry import document
    from belfry.lint.marked import Scalar, Source, Table, documents

    found: dict[str, Place] = {}
    for path in (*sorted(folder.glob("*.yaml")), *sorted((folder / "own").glob("*.yaml"))):
        lines = document.lines_of(str(path))
        source = Source(str(document.seen_from_here(path)), list(lines))
        for one in documents("\n".join(lines)):
            rules = one.get("rules") if isinstance(one, Table) else None
            for key, _ in rules.entries if isinstance(rules, Table) else ():
                if isinstance(key, Scalar):
                    found[key.text] = source.place(key)
    return found


def _runbook(page: str) -> str | None:
    path = ROOT / "runbooks" / page
    return path.read_text(encoding="utf-8") if path.is_file() else None
