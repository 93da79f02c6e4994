"""How an answer about routes is told: to people, with the path as a tree, and to machines."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from cli.output import console

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from rich.tree import Tree

    from belfry.language.platform import Platform
    from belfry.routes import Answer, Routes
    from belfry.routes.answers import Told
    from belfry.routes.tree import Passed
    from belfry.values.zone import Zone

    Labels = Mapping[str, str]

_SENDERS = {
    "worker": "The monitoring Worker says it",
    "prometheus": "Alertmanager says it",
    "grafana": "Grafana says it",
    "shadow": "Nobody says it",
}


def print_answer(
    site: Platform, routes: Routes, told: Labels, group: Sequence[Labels], answer: Answer
) -> None:
    """Print who hears when, what keeps it back, and the path.

    Args:
        site: the platform as it is in the environment.
        routes: of that environment.
        told: the labels that were given.
        group: labels of the alerts to which this is the answer.
        answer: to any of them.

    """
    from rich.markup import escape

    line(f"[bold]{escape(site.platform)} {escape(routes.environment)}[/]  {_given(told)}")
    line(f"[dim]{_of_rules(told, group)}[/]")
    for reason in answer.reasons:
        line(f"  [yellow]{reason.why}[/]: {escape(reason.says)}")
    people = answer.told or answer.otherwise
    if answer.otherwise:
        line("  otherwise:")
    for when, together in groupby(people, key=lambda one: _when(site, one)):
        found = list(together)
        names = ", ".join(f"[bold]{escape(_who(site, one))}[/]" for one in found)
        line(f"  {escape(when)}: {names}")
        for text in dict.fromkeys(text for one in found for text in _notes(site, routes, one)):
            line(f"      [yellow]{escape(text)}[/]")
    if unless := dict.fromkeys(text for one in people for text in one.unless):
        line(f"  [dim]held back: {escape('; '.join(unless))}[/]")
    if answer.told:
        line(f"  [dim]{_pace(site, answer)}[/]")
    console().print(_tree(answer.path))
    line("")


def line(text: str) -> None:
    """Print a line with Rich's markup."""
    console().print(text)


def _given(told: Labels) -> str:
    from rich.markup import escape

    return " ".join(f"{escape(label)}={escape(value)}" for label, value in told.items())


def _of_rules(told: Labels, group: Sequence[Labels]) -> str:
    """Write what rules say of the labels that were not given."""
    from rich.markup import escape

    from belfry.routes.asking import in_common

    values = in_common(group)
    return ", ".join(
        f"{label} {escape(' or '.join(values[label]))}"
        for label in ("rule", "set", "service", "severity", "trouble", "kind", "team")
        if label in values and label not in told
    )


def _who(site: Platform, told: Told) -> str:
    """Name a channel, or people; of a rotation, whose turn it is when they are told."""
    from belfry.routes.people import Means, on_call

    people = site.people
    recipient = told.to
    if recipient.means is Means.CHANNEL:
        kind = site.channels[recipient.name].KEY
        return recipient.name if recipient.name == kind else f"{recipient.name} ({kind})"
    if recipient.means is Means.ROTATION and told.at is not None:
        names: tuple[str, ...] = (on_call(people.rotations[recipient.name], told.at),)
    else:
        names = recipient.contacts
    titles = [people.contacts[name].title or name for name in names]
    joined = (" or " if recipient.means is Means.ROTATION else ", ").join(titles)
    return f"@{recipient.name} ({joined})"


def _when(site: Platform, told: Told) -> str:
    from belfry.values.duration import Duration

    after = f"when it has lasted {Duration.of(told.after)}" if told.after else "at once"
    if told.at is not None:
        held = f", held back: {', '.join(told.held)}" if told.held else ""
        return f"{_clock(site, told.at)} ({after}{held})"
    if told.held:
        return f"{after}, and never, for it is always held back: {', '.join(told.held)}"
    return f"{after}, only {' or '.join(told.only)}" if told.only else after


def _clock(site: Platform, moment: datetime) -> str:
    """Write a moment in UTC and on the clocks of the people who work."""
    text = f"{moment:%a %Y-%m-%d %H:%M} UTC"
    zone = _zone(site)
    if zone is None or str(zone) == "UTC":
        return text
    return f"{text}, {moment.astimezone(zone.rules):%a %H:%M} in {zone}"


def _zone(site: Platform) -> Zone | None:
    of_hours = [one.zone for one in site.people.hours.values()]
    zones = [*of_hours, *(one.zone for one in site.people.rotations.values())]
    return zones[0] if zones else None


def _notes(site: Platform, routes: Routes, told: Told) -> list[str]:
    """Say why who pages cannot tell somebody, if so."""
    from belfry.routes.ability import obstacles

    return [one.wrong for one in obstacles(site, routes.environment, told.to)]


def _pace(site: Platform, answer: Answer) -> str:
    from belfry.arguments import Pager
    from belfry.routes.building import NEVER
    from belfry.values.duration import Duration

    again = f"again every {Duration.of(answer.repeat)}" if answer.repeat < NEVER else "never again"
    says = f"{_SENDERS[answer.pager]}, {again} while it lasts"
    if answer.pager is not Pager.WORKER:
        interval = Duration.of(answer.interval)
        return f"{says}; what changes or comes back is said after {interval} at the earliest."
    routing = site.routing
    within = routing.cool_down
    back = f"; what comes back within {within} is said after that" if within.milliseconds else ""
    most = f"; no more than {routing.limit} to one channel" if routing.limit else ""
    return f"{says}; what gets worse is said at once{back}{most}."


def _tree(path: Passed) -> Tree:
    from rich.tree import Tree

    tree = Tree(_node(path))

    def grow(branch: Tree, passed: Passed) -> None:
        for one in passed.below:
            grow(branch.add(_node(one)), one)

    grow(tree, path)
    return tree


def _node(passed: Passed) -> str:
    from rich.markup import escape

    from belfry.routes.matching import said

    node = passed.node
    matches = f"  [dim]{escape(said(node.matches))}[/]" if node.matches else ""
    told = f" → {escape(node.receiver)}" if node.receiver and not passed.below else ""
    return f"{escape(node.name)}{matches}{told}"


def answer_as_json(
    site: Platform, routes: Routes, group: Sequence[Labels], answer: Answer
) -> dict[str, object]:
    """Give the same as values that `json.dumps` takes."""
    from belfry.routes.asking import in_common

    return {
        "alerts": len(group),
        "labels": {label: list(values) for label, values in in_common(group).items()},
        "at": _text(answer.moment),
        "sender": str(answer.pager),
        "told": [_told_json(site, routes, one) for one in answer.told],
        "otherwise": [_told_json(site, routes, one) for one in answer.otherwise],
        "reasons": [{"why": str(one.why), "says": one.says} for one in answer.reasons],
        **_pace_json(site, answer),
        "repeat": answer.repeat,
        "path": _path_json(answer.path),
    }


def _pace_json(site: Platform, answer: Answer) -> dict[str, object]:
    """Give the seconds before what changes is said, or for the Worker before what comes back is."""
    from belfry.arguments import Pager

    if answer.pager is Pager.WORKER:
        return {"cool-down": site.routing.cool_down.whole_seconds}
    return {"interval": answer.interval}


def _told_json(site: Platform, routes: Routes, told: Told) -> dict[str, object]:
    return {
        "to": told.to.name,
        "means": str(told.to.means),
        "contacts": list(told.to.contacts),
        "after": told.after,
        "at": _text(told.at),
        "only": list(told.only),
        "unless": list(told.unless),
        "held": list(told.held),
        "obstacles": _notes(site, routes, told),
    }


def _path_json(path: Passed) -> dict[str, object]:
    from belfry.routes.matching import said

    return {
        "name": path.node.name,
        "matches": said(path.node.matches),
        "receiver": path.node.receiver,
        "below": [_path_json(one) for one in path.below],
    }


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None
