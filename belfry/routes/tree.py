"""The tree of routes, what hangs on it, and the walk through it.

An alert goes down from the top. Of a node's branches it takes the first whose conditions hold, and
further ones only where the taken one says so. A node without a branch that takes it is where it
ends, and that node's receiver hears of it (Alertmanager's `dispatch.Route.Match`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from belfry.routes.matching import all_hold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from belfry.arguments import Pager
    from belfry.routes.inhibition import Inhibition
    from belfry.routes.matching import Match
    from belfry.routes.people import Recipient
    from belfry.routes.times import Times

DEFAULT = "unrouted"
"""The receiver of what no severity of the platform takes."""
HEARTBEAT = "heartbeat"
"""The receiver of the alert that always fires, and is missed when it does not come."""
VOTE = "vote"
"""The receiver of all alerts of a backend that does not page: the monitoring Worker."""
NOBODY = "nobody"
"""The receiver that tells nobody."""
WATCHDOG = "Watchdog"
"""The rule that always fires, so that its silence tells that the monitoring is dead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """Who is told together; each hears once."""

    name: str
    to: tuple[Recipient, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A part of the tree."""

    name: str
    """For people."""
    matches: tuple[Match, ...] = ()
    """All must hold; none: takes everything."""
    receiver: str | None = None
    """None: its parent's."""
    wait: int | None = None
    """Seconds before a new group is told of, so long only if it lasts. None: its parent's."""
    interval: int | None = None
    """Seconds between two messages about a group that changes."""
    repeat: int | None = None
    """Seconds before the same is said again."""
    active: tuple[str, ...] = ()
    """Names of Times, in one of which it must be; none: always."""
    mute: tuple[str, ...] = ()
    """Names of Times, in none of which it may be."""
    goes_on: bool = False
    """The branches after this one are tried too."""
    routes: tuple[str, ...] = ()
    """Names of the platform's routes that lead here."""
    nodes: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """A node that an alert passes through, and the branches of it that it takes."""

    node: Node
    below: tuple[Passed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """Where an alert ends: the path from the top, with what holds there."""

    path: tuple[Node, ...]
    receiver: str
    wait: int
    interval: int
    repeat: int

    @property
    def routes(self) -> tuple[str, ...]:
        """The platform's routes that led here."""
        return tuple(name for node in self.path for name in node.routes)

    @property
    def node(self) -> Node:
        """The last part of the path; times are said by it alone."""
        return self.path[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Routes:
    """The routes of one environment of a platform."""

    platform: str
    environment: str
    pager: Pager
    """Who sends messages here; all others' alerts are votes, which wake nobody."""
    root: Node
    """Says receiver, wait, interval and repeat, and has neither conditions nor times."""
    group_by: tuple[str, ...]
    """Labels that alerts of one message have in common."""
    receivers: Mapping[str, Receiver]
    times: Mapping[str, Times]
    inhibitions: tuple[Inhibition, ...]
    severities: Mapping[str, int]
    """Their ranks."""
    needs: Mapping[str, tuple[str, ...]]
    """Services, and those that they need."""


def passed(node: Node, labels: Mapping[str, str]) -> Passed | None:
    """Walk through the tree; None: the node does not take such an alert."""
    if not all_hold(node.matches, labels):
        return None
    below = []
    for one in node.nodes:
        found = passed(one, labels)
        if found is not None:
            below.append(found)
            if not one.goes_on:
                break
    return Passed(node=node, below=tuple(below))


def leaves(found: Passed) -> Iterator[Leaf]:
    """Give where an alert ends, in the order in which Alertmanager tells them."""
    for path in _ends(found, ()):
        yield leaf(path)


def leaf(path: tuple[Node, ...]) -> Leaf:
    """Give what holds at the end of a path from the top."""
    receiver, wait, interval, repeat = "", 0, 0, 0
    for node in path:
        receiver = receiver if node.receiver is None else node.receiver
        wait = wait if node.wait is None else node.wait
        interval = interval if node.interval is None else node.interval
        repeat = repeat if node.repeat is None else node.repeat
    return Leaf(path=path, receiver=receiver, wait=wait, interval=interval, repeat=repeat)


def all_leaves(root: Node) -> Iterator[Leaf]:
    """Give every node that has no branches."""
    waiting: list[tuple[Node, ...]] = [(root,)]
    while waiting:
        path = waiting.pop()
        if not path[-1].nodes:
            yield leaf(path)
        waiting += [(*path, one) for one in reversed(path[-1].nodes)]


def _ends(found: Passed, above: tuple[Node, ...]) -> Iterator[tuple[Node, ...]]:
    path = (*above, found.node)
    if not found.below:
        yield path
    for one in found.below:
        yield from _ends(one, path)
