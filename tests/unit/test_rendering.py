"""What is rendered for a backend changes only where a rule does."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from belfry.application import apply_rules
from belfry.catalogue import load_catalogue
from belfry.grafana import grafana
from belfry.loading import load_platform
from belfry.prometheus import prometheus_files
from belfry.rendering import grafana_files
from belfry.schedule import schedule
from belfry.worker_configuration import Links
from tests.unit.shop import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from belfry.language.platform import Platform
    from belfry.rules import ServiceRule

    Rules = Mapping[str, tuple[ServiceRule, ...]]

NAMES = ("boulder-fest", "marketplace", "pitchey")
EXAMPLES = 25


@cache
def shipped(name: str) -> tuple[Platform, Rules]:
    platform = load_platform(ROOT / "platforms" / f"{name}.yaml", environment="prod")
    rules = apply_rules(platform, load_catalogue(), schedule(platform))
    return platform, {of: tuple(found) for of, found in rules.items()}


def blocks(files: Mapping[str, str]) -> dict[str, list[str]]:
    """Give the entries of rule files, by path: the head, then each rule."""
    found = {}
    for path, text in files.items():
        lines: list[list[str]] = [[]]
        for line in text.splitlines():
            if line.lstrip().startswith(("- alert:", "- record:")):
                lines.append([])
            lines[-1].append(line)
        found[path] = ["\n".join(one) for one in lines]
    return found


def is_alert(text: str, rule: ServiceRule) -> bool:
    return f"- alert: {rule.rule}\n" in text and f"service: {rule.service}\n" in text


def without(rules: Rules, one: ServiceRule) -> Rules:
    return {name: tuple(rule for rule in found if rule != one) for name, found in rules.items()}


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=EXAMPLES)
@given(data=some.data())
def test_a_rule_that_is_added_changes_nothing_of_prometheus_files_but_its_own_text(
    name: str, data: some.DataObject
) -> None:
    platform, rules = shipped(name)
    every = [rule for found in rules.values() for rule in found]
    one = data.draw(some.sampled_from(every), label="rule")
    before = blocks(prometheus_files(platform, "prod", without(rules, one)))
    after = blocks(prometheus_files(platform, "prod", rules))
    assert before.keys() <= after.keys()
    for path, texts in after.items():
        old = before.get(path, texts[:1])
        new = [text for text in texts if text not in old]
        assert [text for text in texts if text not in new] == old, path
        for text in new:
            assert "- record:" in text or is_alert(text, one), text


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=EXAMPLES)
@given(data=some.data())
def test_a_rule_that_is_added_changes_nothing_of_grafana_s_files_but_its_own_text(
    name: str, data: some.DataObject
) -> None:
    platform, rules = shipped(name)
    every = [rule for found in rules.values() for rule in found]
    one = data.draw(some.sampled_from(every), label="rule")
    before = in_grafana(platform, without(rules, one))
    after = in_grafana(platform, rules)
    assert before.keys() <= after.keys()
    for path, value in after.items():
        if not path.startswith("rules/"):
            assert value == before[path], path
            continue
        old = before[path]["rules"] if path in before else []
        new = [rule for rule in value["rules"] if rule not in old]
        assert [rule for rule in value["rules"] if rule not in new] == old
        for rule in new:
            assert rule["title"] == f"{one.rule} {one.service} ({one.set})"


def in_grafana(platform: Platform, rules: Rules) -> dict[str, Any]:
    made = grafana(
        platform,
        "prod",
        rules=rules,
        dashboards=(),
        prometheus="http://127.0.0.1:9090",
        links=Links(dashboard=None, status=None, incident=None),
    )
    return {path: json.loads(text) for path, text in grafana_files(made).items()}
