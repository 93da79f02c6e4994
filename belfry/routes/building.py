"""From a platform to the tree of routes of one environment.

From the top: the platform and environment; the alert that always fires; a branch a severity; in it
a branch a case (`cases`) and, before the others, what a maintenance window is about; at the end who
is told at once, and who is told when it lasts (escalation is a branch beside with a longer wait:
what is over before is never said there).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from belfry.language.channels import PagerDuty, Sms
from belfry.language.maintenance import During
from belfry.language.routing import GroupBy
from belfry.mute_timings import muted
from belfry.problems import problem_without_place, suggestion
from belfry.routes.cases import Case, Hours, cases, channels_of
from belfry.routes.inhibition import inhibitions
from belfry.routes.matching import Match
from belfry.routes.people import recipients
from belfry.routes.times import Times, inside, outside
from belfry.routes.tree import DEFAULT, HEARTBEAT, NOBODY, Node, Receiver, Routes
from belfry.routes.votes import SIGN_OF_LIFE
from belfry.values.duration import Duration

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from belfry.language.platform import Platform
    from belfry.language.severities import Severity
    from belfry.mute_timings import Muted
    from belfry.routes.people import Recipient

_LABELS = {
    GroupBy.CAUSE: "service",
    GroupBy.SERVICE: "service",
    GroupBy.SEVERITY: "severity",
    GroupBy.RULE: "rule",
    GroupBy.SET: "set",
}
"""What of an incident is a label. A cause is a service: what it takes along is inhibited."""
_SHORTEST_INTERVAL = 60
"""Seconds: Alertmanager takes no 0, and rules are judged every minute."""
NEVER = 366 * 86_400
"""Seconds, a year and a day: Alertmanager knows no "never again"."""


def routes_of(platform: Platform, environment: str, *, inhibits: bool = True) -> Routes:
    """Build the routes of one environment; whoever pages there, they are the same.

    Args:
        platform: as it is in that environment, found to make sense.
        environment: one of the platform's.
        inhibits: False for a backend that has no inhibition, which is spared the closure of what
            needs what: n² names where n services need each other in one chain.

    Raises:
        Problems: there is no such environment, or routes overlap in too many ways.

    """
    if environment not in platform.environments:
        wrong = f"{platform.platform} has no environment {environment}"
        right = suggestion(environment, platform.environments, else_say="add it to the file")
        raise problem_without_place(wrong, right, "environment")
    return _Builder(platform, environment).routes(inhibits=inhibits)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What is said at the end of a branch: to whom, after how long, when."""

    to: tuple[Recipient, ...]
    wait: int
    hours: Hours


@dataclass(slots=True)
class _Builder:
    """Collects receivers and times while it builds the tree."""

    platform: Platform
    environment: str
    receivers: dict[str, Receiver] = field(default_factory=dict)
    times: dict[str, Times] = field(default_factory=dict)

    def routes(self, *, inhibits: bool) -> Routes:
        platform, routing = self.platform, self.platform.routing
        by_rank = sorted(platform.severities.items(), key=lambda item: item[1].rank)
        windows = [one for one in muted(platform, self.environment) if one.timing.intervals]
        covered = _covered(platform, windows)
        site = Node(
            name=f"{platform.platform} {self.environment}",
            matches=(
                Match(label="platform", values=(platform.platform,)),
                Match(label="environment", values=(self.environment,)),
            ),
            nodes=(
                SIGN_OF_LIFE,
                *(self._severity(name, severity, covered) for name, severity in by_rank),
            ),
        )
        self.receivers[HEARTBEAT] = Receiver(name=HEARTBEAT, to=())
        interval = max(routing.cool_down.whole_seconds, _SHORTEST_INTERVAL)
        self.receivers[DEFAULT] = Receiver(
            name=DEFAULT, to=recipients(platform, _quietly(platform, by_rank[0][1].channels))
        )
        labels = ("platform", "environment", *(_LABELS[one] for one in routing.group_by))
        return Routes(
            platform=platform.platform,
            environment=self.environment,
            pager=platform.environments[self.environment].paging,
            root=Node(
                name="every alert",
                receiver=DEFAULT,
                wait=routing.wait.whole_seconds,
                interval=interval,
                repeat=routing.repeat.whole_seconds if routing.repeat else NEVER,
                nodes=(site,),
            ),
            group_by=tuple(dict.fromkeys(labels)),
            receivers=dict(sorted(self.receivers.items())),
            times={name: self.times[name] for name in sorted(set(_used(site)))},
            inhibitions=tuple(inhibitions(platform, self.environment)) if inhibits else (),
            severities={name: one.rank for name, one in by_rank},
            needs={name: one.needs for name, one in platform.services.items()},
        )

    def _severity(
        self, name: str, severity: Severity, covered: Mapping[tuple[str, ...], tuple[Muted, ...]]
    ) -> Node:
        top = Node(name=name, matches=(Match(label="severity", values=(name,)),))
        found: list[Node] = []
        taken: list[Case] = []
        for case, windows in self._branches(name, covered):
            # What an earlier branch takes all of, no alert reaches.
            if not any(one.takes_all_of(case) for one in taken):
                taken.append(case)
                found.append(self._case(case, self._told(severity, case), windows))
        if len(found) == 1:
            only = found[0]
            return replace(only, name=name, matches=top.matches)
        return replace(top, nodes=tuple(found))

    def _branches(
        self, severity: str, covered: Mapping[tuple[str, ...], tuple[Muted, ...]]
    ) -> Iterator[tuple[Case, tuple[Muted, ...]]]:
        """Give the cases of a severity, each after those of its services that windows are about."""
        for case in cases(self.platform, severity):
            for services, windows in covered.items():
                among = services if case.services is None else _both(case.services, services)
                if among:
                    yield replace(case, services=among), windows
            yield case, ()

    def _told(self, severity: Severity, case: Case) -> tuple[_Told, ...]:
        routes = [self.platform.routing.routes[name] for name in case.routes]
        wait = self.platform.routing.wait.whole_seconds
        gathered: dict[tuple[int, Hours], dict[str, None]] = {}
        for hours, names in channels_of(severity.channels, routes).items():
            gathered.setdefault((wait, hours), {}).update(dict.fromkeys(names))
        for step in severity.escalate:
            after = max(step.after.whole_seconds, wait)
            gathered.setdefault((after, Hours()), {}).update(dict.fromkeys(step.to))
        only = (severity.hours,) if severity.hours else ()
        return tuple(
            _Told(
                to=recipients(self.platform, names),
                wait=after,
                hours=hours._replace(not_outside=(*only, *hours.not_outside)),
            )
            for (after, hours), names in sorted(gathered.items(), key=lambda item: item[0][0])
        )

    def _case(self, case: Case, told: Sequence[_Told], windows: Sequence[Muted]) -> Node:
        in_windows = tuple(map(self._window, windows))
        ends = [self._end(one, in_windows) for one in told] or [Node(name=NOBODY, receiver=NOBODY)]
        if not told:
            self.receivers[NOBODY] = Receiver(name=NOBODY, to=())
        words = [f"route {name}" for name in case.routes]
        words += [f"services of {name.replace('/', ' ')}" for name in in_windows]
        node = Node(
            name=", ".join(words) or "all others",
            matches=tuple(_matches(case)),
            routes=case.routes,
        )
        if len(ends) == 1:
            end = ends[0]
            return replace(end, name=node.name, matches=node.matches, routes=node.routes)
        going_on = (replace(one, goes_on=True) for one in ends[:-1])
        return replace(node, nodes=(*going_on, ends[-1]))

    def _end(self, told: _Told, windows: tuple[str, ...]) -> Node:
        name = "+".join(one.sign for one in told.to) or NOBODY
        if told.wait > self.platform.routing.wait.whole_seconds:
            # Of two branches side by side that lead to one receiver, Alertmanager would take what
            # the second says for what the first has said already.
            name = f"{name} after {Duration.of(told.wait)}"
        self.receivers[name] = Receiver(name=name, to=told.to)
        mute = (
            *windows,
            *(self._hours(one, is_inside=True) for one in told.hours.not_inside),
            *(self._hours(one, is_inside=False) for one in told.hours.not_outside),
        )
        return Node(
            name=f"after {Duration.of(told.wait)}" if told.wait else "at once",
            receiver=name,
            wait=told.wait,
            active=tuple(self._hours(one, is_inside=True) for one in told.hours.inside),
            mute=tuple(one for one in dict.fromkeys(mute) if self.times[one].intervals),
        )

    def _window(self, window: Muted) -> str:
        short = window.timing.name.removeprefix(f"{self.platform.platform}-{self.environment}-")
        name = f"maintenance/{short}"
        said = self.platform.maintenance[short]
        title = f"maintenance {short}" + (f" ({said.title})" if said.title else "")
        drop = said.trouble is During.DROP
        self.times[name] = Times(title=title, intervals=window.timing.intervals, drop=drop)
        return name

    def _hours(self, name: str, *, is_inside: bool) -> str:
        people = self.platform.people
        said = people.hours[name]
        holidays = people.holidays[said.holidays] if said.holidays else ()
        key = f"{'inside' if is_inside else 'outside'}/{name}"
        make = inside if is_inside else outside
        words = f"{said.days} {said.between} {said.zone}" + (
            f", without {said.holidays} holidays" if holidays else ""
        )
        title = f"{'in' if is_inside else 'outside of'} {name} hours ({words})"
        self.times[key] = Times(title=title, intervals=make(said, holidays))
        return key


def _matches(case: Case) -> Iterator[Match]:
    for label, values in (("service", case.services), ("kind", case.kinds), ("set", case.sets)):
        if values is not None:
            yield Match(label=label, values=values)


def _covered(
    platform: Platform, windows: Sequence[Muted]
) -> dict[tuple[str, ...], tuple[Muted, ...]]:
    """Gather the services that the same windows are about."""
    gathered: dict[tuple[int, ...], list[str]] = {}
    for service in platform.services:
        of = tuple(i for i, one in enumerate(windows) if service in one.services)
        if of:
            gathered.setdefault(of, []).append(service)
    return {tuple(names): tuple(windows[i] for i in of) for of, names in gathered.items()}


def _used(node: Node) -> Iterator[str]:
    """Give the names of times in a tree; some again and again."""
    yield from (*node.active, *node.mute)
    for one in node.nodes:
        yield from _used(one)


def _both(some: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    among = frozenset(more)
    return tuple(one for one in some if one in among)


def _quietly(platform: Platform, channels: Sequence[str]) -> Sequence[str]:
    """Give the channels that are read and wake nobody, if there are any."""
    quiet = [name for name in channels if not isinstance(platform.channels[name], PagerDuty | Sms)]
    return quiet or channels
