"""A simulation of how Grafana keeps the state of one rule, from evaluation to evaluation.

After Grafana's own state manager (pkg/services/ngalert/state: resultNormal, resultAlerting,
resultNoData). It is a simulation: the query's answers are judged by Prometheus, the states here.
A rule of ours has one series a service, or none, so that no data is always the whole answer.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from belfry.rules import Silence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MINUTE = 60


class State(StrEnum):
    """How an alert instance stands after an evaluation."""

    NORMAL = "Normal"
    PENDING = "Pending"
    ALERTING = "Alerting"


def states(
    answers: Sequence[bool | None], hold: int, silence: Silence, *, every: int = _MINUTE
) -> Iterator[State]:
    """Give the state after every evaluation.

    Args:
        answers: whether the value was beyond its limit; None: the query gave nothing.
        hold: `for`, in seconds.
        silence: what no data means (no_data_state Alerting or OK). With Alerting it is as if the
            limit were passed: a pending period is waited for, or goes on.
        every: seconds between two evaluations.

    """
    since: int | None = None
    firing = False
    for index, answer in enumerate(answers):
        beyond = silence is Silence.ALERTING if answer is None else answer
        if not beyond:
            since, firing = None, False
            yield State.NORMAL
            continue
        since = index if since is None else since
        firing = firing or (index - since) * every >= hold
        yield State.ALERTING if firing else State.PENDING
