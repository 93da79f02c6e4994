"""The platform file: what a platform is made of, what counts as trouble, and who is told.

Types only. `loading` reads them, `meaning` proves that they make sense, `compile` makes a stack.
"""

# ruff: noqa: TC001, TC003 -- `shapes` reads these annotations at run time

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Literal

from belfry.arguments import Pager
from belfry.channels import Channel
from belfry.forms import Domain, Name, Reference, Script, SeverityName, Url, UrlPath
from belfry.scalars import Bounds
from belfry.shapes import Says
from belfry.values.duration import Duration
from belfry.values.template import Template

MINUTE = Duration.of(60)
_DEFAULT_TIMEOUT = Duration.of(10)
_DEFAULT_SETTLE = Duration.of(5)
_DEFAULT_OBSERVATIONS = Duration.of(7 * 86_400)
_DEFAULT_ARCHIVE = Duration.of(30 * 86_400)


class LogLevel(StrEnum):
    """How much the monitoring Worker writes to its log."""

    DEBUG = "debug"
    INFO = "info"
    WARN = "warn"
    ERROR = "error"


class Kind(StrEnum):
    """What a service is. Rules say which kinds they cover."""

    CLOUDFLARE_WORKER = "cloudflare-worker"
    CLOUDFLARE_PAGES = "cloudflare-pages"
    CLOUDFLARE_CACHE = "cloudflare-cache"
    DURABLE_OBJECTS = "durable-objects"
    QUEUE = "queue"
    HTTP_API = "http-api"
    WEBSITE = "website"
    POSTGRES = "postgres"
    REDIS = "redis"

    @property
    def is_page(self) -> bool:
        """Whether such a service answers people with HTML, not programs with JSON."""
        return self in (Kind.CLOUDFLARE_PAGES, Kind.WEBSITE)


class Connection(StrEnum):
    """What a service is reached through."""

    HYPERDRIVE = "hyperdrive"


class Region(StrEnum):
    """Where Cloudflare's health checks are made from."""

    WNAM = "WNAM"
    ENAM = "ENAM"
    WEU = "WEU"
    EEU = "EEU"
    NSAM = "NSAM"
    SSAM = "SSAM"
    OC = "OC"
    ME = "ME"
    NAF = "NAF"
    SAF = "SAF"
    IN = "IN"
    SEAS = "SEAS"
    NEAS = "NEAS"
    ALL_REGIONS = "ALL_REGIONS"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckChange:
    """What differs about a check in one environment."""

    every: Annotated[Duration | None, Says("How often it is made there; whole minutes.", "5m")] = (
        None
    )
    timeout: Annotated[Duration | None, Says("How long an answer may take there.", "10s")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """One place where the platform runs, and what differs there."""

    paging: Annotated[
        Pager,
        Says("Who wakes people there; shadow: everything is judged, nobody is told.", "worker"),
    ]
    domain: Annotated[
        Domain | None, Says("Fills ${domain} in the services' addresses.", "pitchey.example")
    ] = None
    stand_ins: Annotated[
        bool,
        Says("The platform is played on this machine, so that its services can be broken.", "true"),
    ] = False
    log_level: Annotated[LogLevel, Says("What the monitoring Worker logs.", "info")] = LogLevel.INFO
    prometheus: Annotated[
        Url, Says("Where Grafana finds Prometheus.", "https://prometheus.pitchey.example")
    ] = "http://127.0.0.1:9090"
    grafana: Annotated[
        Url | None,
        Says("Grafana's address, for links in messages.", "https://grafana.pitchey.example"),
    ] = None
    checks: Annotated[
        Mapping[Reference, CheckChange],
        Says("Checks that differ there.", "api-health: {every: 5m}"),
    ] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Severity:
    """How bad something is: how soon it is answered and resolved, and who is told."""

    rank: Annotated[int, Bounds(0, 99), Says("0 is the worst; no two are the same.", "0")]
    answer: Annotated[Duration, Says("Time until somebody has taken it up.", "15m")]
    resolve: Annotated[Duration, Says("Time until it is over.", "1h")]
    channels: Annotated[
        tuple[Reference, ...],
        Says("Channels that are told; empty only where nobody is paged.", "[mail]"),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A part of the platform that can fail on its own."""

    is_: Annotated[Kind, Says("What it is.", "cloudflare-worker")]
    title: Annotated[
        str | None, Says("What people call it in messages; otherwise its name.", "The API")
    ] = None
    url: Annotated[
        Template | None,
        Says(
            "Its address, if it answers HTTP; ${domain} is the environment's.",
            "https://api.${domain}",
        ),
    ] = None
    needs: Annotated[
        tuple[Reference, ...],
        Says(
            "Services without which it fails; their failure is the cause of its own.", "[database]"
        ),
    ] = ()
    through: Annotated[Connection | None, Says("What it is reached through.", "hyperdrive")] = None
    script: Annotated[Script | None, Says("Its Worker's name at Cloudflare.", "pitchey-api")] = None
    project: Annotated[Script | None, Says("Its Pages project at Cloudflare.", "pitchey")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expect:
    """What a good answer looks like."""

    status: Annotated[
        tuple[Annotated[int, Bounds(100, 599)], ...],
        Says("Status codes that are good.", "200", one_or_more=True),
    ] = (200,)
    body: Annotated[
        str | None, Says("A part of the body that must be there.", '"status":"healthy"')
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpCheck:
    """A request, and the answer that is expected."""

    path: Annotated[UrlPath, Says("Path below the service's address.", "/api/health")]
    method: Annotated[
        Literal["GET", "HEAD"], Says("GET, or HEAD when no body is needed.", "GET")
    ] = "GET"
    expect: Annotated[Expect, Says("What a good answer looks like.")] = Expect()


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """The question, asked again and again, whether a service works."""

    of: Annotated[Reference, Says("The service that it is about.", "api")]
    http: Annotated[HttpCheck, Says("The request.")]
    through: Annotated[
        Reference | None,
        Says("The service that is asked instead, when this one cannot be reached itself.", "api"),
    ] = None
    every: Annotated[Duration, Says("How often it is made; whole minutes.", "60s")] = MINUTE
    timeout: Annotated[Duration, Says("How long an answer may take.", "10s")] = _DEFAULT_TIMEOUT
    confirmations: Annotated[
        int, Bounds(0, 5), Says("How often a failure is repeated at once before it counts.", "1")
    ] = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """What one rule set changes about a rule: its severity, its `for`, its parameters."""

    severity: Annotated[
        Reference | None, Says("Instead of the severity of the rule's rank.", "P1")
    ] = None
    for_: Annotated[
        Duration | None, Says("How long it must be true before it counts; whole minutes.", "5m")
    ] = None
    parameters: Annotated[
        Mapping[str, str], Says("Values of the rule's own parameters.", "above: 2s", rest=True)
    ] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """Rules that are used together. Sets never merge: each has its own version of its rules."""

    use: Annotated[
        tuple[Reference, ...],
        Says("Rules, or files of alert_rules/.", "[availability, HighResponseTime]"),
    ]
    set: Annotated[
        Mapping[Reference, Override],
        Says("What this set changes about its rules.", "HighResponseTime: {above: 3s}"),
    ] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long the monitoring keeps what it saw."""

    observations: Annotated[Duration, Says("Results of checks, one by one.", "7d")] = (
        _DEFAULT_OBSERVATIONS
    )
    archive: Annotated[Duration, Says("The compressed archive; whole days.", "30d")] = (
        _DEFAULT_ARCHIVE
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitoring:
    """How the monitoring itself runs."""

    script: Annotated[
        Script | None,
        Says(
            "Its Worker's name, before the environment's; otherwise <platform>-monitoring.",
            "pitchey-monitoring",
        ),
    ] = None
    regions: Annotated[
        tuple[Region, ...], Says("Where Cloudflare's health checks are made from.", "[WEU, ENAM]")
    ] = (Region.WNAM, Region.WEU, Region.SEAS)
    recover_after: Annotated[
        int, Bounds(1, 60), Says("Ticks in a row without trouble until an incident is over.", "2")
    ] = 2
    settle: Annotated[
        Duration, Says("How long a tick waits for its checks before it judges.", "5s")
    ] = _DEFAULT_SETTLE
    retention: Annotated[Retention, Says("How long results are kept.")] = Retention()
    runbooks: Annotated[
        Url | None,
        Says(
            "Where the pages of runbooks/ are published, for links in messages.",
            "https://docs.example.com/runbooks",
        ),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """What is monitored, what counts as trouble, and who is told. Belfry makes the rest of it."""

    platform: Annotated[
        Name, Says("Its name, which begins the names of everything provisioned.", "pitchey")
    ]
    title: Annotated[str | None, Says("What people call it; otherwise its name.", "Pitchey")] = None
    team: Annotated[Name, Says("Who answers for it; a label of every alert.", "operations")] = (
        "operations"
    )
    environments: Annotated[Mapping[Name, Environment], Says("Where it runs.")]
    severities: Annotated[Mapping[SeverityName, Severity], Says("How bad things can be.")]
    channels: Annotated[Mapping[Name, Channel], Says("Who can be told.")]
    services: Annotated[Mapping[Name, Service], Says("What it is made of.")]
    checks: Annotated[Mapping[Name, Check], Says("What is asked of it, again and again.")]
    rules: Annotated[Mapping[Name, RuleSet], Says("What counts as trouble, in named sets.")]
    monitoring: Annotated[Monitoring, Says("How the monitoring itself runs.")] = Monitoring()

    def title_of(self, service: str) -> str:
        """Give the words for a service in messages."""
        return self.services[service].title or service
