"""What is proven of rules, where all else is well: told where a rule is used or written."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from belfry.application import application
from belfry.arguments import Pager
from belfry.conditions import Told
from belfry.language.channels import WAKES
from belfry.language.plans import GrafanaPlan
from belfry.meaning.keeping import kept
from belfry.meaning.known import Known
from belfry.meaning.reachable import host_of, is_of_this_machine
from belfry.meaning.recipients import paging
from belfry.problems import Problem
from belfry.proofs import Flaw, Surroundings, flaws
from belfry.schedule import seconds_between
from belfry.values.duration import Duration
from belfry.worker_conditions import judged_by_worker

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from belfry.catalogue import Catalogue
    from belfry.findings import Findings
    from belfry.language.platform import Platform
    from belfry.language.rules import OwnRule
    from belfry.meaning.reach import Reached
    from belfry.problems import Path
    from belfry.rules import ServiceRule

_BY_TREE = (Pager.PROMETHEUS, Pager.GRAFANA)
_SCRAPE = 60
"""Seconds between two judgements of rules whose signals come more often."""
_FOR_GOOD = 100 * 366 * 86_400
"""Seconds that a store keeps what it has where the platform cannot know it."""
_SAID_AT = {
    Flaw.ONE_VALUE: ("for",),
    Flaw.LATE: ("for", "over", "after", "silent"),
    Flaw.FORGOTTEN: ("over", "deviates"),
    Flaw.NEVER: ("above", "below", "drops", "deviates"),
    Flaw.ALWAYS: ("above", "below", "silent", "expires-within", "deviates"),
    Flaw.ONE_REQUEST: ("over", "least", "above"),
}
"""Keys that may be at fault, the likeliest first."""
_SAID_OF_BURN = dict.fromkeys(Flaw, "above") | {Flaw.FORGOTTEN: "for", Flaw.LATE: "for"}
"""The key of an objective's burn that is at fault."""


_RESTS_ON = frozenset(
    {
        "application",
        "channels",
        "checks",
        "defaults",
        "environments",
        "monitoring",
        "objectives",
        "plans",
        "platform",
        "retention",
        "rules",
        "server",
        "services",
        "severities",
        "signals",
    }
)
"""Parts of the file that say which rules there are, and what is proven of them."""


def ask(findings: Findings[Platform], reached: Reached) -> None:
    """Ask about every rule that there is; a mistake in what they rest on silences all of them."""
    if any(_RESTS_ON.issuperset(problem.path[:1]) for problem in findings.problems):
        return
    platform, catalogue = reached.platform, reached.catalogue
    every = seconds_between(platform, reached.turns)
    promised = bool(paging(platform))
    store = kept(platform)
    said: set[tuple[str, str, Flaw]] = set()
    applied = application(platform, catalogue, reached.turns)
    rules = tuple(chain.from_iterable(applied.rules.values()))
    if not findings.problems:
        _told(findings, rules)
    _asked(findings, rules)
    known = Known(platform, catalogue)
    _windows(findings, every)
    unmade = (known.as_if_made(one, every.get(one.service, _SCRAPE)) for one in applied.unmade)
    for rule in (*rules, *unmade):
        severity = platform.severities[rule.severity]
        traffic = platform.services[rule.service].traffic
        channels = (platform.channels[name] for name in severity.channels)
        within = severity.answer.within
        around = Surroundings(
            every=every.get(rule.service, _SCRAPE),
            prometheus=store[0].whole_seconds if store else _FOR_GOOD,
            observations=platform.retention.observations.whole_seconds,
            traffic=traffic.count / traffic.per.seconds if traffic else None,
            wakes=any(isinstance(channel, WAKES) for channel in channels),
            answer=within.whole_seconds or None if within and promised else None,
            most=known.most(rule),
            failures=known.failures,
            failing=known.failing,
            due=known.due(rule),
            disk=known.disk,
            knobs=known.knobs(rule),
        )
        for proven in flaws(rule, around):
            burn = reached.burning.get(rule.set)
            # Objectives that take a default say the same at the same place.
            of = rule.set if burn is None else str(findings.locate(burn.path))
            key = (of, rule.rule, proven.flaw)
            if key not in said:
                said.add(key)
                if burn is not None:
                    path: Path = (*burn.path, _SAID_OF_BURN[proven.flaw])
                else:
                    culprits = tuple(known.culprits(rule, proven.flaw, around))
                    path = _place(platform, catalogue, rule, proven.flaw, culprits)
                wrong = f"{rule.rule} of {rule.service}: {proven.wrong}"
                place = catalogue.own.get(rule.rule)
                if place is None or "use" not in path:
                    findings.add(path, wrong, proven.right)
                    continue
                where = ("rules", rule.rule)
                told = Problem(place=place, path=where, wrong=wrong, right=proven.right)
                findings.tell(path, told)


def _windows(findings: Findings[Platform], every: Mapping[str, int]) -> None:
    """Ask whether the windows of objectives hold the two values that a rate is taken of."""
    for name, objective in findings.value.objectives.items():
        for index, burn in enumerate(objective.budget.burn):
            apart = every.get(objective.of, _SCRAPE)
            if burn.for_.seconds < 2 * apart:
                findings.add(
                    ("objectives", name, "budget", "burn", index, "for"),
                    f"{burn.for_} hold fewer than two values, one each {Duration.of(apart)}",
                    f"write {Duration.of(2 * apart)} or more",
                )


def _told(findings: Findings[Platform], rules: Sequence[ServiceRule]) -> None:
    """Ask whether Alertmanager or Grafana, where one of them pages, can tell all who should hear.

    Of the monitoring Worker, `meaning.severities` and `meaning.people` ask it already.
    """
    platform = findings.value
    paged = [name for name, one in platform.environments.items() if one.paging in _BY_TREE]
    if not paged:
        return
    from belfry.routes import routes_of  # noqa: PLC0415 -- 60 ms that most files need not pay
    from belfry.routes.alerts import labels_of  # noqa: PLC0415
    from belfry.routes.proofs import unheard, untold  # noqa: PLC0415
    from belfry.routes.tree import WATCHDOG  # noqa: PLC0415

    apart = {(rule.severity, rule.service, rule.set, rule.rule == WATCHDOG): rule for rule in rules}
    for environment in paged:
        routes = routes_of(platform, environment, inhibits=False)
        labels = [labels_of(platform, environment, rule) for rule in apart.values()]
        found = (*unheard(platform, routes, labels), *untold(platform, routes))
        because = (("environments", environment, "paging"),)
        for path, wrong, right in dict.fromkeys((one.path, one.wrong, one.right) for one in found):
            findings.add(path, wrong, right, because=because)


def _asked(findings: Findings[Platform], rules: Sequence[ServiceRule]) -> None:
    """Ask whether Grafana, where it is elsewhere, reaches the Prometheus that its rules ask."""
    platform = findings.value
    for name, environment in platform.environments.items():
        host = host_of(environment.prometheus)
        if environment.stand_ins or not is_of_this_machine(host):
            continue
        cloud = platform.plans.grafana is not GrafanaPlan.OWN
        grafana = host_of(environment.grafana or "")
        if not cloud and (not grafana or is_of_this_machine(grafana)):
            continue
        pages = environment.paging is Pager.GRAFANA
        blind = [
            rule.rule
            for rule in rules
            if not isinstance(rule.condition, Told)
            and (pages or not judged_by_worker(rule.condition))
        ]
        if not blind:
            continue
        path = ("environments", name)
        where = (*path, "prometheus")
        several = len(dict.fromkeys(blind))
        needing = f"{several} rules ask" if several > 1 else f"{blind[0]} asks"
        called = grafana or "Grafana Cloud"
        findings.add(
            where if findings.is_written(where) else path,
            f"{called} cannot reach Prometheus at {host}, which each machine takes for itself, "
            f"and {needing} it",
            f"write prometheus: and an address that {called} reaches, "
            "such as https://prometheus.example.com",
            because=((*path, "grafana"), ("plans", "grafana")),
        )


def _place(
    platform: Platform,
    catalogue: Catalogue,
    rule: ServiceRule,
    flaw: Flaw,
    culprits: tuple[str, ...],
) -> Path:
    """Give where a flaw is written: the key at fault, else where the set names the rule."""
    rules = platform.rules[rule.set]
    own = rules.own.get(rule.rule)
    if own is not None:
        path: Path = ("rules", rule.set, "own", rule.rule)
        return next(((*path, key) for key in _SAID_AT[flaw] if _is_said(own, key)), path)
    changed = rules.set.get(rule.rule)
    if changed is not None:
        said = (*changed.parameters, *(("for",) if changed.for_ is not None else ()))
        likely = (*culprits, *(key for key in _SAID_AT[flaw] if key in said))
        if likely:
            return ("rules", rule.set, "set", rule.rule, likely[0])
    words = enumerate(rules.use)
    subjects = catalogue.subjects
    found = (index for index, word in words if rule.rule in subjects.get(word, (word,)))
    return ("rules", rule.set, "use", next(found))


def _is_said(own: OwnRule, key: str) -> bool:
    value = getattr(own, f"{key}_" if key == "for" else key.replace("-", "_"), None)
    return value is not None and (key != "for" or bool(own.for_.milliseconds))
