"""What is measured and what counts as trouble: signals, a platform's own rules, objectives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from belfry.arguments import Component, Declared
from belfry.base_units import in_base_unit
from belfry.conditions import Told
from belfry.declared.units import ratio, seconds
from belfry.language.signals import Measure, Source
from belfry.meant import Unmeasured, own_condition
from belfry.readings import Readings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from belfry.declared.site import Site
    from belfry.language.objectives import Objective as SaidObjective
    from belfry.language.rules import OwnRule
    from belfry.language.signals import Signal as SaidSignal

_MEASURED_BY = {
    Source.SDK: Component.APPLICATION_SDK,
    Source.BROWSER: Component.APPLICATION_SDK,
    Source.WORKER: Component.MONITORING_WORKER,
    Source.CLOUDFLARE: Component.CLOUDFLARE,
}
"""What measures; all other sources are parts of the server stack."""
_MINUTE = 60
_WINDOW = 300
"""Seconds that a rule looks at, where it does not say; as many as five probes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """Something that is measured of services."""

    name: str
    says: str
    sources: tuple[str, ...]
    """The first is believed; each next one is asked when those before it are silent."""
    services: tuple[str, ...]
    metric: str
    kind: str
    """counter, gauge, histogram or summary."""
    measure: str
    """seconds, milliseconds, share (0 to 1), percent (0 to 100), bytes, count or number."""
    quantile: float | None
    """Which one it is, of a gauge that is a quantile already."""
    business: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Beyond:
    """A value is on the wrong side of a limit, in the signal's own unit."""

    above: bool
    limit: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A value has changed by this share since the same time a week ago."""

    rises: bool
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviates:
    """A value is so many standard deviations from its mean over so many seconds."""

    sigma: float
    over: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """Nothing has been heard for so many seconds."""

    after: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A check or journey failed so often in a row."""

    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """What fills, or a certificate or domain, is at its end in so many seconds."""

    fills: bool
    within: float


Condition = Beyond | Changed | Deviates | Silent | Failed | Ends | Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule of the platform's own, as one set has it."""

    name: str
    set: str
    rule: str
    services: tuple[str, ...]
    severity: str
    rank: int
    metric: str | None
    quantile: float | None
    """Of the metric's values; None: their mean."""
    condition: Condition
    window: float
    """Seconds that are looked at."""
    hold: float
    """Seconds that it must be true."""
    summary: str
    first_step: str | None
    runbook: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """What is promised of a service over a window that rolls; shares between 0 and 1.

    That a budget is being spent too fast is raised by rules (`belfry.promises`).
    """

    name: str
    service: str
    availability: float | None
    latency: float | None
    """Seconds within which `latency_share` of all requests are answered."""
    latency_share: float | None
    mean: float | None
    """Seconds."""
    success: float | None
    window: float
    """Seconds."""
    freeze_below: float | None
    """Share of the budget."""


def signals(site: Site) -> Iterator[Declared]:
    """Give every signal to what measures it first."""
    for name, said in site.platform.signals.items():
        arguments = Signal(
            name=site.name(name),
            says=said.says,
            sources=tuple(map(str, said.from_)),
            services=said.of,
            metric=metric(site, name, said),
            kind=str(said.is_),
            measure=str(said.in_),
            quantile=ratio(said.quantile),
            business=said.business,
        )
        component = _MEASURED_BY.get(said.from_[0], Component.SERVER_STACK)
        yield Declared(part=f"signals.{name}", component=component, arguments=arguments)


def metric(site: Site, name: str, said: SaidSignal) -> str:
    """Give a signal's name in Prometheus: what it says, else the platform's name and its own."""
    return said.metric or f"{site.platform.platform}_{name}".replace("-", "_")


def rules(site: Site) -> Iterator[Declared]:
    """Give the rules of the platform's own that nothing judges yet, of some service at least."""
    readings = Readings(site.platform)
    for name, said in site.platform.rules.items():
        for rule, own in said.own.items():
            if own.event is None and all(_is_measured(own, one, readings) for one in own.of):
                continue
            yield Declared(
                part=f"rules.{name}.own.{rule}",
                component=Component.CLOUDFLARE if own.event else Component.GRAFANA,
                arguments=_rule(site, name, rule, own),
            )


def _is_measured(own: OwnRule, service: str, readings: Readings) -> bool:
    return not isinstance(own_condition(own, service, readings, _MINUTE), Unmeasured)


def _rule(site: Site, set_name: str, rule: str, own: OwnRule) -> Rule:
    said = site.platform
    signal = said.signals[own.signal] if own.signal else None
    return Rule(
        name=site.name(set_name, rule),
        set=set_name,
        rule=rule,
        services=own.of,
        severity=own.severity,
        rank=said.severities[own.severity].rank,
        metric=metric(site, own.signal, signal) if own.signal and signal else None,
        quantile=ratio(own.quantile),
        condition=_condition(own, signal),
        window=seconds(own.over) if own.over else _WINDOW,
        hold=seconds(own.for_),
        summary=str(own.summary),
        first_step=str(own.first_step) if own.first_step else None,
        runbook=said.page_at(own.runbook or f"{rule}.md"),
    )


def _condition(own: OwnRule, signal: SaidSignal | None) -> Condition:
    """Give the one condition that is said, with its figures in base units."""
    measure = signal.in_ if signal else Measure.COUNT
    for limit, above in ((own.above, True), (own.below, False)):
        if limit is not None:
            return Beyond(above=above, limit=in_base_unit(measure, limit))
    for share, rises in ((own.rises, True), (own.drops, False)):
        if share is not None:
            return Changed(rises=rises, share=share.ratio)
    for within, fills in ((own.full_within, True), (own.expires_within, False)):
        if within is not None:
            return Ends(fills=fills, within=seconds(within))
    if own.deviates is not None:
        return Deviates(sigma=own.deviates.sigma.plain, over=seconds(own.deviates.over))
    if own.silent is not None:
        return Silent(after=seconds(own.silent))
    if own.failures is not None:
        return Failed(times=own.failures)
    return Told(event=own.event or "")


def objectives(site: Site) -> Iterator[Declared]:
    """Give every objective."""
    for name, said in site.platform.objectives.items():
        yield Declared(
            part=f"objectives.{name}",
            component=Component.GRAFANA,
            arguments=_objective(site, name, said),
        )


def _objective(site: Site, name: str, said: SaidObjective) -> Objective:
    return Objective(
        name=site.name(name),
        service=said.of,
        availability=ratio(said.availability),
        latency=seconds(said.latency.below) if said.latency else None,
        latency_share=said.latency.share.ratio if said.latency else None,
        mean=seconds(said.mean),
        success=ratio(said.success),
        window=seconds(said.over),
        freeze_below=ratio(said.budget.freeze_below),
    )
