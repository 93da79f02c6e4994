"""What is proven of rules in PromQL and of bounds that a platform says, where it is written."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from belfry.catalogue import load_catalogue
from belfry.loading import load_platform
from belfry.problems import Problems
from tests.unit.shop import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from belfry.catalogue import Catalogue
    from belfry.problems import Problem


def told(
    tmp_path: Path, catalogue: Catalogue, platform: str, *edits: tuple[str, str]
) -> list[Problem]:
    text = (ROOT / "platforms" / f"{platform}.yaml").read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new)
    path = tmp_path / f"{platform}.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Problems) as raised:
        load_platform(path, catalogue=catalogue)
    return list(raised.value.problems)


INFRASTRUCTURE = ("rules", "infrastructure", "set")


@pytest.mark.parametrize(
    ("old", "new", "path", "arithmetic"),
    [
        (
            "above: 85 %}",
            "above: 100 %}",
            ("HighDisk", "above"),
            "it is at most 1, never above 1: a part is at most the whole",
        ),
        (
            "NodeDown: {severity: critical, for: 2m}",
            'NodeDown: {severity: critical, for: 2m, answers: "2"}',
            ("NodeDown", "answers"),
            "it is at most 1, always below 2: up is 0 or 1",
        ),
        (
            "NodeDown: {severity: critical, for: 2m}",
            'TargetMissing: {answers: "2"}\n      NodeDown: {severity: critical, for: 2m}',
            ("TargetMissing", "answers"),
            "it is at most 1, always below 2: up is 0 or 1",
        ),
        (
            "BackupTooOld: {after: 26h}",
            "BackupTooOld: {after: 1s}",
            ("BackupTooOld", "after"),
            "there is one each 1d, so that the last is older than 1s before the next",
        ),
        (
            "DiskFillsUp: {severity: high, for: 10m, within: 4h}",
            "DiskFillsUp: {severity: high, for: 10m, within: 4h, over: 60d}",
            ("DiskFillsUp", "over"),
            "it looks back 60d, and values are kept 30d",
        ),
        (
            "DiskFillsUp: {severity: high, for: 10m, within: 4h}",
            "DiskFillsUp: {severity: high, for: 10m, within: 4h, fuller: 100 %}",
            ("DiskFillsUp", "fuller"),
            "a part of it is at most 1, never above 1",
        ),
        (
            "BackupTooOld: {after: 26h}",
            "RuleFailures: {over: 60d}",
            ("RuleFailures", "over"),
            "it looks back 60d, and values are kept 30d",
        ),
        (
            "disk: 200GB}\n    grafana",
            "disk: 100GB}\n    grafana",
            ("StoreDiskFull", "size"),
            "its volume holds 100GB (server.parts.prometheus.disk)",
        ),
    ],
)
def test_a_limit_that_promql_cannot_pass_is_told_where_it_is_written(
    *,
    old: str,
    new: str,
    path: tuple[str, ...],
    arithmetic: str,
    tmp_path: Path,
    catalogue: Catalogue,
) -> None:
    (one,) = told(tmp_path, catalogue, "marketplace", (old, new))
    assert one.path == (*INFRASTRUCTURE, *path)
    assert arithmetic in one.wrong
    assert one.right


def test_an_instance_more_than_prometheus_asks_is_always_missing(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    edit = (
        "    set:\n      HighErrorRate:\n",
        '    set:\n      ServiceDown: {instances: "2"}\n      HighErrorRate:\n',
    )
    (one,) = told(tmp_path, catalogue, "marketplace", edit)
    assert one.path == ("rules", "services", "set", "ServiceDown", "instances")
    assert "a service has one target that is its own" in one.wrong


@pytest.mark.parametrize(
    ("platform", "old", "new", "path", "arithmetic"),
    [
        (
            "marketplace",
            "after: 25h}",
            "after: 1s}",
            ("services", "set", "CronSilent", "after"),
            "it is done each 1d, so that the last time is longer ago than 1s",
        ),
        (
            "pitchey",
            "above: 25s}",
            "above: 40s}",
            ("server", "set", "CPUTimeoutRisk", "above"),
            "at most 30s, never above 40s: Cloudflare ends a request then (services.api.cpu)",
        ),
        (
            "pitchey",
            "{severity: P1, for: 5m, below: 70 %}",
            "{severity: P1, for: 5m, below: 100 %}",
            ("server", "set", "LowCacheHitRate", "below"),
            "always below 100 %: what is asked for the first time is not in the cache",
        ),
        (
            "pitchey",
            "WorkerSilent: {severity: P0, after: 3m}",
            "WorkerSilent: {severity: P0, after: 10s}",
            ("application", "set", "WorkerSilent", "after"),
            "a value comes each 1m, and only 10s may pass without one",
        ),
        (
            "pitchey",
            "LowAPIUsage: {severity: P3, for: 30m, by: 50 %}",
            "LowAPIUsage: {severity: P3, for: 30m, by: 100 %}",
            ("server", "set", "LowAPIUsage", "by"),
            "nothing loses more than all of it",
        ),
    ],
)
def test_a_bound_that_the_platform_says_is_held_against_limits(
    *,
    platform: str,
    old: str,
    new: str,
    path: tuple[str, ...],
    arithmetic: str,
    tmp_path: Path,
    catalogue: Catalogue,
) -> None:
    (one,) = told(tmp_path, catalogue, platform, (old, new))
    assert one.path == ("rules", *path)
    assert arithmetic in one.wrong


def test_a_window_of_a_rule_of_the_team_s_own_is_told_in_that_rule_s_file(tmp_path: Path) -> None:
    rules = tmp_path / "alert_rules"
    shutil.copytree(ROOT / "alert_rules", rules)
    text = (rules / "monitoring.yaml").read_text(encoding="utf-8")
    begins, ends = text.index("  RuleFailures:"), text.index("  NotificationFailures:")
    mine = "rules:\n" + text[begins:ends].replace("default: 10m", "default: 60d")
    (rules / "own").mkdir(exist_ok=True)
    (rules / "own" / "mine.yaml").write_text(mine, encoding="utf-8")
    with pytest.raises(Problems) as raised:
        load_platform(ROOT / "platforms" / "marketplace.yaml", catalogue=load_catalogue(rules))
    (one,) = raised.value.problems
    assert one.place is not None
    assert one.place.file.endswith("own/mine.yaml")
    assert one.path == ("rules", "RuleFailures")
    assert "it looks back 60d, and values are kept 30d" in one.wrong
    assert [place.file.rpartition("/")[2] for place in one.also] == ["marketplace.yaml"]


FEW = """\
platform: shop
environments:
  prod: {paging: worker, domain: shop.example}
severities:
  P0: {rank: 0, answer: 1h, resolve: 4h, channels: [pager]}
channels:
  pager: {pagerduty: {key: secret:pagerduty}}
services:
  api: {is: http-api, url: "https://api.${domain}", traffic: 1 per minute}
checks:
  api-health: {of: api, http: {path: /health}}
rules:
  all:
    use: [WorkerDown, HighErrorRate]
    set: {HighErrorRate: {least: "5", for: 0s}}
    own:
      Some: {of: api, severity: P0, summary: Some fail, signal: errs, above: "0"}
signals:
  errs: {says: Failed, from: sdk, of: api, is: counter}
  http-errors: {says: Failed, from: sdk, of: api, is: counter}
  http-requests: {says: All, from: sdk, of: api, is: counter}
"""


def test_one_failed_request_is_told_with_figures_that_can_be_written(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    path = tmp_path / "few.yaml"
    path.write_text(FEW, encoding="utf-8")
    with pytest.raises(Problems) as raised:
        load_platform(path, catalogue=catalogue)
    share, count = raised.value.problems
    assert share.path == ("rules", "all", "set", "HighErrorRate", "least")
    assert share.right == "write least: 20 or more, or write a higher limit"
    assert count.path == ("rules", "all", "own", "Some", "above")
    assert "5m hold 5 requests, and 1 of them makes errs in 5m 1, more than 0" in count.wrong
    assert count.right == "write 1 or more"
