"""Objectives as rule sets: what their burns raise, of which requests, and when that is refused."""

from __future__ import annotations

from dataclasses import replace
from math import inf, nextafter
from typing import TYPE_CHECKING, Protocol

import pytest

from belfry.application import application
from belfry.catalogue import load_catalogue
from belfry.conditions import Beyond, Burn, Ratio, Take, Value
from belfry.language.signals import Measure
from belfry.loading import load_platform
from belfry.meaning.reach import Reached, alerts
from belfry.problems import Problems, printed
from belfry.promql import alert, query
from belfry.schedule import schedule
from belfry.worker_conditions import in_its_words
from tests.unit.shop import ROOT, SHOP

if TYPE_CHECKING:
    from pathlib import Path

    from belfry.application import Applied
    from belfry.catalogue import Catalogue
    from belfry.language.platform import Platform
    from tests.unit.shop import ReadsShop

COUNTED = """\
http-requests: {says: All, from: sdk, of: api, is: counter}, \
http-errors: {says: Failed, from: sdk, of: api, is: counter}"""
SHARED = "error-rate: {says: Failed, from: sdk, of: api, in: percent}"
TIMED = "response-time: {says: Whole, from: sdk, of: api, is: histogram, in: milliseconds}"
READY = "response-time: {says: Whole, from: sdk, of: api, in: seconds, quantile: 50 %}"
PACE = "{above: 10x, severity: P0}"
SOON = "{above: 10x, for: 10m, severity: P0}"
"""Half of all must be slow, so that an hour would tell P0 too late."""
SLOW = "latency: {below: 2s, share: 95 %}"


class Promised(Protocol):
    """Gives the shop with one objective."""

    def __call__(
        self, promise: str, *, signals: str = "", burn: str = PACE, more: str = ""
    ) -> Platform: ...


@pytest.fixture
def promised(shop: ReadsShop) -> Promised:
    def make(promise: str, *, signals: str = "", burn: str = PACE, more: str = "") -> Platform:
        said = f"objectives: {{one: {{of: api, {promise}, budget: {{burn: [{burn}]}}}}}}\n"
        said += f"signals: {{{signals}}}\n" if signals else ""
        return shop(("rules:\n", f"{said}{more}rules:\n"))

    return make


@pytest.fixture
def applied(promised: Promised, catalogue: Catalogue) -> object:
    def make(promise: str, signals: str = "", burn: str = PACE) -> Applied:
        platform = promised(promise, signals=signals, burn=burn)
        return application(platform, catalogue, schedule(platform))

    return make


class Applies(Protocol):
    """Gives the rules of the shop with one objective."""

    def __call__(self, promise: str, signals: str = "", burn: str = PACE) -> Applied: ...


def test_each_burn_is_a_set_that_is_named_after_what_it_asks(applied: Applies) -> None:
    burn = "{above: 14.4x, for: 10m, severity: P0}, {above: 2x, severity: P0}"
    found = applied(f"availability: 99.9 %, {SLOW}", f"{COUNTED}, {TIMED}", burn).rules
    assert {
        (name, one.rule, one.service, one.severity)
        for name, rules in found.items()
        for one in rules
        if name.startswith("objective-")
    } == {
        ("objective-one-14.4x-10m", "ErrorBudgetBurn", "api", "P0"),
        ("objective-one-14.4x-10m", "LatencyBudgetBurn", "api", "P0"),
        ("objective-one-2x-1h", "ErrorBudgetBurn", "api", "P0"),
        ("objective-one-2x-1h", "LatencyBudgetBurn", "api", "P0"),
    }


def only(found: Applied) -> Beyond:
    (one,) = (one for name, rules in found.rules.items() if name != "all" for one in rules)
    assert isinstance(one.condition, Beyond)
    return one.condition


def test_requests_that_fail_are_held_against_ten_times_what_may(applied: Applies) -> None:
    asked = only(applied("availability: 99.95 %", COUNTED))
    assert isinstance(asked.measured, Ratio)
    assert (asked.above, asked.limit, asked.measured.over) == (True, 0.005, 3600)
    assert asked.burn == Burn(promise=0.9995, times=10, still=300)
    assert asked.least == 204, "of fewer, one alone may seem more than 0.5 %"


def test_a_share_that_the_application_tells_is_taken_as_it_is(applied: Applies) -> None:
    asked = only(applied("availability: 99.9 %", SHARED))
    assert isinstance(asked.measured, Value)
    assert (asked.measured.reading.measure, asked.limit) == (Measure.PERCENT, 1.0)
    assert asked.least is None, "nobody says of how many"


def test_slow_answers_are_asked_by_the_quantile_that_as_many_are_above(applied: Applies) -> None:
    asked = only(applied(SLOW, TIMED, SOON))
    assert isinstance(asked.measured, Value)
    assert (asked.measured.take, asked.measured.quantile) == (Take.QUANTILE, 0.5)
    assert (asked.limit, asked.least) == (2000, 20)


def test_a_quantile_that_the_application_tells_serves_where_it_is_the_one(
    applied: Applies,
) -> None:
    asked = only(applied(SLOW, READY, SOON))
    assert isinstance(asked.measured, Value)
    assert (asked.measured.take, asked.limit, asked.least) == (Take.MEAN, 2, None)
    other = applied(SLOW, READY, SOON.replace("10x", "2x"))
    (unmade,) = other.unmade
    assert (unmade.rule, unmade.why) == (
        "LatencyBudgetBurn",
        "response-time is a gauge, of which there is no quantile of 90 %",
    )


def test_a_summary_does_not_tell_how_many_took_longer(applied: Applies) -> None:
    (unmade,) = applied(SLOW, TIMED.replace("histogram", "summary"), SOON).unmade
    assert unmade.why == "response-time is a summary, which does not tell how many took longer"


def test_a_share_is_of_all_instances_and_a_promised_time_is_broken_at_the_last_bound(
    applied: Applies,
) -> None:
    (failures,) = applied("availability: 99.9 %", SHARED).rules["objective-one-10x-1h"]
    (slowness,) = applied(SLOW, TIMED, SOON).rules["objective-one-10x-10m"]
    assert "avg by (service) (avg_over_time(" in (alert(failures) or "")
    assert (alert(slowness) or "").endswith(">= 2000")
    asked = query(slowness)
    assert asked is not None
    assert asked.limit < 2000 <= nextafter(asked.limit, inf), "Grafana holds values above a limit"


def test_where_the_hour_is_no_number_the_last_minutes_do_not_stand_for_it(
    applied: Applies,
) -> None:
    (failures,) = applied("availability: 99.9 %", SHARED).rules["objective-one-10x-1h"]
    hour, minutes = (
        f'avg by (service) (avg_over_time(shop_error_rate{{service="api"}}[{window}]))'
        for window in ("1h", "5m")
    )
    told = " ".join((alert(failures) or "").split())
    assert told == f"( {hour} <= {minutes} or {minutes} < {hour} ) > 1"


def test_a_team_s_own_rule_of_that_name_must_judge_what_is_promised(
    tmp_path: Path, promised: Promised
) -> None:
    rules = (ROOT / "alert_rules" / "errors.yaml").read_text(encoding="utf-8")
    (tmp_path / "own.yaml").write_text(rules.replace("HighErrorRate:", "ErrorBudgetBurn:"))
    shipped = load_catalogue()
    own = replace(shipped, rules={**shipped.rules, **load_catalogue(tmp_path).rules})
    text = f"objectives: {{one: {{of: api, availability: 99 %, budget: {{burn: [{PACE}]}}}}}}\n"
    (tmp_path / "shop.yaml").write_text(SHOP.replace("rules:\n", text + "rules:\n"))
    with pytest.raises(Problems) as raised:
        load_platform(tmp_path / "shop.yaml", catalogue=own)
    (problem,) = raised.value.problems
    assert problem.path == ("objectives", "one", "budget", "burn")
    assert "the rule ErrorBudgetBurn of alert_rules lacks over, promise, times" in problem.wrong
    assert promised("availability: 99 %").objectives


def test_a_promise_that_nothing_measures_is_told_and_never_forgotten(applied: Applies) -> None:
    found = applied(f"availability: 99.9 %, {SLOW}", burn=SOON)
    assert {(one.set, one.rule, one.severity) for one in found.unmade} == {
        ("objective-one-10x-10m", "ErrorBudgetBurn", "P0"),
        ("objective-one-10x-10m", "LatencyBudgetBurn", "P0"),
    }


@pytest.mark.parametrize(
    ("window", "still", "shown"),
    [("36m", 180, 180), ("35m", None, 2100), ("5m", None, 300), ("6h", 1800, 1800)],
)
def test_it_is_confirmed_over_a_twelfth_that_holds_three_values(
    applied: Applies, window: str, still: int | None, shown: int
) -> None:
    found = applied("availability: 99.9 %", COUNTED, f"{{above: 10x, for: {window}, severity: P0}}")
    (one,) = found.rules[f"objective-one-10x-{window}"]
    assert isinstance(one.condition, Beyond)
    assert one.condition.burn is not None
    assert one.condition.burn.still == still
    assert in_its_words(one.condition) == {"is": "told", "window": shown}, "how long it still shows"


@pytest.mark.parametrize(
    ("promise", "burn", "where", "wrong"),
    [
        ("success: 99 %", PACE, "objectives.one.budget.burn", "no rule can judge it"),
        (
            "availability: 99 %",
            f"{PACE}, {{above: 10.0x, for: 60m, severity: P0}}",
            "objectives.one.budget.burn[1]",
            "burn[0] says 10x for 1h already",
        ),
        (
            "availability: 99 %",
            "{above: 60x, for: 30m, severity: P0}",
            "objectives.one.budget.burn[0].for",
            "1m (until a value comes) + 18m (until enough has failed, when all does) = 19m",
        ),
        (
            "availability: 99.99 %",
            PACE,
            "objectives.one.budget.burn[0].above",
            "1h hold 600 requests, and it is judged from 1017 on, for of fewer one alone may seem",
        ),
        (
            "availability: 99 %",
            "{above: 10x, for: 90s, severity: P0}",
            "objectives.one.budget.burn[0].for",
            "1m30s hold fewer than two values, one each 1m",
        ),
        (
            "availability: 99 %",
            "{above: 0.5x, for: 6h, severity: P0}",
            "objectives.one.budget.burn[0].above",
            "at 0.5x a budget lasts longer than its period",
        ),
        (
            "availability: 99.9 %, latency: {below: 2s, share: 90 %}",
            "{above: 14.4x, for: 5m, severity: P0}",
            "objectives.one.budget.burn[0].above",
            "a budget of 10 % is spent 10 times too fast at most",
        ),
    ],
)
def test_what_can_never_be_told_is_refused_where_it_is_written(
    shop: ReadsShop, promise: str, burn: str, where: str, wrong: str
) -> None:
    said = f"objectives: {{one: {{of: api, {promise}, budget: {{burn: [{burn}]}}}}}}\n"
    said += f"signals: {{{COUNTED}}}\n"
    traffic = ("is: http-api, ", "is: http-api, traffic: 10/m, ")
    with pytest.raises(Problems) as raised:
        shop(("rules:\n", f"{said}rules:\n"), traffic)
    told = [one.wrong for one in raised.value.problems if printed(one.path) == where]
    assert [one for one in told if wrong in one], raised.value.render()


def test_a_set_cannot_have_the_name_of_an_objective_s(shop: ReadsShop) -> None:
    said = f"objectives: {{one: {{of: api, availability: 99 %, budget: {{burn: [{PACE}]}}}}}}\n"
    other = "rules:\n  objective-one-10x-1h: {use: [WorkerDown]}\n"
    with pytest.raises(Problems, match=r"the set of objectives\.one\.budget\.burn\[0\] has that"):
        shop(("rules:\n", said + other))


def test_a_route_may_name_the_set_of_an_objective(promised: Promised, catalogue: Catalogue) -> None:
    route = "routing: {routes: {promises: {sets: [objective-one-10x-1h], channels: [slack]}}}\n"
    platform = promised("availability: 99.9 %", signals=COUNTED, more=route)
    reached = Reached(platform, catalogue)
    assert "objective-one-10x-1h" in {one.set for one in alerts(reached)}


def test_an_objective_without_a_burn_raises_nothing(shop: ReadsShop, catalogue: Catalogue) -> None:
    platform = shop(("rules:\n", "objectives: {one: {of: api, availability: 99.9 %}}\nrules:\n"))
    found = application(platform, catalogue, schedule(platform))
    assert (list(found.rules), found.unmade) == (["all"], ())
