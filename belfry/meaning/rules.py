"""Rule sets: whether they use and change what the catalogue has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.catalogue import number_of
from belfry.platform_file import MINUTE
from belfry.problems import suggestion
from belfry.values.nonsense import Nonsense, shown

if TYPE_CHECKING:
    from belfry.catalogue import Catalogue
    from belfry.findings import Findings
    from belfry.platform_file import Platform
    from belfry.problems import Path


def ask(findings: Findings[Platform], catalogue: Catalogue) -> None:
    """Ask about every rule set."""
    if not findings.value.rules:
        right = "add a set, such as site: {use: [availability]}"
        findings.add(("rules",), "there is none", right)
    known = {*catalogue.rules, *catalogue.subjects}
    for name, rules in findings.value.rules.items():
        path = ("rules", name, "use")
        if not rules.use:
            right = f"name one, such as {min(known, default='a rule')}"
            findings.add(path, "the set uses no rule", right)
        findings.known_once(path, rules.use, "rule", known)
        for index, word in enumerate(rules.use):
            _told_by_a_check(findings, catalogue, (*path, index), word)
        for rule in rules.set:
            _changed(findings, catalogue, name, rule)


def _told_by_a_check(
    findings: Findings[Platform], catalogue: Catalogue, path: Path, word: str
) -> None:
    """Refuse a rule that is named and can never speak, because no check is about what it covers."""
    if word not in catalogue.rules:
        return  # a subject brings rules for platforms of every kind
    platform = findings.value
    watched = {check.of for check in platform.checks.values()}
    unread = any(map(findings.is_broken_within, ("checks", "services")))
    if unread or not watched <= set(platform.services):
        return  # what could not be read may be the check that is missed
    covers = catalogue.rules[word].covers
    if any(service.is_ in covers for name, service in platform.services.items() if name in watched):
        return
    kinds = " or ".join(sorted(map(str, covers)))
    right = f"add a check of a service that is {kinds}, or take the rule out"
    findings.add(path, f"no check can tell {word}", right)


def _changed(findings: Findings[Platform], catalogue: Catalogue, name: str, rule: str) -> None:
    use = findings.value.rules[name].use
    path = ("rules", name, "set", rule)
    if not findings.known(path, rule, "rule", catalogue.rules):
        return
    if rule not in catalogue.used_by(use):
        clear = all(word in catalogue.rules or word in catalogue.subjects for word in use)
        if clear:
            right = f"add it to rules.{name}.use"
            because = (("rules", name, "use"),)
            findings.add(path, f"the set does not use {rule}", right, because=because)
        return
    _severity_and_time(findings, name, rule)
    _parameters(findings, catalogue, name, rule)


def _severity_and_time(findings: Findings[Platform], name: str, rule: str) -> None:
    platform = findings.value
    override = platform.rules[name].set[rule]
    path = ("rules", name, "set", rule)
    if override.severity is not None:
        where = (*path, "severity")
        findings.known(where, override.severity, "severity", platform.severities, "severities")
    if override.for_ is not None and not override.for_.is_multiple_of(MINUTE):
        wrong = f"{override.for_} is not whole minutes"
        right = "write a multiple of 60s: rules are judged once a minute"
        findings.add((*path, "for"), wrong, right)


def _parameters(findings: Findings[Platform], catalogue: Catalogue, name: str, rule: str) -> None:
    parameters = catalogue.rules[rule].parameters
    path = ("rules", name, "set", rule)
    for key, text in findings.value.rules[name].set[rule].parameters.items():
        if key not in parameters:
            right = suggestion(key, ("severity", "for", *parameters), else_say="")
            findings.add((*path, key), f"{rule} has no parameter {shown(key)}", right)
            continue
        try:
            number = number_of(parameters[key].is_, text)
        except Nonsense as nonsense:
            findings.add((*path, key), nonsense.wrong, nonsense.right)
            continue
        if number <= 0:
            right = f"write more than nothing, such as {parameters[key].default}"
            findings.add((*path, key), f"{shown(text)} leaves no room", right)
