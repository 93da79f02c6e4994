"""One file of rules, from its bytes to everything that is bad about it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from belfry.expressions import Aggregation, bare
from belfry.expressions.bounds import bounds_of
from belfry.lint import on_alerts, on_groups, on_limits, on_logic, on_rates, on_selectors, on_texts
from belfry.lint.check import Finding
from belfry.lint.facts import Facts
from belfry.lint.flow import labels_of
from belfry.lint.foreign import binary, explain, is_helm
from belfry.lint.marked import NotYaml, Source, documents
from belfry.lint.rule_files import Reader, groups_in
from belfry.lint.silences import silenced
from belfry.lint.table import CHECKS
from belfry.problems import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from belfry.lint.rule_files import Group, Rule
    from belfry.lint.settings import Settings

LONGEST = 64 * 1024 * 1024
"""Bytes: some 100,000 rules."""


class Linted(NamedTuple):
    """What was found in a file, in its order, and how many rules it holds."""

    findings: tuple[Finding, ...]
    rules: int


def lint(data: bytes, file: str, settings: Settings) -> Linted:
    """Check the bytes of a file; any bytes give a result, in linear time.

    Args:
        data: the file.
        file: how messages call it.
        settings: what is taken for granted.

    """
    if (foreign := binary(data)) is not None:
        return _only("not-rules", Place(file, 1, 1), foreign.wrong, foreign.right)
    if len(data) > LONGEST:
        wrong = f"the file is larger than {LONGEST // 1024 // 1024} MiB"
        return _only("not-rules", Place(file, 1, 1), wrong, "make several files of it")
    try:
        text = _decoded(data)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        right = "save the file as UTF-8"
        return _only("not-yaml", Place(file, line, 1), "the file is not UTF-8", right)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    source = Source(file, lines)
    try:
        read = documents(text)
    except NotYaml as wrong:
        right = wrong.right or _mended(text, lines, wrong.line)
        place = Place(file, wrong.line + 1, wrong.column + 1)
        return _only("not-yaml", place, f"this is not YAML: {wrong.wrong}", right)
    if (foreign := explain(read)) is not None:
        return _only("not-rules", Place(file, 1, 1), foreign.wrong, foreign.right)
    reader = Reader(source)
    for number, document in enumerate(read):
        reader.check_top(document, is_first=number == 0)
    for groups in groups_in(read):
        reader.read(groups)
    found = (*reader.findings, *_checked(reader.groups, settings))
    left = silenced(found, lines, file, reader.groups)
    ordered = sorted(left, key=_position)
    return Linted(tuple(ordered), sum(len(group.rules) for group in reader.groups))


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    return data.decode("utf-8-sig")


_UNQUOTED = re.compile(r":\s+(?:\{\{|[%@`*&!]\S)")


def _mended(text: str, lines: list[str], line: int) -> str:
    """Say what would make YAML of it."""
    if is_helm(text):
        return "this looks like a template: render it first, and check what comes out"
    near = lines[max(line - 1, 0) : line + 1]
    if any("\t" in one[: len(one) - len(one.lstrip())] for one in near):
        return "indent with blanks: YAML takes no tabs"
    if any(_UNQUOTED.search(one) for one in near):
        return "put the text into quotation marks: it begins with a sign of YAML's"
    if any(one.count(": ") > 1 for one in near):
        return "put the text into quotation marks: it holds a colon and a blank"
    return CHECKS["not-yaml"].remedy


def _only(check: str, place: Place, wrong: str, right: str) -> Linted:
    entry = CHECKS[check]
    finding = Finding(check=entry, place=place, path=(), wrong=wrong, right=right or entry.remedy)
    return Linted((finding,), 0)


def _position(finding: Finding) -> tuple[Place, int]:
    return finding.place or Place("", 0, 0), finding.check.severity.rank


def _checked(groups: list[Group], settings: Settings) -> Iterator[Finding]:
    yield from on_groups.check(groups)
    sums = _sums(groups)
    for group in groups:
        for rule in group.rules:
            yield from checked_rule(rule, settings, sums)


def checked_rule(
    rule: Rule, settings: Settings, sums: frozenset[str] = frozenset()
) -> Iterator[Finding]:
    """Check one rule."""
    facts = None
    if rule.expression is not None:
        for feature in rule.expression.features:
            wrong = f"{feature.name} needs --enable-feature={feature.flag}"
            yield rule.in_expression("promql-feature", feature.start, wrong)
        facts = Facts(
            rule=rule,
            expression=rule.expression,
            labels=labels_of(rule.expression),
            bounds=bounds_of(rule.expression),
            settings=settings,
            sums=sums,
        )
        yield from on_selectors.check(facts)
        yield from on_rates.check(facts)
        yield from on_logic.check(facts)
        yield from on_limits.check(facts)
        yield from on_alerts.check(facts)
    yield from on_alerts.check_hold(rule, settings)
    yield from on_texts.check(rule, facts, settings)


def _sums(groups: list[Group]) -> frozenset[str]:
    """Find the metrics that are recorded as a sum of counters, which nothing should rate."""
    found = set()
    for group in groups:
        for rule in group.rules:
            if rule.is_alert or rule.expression is None or rule.name is None:
                continue
            root = bare(rule.expression.root)
            if isinstance(root, Aggregation) and root.operator == "sum":
                names = {one.name or "" for one in rule.expression.selectors}
                if any(name.endswith(("_total", "_count", "_bucket")) for name in names):
                    found.add(rule.name.text)
    return frozenset(found)
