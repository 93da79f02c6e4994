"""The files of Prometheus: stable bytes, one rule a block, numbers recorded once."""

from __future__ import annotations

from dataclasses import replace
from difflib import unified_diff
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from belfry.application import apply_rules
from belfry.conditions import Down, Plain, Take, Told
from belfry.language.signals import Measure, Source
from belfry.loading import load_platform
from belfry.prometheus import prometheus_files
from belfry.prometheus.recordings import recordings
from belfry.prometheus.seen import literally, seen
from belfry.promises import rule_sets
from belfry.promql import alert
from belfry.rules import ServiceRule, Silence
from belfry.schedule import schedule
from tests.unit.conditions import (
    CONDITIONS,
    ERROR_RATIO,
    LOAD,
    TIMES,
    above,
    below,
    deviates,
    reading,
    rises,
    rule,
    value,
)
from tests.unit.shop import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from belfry.catalogue import Catalogue
    from belfry.language.platform import Platform

EXAMPLE = load_platform(ROOT / "platforms" / "example.yaml")
RULES = [
    rule(condition, name=f"Trouble{index}", service=service, silence=silence, hold=60)
    for index, condition in enumerate(CONDITIONS.values())
    for service, silence in (("api", Silence.ALERTING), ("database", Silence.OK))
]


def files(rules: Sequence[ServiceRule]) -> Mapping[str, str]:
    return prometheus_files(EXAMPLE, "prod", {"all": rules})


def shipped(
    name: str, environment: str, catalogue: Catalogue
) -> tuple[Platform, Mapping[str, str]]:
    platform = load_platform(ROOT / "platforms" / f"{name}.yaml", environment=environment)
    rules = apply_rules(platform, catalogue, schedule(platform))
    return platform, prometheus_files(platform, environment, rules)


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """The lines that are gone, and those that are new."""
    assert before.keys() <= after.keys()
    lines = [
        line
        for name, text in after.items()
        for line in list(
            unified_diff(before.get(name, "").splitlines(), text.splitlines(), n=0, lineterm="")
        )[2:]
    ]
    gone = [line[1:] for line in lines if line.startswith("-")]
    return gone, [line[1:] for line in lines if line.startswith("+")]


def test_every_set_has_a_file_of_alerts_beside_the_recordings(catalogue: Catalogue) -> None:
    platform, found = shipped("marketplace", "prod", catalogue)
    assert list(found) == [
        "recordings.yml",
        *(f"rules/{name}.yml" for name in rule_sets(platform)),
        "prometheus.yml",
    ]
    assert found == shipped("marketplace", "prod", catalogue)[1]


def test_who_has_no_server_gets_rules_for_somebody_else_s(catalogue: Catalogue) -> None:
    _, found = shipped("boulder-fest", "prod", catalogue)
    assert "prometheus.yml" not in found


def test_an_alert_says_whose_it_is_how_bad_and_what_was_seen() -> None:
    one = rule(above(ERROR_RATIO, 0.05), hold=120)
    (group,) = yaml.safe_load(files([one])["rules/all.yml"])["groups"]
    assert (group["name"], group["interval"]) == ("example-prod-all", "1m")
    assert group["rules"] == [
        {
            "alert": "Trouble",
            "expr": 'service:errors_per_requests:rate5m{service="api"} > 0.05',
            "for": "2m",
            "labels": {
                "environment": "prod",
                "kind": "http-api",
                "platform": "example",
                "rank": "1",
                "rule": "Trouble",
                "service": "api",
                "set": "all",
                "severity": "P1",
                "team": "operators",
                "trouble": "degraded",
            },
            "annotations": {
                "description": "It is.",
                "first_step": "Look at it.",
                "runbook_url": "runbooks/Trouble.md",
                "seen": "{{ $value | humanizePercentage }}, more than 5 %",
                "summary": "The API is in trouble",
            },
        }
    ]


def test_a_dashboard_is_linked_where_there_is_one() -> None:
    address = "https://g.example/d/{{x}}"
    found = prometheus_files(EXAMPLE, "prod", {"all": [RULES[0]]}, dashboard=address)
    assert "dashboard_url: 'https://g.example/d/{{ \"{{\" }}x}}'" in found["rules/all.yml"]


@given(st.permutations(range(len(RULES))), st.integers(min_value=0, max_value=len(RULES) - 1))
def test_a_rule_that_comes_changes_nothing_but_itself_and_what_it_records(
    order: list[int], at: int
) -> None:
    rules = [RULES[index] for index in order]
    new = rules[at]
    gone, came = changed(files([*rules[:at], *rules[at + 1 :]]), files(rules))
    assert gone == []
    assert f"          rule: {new.rule}" in came
    records = {line.split(": ", 1)[1] for line in came if line.startswith("      - record: ")}
    own = {f'"{one.record}"' for one in recordings([new]).rules}
    assert records <= own


@given(st.sampled_from(RULES), st.sampled_from(["for", "severity", "description"]))
def test_a_rule_that_is_edited_changes_its_own_lines_alone(one: ServiceRule, what: str) -> None:
    edited = {
        "for": replace(one, hold=120),
        "severity": replace(one, severity="P0", rank=0),
        "description": replace(one, description="It is, badly."),
    }[what]
    index = RULES.index(one)
    before, after = files(RULES), files([*RULES[:index], edited, *RULES[index + 1 :]])
    gone, came = changed(before, after)
    assert 0 < len(gone) == len(came)
    assert before["recordings.yml"] == after["recordings.yml"]
    alone, alone_edited = (set(files([it])["rules/all.yml"].splitlines()) for it in (one, edited))
    assert set(gone) <= alone
    assert set(came) <= alone_edited


def test_a_number_is_recorded_once_for_all_rules_that_need_it() -> None:
    slow = value(TIMES, Take.QUANTILE, 300, 0.95)
    some = [
        rule(above(ERROR_RATIO, 0.05), name="Many"),
        rule(above(ERROR_RATIO, 0.01), name="Some"),
        rule(rises(ERROR_RATIO, 1), name="More"),
        rule(above(ERROR_RATIO, 0.05), name="Many", service="database"),
        rule(above(slow, 2), name="Slow"),
        rule(below(value(LOAD, Take.MEAN), 1), name="Idle"),
    ]
    found = recordings(some)
    assert [(one.record, one.service) for one in found.rules] == [
        ("belfry:judged_since:time", None),
        ("service:errors_per_requests:rate5m", "api"),
        ("service:errors_per_requests:rate5m", "database"),
        ("service:times:p95_5m", "api"),
    ]
    read = 'service:errors_per_requests:rate5m{service="api"}'
    for one in some[:3]:
        assert read in (alert(one, found.numbers) or "")
    assert "offset 7d" in (alert(some[2], found.numbers) or "")


def test_what_is_usual_is_recorded_apart_from_how_far_is_far() -> None:
    far = rule(deviates(ERROR_RATIO))
    found = recordings([far])
    assert [one.record for one in found.rules[1:]] == [
        "service:errors_per_requests:rate5m",
        "service:errors_per_requests:rate5m_median1d",
        "service:errors_per_requests:rate5m_mad1d",
    ]
    assert alert(far, found.numbers) == (
        "abs(\n"
        "  (\n"
        '    service:errors_per_requests:rate5m{service="api"}\n'
        '    - service:errors_per_requests:rate5m_median1d{service="api"}\n'
        "  )\n"
        '  / service:errors_per_requests:rate5m_mad1d{service="api"}\n'
        ")\n"
        "> 3"
    )


def test_a_signal_that_an_exporter_gives_in_parts_is_recorded_before_all_numbers() -> None:
    whole = replace(reading("disk"), metric="service:disk:share", recorded="max by (service) (d)")
    rules = [rule(above(ERROR_RATIO, 0.05)), rule(Down(reading=whole)), rule(Down(reading=whole))]
    assert [one.record for one in recordings(rules).rules] == [
        "belfry:judged_since:time",
        "service:disk:share",
        "service:errors_per_requests:rate5m",
    ]


def test_two_numbers_of_one_name_are_not_recorded_as_one() -> None:
    one = value(replace(TIMES, signal="a-b"), Take.MEAN)
    other = value(replace(TIMES, signal="a_b", metric="other"), Take.MEAN)
    found = recordings([rule(above(one, 1), name="One"), rule(above(other, 1), name="Other")])
    assert [it.record for it in found.rules[1:]] == ["service:a_b:mean5m"]
    assert "other_sum" in (alert(rule(above(other, 1)), found.numbers) or "")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a rate above", "{{ $value | humanize }} a second, more than 2.5 a second"),
        ("a quantile of a histogram", "{{ $value | humanizeDuration }}, more than 2s"),
        ("a mean above", "{{ $value | humanizePercentage }}, more than 90 %"),
        (
            "a gauge that drops",
            "{{ $value | humanizePercentage }} against 3h ago, down by more than 30 %",
        ),
        ("a certificate that ends", "{{ $value | humanizeDuration }} left, less than 14d"),
        ("a job that is overdue", "{{ $value | humanizeDuration }} ago, more than 1d2h"),
        ("silence", "nothing was heard for 10m"),
    ],
)
def test_what_was_seen_stands_beside_its_limit(name: str, said: str) -> None:
    assert seen(rule(CONDITIONS[name])) == said


def test_bytes_are_seen_as_bytes_and_grafana_calls_values_otherwise() -> None:
    memory = reading("memory", measure=Measure.BYTES)
    one = rule(above(value(memory, Take.MEAN), 1e6))
    assert seen(one, "$values.A.Value") == "{{ $values.A.Value | humanize1024 }}B, more than 1MB"


def test_an_alert_for_want_of_data_says_so_instead() -> None:
    assert seen(rule(CONDITIONS["a mean above"], silence=Silence.ALERTING)) == (
        '{{ if eq (printf "%v" $value) "NaN" }}nothing was heard for 3m'
        "{{ else }}{{ $value | humanizePercentage }}, more than 90 %{{ end }}"
    )


def test_no_text_of_others_is_a_template() -> None:
    assert literally("50 {{ $value }}") == '50 {{ "{{" }} $value }}'
    one = replace(RULES[0], summary="{{ end }}", description='a "{{" b')
    text = files([one])["rules/all.yml"]
    (found,) = yaml.safe_load(text)["groups"][0]["rules"]
    assert found["annotations"]["summary"] == '{{ "{{" }} end }}'
    assert found["annotations"]["description"] == 'a "{{ "{{" }}" b'


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_is_read_back_as_it_was(service: str, expression: str) -> None:
    plain = Plain(expression=f"up or {expression!r}", above=True, limit=1, source=Source.NODE)
    one = rule(plain, service=service)
    (found,) = yaml.safe_load(files([one])["rules/all.yml"])["groups"][0]["rules"]
    assert found["expr"] == alert(one)
    assert found["labels"]["service"] == literally(service)


def test_what_cloudflare_tells_is_no_rule_of_prometheus() -> None:
    assert files([rule(Told(event="dos_attack_l7"))])["rules/all.yml"] == "groups: []\n"


def test_every_exporter_says_whose_figures_it_gives(catalogue: Catalogue) -> None:
    _, found = shipped("marketplace", "prod", catalogue)
    jobs = {
        one["job_name"]: one for one in yaml.safe_load(found["prometheus.yml"])["scrape_configs"]
    }
    assert jobs["node"]["static_configs"] == [
        {"targets": ["node:9100"], "labels": {"service": "host-1"}},
        {"targets": ["host-2:9100"], "labels": {"service": "host-2"}},
    ]
    assert jobs["postgres"]["static_configs"] == [
        {"targets": ["postgres:9187"], "labels": {"service": "database"}}
    ]
    assert jobs["prometheus"]["static_configs"][0]["labels"] == {"service": "host-1"}
    probed = {one["labels"]["check"]: one for one in jobs["blackbox-tcp"]["static_configs"]}
    assert probed["cache"] == {
        "targets": ["redis:6379"],
        "labels": {"__param_module": "tcp", "check": "cache", "service": "cache"},
    }
    (tls,) = jobs["blackbox-tls"]["static_configs"]
    assert tls["targets"] == ["api.marketplace.example:443"]
    assert [one["labels"]["__param_module"] for one in jobs["blackbox-dns"]["static_configs"]] == [
        "dns-name",
        "dns-mail-name",
    ]
    assert "settlement-ran" not in str(jobs)


def test_the_monitoring_worker_s_figures_need_a_key(catalogue: Catalogue) -> None:
    platform = load_platform(ROOT / "platforms" / "pitchey.yaml", environment="prod")
    rules = apply_rules(platform, catalogue, schedule(platform))
    found = prometheus_files(platform, "prod", rules, secrets="/run/secrets")
    first = yaml.safe_load(found["prometheus.yml"])["scrape_configs"][0]
    assert first["file_sd_configs"] == [{"files": ["targets/monitoring-worker.json"]}]
    assert (first["scheme"], first["metrics_path"]) == ("https", "/monitoring/metrics")
    key = {"type": "Bearer", "credentials_file": "/run/secrets/metrics-key"}
    assert first["authorization"] == key
