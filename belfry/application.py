"""Which rules there are for which services: the catalogue, applied to a platform."""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.catalogue import number_of
from belfry.language.rules import Override
from belfry.rules import Above, Limit, ServiceRule
from belfry.values.duration import Duration

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from belfry.catalogue import Catalogue
    from belfry.language.platform import Platform
    from belfry.language.services import Kind
    from belfry.rules import Rule
    from belfry.schedule import Turn

_UNCHANGED = Override()
_PROBES = 2
"""Of every check a window holds at least so many."""
_GRACE = 120
"""Seconds that a check may be late before its silence counts."""


def apply_rules(
    platform: Platform, catalogue: Catalogue, turns: Mapping[str, Turn]
) -> Mapping[str, tuple[ServiceRule, ...]]:
    """Give the rules of every set, by set, in the set's order and then the platform's.

    A rule exists for each service of a kind that it covers and that some check with a turn is
    about: without a check there would be nothing to judge.
    """
    slowest: dict[str, int] = {}
    for name, turn in turns.items():
        of = platform.checks[name].of
        slowest[of] = max(turn.every, slowest.get(of, 0))
    by_kind: dict[Kind, list[str]] = {}
    for service, made_of in platform.services.items():
        if service in slowest:
            by_kind.setdefault(made_of.is_, []).append(service)
    applied = {}
    for name, rules in platform.rules.items():
        found: list[ServiceRule] = []
        for rule in catalogue.used_by(rules.use):
            services = [
                one for kind in catalogue.rules[rule].covers for one in by_kind.get(kind, ())
            ]
            version = _Version(platform, catalogue, name, rule)
            found += [version.about(service, slowest[service]) for service in services]
        applied[name] = tuple(found)
    return applied


def severity_of_rank(platform: Platform, rank: int) -> str:
    """Choose a rule's severity: the mildest that is at least as bad as its rank, else the worst."""
    by_rank: Sequence[tuple[int, str]] = sorted(
        (severity.rank, name) for name, severity in platform.severities.items()
    )
    bad_enough = [name for other, name in by_rank if other <= rank]
    return bad_enough[-1] if bad_enough else by_rank[0][1]


class _Version:
    """One set's version of one rule; everything that is the same for all its services."""

    def __init__(self, platform: Platform, catalogue: Catalogue, name: str, rule: str) -> None:
        self._platform = platform
        self._set = name
        self._name = rule
        self._rule = made = catalogue.rules[rule]
        override = platform.rules[name].set.get(rule, _UNCHANGED)
        self._severity = override.severity or severity_of_rank(platform, made.rank)
        self._rank = platform.severities[self._severity].rank
        hold = made.for_ if override.for_ is None else override.for_
        self._hold = hold.whole_seconds
        self._silent_after = made.no_data.after.whole_seconds
        limits = {
            key: _limit(made, key, override.parameters.get(key, parameter.default))
            for key, parameter in made.parameters.items()
        }
        above = made.when if isinstance(made.when, Above) else None
        self._limit = limits[above.limit] if above else None
        self._window = above.over.whole_seconds if above else None
        base = platform.monitoring.runbooks or "runbooks"
        self._runbook = f"{base.rstrip('/')}/{made.runbook}"
        self._blanks = {"for": str(hold)} | {key: limit.text for key, limit in limits.items()}

    def about(self, service: str, every: int) -> ServiceRule:
        """Make the rule about one service; `every` is its slowest check's interval, in seconds."""
        rule = self._rule
        blanks = {**self._blanks, "service": service, "title": self._platform.title_of(service)}
        return ServiceRule(
            set=self._set,
            rule=self._name,
            service=service,
            severity=self._severity,
            rank=self._rank,
            when=rule.when,
            limit=self._limit,
            window=0 if self._window is None else max(self._window, _PROBES * every),
            hold=self._hold,
            silence=rule.no_data.is_,
            silent_after=max(self._silent_after, every + _GRACE),
            summary=rule.summary.fill(blanks),
            description=rule.description.fill(blanks),
            runbook=self._runbook,
        )


def _limit(rule: Rule, key: str, text: str) -> Limit:
    number = number_of(rule.parameters[key].is_, text)
    if rule.parameters[key].is_ == "duration":
        text = str(Duration.parse(text))
    return Limit(number=number, text=text)
