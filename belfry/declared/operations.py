"""What is done again and again, by itself and by people, what it may cost, and what is excused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from belfry.arguments import Component, Declared
from belfry.declared.people import Recipients, recipients
from belfry.declared.units import Limit, limit, seconds
from belfry.language.operations import Operations as SaidOperations
from belfry.language.operations import Recovery as SaidRecovery

if TYPE_CHECKING:
    from collections.abc import Iterator

    from belfry.declared.site import Site
    from belfry.language.operations import Remedy as SaidRemedy

_NO_RECOVERY = SaidRecovery()
_NO_OPERATIONS = SaidOperations()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """When recovery looks for something to do."""

    name: str
    modes: tuple[str, ...]
    every: float
    """Seconds, when it looks all the time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """Something that is done about trouble without a person."""

    name: str
    does: str
    service: str
    target: str
    """What it is done to at its provider: a script, a project, an address, or the service."""
    rules: tuple[str, ...]
    cool_down: float
    """Seconds."""
    not_while: tuple[str, ...]
    """Names of other remedies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """So many askers at once."""

    name: str
    askers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """A measurement of ordinary days."""

    name: str
    urls: tuple[str, ...]
    loads: tuple[Load, ...]
    lasts: float
    every: float
    """Seconds."""
    sigma: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Incidents of a severity are dealt with in so many seconds; None: nothing is said."""

    severity: str
    acknowledged: float | None
    resolved: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Operations:
    """What people do again and again: times in seconds, None where nothing is said."""

    name: str
    review: float | None
    drill: float | None
    patches: float | None
    post_mortem: float | None
    post_mortems_of: tuple[str, ...]
    false_alerts: Limit | None
    targets: tuple[Target, ...]
    playbook: str | None
    troubleshooting: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What the monitoring may cost in a month."""

    name: str
    limit: float
    warn_at: float
    """An amount, as the limit."""
    currency: str
    tell: Recipients


@dataclass(frozen=True, slots=True, kw_only=True)
class Excuse:
    """A policy that does not hold until the end of a day."""

    name: str
    policy: str
    services: tuple[str, ...] | None
    """None: for all."""
    reason: str
    until: str


def recovery(site: Site) -> Iterator[Declared]:
    """Give what is done about trouble, and when it is looked for."""
    said = site.platform.recovery
    if said == _NO_RECOVERY:
        return
    arguments = Recovery(
        name=site.prefix, modes=tuple(map(str, said.modes)), every=seconds(said.every)
    )
    yield _operation("recovery", arguments)
    for name, remedy in said.remedies.items():
        yield _operation(f"recovery.remedies.{name}", _remedy(site, name, remedy))


def _operation(
    part: str, arguments: Recovery | Remedy | Baseline | Operations | Cost | Excuse
) -> Declared:
    return Declared(part=part, component=Component.OPERATIONS, arguments=arguments)


def _remedy(site: Site, name: str, said: SaidRemedy) -> Remedy:
    service = site.platform.services[said.of]
    return Remedy(
        name=site.name(name),
        does=str(said.does),
        service=said.of,
        target=service.script or service.project or site.host(said.of) or said.of,
        rules=said.when,
        cool_down=seconds(said.cool_down),
        not_while=tuple(site.name(other) for other in said.not_while),
    )


def baseline(site: Site) -> Iterator[Declared]:
    """Give the measurement of ordinary days, if there is one."""
    said = site.platform.baseline
    if said is None:
        return
    arguments = Baseline(
        name=site.prefix,
        urls=(
            *(site.address(said.of) + path for path in said.paths),
            *(f"{site.address(page)}/" for page in said.pages),
        ),
        loads=tuple(Load(name=name, askers=count) for name, count in said.loads.items()),
        lasts=seconds(said.lasts),
        every=seconds(said.every),
        sigma=said.sigma.plain,
    )
    yield _operation("baseline", arguments)


def operations(site: Site) -> Iterator[Declared]:
    """Give what people do again and again, if anything is said of it."""
    said = site.platform.operations
    if said == _NO_OPERATIONS:
        return
    taken, over = said.targets.acknowledged, said.targets.resolved
    arguments = Operations(
        name=site.prefix,
        review=seconds(said.review),
        drill=seconds(said.drill),
        patches=seconds(said.patches),
        post_mortem=seconds(said.post_mortem),
        post_mortems_of=said.post_mortems_of,
        false_alerts=limit(said.targets.false_alerts) if said.targets.false_alerts else None,
        targets=tuple(
            Target(
                severity=severity,
                acknowledged=seconds(taken.get(severity)),
                resolved=seconds(over.get(severity)),
            )
            for severity in {**taken, **over}
        ),
        playbook=said.playbook,
        troubleshooting=said.troubleshooting,
    )
    yield _operation("operations", arguments)


def cost(site: Site) -> Iterator[Declared]:
    """Give what the monitoring may cost, if it is said."""
    said = site.platform.cost
    if said is None:
        return
    arguments = Cost(
        name=site.prefix,
        limit=said.limit.hundredths / 100,
        warn_at=round(said.limit.hundredths * said.warn_at.ratio) / 100,
        currency=said.limit.currency,
        tell=recipients(site, said.tell),
    )
    yield _operation("cost", arguments)


def exceptions(site: Site) -> Iterator[Declared]:
    """Give every policy that does not hold for a while."""
    for name, said in site.platform.exceptions.items():
        arguments = Excuse(
            name=site.name(name),
            policy=said.policy,
            services=said.of or None,
            reason=said.reason,
            until=str(said.until),
        )
        yield _operation(f"exceptions.{name}", arguments)
