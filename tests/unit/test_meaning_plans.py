"""What plans allow, and what environments share; whole texts of mistakes are in tests/golden."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from belfry.compile import Target, compile_stack
from belfry.language.plans import CloudflarePlan
from belfry.loading import load_platform
from tests.unit.judged import told
from tests.unit.shop import FAILS, SHOP

if TYPE_CHECKING:
    from pathlib import Path

    from belfry.catalogue import Catalogue


def with_checks(count: int, plans: str) -> str:
    """The shop with so many health checks at Cloudflare, one of which it has already."""
    more = "".join(f"  more-{i}: {{of: api, http: {{path: /{i}}}}}\n" for i in range(1, count))
    return f"plans: {{{plans}}}\n" + SHOP.replace("rules:\n", f"{more}rules:\n")


@pytest.mark.parametrize(
    ("plans", "most", "at"),
    [
        ("cloudflare: pro", 10, "plans.cloudflare"),
        ("cloudflare: business", 50, "plans.cloudflare"),
        ("cloudflare: free, health-checks: 3", 3, "plans.health-checks"),
        ("cloudflare: enterprise, health-checks: 2000", 1200, None),
        ("workers: paid", 10, "checks"),
    ],
)
def test_a_zone_has_so_many_health_checks_and_no_more(
    tmp_path: Path, catalogue: Catalogue, plans: str, most: int, at: str | None
) -> None:
    assert told(tmp_path, with_checks(most, plans), catalogue) == []
    if at is not None:
        assert told(tmp_path, with_checks(most + 1, plans), catalogue) == [at]


@pytest.mark.parametrize(
    "check",
    [
        "database, through: api, http: {path: /x}",
        "api, tcp: {to: 'api.shop.example:443'}",
        "api, heartbeat: {every: 1h}",
        "api, http: {path: /x, method: POST}",
    ],
)
def test_only_what_cloudflare_asks_itself_counts_as_a_health_check(
    tmp_path: Path, catalogue: Catalogue, check: str
) -> None:
    text = with_checks(1, "health-checks: 1").replace("rules:\n", f"  x: {{of: {check}}}\nrules:\n")
    text = text.replace("HighResponseTime]}", f"HighResponseTime], {FAILS}}}")
    assert told(tmp_path, text, catalogue) == []


def test_on_this_machine_there_are_no_limits(tmp_path: Path, catalogue: Catalogue) -> None:
    text = with_checks(20, "cloudflare: free, workers: free, crons: 0")
    text = text.replace("  prod: {paging: worker, domain: shop.example}\n", "")
    assert told(tmp_path, text, catalogue) == []


def test_a_free_zone_may_be_watched_by_the_worker_alone(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    for plans in ("cloudflare: free", "cloudflare: free, health-checks: 0", "health-checks: 0"):
        text = with_checks(30, f"{plans}, health-check-interval: 5m")
        assert told(tmp_path, text, catalogue) == []
        stack = compile_stack(
            load_platform(tmp_path / "shop.yaml", catalogue=catalogue),
            environment="prod",
            catalogue=catalogue,
            worker_code="",
            dashboards=(),
            target=Target(workers_subdomain="shop"),
        )
        assert stack.health_checks == ()
        assert stack.notifications.policies == ()
        assert '"more-29"' in stack.worker.configuration


@pytest.mark.parametrize(("crons", "expected"), [(3, []), (4, ["plans.workers"])])
def test_the_cron_triggers_of_all_workers_count_with_the_two_of_the_monitoring_worker(
    tmp_path: Path, catalogue: Catalogue, crons: int, expected: list[str]
) -> None:
    times = ", ".join(f'"{minute} * * * *"' for minute in range(crons))
    workers = f"workers: {{logs: {{role: logs, script: shop-logs, crons: [{times}]}}}}\n"
    text = f"plans: {{workers: free}}\n{SHOP}{workers}"
    assert told(tmp_path, text, catalogue) == expected


@pytest.mark.parametrize("plan", CloudflarePlan)
def test_all_regions_are_for_large_plans(
    tmp_path: Path, catalogue: Catalogue, plan: CloudflarePlan
) -> None:
    text = f"plans: {{cloudflare: {plan}, health-checks: 10}}\n{SHOP}"
    small = plan in (CloudflarePlan.FREE, CloudflarePlan.PRO)
    found = told(tmp_path, f"{text}monitoring: {{regions: [ALL_REGIONS]}}\n", catalogue)
    assert found == (["monitoring.regions[0]"] if small else [])
    assert told(tmp_path, f"{text}monitoring: {{regions: [WEU, WNAM]}}\n", catalogue) == []


def test_a_limit_counts_in_each_environment_for_itself(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    more = "{paging: shadow, domain: t.shop.example, checks: {x: {of: api, http: {path: /x}}}}"
    text = with_checks(10, "cloudflare: pro").replace("severities:", f"  test: {more}\nseverities:")
    assert told(tmp_path, text, catalogue) == ["plans.cloudflare"]


def test_an_environment_that_only_watches_may_share_a_domain(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    shadow = "  new: {paging: shadow, domain: shop.example, checks: {api-health: {every: 2m}}}\n"
    text = SHOP.replace("severities:", f"{shadow}severities:")
    assert told(tmp_path, text, catalogue) == []
    both = text.replace("paging: shadow", "paging: worker")
    assert told(tmp_path, both, catalogue) == ["environments.new.domain"]


@pytest.mark.parametrize(("services", "expected"), [(249, []), (250, ["plans.grafana"])])
def test_grafana_cloud_has_five_hundred_rules_for_free(
    tmp_path: Path, catalogue: Catalogue, services: int, expected: list[str]
) -> None:
    text = with_checks(0, "grafana: cloud-free, cloudflare: enterprise")
    names = [f"s{i}" for i in range(services - 1)]
    made = "".join(f'  {one}: {{is: http-api, url: "https://{one}.x.example"}}\n' for one in names)
    asked = "".join(f"  {one}: {{of: {one}, http: {{path: /}}}}\n" for one in names)
    text = text.replace("checks:\n  api", f"{made}checks:\n{asked}  api")
    text = text.replace(
        "[WorkerDown, DatabaseConnectionError, HighResponseTime]",
        f"[WorkerDown, HighResponseTime], {FAILS}",
    )
    assert told(tmp_path, text, catalogue) == expected
