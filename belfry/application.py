"""Which rules there are for which services: the catalogue and a platform's own, worked out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from belfry.catalogue import number_of
from belfry.conditions import trouble
from belfry.language.rules import Override
from belfry.language.services import Kind
from belfry.meant import Meant, Unmeasured, own_condition
from belfry.readings import Everything, Readings
from belfry.rules import About, Limit, ServiceRule, Silence, Told, signals_of
from belfry.sayings import said
from belfry.values.duration import Duration

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from belfry.catalogue import Catalogue
    from belfry.conditions import Condition
    from belfry.language.platform import Platform
    from belfry.language.rules import OwnRule
    from belfry.rules import Rule
    from belfry.schedule import Turn

_UNCHANGED = Override()
_GRACE = 120
"""Seconds that a value may be late before its silence counts."""
_MINUTE = 60
_SILENT = 300
"""Seconds after which a rule of the platform's own, that does not say, has no data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmade:
    """A rule of the catalogue whose signals a platform asks for, and that nothing measures yet."""

    set: str
    rule: str
    service: str
    severity: str
    rank: int
    hold: int
    """Seconds."""
    parameters: tuple[tuple[str, float], ...]
    """In base units."""
    runbook: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What became of all rule sets."""

    rules: Mapping[str, tuple[ServiceRule, ...]]
    """By set, in the set's order and then the platform's."""
    unmade: tuple[Unmade, ...]


def apply_rules(
    platform: Platform, catalogue: Catalogue, turns: Mapping[str, Turn]
) -> Mapping[str, tuple[ServiceRule, ...]]:
    """Give the rules of every set, by set, in the set's order and then the platform's."""
    return application(platform, catalogue, turns).rules


def application(platform: Platform, catalogue: Catalogue, turns: Mapping[str, Turn]) -> Applied:
    """Give the rules of every set, and those that nothing can judge.

    A rule of the catalogue exists for each service of a kind that it covers and whose signals
    something measures.
    """
    places = _Places(platform, turns)
    rules: dict[str, tuple[ServiceRule, ...]] = {}
    unmade: list[Unmade] = []
    for name, chosen in platform.rules.items():
        found: list[ServiceRule] = []
        for rule in catalogue.used_by(chosen.use):
            version = _Version(platform, name, rule, catalogue.rules[rule])
            only = chosen.set[rule].of if rule in chosen.set else ()
            covered = [one for one in places.covered(version.rule) if not only or one in only]
            made = [version.about(service, places) for service in covered]
            found += [one for one in made if isinstance(one, ServiceRule)]
            unmade += [
                one
                for one in made
                if isinstance(one, Unmade) and places.is_asked(version.rule, one.service)
            ]
        for rule, own in chosen.own.items():
            for service in own.of:
                one = _own(places, name, rule, own, service)
                found += [one] if one is not None else []
        rules[name] = tuple(found)
    return Applied(rules=rules, unmade=tuple(unmade))


def severity_of_rank(platform: Platform, rank: int) -> str:
    """Choose a rule's severity: the mildest that is at least as bad as its rank, else the worst."""
    by_rank: Sequence[tuple[int, str]] = sorted(
        (severity.rank, name) for name, severity in platform.severities.items()
    )
    bad_enough = [name for other, name in by_rank if other <= rank]
    return bad_enough[-1] if bad_enough else by_rank[0][1]


class _Places:
    """What is known of services: where their signals are, and how often they are asked."""

    def __init__(self, platform: Platform, turns: Mapping[str, Turn]) -> None:
        self.platform = platform
        self.readings = Readings(platform)
        self._slowest: dict[str, int] = {}
        for name, turn in turns.items():
            of = platform.checks[name].of
            self._slowest[of] = max(turn.every, self._slowest.get(of, 0))
        self._by_kind: dict[Kind, list[str]] = {}
        for service, made_of in platform.services.items():
            self._by_kind.setdefault(made_of.is_, []).append(service)
        server = platform.server
        hosts = self._by_kind.get(Kind.HOST, [])[:1]
        self._host = () if server is None else (server.host,) if server.host else tuple(hosts)

    def every(self, service: str) -> int:
        """Give the seconds between two values of a service, of its slowest check."""
        return self._slowest.get(service, _MINUTE)

    def is_asked(self, rule: Rule, service: str) -> bool:
        """Say whether the platform asks for what a rule speaks of, made already or not."""
        signals = (signal for when in rule.when for signal in signals_of(when))
        return any(self.readings.is_asked(signal, service) for signal in signals)

    def covered(self, rule: Rule) -> Iterator[str]:
        """Give the services that a rule is about, if their signals are measured."""
        if rule.about is About.MONITORING:
            yield from self._host
            return
        for kind in rule.covers or Kind:
            yield from self._by_kind.get(kind, ())


class _Version:
    """One set's version of one rule; everything that is the same for all its services."""

    def __init__(self, platform: Platform, name: str, rule: str, made: Rule) -> None:
        self._platform = platform
        self._set = name
        self._name = rule
        self.rule = made
        override = platform.rules[name].set.get(rule, _UNCHANGED)
        self._severity = override.severity or severity_of_rank(platform, made.rank)
        self._rank = platform.severities[self._severity].rank
        hold = made.for_ if override.for_ is None else override.for_
        self._hold = hold.whole_seconds
        self._silent_after = made.no_data.after.whole_seconds
        self._limits = limits = limits_of(made, override.parameters)
        self._meant = Meant(made.when, limits)
        base = platform.monitoring.runbooks or "runbooks"
        self._runbook = f"{base.rstrip('/')}/{made.runbook}"
        self._blanks = {"for": str(hold)} | {key: limit.text for key, limit in limits.items()}

    def about(self, service: str, places: _Places) -> ServiceRule | Unmade:
        """Make the rule about one service, if something measures its signals."""
        every = places.every(service)
        condition = self._meant.about(service, places.readings, every)
        if isinstance(condition, Unmeasured):
            return Unmade(
                set=self._set,
                rule=self._name,
                service=service,
                severity=self._severity,
                rank=self._rank,
                hold=self._hold,
                parameters=tuple((key, one.number) for key, one in self._limits.items()),
                runbook=self._runbook,
                why=condition.why,
            )
        rule = self.rule
        made_of = self._platform.services[service]
        blanks = {**self._blanks, "service": service, "title": self._platform.title_of(service)}
        return ServiceRule(
            set=self._set,
            rule=self._name,
            service=service,
            kind=made_of.is_,
            team=made_of.team or self._platform.team,
            severity=self._severity,
            rank=self._rank,
            trouble=rule.trouble or trouble(condition),
            condition=condition,
            hold=self._hold,
            silence=rule.no_data.is_,
            silent_after=max(self._silent_after, every + _GRACE),
            summary=rule.summary.fill(blanks),
            description=rule.description.fill(blanks),
            first_step=rule.first_step.fill(blanks),
            runbook=self._runbook,
        )


def _own(places: _Places, name: str, rule: str, own: OwnRule, service: str) -> ServiceRule | None:
    platform = places.platform
    condition = own_condition(own, service, places.readings, places.every(service))
    if isinstance(condition, Unmeasured):
        return None
    made_of = platform.services[service]
    base = platform.monitoring.runbooks or "runbooks"
    return ServiceRule(
        set=name,
        rule=rule,
        service=service,
        kind=made_of.is_,
        team=made_of.team or platform.team,
        severity=own.severity,
        rank=platform.severities[own.severity].rank,
        trouble=trouble(condition),
        condition=condition,
        hold=own.for_.whole_seconds,
        silence=Silence.OK,
        silent_after=max(_SILENT, places.every(service) + _GRACE),
        summary=own.summary,
        description=_description(platform.title_of(service), condition, own.for_),
        first_step=own.first_step,
        runbook=f"{base.rstrip('/')}/{own.runbook or f'{rule}.md'}",
    )


def _description(title: str, condition: Condition, hold: Duration) -> str:
    wait = f", for {hold}" if hold.milliseconds else ""
    return f"{title}: {said(condition)}{wait}."


def limits_of(rule: Rule, changed: Mapping[str, str]) -> Mapping[str, Limit]:
    """Give a rule's parameters as numbers and as people write them, with what a set changes."""
    return {
        key: _limit(rule, key, changed.get(key, parameter.default))
        for key, parameter in rule.parameters.items()
    }


def _limit(rule: Rule, key: str, text: str) -> Limit:
    number = number_of(rule.parameters[key].is_, text)
    if rule.parameters[key].is_ == "duration":
        text = str(Duration.parse(text))
    return Limit(number=number, text=text)


def rule_about(
    name: str, rule: Rule, alternative: int, *, service: str = "shop", every: int = 60
) -> ServiceRule | None:
    """Give a rule of the catalogue with its defaults, about a made-up service, for its cases.

    Args:
        name: the rule's.
        rule: what the catalogue says.
        alternative: which of its conditions, as if only its signals were measured.
        service: the made-up service, of the first kind that the rule covers.
        every: seconds between two values.

    Returns:
        None where Cloudflare itself tells, so that there is no series.

    """
    when = rule.when[alternative]
    if isinstance(when, Told):
        return None
    limits = limits_of(rule, {})
    condition = Meant((when,), limits).about(service, Everything(), every)
    if isinstance(condition, Unmeasured):
        message = f"{name}: {condition.why}"
        raise TypeError(message)
    blanks = {"for": str(rule.for_), "service": service, "title": service}
    blanks |= {key: limit.text for key, limit in limits.items()}
    return ServiceRule(
        set="cases",
        rule=name,
        service=service,
        kind=rule.covers[0] if rule.covers else Kind.HTTP_API,
        team="team",
        severity=f"rank-{rule.rank}",
        rank=rule.rank,
        trouble=rule.trouble or trouble(condition),
        condition=condition,
        hold=rule.for_.whole_seconds,
        silence=rule.no_data.is_,
        silent_after=max(rule.no_data.after.whole_seconds, every + _GRACE),
        summary=rule.summary.fill(blanks),
        description=rule.description.fill(blanks),
        first_step=rule.first_step.fill(blanks),
        runbook=f"runbooks/{rule.runbook}",
    )
