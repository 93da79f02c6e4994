"""The catalogue applied to a platform, and what each backend is told of a rule."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from belfry.application import application, apply_rules, severity_of_rank
from belfry.conditions import (
    Absent,
    Beyond,
    Changed,
    Deviates,
    Direction,
    Fills,
    Method,
    Reading,
    Take,
    Told,
    Value,
)
from belfry.language.signals import Measure, MetricKind, SignalName, Source
from belfry.problems import Problems
from belfry.prometheus.rule_files import texts_of
from belfry.schedule import schedule
from belfry.signals import SIGNALS
from belfry.worker_configuration import worker_rule
from tests.unit.shop import FAILS, Compiles, ReadsShop

if TYPE_CHECKING:
    from belfry.catalogue import Catalogue
    from belfry.conditions import Condition
    from belfry.language.platform import Platform
    from belfry.rules import ServiceRule


def limit_of(rule: ServiceRule) -> float:
    assert isinstance(rule.condition, Beyond)
    return rule.condition.limit


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
                "rules:\n  strict: {use: [HighResponseTime], set: "
                "{HighResponseTime: {above: 500ms, for: 1m, severity: P0}}}\n"
            ),
        )
    )
    rules = rules_of(platform, catalogue)
    strict, lax = rules["strict/HighResponseTime/api"], rules["all/HighResponseTime/api"]
    assert limit_of(strict) == 0.5
    assert (strict.hold, strict.severity) == (60, "P0")
    assert limit_of(lax) == 2
    assert lax.hold == 300


def test_the_texts_say_the_figures_of_their_set(shop: ReadsShop, catalogue: Catalogue) -> None:
    platform = shop(
        ("is: http-api", "is: http-api, title: The API"),
        (
            "[WorkerDown, DatabaseConnectionError, HighResponseTime]}",
            f"[HighResponseTime], set: {{HighResponseTime: {{above: 90s}}}}, {FAILS}}}",
        ),
    )
    rule = rules_of(platform, catalogue)["all/HighResponseTime/api"]
    assert rule.summary == "The API: answers are slow"
    assert rule.description == "Answers of api took longer than 1m30s on average, for 5m."


def test_each_backend_is_told_the_first_step(shop: ReadsShop, catalogue: Catalogue) -> None:
    own = FAILS.replace("failures: 2", "failures: 2, first-step: 'open ${title}'")
    platform = shop(
        ("is: http-api", "is: http-api, title: 'The {{ API }}'"),
        ("HighResponseTime]}", f"HighResponseTime], {own}}}"),
    )
    rules = rules_of(platform, catalogue)
    down, mine = rules["all/WorkerDown/api"], rules["all/Fails/api"]
    assert down.first_step is not None
    assert down.first_step == "Look at what it answers."
    assert worker_rule(mine)["firstStep"] == "open The {{ API }}"
    assert texts_of(mine)["first_step"] == 'open The {{ "{{" }} API }}'
    assert texts_of(down)["first_step"] == down.first_step
    assert "first_step" not in texts_of(replace(mine, first_step=None))


def test_a_window_holds_at_least_two_probes(shop: ReadsShop, catalogue: Catalogue) -> None:
    platform = shop(
        ("http: {path: /health}", "http: {path: /health}, every: 10m"),
        ("answer: 15m", "answer: 1h"),
        ("HighResponseTime]}", "HighResponseTime], set: {HighResponseTime: {for: 10m}}}"),
    )
    rules = rules_of(platform, catalogue)
    slow = rules["all/HighResponseTime/api"].condition
    assert isinstance(slow, Beyond)
    assert slow.measured.over == 1200
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


def test_every_signal_names_its_sources_and_when_it_has_no_value() -> None:
    assert set(SIGNALS) == set(SignalName)
    for signal in SIGNALS.values():
        assert signal.known
        assert signal.says.endswith(".")
        assert signal.absent.endswith(".")


def test_worker_and_grafana_are_told_the_same_limit_and_the_same_wait(
    shop: ReadsShop, compiled: Compiles
) -> None:
    platform = shop(
        (
            "[WorkerDown, DatabaseConnectionError, HighResponseTime]}",
            f"[HighResponseTime], set: {{HighResponseTime: {{above: 3s, for: 10m}}}}, {FAILS}}}",
        ),
    )
    stack = compiled(platform, "prod")
    told, *_ = json.loads(stack.worker.configuration)["rules"]
    rule, *_ = stack.grafana.rule_groups[0].rules
    assert told["condition"]["limit"] == rule.limit == 3.0
    assert told["for"] == rule.hold == 600


OWN = """\
      {of: api, severity: P0, summary: It is bad, CONDITION}
signals:
  slow: {says: Time, from: sdk, of: api, metric: shop_seconds_bucket, is: histogram, in: seconds}
  used: {says: In use, from: sdk, of: api, in: share}
  lost: {says: Lost, from: sdk, of: api, is: counter}
"""
SLOW = Reading(
    signal="slow",
    metric="shop_seconds",
    kind=MetricKind.HISTOGRAM,
    measure=Measure.SECONDS,
    source=Source.SDK,
)
USED = replace(
    SLOW, signal="used", metric="shop_used", kind=MetricKind.GAUGE, measure=Measure.SHARE
)
LOST = replace(
    SLOW, signal="lost", metric="shop_lost", kind=MetricKind.COUNTER, measure=Measure.COUNT
)


@pytest.mark.parametrize(
    ("said", "condition"),
    [
        (
            "signal: slow, quantile: 95 %, above: 2s, over: 10m",
            Beyond(
                measured=Value(reading=SLOW, take=Take.QUANTILE, over=600, quantile=0.95),
                above=True,
                limit=2,
            ),
        ),
        (
            "signal: slow, above: 500ms",
            Beyond(measured=Value(reading=SLOW, take=Take.MEAN, over=300), above=True, limit=0.5),
        ),
        (
            "signal: used, below: 70 %",
            Beyond(measured=Value(reading=USED, take=Take.LAST, over=300), above=False, limit=0.7),
        ),
        (
            'signal: lost, above: "9", over: 10m',
            Beyond(measured=Value(reading=LOST, take=Take.INCREASE, over=600), above=True, limit=9),
        ),
        (
            "signal: lost, drops: 50 %",
            Changed(
                measured=Value(reading=LOST, take=Take.INCREASE, over=300),
                rises=False,
                share=0.5,
                before=7 * 86_400,
            ),
        ),
        (
            "signal: used, deviates: {sigma: 3, over: 1d}",
            Deviates(
                measured=Value(reading=USED, take=Take.MEAN, over=300),
                method=Method.MEAN,
                factor=3,
                baseline=86_400,
                direction=Direction.EITHER,
            ),
        ),
        (
            "signal: used, full-within: 4h, over: 6h",
            Fills(reading=USED, over=21_600, full=1, within=14_400),
        ),
        ("signal: lost, silent: 3m", Absent(reading=LOST, after=180)),
        ("event: dos_attack_l7", Told(event="dos_attack_l7")),
    ],
)
def test_a_rule_of_the_platforms_own_means_the_same_as_one_of_the_catalogue(
    shop: ReadsShop, catalogue: Catalogue, said: str, condition: Condition
) -> None:
    own, signals = OWN.replace("CONDITION", said).strip().split("\n", maxsplit=1)
    mine = f"HighResponseTime], own: {{Mine: {own}}}}}\n{signals}"
    platform = shop(("HighResponseTime]}", mine))
    assert rules_of(platform, catalogue)["all/Mine/api"].condition == condition


def test_a_rule_that_is_asked_for_and_not_measured_yet_is_listed_and_says_why(
    shop: ReadsShop, catalogue: Catalogue
) -> None:
    platform = shop(
        ("HighResponseTime]}", "HighResponseTime, RegistrationEnds]}"),
        ("checks:\n", "checks:\n  name: {of: api, domain: {name: shop.example}, every: 1h}\n"),
    )
    (one,) = application(platform, catalogue, schedule(platform)).unmade
    assert (one.rule, one.service, one.parameters) == (
        "RegistrationEnds",
        "api",
        (("within", 30 * 86_400),),
    )
    assert one.why == "nothing measures domain-end of api"


def test_a_rule_that_nothing_is_asked_for_is_refused_with_what_is_missing(shop: ReadsShop) -> None:
    with pytest.raises(Problems) as raised:
        shop(("HighResponseTime]}", "HighResponseTime, HighErrorRate]}"))
    (problem,) = raised.value.problems
    assert problem.path == ("rules", "all", "use", 3)
    assert "nothing measures http-errors and http-requests or error-rate" in problem.wrong


def test_a_signal_of_another_service_is_named_with_those_that_it_could_be_of(
    shop: ReadsShop,
) -> None:
    signal = "query-time: {says: Slow, from: sdk, of: api, is: histogram, in: seconds}"
    told = f"signals:\n  {signal}\n"
    with pytest.raises(Problems) as raised:
        shop(
            ("HighResponseTime]}", "HighResponseTime, SlowQueries]}"),
            ("checks:\n", f"{told}checks:\n"),
        )
    told_of = [one for one in raised.value.problems if one.path == ("rules", "all", "use", 3)]
    assert [one.right.partition(",")[0] for one in told_of] == [
        "add of: database to signals.query-time"
    ]


def test_a_signal_that_is_nearly_called_as_a_rule_asks_is_named_with_its_place(
    shop: ReadsShop,
) -> None:
    signal = "mmeory: {says: Share of memory in use, from: sdk, of: api, in: share}"
    with pytest.raises(Problems) as raised:
        shop(
            ("HighResponseTime]}", "HighResponseTime, HighMemoryUsage]}"),
            ("checks:\n", f"signals:\n  {signal}\nchecks:\n"),
        )
    (problem,) = (one for one in raised.value.problems if "nothing measures" in one.wrong)
    assert problem.right.startswith("write memory, if signals.mmeory is meant for it")
    assert len(problem.also) == 1
