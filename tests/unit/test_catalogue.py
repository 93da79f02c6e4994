"""The catalogue: read like platforms, proven by its own cases, each rule with its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from belfry.application import apply_rules
from belfry.catalogue import SHIPPED, Catalogue, load_catalogue
from belfry.problems import Problems
from belfry.schedule import schedule
from belfry.series import parse_series
from belfry.trial import Standing, trial
from tests.unit.shop import FAILS, ROOT, ReadsShop

if TYPE_CHECKING:
    from pathlib import Path

    from belfry.rules import Case, ServiceRule

RULE = """\
rules:
  TooSlow:
    covers: [http-api]
    rank: 1
    when: {above: {signal: probe_seconds, aggregate: max, over: 2m, limit: above}}
    for: 2m
    no-data: {is: ok, after: 3m}
    summary: ${title} is slow
    description: Slower than ${above} for ${for}.
    runbook: TooSlow.md
    parameters:
      above: {is: duration, default: 2s, says: The slowest good answer.}
    cases:
      fires: [{says: It is slow., series: {probe_seconds: 3x9}}]
      quiet: [{says: It is not., series: {probe_seconds: 1x9}}]
"""
HEADINGS = (
    "What users notice",
    "The first three things to look at",
    "Telling the causes apart",
    "Stopping the damage",
    "How to know that it is over",
    "Whom to call",
)
RULES = load_catalogue().rules
CASES = [
    pytest.param(name, case, key == "fires", id=f"{name}: {case.says}")
    for name, rule in RULES.items()
    for key, cases in (("fires", rule.cases.fires), ("quiet", rule.cases.quiet))
    for case in cases
]


def written(folder: Path, text: str, name: str = "slow.yaml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def about_one_service(shop: ReadsShop, catalogue: Catalogue, name: str) -> ServiceRule:
    kind = catalogue.rules[name].covers[0]
    platform = shop(
        ("is: postgres", "is: queue"),
        ("is: http-api", f"is: {kind}"),
        ("[availability, database, latency]", f"[{name}], {FAILS}"),
    )
    (rule,) = apply_rules(platform, catalogue, schedule(platform))["all"]
    return rule


@pytest.mark.parametrize(("name", "case", "fires"), CASES)
def test_a_case_fires_its_rule_or_leaves_it_quiet(
    shop: ReadsShop, catalogue: Catalogue, name: str, case: Case, *, fires: bool
) -> None:
    rule = about_one_service(shop, catalogue, name)
    history = {signal: parse_series(text) for signal, text in case.series.items()}
    assert (Standing.FIRING in trial(rule, history)) is fires


def test_a_rule_that_holds_waits_for_as_long_as_it_says(
    shop: ReadsShop, catalogue: Catalogue
) -> None:
    rule = about_one_service(shop, catalogue, "HighResponseTime")
    standings = trial(rule, {rule.when.signal: parse_series("0.2x4 9x8 0.2x3")})
    first = standings.index(Standing.FIRING)
    assert standings[first - 6 : first] == (Standing.QUIET, *(Standing.PENDING,) * 5)
    assert standings[-1] is Standing.QUIET


def test_silence_is_unknown_before_it_counts(shop: ReadsShop, catalogue: Catalogue) -> None:
    rule = about_one_service(shop, catalogue, "WorkerDown")
    standings = trial(rule, {rule.when.signal: parse_series("1x2 _x4")})
    assert standings == (*(["quiet"] * 3), "unknown", "unknown", "firing", "firing")


@pytest.mark.parametrize("name", RULES)
def test_every_rule_has_its_page_with_its_headings(name: str) -> None:
    page = ROOT / "runbooks" / RULES[name].runbook
    lines = page.read_text(encoding="utf-8").splitlines()
    assert lines[0] == f"# {name}"
    assert [line[3:] for line in lines if line.startswith("## ")] == list(HEADINGS)


def test_every_page_belongs_to_a_rule() -> None:
    pages = {path.name for path in (ROOT / "runbooks").glob("*.md")}
    assert pages - {"README.md"} == {rule.runbook for rule in RULES.values()}


def test_a_file_is_a_subject_that_a_set_can_use_as_a_whole(catalogue: Catalogue) -> None:
    assert catalogue.subjects["availability"] == ("WorkerDown", "FrontendDown")
    assert catalogue.used_by(["availability", "FrontendDown", "latency"]) == (
        "WorkerDown",
        "FrontendDown",
        "HighResponseTime",
    )


def test_own_rules_override_by_name_and_add(tmp_path: Path) -> None:
    written(tmp_path, RULE)
    mine = RULE.replace("rank: 1", "rank: 3")
    mine += RULE.removeprefix("rules:\n").replace("TooSlow", "MuchTooSlow")
    written(tmp_path / "own", mine)
    catalogue = load_catalogue(tmp_path)
    assert catalogue.rules["TooSlow"].rank == 3
    assert catalogue.subjects["slow"] == ("TooSlow", "MuchTooSlow")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("for: 2m", "for: 90s", "1m30s is not whole minutes"),
        ("after: 3m", "after: 10s", "10s is not whole minutes"),
        ("covers: [http-api]", "covers: []", "it covers nothing"),
        ("limit: above", "limit: below", 'the rule has no parameter "below"  there is above'),
        ("default: 2s", "default: fast", '"fast" is not a duration'),
        ("is: duration", "is: count", '"2s" is not a count'),
        (
            "is: duration, default: 2s",
            "is: count, default: 2",
            "above is a count, probe_seconds counts seconds",
        ),
        (
            "signal: probe_seconds, agg",
            "signal: probe_up, agg",
            "probe_up has no limit to be above",
        ),
        ("${title} is slow", "${titel} is slow", "nothing fills ${titel}  did you mean title?"),
        ("series: {probe_seconds: 3x9}", "series: {probe_seconds: 3y9}", '"3y9" is not a step'),
        ("series: {probe_seconds: 3x9}", "series: {probe_up: 3x9}", "probe_seconds is missing"),
        (
            "quiet: [{says: It is not., series: {probe_seconds: 1x9}}]",
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


def test_the_shipped_catalogue_is_the_default() -> None:
    assert load_catalogue() == load_catalogue(SHIPPED)
