"""What can be proven of a rule before anything runs: that it speaks, in time, and not always.

Every proof gives the arithmetic in its words. A limit that nothing can pass, a window that no store
reaches back over, a single failed request that wakes somebody: no drill is needed for these.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from belfry.conditions import (
    Absent,
    Beyond,
    Changed,
    Deviates,
    Ends,
    Fails,
    Method,
    Ratio,
    Take,
    looks_back,
    readings,
)
from belfry.language.signals import Measure, Source
from belfry.sayings import number
from belfry.values.duration import Duration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from belfry.conditions import Condition, Measured
    from belfry.rules import ServiceRule

CERTIFICATE_DAYS = 200
"""The longest that a public certificate is valid since 15 March 2026 (CA/Browser Forum, ballot
SC-081v3); 100 from 2027, 47 from 2029."""
_DAY = 86_400
_FEWEST = 30
"""Values that a spread must be told from; fewer, and the spread itself is chance (the usual rule
of thumb for the normal approximation)."""


class Flaw(StrEnum):
    """What is proven."""

    NEVER = "never-fires"
    ALWAYS = "always-fires"
    FORGOTTEN = "beyond-retention"
    ONE_VALUE = "for-below-interval"
    ONE_REQUEST = "one-failed-request"
    LATE = "too-late"


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What is known of a rule's service and of what keeps its values; times in seconds."""

    every: int
    """Between two values of its signals."""
    prometheus: int
    """How long Prometheus keeps what it has."""
    observations: int
    """How long the monitoring Worker keeps results of checks."""
    traffic: float | None
    """Requests a second, as the platform declares; None: not said."""
    wakes: bool
    """A channel of the rule's severity wakes people."""
    answer: int | None
    """Within which somebody answers; None: nothing is promised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """One flaw of one rule: what is wrong, with the arithmetic, and what would be right."""

    flaw: Flaw
    wrong: str
    right: str


def flaws(rule: ServiceRule, around: Surroundings) -> Iterator[Proven]:
    """Give everything that is proven against a rule."""
    condition = rule.condition
    yield from _never(condition, around)
    yield from _always(condition)
    yield from _forgotten(condition, around)
    if 0 < rule.hold < around.every:
        hold, every = Duration.of(rule.hold), Duration.of(around.every)
        yield Proven(
            flaw=Flaw.ONE_VALUE,
            wrong=f"for {hold} is over before the next value comes, {every} later",
            right=f"write for: {every} or more, or 0s",
        )
    yield from _one_request(rule, around)
    yield from _late(rule, around)


def _never(condition: Condition, around: Surroundings) -> Iterator[Proven]:
    match condition:
        case Beyond(measured=measured, above=above, limit=limit):
            share = _is_share(measured)
            if above and share and limit >= 1:
                wrong = f"{number(measured)} is at most 100 %, never above {limit * 100:g} %"
                yield Proven(flaw=Flaw.NEVER, wrong=wrong, right="write less than 100 %")
            elif not above and limit <= 0 and not _has_negatives(measured):
                wrong = f"{number(measured)} is at least 0, never below {limit:g}"
                yield Proven(flaw=Flaw.NEVER, wrong=wrong, right="write more than 0")
        case Changed(rises=False, share=share) if share >= 1:
            wrong = f"nothing loses more than all of it, and {share * 100:g} % are asked for"
            yield Proven(flaw=Flaw.NEVER, wrong=wrong, right="write less than 100 %")
        case Deviates(method=Method.MEAN, factor=factor, baseline=baseline):
            count = baseline // around.every
            # Samuelson's inequality: of n values none is further than (n − 1)/√n deviations away.
            most = (count - 1) / math.sqrt(count) if count > 1 else 0
            if factor >= most:
                wrong = (
                    f"of {count} values, one each {Duration.of(around.every)} in "
                    f"{Duration.of(baseline)}, none is {factor:g} deviations from their mean: "
                    f"({count} - 1) / sqrt({count}) = {most:.2f}"
                )
                yield Proven(flaw=Flaw.NEVER, wrong=wrong, right=_longer(around.every))
            elif count < _FEWEST:
                wrong = f"{count} values in {Duration.of(baseline)} do not tell what is usual"
                yield Proven(flaw=Flaw.ALWAYS, wrong=wrong, right=_longer(around.every))
        case Absent(after=after) if after < around.every:
            often, allowed = Duration.of(around.every), Duration.of(after)
            wrong = f"a value comes each {often}, and only {allowed} may pass without one"
            right = f"write {Duration.of(2 * around.every)} or more"
            yield Proven(flaw=Flaw.ALWAYS, wrong=wrong, right=right)


def _longer(every: int) -> str:
    return f"write a baseline of {Duration.of(_FEWEST * every)} or more"


def _always(condition: Condition) -> Iterator[Proven]:
    match condition:
        case Beyond(measured=measured, above=True, limit=limit) if limit < 0 and not _has_negatives(
            measured
        ):
            wrong = f"{number(measured)} is at least 0, always above {limit:g}"
            yield Proven(flaw=Flaw.ALWAYS, wrong=wrong, right="write 0 or more")
        case Beyond(measured=measured, above=False, limit=limit) if (
            _is_share(measured) and limit > 1
        ):
            wrong = f"{number(measured)} is at most 100 %, always below {limit * 100:g} %"
            yield Proven(flaw=Flaw.ALWAYS, wrong=wrong, right="write 100 % or less")
        case Ends(within=within) if within >= CERTIFICATE_DAYS * _DAY:
            wrong = (
                f"a certificate lasts at most {CERTIFICATE_DAYS} days, so it always ends within "
                f"{within // _DAY}"
            )
            yield Proven(flaw=Flaw.ALWAYS, wrong=wrong, right="write 30d or less")


def _forgotten(condition: Condition, around: Surroundings) -> Iterator[Proven]:
    back = looks_back(condition)
    asked = readings(condition)
    by_worker = bool(asked) and all(one.source is Source.WORKER for one in asked)
    kept = min(around.observations, around.prometheus) if by_worker else around.prometheus
    if back > kept:
        wrong = f"it looks back {Duration.of(back)}, and values are kept {Duration.of(kept)}"
        right = f"keep them {Duration.of(back)} (retention), or look back less"
        yield Proven(flaw=Flaw.FORGOTTEN, wrong=wrong, right=right)


def _one_request(rule: ServiceRule, around: Surroundings) -> Iterator[Proven]:
    """Prove that one failed request alone wakes somebody, at the traffic that is declared.

    It stays in the window for as long as the window is, so a shorter `for` does not help.
    """
    condition = rule.condition
    if not around.wakes or around.traffic is None or not isinstance(condition, Beyond):
        return
    measured = condition.measured
    if not isinstance(measured, Ratio) or not condition.above or rule.hold >= measured.over:
        return
    requests = max(around.traffic * measured.over, condition.least or 0)
    if requests <= 0 or 1 / requests <= condition.limit:
        return
    over = Duration.of(measured.over)
    wrong = (
        f"one failed request wakes somebody: {over} hold {requests:.3g} requests, and 1 of them is "
        f"{min(1.0, 1 / requests) * 100:.3g} %, more than {condition.limit * 100:g} %"
    )
    needed = math.ceil(1 / (condition.limit * around.traffic) / 60) * 60
    right = f"look back {Duration.of(needed)} or more, or write a higher limit"
    yield Proven(flaw=Flaw.ONE_REQUEST, wrong=wrong, right=right)


def _late(rule: ServiceRule, around: Surroundings) -> Iterator[Proven]:
    if around.answer is None:
        return
    parts = [("until a value comes", around.every), *_waits(rule.condition), ("for", rule.hold)]
    total = sum(seconds for _, seconds in parts)
    if total < around.answer:
        return
    added = " + ".join(f"{Duration.of(time)} ({words})" for words, time in parts if time)
    answer = Duration.of(around.answer)
    wrong = (
        f"it is known after {added} = {Duration.of(total)}, and {rule.severity} is answered "
        f"within {answer}"
    )
    right = "write a shorter window or for, or a milder severity"
    yield Proven(flaw=Flaw.LATE, wrong=wrong, right=right)


def _waits(condition: Condition) -> Iterator[tuple[str, int]]:
    """Give what must fill with trouble before it shows; what lies ahead is not waited for."""
    match condition:
        case Beyond(measured=measured) | Changed(measured=measured):
            is_now = not isinstance(measured, Ratio) and measured.take is Take.LAST
            yield "window", 0 if is_now else measured.over
        case Absent(after=after):
            yield "silent", after
        case Fails(times=times, every=every):
            yield f"{times} failures", (times - 1) * every


def _is_share(measured: Measured) -> bool:
    return isinstance(measured, Ratio) or measured.reading.measure in (
        Measure.SHARE,
        Measure.TRUTH,
    )


def _has_negatives(measured: Measured) -> bool:
    return not isinstance(measured, Ratio) and measured.reading.measure is Measure.NUMBER
