"""Locations: where checks and journeys are made from, and how many must agree."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from belfry.problems import Code

if TYPE_CHECKING:
    from belfry.findings import Findings
    from belfry.language.checks import Check
    from belfry.language.journeys import Journey
    from belfry.language.platform import Platform
    from belfry.problems import Path

_KINDS = ("region", "prober")


def ask(findings: Findings[Platform]) -> None:
    """Ask about every location."""
    for name, location in findings.value.locations.items():
        path = ("locations", name)
        said = [kind for kind in _KINDS if getattr(location, kind) is not None]
        if len(said) > 1:
            wrong = "a location is a region of Cloudflare or a prober of one's own, not both"
            findings.add((*path, said[1]), wrong, "make two locations of it")
        if not said and not findings.is_unclear(path):
            right = "add region: weur, or prober: and its address"
            findings.add(path, "nothing says where it is", right)
    _same(findings)
    _unused(findings)


def _same(findings: Findings[Platform]) -> None:
    seen: dict[tuple[str, str], str] = {}
    for name, location in findings.value.locations.items():
        for kind in _KINDS:
            value = getattr(location, kind)
            other = name if value is None else seen.setdefault((kind, value), name)
            if other != name:
                findings.add(
                    ("locations", name, kind),
                    f"{other} is there already",
                    "name another place: two locations in one place are one vote said twice",
                    because=(("locations", other, kind),),
                )


def _unused(findings: Findings[Platform]) -> None:
    platform = findings.value
    lists = chain(
        (check.from_ for check in platform.checks.values()),
        (journey.from_ for journey in platform.journeys.values()),
    )
    used = set(chain.from_iterable(lists))
    unclear = any(map(findings.is_broken_within, ("locations", "checks", "journeys")))
    if unclear or not used <= platform.locations.keys():
        return
    for name in platform.locations:
        if name not in used:
            findings.add(
                ("locations", name),
                "nothing is made from here",
                f"add from: [{name}] to a check or a journey, or remove it",
                code=Code.UNUSED,
            )


def ask_where(findings: Findings[Platform], path: Path, made: Check | Journey) -> None:
    """Ask about the locations of a check or journey at `path`, and how many must see a failure."""
    locations = findings.value.locations
    findings.known_once((*path, "from"), made.from_, "location", locations, "locations")
    quorum, count = made.down_when, len(made.from_)
    if quorum is None:
        return
    where = (*path, "down-when")
    because = ((*path, "from"), *((*path, "from", index) for index in range(count)))
    if not count:
        wrong = "nobody can agree: it is made from no location in particular"
        findings.add(where, wrong, "add from: and the locations", because=because)
    elif quorum.of != count:
        places = f"{count} location{'' if count == 1 else 's'}"
        findings.add(
            where,
            f"it is made from {places}, not {quorum.of}",
            f"write {min(quorum.needed, count)} of {count}, or name {quorum.of} locations",
            because=because,
        )
