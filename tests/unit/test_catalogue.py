"""The catalogue: read like platforms, proven by its own cases, each rule with its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from belfry.application import rule_about
from belfry.catalogue import SHIPPED, Catalogue, load_catalogue
from belfry.conditions import readings
from belfry.problems import Problems
from belfry.prometheus.seen import seen
from belfry.promql import alert
from belfry.series import parse_series
from belfry.trial import Standing, trial

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from _pytest.mark import ParameterSet

    from belfry.rules import Case, ServiceRule

RULE = """\
rules:
  TooSlow:
    covers: [http-api]
    rank: 1
    when: {above: {signal: probe-seconds, take: max, over: 2m, limit: above}}
    for: 2m
    no-data: {is: ok, after: 3m}
    summary: ${title} is slow
    description: Slower than ${above} for ${for}.
    first-step: Open ${title}.
    runbook: TooSlow.md
    parameters:
      above: {is: duration, default: 2s, says: The slowest good answer.}
    cases:
      fires: [{says: It is slow., series: {probe-seconds: 3x9}}]
      quiet: [{says: It is not., series: {probe-seconds: 1x9}}]
"""
RULES = load_catalogue().rules


PROBED = (["probe-up"], ["probe-seconds"])


def judged_by_the_worker() -> Iterator[ParameterSet]:
    """Give the cases whose signals the monitoring Worker measures itself, with their rules."""
    for name, rule in RULES.items():
        for index in range(len(rule.when)):
            made = rule_about(name, rule, index)
            told = readings(made.condition) if made else ()
            if made is None or [str(one.signal) for one in told] not in PROBED:
                continue
            for key, cases in (("fires", rule.cases.fires), ("quiet", rule.cases.quiet)):
                for case in cases:
                    if told[0].signal in case.series:
                        yield pytest.param(made, case, key == "fires", id=f"{name}: {case.says}")


def written(folder: Path, text: str, name: str = "slow.yaml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def about_one_service(name: str) -> ServiceRule:
    made = rule_about(name, RULES[name], 0)
    assert made is not None
    return made


@pytest.mark.parametrize(("rule", "case", "fires"), list(judged_by_the_worker()))
def test_a_case_fires_its_rule_or_leaves_it_quiet(
    rule: ServiceRule, case: Case, *, fires: bool
) -> None:
    history = {signal: parse_series(text) for signal, text in case.series.items()}
    assert (Standing.FIRING in trial(rule, history)) is fires


def test_a_rule_that_holds_waits_for_as_long_as_it_says() -> None:
    rule = about_one_service("HighResponseTime")
    standings = trial(rule, {"probe-seconds": parse_series("0.2x4 9x8 0.2x3")})
    first = standings.index(Standing.FIRING)
    assert standings[first - 6 : first] == (Standing.QUIET, *(Standing.PENDING,) * 5)
    assert standings[-1] is Standing.QUIET


def test_silence_is_unknown_before_it_counts() -> None:
    rule = about_one_service("WorkerDown")
    standings = trial(rule, {"probe-up": parse_series("1x2 _x4")})
    assert standings == (*(["quiet"] * 3), "unknown", "unknown", "firing", "firing")


def test_a_file_is_a_subject_that_a_set_can_use_as_a_whole(catalogue: Catalogue) -> None:
    subject = catalogue.subjects["availability"]
    assert subject[:2] == ("WorkerDown", "FrontendDown")
    used = catalogue.used_by(["availability", "FrontendDown", "HighResponseTime"])
    assert used == (*subject, "HighResponseTime")


def test_own_rules_override_by_name_and_add(tmp_path: Path) -> None:
    written(tmp_path, RULE)
    mine = RULE.replace("rank: 1", "rank: 3")
    mine += RULE.removeprefix("rules:\n").replace("TooSlow", "MuchTooSlow")
    mine = mine.replace("runbook: Much", "runbook: own/Much")
    written(tmp_path / "own", mine)
    catalogue = load_catalogue(tmp_path)
    assert catalogue.rules["TooSlow"].rank == 3
    assert catalogue.rules["MuchTooSlow"].runbook == "own/MuchTooSlow.md"
    assert catalogue.subjects["slow"] == ("TooSlow", "MuchTooSlow")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("for: 2m", "for: 90s", "1m30s is not whole minutes"),
        ("after: 3m", "after: 10s", "10s is not whole minutes"),
        ("limit: above}}", "limit: above, part: http-errors}}", "it must be a signal, or part and"),
        ("take: max", "take: rate", "probe-seconds is a gauge, of which there is no rate"),
        ("take: max", "take: max, quantile: 95 %", "take: quantile and quantile: 95 % belong"),
        ("signal: probe-seconds, take", "signal: probe-secs, take", "probe-seconds"),
        ("limit: above", "limit: below", 'the rule has no parameter "below"  there is above'),
        ("default: 2s", "default: fast", '"fast" is not a duration'),
        ("is: duration", "is: count", '"2s" is not a count'),
        (
            "is: duration, default: 2s",
            "is: count, default: 2",
            "above is a count, and must be a duration",
        ),
        ("${title} is slow", "${titel} is slow", "nothing fills ${titel}  did you mean ${title}?"),
        ("Open ${title}", "Open ${titel}", "nothing fills ${titel}  did you mean ${title}?"),
        ("above: {is", "host: {is", "every rule's texts have a ${host} already"),
        (
            "    first-step: Open ${title}.\n",
            "",
            'rules.TooSlow.first-step  "first-step" is missing',
        ),
        ("Open ${title}", f"Open {'x' * 120}", "126 characters are no first step"),
        ("series: {probe-seconds: 3x9}", "series: {probe-seconds: 3y9}", '"3y9" is not a step'),
        ("series: {probe-seconds: 3x9}", "series: {probe-up: 3x9}", "probe-seconds is missing"),
        (
            "quiet: [{says: It is not., series: {probe-seconds: 1x9}}]",
            "quiet: []",
            "no case proves it",
        ),
        ("when: {above:", "when: {abov:", 'there is no kind "abov"  did you mean above?'),
        ("  TooSlow:", "  too-slow:", '"too-slow" is not a rule\'s name'),
    ],
)
def test_a_mistake_in_a_rule_is_placed_like_any_other(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    assert old in RULE
    written(tmp_path, RULE.replace(old, new))
    with pytest.raises(Problems) as raised:
        load_catalogue(tmp_path)
    assert expected in str(raised.value)
    assert str(raised.value).startswith(str(tmp_path / "slow.yaml"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Hello {{ $labels.nolabel }} ${nosuch}",
            [
                (7, '"{{ $labels.nolabel }}" would be read as it stands: Belfry writes the'),
                (29, "nothing fills ${nosuch}  there are ${above}, ${address}"),
            ],
        ),
        ("{{ $labels.service }} is slow", [(1, "write ${service}")]),
        (
            "It took {{ $value }}",
            [(9, "leave it out: every message says the value beside its limit")],
        ),
        ("docker ps --format {{.Names}}", [(20, "there are ${above}")]),
        ("Slow ${Title", [(6, '"${Title" lacks a bracket  did you mean ${title}?')]),
        ("Slow: ${title", [(7, '"${title" lacks a bracket  write ${title}')]),
        ("${title slow ${nosuch}", [(1, "write ${title}"), (14, "nothing fills ${nosuch}")]),
        ("Slow: $title}", [(7, '"$title}" lacks its brackets  write ${title}')]),
        ("cd ${HOME}", [(4, "nothing fills ${HOME}  write $HOME for a variable of the shell")]),
        (
            "curl ${address} [see ${host}]",
            [(6, "${address} is not known of every service  put what needs it into square")],
        ),
    ],
)
@pytest.mark.parametrize("key", ["summary", "description", "first-step"])
def test_all_that_nothing_fills_in_a_text_is_told_to_the_character(
    tmp_path: Path, key: str, text: str, expected: list[tuple[int, str]]
) -> None:
    lines = [
        f"    {key}: '{text}'" if line.startswith(f"    {key}:") else line
        for line in RULE.splitlines()
    ]
    written(tmp_path, "\n".join(lines))
    with pytest.raises(Problems) as raised:
        load_catalogue(tmp_path)
    found = raised.value.problems
    begins = len(f"    {key}: '")
    columns = [one.place.column - begins for one in found if one.place]
    assert columns == [column for column, _ in expected]
    for problem, (_, said) in zip(found, expected, strict=True):
        assert said in str(problem)


def test_the_texts_of_an_event_are_asked_about_too(tmp_path: Path) -> None:
    told = """\
    when:
      - above: {signal: probe-seconds, take: max, over: 2m, limit: above}
      - told: {event: dos_attack_l7, summary: '${titel} ails', description: '{{ $value }}'}
"""
    above = "    when: {above: {signal: probe-seconds, take: max, over: 2m, limit: above}}\n"
    assert above in RULE
    written(tmp_path, RULE.replace(above, told))
    with pytest.raises(Problems) as raised:
        load_catalogue(tmp_path)
    places = [(one.place.line, one.place.column) for one in raised.value.problems if one.place]
    assert places == [(7, 48), (7, 78)]


def test_a_character_is_found_in_a_folded_text(tmp_path: Path) -> None:
    folded = "    summary: >-\n      It is\n      slow, ${nosuch}\n"
    written(tmp_path, RULE.replace("    summary: ${title} is slow\n", folded))
    with pytest.raises(Problems) as raised:
        load_catalogue(tmp_path)
    (problem,) = raised.value.problems
    assert problem.place is not None
    assert (problem.place.line, problem.place.column) == (10, 13)


@pytest.mark.parametrize(
    ("name", "limit"),
    [
        ("ConnectionsUsedUp", "{{ $value | humanizePercentage }}, more than 80 %"),
        ("DiskFillsUp", "{{ $value | humanizeDuration }}, less than 4h"),
        ("DatabaseDown", "{{ $value | humanize }}, less than 1"),
        ("SyntheticTestFailing", "the journey failed 3 times in a row"),
        ("DependencyDown", "the application called it unhealthy"),
        ("NameNotFound", "the name was not found 2 times in a row"),
    ],
)
def test_what_was_seen_is_said_in_the_measure_of_its_limit(name: str, limit: str) -> None:
    assert seen(about_one_service(name)) == limit


def test_a_range_is_written_as_people_write_durations() -> None:
    told = alert(about_one_service("DiskFillsUp"))
    assert told is not None
    assert "[6h]" in told
    assert "ms]" not in told


PLAIN = """\
rules:
  Full:
    rank: 1
    when:
      promql:
        from: postgres
        expression: EXPRESSION
        is: above
        limit: above
    for: 2m
    no-data: {is: ok, after: 3m}
    summary: ${title} is full
    description: Above ${above}.
    first-step: Look at ${title}.
    runbook: Full.md
    parameters:
      above: {is: count, default: 2, says: The most.}
    cases:
      fires: [{says: It is., series: {pg_up: 3x9}}]
      quiet: [{says: It is not., series: {pg_up: 1x9}}]
"""


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('max by (service) (pg_up{service="${service}"}@', "the expression ends too early"),
        ('sum(pg_up{service="${service}"}) >@> 2', "> cannot stand here"),
        ('@rat(pg_up{service="${service}"}[5m])', "there is no function rat"),
        ('rate(pg_up{service="${service}"}[${above-range}@) > ${above}', "close the range with ]"),
        ('pg_up{service="${service}"} > ${above} +@ ', "the expression ends too early"),
        ('pg_up{service="${service}"} + @${abve}', "nothing fills ${abve}"),
        ('@sort_by_label(pg_up{service="${service}"}, "a")', "sort_by_label is experimental"),
    ],
)
@pytest.mark.parametrize("form", ["'{}'", ">-\n          {}", "|\n          {}\n"])
def test_promql_that_no_prometheus_takes_is_told_to_the_character(
    tmp_path: Path, expression: str, expected: str, form: str
) -> None:
    """The mistake stands behind the @."""
    marked = PLAIN.replace("EXPRESSION", form.format(expression))
    text = marked.replace("@", "")
    written(tmp_path, text)
    with pytest.raises(Problems) as raised:
        load_catalogue(tmp_path)
    (problem,) = raised.value.problems
    assert expected in str(problem)
    line, column = next(
        (number, line.index("@") + 1)
        for number, line in enumerate(marked.splitlines(), 1)
        if "@" in line
    )
    assert problem.place is not None
    assert (problem.place.line, problem.place.column) == (line, column)


def test_promql_about_every_service_at_once_is_a_mistake(tmp_path: Path) -> None:
    written(tmp_path, PLAIN.replace("EXPRESSION", "pg_up"))
    with pytest.raises(Problems) as raised:
        load_catalogue(tmp_path)
    assert "it is about every service at once" in str(raised.value)


def test_promql_of_an_exporter_is_taken(tmp_path: Path) -> None:
    expression = "'max by (service) (pg_up{service=\"${service}\"}) > ${above} * 0'"
    written(tmp_path, PLAIN.replace("EXPRESSION", expression))
    assert set(load_catalogue(tmp_path).rules) == {"Full"}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("is: duration", "is: durations", '"durations" is not one of'),
        ("  TooSlow:", "  lower:", "write Lower"),
        ("  TooSlow:", "  too slow:", "write TooSlow"),
        ("    description: Slower than ${above} for ${for}.\n", "", "add description: ${service}"),
    ],
)
def test_a_mistake_is_told_once_with_what_would_be_right(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    written(tmp_path, RULE.replace(old, new))
    with pytest.raises(Problems) as raised:
        load_catalogue(tmp_path)
    (problem,) = raised.value.problems
    assert expected in str(problem)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "slow.yaml:1:1  the file is empty  write rules: and their names below it"),
        ("# later\n", "slow.yaml:1:1  the file is empty  write rules: and their names below it"),
        (
            "groups:\n  - {name: a, rules: [{alert: A, expr: up}]}\n",
            "slow.yaml:1:1  groups  this is a rule file of Prometheus  let belfry lint ",
        ),
    ],
)
def test_a_file_that_holds_no_rules_is_told_how_they_are_written(
    tmp_path: Path, text: str, expected: str
) -> None:
    written(tmp_path / "own", text)
    with pytest.raises(Problems) as raised:
        load_catalogue(tmp_path)
    (problem,) = raised.value.problems
    assert expected in str(problem)
    assert "docs/rules.md" in problem.right


def test_a_rule_may_be_defined_in_one_file_only(tmp_path: Path) -> None:
    written(tmp_path, RULE)
    written(tmp_path, RULE, "too-slow.yaml")
    with pytest.raises(Problems, match="TooSlow is defined twice"):
        load_catalogue(tmp_path)


def test_mistakes_of_all_files_come_together(tmp_path: Path) -> None:
    written(tmp_path, "rules: [\n", "a.yaml")
    written(tmp_path, RULE.replace("rank: 1", "rank: x"), "b.yaml")
    with pytest.raises(Problems) as raised:
        load_catalogue(tmp_path)
    assert [problem.place.file[-6:] for problem in raised.value.problems if problem.place] == [
        "a.yaml",
        "b.yaml",
    ]


@pytest.mark.parametrize("name", RULES)
def test_a_summary_reads_well_with_a_title_of_one_or_of_many(name: str) -> None:
    summary = str(RULES[name].summary)
    assert "${title}" not in summary.removeprefix("${title}: ")


def test_the_shipped_catalogue_is_the_default() -> None:
    assert load_catalogue() == load_catalogue(SHIPPED)
