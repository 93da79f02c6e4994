"""Every series that a rendered rule asks for comes from a target that is rendered beside it."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from belfry.application import apply_rules
from belfry.catalogue import load_catalogue
from belfry.expressions import SyntaxProblem, parse
from belfry.expressions.regular import matches
from belfry.language.application import Dialect
from belfry.loading import load_platform
from belfry.prometheus import prometheus_files
from belfry.schedule import schedule
from belfry.values.template import Template
from tests.unit.shop import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from belfry.expressions import Selector

STACKS = [
    pytest.param(path, environment, id=f"{path.stem}-{environment}")
    for path in sorted((ROOT / "platforms").glob("*.yaml"))
    for environment, said in load_platform(path).environments.items()
    if load_platform(path, environment=environment).server is not None and not said.stand_ins
]
SERVED = (  # which jobs serve a metric, by how it begins; the first that fits
    ("belfry_backup_", "node"),
    ("belfry_", "monitoring-worker"),
    ("cloudflare_", "cloudflare"),
    ("probe_", "blackbox-.*"),
    ("node_", "node"),
    ("pg_", "postgres"),
    ("redis_", "redis"),
    ("rabbitmq_detailed_", "rabbitmq-queues"),
    ("rabbitmq_", "rabbitmq"),
    ("elasticsearch_", "elasticsearch"),
    ("nginx_", "nginx"),
    ("prometheus_", "prometheus"),
    ("alertmanager_", "alertmanager"),
    ("loki_write_", "alloy"),
    ("(prometheus|alertmanager", "prometheus|alertmanager|alloy"),
    ("up", ".*"),
    ("", "application"),
)


@cache
def rendered(path: Path, environment: str) -> Mapping[str, Any]:
    platform = load_platform(path, environment=environment)
    rules = apply_rules(platform, load_catalogue(), schedule(platform))
    files = prometheus_files(platform, environment, rules)
    return {name: yaml.safe_load(text) for name, text in files.items()}


def selectors(expression: str) -> tuple[Selector, ...]:
    found = parse(expression)
    assert not isinstance(found, SyntaxProblem), found
    return found.selectors


def blind(files: Mapping[str, Any]) -> Iterator[str]:
    """Give every selector of every rule that no target can answer."""
    jobs = {job["job_name"]: job for job in files["prometheus.yml"]["scrape_configs"]}
    rules = [
        rule
        for name, file in files.items()
        if name != "prometheus.yml"
        for group in file["groups"]
        for rule in group["rules"]
    ]
    records: dict[str, list[dict[str, Any]]] = {}
    for rule in rules:
        if "record" in rule:
            records.setdefault(rule["record"], []).append(rule)
    for rule in rules:
        for selector in selectors(rule["expr"]):
            wanted = {one.label: (one.operator, one.value) for one in selector.matchers}
            if not answered(selector.name or wanted["__name__"][1], wanted, jobs, records):
                yield f"{rule.get('alert', rule.get('record'))}: {selector.name} {wanted}"


def answered(
    name: str,
    wanted: Mapping[str, tuple[str, str]],
    jobs: Mapping[str, Any],
    records: Mapping[str, list[dict[str, Any]]],
) -> bool:
    if name not in records:
        return any(
            carries(job, wanted, platform_s_own=name)
            for job_name, job in jobs.items()
            if re.fullmatch(served(name), job_name)
        )
    service = wanted.get("service")
    for record in records[name]:
        own = record.get("labels", {}).get("service")
        if own is not None and service == ("=", own):
            return True
        if own is None and (service is None or "label_replace" in record["expr"]):
            return True
        if own is None and all(
            answered(one.name or "", {"service": ("=", str((service or ("", ""))[1]))}, jobs, {})
            for one in selectors(record["expr"])
        ):
            return True
    return False


def served(metric: str) -> str:
    return next(jobs for begins, jobs in SERVED if metric.startswith(begins))


def carries(
    job: Mapping[str, Any], wanted: Mapping[str, tuple[str, str]], *, platform_s_own: str
) -> bool:
    """Say whether a target of a job can have the labels `service` and `job`."""
    if "job" in wanted and not fits(job["job_name"], wanted["job"]):
        return False
    service = wanted.get("service")
    if service is None:
        return True
    if job.get("honor_labels") and platform_s_own != "up":
        return True
    return any(
        fits(one["labels"]["service"], service)
        for one in job.get("static_configs", ())
        if "service" in one.get("labels", {})
    )


def fits(value: str, wanted: tuple[str, str]) -> bool:
    operator, text = wanted
    found = matches(text, value) if "~" in operator else value == text
    return found is not operator.startswith("!")


@pytest.mark.parametrize(("path", "environment"), STACKS)
def test_every_series_of_every_rule_comes_from_a_target(path: Path, environment: str) -> None:
    assert list(blind(rendered(path, environment))) == []


@pytest.mark.parametrize("job", ["application", "cloudflare", "rabbitmq-queues", "node"])
def test_a_job_that_is_missing_is_seen(job: str) -> None:
    name = "pitchey" if job == "cloudflare" else "marketplace"
    files = dict(rendered(ROOT / "platforms" / f"{name}.yaml", "prod"))
    jobs = [one for one in files["prometheus.yml"]["scrape_configs"] if one["job_name"] != job]
    files["prometheus.yml"] = {"scrape_configs": jobs}
    assert list(blind(files))


def test_the_cloudflare_exporter_says_itself_whose_figures_it_gives() -> None:
    files = dict(rendered(ROOT / "platforms" / "pitchey.yaml", "prod"))
    jobs = [dict(one, honor_labels=False) for one in files["prometheus.yml"]["scrape_configs"]]
    files["prometheus.yml"] = {"scrape_configs": jobs}
    assert any(one.startswith("LowCacheHitRate") for one in blind(files))


def test_applications_are_asked_for_their_metrics_with_the_key() -> None:
    jobs = {
        one["job_name"]: one
        for one in rendered(ROOT / "platforms" / "pitchey.yaml", "prod")["prometheus.yml"][
            "scrape_configs"
        ]
    }
    assert jobs["application"] == {
        "job_name": "application",
        "static_configs": [{"targets": ["api.pitchey.example"], "labels": {"service": "api"}}],
        "honor_labels": True,
        "metrics_path": "/api/monitoring/metrics",
        "params": {"format": ["prometheus"]},
        "authorization": {
            "type": "Bearer",
            "credentials_file": "/etc/prometheus/secrets/scraper-key",
        },
        "scheme": "https",
    }


def test_an_application_is_asked_where_it_is_and_as_its_dialect_says() -> None:
    platform = load_platform(ROOT / "platforms" / "pitchey.yaml", environment="prod")
    assert platform.application is not None
    api = replace(platform.services["api"], url=Template.parse("http://shop.example:8080/v1"))
    changed = replace(
        platform,
        services={**platform.services, "api": api},
        application=replace(platform.application, dialect=Dialect.SCORE),
    )
    text = prometheus_files(changed, "prod", {})["prometheus.yml"]
    (job,) = [
        one for one in yaml.safe_load(text)["scrape_configs"] if one["job_name"] == "application"
    ]
    assert job["static_configs"] == [
        {
            "targets": ["shop.example:8080"],
            "labels": {
                "service": "api",
                "__scheme__": "http",
                "__metrics_path__": "/v1/api/monitoring/metrics",
            },
        }
    ]
    assert "authorization" not in job
    assert job["http_headers"] == {"X-API-Key": {"files": ["/etc/prometheus/secrets/scraper-key"]}}
