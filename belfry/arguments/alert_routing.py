"""What Grafana says, when it says nothing, and whom it tells: texts, mute timings, the tree."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from belfry.arguments.checked import check_name, check_once, check_some, check_within, refused

_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")
_SPAN = re.compile(r"-?\d+(:-?\d+)?")
_LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_DEEPEST = 4
"""So many levels of routes the provider's SDK has types for, and one more without children."""

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageTemplate:
    """Texts for messages, which contact points use by the names defined in it."""

    name: str
    text: str
    """In the language of Go's templates."""

    def __post_init__(self) -> None:
        """Refuse a group that defines nothing.

        Raises:
            Problems: no `define`, or blanks around the text, which Grafana takes away.

        """
        owner = f"message template {self.name}"
        check_name(owner, "name", self.name)
        if "{{ define" not in self.text and "{{define" not in self.text:
            right = 'write {{ define "…" }}…{{ end }}'
            raise refused(owner, "text", "it defines nothing", right)
        if self.text != self.text.strip():
            wrong = "it has blanks around it, which would show as a change for ever"
            raise refused(owner, "text", wrong, "strip them")


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A time in which nobody is told: all that is said must hold; what is not said, always does."""

    times: tuple[tuple[str, str], ...] = ()
    """From and to, such as 22:00 and 24:00; not over midnight, which makes two."""
    weekdays: tuple[Weekday, ...] = ()
    days: tuple[str, ...] = ()
    """Of the month, such as 1, 1:7, -1 for the last."""
    months: tuple[str, ...] = ()
    """Numbers, such as 12 or 1:3."""
    years: tuple[str, ...] = ()
    zone: str = "UTC"
    """Always said: without, Grafana says UTC."""

    def __post_init__(self) -> None:
        """Refuse times that never are.

        Raises:
            Problems: nothing is said, or a clock, day, month or year that is none.

        """
        owner = "mute timing"
        check_some(
            owner,
            "intervals",
            (*self.times, *self.weekdays, *self.days, *self.months, *self.years),
            "time, weekday, day, month or year: it would be always",
        )
        for start, end in self.times:
            if not (_CLOCK.fullmatch(start) and _CLOCK.fullmatch(end)) or start >= end:
                right = "write from before to, as 22:00 and 24:00"
                raise refused(owner, "times", f"{start}–{end} is no time of a day", right)
        for field in ("days", "months", "years"):
            for span in getattr(self, field):
                if not _SPAN.fullmatch(span):
                    raise refused(owner, field, f"{span!r} is no number or span", "write 1 or 1:7")


@dataclass(frozen=True, slots=True, kw_only=True)
class MuteTiming:
    """Times in which rules that name it tell nobody."""

    name: str
    intervals: tuple[Interval, ...]

    def __post_init__(self) -> None:
        """Refuse a timing that never is.

        Raises:
            Problems: no interval.

        """
        check_name("mute timing", "name", self.name)
        check_some(f"mute timing {self.name}", "intervals", self.intervals, "interval")


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A condition on a label of an alert."""

    label: str
    sign: Literal["=", "!=", "=~", "!~"]
    value: str

    def __post_init__(self) -> None:
        """Refuse what is no label.

        Raises:
            Problems: it is none.

        """
        if not _LABEL.fullmatch(self.label):
            raise refused("match", "label", f"{self.label!r} is no label", "write [a-zA-Z0-9_]")


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertTimes:
    """How long a group of alerts waits. Always sent, so that the tree says what it is."""

    wait: str = "30s"
    """Before it is said first."""
    interval: str = "5m"
    """Before more of it is said."""
    repeat: str = "4h"
    """Before the same is said again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRoute:
    """A branch of the tree: alerts that match all of it go to its contact point."""

    matches: tuple[Match, ...]
    """None, below another branch: whatever comes there."""
    contact_point: str | None
    """Name of a ContactPoint of the same stack; None: its parent's."""
    group_by: tuple[str, ...] = ()
    goes_on: bool = False
    """The branches after this one are tried too."""
    mute_timings: tuple[str, ...] = ()
    """Names of MuteTiming of the same stack."""
    active_timings: tuple[str, ...] = ()
    """Names of MuteTiming of the same stack, outside of which nobody is told."""
    times: AlertTimes | None = None
    """None: its parent's."""
    routes: tuple[AlertRoute, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a branch that grows too deep.

        Raises:
            Problems: more than five levels below the root.

        """
        owner = f"route to {self.contact_point or 'the same'}"
        check_once(owner, "mute_timings", self.mute_timings)
        check_once(owner, "active_timings", self.active_timings)
        check_within(owner, "routes", self._depth, 0, _DEEPEST)

    @property
    def _depth(self) -> int:
        """How many levels are below it."""
        return max((route._depth + 1 for route in self.routes), default=0)  # noqa: SLF001 -- its own class


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationTree:
    """The whole notification policy tree of a Grafana organisation, of which there is one."""

    contact_point: str
    """For what no route takes."""
    group_by: tuple[str, ...]
    times: AlertTimes
    routes: tuple[AlertRoute, ...]

    def __post_init__(self) -> None:
        """Refuse a tree without routes: that they have all gone is what no refresh notices.

        Raises:
            Problems: there is none, one at the top takes everything, or what makes a group is not
                said.

        """
        check_some("notification policy", "routes", self.routes, "route")
        for route in self.routes:
            owner = f"route to {route.contact_point or 'the same'}"
            check_some(owner, "matches", route.matches, "condition")
        check_some("notification policy", "group_by", self.group_by, "label")
