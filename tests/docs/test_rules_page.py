"""The page on rules: its example is a real one, and what it shows can be written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from belfry.catalogue import load_catalogue
from belfry.language.rules import CONDITIONS
from belfry.rules import Quantity, Rule, When
from belfry.series import parse_series
from belfry.shapes import OneOf, Record, shape_of
from tests.unit.shop import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PAGE = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
EXAMPLE, PROMQL = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
SHOWN = re.findall(r"^\|[^|]*\| `(\{.*\})` \|$", PAGE, re.MULTILINE)
FRAME = """\
rules:
  Shown:
    rank: 1
WHEN
    for: 2m
    no-data: {is: ok, after: 5m}
    summary: '${title}: shown'
    description: Shown.
    first-step: Look.
    runbook: Shown.md
    parameters:
      far: {is: number, default: '3', says: Deviations.}
      least: {is: count, default: 20, says: Events.}
      most: {is: count, default: 20, says: Events.}
      over: {is: duration, default: 5m, says: The window.}
      share: {is: percent, default: 5 %, says: A share.}
      slow: {is: duration, default: 2s, says: A time.}
      soon: {is: duration, default: 4h, says: A time.}
      times: {is: count, default: 3, says: In a row.}
    cases:
      fires: [{says: It is., series: {SIGNAL: 1x5}}]
      quiet: [{says: It is not., series: {SIGNAL: 1x5}}]
"""


def loaded(folder: Path, text: str) -> Rule:
    (folder / "shown.yaml").write_text(text, encoding="utf-8")
    (rule,) = load_catalogue(folder).rules.values()
    return rule


def in_a_rule(when: str) -> str:
    signal = re.search(r"(?:signal|part): ([a-z-]+)", when)
    text = FRAME.replace("WHEN", when)
    return text.replace("SIGNAL", signal[1] if signal else "nginx_connections_accepted")


def test_the_example_stands_in_the_catalogue_and_loads(tmp_path: Path) -> None:
    rule = loaded(tmp_path, EXAMPLE)
    assert rule == load_catalogue().rules["WorkerErrors"]
    real = (ROOT / "alert_rules" / "workers.yaml").read_text(encoding="utf-8")
    assert EXAMPLE.removeprefix("rules:\n") in real


@pytest.mark.parametrize("when", SHOWN)
def test_a_condition_that_is_shown_can_be_written(tmp_path: Path, when: str) -> None:
    assert loaded(tmp_path, in_a_rule(f"    when: {when}")).when


def test_promql_that_is_shown_can_be_written(tmp_path: Path) -> None:
    indented = "\n".join(f"    {line}" for line in PROMQL.rstrip().splitlines())
    assert loaded(tmp_path, in_a_rule(indented)).when


def test_every_condition_key_and_quantity_is_explained() -> None:
    conditions = shape_of(When)
    assert isinstance(conditions, OneOf)
    shown = {match[1] for match in re.finditer(r"\{([a-z]+): \{", "".join(SHOWN))}
    assert shown | {"promql"} == {option.key for option in conditions.options}
    rule = shape_of(Rule)
    assert isinstance(rule, Record)
    keys = {part.key for part in rule.parts}
    assert set(re.findall(r"^\| `([a-z-]+)` \|", PAGE, re.MULTILINE)) == keys | set(Quantity)
    assert all(f"`{key}`" in PAGE.partition("## Rules in a platform")[2] for key in CONDITIONS)


@pytest.mark.parametrize(
    ("written", "values"),
    [
        ("1 0 1", (1, 0, 1)),
        ("1x5", (1,) * 6),
        ("36+36x10", tuple(range(36, 397, 36))),
        ("10-2x3", (10, 8, 6, 4)),
        ("_x11", (None,) * 11),
    ],
)
def test_the_notation_of_cases_means_what_the_page_says(
    written: str, values: tuple[float | None, ...]
) -> None:
    assert f"`{written}`" in PAGE
    assert parse_series(written) == values
