"""Severities: how bad something is, how soon it is answered, and who is told when it is not."""

from dataclasses import dataclass
from typing import Annotated

from belfry.forms import Reference
from belfry.scalars import Bounds
from belfry.shapes import Says
from belfry.values.duration import Duration
from belfry.values.promise import Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """Who is told next when nobody has answered."""

    after: Annotated[Duration, Says("Time since the incident opened.", "15m")]
    to: Annotated[
        tuple[Reference, ...],
        Says(
            "Channels, and contacts, teams or rotations of people.", "devops-lead", one_or_more=True
        ),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Severity:
    """How bad something is: how soon it is answered and resolved, and who is told."""

    rank: Annotated[int, Bounds(0, 99), Says("0 is the worst; no two are the same.", "0")]
    title: Annotated[str | None, Says("What people call it; otherwise its name.", "Critical")] = (
        None
    )
    answer: Annotated[Promise, Says("Time until somebody has taken it up.", "15m")]
    resolve: Annotated[Promise, Says("Time until it is over.", "1h")]
    channels: Annotated[
        tuple[Reference, ...],
        Says("Channels that are told; empty only where nobody is paged.", "[mail]"),
    ]
    escalate: Annotated[
        tuple[Escalation, ...],
        Says("Who is told next when nobody answers.", "[{after: 15m, to: devops-lead}]"),
    ] = ()
    hours: Annotated[
        Reference | None,
        Says("Told in these hours only, one of people.hours; otherwise at any time.", "business"),
    ] = None
