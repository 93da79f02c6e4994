"""What can be proven of a rule before anything runs: that it speaks, in time, and not always.

Every proof gives the arithmetic in its words. A limit that nothing can pass, a window that no store
reaches back over, a single failed request that wakes somebody: no drill is needed for these.
"""

from __future__ import annotations

import math
from decimal import ROUND_DOWN, Decimal
from typing import TYPE_CHECKING

from belfry.base_units import counted_in
from belfry.conditions import (
    Absent,
    Beyond,
    Burn,
    Changed,
    Deviates,
    Ends,
    Fails,
    Method,
    Overdue,
    Plain,
    Ratio,
    Take,
    Value,
    looks_back,
    readings,
)
from belfry.flaws import Flaw, Proven, Surroundings
from belfry.language.signals import Measure, MetricKind, Source
from belfry.plain_proofs import plain_flaws
from belfry.sayings import figure, measure_of, number
from belfry.values.duration import Duration
from belfry.values.number import printed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from belfry.conditions import Condition, Measured
    from belfry.rules import ServiceRule

__all__ = ["Flaw", "Proven", "Surroundings", "flaws"]

CERTIFICATE_DAYS = 200
"""The longest that a public certificate is valid since 15 March 2026 (CA/Browser Forum, ballot
SC-081v3); 100 from 2027, 47 from 2029."""
_DAY = 86_400
_MINUTE = 60
_FINE = Decimal("0.0001")
"""A factor has four decimals."""
_MOST = {Measure.SHARE: 1.0, Measure.TRUTH: 1.0, Measure.PERCENT: 100.0}
_FEWEST = 30
"""Values that a spread must be told from; fewer, and the spread itself is chance (the usual rule
of thumb for the normal approximation)."""


def flaws(rule: ServiceRule, around: Surroundings) -> Iterator[Proven]:
    """Give everything that is proven against a rule."""
    condition = rule.condition
    yield from _never(condition, around)
    yield from _always(condition, around)
    yield from _forgotten(condition, around)
    if isinstance(condition, Plain):
        yield from plain_flaws(condition, around)
    if isinstance(condition, Beyond):
        yield from _bounded(condition, around)
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
        case Beyond(burn=Burn() as burn):
            yield from _unspendable(burn)
            yield from _too_few(condition, burn, around)
        case Beyond(measured=measured, above=above, limit=limit):
            share = _most(measured)
            if above and share is not None and limit >= share:
                wrong = (
                    f"{number(measured)} is at most 100 %, never above {limit / share * 100:g} %"
                )
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


def _unspendable(burn: Burn) -> Iterator[Proven]:
    """Prove that a budget cannot be spent so fast, as when all that there is fails."""
    if burn.budget > 0 and burn.share >= 1:
        most = printed(Decimal(1 / burn.budget).quantize(_FINE, ROUND_DOWN))
        wrong = (
            f"a budget of {burn.budget * 100:.6g} % is spent {most} times too fast when everything "
            f"is bad, never more than {burn.times:.12g} times"
        )
        yield Proven(flaw=Flaw.NEVER, wrong=wrong, right=f"write less than {most}")


def _too_few(condition: Beyond, burn: Burn, around: Surroundings) -> Iterator[Proven]:
    """Prove that the declared traffic never makes so many requests as the share is told from."""
    seconds, least = condition.measured.over, condition.least
    if least is None or around.traffic is None or around.traffic * seconds >= least:
        return
    over, requests = Duration.of(seconds), around.traffic * seconds
    needed = Duration.of(math.ceil(least / around.traffic / _MINUTE) * _MINUTE)
    is_worked_out = least == burn.fewest(seconds, around.every)
    wrong = f"{over} hold {requests:.3g} requests, and it is judged from {least:.12g} on" + (
        f", for of fewer one alone may seem more than {burn.share * 100:.6g} %"
        if is_worked_out
        else " (least)"
    )
    remedies = [f"look back {needed} or more, at a severity that may be told so late"]
    if is_worked_out:
        remedies.append("write a higher burn")
    elif "least" in around.knobs:
        remedies.append("write a smaller least")
    yield Proven(flaw=Flaw.NEVER, wrong=wrong, right=", or ".join(remedies))


def _longer(every: int) -> str:
    return f"write a baseline of {Duration.of(_FEWEST * every)} or more"


def _bounded(condition: Beyond, around: Surroundings) -> Iterator[Proven]:
    """Prove with what is known of the most that a signal of this service can be."""
    measured, limit = condition.measured, condition.limit
    if not isinstance(measured, Value) or measured.reading.signal not in around.most:
        return
    known, measure = around.most[measured.reading.signal], measured.reading.measure
    most = counted_in(measure, known.value)
    asked, shown = figure(limit, measure), figure(most, measure)
    if condition.above and limit >= most and known.reached:
        wrong = f"{number(measured)} is at most {shown}, never above {asked}: {known.why}"
        yield Proven(flaw=Flaw.NEVER, wrong=wrong, right=f"write less than {shown}")
    if not condition.above and limit == most and not known.reached:
        wrong = f"{number(measured)} is always below {asked}: {known.why}"
        yield Proven(flaw=Flaw.ALWAYS, wrong=wrong, right=f"write less than {shown}")


def _always(condition: Condition, around: Surroundings) -> Iterator[Proven]:
    match condition:
        case Beyond(burn=Burn(promise=promise)) if promise >= 1:
            wrong = "a promise of 100 % leaves no budget: the first failure breaks it"
            yield Proven(flaw=Flaw.ALWAYS, wrong=wrong, right="write less, such as 99.9 %")
        case Beyond(measured=measured, above=True, limit=limit) if limit < 0 and not _has_negatives(
            measured
        ):
            wrong = f"{number(measured)} is at least 0, always above {limit:g}"
            yield Proven(flaw=Flaw.ALWAYS, wrong=wrong, right="write 0 or more")
        case Beyond(measured=measured, above=False, limit=limit) if (
            most := _most(measured)
        ) is not None and limit > most:
            wrong = f"{number(measured)} is at most 100 %, always below {limit / most * 100:g} %"
            yield Proven(flaw=Flaw.ALWAYS, wrong=wrong, right="write 100 % or less")
        case Overdue(after=after) if after < (due := around.due or around.every):
            often, age = Duration.of(due), Duration.of(after)
            wrong = f"it is done each {often}, so that the last time is longer ago than {age}"
            right = f"write {often} and the time that it takes"
            yield Proven(flaw=Flaw.ALWAYS, wrong=wrong, right=right)
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
    if not condition.above or rule.hold >= measured.over:
        return
    over = Duration.of(measured.over)
    if isinstance(measured, Ratio):
        yield from _one_of_few(condition, around, around.traffic)
        return
    if measured.reading.signal in around.failing:
        yield from _one_in_a_minute(condition, measured, around, around.traffic)
        return
    one = _of_one(measured) if measured.reading.signal in around.failures else None
    if one is None or one <= condition.limit:
        return
    requests = around.traffic * measured.over
    wrong = (
        f"one failed request wakes somebody: {over} hold {requests:.3g} requests, and 1 of them "
        f"makes {number(measured)} {one:.3g}, more than {condition.limit:g}"
    )
    yield Proven(flaw=Flaw.ONE_REQUEST, wrong=wrong, right=f"write {math.ceil(one)} or more")


def _one_in_a_minute(
    condition: Beyond, measured: Value, around: Surroundings, traffic: float
) -> Iterator[Proven]:
    """Prove it of a share that is told each minute, whatever it is a share of."""
    if measured.take is not Take.MEAN:
        return
    values = max(1, measured.over // around.every)
    in_one = min(1.0, 1 / (traffic * around.every))
    whole = counted_in(measured.reading.measure, 1)
    if in_one / values * whole <= condition.limit:
        return
    over, every = Duration.of(measured.over), Duration.of(around.every)
    wrong = (
        f"one failed request wakes somebody: it is {in_one * 100:.3g} % of those of {every}, which "
        f"makes {in_one / values * 100:.3g} % of {over}, more than "
        f"{figure(condition.limit, measured.reading.measure)}"
    )
    right = "let the application count requests and errors, of which there must be enough, or "
    yield Proven(flaw=Flaw.ONE_REQUEST, wrong=wrong, right=right + "write a higher limit")


def _one_of_few(condition: Beyond, around: Surroundings, traffic: float) -> Iterator[Proven]:
    """Prove it of a share; of the figures, those are named that the rule has."""
    seconds = condition.measured.over
    requests = max(traffic * seconds, condition.least or 0)
    if requests <= 0 or 1 / requests <= condition.limit:
        return
    over = Duration.of(seconds)
    wrong = (
        f"one failed request wakes somebody: {over} hold {requests:.3g} requests, and 1 of them is "
        f"{min(1.0, 1 / requests) * 100:.3g} %, more than {condition.limit * 100:g} %"
    )
    remedies = []
    if "over" in around.knobs:
        needed = math.ceil(1 / (condition.limit * traffic) / _MINUTE) * _MINUTE
        remedies.append(f"look back {Duration.of(needed)} or more")
    if "least" in around.knobs:
        remedies.append(f"write least: {math.ceil(1 / condition.limit)} or more")
    right = ", or ".join((*remedies, "write a higher limit"))
    yield Proven(flaw=Flaw.ONE_REQUEST, wrong=wrong, right=right)


def _of_one(measured: Value) -> float | None:
    """Give what one event makes of a number; None: it is not about events."""
    match measured.take:
        case Take.INCREASE:
            return 1.0
        case Take.RATE:
            return 1 / measured.over
        case Take.MEAN if measured.reading.kind is MetricKind.GAUGE:
            return _MINUTE / measured.over  # it says how many there were in a minute
        case _:
            return None


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
    shorter = "a shorter window or for" if "over" in around.knobs else "a shorter for"
    right = f"write {shorter}, or a milder severity"
    if getattr(rule.condition, "burn", None) is not None:
        right = (
            "write a shorter window or a milder severity; what of one objective can be told in "
            "time, and what cannot, are two objectives"
        )
    yield Proven(flaw=Flaw.LATE, wrong=wrong, right=right)


def _waits(condition: Condition) -> Iterator[tuple[str, int]]:
    """Give what must fill with trouble before it shows; what lies ahead is not waited for."""
    match condition:
        case Beyond(burn=Burn() as burn, measured=measured):
            # As with the windows of objectives everywhere: when nothing works at all.
            yield "until enough has failed, when all does", math.ceil(burn.share * measured.over)
        case Beyond(measured=measured) | Changed(measured=measured):
            is_now = not isinstance(measured, Ratio) and measured.take is Take.LAST
            yield "window", 0 if is_now else measured.over
        case Absent(after=after):
            yield "silent", after
        case Fails(times=times, every=every):
            yield f"{times} failures", (times - 1) * every


def _most(measured: Measured) -> float | None:
    """Give the greatest that a share can be, in its own unit; None: it is no share."""
    return _MOST.get(measure_of(measured))


def _has_negatives(measured: Measured) -> bool:
    return not isinstance(measured, Ratio) and measured.reading.measure is Measure.NUMBER
