"""The catalogue applied to a platform, and what each backend is told of a rule."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belfry.application import apply_rules, severity_of_rank
from belfry.promql import Query, query
from belfry.rules import Above, Aggregate, Down, Limit, ServiceRule, Silence
from belfry.schedule import schedule
from belfry.signals import SIGNALS, SignalName
from belfry.values.duration import Duration
from tests.unit.shop import FAILS, Compiles, ReadsShop

if TYPE_CHECKING:
    from belfry.catalogue import Catalogue
    from belfry.language.platform import Platform

DOWN = ServiceRule(
    set="edge",
    rule="WorkerDown",
    service="api",
    severity="P0",
    rank=0,
    when=Down(signal=SignalName.PROBE_UP),
    limit=None,
    window=0,
    hold=0,
    silence=Silence.ALERTING,
    silent_after=180,
    summary="",
    description="",
    runbook="",
)
SLOW = replace(
    DOWN,
    when=Above(
        signal=SignalName.PROBE_SECONDS,
        aggregate=Aggregate.MEAN,
        over=Duration.of(120),
        limit="above",
    ),
    limit=Limit(number=2.5, text="2s500ms"),
    window=300,
)


def rules_of(platform: Platform, catalogue: Catalogue) -> dict[str, ServiceRule]:
    applied = apply_rules(platform, catalogue, schedule(platform))
    return {rule.id: rule for found in applied.values() for rule in found}


def test_a_rule_exists_once_for_each_service_that_it_covers_and_that_is_checked(
    shop: ReadsShop, catalogue: Catalogue
) -> None:
    platform = shop(
        ("services:\n", "services:\n  idle: {is: http-api, url: 'http://i.example'}\n"),
        ("needs: [database]", "needs: [database, idle]"),
    )
    assert list(rules_of(platform, catalogue)) == [
        "all/WorkerDown/api",
        "all/DatabaseConnectionError/database",
        "all/HighResponseTime/api",
    ]


def test_sets_never_merge(shop: ReadsShop, catalogue: Catalogue) -> None:
    platform = shop(
        (
            "rules:\n",
            (
                "rules:\n  strict: {use: [latency], set: "
                "{HighResponseTime: {above: 500ms, for: 1m, severity: P0}}}\n"
            ),
        )
    )
    rules = rules_of(platform, catalogue)
    strict, lax = rules["strict/HighResponseTime/api"], rules["all/HighResponseTime/api"]
    assert strict.limit == Limit(number=0.5, text="500ms")
    assert (strict.hold, strict.severity) == (60, "P0")
    assert lax.limit == Limit(number=2.0, text="2s")
    assert lax.hold == 300


def test_the_texts_say_the_figures_of_their_set(shop: ReadsShop, catalogue: Catalogue) -> None:
    platform = shop(
        ("is: http-api", "is: http-api, title: The API"),
        (
            "[availability, database, latency]}",
            f"[latency], set: {{HighResponseTime: {{above: 90s}}}}, {FAILS}}}",
        ),
    )
    rule = rules_of(platform, catalogue)["all/HighResponseTime/api"]
    assert rule.summary == "The API is slow"
    assert rule.description == "Answers of api took longer than 1m30s on average, for 5m."


def test_a_window_holds_at_least_two_probes(shop: ReadsShop, catalogue: Catalogue) -> None:
    platform = shop(
        ("http: {path: /health}", "http: {path: /health}, every: 10m"),
        ("answer: 15m", "answer: 1h"),
    )
    rules = rules_of(platform, catalogue)
    assert rules["all/HighResponseTime/api"].window == 1200
    assert rules["all/WorkerDown/api"].silent_after == 720


def test_a_rule_links_to_its_page(shop: ReadsShop, catalogue: Catalogue) -> None:
    published = shop(("rules:\n", "monitoring: {runbooks: 'https://d.example/r/'}\nrules:\n"))
    rule = rules_of(published, catalogue)["all/WorkerDown/api"]
    assert rule.runbook == "https://d.example/r/WorkerDown.md"
    assert rules_of(shop(), catalogue)[rule.id].runbook == "runbooks/WorkerDown.md"


SEVERITIES = (
    "  P0: {rank: 0, answer: 15m, resolve: 1h, channels: [slack]}\n",
    (
        "  mild: {rank: 5, answer: 1d, resolve: 2d, channels: [slack]}\n"
        "  worst: {rank: 1, answer: 10m, resolve: 20m, channels: [slack]}\n"
        "  middle: {rank: 3, answer: 1h, resolve: 2h, channels: [slack]}\n"
    ),
)


@pytest.mark.parametrize(
    ("rank", "severity"),
    [(0, "worst"), (1, "worst"), (2, "worst"), (3, "middle"), (4, "middle"), (9, "mild")],
)
def test_a_rule_without_a_severity_of_its_rank_takes_the_next_worse(
    shop: ReadsShop, rank: int, severity: str
) -> None:
    assert severity_of_rank(shop(SEVERITIES), rank) == severity


def test_down_is_the_worst_check_of_the_service_in_promql() -> None:
    assert query(DOWN) == Query(
        expression='min by (service) (belfry_probe_up{service="api"})', comparison="lt", limit=1
    )


@pytest.mark.parametrize(
    ("aggregate", "function"),
    [(Aggregate.MEAN, "avg_over_time"), (Aggregate.MAX, "max_over_time")],
)
def test_above_is_an_aggregate_over_its_window_in_promql(
    aggregate: Aggregate, function: str
) -> None:
    assert isinstance(SLOW.when, Above)
    rule = replace(SLOW, when=replace(SLOW.when, aggregate=aggregate))
    assert query(rule) == Query(
        expression=f'max by (service) ({function}(belfry_probe_seconds{{service="api"}}[5m]))',
        comparison="gt",
        limit=2.5,
    )


@given(st.integers(min_value=1, max_value=10**7), st.sampled_from(Aggregate))
def test_every_window_is_a_range_that_promql_reads(window: int, aggregate: Aggregate) -> None:
    assert isinstance(SLOW.when, Above)
    rule = replace(SLOW, window=window, when=replace(SLOW.when, aggregate=aggregate))
    expression = query(rule).expression
    assert expression.count("(") == expression.count(")")
    span = expression.split("[")[1].split("]")[0]
    assert Duration.parse(span) == Duration.of(window)


def test_every_signal_names_its_source_its_unit_and_when_it_has_no_value() -> None:
    assert set(SIGNALS) == set(SignalName)
    for signal in SIGNALS.values():
        assert signal.metric.startswith("belfry_")
        assert signal.says
        assert signal.absent


def test_worker_and_grafana_are_told_the_same_limit_and_the_same_wait(
    shop: ReadsShop, compiled: Compiles
) -> None:
    platform = shop(
        (
            "[availability, database, latency]}",
            f"[latency], set: {{HighResponseTime: {{above: 3s, for: 10m}}}}, {FAILS}}}",
        ),
    )
    stack = compiled(platform, "prod")
    (told,) = json.loads(stack.worker.configuration)["rules"]
    (rule,) = stack.grafana.rule_groups[0].rules
    assert told["condition"]["limit"] == rule.limit == 3.0
    assert told["for"] == rule.hold == 600
