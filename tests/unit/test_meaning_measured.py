"""Whether what measures can: units and kinds, who can be asked, and whom Grafana reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from belfry.problems import Problem, Problems

if TYPE_CHECKING:
    from tests.unit.shop import ReadsShop

NAMES = "[WorkerDown, DatabaseConnectionError, HighResponseTime]"
SERVER = (
    "server:\n  on: docker\n  host: machine\n  parts: {prometheus: {port: 9090}}\n"
    "  grafana: {password: secret:grafana}\n"
)


def told(shop: ReadsShop, *edits: tuple[str, str], environment: str | None = None) -> list[Problem]:
    with pytest.raises(Problems) as raised:
        shop(*edits, environment=environment)
    return list(raised.value.problems)


def measured(signals: str, *uses: str) -> tuple[tuple[str, str], ...]:
    """Edits that add signals, and rules that need them."""
    use = f"[{', '.join(('WorkerDown', 'DatabaseConnectionError', 'HighResponseTime', *uses))}]"
    return ((f"  all: {{use: {NAMES}}}\n", f"  all: {{use: {use}}}\nsignals:\n  {signals}\n"),)


@pytest.mark.parametrize(
    ("signal", "rule", "key", "wrong", "right"),
    [
        (
            "memory: {says: Memory, from: sdk, of: api, in: bytes}",
            "HighMemoryUsage",
            "in",
            "memory is in bytes, and the catalogue's memory in share",
            "as the metric is counted; or give the signal another name",
        ),
        (
            "hits: {says: Hits, from: sdk, of: api, in: seconds, means: error-rate}",
            "HighErrorRate",
            "in",
            "hits is in seconds, and the catalogue's error-rate in share",
            "or take means: away",
        ),
        (
            "memory: {says: Memory, from: sdk, of: api}",
            "HighMemoryUsage",
            "in",
            "memory is in count, and",
            "write in: share or in: percent",
        ),
        (
            "last: {says: Last, from: sdk, of: api, in: milliseconds, means: last-run}",
            "WorkerDown",
            "in",
            "last is in milliseconds, and the catalogue's last-run in seconds",
            "write in: seconds, as",
        ),
        (
            "lock-waits: {says: Waits, from: sdk, of: database}",
            "LockContention",
            "is",
            "lock-waits is a gauge, and the catalogue's lock-waits a counter",
            "write is: counter; or give the signal another name",
        ),
        (
            "response-time: {says: Time, from: sdk, of: api, in: milliseconds}",
            "SlowResponses",
            "is",
            "response-time is a gauge, and the catalogue's response-time a histogram",
            "write is: histogram, or quantile: and which, such as 95 %, where it is that one alone",
        ),
        (
            "connections: {says: Used, from: sdk, of: database, is: counter}",
            "ConnectionsUsedUp",
            "is",
            "connections is a counter, and the catalogue's connections a gauge",
            "write is: gauge",
        ),
    ],
)
def test_a_signal_that_is_not_what_rules_take_it_for_is_refused(
    shop: ReadsShop, *, signal: str, rule: str, key: str, wrong: str, right: str
) -> None:
    problems = told(shop, *measured(signal, *([rule] if rule != "WorkerDown" else [])))
    name = signal.partition(":")[0]
    (one,) = [problem for problem in problems if problem.path == ("signals", name, key)]
    assert wrong in one.wrong
    assert right in one.right
    assert not [problem for problem in problems if "nothing measures" in problem.wrong]


@pytest.mark.parametrize(
    ("signal", "rule"),
    [
        ("memory: {says: Memory, from: sdk, of: api, in: percent}", "HighMemoryUsage"),
        (
            "p95: {says: T, from: sdk, in: milliseconds, quantile: 95 %, means: response-time}",
            "SlowResponses",
        ),
        (
            "response-time: {says: Time, from: sdk, of: api, in: seconds, is: summary}",
            "SlowResponses",
        ),
        ("breakers-open: {says: Open, from: sdk, of: api, in: number}", "CircuitBreakerOpen"),
    ],
)
def test_a_signal_may_be_counted_in_a_smaller_unit(shop: ReadsShop, signal: str, rule: str) -> None:
    edits = (("answer: 15m", "answer: 1h"), *measured(signal, rule))
    assert shop(*edits).signals


def test_only_a_gauge_is_one_quantile(shop: ReadsShop) -> None:
    signal = "fast: {says: Time, from: sdk, of: api, is: histogram, in: seconds, quantile: 95 %}"
    (one,) = told(shop, *measured(signal))
    assert one.path == ("signals", "fast", "quantile")
    assert one.right == "write is: gauge, or remove quantile"


def test_what_the_sdk_measures_must_be_served_by_somebody(shop: ReadsShop) -> None:
    edits = (
        *measured("lock-waits: {says: Waits, from: sdk, of: database, is: counter}"),
        ("  database: {is: postgres}\n", "  database: {is: postgres}\n  machine: {is: host}\n"),
        ("rules:\n", f"{SERVER}rules:\n"),
    )
    (one,) = told(shop, *edits)
    assert one.path == ("signals", "lock-waits", "of", 0)
    assert "nobody can be asked for what the SDK measures of database" in one.wrong
    application = ("rules:\n", "application: {of: api, runs-on: node}\nrules:\n")
    assert shop(*edits, application).application


def test_prometheus_can_read_what_the_sdk_serves(shop: ReadsShop) -> None:
    application = "application: {of: api, runs-on: node, metrics: {formats: [json]}}\n"
    edits = (
        *measured("lock-waits: {says: Waits, from: sdk, of: database, is: counter}"),
        ("  database: {is: postgres}\n", "  database: {is: postgres}\n  machine: {is: host}\n"),
        ("rules:\n", f"{application}{SERVER}rules:\n"),
    )
    (one,) = told(shop, *edits)
    assert one.path == ("application", "metrics", "formats")
    assert one.right == "add prometheus to the formats"


ELSEWHERE = ("domain: shop.example}", "domain: shop.example, grafana: https://g.example}")


def test_a_grafana_elsewhere_does_not_reach_prometheus_on_its_own_machine(shop: ReadsShop) -> None:
    memory = measured("memory: {says: Memory, from: sdk, of: api, in: share}", "HighMemoryUsage")
    longer = ("answer: 15m", "answer: 1h")
    (one,) = told(shop, ELSEWHERE, longer, *memory)
    assert one.path == ("environments", "prod")
    assert "g.example cannot reach Prometheus at 127.0.0.1" in one.wrong
    assert "HighMemoryUsage asks it" in one.wrong
    assert one.right.startswith("write prometheus: and an address that g.example reaches")
    named = ("g.example}", "g.example, prometheus: https://p.example}")
    assert shop(ELSEWHERE, named, longer, *memory)
    local = ("g.example}", "g.example, prometheus: http://localhost:9090}")
    (one,) = told(shop, ELSEWHERE, local, longer, *memory)
    assert one.path == ("environments", "prod", "prometheus")


def test_what_the_worker_judges_itself_needs_no_prometheus(shop: ReadsShop) -> None:
    assert shop(ELSEWHERE)
    (one,) = told(shop, ELSEWHERE, ("prod: {paging: worker", "prod: {paging: grafana"))
    assert "3 rules ask it" in one.wrong


def test_a_grafana_on_this_machine_reaches_prometheus_beside_it(shop: ReadsShop) -> None:
    memory = measured("memory: {says: Memory, from: sdk, of: api, in: share}", "HighMemoryUsage")
    longer = ("answer: 15m", "answer: 1h")
    assert shop(longer, *memory)
    assert shop(("domain: shop.example}", "domain: shop.example, grafana: http://localhost:3000}"))
    cloud = ("platform: shop\n", "platform: shop\nplans: {grafana: cloud-free}\n")
    (one,) = told(shop, longer, cloud, *memory)
    assert "Grafana Cloud cannot reach" in one.wrong


def test_a_name_that_leaves_grafana_no_uid_is_told_of_every_environment(shop: ReadsShop) -> None:
    problems = told(shop, ("platform: shop", "platform: a-shop-with-a-rather-long-name"))
    assert [one.path for one in problems] == [("environments", "local"), ("environments", "prod")]
    assert "a-shop-with-a-rather-long-name-local-prometheus" in problems[0].wrong
    assert "has 47 letters, and a uid of Grafana's at most 40" in problems[0].wrong
    assert shop(("platform: shop", "platform: a-shop-with-a-long-name"))
