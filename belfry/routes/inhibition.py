"""What keeps an alert from being said while another fires: a worse one, or one about its cause.

A source says enough only if it is said itself whenever the target would be. So it is at least as
bad, and its severity is not kept to hours that the target's is not kept to: otherwise a mild alert
that waits for the morning would silence one that wakes people, or all of them would be silent.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from belfry.declared.site import Site
from belfry.routes.matching import Match, all_hold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from belfry.language.platform import Platform
    from belfry.language.severities import Severity

DOWN = "down"
_TAKEN_ALONG = ("degraded", "down")
"""Trouble that a broken cause explains. What is ahead, such as a certificate's end, it does not."""


class By(StrEnum):
    """Why one alert keeps another from being said."""

    NEEDS = "needs"
    RANK = "rank"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inhibition:
    """While an alert fires that is the source, those that are the target are not said.

    No alert is both, so that none silences itself or is silenced by what it silences.
    """

    by: By
    source: tuple[Match, ...]
    target: tuple[Match, ...]
    equal: tuple[str, ...] = ()
    """Labels that both must have in common; source and target have them all."""

    def silences(self, source: Mapping[str, str], target: Mapping[str, str]) -> bool:
        """Say whether one alert, while it fires, keeps another from being said."""
        return (
            all_hold(self.source, source)
            and all_hold(self.target, target)
            and all(source.get(label, "") == target.get(label, "") for label in self.equal)
        )


def inhibitions(platform: Platform, environment: str) -> Iterator[Inhibition]:
    """Give everything that keeps alerts of an environment from being said."""
    here = (
        Match(label="platform", values=(platform.platform,)),
        Match(label="environment", values=(environment,)),
    )
    said = platform.routing.inhibit
    ranked = sorted(platform.severities.values(), key=lambda one: one.rank)
    if said.by_rank:
        yield from _by_rank(here, ranked)
    if said.by_needs:
        yield from _by_needs(here, ranked, Site(platform, environment))


def _by_rank(here: tuple[Match, ...], ranked: list[Severity]) -> Iterator[Inhibition]:
    about = Match(label="service")
    for source in ranked:
        milder = [one for one in ranked if one.rank > source.rank and _says_enough(source, one)]
        if milder:
            yield Inhibition(
                by=By.RANK,
                source=(*here, about, _rank(source)),
                target=(*here, about, _rank(*milder)),
                equal=("service",),
            )


def _by_needs(here: tuple[Match, ...], ranked: list[Severity], site: Site) -> Iterator[Inhibition]:
    for name in site.platform.services:
        dependents = tuple(one for one in site.with_dependents((name,)) if one != name)
        if not dependents:
            continue
        for source in ranked:
            ranks = [one for one in ranked if one.rank >= source.rank and _says_enough(source, one)]
            yield Inhibition(
                by=By.NEEDS,
                source=(
                    *here,
                    Match(label="service", values=(name,)),
                    Match(label="trouble", values=(DOWN,)),
                    _rank(source),
                ),
                target=(
                    *here,
                    Match(label="service", values=dependents),
                    Match(label="trouble", values=_TAKEN_ALONG),
                    _rank(*ranks),
                ),
            )


def _says_enough(source: Severity, target: Severity) -> bool:
    return source.hours is None or source.hours == target.hours


def _rank(*severities: Severity) -> Match:
    return Match(label="rank", values=tuple(str(one.rank) for one in severities))


def chain(needs: Mapping[str, tuple[str, ...]], service: str, cause: str) -> tuple[str, ...]:
    """Give the shortest way along needs from a service to one that it needs, both included."""
    came_from = {service: service}
    waiting = deque((service,))
    while waiting and cause not in came_from:
        here = waiting.popleft()
        for one in needs.get(here, ()):
            if one not in came_from:
                came_from[one] = here
                waiting.append(one)
    if cause not in came_from:
        return ()
    path = [cause]
    while path[-1] != service:
        path.append(came_from[path[-1]])
    return tuple(reversed(path))
