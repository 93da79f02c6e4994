"""The rules of a checkout: the catalogue's, and what every platform compiles to."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from cli.lint_telling import SILENCES, Result
from cli.output import progress

if TYPE_CHECKING:
    from belfry.lint.check import Finding
    from belfry.problems import Place

ROOT = Path(__file__).resolve().parent.parent
_PATIENCE = 2.0
"""Seconds after which a person is told what goes on."""


def lint_checkout(platform: str | None, silences: Path | None) -> Result:
    """Lint the catalogue, and every environment of the platforms.

    Args:
        platform: only this one; None: all.
        silences: a file of them; None: the checkout's own, if there is one.

    Raises:
        Problems: the file of silences, the catalogue or a platform cannot be read.

    """
    from belfry import document
    from belfry.catalogue import SHIPPED, load_catalogue
    from belfry.lint.compiled import check_catalogue
    from belfry.lint.written_silences import read_silences, silenced_by
    from belfry.loading import find_platform, platforms_in
    from belfry.problems import Problems

    reading = None
    where = silences or ROOT / SILENCES
    if silences is not None or where.is_file():
        reading = read_silences(document.load(_from_here(where)))
        if reading.problems:
            raise Problems(reading.problems)
    catalogue = load_catalogue()
    places = _places_of_catalogue(SHIPPED)
    result = Result(files=len(catalogue.subjects), rules=len(catalogue.rules))
    result.findings += check_catalogue(catalogue, places.get, _runbook)
    paths = (find_platform(ROOT, platform),) if platform else platforms_in(ROOT)
    started = time.monotonic()
    line = progress()
    for number, path in enumerate(paths):
        if time.monotonic() - started > _PATIENCE:
            line(f"{path.name} ({number + 1} of {len(paths)})")
        _lint_platform(_from_here(path), places, result)
    if reading is not None:
        result.findings = list(silenced_by(result.findings, reading))
    result.findings.sort(key=_position)
    return result


def _position(finding: Finding) -> tuple[str, int, int]:
    place = finding.place
    return (place.file, place.line, place.column) if place else ("", 0, 0)


def _lint_platform(path: Path, places: dict[str, Place], result: Result) -> None:
    from belfry.arguments import Pager
    from belfry.catalogue import load_catalogue
    from belfry.lint.compiled import Around, check_stack
    from belfry.loading import load_document, load_platform
    from belfry.problems import Place
    from cli.compiling import compiled_offline

    catalogue = load_catalogue()
    written = load_document(path)
    result.files += 1
    seen: set[tuple[str, str, str]] = set()
    for environment in load_platform(path, catalogue=catalogue).environments:
        platform = load_platform(path, environment=environment, catalogue=catalogue)
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
        )
        result.rules += sum(len(group.rules) for group in stack.grafana.rule_groups)
        for finding in check_stack(stack.grafana, around):
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
        source = Source(str(_from_here(path)), list(lines))
        for one in documents("\n".join(lines)):
            rules = one.get("rules") if isinstance(one, Table) else None
            for key, _ in rules.entries if isinstance(rules, Table) else ():
                if isinstance(key, Scalar):
                    found[key.text] = source.place(key)
    return found


def _runbook(page: str) -> str | None:
    path = ROOT / "runbooks" / Path(page).name
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _from_here(path: Path) -> Path:
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
