"""The catalogue of rules: every file of alert_rules/, and own/ in it, which overrides by name."""

# ruff: noqa: TC001, TC003 -- `shapes` reads these annotations at run time

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from belfry import document
from belfry.findings import Findings
from belfry.forms import RuleName
from belfry.problems import Place, Problem, Problems, suggestion
from belfry.reader import read
from belfry.rules import Above, Quantity, Rule
from belfry.series import parse_series
from belfry.shapes import Says
from belfry.signals import SIGNALS, Unit
from belfry.values.duration import MINUTE, Duration
from belfry.values.nonsense import Nonsense, shown
from belfry.values.percent import Percent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from belfry.reading import Reading

SHIPPED = Path(__file__).resolve().parent.parent / "alert_rules"
"""The catalogue of this release."""

_BLANKS = ("service", "title", "for")
_LIMITS = {Unit.SECONDS: Quantity.DURATION}


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFile:
    """One file of rules about one subject; its name is the subject's."""

    rules: Annotated[Mapping[RuleName, Rule], Says("Its rules.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """All rules by name, and the names that each file (subject) holds."""

    rules: Mapping[str, Rule]
    subjects: Mapping[str, tuple[str, ...]]

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
    problems: list[Problem] = []
    for folder in (directory, directory / "own"):
        seen: dict[str, Place] = {}
        for path in sorted(folder.glob("*.yaml")):
            try:
                reading = read(RuleFile, document.load(path))
            except Problems as unreadable:
                problems += unreadable.problems
                continue
            problems += _mistakes(reading, seen)
            rules.update(reading.value.rules)
            subjects[path.stem] = tuple(
                dict.fromkeys((*subjects.get(path.stem, ()), *reading.value.rules))
            )
    if problems:
        raise Problems(problems)
    return Catalogue(rules=rules, subjects=subjects)


def number_of(quantity: Quantity, text: str) -> float:
    """Interpret a parameter's text: seconds, a share between 0 and 1, or a whole number.

    Raises:
        Nonsense: the text is not such a quantity.

    """
    if quantity is Quantity.DURATION:
        return Duration.parse(text).seconds
    if quantity is Quantity.PERCENT:
        return Percent.parse(text).ratio
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
    if not rule.covers:
        findings.add(("rules", name, "covers"), "it covers nothing", "name a kind of service")


def _check_condition(findings: Findings[RuleFile], name: str, rule: Rule) -> None:
    for key, parameter in rule.parameters.items():
        try:
            number_of(parameter.is_, parameter.default)
        except Nonsense as nonsense:
            where = ("rules", name, "parameters", key, "default")
            findings.add(where, nonsense.wrong, nonsense.right)
    if not isinstance(rule.when, Above):
        return
    path = ("rules", name, "when", "above")
    parameter_named = rule.parameters.get(rule.when.limit)
    unit = SIGNALS[rule.when.signal].unit
    if parameter_named is None:
        right = suggestion(rule.when.limit, rule.parameters, else_say="add it under parameters")
        wrong = f"the rule has no parameter {shown(rule.when.limit)}"
        findings.add((*path, "limit"), wrong, right, because=(("rules", name, "parameters"),))
    elif unit not in _LIMITS:
        findings.add((*path, "signal"), f"{rule.when.signal} has no limit to be above", "use down")
    elif parameter_named.is_ is not _LIMITS[unit]:
        wrong = f"{rule.when.limit} is a {parameter_named.is_}, {rule.when.signal} counts {unit}"
        parameter_path = ("rules", name, "parameters", rule.when.limit)
        findings.add(
            (*path, "limit"), wrong, f"make it a {_LIMITS[unit]}", because=(parameter_path,)
        )


def _check_texts(findings: Findings[RuleFile], name: str, rule: Rule) -> None:
    known = (*_BLANKS, *rule.parameters)
    for key, template in (("summary", rule.summary), ("description", rule.description)):
        for blank in template.names:
            if blank not in known:
                right = suggestion(blank, known, else_say="")
                path = ("rules", name, key)
                findings.add(
                    path,
                    f"nothing fills ${{{blank}}}",
                    right,
                    because=(("rules", name, "parameters"),),
                )


def _check_cases(findings: Findings[RuleFile], name: str, rule: Rule) -> None:
    for key, cases in (("fires", rule.cases.fires), ("quiet", rule.cases.quiet)):
        path = ("rules", name, "cases", key)
        if not cases:
            findings.add(path, "no case proves it", "add one with says and series")
        for index, case in enumerate(cases):
            for signal, text in case.series.items():
                try:
                    parse_series(text)
                except Nonsense as nonsense:
                    where = (*path, index, "series", signal)
                    findings.add(where, nonsense.wrong, nonsense.right)
            if case.series and rule.when.signal not in case.series:
                wrong = f"{rule.when.signal} is missing, which the rule is about"
                findings.add(
                    (*path, index, "series"),
                    wrong,
                    f"add {rule.when.signal}: 1x5",
                    because=(("rules", name, "when"),),
                )
