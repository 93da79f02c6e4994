"""What is proven of rules, where all else is well: told where a rule is used or written."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from belfry.application import application
from belfry.arguments import Pager
from belfry.language.channels import WAKES
from belfry.meaning.keeping import kept
from belfry.meaning.recipients import paging
from belfry.proofs import Flaw, Surroundings, flaws
from belfry.schedule import schedule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from belfry.catalogue import Catalogue
    from belfry.findings import Findings
    from belfry.language.platform import Platform
    from belfry.language.rules import OwnRule
    from belfry.problems import Path
    from belfry.rules import ServiceRule

_BY_TREE = (Pager.PROMETHEUS, Pager.GRAFANA)
_SCRAPE = 60
"""Seconds between two judgements of rules whose signals come more often."""
_FOR_GOOD = 100 * 366 * 86_400
"""Seconds that a store keeps what it has where the platform cannot know it."""
_SAID_AT = {
    Flaw.ONE_VALUE: ("for",),
    Flaw.LATE: ("for", "over", "silent"),
    Flaw.FORGOTTEN: ("over", "deviates"),
    Flaw.NEVER: ("above", "below", "drops", "deviates"),
    Flaw.ALWAYS: ("above", "below", "silent", "expires-within", "deviates"),
    Flaw.ONE_REQUEST: ("over", "above"),
}
"""Keys that may be at fault, the likeliest first."""


def ask(findings: Findings[Platform], catalogue: Catalogue) -> None:
    """Ask about every rule that there is; a mistake that is told elsewhere silences all of them."""
    if findings.problems:
        return
    platform = findings.value
    turns = schedule(platform)
    slowest: dict[str, int] = {}
    for name, turn in turns.items():
        of = platform.checks[name].of
        slowest[of] = max(turn.every, slowest.get(of, 0))
    promised = bool(paging(platform))
    store = kept(platform)
    said: set[tuple[str, str, Flaw]] = set()
    applied = application(platform, catalogue, turns).rules
    _told(findings, tuple(chain.from_iterable(applied.values())))
    for rules in applied.values():
        for rule in rules:
            severity = platform.severities[rule.severity]
            traffic = platform.services[rule.service].traffic
            channels = (platform.channels[name] for name in severity.channels)
            within = severity.answer.within
            around = Surroundings(
                every=slowest.get(rule.service, _SCRAPE),
                prometheus=store[0].whole_seconds if store else _FOR_GOOD,
                observations=platform.retention.observations.whole_seconds,
                traffic=traffic.count / traffic.per.seconds if traffic else None,
                wakes=any(isinstance(channel, WAKES) for channel in channels),
                answer=within.whole_seconds or None if within and promised else None,
            )
            for proven in flaws(rule, around):
                key = (rule.set, rule.rule, proven.flaw)
                if key not in said:
                    said.add(key)
                    path = _place(platform, catalogue, rule, proven.flaw)
                    wrong = f"{rule.rule} of {rule.service}: {proven.wrong}"
                    findings.add(path, wrong, proven.right)


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


def _place(platform: Platform, catalogue: Catalogue, rule: ServiceRule, flaw: Flaw) -> Path:
    """Give where a flaw is written: the key at fault, else where the set names the rule."""
    rules = platform.rules[rule.set]
    own = rules.own.get(rule.rule)
    if own is not None:
        path: Path = ("rules", rule.set, "own", rule.rule)
        return next(((*path, key) for key in _SAID_AT[flaw] if _is_said(own, key)), path)
    changed = rules.set.get(rule.rule)
    if changed is not None:
        path = ("rules", rule.set, "set", rule.rule)
        keys = [key for key in _SAID_AT[flaw] if key in changed.parameters]
        if keys or changed.for_ is not None:
            return (*path, (*keys, "for")[0])
    words = enumerate(rules.use)
    subjects = catalogue.subjects
    found = (index for index, word in words if rule.rule in subjects.get(word, (word,)))
    return ("rules", rule.set, "use", next(found))


def _is_said(own: OwnRule, key: str) -> bool:
    value = getattr(own, f"{key}_" if key == "for" else key.replace("-", "_"))
    return value is not None and (key != "for" or bool(own.for_.milliseconds))
