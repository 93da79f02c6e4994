"""The application's own part: what its SDK serves, measures, keeps and protects."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from belfry.arguments import Secret
from belfry.forms import Name, Origin, PathPattern, Reference, UrlPath, Variable
from belfry.scalars import Bounds
from belfry.shapes import Says
from belfry.values.duration import Duration
from belfry.values.number import Number
from belfry.values.percent import Percent
from belfry.values.rate import Rate
from belfry.values.size import Size

_HALF_A_MINUTE = Duration.of(30)


class Dialect(StrEnum):
    """Which bodies the application's endpoints speak, where platforms differ."""

    COMPONENTS = "components"
    SCORE = "score"


class Runtime(StrEnum):
    """Where the application runs."""

    WORKER = "worker"
    SERVERLESS = "serverless"
    NODE = "node"


class Format(StrEnum):
    """How metrics can be asked for."""

    JSON = "json"
    PROMETHEUS = "prometheus"
    DATADOG = "datadog"


class View(StrEnum):
    """How the application's own dashboard can be asked for."""

    JSON = "json"
    HTML = "html"
    GRAFANA = "grafana"


class Aggregate(StrEnum):
    """How the values of a window become one."""

    AVG = "avg"
    SUM = "sum"
    MIN = "min"
    MAX = "max"
    COUNT = "count"
    P50 = "p50"
    P95 = "p95"
    P99 = "p99"


class Audited(StrEnum):
    """What is written down with who did it."""

    CONFIGURATION = "configuration"
    ALERT_ACTIONS = "alert-actions"
    ACCESS = "access"


class Asker(StrEnum):
    """Who counts as one asker."""

    ADDRESS = "address"
    USER = "user"
    KEY = "key"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """What the application measures of itself."""

    every: Annotated[Duration, Says("How often values are collected.", "30s")] = _HALF_A_MINUTE
    windows: Annotated[tuple[Duration, ...], Says("Windows that roll.", "[1m, 5m, 15m, 1h]")] = ()
    aggregates: Annotated[
        tuple[Aggregate, ...], Says("How the values of a window become one.", "[avg, p95, p99]")
    ] = (Aggregate.AVG, Aggregate.P95, Aggregate.P99, Aggregate.COUNT)
    formats: Annotated[
        tuple[Format, ...], Says("How they can be asked for.", "[json, prometheus]")
    ] = (Format.JSON, Format.PROMETHEUS)
    categories: Annotated[
        tuple[Name, ...], Says("Groups that can be asked for alone.", "[business, system]")
    ] = ()
    cache: Annotated[
        Duration | None,
        Says("The same question is answered from the edge for so long; otherwise never.", "5s"),
    ] = None
    sample: Annotated[
        Percent | None, Says("So many of the requests are measured; all otherwise.", "10 %")
    ] = None
    batch: Annotated[
        int, Bounds(1, 10_000), Says("Values that are sent together, off the request's path.", "50")
    ] = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaker:
    """A circuit breaker: a service that fails is left alone for a while."""

    of: Annotated[Reference, Says("The service.", "database")]
    failures: Annotated[int, Bounds(1, 1_000), Says("Failures in a row until it opens.", "5")]
    retry: Annotated[Duration, Says("How long it stays open until it tries again.", "30s")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A figure that the application reads from its environment, and what it stands for."""

    value: Annotated[Number, Says("The figure.", "0.01")]
    says: Annotated[str, Says("What it stands for.", "Share of payments that may fail")]
    unit: Annotated[str | None, Says("What it counts.", "ms")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overhead:
    """What the monitoring may cost the application."""

    cpu: Annotated[Percent | None, Says("Share of processor time.", "2 %")] = None
    memory: Annotated[Size | None, Says("Memory.", "50MB")] = None
    request: Annotated[Duration | None, Says("Time added to a request.", "5ms")] = None
    storage: Annotated[Size | None, Says("Storage for a month of data.", "100MB")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """What the SDK does inside the application."""

    runs_on: Annotated[Runtime, Says("Where it runs.", "worker")] = Runtime.WORKER
    dialect: Annotated[
        Dialect,
        Says(
            "components: {status, components: {NAME: {status}}}; "
            "score: {status, health_score, services: {NAME: {status}}}.",
            "components",
        ),
    ] = Dialect.COMPONENTS
    of: Annotated[Reference, Says("The service that it is.", "api")]
    health: Annotated[
        tuple[UrlPath, ...], Says("Paths that tell its health.", "[/api/health/all]")
    ] = ()
    components: Annotated[
        tuple[Reference, ...],
        Says("Services whose health it tells, with its own limits.", "[database, cache]"),
    ] = ()
    endpoints: Annotated[
        Mapping[Name, UrlPath],
        Says("Other paths of the SDK, by what they give.", "metrics: /api/monitoring/metrics"),
    ] = field(default_factory=dict)
    views: Annotated[
        tuple[View, ...], Says("How its own dashboard can be asked for.", "[json, html]")
    ] = (View.JSON,)
    metrics: Annotated[Metrics, Says("What it measures.")] = Metrics()
    breakers: Annotated[
        Mapping[Name, Breaker], Says("Services that it leaves alone while they fail.")
    ] = field(default_factory=dict)
    settings: Annotated[
        Mapping[Variable, Setting],
        Says("Figures that it reads from its environment, by variable."),
    ] = field(default_factory=dict)
    metrics_key: Annotated[
        Secret | None, Says("Who reads metrics must know this.", "secret:metrics-key")
    ] = None
    admin_key: Annotated[
        Secret | None, Says("Who changes alerts must know this.", "secret:admin-key")
    ] = None
    origins: Annotated[
        tuple[Origin, ...], Says("Pages that may ask it (CORS).", '["https://example.com"]')
    ] = ()
    audit: Annotated[
        tuple[Audited, ...], Says("What is written down with who did it.", "[configuration]")
    ] = ()
    overhead: Annotated[Overhead, Says("What the monitoring may cost it.")] = Overhead()


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimit:
    """How often the same asker may ask; beyond it, 429 with Retry-After and X-RateLimit headers."""

    paths: Annotated[
        tuple[PathPattern, ...],
        Says("Paths, with * for any part.", "/api/auth/*", one_or_more=True),
    ]
    allow: Annotated[
        tuple[Rate, ...],
        Says("All of these hold at once.", "[5 per 15m, 20 per hour]", one_or_more=True),
    ]
    by: Annotated[
        tuple[Asker, ...],
        Says("Who counts as the same asker.", "[address, user]", one_or_more=True),
    ] = ()
