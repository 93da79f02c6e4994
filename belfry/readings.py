"""Where a platform's signals are: which source measures one of a service, under which metric."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from belfry.conditions import Reading
from belfry.language.server import EXPORTERS, Part
from belfry.language.signals import MetricKind, SignalName, Source
from belfry.provisioned import is_made
from belfry.signals import SIGNALS
from belfry.targets import scraped, tellers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from belfry.language.checks import Check
    from belfry.language.platform import Platform
    from belfry.language.signals import Signal as SaidSignal
    from belfry.signals import Known

_ENDINGS = {
    MetricKind.HISTOGRAM: ("_bucket", "_sum", "_count"),
    MetricKind.SUMMARY: ("_sum", "_count"),
}
"""What people write of such a metric, which is known without it."""
_EXPORTED = {Source(part): part for part in EXPORTERS if part is not Part.CLOUDFLARE}
_SERVERS = {
    source: Part(source)
    for source in (
        Source.PROMETHEUS,
        Source.ALERTMANAGER,
        Source.LOKI,
        Source.ALLOY,
        Source.GRAFANA,
    )
}
"""Sources that are the monitoring's own servers."""
PROBED = (SignalName.PROBE_UP, SignalName.PROBE_SECONDS)
"""What the monitoring Worker measures."""
_BY_NAME = {str(name): name for name in SignalName}


class Readings:
    """The signals of one platform, found by their names and services."""

    def __init__(self, platform: Platform) -> None:
        """Take the effective platform of an environment."""
        self._platform = platform

    def of(self, signal: SignalName, service: str) -> Reading | None:
        """Find a signal of the vocabulary: as the platform has it, else as a source gives it."""
        for name in self._meant.get(signal, ()):
            if self._speaks_of(name, service):
                return self.own(name)
        known = SIGNALS[signal]
        for one in known.known:
            if self._gives(one.source, signal, service):
                return self._known(signal, one)
        return None

    def own(self, signal: str) -> Reading:
        """Give a signal of the platform's own, as its first source measures it."""
        said = self._platform.signals[signal]
        source = said.from_[0] if said.from_ else Source.SDK
        known = self._shipped(signal, said, source)
        if said.metric is None and known is not None:
            return self._known(meaning(signal, said) or SignalName(signal), known)
        metric = said.metric or f"{self._platform.platform}_{signal}"
        for ending in _ENDINGS.get(said.is_, ()):
            metric = metric.removesuffix(ending)
        return Reading(
            signal=signal,
            metric=metric.replace("-", "_").replace(".", "_"),
            kind=said.is_,
            measure=said.in_,
            source=source,
            quantile=said.quantile.ratio if said.quantile else None,
        )

    def is_asked(self, signal: SignalName, service: str) -> bool:
        """Say whether a check or journey of the platform asks for a signal, made already or not."""
        if signal is SignalName.JOURNEY_UP:
            return any(one.of == service for one in self._platform.journeys.values())
        return any(answers(check, signal) for check in self._checks.get(service, ()))

    def has(self, source: Source, service: str) -> bool:
        """Say whether a source measures anything of a service, for plain PromQL.

        The SDK does where the service itself serves its metrics.
        """
        if source is Source.PROMETHEUS:
            return self._has_part(Part.PROMETHEUS) and service in self._scraped
        if source is Source.SDK:
            return service in self._tellers
        if source in _SERVERS:
            return self._has_part(_SERVERS[source])
        if source in _EXPORTED and source is not Source.BLACKBOX:
            return self._exports(source, service)
        if source is Source.WORKER or source is Source.BLACKBOX:
            return self.of(SignalName.PROBE_UP, service) is not None
        return any(
            source in said.from_ and self._speaks_of(name, service)
            for name, said in self._platform.signals.items()
        )

    def sources(self) -> Iterator[tuple[SignalName, str, Reading]]:
        """Give every signal of the vocabulary that is measured of some service: signal, service."""
        for signal in SignalName:
            for service in self._platform.services:
                reading = self.of(signal, service)
                if reading is not None:
                    yield signal, service, reading

    def _known(self, signal: SignalName, known: Known) -> Reading:
        prefix = self._platform.platform.replace("-", "_")
        return Reading(
            signal=signal,
            metric=known.metric.replace("${platform}", prefix),
            kind=SIGNALS[signal].kind,
            measure=SIGNALS[signal].measure,
            source=known.source,
            matchers=known.matchers,
            recorded=known.recorded,
        )

    def _shipped(self, signal: str, said: SaidSignal, source: Source) -> Known | None:
        """Give what the vocabulary knows of a platform's signal from an exporter."""
        meant = meaning(signal, said)
        if meant is None:
            return None
        known = (one for one in SIGNALS[meant].known if one.source is source)
        return next((one for one in known if one.source not in (Source.SDK, Source.WORKER)), None)

    @cached_property
    def _meant(self) -> Mapping[SignalName, tuple[str, ...]]:
        """The platform's own signals, by what they mean in the vocabulary."""
        found: dict[SignalName, tuple[str, ...]] = {}
        for name, said in self._platform.signals.items():
            meant = meaning(name, said)
            if meant is not None:
                found[meant] = (*found.get(meant, ()), name)
        return found

    @cached_property
    def _scraped(self) -> frozenset[str]:
        return scraped(self._platform)

    @cached_property
    def _tellers(self) -> Mapping[str, tuple[str, ...]]:
        return tellers(self._platform)

    def _speaks_of(self, signal: str, service: str) -> bool:
        of = self._platform.signals[signal].of
        return not of or service in of

    @cached_property
    def _checks(self) -> Mapping[str, tuple[Check, ...]]:
        found: dict[str, tuple[Check, ...]] = {}
        for check in self._platform.checks.values():
            found[check.of] = (*found.get(check.of, ()), check)
        return found

    def _gives(self, source: Source, signal: SignalName, service: str) -> bool:
        """Say whether a source gives a signal of a service without being told so."""
        checks = self._checks.get(service, ())
        if source is Source.WORKER:
            return signal in PROBED and any(map(is_made, checks))
        if source is not Source.BLACKBOX:
            return self._exports(source, service)
        if not self._has_part(Part.BLACKBOX):
            return False
        return any(answers(check, signal) for check in checks)

    def _exports(self, source: Source, service: str) -> bool:
        part = _EXPORTED.get(source)
        if part is None or not self._has_part(part):
            return False
        return self._platform.services[service].is_ is EXPORTERS[part]

    def _has_part(self, part: Part) -> bool:
        server = self._platform.server
        return server is not None and part in server.parts


class Everything:
    """Every signal of the vocabulary, from the first source that knows it: for cases."""

    def of(self, signal: SignalName, service: str) -> Reading | None:
        """Give the signal; what sources record counts as given."""
        del service
        told = SIGNALS[signal]
        return Reading(
            signal=signal,
            metric=told.known[0].metric.replace("${platform}", "platform"),
            kind=told.kind,
            measure=told.measure,
            source=told.known[0].source,
            matchers=told.known[0].matchers,
        )

    def has(self, source: Source, service: str) -> bool:
        """Say that every source is there."""
        del source, service
        return True


def answers(check: Check, signal: SignalName) -> bool:
    """Say whether a check asks for a signal."""
    match signal:
        case SignalName.PROBE_UP | SignalName.PROBE_SECONDS:
            return bool(check.http or check.tcp or check.dns)
        case SignalName.NAME_FOUND:
            return check.dns is not None
        case SignalName.CERTIFICATE_END:
            return check.tls is not None
        case SignalName.DOMAIN_END:
            return check.domain is not None
        case SignalName.LAST_RUN:
            return check.heartbeat is not None
        case _:
            return False


def meaning(name: str, said: SaidSignal) -> SignalName | None:
    """Say which signal of the vocabulary a platform's own is, if any."""
    if said.means is not None:
        return said.means
    return _BY_NAME.get(name)
