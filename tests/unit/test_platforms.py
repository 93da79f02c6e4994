"""The platforms of the repository: they load, they compile, and together they say all there is."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple, get_args

import pytest

from belfry.application import Unmade, application
from belfry.base_units import counted_in
from belfry.catalogue import load_catalogue
from belfry.conditions import (
    Absent,
    Beyond,
    Changed,
    Deviates,
    Ends,
    Fails,
    Fills,
    Overdue,
    Plain,
    Ratio,
)
from belfry.language.application import Dialect
from belfry.language.channels import Channel
from belfry.language.checks import ASKED
from belfry.language.operations import Does
from belfry.language.server import Part, Where
from belfry.language.services import Kind
from belfry.language.workers import Role
from belfry.loading import load_platform, platforms_in
from belfry.promises import rule_sets
from belfry.rules import When
from belfry.sayings import measure_of
from belfry.schedule import schedule
from tests.unit.shop import ROOT, Compiles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from belfry.application import Applied
    from belfry.conditions import Condition
    from belfry.language.platform import Platform
    from belfry.rules import ServiceRule

LARGE = ("pitchey", "boulder-fest", "marketplace")
NAMES = (*LARGE, "example")
ENVIRONMENTS = [
    (name, environment)
    for name in NAMES
    for environment in load_platform(ROOT / "platforms" / f"{name}.yaml").environments
]


def platform(name: str, environment: str | None = None) -> Platform:
    return load_platform(ROOT / "platforms" / f"{name}.yaml", environment=environment)


def test_these_are_all() -> None:
    assert {path.stem for path in platforms_in(ROOT)} == set(NAMES)


@pytest.mark.parametrize(("name", "environment"), ENVIRONMENTS)
def test_every_environment_of_every_platform_compiles(
    name: str, environment: str, compiled: Compiles
) -> None:
    stack = compiled(platform(name, environment), environment)
    assert (stack.platform, stack.environment) == (name, environment)
    assert stack.worker.configuration


@pytest.mark.parametrize("name", NAMES)
def test_every_platform_can_be_played_on_this_machine(name: str, compiled: Compiles) -> None:
    local = platform(name, "local")
    assert {one.service for one in compiled(local, "local").stand_ins} == set(local.services)


def conditions(platform: Platform) -> Iterable[str]:
    """Give the conditions of the catalogue's rules that a platform uses."""
    catalogue = load_catalogue()
    for chosen in rule_sets(platform).values():
        for rule in catalogue.used_by(chosen.use):
            yield from (when.KEY for when in catalogue.rules[rule].when)


USED: dict[str, tuple[Iterable[str], Callable[[Platform], Iterable[str]]]] = {
    "kinds of services": (Kind, lambda one: (service.is_ for service in one.services.values())),
    "kinds of checks": (
        ASKED,
        lambda one: (
            key for check in one.checks.values() for key in ASKED if getattr(check, key) is not None
        ),
    ),
    "kinds of channels": (
        [kind.KEY for kind in get_args(Channel)],
        lambda one: (channel.KEY for channel in one.channels.values()),
    ),
    "conditions of rules": ([kind.KEY for kind in get_args(When)], conditions),
    "roles of Workers": (Role, lambda one: (worker.role for worker in one.workers.values())),
    "remedies": (Does, lambda one: (remedy.does for remedy in one.recovery.remedies.values())),
    "parts of the server stack": (Part, lambda one: one.server.parts if one.server else ()),
    "dialects": (Dialect, lambda one: [one.application.dialect] if one.application else ()),
}
"""Words of the language, and where a platform uses them."""


@pytest.mark.parametrize("words", USED)
def test_every_word_of_the_language_is_used_by_one_of_the_platforms(words: str) -> None:
    known, used = USED[words]
    said = {str(word) for name in LARGE for word in used(platform(name))}
    assert sorted({str(word) for word in known} - said) == []


def test_the_server_stack_stands_on_docker_and_on_kubernetes_with_the_same_rules() -> None:
    docker, cluster = platform("marketplace", "prod"), platform("marketplace", "cluster")
    assert docker.server
    assert cluster.server
    assert {docker.server.on, cluster.server.on} == set(Where)
    assert docker.rules == cluster.rules
    assert docker.dashboards == cluster.dashboards
    assert docker.routing == cluster.routing


@pytest.mark.parametrize("name", LARGE)
def test_every_address_of_a_shipped_platform_is_made_up(name: str) -> None:
    text = (ROOT / "platforms" / f"{name}.yaml").read_text(encoding="utf-8")
    hosts = re.findall(r"https?://((?:[a-z0-9.-]|\$\{domain\})+)", text)
    assert hosts
    assert [host for host in hosts if not host.endswith((".example", "${domain}"))] == []


class Asked(NamedTuple):
    """An alert that one of the five systems asks for, and the rule that answers it."""

    system: int
    alert: str
    platform: str
    set: str
    rule: str
    severity: str
    limit: float | None
    """In base units; None: it is there or not."""
    hold: int = 0
    """Seconds."""
    quantile: float | None = None
    over: int | None = None
    """Seconds; None: the requirement says none."""


HOUR = 3600
DAY = 24 * HOUR
ALERTS = (
    Asked(1, "API answers 5xx", "pitchey", "server", "WorkerDown", "P0", None),
    Asked(1, "FrontendDown", "pitchey", "server", "FrontendDown", "P0", None),
    Asked(1, "DatabaseConnectionError", "pitchey", "server", "DatabaseConnectionError", "P0", None),
    Asked(1, "SSLCertificateExpired", "pitchey", "server", "SSLCertificateExpired", "P0", DAY),
    Asked(1, "HighResponseTime > 2 s", "pitchey", "server", "HighResponseTime", "P1", 2, 300),
    Asked(1, "LowCacheHitRate < 70 %", "pitchey", "server", "LowCacheHitRate", "P1", 0.7, 300),
    Asked(1, "HighMemoryUsage > 80 %", "pitchey", "server", "HighMemoryUsage", "P1", 0.8, 300),
    Asked(1, "CPUTimeoutRisk > 25 s", "pitchey", "server", "CPUTimeoutRisk", "P1", 25, 300),
    Asked(1, "LowAPIUsage", "pitchey", "server", "LowAPIUsage", "P3", 0.5, 1800),
    Asked(1, "UnusualTraffic", "pitchey", "server", "UnusualTrafficPattern", "P3", 1, 900),
    Asked(1, "trend of the disk", "pitchey", "server", "DiskFillsUp", "P2", DAY, 1800),
    Asked(1, "trend of traffic", "pitchey", "server", "TrafficOutgrowsPlan", "P3", 1, HOUR),
    Asked(2, "errors > 5 %, 2 min", "pitchey", "application", "HighErrorRate", "P0", 0.05, 120),
    Asked(2, "database down", "pitchey", "application", "DatabaseConnectionError", "P0", None, 60),
    Asked(2, "Worker silent 3 min", "pitchey", "application", "WorkerSilent", "P0", 180),
    Asked(2, "synthetic test", "pitchey", "application", "SyntheticTestFailing", "P0", 3),
    Asked(2, "errors > 2 %", "pitchey", "application", "ElevatedErrorRate", "P2", 0.02, 300),
    Asked(2, "p95 > 3 s, 5 min", "pitchey", "application", "SlowResponses", "P2", 3, 300, 0.95),
    Asked(2, "memory > 85 %, 5 min", "pitchey", "application", "MemoryFillsUp", "P2", 0.85, 300),
    Asked(2, "cache < 70 %, 10 min", "pitchey", "application", "LowCacheHitRate", "P2", 0.7, 600),
    Asked(3, "errors > 5 %", "pitchey", "edge", "ElevatedErrorRate", "P2", 0.05, over=300),
    Asked(3, "errors > 10 %", "pitchey", "edge", "HighErrorRate", "P0", 0.1, over=300),
    Asked(3, "p95 > 2000 ms", "pitchey", "edge", "SlowResponses", "P2", 2, 0, 0.95, 300),
    Asked(3, "anomalies of threats", "pitchey", "edge", "ThreatsRise", "P2", 3, 600),
    Asked(3, "the monitoring is silent", "pitchey", "server", "MonitoringSilent", "P0", 180),
    Asked(4, "payments > 1 %", "boulder-fest", "tickets", "PaymentsFail", "critical", 0.01),
    Asked(
        4, "errors > 5 % over 5 min", "boulder-fest", "tickets", "HighErrorRate", "high", 0.05,
        over=300,
    ),
    Asked(4, "p95 > 2 s", "boulder-fest", "tickets", "SlowResponses", "medium", 2, 180, 0.95),
    Asked(
        4, "database unreachable", "boulder-fest", "tickets", "DatabaseConnectionError",
        "critical", None,
    ),
    Asked(4, "memory > 80 %", "boulder-fest", "tickets", "HighMemoryUsage", "medium", 0.8, 600),
    Asked(4, "errors < 3 a minute", "boulder-fest", "tickets", "ManyErrors", "low", 3, 600),
    Asked(4, "database 1000 ms", "boulder-fest", "tickets", "SlowQueries", "medium", 1, 120),
    Asked(5, "CPU", "marketplace", "infrastructure", "HighCPU", "high", 0.9, 600),
    Asked(5, "memory", "marketplace", "infrastructure", "HighMemory", "high", 0.9, 600),
    Asked(5, "disk", "marketplace", "infrastructure", "HighDisk", "high", 0.85, 600),
    Asked(5, "disk ahead", "marketplace", "infrastructure", "DiskFillsUp", "high", 4 * HOUR, 600),
    Asked(5, "network", "marketplace", "infrastructure", "NetworkTrouble", "high", 100, 300),
    Asked(5, "node down", "marketplace", "infrastructure", "NodeDown", "critical", 1, 120),
    Asked(5, "backup", "marketplace", "infrastructure", "BackupTooOld", "high", 26 * HOUR),
    Asked(5, "cache, queue", "marketplace", "infrastructure", "StoreUnreachable", "critical", 2),
    Asked(5, "availability", "marketplace", "services", "WorkerDown", "critical", None),
    Asked(5, "website", "marketplace", "services", "FrontendDown", "critical", None),
    Asked(5, "service down", "marketplace", "services", "ServiceDown", "critical", 1, 120),
    Asked(5, "errors", "marketplace", "services", "HighErrorRate", "high", 0.05, 120),
    Asked(5, "circuit breaker", "marketplace", "services", "CircuitBreakerOpen", "high", 0, 60),
    Asked(5, "flows", "marketplace", "services", "SyntheticTestFailing", "critical", 3),
    Asked(5, "DNS", "marketplace", "services", "NameNotFound", "critical", 2),
    Asked(5, "CDN", "marketplace", "services", "PicturesMissing", "high", 2),
    Asked(5, "third parties", "marketplace", "services", "PartnerUnreachable", "high", 3),
    Asked(5, "latency", "marketplace", "performance", "HighResponseTime", "high", 1, 300),
    Asked(5, "shops p95 1 s", "marketplace", "performance", "SlowResponses", "high", 1, 300, 0.95),
    Asked(5, "gateway p95", "marketplace", "performance", "SlowGateway", "high", 0.5, 300, 0.95),
    Asked(5, "auth p95", "marketplace", "performance", "SlowAccounts", "high", 0.2, 300, 0.95),
    Asked(5, "payment p95", "marketplace", "performance", "SlowPayments", "high", 2, 300, 0.95),
    Asked(5, "revenue", "marketplace", "business", "RevenueDrop", "medium", 0.3, 900),
    Asked(5, "conversion", "marketplace", "business", "ConversionDrop", "medium", 0.2, 900),
    Asked(5, "fraud", "marketplace", "business", "FraudDoubles", "high", 1, over=600),
    Asked(5, "payment failures", "marketplace", "business", "PaymentsFail", "critical", 0.02, 120),
    Asked(5, "carts", "marketplace", "business", "CartAbandonment", "low", 2, HOUR),
    Asked(5, "log-ins that fail", "marketplace", "security", "FailedLogIns", "high", 100, over=300),
    Asked(5, "fraud pattern", "marketplace", "security", "FraudPattern", "high", 3, 300),
    Asked(5, "TLS", "marketplace", "security", "CertificateEnds", "high", 14 * DAY),
)  # fmt: skip
"""Every alert that the five systems ask for (docs/requirements.md). Where they give no figure, it
is the platform's own."""


@cache
def applied(name: str) -> Applied:
    prod = platform(name, "prod")
    return application(prod, load_catalogue(), schedule(prod))


def limit_of(condition: Condition) -> float | None:
    """In the base unit, whatever the metric counts in."""
    match condition:
        case Beyond(measured=measured, limit=limit):
            return limit / counted_in(measure_of(measured), 1)
        case Plain(limit=limit):
            return limit
        case Changed(share=share):
            return share
        case Deviates(factor=factor):
            return factor
        case Absent(after=after) | Overdue(after=after):
            return after
        case Ends(within=within) | Fills(within=within):
            return within
        case Fails(times=times):
            return times
        case _:
            return None


def figures(rule: ServiceRule | Unmade) -> tuple[str, float | None, int]:
    if isinstance(rule, Unmade):
        limit = rule.parameters[0][1] if rule.parameters else None
        return rule.severity, limit, rule.hold
    return rule.severity, limit_of(rule.condition), rule.hold


@pytest.mark.parametrize("asked", ALERTS, ids=lambda one: f"{one.system}: {one.alert}")
def test_every_alert_that_a_system_asks_for_is_a_rule_with_its_figures(asked: Asked) -> None:
    all_of_it = applied(asked.platform)
    made = [one for one in all_of_it.rules[asked.set] if one.rule == asked.rule]
    unmade = [one for one in all_of_it.unmade if (one.set, one.rule) == (asked.set, asked.rule)]
    assert made or unmade
    found: list[ServiceRule | Unmade] = [*made, *unmade]
    for rule in found:
        assert figures(rule) == (asked.severity, asked.limit, asked.hold)
    for rule in made:
        measured = getattr(rule.condition, "measured", None)
        if asked.quantile is not None:
            assert not isinstance(measured, Ratio)
            assert measured is not None
            assert (measured.quantile or measured.reading.quantile) == asked.quantile
        if asked.over is not None:
            assert measured is not None
            assert measured.over == asked.over


def test_the_sets_of_one_product_never_merge() -> None:
    of = {
        name: {one.rule: figures(one) for one in rules}
        for name, rules in applied("pitchey").rules.items()
    }
    assert of["application"]["HighErrorRate"] == ("P0", 0.05, 120)
    assert of["edge"]["ElevatedErrorRate"] == ("P2", 0.05, 0)
    assert of["edge"]["HighErrorRate"] == ("P0", 0.1, 0)
    assert of["server"]["LowCacheHitRate"] != of["application"]["LowCacheHitRate"]


@pytest.mark.parametrize("name", LARGE)
def test_every_rule_of_a_shipped_platform_has_a_runbook(name: str) -> None:
    everything = applied(name)
    runbooks = [one.runbook for rules in everything.rules.values() for one in rules]
    runbooks += [one.runbook for one in everything.unmade]
    pages = {one.rsplit("/", 1)[-1] for one in runbooks}
    assert sorted(page for page in pages if not (ROOT / "runbooks" / page).is_file()) == []


def test_the_watchdog_takes_the_mildest_severity_and_stands_where_a_server_does() -> None:
    for name in ("pitchey", "marketplace"):
        mildest = max(one.rank for one in platform(name).severities.values())
        found = [
            one for rules in applied(name).rules.values() for one in rules if one.rule == "Watchdog"
        ]
        assert [one.rank for one in found] == [mildest]
