"""Who hears of what: severities, channels, routing, maintenance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from belfry.arguments import Declared
from belfry.declared.people import Hours, Recipients, hours, recipients, weekdays
from belfry.declared.units import Limit, limit, seconds, text
from belfry.declared.unused import unused
from belfry.language.channels import Slack
from belfry.language.maintenance import During
from belfry.language.routing import Routing as SaidRouting

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from belfry.declared.site import Site
    from belfry.language.maintenance import Window as SaidWindow
    from belfry.language.routing import Route as SaidRoute
    from belfry.language.severities import Severity as SaidSeverity

_UNSAID = SaidRouting()


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """Who is told next when nobody has answered."""

    after: float
    """Seconds since the incident opened."""
    to: Recipients


@dataclass(frozen=True, slots=True, kw_only=True)
class Severity:
    """What a severity says, where it says more than rank, times and channels."""

    severity: str
    title: str
    rank: int
    answer: str
    """A span of time, next business day, or best effort."""
    resolve: str
    channels: tuple[str, ...]
    escalate: tuple[Escalation, ...]
    hours: Hours | None
    """Told then; otherwise at any time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    """How alerts become one incident, and how often it is said."""

    name: str
    group_by: tuple[str, ...]
    wait: float
    cool_down: float
    """Seconds, as all times here."""
    repeat: float | None
    limit: Limit | None
    """For each channel."""
    inhibit_by_needs: bool
    inhibit_by_rank: bool
    history: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Incidents that more, or other, people hear of. An empty condition holds for all."""

    name: str
    severities: tuple[str, ...]
    services: tuple[str, ...]
    kinds: tuple[str, ...]
    sets: tuple[str, ...]
    channels: tuple[str, ...]
    instead: bool
    hours: Hours | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What people are told that is no incident."""

    name: str
    event: str
    to: Recipients


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A time in which trouble is expected, on the clocks of its zone."""

    name: str
    title: str
    services: tuple[str, ...] | None
    """With all that need them; None: every service."""
    zone: str
    once: tuple[str, str] | None
    """From and to, such as 2026-12-24 22:00."""
    weekdays: tuple[str, ...]
    day: int | None
    """Of the month."""
    at: str | None
    lasts: float | None
    """Seconds."""
    until: str | None
    """The last day; None: for good."""
    holds: bool
    """True: what lasts beyond the window is said then; False: never."""


def severities(site: Site) -> Iterator[Declared]:
    """Give those that say more than a rank, times and channels; of the Worker's only what more."""
    for name, said in site.platform.severities.items():
        part = f"severities.{name}"
        more = {"title": said.title, "answer": said.answer.word, "resolve": said.resolve.word}
        if site.worker_tells:
            yield from unused(site, part, more)
        elif any((*more.values(), said.hours, said.escalate)):
            arguments = _severity(site, name, said)
            yield Declared(part=part, component=site.pager, arguments=arguments)


def unraised(site: Site, raised: Collection[str]) -> Iterator[Declared]:
    """Give severities that no rule has, whole: nobody is told anything of them yet."""
    for name, said in site.platform.severities.items():
        if name not in raised:
            arguments = _severity(site, name, said)
            yield Declared(part=f"severities.{name}", component=site.pager, arguments=arguments)


def _severity(site: Site, name: str, said: SaidSeverity) -> Severity:
    return Severity(
        severity=name,
        title=said.title or name,
        rank=said.rank,
        answer=str(said.answer),
        resolve=str(said.resolve),
        channels=said.channels,
        escalate=tuple(
            Escalation(after=seconds(one.after), to=recipients(site, one.to))
            for one in said.escalate
        ),
        hours=hours(site, said.hours) if said.hours else None,
    )


def channels(site: Site) -> Iterator[Declared]:
    """Give what Slack's channels are called, which only people read."""
    for name, said in site.platform.channels.items():
        if isinstance(said, Slack):
            yield from unused(site, f"channels.{name}", {"channel": said.channel})


def routing(site: Site) -> Iterator[Declared]:
    """Give what is said of routing and not kept, and events."""
    said = site.platform.routing
    if site.worker_tells:
        yield from unused(site, "routing", _beside_the_worker(said))
    else:
        yield from _routing(site, said)
    for event, to in said.events.items():
        told = Event(name=site.name(event), event=event, to=recipients(site, to))
        yield Declared(part=f"routing.events.{event}", component=site.pager, arguments=told)


def _beside_the_worker(said: SaidRouting) -> Mapping[str, object]:
    """Give what the Worker does otherwise: one incident a cause, in which the worst is said."""
    return {
        "group-by": None if said.group_by == _UNSAID.group_by else ", ".join(said.group_by),
        "inhibit.by-needs": None if said.inhibit.by_needs else "false",
        "inhibit.by-rank": None if said.inhibit.by_rank else "false",
        "history": None if said.history == _UNSAID.history else said.history,
    }


def _routing(site: Site, said: SaidRouting) -> Iterator[Declared]:
    if replace(said, routes=_UNSAID.routes, events=_UNSAID.events) != _UNSAID:
        arguments = Routing(
            name=site.prefix,
            group_by=tuple(map(str, said.group_by)),
            wait=seconds(said.wait),
            cool_down=seconds(said.cool_down),
            repeat=seconds(said.repeat),
            limit=limit(said.limit) if said.limit else None,
            inhibit_by_needs=said.inhibit.by_needs,
            inhibit_by_rank=said.inhibit.by_rank,
            history=said.history,
        )
        yield Declared(part="routing", component=site.pager, arguments=arguments)
    for name, route in said.routes.items():
        yield Declared(
            part=f"routing.routes.{name}",
            component=site.pager,
            arguments=_route(site, name, route),
        )


def _route(site: Site, name: str, said: SaidRoute) -> Route:
    return Route(
        name=site.name(name),
        severities=said.severities,
        services=said.services,
        kinds=tuple(map(str, said.kinds)),
        sets=said.sets,
        channels=said.channels,
        instead=said.instead,
        hours=hours(site, said.hours) if said.hours else None,
    )


def maintenance(site: Site) -> Iterator[Declared]:
    """Give every window; of those that the Worker keeps, what they are called."""
    for name, said in site.platform.maintenance.items():
        part = f"maintenance.{name}"
        if site.worker_tells:
            yield from unused(site, part, {"title": said.title})
        else:
            arguments = _window(site, name, said)
            yield Declared(part=part, component=site.pager, arguments=arguments)


def _window(site: Site, name: str, said: SaidWindow) -> Window:
    return Window(
        name=site.name(name),
        title=said.title or name,
        services=site.with_dependents(said.services) if said.services else None,
        zone=str(said.zone),
        once=(str(said.from_), str(said.to)) if said.from_ and said.to else None,
        weekdays=weekdays(said.days) if said.days else (),
        day=said.day,
        at=text(said.at),
        lasts=seconds(said.for_),
        until=text(said.until),
        holds=said.trouble is During.HOLD,
    )
