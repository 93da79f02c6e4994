"""Routing: whether routes lead from something to somebody, and when it is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.meaning.reach import alerts
from belfry.meaning.recipients import Recipients
from belfry.values.duration import DAY

if TYPE_CHECKING:
    from belfry.findings import Findings
    from belfry.language.platform import Platform
    from belfry.language.routing import Route
    from belfry.meaning.reach import Alerts, Reached
    from belfry.problems import Path

_DECIDE = ("rules", "severities", "services", "checks", "objectives", "routing")
"""Sections that decide what a route can select."""


def ask(findings: Findings[Platform], reached: Reached) -> None:
    """Ask about every route, every event and every time."""
    routing = findings.value.routing
    for name in routing.routes:
        _references(findings, name, reached)
        _channels(findings, name)
    _unreached(findings, reached)
    recipients = Recipients.of(findings.value)
    for event, to in routing.events.items():
        path = ("routing", "events", event)
        if not to:
            findings.add(path, "nobody is told", "name a channel, or remove the event")
        recipients.known_once(findings, path, to)
    findings.once(("routing", "group-by"), routing.group_by)
    if not routing.group_by:
        findings.add(("routing", "group-by"), "alerts have nothing in common", "write cause")
    _times(findings)


def _references(findings: Findings[Platform], name: str, reached: Reached) -> None:
    platform = findings.value
    route = platform.routing.routes[name]
    path = ("routing", "routes", name)
    for key, what, names, among, section in (
        ("severities", "severity", route.severities, platform.severities, "severities"),
        ("services", "service", route.services, platform.services, "services"),
        ("sets", "rule set", route.sets, reached.sets, "rules"),
        ("channels", "channel", route.channels, platform.channels, "channels"),
    ):
        findings.known_once((*path, key), names, what, among, section)
    findings.once((*path, "kinds"), route.kinds)
    if route.hours is not None:
        hours = platform.people.hours
        findings.known((*path, "hours"), route.hours, "working time", hours, "people", "hours")


def _channels(findings: Findings[Platform], name: str) -> None:
    """Ask whether a route tells somebody, above all where it does so instead of a severity."""
    platform = findings.value
    route = platform.routing.routes[name]
    path = ("routing", "routes", name)
    if not route.channels:
        wrong = "this route leads nowhere"
        findings.add((*path, "channels"), wrong, "name a channel, or remove the route")
        return
    conditions = (route.severities, route.services, route.kinds, route.sets)
    if route.instead and not any(conditions) and route.hours is None:
        keys = ("severities", "services", "kinds", "sets", "hours")
        findings.add(
            (*path, "instead"),
            "it stands instead of the channels of every severity, which are never told then",
            "say which severities, services, kinds or sets, or remove instead",
            because=tuple((*path, key) for key in keys),
        )


def _unreached(findings: Findings[Platform], reached: Reached) -> None:
    """Report routes that select nothing: there can be no alert that is all that they say."""
    platform = findings.value
    routes = platform.routing.routes
    if not routes or any(findings.is_unclear((section,)) for section in _DECIDE):
        return
    possible = alerts(reached)
    for name, route in routes.items():
        if _is_clear(reached, route) and not any(_selects(route, one) for one in possible):
            findings.add(
                ("routing", "routes", name),
                "no rule can reach this route",
                f"no alert is {_conditions(route)}: change the route, or add such a rule",
            )


def _is_clear(reached: Reached, route: Route) -> bool:
    platform = reached.platform
    return (
        set(route.severities) <= platform.severities.keys()
        and set(route.services) <= platform.services.keys()
        and set(route.sets) <= reached.sets.keys()
    )


def _selects(route: Route, one: Alerts) -> bool:
    return (
        (not route.severities or one.severity in route.severities)
        and (not route.kinds or one.kind in route.kinds)
        and (not route.sets or one.set in route.sets)
        and (not route.services or not one.services.isdisjoint(route.services))
    )


def _conditions(route: Route) -> str:
    parts = (
        ("of severity", route.severities),
        ("about", route.services),
        ("about a service that is", route.kinds),
        ("from set", route.sets),
    )
    return ", ".join(f"{words} {' or '.join(names)}" for words, names in parts if names)


def _times(findings: Findings[Platform]) -> None:
    platform = findings.value
    routing = platform.routing
    path: Path = ("routing",)
    if routing.cool_down > DAY:
        wrong = f"for {routing.cool_down} the same trouble would come back unsaid"
        findings.add((*path, "cool-down"), wrong, "write 1d or less")
    if routing.limit is not None and not routing.limit.count:
        wrong = "no message would ever be sent"
        findings.add((*path, "limit"), wrong, "write a count, such as 20 per hour")
    if not platform.severities:
        return
    worst = min(platform.severities, key=lambda name: platform.severities[name].rank)
    answer = platform.severities[worst].answer
    if answer.within is None or not answer.within.milliseconds:
        return
    because = (("severities", worst, "answer"), ("severities", worst, "rank"))
    if routing.repeat is not None and routing.repeat < answer.within:
        findings.add(
            (*path, "repeat"),
            f"{worst} would be said again after {routing.repeat}, before anybody has to answer",
            f"write {answer.within} or more, or leave it out",
            because=because,
            also=because,
        )
    if routing.wait >= answer.within:
        findings.add(
            (*path, "wait"),
            f"{worst} must be answered within {answer}, and would not be said before "
            f"{routing.wait}",
            f"write less than {answer.within}",
            because=because,
            also=because,
        )
