"""What services, signals and dashboards may mean; whole texts of mistakes are in tests/golden."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from belfry.language.services import Kind
from tests.unit.judged import told
from tests.unit.shop import FAILS, SHOP

if TYPE_CHECKING:
    from pathlib import Path

    from belfry.catalogue import Catalogue

KEYS = {
    "script": "shop-script",
    "project": "shop-project",
    "bucket": "shop-bucket",
    "schedule": '"17 3 * * *"',
    "address": "other:1234",
    "through": "hyperdrive",
    "on": "machine",
    "url": "https://other.shop.example",
    "cpu": "5ms",
    "memory": "64MB",
    "connections": "10",
    "traffic": "10 per minute",
    "host": "other.shop.example",
    "title": "The other",
}
EXCEPTION = """\
exceptions:
  blind: {policy: every-service-is-checked, of: other, reason: It has no address, until: 2027-03-31}
"""
SERVER = """\
server:
  on: docker
  host: machine
  parts:
    prometheus: {port: 9090}
    node: {port: 9100}
    postgres: {port: 9187}
    redis: {port: 9121}
    rabbitmq: {port: 9419}
    elasticsearch: {port: 9114}
    nginx: {port: 9113}
  grafana: {password: secret:grafana-admin}
"""


def with_services(services: str, rest: str = "") -> str:
    return SHOP.replace("checks:\n", f"{services}checks:\n") + rest


@pytest.mark.parametrize("kind", Kind)
def test_a_key_fits_a_kind_or_is_the_one_thing_that_is_told(
    tmp_path: Path, catalogue: Catalogue, kind: Kind
) -> None:
    others = "".join(
        f"  its-{one}: {{is: {one}, address: '{one}:1'}}\n"
        for one in ("postgres", "redis", "rabbitmq", "elasticsearch", "nginx")
    )
    for key, value in KEYS.items():
        schedule = ', schedule: "17 3 * * *"' if kind is Kind.CRON_JOB and key != "schedule" else ""
        text = with_services(
            f"  machine: {{is: host}}\n  other: {{is: {kind}, {key}: {value}{schedule}}}\n{others}",
            "signals: {seen: {says: Seen, from: sdk, of: [other, its-postgres, its-redis, "
            "its-rabbitmq, its-elasticsearch, its-nginx]}}\n"
            f"application: {{of: api, runs-on: node}}\n{SERVER}",
        )
        assert told(tmp_path, text, catalogue) in ([], [f"services.other.{key}"])


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        (Kind.CLOUDFLARE_WORKER, "script"),
        (Kind.DURABLE_OBJECTS, "script"),
        (Kind.CLOUDFLARE_PAGES, "project"),
        (Kind.CLOUDFLARE_R2, "bucket"),
        (Kind.CRON_JOB, "schedule"),
        (Kind.POSTGRES, "through"),
        (Kind.POSTGRES, "connections"),
        (Kind.REDIS, "on"),
        (Kind.REDIS, "memory"),
        (Kind.THIRD_PARTY, "host"),
        (Kind.CDN, "url"),
        (Kind.HOST, "memory"),
    ],
)
def test_what_a_kind_is_known_by_can_be_said(
    tmp_path: Path, catalogue: Catalogue, kind: Kind, key: str
) -> None:
    text = with_services(
        f"  machine: {{is: host}}\n  other: {{is: {kind}, {key}: {KEYS[key]}}}\n",
        "signals: {seen: {says: Seen, from: sdk, of: [other, machine]}}\n",
    )
    assert told(tmp_path, text, catalogue) == []


@pytest.mark.parametrize(
    "mention",
    [
        "signals: {seen: {says: Seen, from: sdk, of: other}}\n",
        "objectives: {promise: {of: other, availability: 99 %}}\n",
        "dashboards: {one: {title: One, shows: [other]}}\n",
        "application: {runs-on: node, of: api, components: [other]}\n",
        "journeys: {walk: {of: api, steps: [{to: other, path: /}]}}\n",
        EXCEPTION,
    ],
)
def test_a_service_that_anything_mentions_is_not_idle(
    tmp_path: Path, catalogue: Catalogue, mention: str
) -> None:
    other = '  other: {is: http-api, url: "https://other.${domain}"}\n'
    judged = f"HighResponseTime], {FAILS}}}"
    assert (
        told(
            tmp_path, with_services(other, mention).replace("HighResponseTime]}", judged), catalogue
        )
        == []
    )
    assert told(tmp_path, with_services(other), catalogue) == ["services.other"]


def test_a_misspelt_mention_does_not_make_a_service_idle(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    text = with_services("  other: {is: redis}\n", "signals: {s: {says: S, from: sdk, of: othr}}\n")
    assert told(tmp_path, text, catalogue) == ["signals.s.of[0]"]


def test_services_of_one_address_are_told_apart_by_their_paths(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    shop = '  shop: {is: http-api, url: "https://api.${domain}/shop"}\n'
    seen = "signals: {seen: {says: Seen, from: sdk, of: shop}}\n"
    assert told(tmp_path, with_services(shop, seen), catalogue) == []
    same = shop.replace("/shop", "/")
    assert told(tmp_path, with_services(same, seen), catalogue) == ["services.shop.url"]


def test_one_metric_of_two_services_may_be_two_signals(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    text = SHOP + (
        "signals:\n"
        "  api-up: {says: Up, from: sdk, of: api, metric: up}\n"
        "  database-up: {says: Up, from: sdk, of: database, metric: up}\n"
    )
    assert told(tmp_path, text, catalogue) == []


def test_an_environment_that_runs_the_stack_on_a_cluster_cannot_take_the_host_away(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    other = "domain: shop.example, server: {on: kubernetes, namespace: watch}}"
    machine = "  machine: {is: host}\n"
    stack = "server: {on: docker, host: machine, parts: {prometheus: {port: 9090}}, "
    stack += "grafana: {password: secret:grafana}}\n"
    text = with_services(machine, stack).replace("domain: shop.example}", other)
    assert told(tmp_path, text, catalogue) == []


def test_a_dashboard_is_not_asked_about_signals_that_could_not_be_read(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    text = SHOP + "signals: {seen: nonsense}\ndashboards: {one: {title: One, shows: [other]}}\n"
    assert told(tmp_path, text, catalogue) == ["signals.seen"]
