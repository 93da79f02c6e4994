"""Conditions of the catalogue: whether they ask one thing, of signals and parameters that fit."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from belfry.conditions import Take
from belfry.expressions import SyntaxProblem, parse
from belfry.language.signals import Measure, MetricKind
from belfry.meant import TAKEN_OF
from belfry.problems import suggestion
from belfry.rules import (
    Above,
    Absent,
    Below,
    Burns,
    Deviates,
    Down,
    Drops,
    Ends,
    Fails,
    Fills,
    Measurement,
    Overdue,
    PromQL,
    Quantity,
    Rises,
    Told,
    signals_of,
)
from belfry.signals import SIGNALS
from belfry.values.nonsense import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from belfry.catalogue import RuleFile
    from belfry.findings import Findings
    from belfry.problems import Path
    from belfry.rules import Case, Rule, When
    from belfry.values.template import Template

_QUANTITIES: Mapping[Measure, frozenset[Quantity]] = {
    Measure.SECONDS: frozenset({Quantity.DURATION}),
    Measure.SHARE: frozenset({Quantity.PERCENT}),
    Measure.BYTES: frozenset({Quantity.SIZE}),
    Measure.COUNT: frozenset({Quantity.COUNT, Quantity.NUMBER}),
    Measure.NUMBER: frozenset({Quantity.COUNT, Quantity.NUMBER}),
    Measure.TRUTH: frozenset({Quantity.COUNT, Quantity.NUMBER}),
}
"""How a limit on a measure is written."""
_NUMBERS = frozenset({Quantity.COUNT, Quantity.NUMBER})
_WRITTEN = {
    Quantity.DURATION: "duration",
    Quantity.PERCENT: "percent",
    Quantity.COUNT: "count",
    Quantity.NUMBER: "number",
    Quantity.SIZE: "size",
}


_STOOD_FOR = {"service": "service"}


def ask(findings: Findings[RuleFile], path: Path, rule: Rule) -> None:
    """Ask about every condition of one rule; `path` is where the rule stands."""
    if not rule.when:
        findings.add((*path, "when"), "the rule has no condition", "write one, such as down")
    for where, when in placed(path, rule):
        if isinstance(when, Measurement):
            _ask_measurement(findings, where, when)
        if isinstance(when, Burns):
            _ask_burns(findings, where, when)
        for key, parameter, quantities in _parameters(when):
            _ask_parameter(findings, (*where, key), rule, parameter, quantities)
        if isinstance(when, PromQL):
            _ask_blanks(findings, where, rule, when)


def placed(path: Path, rule: Rule) -> Iterator[tuple[Path, When]]:
    """Give every condition of a rule with its path; one alone is written without brackets."""
    several = len(rule.when) > 1
    for index, when in enumerate(rule.when):
        yield (*path, "when", index, when.KEY) if several else (*path, "when", when.KEY), when


def ask_case(findings: Findings[RuleFile], path: Path, rule: Rule, case: Case) -> None:
    """Ask whether a case has the series of one of the rule's conditions, and no others."""
    told = {name.partition("{")[0] for name in case.series}
    needed = [signals_of(when) for when in rule.when]
    # What PromQL looks at may be chosen by a regular expression.
    signals = () if any(isinstance(when, PromQL) for when in rule.when) else {*chain(*needed)}
    for key in case.series if signals else ():
        name = key.partition("{")[0].partition(".")[0]
        if name not in signals:
            wrong = f"{name} is nothing that the rule looks at"
            because = (("rules", path[1], "when"),)
            right = suggestion(name, signals, else_say="")
            findings.add((*path, "series", key), wrong, right, because=because)
    if not needed or not case.series or any(not names or told & set(names) for names in needed):
        return
    names = needed[0]
    wrong = f"{names[0]} is missing, which the rule is about"
    where = (("rules", path[1], "when"),)
    findings.add((*path, "series"), wrong, f"add {names[0]}: 1x5", because=where)


def _ask_number(findings: Findings[RuleFile], path: Path, when: Measurement | Burns) -> None:
    """Ask whether it is one signal, or one counter over another."""
    parts = (when.part, when.whole)
    if (when.signal is None) == (None in parts) or (when.signal and any(parts)):
        wrong = "it must be a signal, or part and whole"
        findings.add(path, wrong, "write signal: response-time, or part: … and whole: …")
        return
    for key, signal in (("part", when.part), ("whole", when.whole)):
        if signal is not None and SIGNALS[signal].kind is not MetricKind.COUNTER:
            wrong = f"{signal} is a {SIGNALS[signal].kind}, and rates are taken of counters"
            findings.add((*path, key), wrong, "name a counter")


def _ask_burns(findings: Findings[RuleFile], path: Path, when: Burns) -> None:
    """Ask whether it is known what is bad: a share, or what takes longer than something."""
    _ask_number(findings, path, when)
    if when.signal is None:
        if when.slower is not None:
            wrong = "a part of a whole is bad already, whatever it took"
            findings.add((*path, "slower"), wrong, "take slower out, or write signal: …")
        return
    known = SIGNALS[when.signal]
    if when.slower is not None and known.kind is not MetricKind.HISTOGRAM:
        wrong = f"{when.signal} is a {known.kind}, which does not tell how many took longer"
        findings.add((*path, "signal"), wrong, "name a histogram")
    elif when.slower is None and known.measure is not Measure.SHARE:
        wrong = f"{when.signal} counts {known.measure}, and a share is needed of what is bad"
        findings.add((*path, "signal"), wrong, "name a share, or say slower")


def _ask_measurement(findings: Findings[RuleFile], path: Path, when: Measurement) -> None:
    _ask_number(findings, path, when)
    if when.signal is None:
        return
    kind = SIGNALS[when.signal].kind
    if when.take is not None and when.take not in TAKEN_OF[kind]:
        wrong = f"{when.signal} is a {kind}, of which there is no {when.take}"
        right = f"write {' or '.join(sorted(TAKEN_OF[kind]))}"
        findings.add((*path, "take"), wrong, right)
    if (when.take is Take.QUANTILE) != (when.quantile is not None):
        findings.add(path, "take: quantile and quantile: 95 % belong together", "write both")


def _parameters(when: When) -> Iterator[tuple[str, str, frozenset[Quantity]]]:
    """Give the parameters that a condition names: key, name, and what their values may be."""
    if isinstance(when, Measurement | Burns) and when.least is not None:
        yield "least", when.least, _NUMBERS
    duration = frozenset({Quantity.DURATION})
    match when:
        case Burns():
            yield "promise", when.promise, frozenset({Quantity.PERCENT})
            yield "times", when.times, _NUMBERS
            yield "over", when.over, duration
            if when.slower is not None and when.signal is not None:
                yield "slower", when.slower, _QUANTITIES[SIGNALS[when.signal].measure]
        case Above() | Below():
            yield "limit", when.limit, _QUANTITIES[_measure(when)]
        case Rises() | Drops():
            yield "by", when.by, frozenset({Quantity.PERCENT})
        case Deviates():
            yield "by", when.by, _NUMBERS
        case Fills() | Ends():
            yield "within", when.within, duration
            if isinstance(when, Fills) and when.full is not None:
                yield "full", when.full, _QUANTITIES[SIGNALS[when.signal].measure]
        case Absent() | Overdue():
            yield "after", when.after, duration
        case Fails():
            yield "times", when.times, frozenset({Quantity.COUNT})
        case PromQL():
            yield "limit", when.limit, frozenset(Quantity)
        case Down() | Told():
            return


def _measure(when: Measurement) -> Measure:
    if when.signal is None:
        return Measure.SHARE
    signal = SIGNALS[when.signal]
    if signal.kind is MetricKind.COUNTER:
        return Measure.COUNT
    return signal.measure


def _ask_parameter(
    findings: Findings[RuleFile],
    where: Path,
    rule: Rule,
    name: str,
    quantities: frozenset[Quantity],
) -> None:
    path = where[:2]
    parameter = rule.parameters.get(name)
    if parameter is None:
        right = suggestion(name, rule.parameters, else_say="add it under parameters")
        wrong = f"the rule has no parameter {shown(name)}"
        findings.add(where, wrong, right, because=((*path, "parameters"),))
    elif parameter.is_ not in quantities:
        wanted = " or ".join(sorted(_WRITTEN[one] for one in quantities))
        wrong = f"{name} is a {parameter.is_}, and must be a {wanted}"
        because = ((*path, "parameters", name, "is"),)
        findings.add(where, wrong, f"make it a {wanted}", because=because)


def _ask_promql(findings: Findings[RuleFile], path: Path, when: PromQL) -> None:
    """Ask whether it is PromQL that a plain Prometheus takes, and say where it is not."""
    blanks = {name: _STOOD_FOR.get(name, "1") for name in when.expression.names}
    blanks |= {name: "60s" for name in blanks if name.endswith("-range")}
    found = parse(when.expression.fill(blanks))
    if isinstance(found, SyntaxProblem):
        at = _as_written(when.expression, blanks, found.offset)
        findings.add(path, found.wrong, found.right, at=at)
    elif found.features:
        first = found.features[0]
        wrong = f"{first.name} is experimental, and a plain Prometheus refuses it"
        at = _as_written(when.expression, blanks, first.start)
        findings.add(path, wrong, "write it without", at=at)


def _as_written(text: Template, values: Mapping[str, str], offset: int) -> int:
    """Give where a character of a text that was filled stands in the text as it is written."""
    filled = written = len(text.head)
    if offset < filled:
        return offset
    for name, after in text.blanks:
        filled += len(values[name])
        if offset < filled:
            return written
        written += len(f"${{{name}}}") + len(after)
        filled += len(after)
        if offset < filled:
            break
    return written - (filled - offset)


def _ask_blanks(findings: Findings[RuleFile], path: Path, rule: Rule, when: PromQL) -> None:
    known = ("service", *rule.parameters, *(f"{name}-range" for name in rule.parameters))
    for blank in when.expression.names:
        if blank not in known:
            right = suggestion(blank, known, else_say="")
            at = str(when.expression).index(f"${{{blank}}}")
            findings.add((*path, "expression"), f"nothing fills ${{{blank}}}", right, at=at)
    _ask_promql(findings, (*path, "expression"), when)
    if "service" not in when.expression.names:
        wrong = "it is about every service at once"
        findings.add((*path, "expression"), wrong, 'select {service="${service}"}')
