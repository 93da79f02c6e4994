"""Whom the monitoring Worker tells of a rule, after how long and when: the tree of routes, walked.

Rules for which the same conditions of the tree hold are told alike, so that one walk does for
thousands of them. People are channels by then: contacts in `belfry.contact_channels`, teams as
their members, and whose turn it is in a rotation the Worker knows when it speaks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from belfry.contact_channels import contact_channels
from belfry.routes import routes_of
from belfry.routes.alerts import labels_of
from belfry.routes.people import Means
from belfry.routes.proofs import ends

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from belfry.language.channels import Email, Sms
    from belfry.language.platform import Platform
    from belfry.routes import Routes
    from belfry.routes.matching import Match
    from belfry.routes.times import Times
    from belfry.routes.tree import Leaf, Node
    from belfry.rules import ServiceRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Some who are told together."""

    to: tuple[str, ...]
    """Names of channels."""
    on_call: tuple[str, ...]
    """Names of rotations."""
    after: int
    """Seconds."""
    active: tuple[str, ...]
    """Names of times, in one of which it must be; none: always."""
    mute: tuple[str, ...]
    """Names of times, in none of which it may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerRoutes:
    """Who is told of rules, and all that this takes beside the platform's channels."""

    of: tuple[int, ...]
    """Of each rule the index of its route, in the order of the rules."""
    routes: tuple[tuple[Step, ...], ...]
    """Each once; without steps: nobody is told."""
    times: Mapping[str, Times]
    """Those that a step names."""
    rotations: Mapping[str, tuple[tuple[str, ...], ...]]
    """Those that a step names: the channels of each member, in turn."""
    contacts: Mapping[str, Email | Sms]
    """The channels of all people that a step or a rotation names."""


def worker_routes(
    platform: Platform, environment: str, rules: Iterable[ServiceRule]
) -> WorkerRoutes:
    """Give the routes of rules, as `belfry.routes` has them for their alerts.

    Raises:
        Problems: routes overlap in too many ways.

    """
    routes = routes_of(platform, environment, inhibits=False)
    people = _People(platform)
    conditions = _Conditions(routes.root)
    walked: dict[tuple[bool, ...], int] = {}
    numbers: dict[tuple[Step, ...], int] = {}
    of = []
    for rule in rules:
        labels = labels_of(platform, environment, rule)
        holding = conditions.holding(labels)
        if holding not in walked:
            steps = tuple(_steps(routes, ends(routes, labels), people))
            walked[holding] = numbers.setdefault(steps, len(numbers))
        of.append(walked[holding])
    used = [step for steps in numbers for step in steps]
    times = {name for step in used for name in (*step.active, *step.mute)}
    on_call = {name for step in used for name in step.on_call}
    rotations = {
        name: tuple(people.channels(one) for one in rotation.members)
        for name, rotation in platform.people.rotations.items()
        if name in on_call
    }
    named = {name for step in used for name in step.to}
    named.update(name for members in rotations.values() for one in members for name in one)
    return WorkerRoutes(
        of=tuple(of),
        routes=tuple(numbers),
        times={name: one for name, one in routes.times.items() if name in times},
        rotations=rotations,
        contacts={name: one for name, one in people.known.items() if name in named},
    )


class _Conditions:
    """All conditions of a tree, by label; what holds of a value is found once."""

    def __init__(self, root: Node) -> None:
        self._found: dict[str, dict[Match, None]] = {}
        self._known: dict[tuple[str, str], tuple[bool, ...]] = {}
        self._gather(root)

    def holding(self, labels: Mapping[str, str]) -> tuple[bool, ...]:
        """Say of each condition whether it holds."""
        return tuple(
            is_so
            for label, matches in self._found.items()
            for is_so in self._holding(label, labels[label], matches)
        )

    def _holding(self, label: str, value: str, matches: Iterable[Match]) -> tuple[bool, ...]:
        if (label, value) not in self._known:
            holding = tuple(match.holds({label: value}) for match in matches)
            self._known[label, value] = holding
        return self._known[label, value]

    def _gather(self, node: Node) -> None:
        for match in node.matches:
            self._found.setdefault(match.label, {})[match] = None
        for one in node.nodes:
            self._gather(one)


class _People:
    """The channels of all contacts."""

    def __init__(self, platform: Platform) -> None:
        self.known: dict[str, Email | Sms] = {}
        self._channels: dict[str, tuple[str, ...]] = {}
        for name, contact in platform.people.contacts.items():
            channels = contact_channels(platform, name, contact)
            self.known.update(channels)
            self._channels[name] = tuple(channels)

    def channels(self, contact: str) -> tuple[str, ...]:
        """Give the names of a contact's channels."""
        return self._channels[contact]


def _steps(routes: Routes, found: Iterable[Leaf], people: _People) -> Iterator[Step]:
    for end in found:
        to: list[str] = []
        on_call = []
        for one in routes.receivers[end.receiver].to:
            if one.means is Means.ROTATION:
                on_call.append(one.name)
            elif one.means is Means.CHANNEL:
                to.append(one.name)
            else:
                to += (name for contact in one.contacts for name in people.channels(contact))
        if to or on_call:
            yield Step(
                to=tuple(dict.fromkeys(to)),
                on_call=tuple(on_call),
                after=end.wait,
                active=end.node.active,
                mute=end.node.mute,
            )
