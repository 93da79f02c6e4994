"""Routing: who hears of what, how alerts become one incident, and how often it is said."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from belfry.forms import Name, Reference
from belfry.language.services import Kind
from belfry.scalars import Bounds
from belfry.shapes import Says
from belfry.values.duration import Duration
from belfry.values.rate import Rate

_AT_ONCE = Duration.of(0)


class GroupBy(StrEnum):
    """What alerts of one incident have in common."""

    CAUSE = "cause"
    SERVICE = "service"
    SEVERITY = "severity"
    RULE = "rule"
    SET = "set"


class Event(StrEnum):
    """What people are told that is no incident."""

    DEPLOYMENT = "deployment"
    MAINTENANCE = "maintenance"
    THRESHOLD_CHANGE = "threshold-change"
    STATUS_UPDATE = "status-update"
    POST_MORTEM = "post-mortem"
    BUDGET_FREEZE = "budget-freeze"


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Incidents of some kind, and who hears of them beside the severity's own channels."""

    severities: Annotated[
        tuple[Reference, ...], Says("Of these severities; none: of all.", "P0", one_or_more=True)
    ] = ()
    services: Annotated[
        tuple[Reference, ...], Says("About these services; none: all.", "api", one_or_more=True)
    ] = ()
    kinds: Annotated[
        tuple[Kind, ...],
        Says("About services of these kinds; none: all.", "postgres", one_or_more=True),
    ] = ()
    sets: Annotated[
        tuple[Reference, ...],
        Says("From these rule sets; none: all.", "server", one_or_more=True),
    ] = ()
    channels: Annotated[tuple[Reference, ...], Says("Who hears of them.", "[sms-finance]")]
    instead: Annotated[
        bool, Says("Instead of the severity's channels, not beside them.", "true")
    ] = False
    hours: Annotated[
        Reference | None, Says("In these hours only, one of people.hours.", "business")
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inhibit:
    """What keeps an alert from being said, though it is judged and recorded."""

    by_needs: Annotated[
        bool, Says("A service that needs a broken one is said to be taken along.", "true")
    ] = True
    by_rank: Annotated[bool, Says("A worse alert about the same service says enough.", "true")] = (
        True
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    """Who hears of what, how alerts become one incident, and how often it is said."""

    group_by: Annotated[
        tuple[GroupBy, ...],
        Says("What alerts of one incident have in common.", "[cause]", one_or_more=True),
    ] = (GroupBy.CAUSE,)
    wait: Annotated[Duration, Says("How long a new incident waits for more alerts.", "30s")] = (
        _AT_ONCE
    )
    cool_down: Annotated[
        Duration, Says("How long the same alert is not said again after it ended.", "15m")
    ] = _AT_ONCE
    repeat: Annotated[
        Duration | None, Says("How often an open incident is said again; otherwise never.", "4h")
    ] = None
    limit: Annotated[
        Rate | None, Says("No more messages than this to one channel.", "20 per hour")
    ] = None
    inhibit: Annotated[Inhibit, Says("What keeps an alert from being said.")] = Inhibit()
    routes: Annotated[
        Mapping[Name, Route], Says("Incidents that more, or other, people hear of.")
    ] = field(default_factory=dict)
    events: Annotated[
        Mapping[Event, tuple[Reference, ...]],
        Says("What people are told that is no incident.", "deployment: [slack-warnings]"),
    ] = field(default_factory=dict)
    history: Annotated[
        int, Bounds(0, 10_000), Says("Ended incidents that the status page lists.", "100")
    ] = 100
