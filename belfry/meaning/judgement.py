"""All questions, in one walk: every mistake of a platform file, of form and of meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.findings import Findings
from belfry.meaning import checks, environments, people, rules, services

if TYPE_CHECKING:
    from belfry.catalogue import Catalogue
    from belfry.platform_file import Platform
    from belfry.problems import Problem
    from belfry.reader import Reading


def mistakes(reading: Reading[Platform], catalogue: Catalogue) -> tuple[Problem, ...]:
    """Find everything that is wrong with a platform file, mistakes of form included."""
    findings = Findings(reading)
    environments.ask(findings)
    people.ask(findings)
    services.ask(findings)
    checks.ask(findings)
    rules.ask(findings, catalogue)
    return findings.problems
