"""Checks of rules beside each other: names, duplicates, the order in a group."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from belfry.expressions import Range
from belfry.values.duration import Duration
from belfry.values.nonsense import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from belfry.lint.check import Finding
    from belfry.lint.rule_files import Group, Rule

_CAMEL = re.compile(r"[A-Z0-9][A-Za-z0-9]*")
_RECORD = re.compile(r"[a-z_]+_info|[A-Za-z_0-9]*:[A-Za-z_0-9]+(?::[A-Za-z_0-9]+)*:?[A-Za-z_0-9]*")
_STALE = 300
"""Seconds after which a value is stale: Prometheus' default look-back."""


class _Recorded(NamedTuple):
    group: int
    number: int
    rule: Rule


def check(groups: Sequence[Group]) -> Iterator[Finding]:
    """Check the groups of a file."""
    recorded: dict[str, _Recorded] = {}
    for number, group in enumerate(groups):
        yield from _group(group)
        for index, rule in enumerate(group.rules):
            yield from _name(rule)
            if not rule.is_alert and rule.name is not None:
                recorded.setdefault(rule.name.text, _Recorded(number, index, rule))
    yield from _twice(groups)
    for number, group in enumerate(groups):
        for index, rule in enumerate(group.rules):
            yield from _order(rule, number, index, recorded)


def _group(group: Group) -> Iterator[Finding]:
    if not group.rules and group.name is not None:
        yield group.found("empty-group", group.name, "the group has no rules")
    if group.interval is None or group.interval <= _STALE:
        return
    keeps = all(rule.is_alert and (rule.keep or 0) >= group.interval for rule in group.rules)
    if group.rules and not keeps:
        wrong = f"it is judged every {Duration.of(int(group.interval))}"
        yield group.found("group-interval", group.table.get("interval"), wrong)


def _name(rule: Rule) -> Iterator[Finding]:
    if rule.name is None or not rule.name.text:
        return
    name = rule.name.text
    if rule.is_alert and not _CAMEL.fullmatch(name) and "{{" not in name:
        words = re.findall(r"[A-Za-z0-9]+", name)
        camel = "".join(word[:1].upper() + word[1:] for word in words)
        right = f"write {camel}" if camel else ""
        yield rule.found("alert-name", rule.name, f"{shown(name)} is not CamelCase", right)
    if not rule.is_alert and not _RECORD.fullmatch(name):
        wrong = f"{shown(name)} is not level:metric:operation"
        yield rule.found("record-name", rule.name, wrong)


def _twice(groups: Sequence[Group]) -> Iterator[Finding]:
    same: dict[object, Rule] = {}
    named: dict[object, Rule] = {}
    for group in groups:
        for rule in group.rules:
            if rule.name is None or rule.written is None:
                continue
            name = (rule.is_alert, rule.name.text, rule.labels.pairs, group.labels.pairs)
            whole = (name, "".join(rule.written.text.split()))
            if (first := same.get(whole)) is not None:
                also = (first.source.place(first.name or first.table),)
                wrong = f"{shown(rule.name.text)} stands here a second time"
                yield rule.found("rule-twice", rule.name, wrong, also=also)
            elif (first := named.get(name)) is not None and not _apart(first, rule):
                also = (first.source.place(first.name or first.table),)
                wrong = f"another rule is named {shown(rule.name.text)} and has the same labels"
                yield rule.found("same-name", rule.name, wrong, also=also)
            same.setdefault(whole, rule)
            named.setdefault(name, rule)


def _apart(one: Rule, other: Rule) -> bool:
    """Say whether two expressions read different series of the same metric, by their matchers."""
    if one.expression is None or other.expression is None:
        return False
    values: dict[tuple[str | None, str], set[str]] = {}
    for selector in one.expression.selectors:
        for matcher in selector.matchers:
            if matcher.operator in ("=", "=~"):
                values.setdefault((selector.name, matcher.label), set()).add(matcher.value)
    return any(
        matcher.operator in ("=", "=~")
        and matcher.value not in values.get((selector.name, matcher.label), {matcher.value})
        for selector in other.expression.selectors
        for matcher in selector.matchers
    )


def _order(
    rule: Rule, number: int, index: int, recorded: dict[str, _Recorded]
) -> Iterator[Finding]:
    if rule.expression is None:
        return
    over_time = {id(node.selector) for node in rule.expression.nodes if isinstance(node, Range)}
    told = set()
    for selector in rule.expression.selectors:
        if id(selector) in over_time:
            continue  # what is one evaluation in a window
        used = recorded.get(selector.name or "")
        if used is None or selector.name in told or used.rule is rule:
            continue
        told.add(selector.name)
        also = (used.rule.source.place(used.rule.name or used.rule.table),)
        if used.group == number and used.number > index:
            wrong = f"{selector.name} is recorded after it is used here"
            yield rule.found("later-rule", rule.written, wrong, also=also, offset=selector.start)
        elif used.group != number and not rule.is_alert:
            wrong = f"{selector.name} is recorded in another group"
            yield rule.found("other-group", rule.written, wrong, also=also, offset=selector.start)
