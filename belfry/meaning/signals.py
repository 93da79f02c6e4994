"""Signals: whether what measures them can, and whether they mean one thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.base_units import base_of
from belfry.language.application import Format
from belfry.language.records import WebVitals
from belfry.language.server import EXPORTERS as MEASURING
from belfry.language.server import Part
from belfry.language.services import ON_SERVERS, Kind
from belfry.language.signals import Measure, MetricKind, SignalName, Source
from belfry.meaning.lists import distinct
from belfry.readings import meaning
from belfry.signals import SIGNALS
from belfry.targets import teller, tellers

if TYPE_CHECKING:
    from collections.abc import Collection

    from belfry.findings import Findings
    from belfry.language.platform import Platform
    from belfry.language.services import Service
    from belfry.language.signals import Signal as SaidSignal
    from belfry.problems import Path

_MEASURES = {
    Source.CLOUDFLARE: frozenset(Kind) - ON_SERVERS - {Kind.THIRD_PARTY},
    Source.NODE: frozenset({Kind.HOST}),
    Source.POSTGRES: frozenset({Kind.POSTGRES}),
    Source.REDIS: frozenset({Kind.REDIS}),
    Source.RABBITMQ: frozenset({Kind.RABBITMQ, Kind.QUEUE}),
    Source.ELASTICSEARCH: frozenset({Kind.ELASTICSEARCH}),
    Source.NGINX: frozenset({Kind.NGINX}),
    Source.BROWSER: frozenset({Kind.CLOUDFLARE_PAGES, Kind.WEBSITE, Kind.CLOUDFLARE_WORKER}),
}
"""The kinds of services that a source knows; one that is not here knows them all."""
# What Cloudflare tells, a Worker may read as well as the exporter.
_PARTS = {Source(part): part for part in MEASURING if part is not Part.CLOUDFLARE}
"""The part of the server stack that a source is."""
_SHARES = {
    MetricKind.COUNTER: "a share falls as well as rises, and a counter only rises",
    MetricKind.HISTOGRAM: "a share is one number, not many values",
    MetricKind.SUMMARY: "a share is one number, not many values",
}
_MANY = (MetricKind.HISTOGRAM, MetricKind.SUMMARY)
_PLAIN = (Measure.TRUTH, Measure.COUNT, Measure.NUMBER)
"""Measures whose values are held against plain numbers."""
_MOMENTS = (SignalName.LAST_RUN, SignalName.CERTIFICATE_END, SignalName.DOMAIN_END)
"""Signals that are points in time."""


def ask(findings: Findings[Platform]) -> None:
    """Ask about every signal."""
    services = findings.value.services
    for name, signal in findings.value.signals.items():
        path = ("signals", name)
        findings.known_once((*path, "of"), signal.of, "service", services, "services")
        findings.once((*path, "from"), signal.from_)
        if not signal.from_:
            right = "name a source, such as sdk"
            findings.add((*path, "from"), "nothing measures it", right)
        for index, source in distinct(findings, (*path, "from"), signal.from_):
            _knows(findings, name, signal, source)
            _runs(findings, (*path, "from", index), source)
        if base_of(signal.in_) is Measure.SHARE and signal.is_ in _SHARES:
            right = "write is: gauge, or count in another measure"
            because = ((*path, "in"),)
            findings.add((*path, "is"), _SHARES[signal.is_], right, because=because)
        if signal.quantile is not None and signal.is_ is not MetricKind.GAUGE:
            wrong = f"a {signal.is_} is not one quantile, but gives them all"
            right = "write is: gauge, or remove quantile"
            findings.add((*path, "quantile"), wrong, right, because=((*path, "is"),))
        _served(findings, name, signal)
    _readable(findings)
    _same(findings)


def _readable(findings: Findings[Platform]) -> None:
    """Ask whether Prometheus in the server stack can read what the SDK serves."""
    platform = findings.value
    application = platform.application
    if application is None or platform.server is None or not tellers(platform):
        return
    if Format.PROMETHEUS not in application.metrics.formats:
        wrong = "Prometheus, which the rules ask, cannot read what the SDK measures"
        right = "add prometheus to the formats"
        because = (("server",), ("signals",))
        findings.add(("application", "metrics", "formats"), wrong, right, because=because)


def ask_as_meant(findings: Findings[Platform], asked: Collection[SignalName]) -> None:
    """Ask whether signals that rules of the catalogue ask for are of their kind and unit.

    What says itself that it is one of them (`means`) must be, whether or not a rule asks.
    """
    for name, signal in findings.value.signals.items():
        meant = meaning(name, signal)
        if meant is not None and (signal.means is not None or meant in asked):
            _as_meant(findings, name, signal, meant)


def _as_meant(
    findings: Findings[Platform], name: str, signal: SaidSignal, meant: SignalName
) -> None:
    known = SIGNALS[meant]
    path = ("signals", name)
    because = ((*path, "means"),)
    called = f"the catalogue's {meant}"
    other = "take means: away" if signal.means is not None else "give the signal another name"
    if base_of(signal.in_) is Measure.SHARE and signal.is_ in _SHARES:
        return  # told already: it is no share
    if not _fits(signal, known.kind):
        right = f"write is: {known.kind}"
        if known.kind in _MANY:
            right += ", or quantile: and which, such as 95 %, where it is that one alone"
        wrong = f"{name} is a {signal.is_}, and {called} a {known.kind}"
        findings.add((*path, "is"), wrong, f"{right}; or {other}", because=because)
    units = [one for one in Measure if base_of(one) is known.measure]
    if meant in _MOMENTS:
        units = [Measure.SECONDS]
    if signal.in_ in units or (signal.in_ in _PLAIN and known.measure in _PLAIN):
        return
    wrong = f"{name} is in {signal.in_}, and {called} in {known.measure}"
    right = f"write in: {' or in: '.join(units)}, as the metric is counted; or {other}"
    findings.add((*path, "in"), wrong, right, because=because)


def misfits(platform: Platform) -> frozenset[SignalName]:
    """Give the signals of the catalogue's that a platform has as another kind of metric."""
    found = ((meaning(name, signal), signal) for name, signal in platform.signals.items())
    return frozenset(
        meant for meant, signal in found if meant and not _fits(signal, SIGNALS[meant].kind)
    )


def _fits(signal: SaidSignal, kind: MetricKind) -> bool:
    """Say whether what rules take of a metric of some kind can be taken of a platform's signal."""
    if kind in _MANY:
        return signal.is_ in _MANY or signal.quantile is not None
    return signal.is_ is kind


def _served(findings: Findings[Platform], name: str, signal: SaidSignal) -> None:
    """Ask whether Prometheus can be told what the SDK measures of each service."""
    platform = findings.value
    if platform.server is None or signal.from_[:1] != (Source.SDK,):
        return
    for index, of in enumerate(signal.of):
        if of in platform.services and teller(platform, of) is None:
            findings.add(
                ("signals", name, "of", index),
                f"nobody can be asked for what the SDK measures of {of}: it has no url, and no "
                "application that has one tells of it",
                f"give services.{of} a url, or add application: {{of: the service that tells}}",
                because=(("services", of, "url"), ("application",), ("application", "of")),
            )


def _knows(findings: Findings[Platform], name: str, signal: SaidSignal, source: Source) -> None:
    """Ask whether a source can know the services."""
    services = findings.value.services
    for index, of in enumerate(signal.of):
        service = services.get(of)
        if service is None:
            continue
        path = ("signals", name, "of", index)
        because = (("services", of, "is"),)
        kinds = _MEASURES.get(source)
        if kinds is not None and service.is_ not in kinds:
            findings.add(
                path,
                f"{source} cannot measure {of}, which is {service.is_}",
                f"name another source in signals.{name}.from, or other services",
                because=because,
            )
        elif source is Source.BLACKBOX and not _has_address(service):
            wrong = f"{of} has no url, host or address that blackbox could ask"
            right = f"give services.{of} one, or name another source"
            findings.add(path, wrong, right, because=because)


def _has_address(service: Service) -> bool:
    return any((service.url, service.host, service.address))


def _runs(findings: Findings[Platform], path: Path, source: Source) -> None:
    """Ask whether a source is there at all."""
    platform = findings.value
    part = _PARTS.get(source)
    server = platform.server
    if part is not None and (server is None or part not in server.parts):
        wrong = "there is no server stack" if server is None else f"the server stack has no {part}"
        right = f"add {part} to server.parts, or name another source"
        because = (("server",), ("server", "parts"))
        findings.add(path, f"{wrong}, so nothing measures this", right, because=because)
    if source is Source.BROWSER and platform.web_vitals == WebVitals():
        wrong = "browsers measure nothing: there are no web-vitals"
        right = "add web-vitals: {lcp: {good: 2500ms, poor: 4s}}, or name another source"
        findings.add(path, wrong, right, because=(("web-vitals",),))


def _same(findings: Findings[Platform]) -> None:
    """Ask whether two signals are the same metric, of the same services, from the same source."""
    seen: dict[tuple[str, Source, str], str] = {}
    for name, signal in findings.value.signals.items():
        if signal.metric is None:
            continue
        keys = [(signal.metric, one, of) for one in signal.from_ for of in signal.of or ("",)]
        other = next((seen[key] for key in keys if key in seen), None)
        seen |= {key: name for key in keys if key not in seen}
        if other is not None and other != name:
            findings.add(
                ("signals", name, "metric"),
                f"{other} is this metric already",
                "name another metric, or make them one signal",
                because=(("signals", other, "metric"), ("signals", other, "of")),
            )
