"""Times of checks and journeys: how often they are made, and how long answers may take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.schedule import Turn
from belfry.values.duration import DAY, HOUR, MINUTE, Duration

if TYPE_CHECKING:
    from collections.abc import Mapping

    from belfry.findings import Findings
    from belfry.language.checks import Check
    from belfry.language.platform import Platform
    from belfry.problems import Path

_SECOND = Duration.of(1)
_SHARD = Duration.of(50)
"""Of its minute the Worker leaves so much to checks (worker/src/schedule.js, SHARD_SECONDS)."""


def ask(findings: Findings[Platform], turns: Mapping[str, Turn]) -> None:
    """Ask about the times of every check."""
    platform = findings.value
    for name, check in platform.checks.items():
        if check.heartbeat is not None:
            continue
        turn = turns.get(name) or Turn(
            every=check.every.whole_seconds,
            written=check.every.whole_seconds,
            timeout=check.timeout.whole_seconds,
        )
        # Cloudflare's own health checks, of HTTP and TCP, take no longer interval than an hour.
        often = check.http is not None or check.tcp is not None or check.asks is None
        ask_interval(findings, ("checks", name, "every"), check.every, HOUR if often else DAY)
        if _whole(findings, name, check) and _before_the_next(findings, name, turn):
            _fits_a_minute(findings, name, check)


def ask_interval(findings: Findings[Platform], path: Path, every: Duration, most: Duration) -> None:
    """Ask about how often something is made; `most` is an hour or a day."""
    if every < MINUTE:
        wrong = f"{every} is less than a minute"
        findings.add(path, wrong, "write 60s or more: the Worker wakes once a minute")
    elif not every.is_multiple_of(MINUTE):
        wrong = f"{every} is not whole minutes"
        findings.add(path, wrong, "write a multiple of 60s: the Worker wakes once a minute")
    elif every > most and most == HOUR:
        right = "write 1h or less, which is the longest at Cloudflare"
        findings.add(path, f"{every} is longer than an hour", right)
    elif every > most:
        right = "write 1d or less, so that a failure is not heard of a day too late"
        findings.add(path, f"{every} is longer than a day", right)


def ask_patience(findings: Findings[Platform], path: Path, timeout: Duration) -> bool:
    """Ask whether a time-out is whole seconds, and say whether it is."""
    if timeout.milliseconds and timeout.is_multiple_of(_SECOND):
        return True
    nothing = not timeout.milliseconds
    wrong = "no answer comes in no time" if nothing else f"{timeout} is not whole seconds"
    findings.add(path, wrong, "write whole seconds, 1s or more")
    return False


def _whole(findings: Findings[Platform], name: str, check: Check) -> bool:
    path = ("checks", name)
    if not ask_patience(findings, (*path, "timeout"), check.timeout):
        return False
    within = check.http.expect.within if check.http else None
    if within is not None:
        ask_within(findings, (*path, "http", "expect", "within"), within, check.timeout)
    return True


def ask_within(
    findings: Findings[Platform], path: Path, within: Duration, timeout: Duration
) -> None:
    """Ask whether an answer can be too slow before it is given up."""
    if not within.milliseconds:
        findings.add(path, "no answer comes in no time", "write a time, such as 2s")
    elif within >= timeout:
        wrong = f"an answer is given up after {timeout}, so none is slower than {within}"
        findings.add(path, wrong, f"write less than {timeout}, or a longer timeout")


def _before_the_next(findings: Findings[Platform], name: str, turn: Turn) -> bool:
    """Ask whether an answer comes before the next question, and say whether it does."""
    # An interval that is itself refused is taken as the whole minutes it would become.
    minutes = -(-turn.every // MINUTE.whole_seconds)
    if turn.timeout < minutes * MINUTE.whole_seconds:
        return True
    path = ("checks", name)
    of = findings.value.checks[name].of
    hurried = f", because what needs {of} is checked so often" if turn.every < turn.written else ""
    findings.add(
        (*path, "timeout"),
        f"an answer may take {Duration.of(turn.timeout)}, but the check is made every "
        f"{Duration.of(turn.every)}{hurried}",
        "let the timeout be shorter than the interval",
        because=((*path, "every"), (*path, "timeout"), (*path, "of")),
    )
    return False


def _fits_a_minute(findings: Findings[Platform], name: str, check: Check) -> None:
    """Ask whether the check and its confirmations end before the Worker's minute does."""
    asked = 1 + check.confirmations
    longest = Duration.of(check.timeout.whole_seconds * asked)
    path = ("checks", name)
    timeout, confirmations = (*path, "timeout"), (*path, "confirmations")
    if longest > _SHARD:
        repeated = f"asked {asked} times with {check.timeout} each, it"
        findings.add(
            timeout if findings.is_written(timeout) else confirmations,
            f"{repeated if asked > 1 else 'an answer'} may take {longest}, and the Worker has "
            f"{_SHARD} of its minute",
            f"write timeout: {_SHARD.whole_seconds // asked}s"
            + (" or less, or fewer confirmations" if asked > 1 else " or less"),
            because=(timeout, confirmations),
        )
