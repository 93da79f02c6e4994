"""Rules about one service, made from conditions, for tests of what conditions become."""

from __future__ import annotations

from dataclasses import replace

from belfry.conditions import (
    Absent,
    Beyond,
    Burn,
    Changed,
    Condition,
    Deviates,
    Direction,
    Down,
    Ends,
    Fails,
    Fills,
    Method,
    Overdue,
    Plain,
    Ratio,
    Reading,
    Take,
    Trouble,
    Value,
)
from belfry.language.services import Kind
from belfry.language.signals import Measure, MetricKind, Source
from belfry.rules import ServiceRule, Silence


def reading(
    signal: str,
    kind: MetricKind = MetricKind.GAUGE,
    measure: Measure = Measure.NUMBER,
    **matchers: str,
) -> Reading:
    return Reading(
        signal=signal,
        metric=signal.replace("-", "_"),
        kind=kind,
        measure=measure,
        source=Source.SDK,
        matchers=tuple(matchers.items()),
    )


UP = reading("probe-up", measure=Measure.TRUTH)
LOAD = reading("load", measure=Measure.SHARE)
REQUESTS = reading("requests", MetricKind.COUNTER, Measure.COUNT)
ERRORS = reading("errors", MetricKind.COUNTER, Measure.COUNT)
TIMES = reading("times", MetricKind.HISTOGRAM, Measure.SECONDS)
CPU = reading("cpu-time", MetricKind.SUMMARY, Measure.SECONDS)
LAST_RUN = reading("last-run", measure=Measure.SECONDS)
ERROR_RATIO = Ratio(part=ERRORS, whole=REQUESTS, over=300)


def value(of: Reading, take: Take, over: int = 300, quantile: float | None = None) -> Value:
    return Value(reading=of, take=take, over=over, quantile=quantile)


def above(measured: Value | Ratio, limit: float) -> Beyond:
    return Beyond(measured=measured, above=True, limit=limit)


def below(measured: Value | Ratio, limit: float) -> Beyond:
    return Beyond(measured=measured, above=False, limit=limit)


def drops(measured: Value | Ratio, share: float, before: int = 7 * 86_400) -> Changed:
    return Changed(measured=measured, rises=False, share=share, before=before)


def rises(measured: Value | Ratio, share: float, before: int = 7 * 86_400) -> Changed:
    return Changed(measured=measured, rises=True, share=share, before=before)


def deviates(
    measured: Value | Ratio,
    factor: float = 3,
    *,
    baseline: int = 86_400,
    method: Method = Method.MEDIAN,
    direction: Direction = Direction.EITHER,
) -> Deviates:
    return Deviates(
        measured=measured, method=method, factor=factor, baseline=baseline, direction=direction
    )


BURNING = Beyond(
    measured=Ratio(part=ERRORS, whole=REQUESTS, over=3600),
    above=True,
    limit=0.01,
    least=100,
    burn=Burn(promise=0.999, times=10, still=300),
)
"""More than 1 % over an hour and still over five minutes."""

CONDITIONS: dict[str, Condition] = {
    "down": Down(reading=UP),
    "a mean above": above(value(LOAD, Take.MEAN), 0.9),
    "a highest value above": above(value(LOAD, Take.MAX), 0.9),
    "a lowest value below": below(value(LOAD, Take.MIN), 0.1),
    "a last value below": below(value(LOAD, Take.LAST), 0.1),
    "a rate above": above(value(REQUESTS, Take.RATE), 2.5),
    "a rate below": below(value(REQUESTS, Take.RATE), 2.5),
    "an increase above": above(value(ERRORS, Take.INCREASE), 100),
    "any increase": above(value(ERRORS, Take.INCREASE), 0),
    "a ratio above": above(ERROR_RATIO, 0.05),
    "a ratio below": below(ERROR_RATIO, 0.7),
    "a ratio of enough requests": Beyond(measured=ERROR_RATIO, above=True, limit=0.05, least=100),
    "a budget that burns": BURNING,
    "a budget that burns in a short window": replace(
        BURNING, burn=Burn(promise=0.999, times=10, still=None), least=None
    ),
    "a budget of time that burns": replace(
        BURNING, measured=value(TIMES, Take.QUANTILE, 3600, 0.5), limit=0.5
    ),
    "the mean of a histogram": above(value(TIMES, Take.MEAN), 2),
    "a quantile of a histogram": above(value(TIMES, Take.QUANTILE, quantile=0.95), 2),
    "a quantile below": below(value(TIMES, Take.QUANTILE, quantile=0.5), 0.5),
    "the mean of a summary": above(value(CPU, Take.MEAN), 0.05),
    "a quantile of a summary": above(value(CPU, Take.QUANTILE, quantile=0.99), 0.05),
    "a gauge that drops": drops(value(LOAD, Take.MEAN, 1800), 0.3, before=10_800),
    "a counter that rises": rises(value(ERRORS, Take.INCREASE, 600), 1, before=3600),
    "a counter that drops": drops(value(REQUESTS, Take.INCREASE, 600), 0.5, before=3600),
    "a ratio that rises": rises(ERROR_RATIO, 1, before=3600),
    "a counter that drops from enough": Changed(
        measured=value(REQUESTS, Take.INCREASE, 600),
        rises=False,
        share=0.5,
        before=3600,
        least=500,
    ),
    "a quantile that rises": rises(value(TIMES, Take.QUANTILE, quantile=0.9), 0.5, before=3600),
    "a gauge far from its median": deviates(value(LOAD, Take.MEAN), baseline=7200),
    "a counter far above its mean": deviates(
        value(REQUESTS, Take.INCREASE, 600),
        2,
        baseline=7200,
        method=Method.MEAN,
        direction=Direction.UP,
    ),
    "a ratio far below its median": deviates(ERROR_RATIO, baseline=7200, direction=Direction.DOWN),
    "a quantile far above its mean": deviates(
        value(TIMES, Take.QUANTILE, quantile=0.95),
        baseline=7200,
        method=Method.MEAN,
        direction=Direction.UP,
    ),
    "a gauge far from its median, and large": Deviates(
        measured=value(LOAD, Take.MEAN),
        method=Method.MEDIAN,
        factor=3,
        baseline=7200,
        direction=Direction.EITHER,
        least=50,
    ),
    "a share that fills": Fills(reading=LOAD, over=6 * 3600, full=1, within=4 * 3600),
    "silence": Absent(reading=REQUESTS, after=600),
    "silence of a histogram": Absent(reading=TIMES, after=180),
    "failures in a row": Fails(reading=UP, times=3, every=60),
    "failures that come seldom": Fails(reading=UP, times=2, every=300),
    "a job that is overdue": Overdue(reading=LAST_RUN, after=26 * 3600),
    "a certificate that ends": Ends(reading=reading("certificate-end"), within=14 * 86_400),
    "plain PromQL": Plain(
        expression='max by (service) (pg_up{service="api"})',
        above=False,
        limit=1,
        source=Source.POSTGRES,
    ),
}
"""One of every kind, and of every number that can be taken."""


def rule(
    condition: Condition,
    *,
    name: str = "Trouble",
    service: str = "api",
    hold: int = 0,
    silence: Silence = Silence.OK,
    silent_after: int = 180,
) -> ServiceRule:
    return ServiceRule(
        set="all",
        rule=name,
        service=service,
        kind=Kind.HTTP_API,
        team="operators",
        severity="P1",
        rank=1,
        trouble=Trouble.DEGRADED,
        condition=condition,
        hold=hold,
        silence=silence,
        silent_after=silent_after,
        summary="The API is in trouble",
        description="It is.",
        first_step="Look at it.",
        runbook="runbooks/Trouble.md",
    )
