"""What a platform says that bounds its signals: its limits, its schedules, its volumes."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import cached_property
from typing import TYPE_CHECKING

from belfry.application import limits_of
from belfry.conditions import Down, Reading, readings, trouble
from belfry.flaws import Most
from belfry.language.rules import OwnRule
from belfry.language.server import Part
from belfry.language.signals import Measure, MetricKind, SignalName, Source
from belfry.meant import Meant, Unmeasured
from belfry.promises import rule_sets
from belfry.proofs import flaws
from belfry.readings import Everything, Readings, meaning
from belfry.rules import ServiceRule, Silence
from belfry.values.duration import DAY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from belfry.application import Unmade
    from belfry.catalogue import Catalogue
    from belfry.flaws import Flaw, Surroundings
    from belfry.language.platform import Platform

_FAILURES = (
    SignalName.ERRORS,
    SignalName.ERRORS_A_MINUTE,
    SignalName.WORKER_ERRORS,
    SignalName.PAYMENTS_FAILED,
)
_BACKUP = "BackupTooOld"
_OF_OWN = frozenset(
    one.name.rstrip("_").replace("_", "-")
    for one in fields(OwnRule)  # as they are written
)
_NOTHING = Reading(
    signal="nothing",
    metric="nothing",
    kind=MetricKind.GAUGE,
    measure=Measure.TRUTH,
    source=Source.WORKER,
)


class Known:
    """What is known of the services of one platform."""

    def __init__(self, platform: Platform, catalogue: Catalogue) -> None:
        """Take a platform without mistakes."""
        self._platform = platform
        self._catalogue = catalogue
        self._sets = rule_sets(platform)

    @cached_property
    def failures(self) -> frozenset[str]:
        """Signals that count what failed: by what they mean, or counters that mean nothing else."""
        own = {
            name
            for name, said in self._platform.signals.items()
            if (meant := meaning(name, said)) in _FAILURES
            or (meant is None and said.is_ is MetricKind.COUNTER and not said.business)
        }
        others = {
            str(one)
            for one in _FAILURES
            if all(meaning(name, said) is not one for name, said in self._platform.signals.items())
        }
        return frozenset(own | others)

    @cached_property
    def failing(self) -> frozenset[str]:
        """Signals that tell the share of requests that failed."""
        own = (
            name
            for name, said in self._platform.signals.items()
            if meaning(name, said) is SignalName.ERROR_RATE and said.is_ is MetricKind.GAUGE
        )
        return frozenset((str(SignalName.ERROR_RATE), *own))

    @cached_property
    def disk(self) -> int | None:
        """The bytes of Prometheus' volume."""
        server = self._platform.server
        part = server.parts.get(Part.PROMETHEUS) if server is not None else None
        return part.disk.bytes if part is not None and part.disk is not None else None

    def most(self, rule: ServiceRule) -> Mapping[str, Most]:
        """Give the most that the signals of a rule can be, of its service."""
        found: dict[str, Most] = {}
        for reading in readings(rule.condition):
            meant = self._meant(reading.signal)
            cpu = self._platform.services[rule.service].cpu
            if meant is SignalName.CPU_TIME and cpu is not None:
                why = f"Cloudflare ends a request then (services.{rule.service}.cpu)"
                found[reading.signal] = Most(value=cpu.seconds, why=why)
            elif meant is SignalName.CACHE_HITS:
                why = "what is asked for the first time is not in the cache"
                found[reading.signal] = Most(value=1, why=why, reached=False)
        return found

    def due(self, rule: ServiceRule) -> int | None:
        """Give the seconds between two successes of what a rule waits for."""
        server = self._platform.server
        if rule.rule == _BACKUP:
            return DAY.whole_seconds if server is not None and server.backups else None
        service = self._platform.services[rule.service]
        if service.schedule is not None:
            return service.schedule.least_gap.whole_seconds
        return self._beats.get(rule.service)

    @cached_property
    def _beats(self) -> Mapping[str, int]:
        """The longest that a service may be silent between two of its heartbeats."""
        longest: dict[str, int] = {}
        for check in self._platform.checks.values():
            if check.heartbeat is not None:
                beat = check.heartbeat.every.whole_seconds
                longest[check.of] = max(beat, longest.get(check.of, 0))
        return longest

    def knobs(self, rule: ServiceRule) -> frozenset[str]:
        """Give the figures that a set can write of a rule."""
        made = self._catalogue.rules.get(rule.rule)
        return _OF_OWN if made is None else frozenset(made.parameters)

    def culprits(self, rule: ServiceRule, flaw: Flaw, around: Surroundings) -> Iterator[str]:
        """Give the figures of a rule's set without any of which a flaw would not be."""
        changed = self._sets[rule.set].set.get(rule.rule)
        if changed is None or rule.rule not in self._catalogue.rules:
            return
        for key in changed.parameters:
            unchanged = self._unchanged(rule, key, around.every)
            if flaw not in (proven.flaw for proven in flaws(unchanged, around)):
                yield key

    def _unchanged(self, rule: ServiceRule, key: str, every: int) -> ServiceRule:
        made = self._catalogue.rules[rule.rule]
        written = self._sets[rule.set].set[rule.rule].parameters
        limits = limits_of(made, {name: text for name, text in written.items() if name != key})
        meant = Meant(made.when, limits)
        for readings_of in (Readings(self._platform), Everything()):
            condition = meant.about(rule.service, readings_of, every)
            if not isinstance(condition, Unmeasured):
                return replace(rule, condition=condition)
        return rule

    def as_if_made(self, unmade: Unmade, every: int) -> ServiceRule:
        """Give a rule that nothing can judge yet, as it will be when something measures it."""
        made = self._catalogue.rules[unmade.rule]
        override = self._sets[unmade.set].set.get(unmade.rule)
        limits = limits_of(made, override.parameters if override is not None else {})
        condition = Meant(made.when, limits).about(unmade.service, Everything(), every)
        if isinstance(condition, Unmeasured):
            condition = Down(reading=_NOTHING)
        service = self._platform.services[unmade.service]
        return ServiceRule(
            set=unmade.set,
            rule=unmade.rule,
            service=unmade.service,
            kind=service.is_,
            team=service.team or self._platform.team,
            severity=unmade.severity,
            rank=unmade.rank,
            trouble=trouble(condition),
            condition=condition,
            hold=unmade.hold,
            silence=Silence.OK,
            silent_after=made.no_data.after.whole_seconds,
            summary="",
            description="",
            first_step=None,
            runbook=unmade.runbook,
        )

    def _meant(self, signal: str) -> SignalName | None:
        said = self._platform.signals.get(signal)
        if said is not None:
            return meaning(signal, said)
        return next((one for one in SignalName if one == signal), None)
