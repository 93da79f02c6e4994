"""Whom Prometheus in the server stack asks: what serves the metrics of each service.

The SDK inside an application tells of the application itself and of what has no address of its own,
such as its database; its series bear the name of the service that they are about.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.language.access import Right
from belfry.language.server import EXPORTERS, Part
from belfry.language.services import Kind
from belfry.language.signals import Source
from belfry.provisioned import is_made

if TYPE_CHECKING:
    from collections.abc import Mapping

    from belfry.language.platform import Platform

METRICS_PATH = "/api/monitoring/metrics"
"""Where the SDK serves metrics, unless application.endpoints.metrics says otherwise."""
METRICS_KEY = "metrics-key"
"""The secret with which metrics are read, where the platform names no other."""


def teller(platform: Platform, service: str) -> str | None:
    """Give the service whose SDK tells of a service; None: there is none that could be asked."""
    said = platform.services[service]
    application = platform.application
    if said.url is not None and (application is None or not said.is_.is_page):
        return service
    if application is None or application.of not in platform.services:
        return None
    return application.of if platform.services[application.of].url is not None else None


def tellers(platform: Platform) -> Mapping[str, tuple[str, ...]]:
    """Give the services whose SDK serves metrics, each with the services that it tells of."""
    told: set[str] = set()
    for signal in platform.signals.values():
        if signal.from_[:1] == (Source.SDK,):
            told.update(signal.of or platform.services)
    found: dict[str, list[str]] = {}
    for service in platform.services:
        of = teller(platform, service) if service in told else None
        if of is not None:
            found.setdefault(of, []).append(service)
    return {name: tuple(found[name]) for name in platform.services if name in found}


def metrics_path(platform: Platform) -> str:
    """Give the path at which the SDK serves metrics."""
    application = platform.application
    endpoints = application.endpoints if application is not None else {}
    return endpoints.get("metrics", METRICS_PATH)


def metrics_key(platform: Platform) -> str:
    """Give the name of the secret with which the SDK's metrics are read."""
    application = platform.application
    if application is not None and application.metrics_key is not None:
        return application.metrics_key.name
    keys = platform.access.keys.values()
    return next((one.key.name for one in keys if Right.READ_METRICS in one.may), METRICS_KEY)


def home(platform: Platform) -> str | None:
    """Give the host of the server stack, which rules about the monitoring itself are about."""
    server = platform.server
    if server is None:
        return None
    hosts = (name for name, one in platform.services.items() if one.is_ is Kind.HOST)
    return server.host or next(hosts, None)


def scraped(platform: Platform) -> frozenset[str]:
    """Give the services of which Prometheus in the server stack has a target."""
    server = platform.server
    if server is None:
        return frozenset()
    kinds = {kind for part, kind in EXPORTERS.items() if part in server.parts}
    beside = (name for name, one in platform.services.items() if one.is_ in kinds)
    probed = (
        check.of
        for check in platform.checks.values()
        if Part.BLACKBOX in server.parts and (is_made(check) or check.tcp or check.dns or check.tls)
    )
    own = home(platform)
    return frozenset((*beside, *probed, *tellers(platform), *((own,) if own else ())))
