"""Services: what is said of them beside their kind, address and needs."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from belfry.arguments import Component, Declared
from belfry.declared.units import Limit, limit, ratio, seconds, size_in_bytes, text
from belfry.language.services import AT_CLOUDFLARE, ON_SERVERS, Kind
from belfry.language.services import Service as SaidService
from belfry.provisioned import watched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from belfry.declared.site import Site
    from belfry.language.services import HealthLimits

_CLOUDFLARE = AT_CLOUDFLARE | {Kind.QUEUE, Kind.CDN}
_KEYS = (
    "through", "team", "script", "project", "bucket", "address", "on", "schedule", "cpu", "memory",
    "connections", "traffic", "health", "host",
)  # fmt: skip
"""Attributes of a service that nothing provisioned reads; None where nothing is said."""
_MORE = attrgetter(*_KEYS)
_UNSAID = (None,) * len(_KEYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """When the application calls a part degraded, and when unhealthy."""

    degraded: float
    unhealthy: float
    """Seconds."""
    pool: float | None
    """Share of the connections in use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What is measured of a service by those who do not ask it over HTTP, and its limits."""

    name: str
    kind: str
    title: str
    url: str | None
    needs: tuple[str, ...]
    through: str | None
    team: str
    """The platform's, when it has none of its own."""
    script: str | None
    project: str | None
    bucket: str | None
    address: str | None
    host: str | None
    on: str | None
    schedule: str | None
    cpu: float | None
    """Seconds of processor time for one request."""
    memory: int | None
    """Bytes."""
    connections: int | None
    traffic: Limit | None
    health: Health | None


def services(site: Site) -> Iterator[Declared]:
    """Give those that say more than is used, and those that no check is about yet."""
    checked = watched(site.platform)
    for name, said in site.platform.services.items():
        if name in checked and _MORE(said) == _UNSAID:
            continue
        yield Declared(
            part=f"services.{name}",
            component=_component(said.is_),
            arguments=_service(site, name, said),
        )


def _component(kind: Kind) -> Component:
    if kind in _CLOUDFLARE:
        return Component.CLOUDFLARE
    return Component.SERVER_STACK if kind in ON_SERVERS else Component.MONITORING_WORKER


def _service(site: Site, name: str, said: SaidService) -> Service:
    return Service(
        name=site.name(name),
        kind=str(said.is_),
        title=site.title(name),
        url=site.addresses.of_service(name),
        needs=said.needs,
        through=text(said.through),
        team=said.team or site.platform.team,
        script=said.script,
        project=said.project,
        bucket=said.bucket,
        address=said.address,
        host=said.host,
        on=said.on,
        schedule=text(said.schedule),
        cpu=seconds(said.cpu),
        memory=size_in_bytes(said.memory),
        connections=said.connections,
        traffic=limit(said.traffic) if said.traffic else None,
        health=health(said.health) if said.health else None,
    )


def health(said: HealthLimits) -> Health:
    """Give limits in seconds and shares."""
    return Health(
        degraded=seconds(said.degraded), unhealthy=seconds(said.unhealthy), pool=ratio(said.pool)
    )
