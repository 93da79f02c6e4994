"""Checks of what is read from the database: matchers, regular expressions, windows."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from belfry.expressions import Call, Range, Subquery, Text, regular
from belfry.expressions.regular import matches
from belfry.values.duration import Duration
from belfry.values.nonsense import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from belfry.expressions import Matcher, Selector
    from belfry.lint.check import Finding
    from belfry.lint.facts import Facts

_REGULAR = re.compile(r"[.*+?()|\[\]{}^$\\]")
_ANCHORED = re.compile(r"\^|.*(?<!\\)\$\Z", re.DOTALL)
_ALTERNATIVES = re.compile(r"[\w /:-]+(?:\|[\w /:-]+)*")
_LONG = 2_000
"""Characters: matchers of one label that are further apart are not held against each other."""
_EVERYTHING = frozenset((".*", "^.*$", "(.*)", ".*.*", "(?s).*"))


def check(facts: Facts) -> Iterator[Finding]:
    """Check the selectors of a rule, and how far it looks back."""
    for selector in facts.expression.selectors:
        yield from _selector(facts, selector)
    for node in facts.expression.nodes:
        if isinstance(node, Call) and node.name == "label_replace":
            yield from _replaced(facts, node)
        if isinstance(node, Range | Subquery):
            offset = node.selector.offset if isinstance(node, Range) else node.offset
            yield from _window(facts, node.start, node.seconds + max(offset, 0))
    for selector in facts.expression.selectors:
        yield from _window(facts, selector.start, selector.offset)


def _window(facts: Facts, start: int, seconds: float) -> Iterator[Finding]:
    if seconds > facts.settings.retention:
        kept = Duration.of(int(facts.settings.retention))
        wrong = f"it looks back {Duration.of(int(seconds))}, and values are kept for {kept}"
        yield facts.rule.in_expression("window-retention", start, wrong)


def _selector(facts: Facts, selector: Selector) -> Iterator[Finding]:
    found = facts.rule.in_expression
    name = selector.name
    if name is None and not any(one.label == "__name__" for one in selector.matchers):
        wrong = f"{facts.shown(selector)} names no metric"
        yield found("nameless-selector", selector.start, wrong)
    for label in facts.settings.require:
        if not any(one.label == label for one in selector.matchers):
            wrong = f"{facts.shown(selector)} says nothing about {label}"
            yield found("selector-labels", selector.start, wrong, f'add {label}="…"')
    for matcher in selector.matchers:
        if matcher.operator in ("=~", "!~"):
            yield from _regular(facts, matcher)
    yield from _contradictions(facts, selector)


def _replaced(facts: Facts, node: Call) -> Iterator[Finding]:
    """Check the regular expression of label_replace, which Prometheus reads at each judgement."""
    text = node.arguments[-1]
    problem = regular.wrong(text.value) if isinstance(text, Text) else None
    if problem is None:
        return
    plain = "\\" not in facts.expression.text[text.start : text.end]
    start = text.start + (1 + problem.offset if plain else 0)
    yield facts.rule.in_expression("bad-replacement", start, problem.wrong, problem.right)


def _regular(facts: Facts, matcher: Matcher) -> Iterator[Finding]:
    found = facts.rule.in_expression
    value = matcher.value
    plain = "=" if matcher.operator == "=~" else "!="
    if value in _EVERYTHING and matcher.operator == "=~":
        wrong = f"{matcher.label}=~{shown(value)} lets everything through"
        yield found("regex-everything", matcher.start, wrong)
    elif _ANCHORED.match(value) and value not in ("^$", "$", "^"):
        wrong = f"the regular expression of {matcher.label} is anchored"
        yield found("regex-anchors", matcher.start, wrong)
    elif not _REGULAR.search(value):
        wrong = f"the regular expression of {matcher.label} is a plain text"
        yield found(
            "regex-plain", matcher.start, wrong, f"write {matcher.label}{plain}{shown(value)}"
        )


def _contradictions(facts: Facts, selector: Selector) -> Iterator[Finding]:
    by_label: dict[str, list[Matcher]] = defaultdict(list)
    for matcher in selector.matchers:
        by_label[matcher.label].append(matcher)
    for label, matchers in by_label.items():
        values = [one.value for one in matchers if one.operator == "="]
        if label == "__name__" and selector.name is not None:
            values.append(selector.name)
        wrong = ""
        if len(set(values)) > 1:
            wrong = f"{label} cannot be {shown(values[0])} and {shown(values[1])}"
        elif values and (other := next((m for m in matchers if _excludes(m, values[0])), None)):
            wrong = f"{label} cannot be {shown(values[0])} and {other.operator}{shown(other.value)}"
        elif any(m.operator == "!~" and m.value in (".*", "(.*)") for m in matchers):
            wrong = f"no value of {label} does not match .*"
        elif matchers[-1].end - matchers[0].start < _LONG:
            wrong = next(filter(None, (_nothing_left(one, matchers) for one in matchers)), "")
        if wrong:
            yield facts.rule.in_expression("impossible-matchers", matchers[-1].start, wrong)


def _nothing_left(matcher: Matcher, others: Sequence[Matcher]) -> str:
    """Say that others take all that a regular expression lets through; nothing, if they do not."""
    if matcher.operator != "=~":
        return ""
    shown_here = f"{matcher.label} cannot be =~{shown(matcher.value)}"
    for other in others:
        if other.operator == "!~" and other.value == matcher.value:
            return f"{shown_here} and !~{shown(other.value)}"
    if not _ALTERNATIVES.fullmatch(matcher.value):
        return ""
    left = matcher.value.split("|")
    used: dict[str, None] = {}
    for value in left:
        by = next((one for one in others if one is not matcher and _excludes(one, value)), None)
        if by is None:
            return ""
        used[f"{by.operator}{shown(by.value)}"] = None
    return f"{shown_here} and {' and '.join(used)}"


def _excludes(matcher: Matcher, value: str) -> bool:
    if matcher.operator == "!=":
        return matcher.value == value
    if matcher.operator == "=~":
        return not matches(matcher.value, value) and _is_simple(matcher.value)
    return matcher.operator == "!~" and matches(matcher.value, value)


def _is_simple(value: str) -> bool:
    """Say whether Python reads a regular expression as RE2 does."""
    return "\\" not in value and "(?" not in value and "[[:" not in value
