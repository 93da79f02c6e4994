"""Objectives, remedies, baseline, cost and exceptions: what can be promised and done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from belfry.problems import Problems

if TYPE_CHECKING:
    from tests.unit.shop import ReadsShop


def section(text: str) -> tuple[str, str]:
    return ("rules:\n", f"{text}\nrules:\n")


@pytest.mark.parametrize(
    "objective",
    [
        "availability: 99.99 %",
        "availability: 50 %",
        "latency: {below: 500ms}",
        "mean: 1s, over: 7d",
        "success: 99 %",
        "availability: 99.9 %, latency: {below: 2s, share: 99 %}, mean: 1s, over: 90d",
        "availability: 90 %, budget: {burn: [{above: 9.99x, for: 10m, severity: P0}]}",
        "availability: 90 %, budget: {freeze-below: 10 %}",
    ],
)
def test_promises_that_can_be_kept_and_broken_are_no_mistake(
    shop: ReadsShop, objective: str
) -> None:
    assert shop(section(f"objectives: {{one: {{of: api, {objective}}}}}")).objectives


@pytest.mark.parametrize(
    ("target", "above", "most"),
    [("99.9 %", "1000x", "1000"), ("97 %", "34x", "33.3333"), ("50 %", "2x", "2")],
)
def test_a_budget_burns_as_fast_as_when_everything_fails_and_no_faster(
    shop: ReadsShop, target: str, above: str, most: str
) -> None:
    burn = f"budget: {{burn: [{{above: {above}, severity: P0}}]}}"
    with pytest.raises(Problems, match=f"is spent {most} times too fast at most"):
        shop(section(f"objectives: {{one: {{of: api, availability: {target}, {burn}}}}}"))


@pytest.mark.parametrize(
    "other",
    [
        "availability: 99 %, over: 7d",
        "latency: {below: 1s, share: 99 %}",
        "mean: 1s",
    ],
)
def test_two_objectives_of_a_service_promise_different_things(shop: ReadsShop, other: str) -> None:
    first = "availability: 99.9 %, latency: {below: 500ms, share: 95 %}"
    text = f"objectives: {{one: {{of: api, {first}}}, two: {{of: api, {other}}}}}"
    assert len(shop(section(text)).objectives) == 2


def test_how_long_others_keep_metrics_is_not_guessed(shop: ReadsShop) -> None:
    text = "objectives: {one: {of: api, availability: 99.9 %, over: 365d}}"
    assert shop(section(text)).objectives


def test_what_the_application_keeps_is_what_can_be_looked_back_at(shop: ReadsShop) -> None:
    text = (
        "objectives: {one: {of: api, availability: 99.9 %, over: 31d}}\n"
        "application: {of: api}\nretention: {metrics: 30d}"
    )
    with pytest.raises(Problems, match=r"let retention\.metrics be 31d or more"):
        shop(section(text))


@pytest.mark.parametrize(
    ("kind", "does"),
    [
        ("is: cloudflare-worker", "redeploy"),
        ("is: cloudflare-pages", "redeploy"),
        ("is: cloudflare-cache", "purge-cache"),
        ("is: hyperdrive", "restart-pool"),
        ("is: postgres, through: hyperdrive", "restart-pool"),
        ("is: rabbitmq", "advise"),
    ],
)
def test_remedies_fit_what_they_are_done_to(shop: ReadsShop, kind: str, does: str) -> None:
    remedy = f"recovery: {{remedies: {{one: {{does: {does}, of: it, when: WorkerDown}}}}}}"
    platform = shop(
        section(remedy),
        ("checks:\n", f"  it: {{{kind}}}\nchecks:\n"),
        ("needs: [database]", "needs: [database, it]"),
    )
    assert platform.recovery.remedies["one"].does == does


def test_remedies_may_exclude_one_another(shop: ReadsShop) -> None:
    one = "one: {does: advise, of: api, when: WorkerDown, not-while: [two]}"
    two = "two: {does: advise, of: api, when: WorkerDown, not-while: [one]}"
    assert len(shop(section(f"recovery: {{remedies: {{{one}, {two}}}}}")).recovery.remedies) == 2


def test_a_misspelt_rule_of_a_set_may_be_what_calls_for_a_remedy(shop: ReadsShop) -> None:
    remedy = "recovery: {remedies: {one: {does: advise, of: api, when: HighErrorRate}}}"
    with pytest.raises(Problems) as raised:
        shop(section(remedy), ("HighResponseTime]}", "HighResponseTim]}"))
    assert [problem.right for problem in raised.value.problems] == [
        "did you mean HighResponseTime?"
    ]


def test_people_may_do_better_than_is_promised(shop: ReadsShop) -> None:
    targets = "operations: {targets: {acknowledged: {P0: 10m}, resolved: {P0: 1h}}}"
    assert shop(section(targets)).operations.targets.acknowledged


def test_two_policies_may_be_excused_for_one_service(shop: ReadsShop) -> None:
    reason = "reason: It is asked through the API, until: 2027-03-31"
    text = (
        f"exceptions: {{one: {{policy: every-service-is-checked, of: [database], {reason}}}, "
        f"two: {{policy: every-check-is-confirmed, of: [database], {reason}}}}}"
    )
    assert len(shop(section(text)).exceptions) == 2


def test_a_baseline_of_pages_needs_no_paths(shop: ReadsShop) -> None:
    baseline = "baseline: {of: api, lasts: 48h, loads: {normal: 5}, paths: [], pages: [api]}"
    assert shop(section(baseline)).baseline is not None


def test_costs_are_told_before_all_is_spent(shop: ReadsShop) -> None:
    assert shop(section("cost: {limit: 50 USD, warn-at: 99.9 %}")).cost is not None
