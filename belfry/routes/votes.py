"""The routes of a backend that does not page: whatever it sees, the monitoring Worker is told.

Nothing is inhibited or muted on the way, for the Worker judges that itself. Each rule about each
service is a vote of its own, said again and again so that none is lost for long.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.routes.matching import Match
from belfry.routes.tree import HEARTBEAT, VOTE, WATCHDOG, Node, Receiver, Routes

if TYPE_CHECKING:
    from belfry.language.platform import Platform

_INTERVAL = 60
"""Seconds: a vote that changes is said within a minute, as often as rules are judged."""
_REPEAT = 300
"""Seconds: five evaluations, after which a Worker that lost a vote knows it again."""
_SIGN = 30
"""Seconds: what must be said again as often as changes are, is said every other time at the latest
(Alertmanager compares moments that are a breath apart), so that a minute never goes by."""
SIGN_OF_LIFE = Node(
    name="the monitoring's own sign of life",
    matches=(Match(label="alertname", values=(WATCHDOG,)),),
    receiver=HEARTBEAT,
    wait=0,
    interval=_SIGN,
    repeat=_SIGN,
)
"""Where the alert that always fires goes, whoever pages: to the Worker, which misses it."""


def votes_of(platform: Platform, environment: str) -> Routes:
    """Give the routes of whichever backend does not page in an environment."""
    return Routes(
        platform=platform.platform,
        environment=environment,
        pager=platform.environments[environment].paging,
        root=Node(
            name="every alert is a vote",
            receiver=VOTE,
            wait=0,
            interval=_INTERVAL,
            repeat=_REPEAT,
            nodes=(SIGN_OF_LIFE,),
        ),
        group_by=("platform", "environment", "set", "rule", "service"),
        receivers={name: Receiver(name=name, to=()) for name in (HEARTBEAT, VOTE)},
        times={},
        inhibitions=(),
        severities={name: one.rank for name, one in platform.severities.items()},
        needs={},
    )
