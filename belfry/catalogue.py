"""The catalogue of rules: every file of alert_rules/, and own/ in it, which overrides by name."""

# ruff: noqa: TC001, TC003 -- `shapes` reads these annotations at run time

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from belfry import catalogue_conditions, document, rule_texts
from belfry.builder import REMEDY
from belfry.findings import Findings
from belfry.forms import RuleName
from belfry.problems import Code, Place, Problem, Problems
from belfry.reader import read
from belfry.rules import Quantity, Rule, Told
from belfry.series import steps_of
from belfry.shapes import Says
from belfry.tree import Table
from belfry.values.duration import MINUTE, Duration
from belfry.values.nonsense import Nonsense, shown
from belfry.values.number import Number
from belfry.values.percent import Percent
from belfry.values.size import Size

if TYPE_CHECKING:
    from collections.abc import Iterable

    from belfry.reading import Reading
    from belfry.tree import Document

SHIPPED = Path(__file__).resolve().parent.parent / "alert_rules"
"""The catalogue of this release."""

_LONGEST_STEP = Duration.of(240)
"""Prometheus forgets a value after five minutes."""
_LONGEST_FIRST_STEP = 120
"""Characters that are read at a glance, on a phone at night."""
_LIKE_A_RANGE = "-range"
_AS_DOCUMENTED = "write rules: and their names below it, as docs/rules.md says"
_SERIES = re.compile(r"(?P<name>[a-zA-Z_:][a-zA-Z0-9_:.-]*)(?:\{(?P<labels>[^{}]*)\})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFile:
    """One file of rules about one subject; its name is the subject's."""

    rules: Annotated[Mapping[RuleName, Rule], Says("Its rules.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """All rules by name, and the names that each file (subject) holds."""

    rules: Mapping[str, Rule]
    subjects: Mapping[str, tuple[str, ...]]
    own: Mapping[str, Place] = field(default_factory=dict)
    """Where the rules of a team's own stand."""

    def used_by(self, use: Iterable[str]) -> tuple[str, ...]:
        """Give the names of the rules that a set uses, each once, in the set's order."""
        names: dict[str, None] = {}
        for word in use:
            names.update(dict.fromkeys(self.subjects.get(word, (word,))))
        return tuple(names)


def load_catalogue(directory: Path = SHIPPED) -> Catalogue:
    """Read every rule of a directory and of `own/` in it.

    Raises:
        Problems: every mistake of every file.

    """
    rules: dict[str, Rule] = {}
    subjects: dict[str, tuple[str, ...]] = {}
    own: dict[str, Place] = {}
    problems: list[Problem] = []
    for folder in (directory, directory / "own"):
        seen: dict[str, Place] = {}
        for path in sorted(folder.glob("*.yaml")):
            try:
                reading = read(RuleFile, _loaded(document.seen_from_here(path)))
            except Problems as unreadable:
                problems += unreadable.problems
                continue
            problems += _mistakes(reading, seen)
            rules.update(reading.value.rules)
            if folder != directory:
                own |= {
                    name: reading.document.locate(("rules", name)) for name in reading.value.rules
                }
            subjects[path.stem] = tuple(
                dict.fromkeys((*subjects.get(path.stem, ()), *reading.value.rules))
            )
    if problems:
        raise Problems(problems)
    return Catalogue(rules=rules, subjects=subjects, own=own)


def _loaded(path: Path) -> Document:
    """Load a file of rules.

    Raises:
        Problems: nothing in it can be read, or it is a rule file of Prometheus.

    """
    try:
        loaded = document.load(path)
    except Problems as unreadable:
        raise Problems(
            replace(one, right=_AS_DOCUMENTED) if one.right == REMEDY else one
            for one in unreadable.problems
        ) from unreadable
    root = loaded.root
    if isinstance(root, Table) and root.get("rules") is None and (groups := root.get("groups")):
        problem = Problem(
            place=groups.key.place,
            path=("groups",),
            wrong="this is a rule file of Prometheus",
            right=f"let belfry lint {path} read it, or {_AS_DOCUMENTED}",
            code=Code.FILE,
        )
        raise Problems([problem])
    return loaded


@lru_cache(maxsize=1024)
def number_of(quantity: Quantity, text: str) -> float:
    """Interpret a parameter's text: seconds, a share of one, bytes, a number or a whole one.

    Raises:
        Nonsense: the text is not such a quantity.

    """
    if quantity is Quantity.DURATION:
        return Duration.parse(text).seconds
    if quantity is Quantity.PERCENT:
        return Percent.parse(text).ratio
    if quantity is Quantity.NUMBER:
        return Number.parse(text).plain
    if quantity is Quantity.SIZE:
        return Size.parse(text).bytes
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise Nonsense(f"{shown(text)} is not a count", "write a whole number")
    return int(text)


def _mistakes(reading: Reading[RuleFile], seen: dict[str, Place]) -> tuple[Problem, ...]:
    findings = Findings(reading)
    for name, rule in reading.value.rules.items():
        path = ("rules", name)
        if name in seen:
            findings.add(
                path, f"{name} is defined twice", f"keep one; the first is at {seen[name]}"
            )
        seen.setdefault(name, reading.document.locate(path))
        _check_times(findings, name, rule)
        _check_condition(findings, name, rule)
        _check_texts(findings, name, rule)
        _check_cases(findings, name, rule)
    return findings.problems


def _check_times(findings: Findings[RuleFile], name: str, rule: Rule) -> None:
    for path, duration in (
        (("rules", name, "for"), rule.for_),
        (("rules", name, "no-data", "after"), rule.no_data.after),
    ):
        if not duration.is_multiple_of(MINUTE):
            findings.add(path, f"{duration} is not whole minutes", "rules are judged every minute")


def _check_condition(findings: Findings[RuleFile], name: str, rule: Rule) -> None:
    for key, parameter in rule.parameters.items():
        try:
            number_of(parameter.is_, parameter.default)
        except Nonsense as nonsense:
            where = ("rules", name, "parameters", key, "default")
            because = ((*where[:-1], "is"),)
            findings.add(where, nonsense.wrong, nonsense.right, because=because)
        if key in rule_texts.FILLED:
            wrong = f"every rule's texts have a ${{{key}}} already"
            findings.add(("rules", name, "parameters", key), wrong, "give it another name")
        if key.endswith(_LIKE_A_RANGE):
            wrong = f"{key} looks like the range of a parameter"
            findings.add(("rules", name, "parameters", key), wrong, "give it another name")
    catalogue_conditions.ask(findings, ("rules", name), rule)


def _check_texts(findings: Findings[RuleFile], name: str, rule: Rule) -> None:
    texts = {
        "summary": rule.summary,
        "description": rule.description,
        "first-step": rule.first_step,
    }
    if not findings.is_broken(("rules", name, "parameters")):
        rule_texts.ask(findings, ("rules", name), texts, rule.parameters)
        for where, when in catalogue_conditions.placed(("rules", name), rule):
            if isinstance(when, Told):
                told = {"summary": when.summary, "description": when.description}
                rule_texts.ask(findings, where, told, rule.parameters)
    length = len(rule.first_step.whole)
    if length > _LONGEST_FIRST_STEP:
        wrong = f"{length} characters are no first step"
        right = f"write at most {_LONGEST_FIRST_STEP}; the runbook says the rest"
        findings.add(("rules", name, "first-step"), wrong, right)


def _check_cases(findings: Findings[RuleFile], name: str, rule: Rule) -> None:
    for key, cases in (("fires", rule.cases.fires), ("quiet", rule.cases.quiet)):
        path = ("rules", name, "cases", key)
        if not cases:
            findings.add(path, "no case proves it", "add one with says and series")
        for index, case in enumerate(cases):
            if not Duration.of(0) < case.every <= _LONGEST_STEP:
                wrong = f"Prometheus forgets a value that is older than {case.every}"
                findings.add((*path, index, "every"), wrong, "write 4m or less")
            for series, text in case.series.items():
                where = (*path, index, "series", series)
                if _SERIES.fullmatch(series) is None:
                    right = 'write a signal or a metric, with labels such as {le="2"}'
                    findings.add(where, f"{shown(series)} is no series", right)
                try:
                    steps_of(text)
                except Nonsense as nonsense:
                    findings.add(where, nonsense.wrong, nonsense.right)
            catalogue_conditions.ask_case(findings, (*path, index), rule, case)
