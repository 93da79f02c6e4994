"""A rule tried on made-up history: when would it fire? The same verdicts as the Worker's judge.

Written for the catalogue's cases, one probe a minute; worker/src/verdict/judge.js says what happens
in production.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from belfry.rules import Above, Aggregate, Silence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from belfry.rules import ServiceRule
    from belfry.series import Series
    from belfry.signals import SignalName

_EVERY = 60


class Standing(StrEnum):
    """How a rule stands at one moment."""

    QUIET = "quiet"
    PENDING = "pending"
    FIRING = "firing"
    UNKNOWN = "unknown"


def trial(rule: ServiceRule, history: Mapping[SignalName, Series]) -> tuple[Standing, ...]:
    """Give the rule's standing at every minute of its signal's history."""
    values = history[rule.when.signal]
    standings = []
    since: int | None = None
    known = 0
    for minute in range(len(values)):
        holds = _holds(rule, values[: minute + 1], pending=since is not None)
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
    if seconds < rule.silent_after:
        return Standing.UNKNOWN
    return Standing.FIRING if rule.silence is Silence.ALERTING else Standing.QUIET


def _holds(rule: ServiceRule, values: Series, *, pending: bool) -> bool | None:
    """Say whether the condition is true at the last minute; None when nothing is known."""
    if not isinstance(rule.when, Above):
        return None if values[-1] is None else values[-1] < 1
    span = -(-rule.window // _EVERY)
    inside = [value for value in values[-span:] if value is not None]
    if not inside or rule.limit is None:
        return None
    whole = len(values) >= span and values[-span] is not None
    mean = rule.when.aggregate is Aggregate.MEAN
    value = sum(inside) / len(inside) if mean else max(inside)
    return value > rule.limit.number and (whole or pending)
