"""Who gets an alert, when, and why not: the question asked of the routes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from belfry.arguments import Pager
from belfry.routes.inhibition import By, chain
from belfry.routes.times import Times, When
from belfry.routes.tree import DEFAULT, HEARTBEAT, Passed, leaves, passed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from belfry.routes.inhibition import Inhibition
    from belfry.routes.people import Recipient
    from belfry.routes.tree import Leaf, Routes


class Why(StrEnum):
    """Why somebody is not told."""

    SHADOW = "shadow"
    """Nobody is told anything in this environment."""
    INHIBITED = "inhibited"
    """Another alert that fires says enough."""
    NOT_INHIBITED = "not inhibited"
    """Another alert would say enough, and who pages here cannot keep this one back."""
    HEARTBEAT = "heartbeat"
    """It always fires, and means that all is well."""
    NOBODY = "nobody"
    """Its branch leads to nobody."""
    UNROUTED = "unrouted"
    """No branch is for it: whoever is told hears by default."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why somebody is not told, or not as expected."""

    why: Why
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Somebody who is told, and when."""

    to: Recipient
    after: int
    """Seconds that it must have lasted."""
    only: tuple[str, ...]
    """Only then: titles of times, one of which must be."""
    unless: tuple[str, ...]
    """Not then: titles of times."""
    due: dt.datetime | None
    """When its time comes, hours and maintenance aside, if a moment was asked about."""
    at: dt.datetime | None
    """When, if a moment was asked about; None there: never, as far as can be seen."""
    held: tuple[str, ...]
    """What keeps it back at the moment at which it would be said: titles of times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Who gets an alert, when, and why not."""

    labels: Mapping[str, str]
    moment: dt.datetime | None
    """When it began to fire, if that was asked."""
    pager: Pager
    """Who says it; what other backends see of it are votes, which wake nobody."""
    path: Passed
    told: tuple[Told, ...]
    """In the order in which they hear of it."""
    otherwise: tuple[Told, ...]
    """Who would be told, were there not the reasons."""
    reasons: tuple[Reason, ...]
    interval: int
    """Seconds between two messages about a group that changes."""
    repeat: int
    """Seconds before the same is said again."""

    @property
    def is_unrouted(self) -> bool:
        """Whether no branch is for it."""
        return any(one.why is Why.UNROUTED for one in self.reasons)


def trace(
    routes: Routes,
    labels: Mapping[str, str],
    *,
    at: dt.datetime | None = None,
    firing: Sequence[Mapping[str, str]] = (),
) -> Answer:
    """Say who gets an alert, when, and why not.

    Args:
        routes: of an environment.
        labels: all of the alert's.
        at: when it begins to fire, with a zone; None: it is not said when somebody hears.
        firing: labels of the alerts that fire at the same time and go on firing.

    """
    path = passed(routes.root, labels)
    if path is None:  # the root has no conditions
        path = Passed(node=routes.root, below=())
    ends = tuple(leaves(path))
    reasons = tuple(_reasons(routes, labels, ends, firing))
    told = tuple(_told(routes, ends, at))
    is_silent = any(one.why in (Why.SHADOW, Why.INHIBITED) for one in reasons)
    return Answer(
        labels=labels,
        moment=at,
        pager=routes.pager,
        path=path,
        told=() if is_silent else told,
        otherwise=told if is_silent else (),
        reasons=reasons,
        interval=ends[0].interval,
        repeat=ends[0].repeat,
    )


def _reasons(
    routes: Routes,
    labels: Mapping[str, str],
    ends: Sequence[Leaf],
    firing: Sequence[Mapping[str, str]],
) -> Iterator[Reason]:
    receivers = {one.receiver for one in ends}
    if routes.pager is Pager.SHADOW:
        says = f"{routes.environment} is a shadow: everything is judged, nobody is told"
        yield Reason(why=Why.SHADOW, says=says)
    if receivers == {HEARTBEAT}:
        yield Reason(
            why=Why.HEARTBEAT,
            says="it always fires, as a sign of life that the monitoring Worker is sent",
        )
        return
    if DEFAULT in receivers:
        yield Reason(why=Why.UNROUTED, says=_unrouted(routes, labels))
    elif not any(routes.receivers[name].to for name in receivers):
        yield Reason(why=Why.NOBODY, says=f"{labels.get('severity')} tells nobody")
    for other in firing:
        inhibition = silencing(routes, other, labels)
        if inhibition is None:
            continue
        says = _inhibited(routes, inhibition, other, labels)
        if routes.pager is Pager.GRAFANA:
            says = f"Grafana, which pages here, knows no inhibition, though {says}"
            yield Reason(why=Why.NOT_INHIBITED, says=says)
        else:
            yield Reason(why=Why.INHIBITED, says=says)


def silencing(
    routes: Routes, source: Mapping[str, str], target: Mapping[str, str]
) -> Inhibition | None:
    """Give what lets one alert, while it fires, keep another from being said; None: nothing."""
    return next((one for one in routes.inhibitions if one.silences(source, target)), None)


def _inhibited(
    routes: Routes, inhibition: Inhibition, source: Mapping[str, str], target: Mapping[str, str]
) -> str:
    name = f"{source.get('alertname') or 'an alert'} ({source.get('severity')})"
    if inhibition.by is By.RANK:
        return f"{name} about {source.get('service')} fires too, which is worse and says enough"
    service, cause = target.get("service", ""), source.get("service", "")
    path = " → ".join(chain(routes.needs, service, cause))
    return f"{name} says that {cause} is down, which takes {service} along ({path})"


def _unrouted(routes: Routes, labels: Mapping[str, str]) -> str:
    for label, right in (("platform", routes.platform), ("environment", routes.environment)):
        if labels.get(label, "") != right:
            return f"its {label} is {labels.get(label) or 'not said'}, and not {right}"
    return f"its severity is {labels.get('severity') or 'not said'}, which the platform has not"


def _told(routes: Routes, ends: Sequence[Leaf], at: dt.datetime | None) -> Iterator[Told]:
    first = _first(routes, ends, at) if at is not None else None
    for end in ends:
        when = when_of(routes, end)
        due = at + dt.timedelta(seconds=end.wait) if at is not None else None
        held = when.holding(due) if due is not None else ()
        for recipient in routes.receivers[end.receiver].to:
            yield Told(
                to=recipient,
                after=end.wait,
                only=_titles(when.active),
                unless=_titles(when.mute),
                due=due,
                at=_said(routes, end, due, first) if due is not None else None,
                held=_titles(held) if held is not when.active else _not_in(when.active),
            )


@dataclass(frozen=True, slots=True)
class _First:
    """When the first of an alert's ends comes, and when it can be told."""

    due: dt.datetime
    at: dt.datetime


def _first(routes: Routes, ends: Sequence[Leaf], at: dt.datetime) -> _First | None:
    """Give when the first is told; None: never, or others do not count from then."""
    wait = min(end.wait for end in ends)
    due = at + dt.timedelta(seconds=wait)
    opens = [when_of(routes, end).next(due) for end in ends if end.wait == wait]
    said = min(filter(None, opens), default=None)
    return None if said is None or routes.pager is not Pager.WORKER else _First(due, said)


def _said(routes: Routes, end: Leaf, due: dt.datetime, first: _First | None) -> dt.datetime | None:
    """Give when an end is told whose time comes; None: never, as far as can be seen.

    What the Worker holds back then, or when the first came, counts from when the first could be
    told. Alertmanager and Grafana count from the beginning, and tell all at once when hours begin.
    """
    when = when_of(routes, end)
    said = when.next(due)
    if said is None or first is None or first.at > said:
        return said
    if not when.holding(first.due) and not when.holding(due):
        return said
    return when.next(max(due, first.at + (due - first.due)))


def when_of(routes: Routes, end: Leaf) -> When:
    """Give when an end of the tree tells."""
    return When(
        active=tuple(routes.times[name] for name in end.node.active),
        mute=tuple(routes.times[name] for name in end.node.mute),
    )


def _titles(times: Sequence[Times]) -> tuple[str, ...]:
    return tuple(one.title for one in times)


def _not_in(times: Sequence[Times]) -> tuple[str, ...]:
    return tuple(f"not {one.title}" for one in times)
