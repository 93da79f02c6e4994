"""Rule sets: whether they use and change what the catalogue has, and add what it has not."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from belfry.catalogue import number_of
from belfry.language.signals import SignalName
from belfry.meaning import detection, harshness, limits, own_rules, signals
from belfry.problems import Code, nearest, suggestion
from belfry.rules import Absent, Measurement, PromQL, Told, signals_of
from belfry.values.duration import DAY, MINUTE
from belfry.values.nonsense import Nonsense, shown

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from belfry.catalogue import Catalogue
    from belfry.findings import Findings
    from belfry.language.platform import Platform
    from belfry.meaning.reach import Reached
    from belfry.problems import Path
    from belfry.rules import Rule, When


def ask(findings: Findings[Platform], reached: Reached) -> None:
    """Ask about every rule set."""
    platform, catalogue = findings.value, reached.catalogue
    if not platform.rules:
        right = "add a set, such as site: {use: [availability]}"
        findings.add(("rules",), "there is none", right)
    known = {*catalogue.rules, *catalogue.subjects}
    is_clear = _is_clear(findings)
    probed = own_rules.Probed(platform)
    asked: set[str] = set()
    for name, rules in platform.rules.items():
        path = ("rules", name)
        if not rules.use and not rules.own and not findings.is_unclear(path):
            right = f"name one under use, such as {min(known, default='a rule')}"
            findings.add((*path, "use"), "the set uses no rule", right)
        findings.known_once((*path, "use"), rules.use, "rule", known)
        for index, word in enumerate(rules.use):
            if is_clear and word not in asked:
                asked.add(word)
                _measured(findings, (*path, "use", index), word, reached)
        for rule in rules.set:
            _changed(findings, catalogue, name, rule)
        for rule, own in rules.own.items():
            where = (*path, "own", rule)
            if rule in catalogue.rules:
                wrong = f"{rule} is a rule of the catalogue"
                right = "give it another name, or use that rule and change it under set"
                findings.add(where, wrong, right)
            else:
                own_rules.ask(findings, where, own, probed)
    signals.ask_as_meant(findings, _asked_for(reached))
    limits.ask(findings)
    harshness.ask(findings)
    detection.ask(findings, reached)


def _asked_for(reached: Reached) -> frozenset[SignalName]:
    """Give the signals whose values used rules of the catalogue judge, not their silence alone."""
    catalogue = reached.catalogue
    names = {rule for one in reached.sets.values() for rule in catalogue.used_by(one.use)}
    whens = chain.from_iterable(
        catalogue.rules[name].when for name in names if name in catalogue.rules
    )
    return frozenset(
        signal for when in whens if not isinstance(when, Absent) for signal in signals_of(when)
    )


def _is_clear(findings: Findings[Platform]) -> bool:
    """Say whether it can be known what rules can speak of."""
    platform = findings.value
    if any(map(findings.is_unclear, (("checks",), ("services",), ("signals",), ("server",)))):
        return False  # what could not be read may be the check or the signal that is missed
    return all(check.of in platform.services for check in platform.checks.values())


def _measured(findings: Findings[Platform], path: Path, word: str, reached: Reached) -> None:
    """Refuse a rule that is named and can never speak, because nothing measures its signals."""
    rule = reached.catalogue.rules.get(word)
    if rule is None or reached.kinds(word):
        return  # a subject brings rules for platforms of every kind
    kinds = " or ".join(sorted(map(str, rule.covers))) or "of any kind"
    asked = {signal for when in rule.when for signal in signals_of(when)}
    if asked & signals.misfits(findings.value):
        return  # something measures it, in another way than the rule takes it: told there
    needed = [measure for measure in map(_needed, rule.when) if measure]
    if needed == [str(SignalName.PROBE_UP)] or needed == [str(SignalName.PROBE_SECONDS)]:
        right = f"add an http check of a service that is {kinds}, or take the rule out"
        findings.add(path, f"no check can tell {word}", right)
        return
    wrong = f"nothing measures {' or '.join(needed)}, which {word} needs, of a service {kinds}"
    because = (("signals",), ("server",), ("services",))
    misspelt = _misspelt(findings.value, asked)
    if misspelt is not None:
        signal, written = misspelt
        right = f"write {signal}, if signals.{written} is meant for it, or take {word} out"
        findings.add(path, wrong, right, because=because, also=(("signals", written),))
        return
    right = _remedy(findings.value, rule, needed) or "add it to signals with of: and from:"
    right += f", or the exporter to server.parts, or take {word} out"
    findings.add(path, wrong, right, because=because)


def _misspelt(platform: Platform, asked: Collection[SignalName]) -> tuple[str, str] | None:
    """Give a signal that a rule asks for, and one of the platform's whose name is nearly its."""
    own = [name for name in platform.signals if name not in {*SignalName}]
    pairs = ((str(signal), nearest(signal, own)) for signal in sorted(asked))
    return next(((signal, name) for signal, name in pairs if name is not None), None)


def _remedy(platform: Platform, rule: Rule, needed: Sequence[str]) -> str | None:
    """Say which signal lacks the service that the rule is about; None: none does."""
    lacking = next((one for one in needed if one in platform.signals), None)
    fitting = [name for name, one in platform.services.items() if one.is_ in rule.covers]
    if lacking is None or not fitting:
        return None
    return f"add of: {' or '.join(fitting)} to signals.{lacking}"


def _needed(when: When) -> str:
    """Say which signals a condition needs."""
    match when:
        case Told():
            return ""
        case PromQL():
            return f"metrics of {when.from_}"
        case Measurement():
            names = (when.signal, when.part, when.whole)
            return " and ".join(str(one) for one in names if one is not None)
        case _:
            return str(when.signal)


def _changed(findings: Findings[Platform], catalogue: Catalogue, name: str, rule: str) -> None:
    rules = findings.value.rules[name]
    path = ("rules", name, "set", rule)
    if rule in rules.own and rule not in catalogue.rules:
        right = f"write it in rules.{name}.own.{rule} itself"
        findings.add(path, f"{rule} is a rule of this set's own", right)
        return
    if not findings.known(path, rule, "rule", catalogue.rules):
        return
    if rule not in catalogue.used_by(rules.use):
        clear = all(word in catalogue.rules or word in catalogue.subjects for word in rules.use)
        if clear:
            right = f"add it to rules.{name}.use"
            because = (("rules", name, "use"),)
            wrong = f"the set does not use {rule}"
            findings.add(path, wrong, right, because=because, also=because, code=Code.UNUSED)
        return
    _severity_and_time(findings, name, rule)
    _services(findings, catalogue, name, rule)
    _parameters(findings, catalogue, name, rule)


def _services(findings: Findings[Platform], catalogue: Catalogue, name: str, rule: str) -> None:
    """Ask whether a rule covers the services to which a set confines it."""
    platform = findings.value
    path = ("rules", name, "set", rule, "of")
    only = platform.rules[name].set[rule].of
    findings.known_once(path, only, "service", platform.services, "services")
    covers = catalogue.rules[rule].covers
    for index, service in enumerate(only):
        made_of = platform.services.get(service)
        if made_of is not None and covers and made_of.is_ not in covers:
            kinds = " or ".join(sorted(map(str, covers)))
            findings.add(
                (*path, index),
                f"{rule} is about services that are {kinds}, and {service} is {made_of.is_}",
                "name others, or leave it out",
                because=(("services", service, "is"),),
            )


def _severity_and_time(findings: Findings[Platform], name: str, rule: str) -> None:
    platform = findings.value
    override = platform.rules[name].set[rule]
    path = ("rules", name, "set", rule)
    if override.severity is not None:
        where = (*path, "severity")
        findings.known(where, override.severity, "severity", platform.severities, "severities")
    if override.for_ is None:
        return
    if not override.for_.is_multiple_of(MINUTE):
        wrong = f"{override.for_} is not whole minutes"
        right = "write a multiple of 60s: rules are judged once a minute"
        findings.add((*path, "for"), wrong, right)
    elif override.for_ > DAY:
        wrong = f"it would have to be true for {override.for_} before anybody hears of it"
        findings.add((*path, "for"), wrong, "write 1d or less")


def _parameters(findings: Findings[Platform], catalogue: Catalogue, name: str, rule: str) -> None:
    parameters = catalogue.rules[rule].parameters
    path = ("rules", name, "set", rule)
    for key, text in findings.value.rules[name].set[rule].parameters.items():
        if findings.is_broken((*path, key)):
            continue
        if key not in parameters:
            right = suggestion(key, ("severity", "for", *parameters), else_say="")
            wrong = f"{rule} has no parameter {shown(key)}"
            findings.add((*path, key), wrong, right, code=Code.UNKNOWN_KEY)
            continue
        try:
            number = number_of(parameters[key].is_, text)
        except Nonsense as nonsense:
            right = _in_the_unit_of(parameters[key].default, text) or nonsense.right
            findings.add((*path, key), nonsense.wrong, right, code=Code.BAD_VALUE)
            continue
        if number <= 0:
            right = f"write more than nothing, such as {parameters[key].default}"
            findings.add((*path, key), f"{shown(text)} leaves no room", right)


def _in_the_unit_of(default: str, text: str) -> str | None:
    """Say how a bare number is written in the unit of a parameter's default, if that has one."""
    unit = re.fullmatch(r"[0-9.]+( ?[A-Za-z%]+)", default)
    return f"write {text}{unit[1]}" if unit and text.isascii() and text.isdigit() else None
