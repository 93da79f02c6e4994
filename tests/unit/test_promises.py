"""Objectives as rule sets: what their burns raise, of which requests, and when that is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

from belfry.application import application
from belfry.conditions import Beyond, Burn, Ratio, Take, Value
from belfry.language.signals import Measure
from belfry.meaning.reach import Reached, alerts
from belfry.problems import Problems
from belfry.schedule import schedule
from belfry.worker_conditions import in_its_words

if TYPE_CHECKING:
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
    assert asked.least == 200, "of fewer, one alone is more than 0.5 %"


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
            "1h hold 600 requests, and it is judged from 1000 on, for 1 of fewer is more than 0.1",
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
    (problem,) = raised.value.problems
    assert ".".join(map(str, problem.path)).replace(".0", "[0]").replace(".1", "[1]") == where
    assert wrong in problem.wrong


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
