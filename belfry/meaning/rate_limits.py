"""Rate limits: whether each of them can ever hold, and of whom."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from belfry.meaning.lists import distinct
from belfry.problems import Code

if TYPE_CHECKING:
    from belfry.findings import Findings
    from belfry.language.application import RateLimit
    from belfry.language.platform import Platform
    from belfry.problems import Path
    from belfry.values.rate import Rate


def ask(findings: Findings[Platform]) -> None:
    """Ask about every rate limit."""
    platform = findings.value
    paths: dict[str, str] = {}
    for name, limit in platform.rate_limits.items():
        path = ("rate-limits", name)
        if platform.application is None:
            wrong = "there is no application that could count requests"
            right = "add application:, or remove it"
            because = (("application",),)
            findings.add(path, wrong, right, because=because, code=Code.UNUSED)
        _whom(findings, path, limit)
        _allowed(findings, path, limit)
        for index, pattern in enumerate(limit.paths):
            other = paths.setdefault(pattern, name)
            if other != name:
                wrong = f"{other} limits this path already"
                right = "write all its limits in one place: allow: [5 per 15m, 20 per hour]"
                findings.add((*path, "paths", index), wrong, right)


def _whom(findings: Findings[Platform], path: Path, limit: RateLimit) -> None:
    if not limit.paths:
        right = "write one, such as /api/*"
        findings.add((*path, "paths"), "it limits no path", right)
    findings.once((*path, "paths"), limit.paths)
    if not limit.by:
        findings.add((*path, "by"), "all askers would count as one", "add by: address")
    findings.once((*path, "by"), limit.by)


def _allowed(findings: Findings[Platform], path: Path, limit: RateLimit) -> None:
    path = (*path, "allow")
    if not limit.allow:
        findings.add(path, "nothing is allowed", "write how much, such as 100 per minute")
    findings.once(path, limit.allow)
    for index, rate in enumerate(limit.allow):
        if not rate.count:
            right = "write at least one; what nobody may ask for needs no limit"
            findings.add((*path, index), "nobody may ask at all", right)
    counted = (one for one in distinct(findings, path, limit.allow) if one[1].count)
    ordered = sorted(counted, key=lambda one: one[1].per)
    for first, second in pairwise(ordered):
        _both(findings, path, first, second)


def _both(
    findings: Findings[Platform], path: Path, first: tuple[int, Rate], second: tuple[int, Rate]
) -> None:
    """Ask whether each of two limits, with their positions, can hold beside the other."""
    (at, short), (later, long) = first, second
    reached = short.count * -(-long.per.milliseconds // short.per.milliseconds)
    if short.per == long.per:
        where, wrong = max(at, later), f"there are two limits for {long.per}"
        right = f"keep one, such as {short if short.count < long.count else long}"
    elif long.count <= short.count:
        where, wrong = at, f"it never holds: {long} is used up first"
        right = f"allow fewer than {long.count} per {short.per}, or more per {long.per}"
    elif long.count > reached:
        where, wrong = later, f"it never holds: {short} lets no more than {reached} through"
        right = f"allow {reached} per {long.per} or fewer, or more per {short.per}"
    else:
        return
    findings.add((*path, where), wrong, right)
