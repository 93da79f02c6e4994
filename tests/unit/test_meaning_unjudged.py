"""Which rules judge which checks; the whole text of the mistake is in tests/golden."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.judged import told
from tests.unit.shop import SHOP

if TYPE_CHECKING:
    from pathlib import Path

    from belfry.catalogue import Catalogue

PROMISE = """\
objectives:
  api: {of: api, availability: 99.9 %, budget: {burn: [{above: 10x, severity: P0}]}}
"""


def with_check(check: str, rule: str = "", rest: str = "") -> str:
    """The shop with one more check of its API, and perhaps a rule of its own about it."""
    own = f", own: {{Own: {{of: api, severity: P0, summary: It fails, {rule}}}}}" if rule else ""
    text = SHOP.replace("rules:\n", f"  more: {{of: api, {check}}}\nrules:\n")
    return text.replace("HighResponseTime]}", f"HighResponseTime]{own}}}") + rest


@pytest.mark.parametrize(
    ("check", "rule", "rest"),
    [
        ("http: {path: /x}", "", ""),
        ("http: {path: /x, method: POST}", "failures: 2", ""),
        ("tcp: {to: 'api.shop.example:443'}", "failures: 2", ""),
        ("tls: {left: 14d}, every: 1h", "failures: 2", ""),
        ("tls: {left: 14d}, every: 1h", "expires-within: 14d", ""),
        ("domain: {name: shop.example}, every: 1h", "expires-within: 14d", ""),
        ("heartbeat: {every: 1m}", "silent: 3m", ""),
        ("heartbeat: {every: 1m}", "failures: 1", ""),
    ],
)
def test_a_rule_that_hears_of_a_check_judges_it(
    tmp_path: Path, catalogue: Catalogue, check: str, rule: str, rest: str
) -> None:
    text = with_check(check, rule, rest)
    assert [path for path in told(tmp_path, text, catalogue) if path == "checks.more"] == []


@pytest.mark.parametrize(
    ("check", "rule", "rest"),
    [
        ("http: {path: /x, method: POST}", "", ""),
        ("http: {path: /x, method: POST}", "", PROMISE),
        ("tcp: {to: 'api.shop.example:443'}", "event: deployment", ""),
        ("tcp: {to: 'api.shop.example:443'}", "", PROMISE),
        ("tls: {left: 14d}, every: 1h", "event: deployment", ""),
        ("heartbeat: {every: 1m}", "event: deployment", ""),
    ],
)
def test_a_rule_that_hears_of_something_else_does_not(
    tmp_path: Path, catalogue: Catalogue, check: str, rule: str, rest: str
) -> None:
    assert told(tmp_path, with_check(check, rule, rest), catalogue) == ["checks.more"]


def test_slowness_is_not_failure(tmp_path: Path, catalogue: Catalogue) -> None:
    text = SHOP.replace(
        "[WorkerDown, DatabaseConnectionError, HighResponseTime]", "[database, latency]"
    )
    assert told(tmp_path, text, catalogue) == ["checks.api-health"]


@pytest.mark.parametrize("misspelt", ["[avalability, database, latency]", "[WorkerDwn, database]"])
def test_a_misspelt_rule_leaves_nothing_unjudged(
    tmp_path: Path, catalogue: Catalogue, misspelt: str
) -> None:
    text = SHOP.replace("[WorkerDown, DatabaseConnectionError, HighResponseTime]", misspelt)
    assert told(tmp_path, text, catalogue) == ["rules.all.use[0]"]


def test_without_any_set_nothing_is_asked(tmp_path: Path, catalogue: Catalogue) -> None:
    text = SHOP.replace(
        "rules:\n  all: {use: [WorkerDown, DatabaseConnectionError, HighResponseTime]}\n", ""
    )
    assert "checks.api-health" not in told(tmp_path, text, catalogue)
