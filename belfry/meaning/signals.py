"""Signals: whether what measures them can, and whether they mean one thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.language.records import WebVitals
from belfry.language.server import EXPORTERS as MEASURING
from belfry.language.server import Part
from belfry.language.services import ON_SERVERS, Kind
from belfry.language.signals import Measure, MetricKind, Source
from belfry.meaning.lists import distinct

if TYPE_CHECKING:
    from belfry.findings import Findings
    from belfry.language.platform import Platform
    from belfry.language.services import Service
    from belfry.language.signals import Signal
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
        if signal.in_ is Measure.SHARE and signal.is_ in _SHARES:
            right = "write is: gauge, or count in another measure"
            because = ((*path, "in"),)
            findings.add((*path, "is"), _SHARES[signal.is_], right, because=because)
    _same(findings)


def _knows(findings: Findings[Platform], name: str, signal: Signal, source: Source) -> None:
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
