"""Rules as they are rendered for a whole platform, on metrics as its sources count them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from belfry.application import apply_rules
from belfry.catalogue import load_catalogue
from belfry.loading import load_platform
from belfry.prometheus import prometheus_files
from belfry.schedule import schedule
from belfry.yaml_text import written
from engine.promtool import run
from tests.unit.shop import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CATALOGUE = load_catalogue()
MEMORY = 'system_memory_usage{service="tickets"}'
RESPONSE = 'api_response_time_p95{service="tickets"}'
QUEUE = 'rabbitmq_detailed_queue_messages_ready{service="broker",vhost="/",queue="orders"}'
BROKER = 'rabbitmq_queue_messages_ready{service="broker"}'
HITS = 'cloudflare_zone_cache_hit_ratio{service="cache"}'


def seen(
    promtool: Path, folder: Path, platform: str, series: Mapping[str, str], *, alerts: str
) -> str:
    """Give what promtool says of the claim that there are no such alerts after an hour."""
    loaded = load_platform(ROOT / "platforms" / f"{platform}.yaml", environment="prod")
    files = prometheus_files(
        loaded, "prod", apply_rules(loaded, CATALOGUE, schedule(loaded)), dashboard=None
    )
    rules = [name for name in files if name != "prometheus.yml"]
    for name in rules:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(files[name], encoding="utf-8")
    test = {
        "interval": "1m",
        "input_series": [{"series": name, "values": values} for name, values in series.items()],
        "promql_expr_test": [
            {"expr": f"count({alerts})", "eval_time": "1h", "exp_samples": []},
        ],
    }
    asked = {"rule_files": rules, "evaluation_interval": "1m", "tests": [test]}
    (folder / "test.yml").write_text(written(asked), encoding="utf-8")
    ended = run(promtool, folder, "test", "rules", "test.yml")
    return "" if ended.returncode == 0 else ended.stdout + ended.stderr


@pytest.mark.parametrize(
    ("platform", "series", "rule", "service", "fires"),
    [
        ("boulder-fest", {MEMORY: "62x60"}, "HighMemoryUsage", "tickets", False),
        ("boulder-fest", {MEMORY: "85x60"}, "HighMemoryUsage", "tickets", True),
        ("boulder-fest", {RESPONSE: "1900x60"}, "SlowResponses", "tickets", False),
        ("boulder-fest", {RESPONSE: "5000x60"}, "SlowResponses", "tickets", True),
        ("marketplace", {QUEUE: "999x60"}, "QueueGrows", "orders", False),
        ("marketplace", {QUEUE: "1001x60"}, "QueueGrows", "orders", True),
        ("marketplace", {BROKER: "1001x60"}, "QueueGrows", "broker", True),
        ("marketplace", {BROKER: "9x60", QUEUE: "1001x60"}, "QueueGrows", "broker", False),
        ("pitchey", {HITS: "0.6x60"}, "LowCacheHitRate", "cache", True),
    ],
)
def test_a_rule_compares_as_the_metric_counts(
    *,
    platform: str,
    series: Mapping[str, str],
    rule: str,
    service: str,
    fires: bool,
    promtool: Path,
    tmp_path: Path,
) -> None:
    alerts = f'ALERTS{{alertname="{rule}",service="{service}",alertstate="firing"}}'
    said = seen(promtool, tmp_path, platform, series, alerts=alerts)
    assert bool(said) is fires, said
    if fires:
        assert "got:" in said, said
