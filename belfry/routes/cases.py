"""Which of the platform's routes an alert of one severity may match together, and what comes of it.

Routes add channels to those of the severity, or stand instead of them, and may do so in some hours
only; each channel must hear once. So every set of routes that can match together is a case of its
own, with the channels that it has and when each of them is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from belfry.problems import Code, Problem, Problems

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from belfry.language.platform import Platform
    from belfry.language.routing import Route
    from belfry.language.services import Kind

MOST = 256
"""Cases of one severity; a tree of more nobody can read."""


class Hours(NamedTuple):
    """Names of working hours: told in one of `inside`, if there are any, and in none of others."""

    inside: tuple[str, ...] = ()
    not_inside: tuple[str, ...] = ()
    """Not told while these hours last."""
    not_outside: tuple[str, ...] = ()
    """Not told while these hours do not last."""


_ALWAYS = Hours()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Routes that match together; None: any value of the label."""

    routes: tuple[str, ...] = ()
    services: tuple[str, ...] | None = None
    kinds: tuple[str, ...] | None = None
    sets: tuple[str, ...] | None = None

    def takes_all_of(self, other: Case) -> bool:
        """Say whether whatever another case takes, this one takes too."""
        return all(
            mine is None or (theirs is not None and set(theirs) <= set(mine))
            for mine, theirs in (
                (self.services, other.services),
                (self.kinds, other.kinds),
                (self.sets, other.sets),
            )
        )


def cases(platform: Platform, severity: str) -> tuple[Case, ...]:
    """Give the cases of a severity; the first whose conditions hold is an alert's.

    Raises:
        Problems: there are too many.

    """
    found = [Case()]
    for name, route in platform.routing.routes.items():
        if route.severities and severity not in route.severities:
            continue
        found += [
            both
            for one in found
            if (both := _both(platform.services, one, name, route)) is not None
        ]
        if len(found) > MOST:
            raise Problems([_too_many(name, severity)])
    # Of the sets of routes that match an alert, the largest is the one of all that match it.
    return tuple(sorted(found, key=lambda one: -len(one.routes)))


def _both(services: Mapping[str, object], one: Case, name: str, route: Route) -> Case | None:
    """Give what holds where both hold; None: they never do."""
    case = Case(
        routes=(*one.routes, name),
        services=_common(one.services, route.services),
        kinds=_common(one.kinds, route.kinds),
        sets=_common(one.sets, route.sets),
    )
    if () in (case.services, case.kinds, case.sets):
        return None
    if case.services is not None and case.kinds is not None:
        of_kinds = tuple(s for s in case.services if _kind(services, s) in case.kinds)
        return None if not of_kinds else case
    return case


def _kind(services: Mapping[str, object], name: str) -> Kind | None:
    return getattr(services.get(name), "is_", None)


def _common(some: tuple[str, ...] | None, more: Collection[str]) -> tuple[str, ...] | None:
    if not more:
        return some
    names = dict.fromkeys(map(str, more))
    return tuple(names if some is None else (one for one in some if one in names))


def _too_many(name: str, severity: str) -> Problem:
    return Problem(
        place=None,
        path=("routing", "routes", name),
        wrong=f"with this route, alerts of severity {severity} have more than {MOST} sets of "
        "routes that match them together",
        right="let routes exclude each other: name severities, or divide the services among them",
        code=Code.MEANING,
    )


def channels_of(base: Sequence[str], routes: Sequence[Route]) -> Mapping[Hours, tuple[str, ...]]:
    """Give the channels that are told, by when; at each moment each of them hears once.

    Args:
        base: channels of the severity.
        routes: those that match together.

    """
    told: dict[Hours, list[str]] = {}
    for channel in dict.fromkeys((*base, *(one for route in routes for one in route.channels))):
        for hours in _when(channel, channel in base, routes):
            told.setdefault(hours, []).append(channel)
    return {hours: tuple(found) for hours, found in told.items()}


def _when(channel: str, is_base: bool, routes: Sequence[Route]) -> tuple[Hours, ...]:
    """Give times that together are those in which a channel is told, no two of them at once."""
    adding = [one for one in routes if channel in one.channels]
    instead = [one for one in routes if one.instead]
    added = tuple(dict.fromkeys(one.hours for one in adding if one.hours is not None))
    replaced = tuple(dict.fromkeys(one.hours for one in instead if one.hours is not None))
    if any(one.hours is None for one in adding):
        return (_ALWAYS,)
    if not is_base or any(one.hours is None for one in instead):
        return (Hours(inside=added),) if added else ()
    if set(replaced) <= set(added):
        return (_ALWAYS,)
    base = Hours(not_inside=replaced)
    if not added:
        return (base,)
    # While one of the hours lasts in which the base is replaced, the routes' own hours count.
    return (
        base,
        *(
            Hours(inside=added, not_inside=replaced[:index], not_outside=(hours,))
            for index, hours in enumerate(replaced)
        ),
    )
