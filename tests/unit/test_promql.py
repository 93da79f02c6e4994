"""Conditions in PromQL: what is written for each, and that nothing breaks it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belfry.conditions import Absent, Down, Plain, Take, Told
from belfry.language.signals import Source
from belfry.promql import Query, alert, query
from belfry.promql.expression import Binary, Call, Text, laid_out, number, quoted, selector
from belfry.rules import Silence
from belfry.values.duration import Duration
from tests.unit.conditions import CONDITIONS, ERROR_RATIO, LOAD, UP, above, rule, value

QUERIES = {
    "down": 'min by (service) (last_over_time(probe_up{service="api"}[3m])) lt 1',
    "a mean above": 'max by (service) (avg_over_time(load{service="api"}[5m])) gt 0.9',
    "a highest value above": 'max by (service) (max_over_time(load{service="api"}[5m])) gt 0.9',
    "a lowest value below": 'min by (service) (min_over_time(load{service="api"}[5m])) lt 0.1',
    "a last value below": 'min by (service) (last_over_time(load{service="api"}[5m])) lt 0.1',
    "a rate above": 'sum by (service) (rate(requests{service="api"}[5m])) gt 2.5',
    "a rate below": (
        'sum by (service) (rate(requests{service="api"}[5m])) and count by (service) '
        '(present_over_time(requests{service="api"}[5m] offset 5m)) and count by (service) '
        '(requests{service="api"}) lt 2.5'
    ),
    "an increase above": 'sum by (service) (increase(errors{service="api"}[5m])) gt 100',
    "a ratio above": (
        '(sum by (service) (rate(errors{service="api"}[5m])) or 0 * sum by (service) '
        '(rate(requests{service="api"}[5m]))) / '
        '(sum by (service) (rate(requests{service="api"}[5m])) > 0) gt 0.05'
    ),
    "a ratio of enough requests": (
        '(sum by (service) (rate(errors{service="api"}[5m])) or 0 * sum by (service) '
        '(rate(requests{service="api"}[5m]))) / '
        '(sum by (service) (rate(requests{service="api"}[5m])) > 0) and '
        'sum by (service) (increase(requests{service="api"}[5m])) >= 100 or '
        'sum by (service) (increase(requests{service="api"}[5m])) - Inf gt 0.05'
    ),
    "the mean of a histogram": (
        'sum by (service) (rate(times_sum{service="api"}[5m])) / '
        '(sum by (service) (rate(times_count{service="api"}[5m])) > 0) gt 2'
    ),
    "a quantile of a histogram": (
        "histogram_quantile(0.95, sum by (le, service) "
        '(rate(times_bucket{service="api"}[5m]))) >= -Inf gt 2'
    ),
    "a quantile of a summary": (
        "max by (service) (min without (quantile) (last_over_time(cpu_time"
        '{service="api",quantile=~"0[.]99|0[.]995|0[.]999|0[.]9999|1"}[5m]))) >= -Inf gt 0.05'
    ),
    "a gauge that drops": (
        'avg by (service) (avg_over_time(load{service="api"}[30m])) / (avg by (service) '
        '(avg_over_time(load{service="api"}[30m] offset 3h)) > 0) - 1 lt -0.3'
    ),
    "a share that fills": (
        'max by (service) (predict_linear(load{service="api"}[6h], 14400) and '
        'present_over_time(load{service="api"}[5h30m] offset 30m) or '
        'last_over_time(load{service="api"}[6h])) gt 1'
    ),
    "silence": (
        'max by (service) (absent_over_time(requests{service="api"}[10m])) or '
        '0 * max by (service) (present_over_time(requests{service="api"}[10m])) gt 0'
    ),
    "failures in a row": (
        'min by (service) (max_over_time(probe_up{service="api"}[3m]) and '
        'count_over_time(probe_up{service="api"}[3m]) >= 3 or '
        'present_over_time(probe_up{service="api"}[3m])) lt 1'
    ),
    "a job that is overdue": (
        'time() - min by (service) (last_over_time(last_run{service="api"}[3m])) gt 93600'
    ),
    "a certificate that ends": (
        'min by (service) (last_over_time(certificate_end{service="api"}[3m])) - time() lt 1209600'
    ),
    "plain PromQL": 'max by (service) (pg_up{service="api"}) lt 1',
}
ODD = st.text(st.characters(codec="utf-8"), max_size=20)
WORDS = st.sampled_from(["up", "sum", "by", "x" * 40])


def asked(name: str) -> Query:
    found = query(rule(CONDITIONS[name]))
    assert found is not None
    return found


@pytest.mark.parametrize("name", QUERIES)
def test_a_condition_is_one_value_per_service_and_a_limit(name: str) -> None:
    found = asked(name)
    limit = number(found.limit)
    assert f"{found.expression} {found.comparison} {limit}" == QUERIES[name]


def test_a_deviation_is_told_by_the_median_of_what_was_before_its_window() -> None:
    now = 'avg by (service) (avg_over_time(load{service="api"}[5m]))'
    past = f"{now}[2h:1m] offset 5m"
    usual = f"quantile_over_time(0.5, {past})"
    fixed = f"quantile_over_time(0.5, {past} @ end())"
    far = f"1.4826 * quantile_over_time(0.5, abs({now} - {fixed})[2h:1m] offset 5m)"
    least = f"0.05 * abs({usual})"
    assert asked("a gauge far from its median") == Query(
        expression=(
            f"abs(({now} - ({usual} and count_over_time({past}) >= 60))"
            f" / (({far} > {least} or {least}) > 0))"
        ),
        comparison="gt",
        limit=3,
    )


def test_an_alert_has_its_limit_in_it_and_lines_that_people_can_read() -> None:
    assert alert(rule(CONDITIONS["a ratio above"])) == (
        "(\n"
        '  sum by (service) (rate(errors{service="api"}[5m]))\n'
        '  or 0 * sum by (service) (rate(requests{service="api"}[5m]))\n'
        ")\n"
        '/ (sum by (service) (rate(requests{service="api"}[5m])) > 0)\n'
        "> 0.05"
    )


def test_an_alert_for_which_silence_is_trouble_has_a_branch_for_it() -> None:
    assert alert(rule(Down(reading=UP), silence=Silence.ALERTING)) == (
        'min by (service) (last_over_time(probe_up{service="api"}[3m])) < 1\n'
        "or\n"
        '  max by (service) (absent_over_time(probe_up{service="api"}[3m])) * NaN\n'
        "  and on () time() - last_over_time(belfry:judged_since:time[2m]) >= 180"
    )


@pytest.mark.parametrize(
    ("hold", "silent_after", "silence", "counts"),
    [
        (0, 180, Silence.ALERTING, "3m"),
        (300, 600, Silence.ALERTING, "5m"),
        (600, 600, Silence.ALERTING, "2m"),
        (300, 600, Silence.OK, "10m"),
    ],
)
def test_silence_begins_so_early_that_it_fires_when_it_should(
    hold: int, silent_after: int, silence: Silence, counts: str
) -> None:
    made = rule(Down(reading=UP), hold=hold, silent_after=silent_after, silence=silence)
    assert f"[{counts}]" in (alert(made) or "")


def test_absence_waits_until_prometheus_itself_has_heard_for_so_long() -> None:
    assert alert(rule(Absent(reading=UP, after=600), silence=Silence.ALERTING)) == (
        'max by (service) (absent_over_time(probe_up{service="api"}[10m])) > 0\n'
        "and on () time() - last_over_time(belfry:judged_since:time[2m]) >= 600"
    )


def test_what_is_recorded_is_read_from_there() -> None:
    read = Text('service:errors{service="api"}')
    made = rule(above(ERROR_RATIO, 0.05))
    assert alert(made, {("api", ERROR_RATIO): read}) == 'service:errors{service="api"} > 0.05'
    assert alert(made, {("other", ERROR_RATIO): read}) == alert(made)


def test_what_cloudflare_tells_has_no_promql() -> None:
    told = rule(Told(event="dos_attack_l7"), silence=Silence.ALERTING)
    assert query(told) is None
    assert alert(told) is None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('max by (service) (up{job=")"})', 'max by (service) (up{job=")"})'),
        ("sum by(service)(a)", "sum by(service)(a)"),
        (" up ", "max by (service) (up)"),
        ("max by (job) (up)", "max by (service) (max by (job) (up))"),
        (
            "sum by (service) (a) / sum by (service) (b)",
            "max by (service) (sum by (service) (a) / sum by (service) (b))",
        ),
        ("up # or down", "max by (service) (up # or down\n)"),
    ],
)
def test_plain_promql_has_one_value_per_service_as_well(written: str, expected: str) -> None:
    found = query(rule(Plain(expression=written, above=True, limit=1, source=Source.NODE)))
    assert found is not None
    assert found.expression == expected


def unquoted(text: str) -> str:
    """Read a string of PromQL, as Go's strconv does."""
    signs = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
    return re.sub(
        r"\\(?:u([0-9a-f]{4})|U([0-9a-f]{8})|(.))",
        lambda one: chr(int(one[1] or one[2], 16)) if one[1] or one[2] else signs[one[3]],
        text[1:-1],
    )


@given(ODD)
def test_a_string_is_what_it_was(text: str) -> None:
    written = quoted(text)
    assert unquoted(written) == text
    assert written.isprintable()


@given(ODD, ODD)
def test_no_label_can_end_its_selector(service: str, path: str) -> None:
    found = query(rule(Down(reading=replace(UP, matchers=(("path", path),))), service=service))
    assert found is not None
    inside = f"service={quoted(service)},path={quoted(path)}"
    assert found.expression == f"min by (service) (last_over_time(probe_up{{{inside}}}[3m]))"


@pytest.mark.parametrize(
    ("metric", "expected"),
    [("up", "up{}"), ("a:b", "a:b{}"), ("http.requests", '{"http.requests"}'), ("9", '{"9"}')],
)
def test_a_metric_stands_in_quotes_where_its_name_must(metric: str, expected: str) -> None:
    assert str(selector(metric, ())) == expected


@given(st.integers(min_value=1, max_value=10**7), st.sampled_from(list(Take)[:4]))
def test_every_window_is_a_range_that_promql_reads(window: int, take: Take) -> None:
    found = query(rule(above(value(LOAD, take, window), 1)))
    assert found is not None
    span = found.expression.split("[")[1].split("]")[0]
    assert Duration.parse(span) == Duration.of(window)


@given(
    st.recursive(
        WORDS.map(Text),
        lambda inner: st.one_of(
            st.builds(
                Binary,
                inner,
                st.sampled_from(["or", "and on ()", "unless", ">", "+", "-", "*", "/"]),
                inner,
            ),
            st.builds(lambda one, two: Call("f", (one, two)), inner, inner),
        ),
        max_leaves=12,
    )
)
def test_lines_are_laid_out_and_nothing_else_is_changed(node: Text | Call | Binary) -> None:
    lines = laid_out(node).splitlines()
    assert re.sub(r"\s+", "", "".join(lines)) == re.sub(r"\s+", "", str(node))
    assert all(line.strip() == line.strip("\n").strip() != "" for line in lines)


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (Binary(Binary(Text("a"), "or", Text("b")), "/", Text("c")), "(a or b) / c"),
        (Binary(Text("a"), "-", Binary(Text("b"), "-", Text("c"))), "a - (b - c)"),
        (Binary(Binary(Text("a"), "-", Text("b")), "-", Text("c")), "a - b - c"),
        (Binary(Text("a"), "or", Binary(Text("b"), "and on ()", Text("c"))), "a or b and on () c"),
    ],
)
def test_parentheses_stand_where_they_are_needed(node: Binary, expected: str) -> None:
    assert str(node) == expected


@pytest.mark.parametrize(
    ("given_number", "expected"),
    [
        (1.0, "1"),
        (0.05, "0.05"),
        (-0.3, "-0.3"),
        (1e-9, "1e-09"),
        (1e16, "1e+16"),
        (2**53, "9007199254740992"),
    ],
)
def test_a_number_keeps_its_digits(given_number: float, expected: str) -> None:
    assert str(number(given_number)) == expected
    assert float(expected) == given_number
