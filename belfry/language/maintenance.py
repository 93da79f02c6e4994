"""Maintenance: when trouble is expected, so that nobody is woken."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, ClassVar

from belfry.forms import Reference
from belfry.scalars import Bounds
from belfry.shapes import Says
from belfry.values.clock import TimeOfDay
from belfry.values.date import Date
from belfry.values.duration import Duration
from belfry.values.moment import Moment
from belfry.values.weekdays import Weekdays
from belfry.values.zone import Zone


class During(StrEnum):
    """What becomes of trouble in a window."""

    HOLD = "hold"
    DROP = "drop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A time in which trouble is expected: once (from, to), or again and again (days, day, at)."""

    EXAMPLE_WITHOUT: ClassVar[tuple[str, ...]] = (
        "days",
        "day",
        "at",
        "for",
        "until",
    )
    """Keys that do not go with the others of its example."""

    title: Annotated[str | None, Says("What is done.", "Database upgrade")] = None
    services: Annotated[
        tuple[Reference, ...],
        Says(
            "Of these services and all that need them; none: of all.", "database", one_or_more=True
        ),
    ] = ()
    from_: Annotated[Moment | None, Says("Once: when it begins.", "2026-12-24 22:00")] = None
    to: Annotated[Moment | None, Says("Once: when it ends.", "2026-12-25 02:00")] = None
    days: Annotated[Weekdays | None, Says("Again and again: on these days of the week.", "Sun")] = (
        None
    )
    day: Annotated[
        int | None, Bounds(1, 28), Says("Again and again: on this day of the month.", "1")
    ] = None
    at: Annotated[TimeOfDay | None, Says("Again and again: when it begins.", "03:00")] = None
    for_: Annotated[Duration | None, Says("Again and again: how long it lasts.", "2h")] = None
    until: Annotated[
        Date | None, Says("Again and again: the last day; none: for good.", "2027-06-30")
    ] = None
    zone: Annotated[Zone, Says("The zone of these times.", "America/Denver")]
    trouble: Annotated[
        During,
        Says("hold: said when it lasts beyond the window; drop: never said.", "hold"),
    ] = During.HOLD
