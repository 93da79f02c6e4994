"""What people are told of a key, of a kind of value, and of what a file says for a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from belfry.document import parse
from belfry.explain import NAME, every_path, explain, steps_of
from belfry.in_force import in_force
from belfry.kinds import kinds
from belfry.problems import Problems
from belfry.values.how import How
from belfry.written import keys_of, whole_file
from tests.unit.shop import SHOP

if TYPE_CHECKING:
    from belfry.in_force import InForce

FILE = SHOP.replace(
    "domain: shop.example}",
    "domain: shop.example, checks: {api-health: {every: 5m}, database-health: off}}",
).replace(
    "checks:\n  api-health: {",
    "defaults: {checks: {usual: {timeout: 20s}}}\nchecks:\n  api-health: {like: usual, ",
)


def held(path: str, environment: str | None = None) -> InForce:
    return in_force(parse(FILE.encode(), "shop.yaml"), steps_of(path), environment)


def refusal(path: str) -> str:
    with pytest.raises(Problems) as raised:
        explain(path)
    return str(raised.value)


def test_a_key_is_told_with_its_kind_default_and_example() -> None:
    found = explain("checks.NAME.every")
    assert found.says.startswith("How often it is made")
    assert found.kind == "a duration"
    assert "`1h30m`" in found.written
    assert found.default == "1m"
    assert found.required is False
    assert found.example == ("every: 60s",)


def test_a_key_is_told_with_every_place_where_it_may_stand() -> None:
    assert explain("checks.NAME.every").places == (
        "checks.NAME.every",
        "defaults.checks.NAME.every",
        "environments.NAME.checks.NAME.every",
    )


@pytest.mark.parametrize("name", ["*", "NAME", "api-health"])
def test_any_word_stands_for_a_name(name: str) -> None:
    assert explain(f"checks.{name}.every").says == explain("checks.NAME.every").says


def test_an_index_may_be_left_out() -> None:
    assert explain("checks.x.http.expect.status[0]").kind == "a whole number"
    assert explain("checks.x.http.expect.status").kind.startswith("a whole number")
    assert explain("severities.P0.escalate.after") == explain("severities.P0.escalate.after")


def test_the_words_of_a_vocabulary_are_listed() -> None:
    found = explain("environments.NAME.paging")
    assert found.kind == "a word"
    assert "shadow" in found.words


def test_the_words_of_a_table_of_names_are_listed() -> None:
    assert "deployment" in explain("routing.events").words
    assert "grafana" in explain("server.parts").words


def test_a_key_of_a_rule_itself_is_shown_where_it_stands() -> None:
    assert explain("rules.server.set.HighResponseTime.above").example == ("above: 2s",)


def test_a_condition_is_told_with_every_word_it_may_begin_with() -> None:
    assert all(f"`{how}" in explain("condition").written for how in How)


def test_a_table_is_told_with_its_keys() -> None:
    keys = {key.key: key for key in explain("checks.NAME.http").keys}
    assert keys["path"].required
    assert not keys["expect"].required


def test_a_table_of_names_is_told_with_the_keys_of_its_entries() -> None:
    assert {"of", "like"} <= {key.key for key in explain("checks").keys}


def test_nothing_asked_is_the_whole_file() -> None:
    assert {key.key for key in explain().keys} == {*keys_of(whole_file())}


def test_an_override_may_be_off() -> None:
    assert explain("environments.NAME.checks.NAME").off
    assert not explain("checks.NAME").off


@pytest.mark.parametrize("asked", ["duration", "durations", "percentage", "time-zone", "secret"])
def test_a_kind_of_value_is_told(asked: str) -> None:
    found = explain(asked)
    assert found.written
    assert found.example
    assert found.places


@pytest.mark.parametrize("kind", kinds())
def test_every_kind_of_value_can_be_asked_for(kind: str) -> None:
    assert explain(kind.replace(" ", "-")).says


@pytest.mark.parametrize(("path", "part"), every_path(), ids=[path for path, _ in every_path()])
def test_every_key_can_be_asked_for(path: str, part: object) -> None:
    found = explain(path)
    assert found.says
    assert found.path == path
    assert part is not None
    if NAME not in path.rpartition(".")[2]:
        assert found.example


@pytest.mark.parametrize(
    ("path", "right"),
    [
        ("checks.x.http.expct", "did you mean expect?"),
        ("chekcs", "did you mean checks?"),
        ("checks.x.every.unit", "ask for checks.x.every"),
        ("confirmations", "checks.NAME.confirmations"),
        ("every", "checks.NAME.every"),
        ("day", "it stands at maintenance.NAME.day"),
        ("checks..every", "such as checks.NAME.every"),
        ("server.parts.grafna", "did you mean grafana?"),
        ("durration", "did you mean duration?"),
    ],
)
def test_what_is_not_there_is_answered_with_what_was_meant(path: str, right: str) -> None:
    assert right in refusal(path)


def test_what_a_file_says_itself_is_told_with_its_place() -> None:
    found = held("checks.api-health.of")
    assert found.value == "api"
    assert str(found.place).startswith("shop.yaml:")
    assert found.why == "said there itself"


def test_what_comes_from_a_default_is_told_with_the_default() -> None:
    found = held("checks.api-health.timeout", "prod")
    assert found.value == "20s"
    assert found.why == "taken from defaults.checks.usual.timeout by like"


def test_what_an_environment_overrides_is_told_there_and_not_elsewhere() -> None:
    assert held("checks.api-health.every", "prod").value == "5m"
    assert (
        "environments.prod.checks.api-health.every" in held("checks.api-health.every", "prod").why
    )
    assert held("checks.api-health.every", "local").value is None


def test_a_table_and_a_list_are_told_on_one_line() -> None:
    assert held("checks.api-health.http").value == "{path: /health}"
    assert held("services.api.needs").value == "[database]"
    assert held("services.api.needs[0]").value == "database"
    assert held("services.api.needs[1]").value is None


@pytest.mark.parametrize(
    ("path", "environment", "right"),
    [
        ("checks.api-helth.every", None, "did you mean api-health?"),
        ("checks.database-health.every", "prod", "there is api-health"),
        ("checks.api-health.every", "prd", "did you mean prod?"),
    ],
)
def test_a_name_that_the_file_does_not_have_is_a_mistake(
    path: str, environment: str | None, right: str
) -> None:
    with pytest.raises(Problems) as raised:
        held(path, environment)
    assert right in str(raised.value)


def test_what_an_environment_says_itself_is_read_where_it_stands() -> None:
    assert held("environments.prod.domain").value == "shop.example"
    assert held("defaults.checks.usual.timeout").value == "20s"
