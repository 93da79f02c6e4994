"""All questions, in one walk: every mistake of a platform file, of form and of meaning."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from belfry.findings import Findings
from belfry.meaning import (
    access,
    application,
    channels,
    checks,
    dashboards,
    environments,
    journeys,
    keeping,
    locations,
    maintenance,
    objectives,
    operations,
    people,
    plans,
    proven,
    rate_limits,
    records,
    retention,
    routing,
    rules,
    server,
    services,
    severities,
    signals,
    unjudged,
    workers,
)
from belfry.meaning.reach import Reached

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from belfry.catalogue import Catalogue
    from belfry.language.platform import Platform
    from belfry.problems import Path, Problem
    from belfry.reading import Reading


def mistakes(reading: Reading[Platform], catalogue: Catalogue) -> tuple[Problem, ...]:
    """Find everything that is wrong with a platform that is the same in all its environments."""
    return mistakes_everywhere([reading], catalogue)


def mistakes_everywhere(
    readings: Sequence[Reading[Platform]], catalogue: Catalogue
) -> tuple[Problem, ...]:
    """Find everything that is wrong with a platform file, mistakes of form included.

    Args:
        readings: what the file says, one reading for all environments that differ in nothing.
        catalogue: the rules that its sets may use.

    """
    judged = [_judged(reading, catalogue) for reading in readings]
    environments.ask_together(judged)
    return tuple(_somewhere([tuple(_told(findings, judged)) for findings in judged], judged))


def _somewhere(
    told: Sequence[Sequence[Problem]], judged: Sequence[Findings[Platform]]
) -> Iterator[Problem]:
    """Name the environments of a mistake that others do not have, unless its place names one."""
    where: dict[tuple[object, str], list[str]] = {}
    for problems, findings in zip(told, judged, strict=True):
        for key in dict.fromkeys((one.place, one.wrong) for one in problems):
            where.setdefault(key, []).extend(findings.value.environments)
    everywhere = [name for findings in judged for name in findings.value.environments]
    for problem in chain.from_iterable(told):
        names = where[problem.place, problem.wrong]
        if problem.path[:1] == ("environments",) or len(names) == len(everywhere):
            yield problem
        else:
            yield replace(problem, wrong=f"in {' and '.join(names)}, {problem.wrong}")


def _judged(reading: Reading[Platform], catalogue: Catalogue) -> Findings[Platform]:
    findings = Findings(reading)
    reached = Reached(reading.value, catalogue)
    environments.ask(findings)
    people.ask(findings)
    severities.ask(findings)
    channels.ask(findings)
    routing.ask(findings, reached)
    maintenance.ask(findings)
    services.ask(findings)
    locations.ask(findings)
    checks.ask(findings, reached)
    journeys.ask(findings)
    signals.ask(findings)
    rules.ask(findings, reached)
    objectives.ask(findings, catalogue)
    unjudged.ask(findings, catalogue)
    keeping.ask(findings)
    operations.ask(findings, catalogue)
    access.ask(findings)
    application.ask(findings)
    workers.ask(findings)
    rate_limits.ask(findings)
    records.ask(findings)
    retention.ask(findings, catalogue)
    server.ask(findings)
    dashboards.ask(findings)
    plans.ask(findings, reached)
    proven.ask(findings, reached)
    return findings


def _told(
    findings: Findings[Platform], everywhere: Sequence[Findings[Platform]]
) -> Iterator[Problem]:
    """Leave out what is unused in some environments only."""
    used = {
        id(problem)
        for path, problem in findings.unused
        for other in everywhere
        if other is not findings and _uses(other, path, problem)
    }
    return (problem for problem in findings.problems if id(problem) not in used)


def _uses(other: Findings[Platform], path: Path, problem: Problem) -> bool:
    """Say whether another environment has the same part, and uses it."""
    if not other.is_written(path) or other.locate(path) != problem.place:
        return False
    return all(one.place != problem.place for _, one in other.unused)
