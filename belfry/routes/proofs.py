"""What is wrong with routes, given every alert that there can be.

Alertmanager would say nothing of these: `amtool check-config` passes, and an alert with a misspelt
severity lands on the default receiver with exit status 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.arguments import Pager
from belfry.problems import Code, Problem, suggestion
from belfry.routes.ability import obstacles
from belfry.routes.tree import DEFAULT, HEARTBEAT, leaves, passed
from belfry.values.nonsense import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from belfry.language.platform import Platform
    from belfry.routes.matching import Match
    from belfry.routes.tree import Leaf, Routes


def proofs(
    platform: Platform, routes: Routes, alerts: Sequence[Mapping[str, str]]
) -> tuple[Problem, ...]:
    """Give everything that is wrong, in the order: severities, default, routes, nobody, backends.

    Args:
        platform: as it is in the environment of the routes.
        routes: of that environment, whoever pages there.
        alerts: labels of every alert that its rules can raise.

    """
    found = (
        *misspelt(routes, alerts),
        *unrouted(routes, alerts),
        *unreachable(platform, routes, alerts),
        *hidden(routes),
        *unheard(platform, routes, alerts),
        *untold(platform, routes),
    )
    return tuple({(one.path, one.wrong): one for one in found}.values())


def misspelt(routes: Routes, alerts: Sequence[Mapping[str, str]]) -> Iterator[Problem]:
    """Report rules whose severity the platform has not."""
    for labels in alerts:
        severity = labels.get("severity", "")
        if severity not in routes.severities:
            wrong = f"{labels.get('alertname')} has the severity {shown(severity)}, which is none"
            yield _problem(_of(labels), wrong, suggestion(severity, routes.severities, else_say=""))


def unrouted(routes: Routes, alerts: Sequence[Mapping[str, str]]) -> Iterator[Problem]:
    """Report rules that reach only who hears of what nobody has thought of."""
    for labels in alerts:
        if labels.get("severity", "") not in routes.severities:
            continue
        if {end.receiver for end in ends(routes, labels)} == {DEFAULT}:
            wrong = f"{labels.get('alertname')} reaches only the default receiver"
            right = f"give it the labels platform={routes.platform} and "
            yield _problem(_of(labels), wrong, f"{right}environment={routes.environment}")


def unreachable(
    platform: Platform, routes: Routes, alerts: Sequence[Mapping[str, str]]
) -> Iterator[Problem]:
    """Report routes of the platform that no alert takes."""
    reached = {name for labels in alerts for end in ends(routes, labels) for name in end.routes}
    for name in platform.routing.routes:
        if name not in reached:
            wrong = f"no rule can reach this route in {routes.environment}"
            right = "change what it selects, add such a rule, or remove it"
            yield _problem(("routing", "routes", name), wrong, right)


def hidden(routes: Routes) -> Iterator[Problem]:
    """Report branches of the tree that no alert reaches: one before them takes all of it."""
    waiting = [routes.root]
    while waiting:
        node = waiting.pop()
        waiting += node.nodes
        for index, one in enumerate(node.nodes):
            before = (other for other in node.nodes[:index] if not other.goes_on)
            other = next((it for it in before if _takes_all(it.matches, one.matches)), None)
            if other is not None:
                wrong = f"in {routes.environment}, {other.name} takes all that {one.name} would"
                yield _problem(("routing", "routes"), wrong, "let the narrower one come first")


def _takes_all(some: Sequence[Match], others: Sequence[Match]) -> bool:
    """Say whether conditions hold wherever others do."""
    wanted = {one.label: frozenset(one.values) for one in others}
    return all(
        one.label in wanted
        and (not one.values or (wanted[one.label] and wanted[one.label] <= frozenset(one.values)))
        for one in some
    )


def unheard(
    platform: Platform, routes: Routes, alerts: Sequence[Mapping[str, str]]
) -> Iterator[Problem]:
    """Report alerts of which nobody hears where somebody is paged, by severity."""
    if routes.pager is Pager.SHADOW:
        return
    for labels in alerts:
        found = tuple(ends(routes, labels))
        told = [one for end in found for one in routes.receivers[end.receiver].to]
        if {end.receiver for end in found} <= {DEFAULT, HEARTBEAT}:
            continue
        if all(any(obstacles(platform, routes.environment, one)) for one in told):
            severity = labels["severity"]
            names = ", ".join(one.name for one in told) or "nobody"
            wrong = f"{labels['alertname']} about {labels['service']} pages nobody: "
            wrong += f"{routes.pager} cannot tell {names}" if told else f"{severity} has no channel"
            right = f"add a channel that {routes.pager} can tell"
            yield _problem(("severities", severity, "channels"), wrong, right)


def untold(platform: Platform, routes: Routes) -> Iterator[Problem]:
    """Report whom Alertmanager or Grafana cannot tell where they page, though they should."""
    if routes.pager in (Pager.PROMETHEUS, Pager.GRAFANA):
        everybody = (one for receiver in routes.receivers.values() for one in receiver.to)
        for one in dict.fromkeys(everybody):
            yield from obstacles(platform, routes.environment, one)


def ends(routes: Routes, labels: Mapping[str, str]) -> Iterator[Leaf]:
    """Give where an alert ends."""
    found = passed(routes.root, labels)
    if found is not None:
        yield from leaves(found)


def _of(labels: Mapping[str, str]) -> tuple[str, ...]:
    return ("rules", labels.get("set", ""))


def _problem(path: tuple[str, ...], wrong: str, right: str) -> Problem:
    return Problem(place=None, path=path, wrong=wrong, right=right, code=Code.MEANING)
