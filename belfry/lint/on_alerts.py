"""Checks of when an alert fires: what it compares, and how long it waits."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from belfry.expressions import Binary, Call, Range, Selector, Subquery, bare, compares
from belfry.expressions.nodes import COMPARISONS
from belfry.values.duration import Duration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from belfry.lint.check import Finding
    from belfry.lint.facts import Facts
    from belfry.lint.rule_files import Rule
    from belfry.lint.settings import Settings

_WATCHDOG = re.compile(r"watch.?dog|dead.?man|heartbeat|always.?(?:on|firing)", re.IGNORECASE)


def check(facts: Facts) -> Iterator[Finding]:
    """Check an alert whose expression could be read."""
    if not facts.rule.is_alert:
        return
    watchdog = bool(facts.rule.name and _WATCHDOG.search(facts.rule.name.text))
    if not watchdog:
        yield from _condition(facts)
    yield from _absent(facts)
    if not watchdog:
        yield from _noise(facts)
    if any(
        isinstance(node, Binary) and node.returns_bool and node.operator in COMPARISONS
        for node in facts.expression.nodes[:-1]
    ):
        node = next(
            node
            for node in facts.expression.nodes
            if isinstance(node, Binary) and node.returns_bool
        )
        if node is not bare(facts.expression.root) and _filtered_by(facts, node):
            wrong = "a comparison with bool gives 0 where it is false"
            yield facts.rule.in_expression("comparison-bool", node.operator_start, wrong)


def _filtered_by(facts: Facts, node: Binary) -> bool:
    """Say whether a comparison with bool is a side of and: it filters nothing there."""
    return any(
        isinstance(one, Binary)
        and one.operator == "and"
        and node in map(bare, (one.left, one.right))
        for one in facts.expression.nodes
    )


def _condition(facts: Facts) -> Iterator[Finding]:
    root = bare(facts.expression.root)
    found = facts.rule.in_expression
    if isinstance(root, Binary) and root.operator in COMPARISONS and root.returns_bool:
        wrong = f"{root.operator} bool gives 0 where it is false, and the alert fires all the same"
        yield found("alert-bool", root.operator_start, wrong)
    elif not facts.expression.selectors and not _uses_time(facts):
        wrong = f"{facts.shown(root)} needs no metric, so the alert never rests"
        yield found("alert-always", root.start, wrong)
    elif not compares(facts.expression):
        wrong = "nothing is compared, so the alert fires while there is data"
        yield found("alert-comparison", root.start, wrong)


def _uses_time(facts: Facts) -> bool:
    names = {node.name for node in facts.expression.nodes if isinstance(node, Call)}
    clock = {"time", "hour", "minute", "month", "year", "day_of_week", "day_of_month"}
    return bool(names & clock) and compares(facts.expression)


def _absent(facts: Facts) -> Iterator[Finding]:
    least = 2 * facts.settings.scrape
    for node in facts.expression.nodes:
        if not isinstance(node, Call) or not node.name.startswith("absent"):
            continue
        over = bare(node.arguments[0])
        window = over.seconds if isinstance(over, Range | Subquery) else 0
        waits = (facts.rule.hold or 0) + (window or 0)
        if waits < least:
            name = over.name if isinstance(over, Selector) else None
            wrong = f"{node.name}({name or '…'}) waits less than two scrapes"
            right = f"write for: {Duration.of(int(max(least, 60)))} or more"
            yield facts.rule.in_expression("absent-for", node.start, wrong, right)


def _noise(facts: Facts) -> Iterator[Finding]:
    rule = facts.rule
    if rule.hold or rule.hold_at is None or rule.keep:
        return
    if any(isinstance(node, Range | Subquery) for node in facts.expression.nodes):
        return
    if facts.expression.selectors:
        yield rule.found("for-zero", rule.hold_at, "one bad value is enough")


def check_hold(rule: Rule, settings: Settings) -> Iterator[Finding]:
    """Check for itself, also where the expression could not be read."""
    if not rule.is_alert:
        return
    name = rule.name.text if rule.name else ""
    if rule.hold_at is None and not rule.keep and not _WATCHDOG.search(name):
        yield rule.found("for-missing", rule.name, "it does not say how long it waits")
    interval = (rule.group.interval if rule.group else None) or settings.interval
    if not rule.hold or not interval or rule.hold_at is None:
        return
    every, hold = Duration.of(int(interval)), Duration.of(int(rule.hold))
    if rule.hold < interval:
        wrong = f"it waits {hold}, and is judged every {every}"
        yield rule.found("for-short", rule.hold_at, wrong)
    elif rule.hold % interval:
        wrong = f"it waits {hold}, and is judged every {every}"
        longer = Duration.of(int((rule.hold // interval + 1) * interval))
        yield rule.found("for-interval", rule.hold_at, wrong, f"write {longer}: so long it waits")
