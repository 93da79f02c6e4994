"""Checks of labels and annotations: what must be there, and templates."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from belfry.expressions import Binary, Call, Selector, SyntaxProblem, bare, parse
from belfry.lint.facts import within
from belfry.lint.go_templates import template
from belfry.problems import nearest, suggestion
from belfry.values.nonsense import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from belfry.lint.check import Finding
    from belfry.lint.facts import Facts
    from belfry.lint.go_templates import Use
    from belfry.lint.marked import Scalar
    from belfry.lint.rule_files import Rule
    from belfry.lint.settings import Settings

_LONGEST_LABEL = 1024
_SET_BY_PROMETHEUS = ("alertname", "alertstate")
_WANTED = (
    ("no-summary", "summary", ("summary", "message", "title")),
    ("no-description", "description", ("description", "message")),
    ("no-runbook", "runbook_url", ("runbook_url", "runbook", "playbook_url")),
)
_HUMANE = re.compile(
    r"humanize\w*|printf|toDuration|toTime|reReplaceAll|print|eq|ne|lt|le|gt|ge|and|or|not|query"
    r"|urlQueryEscape"
)


def check(rule: Rule, facts: Facts | None, settings: Settings) -> Iterator[Finding]:
    """Check the texts of a rule; `facts` is None when its expression could not be read."""
    yield from _values(rule)
    if not rule.is_alert:
        return
    yield from _wanted(rule, settings)
    for texts, is_label in ((rule.labels, True), (rule.annotations, False)):
        for key, value in texts.entries:
            yield from _template(rule, facts, key, value, is_label=is_label)


def _values(rule: Rule) -> Iterator[Finding]:
    if rule.is_alert and rule.name is not None and (what := _breaking(rule.name.text)):
        wrong, right = f"the alert's name holds {what}", "write it on one line"
        yield rule.found("label-breaks", rule.name, wrong, right)
    for key, value in rule.labels.entries:
        text = value.text
        what = _breaking(text)
        if what is not None and "{{" not in text:
            yield rule.found("label-breaks", value, f"the label {key.text} holds {what}")
        elif len(text) > _LONGEST_LABEL:
            wrong = f"the label {key.text} has {len(text):,} characters"
            yield rule.found("label-breaks", value, wrong)
        if key.text in _SET_BY_PROMETHEUS and rule.is_alert:
            yield rule.found("label-overwrites", key, f"Prometheus sets {key.text} itself")
    for texts, what in ((rule.labels, "label"), (rule.annotations, "annotation")):
        for key, value in texts.entries:
            if not value.text.strip():
                wrong = f"the {what} {key.text} is empty"
                yield rule.found("empty-annotation", key, wrong)


def _breaking(text: str) -> str | None:
    """Name the first control character of a text, if there is one."""
    bad = next((letter for letter in text if ord(letter) < 32 or letter == "\x7f"), None)
    if bad is None:
        return None
    return "a line feed" if bad == "\n" else f"the character U+{ord(bad):04X}"


def _wanted(rule: Rule, settings: Settings) -> Iterator[Finding]:
    for check_id, name, accepted in _WANTED:
        if not any(rule.annotations.get(one) for one in accepted):
            yield rule.found(check_id, rule.name, f"it has no {name}")
    group = rule.group.labels if rule.group else None
    severity = rule.labels.get("severity") or (group.get("severity") if group else None)
    if severity is None:
        yield rule.found("no-severity", rule.name, "it has no label severity")
    elif "{{" not in severity.text and severity.text not in settings.severities:
        meant = nearest(severity.text, settings.severities)
        known = ",".join((*settings.severities, severity.text))
        right = f"did you mean {meant}? " if meant else ""
        right += f"where it is routed, say --severities {known}"
        wrong = f"nobody receives severity {shown(severity.text)}"
        yield rule.found("unknown-severity", severity, wrong, right)
    if rule.labels.get("team") is None and not (group and group.get("team")):
        yield rule.found("no-team", rule.name, "it has no label team")


def _template(
    rule: Rule, facts: Facts | None, key: Scalar, value: Scalar, *, is_label: bool
) -> Iterator[Finding]:
    found = template(value.text)
    if found.wrong is not None:
        wrong = f"{key.text}: {found.wrong.wrong}"
        yield rule.found(
            "template-syntax", value, wrong, found.wrong.right, offset=found.wrong.offset
        )
        return
    if is_label and found.values:
        wrong = f"the label {key.text} holds the value"
        yield rule.found("template-value-label", value, wrong, offset=found.values[0].offset)
    for use in found.queries:
        yield from _query(rule, key, value, use)
    for use in found.missing:
        wrong = f"{key.text}: there is no template {shown(use.name)}"
        yield rule.found("template-missing", value, wrong, offset=use.offset)
    for use in found.strays:
        known = (".Labels", ".Value", ".ExternalLabels", ".ExternalURL")
        right = suggestion(use.name, known, else_say="")
        wrong = f"{key.text}: an alert has no {use.name}"
        yield rule.found("template-label", value, wrong, right, offset=use.offset)
    if facts is None:
        return
    yield from _labels(rule, facts, key, value, found.labels)
    raw = next((use for use in found.values if not _HUMANE.fullmatch(use.name)), None)
    if raw is not None and not is_label and _is_small(facts):
        wrong = f"{key.text} shows a rate or a share as it is"
        yield rule.found("template-raw-value", value, wrong, offset=raw.offset)


def _query(rule: Rule, key: Scalar, value: Scalar, use: Use) -> Iterator[Finding]:
    if "%" in use.name or not use.name.strip():
        return  # printf fills it
    problem = parse(use.name)
    if isinstance(problem, SyntaxProblem):
        wrong = f"{key.text}: {problem.wrong}"
        at = use.offset + problem.offset
        yield rule.found("template-query", value, wrong, problem.right, offset=at)


def _labels(
    rule: Rule, facts: Facts, key: Scalar, value: Scalar, uses: list[Use]
) -> Iterator[Finding]:
    labels = facts.labels[id(facts.expression.root)]
    told = set()
    for use in uses:
        if use.name in told or labels.may_have(use.name):
            continue
        told.add(use.name)
        own = rule.labels.get(use.name) is not None or use.name == "alertname"
        wrong = f"{key.text} names {use.name}, which the result does not have"
        right = f"it has {', '.join(sorted(labels.names)) or 'no labels'}"
        if own:
            right = "labels of the rule are not in $labels: write the value itself"
        elif not labels.closed:
            right = f"the expression leaves {use.name} out: keep it, or use another label"
        yield rule.found("template-label", value, wrong, right, offset=use.offset)


def _is_small(facts: Facts) -> bool:
    """Say whether the value is a rate or a share, which is a long fraction."""
    node = bare(facts.expression.root)
    while isinstance(node, Binary) and node.operator not in ("/", "*", "+", "-", "%", "^"):
        node = bare(node.left)
    if isinstance(node, Binary):
        return node.operator == "/" and any(isinstance(one, Selector) for one in within(node))
    return isinstance(node, Call) and node.name in ("rate", "irate", "deriv")
