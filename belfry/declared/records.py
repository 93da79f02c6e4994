"""What is written down and what is watched: logs, errors, web vitals, harm; what is never kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from belfry.arguments import Component, Declared, Secret
from belfry.declared.units import plain, seconds, text
from belfry.language.records import Logs as SaidLogs
from belfry.language.records import Privacy as SaidPrivacy
from belfry.language.records import Security as SaidSecurity
from belfry.language.records import TimeVital
from belfry.language.records import WebVitals as SaidWebVitals
from belfry.language.workers import LogLevel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from belfry.declared.site import Site

_VITALS = ("cls", "lcp", "inp", "fid", "fcp", "ttfb")
_STORES = {
    "prometheus": Component.SERVER_STACK,
    "loki": Component.SERVER_STACK,
    "traces": Component.SERVER_STACK,
    "edge_metrics": Component.CLOUDFLARE,
    "edge_logs": Component.CLOUDFLARE,
    "edge_state": Component.CLOUDFLARE,
    "metrics": Component.APPLICATION_SDK,
    "alerts": Component.MONITORING_WORKER,
    "incidents": Component.MONITORING_WORKER,
    "audit": Component.APPLICATION_SDK,
}
"""Stores whose retention nothing provisioned reads, and who holds them."""
_NO_LOGS = SaidLogs()
_NO_PRIVACY = SaidPrivacy()
_NO_VITALS = SaidWebVitals()
_NO_SECURITY = SaidSecurity()


@dataclass(frozen=True, slots=True, kw_only=True)
class Logs:
    """What is logged, how much of it, and where it goes."""

    name: str
    level: str
    kinds: tuple[str, ...]
    to: tuple[str, ...]
    sample: tuple[tuple[str, float], ...]
    """The share that is kept, for every level."""
    stack_traces: bool
    trace: str | None
    """The header that ties a log to its request."""
    user_context: bool
    compress: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Privacy:
    """What is taken out of everything before it is stored or sent."""

    name: str
    scrub: tuple[str, ...]
    fields: tuple[str, ...]
    standards: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Errors:
    """Error tracking by Sentry."""

    name: str
    environment: str
    """What Sentry calls it."""
    dsn: Secret
    releases: bool
    tags: tuple[tuple[str, str], ...]
    sample: float
    """Share that is sent."""
    incidents: bool
    """Incidents are told there too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vital:
    """A measurement of browsers: good up to one limit, poor beyond the other."""

    vital: str
    measure: str
    """seconds or number."""
    good: float
    poor: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WebVitals:
    """What browsers measure."""

    name: str
    vitals: tuple[Vital, ...]
    user_context: bool
    errors: bool
    sample: float
    """Share of the visits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Security:
    """What is watched for harm; None: it is not watched."""

    name: str
    threats: tuple[str, ...]
    anomalies: float | None
    """Standard deviations from usual."""
    authentication_failures: int | None
    """In five minutes."""
    block: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How long a store keeps what it has."""

    name: str
    store: str
    age: float
    """Seconds."""


def logs(site: Site) -> Iterator[Declared]:
    """Give what is said of logs, when it is not what is done anyway."""
    said = site.platform.logs
    if said == _NO_LOGS:
        return
    arguments = Logs(
        name=site.prefix,
        level=str(site.settings.log_level),
        kinds=tuple(map(str, said.kinds)),
        to=tuple(map(str, said.to)),
        sample=tuple(
            (str(level), said.sample[level].plain if level in said.sample else 1)
            for level in LogLevel
        ),
        stack_traces=said.stack_traces,
        trace=text(said.trace),
        user_context=said.user_context,
        compress=said.compress,
    )
    yield Declared(part="logs", component=Component.APPLICATION_SDK, arguments=arguments)


def privacy(site: Site) -> Iterator[Declared]:
    """Give what is taken out, if anything is."""
    said = site.platform.privacy
    if said == _NO_PRIVACY:
        return
    arguments = Privacy(
        name=site.prefix,
        scrub=tuple(map(str, said.scrub)),
        fields=said.fields,
        standards=tuple(map(str, said.standards)),
    )
    yield Declared(part="privacy", component=Component.APPLICATION_SDK, arguments=arguments)


def errors(site: Site) -> Iterator[Declared]:
    """Give error tracking, if there is any."""
    said = site.platform.errors
    if said is None:
        return
    arguments = Errors(
        name=site.prefix,
        environment=said.environment or site.environment,
        dsn=said.dsn,
        releases=said.releases,
        tags=tuple(said.tags.items()),
        sample=said.sample.ratio if said.sample else 1,
        incidents=said.incidents,
    )
    yield Declared(part="errors", component=Component.APPLICATION_SDK, arguments=arguments)


def web_vitals(site: Site) -> Iterator[Declared]:
    """Give what browsers measure, if they measure anything."""
    said = site.platform.web_vitals
    if said == _NO_VITALS:
        return
    arguments = WebVitals(
        name=site.prefix,
        vitals=tuple(_vitals(said)),
        user_context=said.user_context,
        errors=said.errors,
        sample=said.sample.ratio if said.sample else 1,
    )
    yield Declared(part="web-vitals", component=Component.APPLICATION_SDK, arguments=arguments)


def _vitals(said: SaidWebVitals) -> Iterator[Vital]:
    for name in _VITALS:
        vital = getattr(said, name)
        if isinstance(vital, TimeVital):
            good, poor = seconds(vital.good), seconds(vital.poor)
            yield Vital(vital=name, measure="seconds", good=good, poor=poor)
        elif vital is not None:
            yield Vital(vital=name, measure="number", good=vital.good.plain, poor=vital.poor.plain)


def security(site: Site) -> Iterator[Declared]:
    """Give what is watched for harm, if anything is."""
    said = site.platform.security
    if said == _NO_SECURITY:
        return
    arguments = Security(
        name=site.prefix,
        threats=tuple(map(str, said.threats)),
        anomalies=plain(said.anomalies),
        authentication_failures=said.authentication_failures,
        block=said.block,
    )
    yield Declared(part="security", component=Component.APPLICATION_SDK, arguments=arguments)


def retention(site: Site) -> Iterator[Declared]:
    """Give the age of every store that says one, except the monitoring Worker's own two."""
    for store, component in _STORES.items():
        age = getattr(site.platform.retention, store)
        if age is not None:
            key = store.replace("_", "-")
            kept = Kept(name=site.name(key), store=key, age=seconds(age))
            yield Declared(part=f"retention.{key}", component=component, arguments=kept)
