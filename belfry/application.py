"""Which rules there are for which services: the catalogue and a platform's own, worked out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeGuard

from belfry.catalogue import number_of
from belfry.conditions import Told as Event
from belfry.conditions import trouble
from belfry.language.rules import Override
from belfry.language.services import Kind
from belfry.language.signals import Measure
from belfry.meant import Meant, Unmeasured, own_condition
from belfry.promises import rule_sets
from belfry.readings import Everything, Readings
from belfry.rules import About, Limit, Quantity, ServiceRule, Silence, Told, signals_of
from belfry.sayings import said
from belfry.schedule import seconds_between
from belfry.values.duration import MINUTE, Duration
from belfry.whereabouts import Whereabouts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from belfry.addresses import Addresses
    from belfry.catalogue import Catalogue
    from belfry.conditions import Condition
    from belfry.language.platform import Platform
    from belfry.language.rules import OwnRule
    from belfry.rules import Rule, When
    from belfry.schedule import Turn

_UNCHANGED = Override()
_GRACE = 120
"""Seconds that a value may be late before its silence counts."""
_MEASURES = {
    Quantity.DURATION: Measure.SECONDS,
    Quantity.PERCENT: Measure.SHARE,
    Quantity.COUNT: Measure.COUNT,
    Quantity.NUMBER: Measure.NUMBER,
    Quantity.SIZE: Measure.BYTES,
}
"""What the number of a parameter counts."""
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
    platform: Platform,
    catalogue: Catalogue,
    turns: Mapping[str, Turn],
    addresses: Addresses | None = None,
) -> Mapping[str, tuple[ServiceRule, ...]]:
    """Give the rules of every set, by set, in the set's order and then the platform's."""
    return application(platform, catalogue, turns, addresses).rules


def application(
    platform: Platform,
    catalogue: Catalogue,
    turns: Mapping[str, Turn],
    addresses: Addresses | None = None,
) -> Applied:
    """Give the rules of every set, also of those of objectives, and those that nothing can judge.

    A rule of the catalogue exists for each service of a kind that it covers and whose signals
    something measures.

    Args:
        platform: as it is in one environment.
        catalogue: the rules that its sets use.
        turns: how often its checks are made.
        addresses: where its services are; None: texts do without.

    """
    places = _Places(platform, turns, addresses)
    rules: dict[str, tuple[ServiceRule, ...]] = {}
    unmade: list[Unmade] = []
    for name, chosen in rule_sets(platform).items():
        found: list[ServiceRule] = []
        is_promised = name not in platform.rules
        for rule in catalogue.used_by(chosen.use):
            override = chosen.set.get(rule, _UNCHANGED)
            version = _version(platform, name, rule, catalogue.rules[rule], override)
            only = override.of
            covered = [one for one in places.covered(version.made) if not only or one in only]
            made = [version.about(places.at(one), places.readings) for one in covered]
            found += [one for one in made if isinstance(one, ServiceRule)]
            unmade += [
                one
                for one in made
                if isinstance(one, Unmade)
                and (is_promised or places.is_asked(version.made, one.service))
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A service, as rules speak of it."""

    service: str
    title: str
    kind: Kind
    team: str
    every: int
    """Seconds between two of its values."""
    whereabouts: Mapping[str, str] = field(default_factory=dict)
    """What is known of where it is, by the name in texts."""

    def filling(self, hold: Duration) -> dict[str, str]:
        """Give what fills the names in the texts of any rule about it."""
        return {
            "for": str(hold),
            "service": self.service,
            "title": self.title,
            **self.whereabouts,
        }


class _Places:
    """What is known of services: where they and their signals are, how often they are asked."""

    def __init__(
        self, platform: Platform, turns: Mapping[str, Turn], addresses: Addresses | None
    ) -> None:
        self.platform = platform
        self.readings = Readings(platform)
        self._whereabouts = Whereabouts(platform, addresses)
        self._every = seconds_between(platform, turns)
        self._known: dict[str, _Place] = {}
        self._by_kind: dict[Kind, list[str]] = {}
        for service, made_of in platform.services.items():
            self._by_kind.setdefault(made_of.is_, []).append(service)
        server = platform.server
        hosts = self._by_kind.get(Kind.HOST, [])[:1]
        self._host = () if server is None else (server.host,) if server.host else tuple(hosts)

    def at(self, service: str) -> _Place:
        """Give a service; one that nothing checks has a value a minute."""
        if service not in self._known:
            self._known[service] = self._place(service)
        return self._known[service]

    def _place(self, service: str) -> _Place:
        made_of = self.platform.services[service]
        return _Place(
            service=service,
            title=self.platform.title_of(service),
            kind=made_of.is_,
            team=made_of.team or self.platform.team,
            every=self._every.get(service, MINUTE.whole_seconds),
            whereabouts=self._whereabouts.of(service),
        )

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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Version:
    """One set's version of one rule of the catalogue: what is the same for all its services."""

    set: str
    rule: str
    made: Rule
    severity: str
    rank: int
    hold: Duration
    limits: Mapping[str, Limit]
    meant: Meant
    runbook: str

    def about(self, place: _Place, readings: Readings | Everything) -> ServiceRule | Unmade:
        """Make the rule about one service, if something measures its signals."""
        condition = self.meant.about(place.service, readings, place.every)
        if isinstance(condition, Unmeasured):
            return Unmade(
                set=self.set,
                rule=self.rule,
                service=place.service,
                severity=self.severity,
                rank=self.rank,
                hold=self.hold.whole_seconds,
                parameters=tuple((key, one.number) for key, one in self.limits.items()),
                runbook=self.runbook,
                why=condition.why,
            )
        made = self.made
        filling = place.filling(self.hold) | {key: one.text for key, one in self.limits.items()}
        told = next((one for one in made.when if _tells(one, condition)), None)
        return ServiceRule(
            set=self.set,
            rule=self.rule,
            service=place.service,
            kind=place.kind,
            team=place.team,
            severity=self.severity,
            rank=self.rank,
            trouble=made.trouble or trouble(condition),
            condition=condition,
            hold=self.hold.whole_seconds,
            silence=made.no_data.is_,
            silent_after=max(made.no_data.after.whole_seconds, place.every + _GRACE),
            summary=((told and told.summary) or made.summary).fill(filling),
            description=((told and told.description) or made.description).fill(filling),
            first_step=made.first_step.fill(filling),
            runbook=self.runbook,
        )


def _tells(when: When, condition: Condition) -> TypeGuard[Told]:
    """Say whether a condition is an event of Cloudflare's that a rule names."""
    return isinstance(when, Told) and isinstance(condition, Event) and when.event == condition.event


def _version(platform: Platform, name: str, rule: str, made: Rule, override: Override) -> _Version:
    severity = override.severity or severity_of_rank(platform, made.rank)
    limits = limits_of(made, override.parameters)
    return _Version(
        set=name,
        rule=rule,
        made=made,
        severity=severity,
        rank=platform.severities[severity].rank,
        hold=made.for_ if override.for_ is None else override.for_,
        limits=limits,
        meant=Meant(made.when, limits),
        runbook=platform.page_at(made.runbook),
    )


def _own(places: _Places, name: str, rule: str, own: OwnRule, service: str) -> ServiceRule | None:
    platform, place = places.platform, places.at(service)
    condition = own_condition(own, service, places.readings, place.every)
    if isinstance(condition, Unmeasured):
        return None
    filling = place.filling(own.for_)
    return ServiceRule(
        set=name,
        rule=rule,
        service=service,
        kind=place.kind,
        team=place.team,
        severity=own.severity,
        rank=platform.severities[own.severity].rank,
        trouble=trouble(condition),
        condition=condition,
        hold=own.for_.whole_seconds,
        silence=Silence.OK,
        silent_after=max(_SILENT, place.every + _GRACE),
        summary=own.summary.fill(filling),
        description=_description(place.title, condition, own.for_),
        first_step=own.first_step.fill(filling) if own.first_step else None,
        runbook=platform.page_at(own.runbook or f"{rule}.md"),
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
    quantity = rule.parameters[key].is_
    number = number_of(quantity, text)
    if quantity is Quantity.DURATION:
        text = str(Duration.parse(text))
    return Limit(number=number, text=text, measure=_MEASURES[quantity])


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
    version = _Version(
        set="cases",
        rule=name,
        made=rule,
        severity=f"rank-{rule.rank}",
        rank=rule.rank,
        hold=rule.for_,
        limits=limits,
        meant=Meant((when,), limits),
        runbook=f"runbooks/{rule.runbook}",
    )
    kind = rule.covers[0] if rule.covers else Kind.HTTP_API
    place = _Place(service=service, title=service, kind=kind, team="team", every=every)
    made = version.about(place, Everything())
    if isinstance(made, Unmade):
        message = f"{name}: {made.why}"
        raise TypeError(message)
    return made
