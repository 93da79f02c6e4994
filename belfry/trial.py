"""A rule tried on made-up history: when would it fire? The same verdicts as the Worker's judge.

Written for the catalogue's cases, one probe a minute; worker/src/verdict/judge.js says what happens
in production, and tests/worker/test_cases.py lets both judge the same.
"""

from __future__ import annotations

from enum import StrEnum
from itertools import zip_longest
from typing import TYPE_CHECKING

from belfry.cases.history import named
from belfry.conditions import Absent, Beyond, Down, Fails, Take, Value, readings
from belfry.rules import Silence
from belfry.worker_conditions import judged_by_worker

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from belfry.conditions import Condition
    from belfry.rules import ServiceRule
    from belfry.series import Series

_EVERY = 60
_TAKEN: Mapping[Take, Callable[[Sequence[float]], float]] = {
    Take.MEAN: lambda values: sum(values) / len(values),
    Take.MAX: max,
    Take.MIN: min,
    Take.LAST: lambda values: values[-1],
}


class Standing(StrEnum):
    """How a rule stands at one moment."""

    QUIET = "quiet"
    PENDING = "pending"
    FIRING = "firing"
    UNKNOWN = "unknown"


def trial(rule: ServiceRule, history: Mapping[str, Series]) -> tuple[Standing, ...]:
    """Give the rule's standing at every minute of its signal's history.

    Each series of the signal, whatever its labels, is a check; the worst one decides.

    Raises:
        TypeError: the monitoring Worker does not judge such a condition.

    """
    if not judged_by_worker(rule.condition):
        message = f"the monitoring Worker does not judge {type(rule.condition).__name__}"
        raise TypeError(message)
    (reading,) = readings(rule.condition)
    checks = [values for key, values in history.items() if named(key).name == reading.signal]
    probes = list(zip_longest(*checks))
    standings = []
    since: int | None = None
    known = 0
    for minute in range(len(probes)):
        so_far = [tuple(one) for one in zip(*probes[: minute + 1], strict=True)]
        holds = _worst(rule.condition, so_far, pending=since is not None)
        if holds is None:
            standing = _silent(rule, (minute - known) * _EVERY)
            since = None if standing is Standing.QUIET else since
        else:
            known = minute
            since = (minute if since is None else since) if holds else None
            standing = _held(rule, None if since is None else (minute - since) * _EVERY)
        standings.append(standing)
    return tuple(standings)


def _held(rule: ServiceRule, seconds: int | None) -> Standing:
    if seconds is None:
        return Standing.QUIET
    return Standing.FIRING if seconds >= rule.hold else Standing.PENDING


def _silent(rule: ServiceRule, seconds: int) -> Standing:
    """Say what silence means; a rule about silence itself waits for it, and then as for all."""
    condition = rule.condition
    silence, after = rule.silence, rule.silent_after
    if isinstance(condition, Absent):
        silence, after = Silence.ALERTING, condition.after + rule.hold
    if seconds < after:
        return Standing.UNKNOWN
    return Standing.FIRING if silence is Silence.ALERTING else Standing.QUIET


def _worst(condition: Condition, checks: Sequence[Series], *, pending: bool) -> bool | None:
    """Say whether the condition is true of any check; None when one that could say is silent."""
    found = [_holds(condition, values, pending=pending) for values in checks]
    if True in found:
        return True
    if isinstance(condition, Absent):
        return False if False in found else None
    return None if None in found else False


def _holds(condition: Condition, values: Series, *, pending: bool) -> bool | None:
    """Say whether the condition is true at the last minute; None when nothing is known."""
    last = values[-1]
    match condition:
        case Down():
            return None if last is None else last < 1
        case Absent():
            return None if last is None else False
        case Fails(times=times):
            row = [one for one in values[-2 * times :] if one is not None][-times:]
            return None if last is None else len(row) == times and max(row) < 1
        case Beyond(measured=Value() as value):
            span = -(-value.over // _EVERY)
            inside = [one for one in values[-span:] if one is not None]
            if not inside:
                return None
            covered = value.take is Take.LAST or (len(values) >= span and values[-span] is not None)
            number = _TAKEN[value.take](inside)
            beyond = number > condition.limit if condition.above else number < condition.limit
            return beyond and (covered or pending)
    return None
