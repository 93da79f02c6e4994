"""`belfry cases`: rules tried on their cases by Prometheus, as those who write rules see it."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from belfry import catalogue
from cli.main import main
from tests.unit.shop import ROOT

if TYPE_CHECKING:
    from pathlib import Path

OWN = """\
rules:
  OrdersStop:
    covers: [http-api]
    rank: 1
    when: {fails: {signal: probe-up, times: times}}
    for: 0s
    no-data: {is: ok, after: 3m}
    summary: ${title} takes no orders
    description: Two probes failed.
    first-step: Look at its log.
    runbook: HighCPU.md
    parameters:
      times: {is: count, default: 2, says: Probes that fail one after the other.}
    cases:
      fires:
        - says: It fails for good.
          series: {probe-up: 1x3 0x5}
          at: 5m
        - says: It fails a little.
          series: {probe-up: 1x3 0 1x5}
      quiet:
        - says: It works.
          series: {probe-up: 1x9}
"""


@pytest.fixture
def rules(tmp_path: Path, promtool: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the catalogue with a rule of a team's own, of which a case is wrong."""
    assert promtool
    folder = tmp_path / "alert_rules"
    shutil.copytree(ROOT / "alert_rules", folder)
    (folder / "own").mkdir(exist_ok=True)
    (folder / "own" / "orders.yaml").write_text(OWN, encoding="utf-8")
    monkeypatch.setattr(catalogue, "SHIPPED", folder)
    return folder / "own" / "orders.yaml"


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["cases", *arguments])
    assert isinstance(ended.value.code, int)
    return ended.value.code


@pytest.mark.usefixtures("rules")
def test_a_case_that_is_wrong_is_told_with_what_came(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--own") == 1
    told = capsys.readouterr().out
    assert "✗ It fails a little." in told
    assert "must be: fires; but it stays quiet" in told
    assert "It works." not in told
    assert told.endswith("1 rule, 3 cases: 2 right, 1 wrong\n")


@pytest.mark.usefixtures("rules")
def test_a_rule_that_is_named_shows_each_case(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("OrdersStop") == 1
    told = capsys.readouterr().out
    assert "  ✓ It fails for good.\n    ····" in told
    assert "█ fires from minute 5 on" in told
    assert "stays quiet" in told


def test_all_right_is_success_and_json_says_all(
    rules: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules.write_text(OWN.replace("1x3 0 1x5", "1x3 0x2 1x5"), encoding="utf-8")
    assert run("OrdersStop", "--json") == 0
    told: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    assert [one["right"] for one in told] == [True, True, True]
    assert told[0]["wanted"] == "fires from minute 5 on"
    assert told[0]["fires"][0] == 5
    assert told[2] == {
        "rule": "OrdersStop",
        "case": "It works.",
        "wanted": "stays quiet",
        "right": True,
        "fires": [],
        "minutes": 9,
    }


def test_what_is_asked_wrongly_is_told(rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("OrderStops", "HighCpu") == 2
    told = capsys.readouterr().err
    assert "there is no rule OrderStops: did you mean OrdersStop?" in told
    assert "there is no rule HighCpu: did you mean HighCPU?" in told
    assert run("--own", "HighCPU") == 2
    rules.unlink()
    assert run("--own") == 2
    assert "there are no rules in alert_rules/own/" in capsys.readouterr().err


def test_a_series_that_the_rule_does_not_look_at_is_a_mistake(
    rules: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules.write_text(OWN.replace("probe-up: 1x9", "nosignal: 1x9"), encoding="utf-8")
    assert run("--own") == 2
    told = capsys.readouterr().err
    assert "rules.OrdersStop.cases.quiet[0].series.nosignal" in told
    assert "nosignal is nothing that the rule looks at" in told
