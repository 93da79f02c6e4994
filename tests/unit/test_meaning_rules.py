"""Own rules, their limits and times: what can be said, and how late it may be known."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from belfry.loading import load_platform
from belfry.meaning.events import CLOUDFLARE
from belfry.problems import Problems
from tests.unit.shop import FAILS, SHOP

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.shop import Compiles, ReadsShop

SIGNALS = """\
signals:
  errors: {says: Share of requests that fail, from: sdk, of: api, in: share}
  answers: {says: Time of an answer, from: sdk, is: histogram, in: seconds}
  memory: {says: Memory in use, from: sdk, of: api, in: bytes}
  orders: {says: Orders, from: sdk, of: api, is: counter}
  balance: {says: Money in the till, from: sdk, of: api, in: number}
"""
MILDER = (
    "\nchannels:\n",
    "\n  P1: {rank: 1, answer: 1d, resolve: 7d, channels: [slack]}\nchannels:\n",
)
UNHURRIED = (
    "[WorkerDown, DatabaseConnectionError, HighResponseTime]",
    "[WorkerDown, DatabaseConnectionError]",
)
"""Rules that are in time however seldom a check is made."""


def own(*rules: str) -> tuple[str, str]:
    lines = "".join(
        f"      Rule{index}: {{of: api, severity: P1, summary: It is wrong, {rule}}}\n"
        for index, rule in enumerate(rules)
    )
    use = "  all: {use: [WorkerDown, DatabaseConnectionError, HighResponseTime]}\n"
    names = "[WorkerDown, DatabaseConnectionError, HighResponseTime]"
    text = f"  all:\n    use: {names}\n    own:\n{lines}{SIGNALS}"
    return (use, text)


@pytest.mark.parametrize(
    "condition",
    [
        "signal: errors, above: 99.9 %",
        "signal: errors, below: 100 %",
        "signal: answers, quantile: 95 %, above: 2s, over: 5m, for: 5m",
        "signal: memory, above: 50MB",
        "signal: orders, above: 0",
        "signal: balance, below: -100",
        "signal: orders, drops: 99 %, over: 1h",
        "signal: orders, rises: 100 %",
        "signal: orders, deviates: {sigma: 2.5, over: 7d}",
        "signal: orders, silent: 3m",
        "silent: 3m",
        "signal: memory, full-within: 7d, over: 1d",
        "failures: 3",
        "event: dos_attack_l7",
        "event: deployment",
    ],
)
def test_every_condition_can_be_said(shop: ReadsShop, condition: str) -> None:
    assert shop(own(condition), MILDER).rules["all"].own


def test_certificates_are_told_of_by_checks_of_them(shop: ReadsShop) -> None:
    check = ("checks:\n", "checks:\n  certificate: {of: api, tls: {left: 14d}, every: 1h}\n")
    assert shop(own("expires-within: 1d"), MILDER, check).rules["all"].own


def test_failures_of_a_journey_count_too(shop: ReadsShop) -> None:
    journey = "journeys: {log-in: {of: api, steps: [{path: /}]}}\nrules:\n"
    assert shop(own("failures: 3"), MILDER, ("rules:\n", journey)).journeys


def test_all_events_of_cloudflare_have_different_names() -> None:
    assert len(set(CLOUDFLARE)) == len(CLOUDFLARE)


def test_a_signal_without_services_is_known_of_all(shop: ReadsShop) -> None:
    database = own("signal: answers, above: 2s")[1].replace(
        "of: api, severity", "of: database, severity"
    )
    assert shop((own()[0], database), MILDER).rules["all"].own


@pytest.mark.parametrize(
    ("milder", "harsher"),
    [
        ("above: 2 %, for: 5m", "above: 5 %, for: 2m"),
        ("above: 5 %, for: 1m", "above: 5 %, for: 5m"),
        ("above: 10 %, for: 1m", "above: 5 %, for: 5m"),
        ("below: 10 %", "above: 5 %"),
        ("below: 10 %", "below: 5 %"),
        ("above: 10 %, over: 5m", "above: 5 %"),
    ],
)
def test_a_milder_rule_that_speaks_first_has_its_place(
    shop: ReadsShop, milder: str, harsher: str
) -> None:
    text = own(f"signal: errors, {milder}", f"signal: errors, {harsher}")[1]
    worse = text.replace("Rule1: {of: api, severity: P1", "Rule1: {of: api, severity: P0")
    assert shop((own()[0], worse), MILDER).rules["all"].own


@pytest.mark.parametrize(
    ("milder", "harsher"),
    [
        ("above: 5 %", "above: 5 %"),
        ("above: 6 %, for: 5m", "above: 5 %, for: 5m"),
        ("below: 4 %, for: 5m", "below: 5 %, for: 1m"),
    ],
)
def test_a_milder_rule_that_never_speaks_first_has_none(
    shop: ReadsShop, milder: str, harsher: str
) -> None:
    text = own(f"signal: errors, {milder}", f"signal: errors, {harsher}")[1]
    worse = text.replace("Rule1: {of: api, severity: P1", "Rule1: {of: api, severity: P0")
    with pytest.raises(Problems, match="it is never said first"):
        shop((own()[0], worse), MILDER)


def test_a_set_may_have_rules_of_its_own_only(shop: ReadsShop) -> None:
    text = own("failures: 2")[1].replace(
        "    use: [WorkerDown, DatabaseConnectionError, HighResponseTime]\n", ""
    )
    text = text.replace("of: api, severity", "of: [api, database], severity")
    assert not shop((own()[0], text), MILDER).rules["all"].use


@pytest.mark.parametrize("late", ["for: 15m", "over: 10m, for: 5m"])
def test_a_rule_must_be_known_before_its_severity_is_answered(shop: ReadsShop, late: str) -> None:
    text = own(f"signal: errors, above: 5 %, {late}")[1].replace("severity: P1", "severity: P0")
    with pytest.raises(Problems, match=r"Rule0 is known after .* and P0 is answered within 15m"):
        shop((own()[0], text))


@pytest.mark.parametrize(
    "ahead", ["full-within: 7d, over: 1d, for: 10m", "deviates: {sigma: 3, over: 7d}"]
)
def test_the_window_of_a_prediction_is_not_waited_for(shop: ReadsShop, ahead: str) -> None:
    text = own(f"signal: memory, {ahead}")[1].replace("severity: P1", "severity: P0")
    assert shop((own()[0], text)).rules["all"].own


def test_a_slow_check_is_told_once_and_not_for_every_rule(shop: ReadsShop) -> None:
    slow = ("http: {path: /health}}", "http: {path: /health}, every: 20m}")
    with pytest.raises(Problems) as raised:
        shop(slow)
    assert [problem.path for problem in raised.value.problems] == [
        ("checks", "api-health", "every")
    ]


@pytest.mark.parametrize("promise", ["best effort", "next business day"])
def test_a_slow_check_is_in_time_for_a_patient_severity(shop: ReadsShop, promise: str) -> None:
    slow = ("http: {path: /health}}", "http: {path: /health}, every: 1h}")
    patient = ("answer: 15m, resolve: 1h", f"answer: {promise}, resolve: best effort")
    assert shop(slow, patient, UNHURRIED).checks["api-health"].every.whole_seconds == 3600


def test_a_slow_check_is_in_time_where_nobody_is_paged(shop: ReadsShop) -> None:
    slow = ("http: {path: /health}}", "http: {path: /health}, every: 20m}")
    platform = shop(
        slow,
        UNHURRIED,
        ("{paging: worker, stand-ins", "{paging: shadow, stand-ins"),
        ("{paging: worker, domain", "{paging: shadow, domain"),
    )
    assert platform.checks["api-health"].every.whole_seconds == 1200


def test_a_mistake_of_form_keeps_what_rests_on_it_silent(shop: ReadsShop) -> None:
    text = own("signal: errors, above: 5 %")[1].replace("in: share", "in: shares")
    with pytest.raises(Problems) as raised:
        shop((own()[0], text), MILDER)
    assert [problem.path for problem in raised.value.problems] == [("signals", "errors", "in")]


def test_all_that_nothing_fills_in_the_texts_of_a_platform_is_told_to_the_character(
    tmp_path: Path,
) -> None:
    own = """\
    own:
      Fails:
        of: api
        severity: P0
        failures: 2
        summary: Hello {{ $labels.nolabel }} ${nosuch}
        first-step: run ${x}
"""
    file = tmp_path / "shop.yaml"
    text = SHOP.replace("rules:\n  all: {use: ", f"rules:\n  all:\n{own}    use: ")
    text = text.replace("HighResponseTime]}", "HighResponseTime]")
    override = "rules: {all: {own: {Fails: {summary: '${titel} fails'}}}}"
    file.write_text(text.replace("domain: shop.example}", f"domain: shop.example, {override}}}"))
    with pytest.raises(Problems) as raised:
        load_platform(file)
    lines = file.read_text(encoding="utf-8").splitlines()
    begins = [
        lines[one.place.line - 1][one.place.column - 1 :]
        for one in raised.value.problems
        if one.place
    ]
    assert [one[:8] for one in begins] == ["${titel}", "{{ $labe", "${nosuch", "${x}"]
    assert "did you mean ${title}? there are ${address}, ${for}, ${host}" in str(raised.value)


def test_texts_of_own_rules_are_filled_for_each_service(
    shop: ReadsShop, compiled: Compiles
) -> None:
    said = "summary: '${title} fails, ${for}', first-step: 'See[: curl ${address}]'"
    fails = FAILS.replace("summary: It fails", said)
    platform = shop(
        ("{use: [WorkerDown, DatabaseConnectionError, HighResponseTime]}", f"{{{fails}}}")
    )
    rules = json.loads(compiled(platform, "prod").worker.configuration)["rules"]
    assert [(one["summary"], one["firstStep"]) for one in rules] == [
        ("api fails, 0s", "See: curl https://api.shop.example/health"),
        ("database fails, 0s", "See: curl https://api.shop.example/health/db"),
    ]


def test_a_page_of_an_own_rule_is_the_name_of_one(shop: ReadsShop) -> None:
    with pytest.raises(Problems, match=r'"\$\{x\}.md" is not the name of a page'):
        shop(own("failures: 2, runbook: '${x}.md'"), MILDER)


def test_a_number_without_a_unit_is_told_that_of_the_default(shop: ReadsShop) -> None:
    changed = "set: {HighResponseTime: {above: 14}}"
    with pytest.raises(Problems, match=r'"14" is not a duration  write 14s$'):
        shop(("HighResponseTime]}", f"HighResponseTime], {changed}}}"))
