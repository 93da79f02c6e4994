"""The application's own part: what its SDK serves, measures, protects; how often one asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from belfry.arguments import Component, Declared, Secret
from belfry.declared.services import Health, health
from belfry.declared.units import Limit, limit, ratio, seconds, size_in_bytes
from belfry.language.application import Asker
from belfry.values.template import Template

if TYPE_CHECKING:
    from collections.abc import Iterator

    from belfry.declared.site import Site
    from belfry.language.application import Application as SaidApplication
    from belfry.language.application import Metrics as SaidMetrics


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What the application measures of itself."""

    every: float
    windows: tuple[float, ...]
    """Seconds."""
    aggregates: tuple[str, ...]
    formats: tuple[str, ...]
    categories: tuple[str, ...]
    """Groups that can be asked for alone."""
    cache: float | None
    """Seconds for which the edge gives the same answer; None: it asks every time."""
    sample: float
    """Share of the requests."""
    batch: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A service whose health the application tells; None: it has no limits of its own."""

    service: str
    health: Health | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaker:
    """A circuit breaker."""

    name: str
    service: str
    failures: int
    """In a row, until it opens."""
    retry: float
    """Seconds that it stays open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A figure that the application reads from its environment."""

    name: str
    value: float
    says: str
    unit: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overhead:
    """What the monitoring may cost the application; None: nothing is said."""

    cpu: float | None
    """Share of the processor time."""
    memory: int | None
    """Bytes."""
    request: float | None
    """Seconds."""
    storage: int | None
    """Bytes for a month."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """What the SDK does inside the application."""

    name: str
    environment: str
    service: str
    runs_on: str
    dialect: str
    health: tuple[str, ...]
    """Paths."""
    parts: tuple[Part, ...]
    endpoints: tuple[tuple[str, str], ...]
    """What is given, and its path."""
    views: tuple[str, ...]
    metrics: Measured
    breakers: tuple[Breaker, ...]
    settings: tuple[Setting, ...]
    metrics_key: Secret | None
    admin_key: Secret | None
    origins: tuple[str, ...]
    audit: tuple[str, ...]
    overhead: Overhead


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimit:
    """How often the same asker may ask; all limits hold at once."""

    name: str
    paths: tuple[str, ...]
    limits: tuple[Limit, ...]
    by: tuple[str, ...]
    """What tells askers apart."""


def application(site: Site) -> Iterator[Declared]:
    """Give the application, if there is one."""
    said = site.platform.application
    if said is not None:
        yield Declared(
            part="application",
            component=Component.APPLICATION_SDK,
            arguments=_application(site, said),
        )


def _application(site: Site, said: SaidApplication) -> Application:
    blanks = {"domain": site.settings.domain or ""}
    return Application(
        name=site.prefix,
        environment=site.environment,
        service=said.of,
        runs_on=str(said.runs_on),
        dialect=str(said.dialect),
        health=said.health,
        parts=tuple(_part(site, service) for service in said.components),
        endpoints=tuple(said.endpoints.items()),
        views=tuple(map(str, said.views)),
        metrics=_metrics(said.metrics),
        breakers=tuple(
            Breaker(name=name, service=one.of, failures=one.failures, retry=seconds(one.retry))
            for name, one in said.breakers.items()
        ),
        settings=tuple(
            Setting(name=name, value=one.value.plain, says=one.says, unit=one.unit)
            for name, one in said.settings.items()
        ),
        metrics_key=said.metrics_key,
        admin_key=said.admin_key,
        origins=tuple(Template.parse(origin).fill(blanks) for origin in said.origins),
        audit=tuple(map(str, said.audit)),
        overhead=Overhead(
            cpu=ratio(said.overhead.cpu),
            memory=size_in_bytes(said.overhead.memory),
            request=seconds(said.overhead.request),
            storage=size_in_bytes(said.overhead.storage),
        ),
    )


def _part(site: Site, service: str) -> Part:
    limits = site.platform.services[service].health
    return Part(service=service, health=health(limits) if limits else None)


def _metrics(said: SaidMetrics) -> Measured:
    return Measured(
        every=seconds(said.every),
        windows=tuple(map(seconds, said.windows)),
        aggregates=tuple(map(str, said.aggregates)),
        formats=tuple(map(str, said.formats)),
        categories=said.categories,
        cache=seconds(said.cache),
        sample=said.sample.ratio if said.sample else 1,
        batch=said.batch,
    )


def rate_limits(site: Site) -> Iterator[Declared]:
    """Give every rate limit; where nothing is said, an address is an asker."""
    for name, said in site.platform.rate_limits.items():
        arguments = RateLimit(
            name=site.name(name),
            paths=said.paths,
            limits=tuple(map(limit, said.allow)),
            by=tuple(map(str, said.by or (Asker.ADDRESS,))),
        )
        yield Declared(
            part=f"rate-limits.{name}", component=Component.APPLICATION_SDK, arguments=arguments
        )
