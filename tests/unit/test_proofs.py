"""What is proven of a rule before anything runs, with its arithmetic."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from belfry.conditions import (
    Absent,
    Beyond,
    Burn,
    Changed,
    Deviates,
    Direction,
    Ends,
    Fails,
    Method,
    Ratio,
    Reading,
    Take,
    Trouble,
    Value,
)
from belfry.language.services import Kind
from belfry.language.signals import Measure, MetricKind, Source
from belfry.loading import load_platform
from belfry.problems import Problems
from belfry.proofs import Flaw, Surroundings, flaws
from belfry.rules import ServiceRule, Silence
from tests.unit.shop import SHOP

if TYPE_CHECKING:
    from pathlib import Path

    from belfry.catalogue import Catalogue
    from belfry.conditions import Condition

DAY = 86_400
COUNTER = Reading(
    signal="http-requests",
    metric="shop_requests",
    kind=MetricKind.COUNTER,
    measure=Measure.COUNT,
    source=Source.SDK,
)
SHARE = replace(COUNTER, signal="hits", kind=MetricKind.GAUGE, measure=Measure.SHARE)
TIME = replace(COUNTER, signal="probe-seconds", measure=Measure.SECONDS, source=Source.WORKER)
HITS = Value(reading=SHARE, take=Take.MEAN, over=300)
ERRORS = Ratio(part=COUNTER, whole=COUNTER, over=300)
WELL = Beyond(measured=HITS, above=True, limit=0.8)
AROUND = Surroundings(
    every=60, prometheus=15 * DAY, observations=7 * DAY, traffic=None, wakes=True, answer=3600
)


def rule(condition: Condition, hold: int = 0) -> ServiceRule:
    return ServiceRule(
        set="all",
        rule="Mine",
        service="api",
        kind=Kind.HTTP_API,
        team="team",
        severity="P0",
        rank=0,
        trouble=Trouble.DEGRADED,
        condition=condition,
        hold=hold,
        silence=Silence.OK,
        silent_after=300,
        summary="",
        description="",
        first_step=None,
        runbook="",
    )


def deviating(factor: float, baseline: int) -> Deviates:
    return Deviates(
        measured=HITS,
        method=Method.MEAN,
        factor=factor,
        baseline=baseline,
        direction=Direction.EITHER,
    )


def burning(*, times: float = 10, promise: float = 0.999, least: float = 100) -> Beyond:
    burn = Burn(promise=promise, times=times, still=300)
    hour = replace(ERRORS, over=3600)
    return Beyond(measured=hour, above=True, limit=burn.share, least=least, burn=burn)


@pytest.mark.parametrize(
    ("condition", "flaw", "arithmetic"),
    [
        (replace(WELL, limit=1), Flaw.NEVER, "at most 100 %, never above 100 %"),
        (Beyond(measured=ERRORS, above=True, limit=1.2), Flaw.NEVER, "never above 120 %"),
        (replace(WELL, above=False, limit=0), Flaw.NEVER, "at least 0, never below 0"),
        (
            Changed(measured=HITS, rises=False, share=1, before=7 * DAY),
            Flaw.NEVER,
            "nothing loses more than all of it, and 100 % are asked for",
        ),
        (deviating(2, 300), Flaw.NEVER, "(5 - 1) / sqrt(5) = 1.79"),
        (deviating(2, 600), Flaw.ALWAYS, "10 values in 10m do not tell what is usual"),
        (Absent(reading=SHARE, after=30), Flaw.ALWAYS, "a value comes each 1m, and only 30s"),
        (replace(WELL, limit=-0.1), Flaw.ALWAYS, "at least 0, always above -0.1"),
        (replace(WELL, above=False, limit=1.1), Flaw.ALWAYS, "always below 110 %"),
        (Ends(reading=TIME, within=200 * DAY), Flaw.ALWAYS, "lasts at most 200 days"),
        (burning(times=2, promise=0.5), Flaw.NEVER, "a budget of 50 % is spent 2 times too fast"),
        (burning(promise=1), Flaw.ALWAYS, "a promise of 100 % leaves no budget"),
        (
            Changed(measured=HITS, rises=True, share=0.5, before=20 * DAY),
            Flaw.FORGOTTEN,
            "values are kept 15d",
        ),
        (
            Beyond(measured=Value(reading=TIME, take=Take.MEAN, over=8 * DAY), above=True, limit=2),
            Flaw.FORGOTTEN,
            "it looks back 8d, and values are kept 7d",
        ),
    ],
)
def test_a_flaw_is_told_with_its_arithmetic(
    condition: Condition, flaw: Flaw, arithmetic: str
) -> None:
    found = list(flaws(rule(condition), replace(AROUND, answer=None)))
    assert [one.flaw for one in found] == [flaw]
    assert arithmetic in found[0].wrong
    assert found[0].right


@pytest.mark.parametrize(
    "condition",
    [
        WELL,
        replace(WELL, limit=0.9999),
        replace(WELL, above=False, limit=1),
        replace(WELL, above=True, limit=0),
        deviating(2, 1800),
        deviating(5, 3600),
        Absent(reading=SHARE, after=60),
        Ends(reading=TIME, within=199 * DAY),
        Changed(measured=HITS, rises=False, share=0.99, before=7 * DAY),
        Changed(measured=HITS, rises=True, share=3, before=14 * DAY),
        Fails(reading=TIME, times=3, every=60),
    ],
)
def test_what_can_fire_and_be_quiet_has_no_flaw(condition: Condition) -> None:
    assert list(flaws(rule(condition), AROUND)) == []


def test_a_number_that_may_be_negative_can_be_below_nothing() -> None:
    profit = Value(reading=replace(SHARE, measure=Measure.NUMBER), take=Take.LAST, over=300)
    for above, limit in ((False, 0.0), (True, -5.0)):
        assert list(flaws(rule(Beyond(measured=profit, above=above, limit=limit)), AROUND)) == []


@pytest.mark.parametrize(("hold", "proven"), [(0, False), (60, True), (300, False), (240, True)])
def test_a_wait_that_ends_before_the_next_value_waits_for_nothing(hold: int, proven: bool) -> None:
    found = flaws(rule(WELL, hold), replace(AROUND, every=300))
    assert (Flaw.ONE_VALUE in [one.flaw for one in found]) is proven


@pytest.mark.parametrize(
    ("an_hour", "proven"),
    [
        (239, True),  # 19.9 requests in five minutes: one is 5.02 %
        (241, False),
        (6_000, False),
        (10, True),
    ],
)
def test_one_failed_request_wakes_nobody(an_hour: float, proven: bool) -> None:
    errors = rule(Beyond(measured=ERRORS, above=True, limit=0.05))
    found = list(flaws(errors, replace(AROUND, traffic=an_hour / 3600)))
    assert [one.flaw for one in found] == [Flaw.ONE_REQUEST] * proven


def test_the_remedy_for_little_traffic_is_a_window_that_is_long_enough() -> None:
    errors = rule(Beyond(measured=ERRORS, above=True, limit=0.05))
    (found,) = flaws(errors, replace(AROUND, traffic=10 / 3600))
    assert "5m hold 0.833 requests, and 1 of them is 100 %, more than 5 %" in found.wrong
    assert found.right.startswith("look back 2h or more")
    longer = replace(ERRORS, over=2 * 3600)
    assert not list(
        flaws(
            rule(Beyond(measured=longer, above=True, limit=0.05)),
            replace(AROUND, traffic=10 / 3600, answer=None),
        )
    )


@pytest.mark.parametrize(
    ("take", "limit", "proven"),
    [
        (Take.INCREASE, 0.5, True),
        (Take.INCREASE, 1, False),
        (Take.RATE, 0.003, True),
        (Take.RATE, 0.004, False),
    ],
)
def test_one_failed_request_wakes_nobody_where_failures_are_counted(
    take: Take, limit: float, proven: bool
) -> None:
    counted = Value(reading=replace(COUNTER, signal="errs"), take=take, over=300)
    failing = rule(Beyond(measured=counted, above=True, limit=limit))
    around = replace(AROUND, traffic=1 / 60, failures=frozenset({"errs"}))
    found = list(flaws(failing, around))
    assert [one.flaw for one in found] == [Flaw.ONE_REQUEST] * proven
    assert not list(flaws(failing, replace(around, failures=frozenset())))
    assert not list(flaws(replace(failing, hold=300), around))
    if proven:
        assert "5m hold 5 requests, and 1 of them makes errs" in found[0].wrong


def test_the_remedy_names_figures_that_the_rule_has() -> None:
    few = replace(AROUND, traffic=10 / 3600, knobs=frozenset({"above", "least"}), answer=120)
    errors = rule(Beyond(measured=ERRORS, above=True, limit=0.05))
    one_request, late = flaws(errors, few)
    assert one_request.right == "write least: 20 or more, or write a higher limit"
    assert late.right == "write a shorter for, or a milder severity"


def test_one_failed_request_may_open_a_ticket_or_be_waited_out() -> None:
    few = replace(AROUND, traffic=10 / 3600)
    errors = Beyond(measured=ERRORS, above=True, limit=0.05)
    assert not list(flaws(rule(errors), replace(few, wakes=False)))
    assert not list(flaws(rule(errors, hold=300), few))
    assert list(flaws(rule(errors, hold=240), few))


@pytest.mark.parametrize(("answer", "proven"), [(660, True), (661, False), (None, False)])
def test_trouble_is_known_before_somebody_promised_to_answer(
    answer: int | None, proven: bool
) -> None:
    found = list(flaws(rule(WELL, hold=300), replace(AROUND, answer=answer)))
    assert [one.flaw for one in found] == [Flaw.LATE] * proven
    if proven:
        expected = "1m (until a value comes) + 5m (window) + 5m (for) = 11m, and P0 is answered"
        assert expected in found[0].wrong


def test_a_flaw_is_placed_at_the_figure_that_makes_it(tmp_path: Path, catalogue: Catalogue) -> None:
    own = (
        "rules:\n  all:\n    use: [WorkerDown, DatabaseConnectionError]\n    own:\n"
        "      Odd: {of: api, severity: P0, summary: Odd, signal: used, "
        "deviates: {sigma: 2, over: 5m}}\n"
        "signals:\n  used: {says: Used, from: sdk, of: api, in: share}\n"
    )
    path = tmp_path / "shop.yaml"
    path.write_text(SHOP[: SHOP.index("rules:")] + own, encoding="utf-8")
    with pytest.raises(Problems) as raised:
        load_platform(path, catalogue=catalogue)
    (problem,) = raised.value.problems
    assert problem.path == ("rules", "all", "own", "Odd", "deviates")
    assert problem.wrong.startswith("Odd of api: of 5 values, one each 1m in 5m")


def test_a_budget_that_burns_is_known_when_enough_has_failed_of_all_that_fails() -> None:
    in_time = replace(AROUND, answer=97)
    assert list(flaws(rule(burning()), in_time)) == []
    (late,) = flaws(rule(burning()), replace(AROUND, answer=96))
    assert late.flaw is Flaw.LATE
    assert "1m (until a value comes) + 36s (until enough has failed, when all does)" in late.wrong


def test_a_budget_is_not_judged_by_fewer_requests_than_its_share_can_be_told_from() -> None:
    around = replace(AROUND, traffic=102 / 3600)
    worked_out = burning(least=102)
    assert list(flaws(rule(worked_out), around)) == []
    (few,) = flaws(rule(worked_out), replace(around, traffic=51 / 3600))
    assert few.flaw is Flaw.NEVER
    assert "1h hold 51 requests, and it is judged from 102 on, for of fewer one alone" in few.wrong
    assert few.right.startswith("look back 2h or more, at a severity that may be told so late")
    assert few.right.endswith("write a higher burn")
    (said,) = flaws(rule(burning(least=204)), replace(around, knobs=frozenset(("least",))))
    assert "it is judged from 204 on (least)" in said.wrong
    assert said.right.endswith("write a smaller least")


@pytest.mark.parametrize("every", [15, 60, 240])
def test_so_many_requests_are_needed_that_one_alone_is_too_few_at_the_edges_too(every: int) -> None:
    budget = Burn(promise=0.999, times=10, still=None)
    fewest = budget.fewest(3600, every)
    between = fewest * (3600 - every) / 3600  # what is gained from the first value to the last
    assert 1 / between < budget.share
    assert 1 / ((fewest - 1) * (3600 - every) / 3600) >= budget.share


def test_one_failure_of_few_is_seen_in_a_share_that_is_told_each_minute() -> None:
    failing = replace(AROUND, traffic=2 / 60, failing=frozenset(("hits",)))
    (one,) = flaws(rule(replace(WELL, limit=0.05)), failing)
    assert one.flaw is Flaw.ONE_REQUEST
    assert "it is 50 % of those of 1m, which makes 10 % of 5m, more than 5 %" in one.wrong
    assert list(flaws(rule(replace(WELL, limit=0.1)), failing)) == []
    assert list(flaws(rule(replace(WELL, limit=0.05)), replace(failing, traffic=2))) == []
    seldom = replace(failing, traffic=1 / 3600)
    assert (
        "100 % of those of 1m, which makes 20 % of 5m"
        in next(iter(flaws(rule(replace(WELL, limit=0.05)), seldom))).wrong
    )
