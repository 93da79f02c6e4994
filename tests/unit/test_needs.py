"""The graph of needs: its order, its circles, and the pace that it sets."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from belfry.needs import cycles, dependents_first
from belfry.schedule import schedule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.unit.shop import ReadsShop

NAMES = st.sampled_from("abcdefg")
GRAPHS = st.dictionaries(NAMES, st.lists(NAMES, unique=True, max_size=4), max_size=7)

UNHURRIED = (
    "[WorkerDown, DatabaseConnectionError, HighResponseTime]",
    "[WorkerDown, DatabaseConnectionError]",
)
"""Rules that are in time however seldom a check is made."""


def test_what_needs_comes_before_what_is_needed() -> None:
    assert dependents_first({"database": [], "page": ["api"], "api": ["database"]}) == (
        "page",
        "api",
        "database",
    )


@given(GRAPHS)
def test_a_service_is_ordered_after_all_that_need_it(needs: Mapping[str, list[str]]) -> None:
    order = dependents_first(needs)
    position = {service: index for index, service in enumerate(order)}
    for service in order:
        for needed in needs[service]:
            if needed in position:
                assert position[service] < position[needed]


@given(GRAPHS)
def test_there_are_circles_exactly_where_no_order_is(needs: Mapping[str, list[str]]) -> None:
    found = cycles(needs)
    assert bool(found) == (len(dependents_first(needs)) < len(needs))
    for cycle in found:
        assert all(other in needs[one] for one, other in pairwise((*cycle, cycle[0])))
        assert len(set(cycle)) == len(cycle)


def test_two_circles_through_one_service_are_said_once() -> None:
    assert cycles({"a": ["b", "c"], "b": ["a"], "c": ["a"]}) == (("a", "b"),)


def test_a_chain_of_a_hundred_thousand_services_is_ordered() -> None:
    count = 100_000
    needs = {str(i): [str(i + 1)] for i in range(count)}
    assert len(dependents_first(needs)) == count
    needs[str(count)] = ["0"]
    (circle,) = cycles(needs)
    assert len(circle) == count + 1


def test_a_cause_is_looked_at_as_often_as_its_victims(shop: ReadsShop) -> None:
    platform = shop(
        ("http: {path: /health/db}", "http: {path: /health/db}, every: 10m"),
        ("http: {path: /health}", "http: {path: /health}, every: 2m"),
    )
    turns = schedule(platform)
    assert turns["api-health"].every == 120
    assert turns["database-health"].every == 120
    assert turns["database-health"].written == 600


def test_a_victim_is_not_hurried_by_its_cause(shop: ReadsShop) -> None:
    platform = shop(("http: {path: /health}", "http: {path: /health}, every: 5m"), UNHURRIED)
    assert schedule(platform)["api-health"].every == 300


def test_two_checks_of_one_service_keep_their_own_pace(shop: ReadsShop) -> None:
    platform = shop(("checks:\n", "checks:\n  deep: {of: api, http: {path: /deep}, every: 3m}\n"))
    turns = schedule(platform)
    assert (turns["deep"].every, turns["api-health"].every) == (180, 60)


def test_the_fastest_check_of_a_victim_sets_the_pace_of_its_cause(shop: ReadsShop) -> None:
    platform = shop(
        ("{path: /health}", "{path: /health}, every: 2m"),
        (
            "{path: /health/db}}",
            "{path: /health/db}, every: 10m}\n  deep: {of: api, http: {path: /x}, every: 5m}",
        ),
        UNHURRIED,
    )
    assert schedule(platform)["database-health"].every == 120


def test_the_pace_reaches_through_services_that_no_check_is_about(shop: ReadsShop) -> None:
    platform = shop(
        ("needs: [database]", "needs: [pool, database]"),
        (
            "  database: {is: postgres}",
            (
                "  pool: {is: redis, needs: [disk]}\n"
                "  disk: {is: http-api, url: 'http://d.example'}\n"
                "  database: {is: postgres}"
            ),
        ),
        ("checks:\n", "checks:\n  disk: {of: disk, http: {path: /}, every: 1h}\n"),
    )
    assert schedule(platform)["disk"].every == 60


def test_an_environment_may_check_less_often(shop: ReadsShop) -> None:
    change = (
        "stand-ins: true}",
        (
            "stand-ins: true, checks: "
            "{api-health: {every: 5m, timeout: 20s}, database-health: {every: 10m}}}"
        ),
    )
    turns = schedule(shop(change, UNHURRIED, environment="local"))
    assert turns["api-health"].timeout == 20
    assert turns["database-health"].every == 300
    assert schedule(shop(change, UNHURRIED, environment="prod"))["api-health"].every == 60
