"""Cases as Prometheus' own tests: which series, which values, which condition."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from belfry.cases.claims import Claim, alternative, claims
from belfry.cases.history import histories, minutes, named, values
from belfry.cases.made import made_cases
from belfry.cases.promtool import claim_file, distinct, first_minute, lasts, rule_file
from belfry.conditions import Plain, Told
from belfry.language.signals import Source
from belfry.rules import Case, Silence
from belfry.series import LONGEST, parse_series
from belfry.values.duration import Duration
from belfry.values.nonsense import Nonsense
from tests.unit.conditions import CONDITIONS, rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from belfry.catalogue import Catalogue


def case(series: Mapping[str, str], every: int = 60, at: int | None = None) -> Case:
    return Case(
        says="It is so.",
        series=series,
        every=Duration.of(every),
        at=None if at is None else Duration.of(at),
    )


@pytest.mark.parametrize(
    ("condition", "key", "series"),
    [
        ("down", "probe-up", 'probe_up{service="api"}'),
        ("down", 'probe-up{check="a", from="b,}"}', 'probe_up{check="a",from="b,}",service="api"}'),
        ("down", 'probe-up{service="other"}', 'probe_up{service="other"}'),
        ("silence of a histogram", 'times{le="+Inf"}', 'times_bucket{le="+Inf",service="api"}'),
        ("silence of a histogram", "times.sum", 'times_sum{service="api"}'),
        ("silence of a histogram", "times.count", 'times_count{service="api"}'),
        (
            "a quantile of a summary",
            'cpu-time{quantile="0.9"}',
            'cpu_time{quantile="0.9",service="api"}',
        ),
        ("plain PromQL", "pg_up", 'pg_up{service="api"}'),
        ("plain PromQL", 'a:b{x="\\"}"}', 'a:b{x="\\"}",service="api"}'),
    ],
)
def test_a_series_is_called_by_its_signal_or_its_metric(
    condition: str, key: str, series: str
) -> None:
    (found,) = histories(rule(CONDITIONS[condition]), case({key: "1"}))
    assert found.series == series


@pytest.mark.parametrize("key", ["", "{}", "a{", "a{b}", 'a{b="c" d}', "a.b", 'a{b="c}', "9"])
def test_what_is_no_series_is_refused(key: str) -> None:
    with pytest.raises(Nonsense, match="is not a series"):
        named(key)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1x3 0", "1x3 0"),
        ("1 _ 1", "1 stale 1"),
        ("1 _x3 0", "1 stale _x2 0"),
        ("1 _ _x2 0", "1 stale _x2 0"),
        ("_x3 1", "_x3 1"),
        ("1 _x1", "1 stale"),
    ],
)
def test_a_gap_begins_with_the_mark_that_a_scrape_leaves(text: str, expected: str) -> None:
    assert values(text) == expected


@given(st.lists(st.sampled_from(["1", "0x2", "5+1x3", "_", "_x2", "_x7"]), min_size=1))
def test_a_gap_stays_as_long_as_it_is(steps: list[str]) -> None:
    text = " ".join(steps)
    as_written = values(text).replace("stale", "_")
    assert parse_series(as_written) == parse_series(text)


def test_a_case_is_about_the_condition_whose_signals_it_names(catalogue: Catalogue) -> None:
    found = {claim.id: claim.rule.condition for claim in claims(catalogue, ["DiskFillsUp"])}
    assert found
    for name, rule_ in catalogue.rules.items():
        for one in (*rule_.cases.fires, *rule_.cases.quiet):
            assert 0 <= alternative(rule_, one) < len(rule_.when), name


def test_every_rule_of_the_catalogue_claims_to_fire_and_to_stay_quiet(
    catalogue: Catalogue,
) -> None:
    told = {
        name
        for name, one in catalogue.rules.items()
        if any(when.KEY == "told" for when in one.when)
    }
    for name in catalogue.rules.keys() - told:
        assert {claim.fires for claim in claims(catalogue, [name])} == {True, False}, name


def test_a_claim_becomes_a_test_of_promtool() -> None:
    made = rule(CONDITIONS["down"])
    fires = Claim(
        id="Down/fires/0", rule=made, case=case({"probe-up": "1x3 0x2"}, at=240), fires=True
    )
    quiet = Claim(id="Down/quiet/0", rule=made, case=case({"probe-up": "1x9"}, 120), fires=False)
    rules = distinct([fires, quiet])
    assert rules == (made,)
    file = yaml.safe_load(claim_file(rules, [fires, quiet], "rules.yml"))
    assert (file["rule_files"], file["evaluation_interval"]) == (["rules.yml"], "1m")
    alerts = 'ALERTS{alertstate="firing",variant="0"}'
    assert file["tests"] == [
        {
            "name": "Down/fires/0: It is so.",
            "interval": "1m",
            "input_series": [{"series": 'probe_up{service="api"}', "values": "1x3 0x2"}],
            "promql_expr_test": [
                {
                    "expr": f"max(count_over_time({alerts}[7m])) > bool 0 or vector(0)",
                    "eval_time": "6m",
                    "exp_samples": [{"labels": "{}", "value": 1}],
                },
                {
                    "expr": f"min(min_over_time(timestamp({alerts})[7m:1m]))",
                    "eval_time": "6m",
                    "exp_samples": [{"labels": "{}", "value": 240}],
                },
            ],
        },
        {
            "name": "Down/quiet/0: It is so.",
            "interval": "2m",
            "input_series": [{"series": 'probe_up{service="api"}', "values": "1x9"}],
            "promql_expr_test": [
                {
                    "expr": f"max(count_over_time({alerts}[19m])) > bool 0 or vector(0)",
                    "eval_time": "18m",
                    "exp_samples": [{"labels": "{}", "value": 0}],
                }
            ],
        },
    ]
    (group,) = yaml.safe_load(rule_file(rules))["groups"]
    assert [next(iter(one.values())) for one in group["rules"]] == [
        "belfry:judged_since:time",
        "Trouble",
    ]
    assert group["rules"][1]["labels"] == {"service": "api", "variant": "0"}


@pytest.mark.parametrize(("at", "every", "minute"), [(600, 1, 10), (600, 4, 12), (480, 4, 8)])
def test_a_case_that_is_judged_seldom_fires_at_the_next_judgement(
    at: int, every: int, minute: int
) -> None:
    made = rule(CONDITIONS["down"])
    one = Claim(id="a", rule=made, case=case({"probe-up": "0x9"}, at=at), fires=True)
    assert first_minute(one, every) == minute


def test_a_case_without_a_series_is_watched_until_silence_is_heard() -> None:
    made = rule(CONDITIONS["silence"], hold=120, silent_after=180)
    one = Claim(id="a", rule=made, case=case({}), fires=True)
    assert lasts(one) == (600 + 120 + 180) // 60 + 5
    assert minutes(case({})) == 0


@pytest.mark.parametrize("silence", Silence)
@pytest.mark.parametrize("hold", [0, 60, 3600])
@pytest.mark.parametrize("name", CONDITIONS)
def test_cases_are_made_for_every_condition_that_names_a_signal(
    name: str, hold: int, silence: Silence
) -> None:
    condition = CONDITIONS[name]
    made = made_cases(rule(condition, hold=hold, silence=silence))
    if isinstance(condition, Plain):
        assert (made.fires, made.quiet) == ((), ())
        return
    assert made.fires
    assert made.quiet
    for one in (*made.fires, *made.quiet):
        assert one.series
        for text in one.series.values():
            assert len(parse_series(text)) <= LONGEST


def test_no_case_is_made_where_no_signal_is_named() -> None:
    assert made_cases(rule(Told(event="dos_attack_l7"))).fires == ()
    plain = Plain(expression="up", above=True, limit=1, source=Source.NODE)
    assert made_cases(rule(plain, silence=Silence.ALERTING)).fires == ()


def test_silence_is_a_case_of_what_it_counts_as() -> None:
    alerting = made_cases(rule(CONDITIONS["down"], silence=Silence.ALERTING))
    assert [one.says for one in alerting.fires] == [
        "Just beyond the limit, for long enough.",
        "Nothing more is heard.",
    ]
    assert alerting.fires[1].series == {"probe-up": "1x5 _x6"}
    assert len(made_cases(rule(CONDITIONS["down"])).quiet) == 2
