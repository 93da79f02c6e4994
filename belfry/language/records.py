"""What is written down: logs, errors, web vitals, threats; how long, and what never is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from belfry.arguments import Secret
from belfry.forms import FieldName
from belfry.language.workers import LogLevel
from belfry.scalars import Bounds
from belfry.shapes import Says
from belfry.values.duration import Duration
from belfry.values.header import HeaderName
from belfry.values.number import Number
from belfry.values.percent import Percent

_WEEK = Duration.of(7 * 86_400)
_MONTH = Duration.of(30 * 86_400)


class LogKind(StrEnum):
    """What a log is about."""

    APPLICATION = "application"
    SYSTEM = "system"
    MONITORING = "monitoring"
    ALERT = "alert"
    PERFORMANCE = "performance"
    ERROR = "error"
    ACCESS = "access"
    SECURITY = "security"


class LogDestination(StrEnum):
    """Where logs go."""

    CONSOLE = "console"
    LOKI = "loki"
    ELASTICSEARCH = "elasticsearch"
    R2 = "r2"


class Scrubbed(StrEnum):
    """Kinds of text that are taken out before anything is stored or sent."""

    EMAIL = "email"
    CARD_NUMBER = "card-number"
    API_KEY = "api-key"
    IP_ADDRESS = "ip-address"
    PHONE = "phone"
    TOKEN = "token"  # noqa: S105 -- a kind of text


class Standard(StrEnum):
    """Rules of others that the platform's records must satisfy."""

    GDPR = "gdpr"
    SOC_2 = "soc-2"
    PCI_DSS = "pci-dss"
    HIPAA = "hipaa"


class Threat(StrEnum):
    """Patterns in requests that mean harm."""

    SCRIPT_INJECTION = "script-injection"
    SQL_INJECTION = "sql-injection"
    PATH_TRAVERSAL = "path-traversal"
    COMMAND_INJECTION = "command-injection"
    SCANNER = "scanner"


@dataclass(frozen=True, slots=True, kw_only=True)
class Logs:
    """What is logged, how much of it, and where it goes."""

    kinds: Annotated[tuple[LogKind, ...], Says("Logs that are kept.", "[application, error]")] = (
        LogKind.APPLICATION,
        LogKind.ERROR,
    )
    to: Annotated[tuple[LogDestination, ...], Says("Where they go.", "loki", one_or_more=True)] = (
        LogDestination.CONSOLE,
    )
    sample: Annotated[
        Mapping[LogLevel, Number],
        Says("Shares that are kept, 1 for all; of other levels all.", "info: 0.1"),
    ] = field(default_factory=dict)
    stack_traces: Annotated[bool, Says("Errors carry where they came from.", "true")] = True
    trace: Annotated[
        HeaderName | None, Says("The header that ties a log to its request.", "x-request-id")
    ] = None
    user_context: Annotated[bool, Says("Logs carry whose request it was, scrubbed.", "true")] = (
        False
    )
    compress: Annotated[bool, Says("Archives are compressed.", "true")] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Privacy:
    """What is taken out of everything before it is stored or sent."""

    scrub: Annotated[
        tuple[Scrubbed, ...], Says("Kinds of text that are taken out.", "[email, card-number]")
    ] = ()
    fields: Annotated[
        tuple[FieldName, ...], Says("Fields that are taken out, by name.", "[password]")
    ] = ()
    standards: Annotated[
        tuple[Standard, ...], Says("Rules of others that records must satisfy.", "[gdpr]")
    ] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long each store keeps what it has."""

    observations: Annotated[Duration, Says("Results of checks, one by one.", "7d")] = _WEEK
    archive: Annotated[
        Duration, Says("The Worker's compressed archive in R2; whole days.", "30d")
    ] = _MONTH
    prometheus: Annotated[Duration | None, Says("Metrics in Prometheus.", "30d")] = None
    loki: Annotated[Duration | None, Says("Logs in Loki.", "14d")] = None
    traces: Annotated[Duration | None, Says("Traces.", "7d")] = None
    edge_metrics: Annotated[Duration | None, Says("Metrics that Workers collect.", "7d")] = None
    edge_logs: Annotated[Duration | None, Says("Logs that Workers take in.", "30d")] = None
    edge_state: Annotated[
        Duration | None, Says("What Workers keep in KV, which then forgets it.", "1d")
    ] = None
    metrics: Annotated[Duration | None, Says("Metrics that the application keeps.", "30d")] = None
    alerts: Annotated[Duration | None, Says("Alerts, with who took them up.", "90d")] = None
    incidents: Annotated[Duration | None, Says("Incidents and their reviews.", "365d")] = None
    audit: Annotated[Duration | None, Says("The audit log.", "730d")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Errors:
    """Error tracking by Sentry."""

    dsn: Annotated[Secret, Says("Sentry's address, which is a secret.", "secret:sentry-dsn")]
    environment: Annotated[
        str | None, Says("What Sentry calls the environment; otherwise its name.", "production")
    ] = None
    releases: Annotated[bool, Says("Errors name the release.", "true")] = True
    tags: Annotated[Mapping[FieldName, str], Says("Added to each error.", "component: api")] = (
        field(default_factory=dict)
    )
    sample: Annotated[Percent | None, Says("So many are sent; all otherwise.", "100 %")] = None
    incidents: Annotated[bool, Says("Incidents are told there too, as events.", "true")] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeVital:
    """A time in the browser: good up to one limit, poor beyond the other."""

    good: Annotated[Duration, Says("Good up to this.", "2500ms")]
    poor: Annotated[Duration, Says("Poor beyond this.", "4s")]


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberVital:
    """A number of the browser's: good up to one limit, poor beyond the other."""

    good: Annotated[Number, Says("Good up to this.", "0.1")]
    poor: Annotated[Number, Says("Poor beyond this.", "0.25")]


@dataclass(frozen=True, slots=True, kw_only=True)
class WebVitals:
    """What browsers measure of pages, and its limits."""

    cls: Annotated[NumberVital | None, Says("Cumulative layout shift.")] = None
    lcp: Annotated[TimeVital | None, Says("Largest contentful paint.")] = None
    inp: Annotated[TimeVital | None, Says("Interaction to next paint.")] = None
    fid: Annotated[TimeVital | None, Says("First input delay.")] = None
    fcp: Annotated[TimeVital | None, Says("First contentful paint.")] = None
    ttfb: Annotated[TimeVital | None, Says("Time to the first byte.")] = None
    user_context: Annotated[
        bool, Says("Events carry the kind of page and browser, scrubbed.", "true")
    ] = False
    errors: Annotated[bool, Says("Errors of the page are collected.", "true")] = False
    sample: Annotated[Percent | None, Says("So many visits are measured.", "25 %")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Security:
    """What is watched for harm."""

    threats: Annotated[
        tuple[Threat, ...], Says("Patterns in requests that are told.", "[script-injection]")
    ] = ()
    anomalies: Annotated[
        Number | None, Says("Traffic so many standard deviations from usual is told.", "2")
    ] = None
    authentication_failures: Annotated[
        int | None,
        Bounds(1, 1_000_000),
        Says("So many failed log-ins in five minutes are told.", "20"),
    ] = None
    block: Annotated[bool, Says("Such requests are refused, not only told.", "false")] = False
