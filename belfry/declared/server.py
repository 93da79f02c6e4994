"""The server stack: what runs it, its parts with ports, volumes and targets, its backups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from belfry.arguments import Component, Declared, Secret
from belfry.declared.units import seconds, size_in_bytes
from belfry.language.server import EXPORTERS, Part, Where
from belfry.values.duration import Duration

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from belfry.declared.site import Site
    from belfry.language.server import Backups as SaidBackups
    from belfry.language.server import PartSettings
    from belfry.language.server import Server as SaidServer


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """What a part is made of, where the platform file does not say."""

    image: str | None = None
    """None: it is built by Belfry, or is a plugin of what it measures."""
    data: str | None = None
    """Where the image keeps what must survive it."""
    store: str | None = None
    """The key of `retention` that is its own."""
    age: Duration | None = None
    """How long it keeps what it has, where `retention` does not say."""


_DAYS = 86_400
_MADE: Mapping[Part, _Made] = {
    Part.PROMETHEUS: _Made(
        image="prom/prometheus:v3.14.0",
        data="/prometheus",
        store="prometheus",
        age=Duration.of(30 * _DAYS),
    ),
    Part.GRAFANA: _Made(image="grafana/grafana:13.2.0", data="/var/lib/grafana"),
    Part.ALERTMANAGER: _Made(image="prom/alertmanager:v0.34.0", data="/alertmanager"),
    Part.LOKI: _Made(
        image="grafana/loki:3.7.6", data="/loki", store="loki", age=Duration.of(14 * _DAYS)
    ),
    Part.ALLOY: _Made(image="grafana/alloy:v1.18.1", data="/var/lib/alloy/data"),
    Part.JAEGER: _Made(
        image="jaegertracing/jaeger:2.20.0",
        data="/badger",
        store="traces",
        age=Duration.of(7 * _DAYS),
    ),
    Part.BLACKBOX: _Made(image="prom/blackbox-exporter:v0.28.0"),
    Part.NODE: _Made(image="prom/node-exporter:v1.12.1"),
    Part.CLOUDFLARE: _Made(),
    Part.POSTGRES: _Made(image="quay.io/prometheuscommunity/postgres-exporter:v0.20.1"),
    Part.REDIS: _Made(image="oliver006/redis_exporter:v1.88.0"),
    Part.RABBITMQ: _Made(),
    Part.ELASTICSEARCH: _Made(
        image="quay.io/prometheuscommunity/elasticsearch-exporter:v1.11.0",
    ),
    Part.NGINX: _Made(image="nginx/nginx-prometheus-exporter:1.5.3"),
}
"""Versions and paths as in each project's Dockerfile and releases."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Docker:
    """The stack runs on one host."""

    host: str
    """The service; empty: the machine that deploys."""
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kubernetes:
    """The stack runs in a namespace of a cluster."""

    namespace: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteWrite:
    """Another store that gets all metrics too."""

    url: str
    user: str | None
    password: Secret | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """What all parts of the stack have in common."""

    name: str
    on: Docker | Kubernetes
    reach: str
    """loopback, vpn or tunnel."""
    access_logs: bool
    scrape: float
    """Seconds."""
    parts: tuple[str, ...]
    remote_write: RemoteWrite | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who administers Grafana."""

    name: str
    user: str
    password: Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """What a part keeps."""

    name: str
    path: str
    size: int | None
    """Bytes; None: what the host has."""
    full: float
    """Share beyond which it is trouble."""
    age: float | None
    """Seconds after which a part deletes what it keeps; None: it deletes nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A service that an exporter measures, and where it listens inside the stack."""

    service: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerPart:
    """One container of the stack."""

    name: str
    part: str
    image: str | None
    """None: Belfry builds it, or what is measured has it built in."""
    port: int
    memory: int | None
    """Bytes."""
    volume: Volume | None
    scrape: float
    """Seconds between two readings of its own metrics."""
    targets: tuple[Target, ...]
    domain: str | None
    """Where operators reach it, with TLS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backups:
    """Copies of every volume."""

    name: str
    at: str
    """Time of day, UTC."""
    key: Secret
    here: float
    away: float | None
    bucket: str | None
    restore_test: float
    too_old: float
    """Seconds, as all ages here."""
    volumes: tuple[str, ...]


def server(site: Site) -> Iterator[Declared]:
    """Give the stack, each of its parts, Grafana's administrator, and the backups."""
    said = site.platform.server
    if said is None:
        return
    yield _of_stack("server", _server(site, said))
    for part, settings in said.parts.items():
        yield _of_stack(f"server.parts.{part}", _part(site, said, part, settings))
    account = Account(name=site.prefix, user=said.grafana.user, password=said.grafana.password)
    yield _of_stack("server.grafana", account)
    if said.backups:
        yield _of_stack("server.backups", _backups(site, said, said.backups))


def _of_stack(part: str, arguments: Server | ServerPart | Account | Backups) -> Declared:
    return Declared(part=part, component=Component.SERVER_STACK, arguments=arguments)


def _server(site: Site, said: SaidServer) -> Server:
    return Server(
        name=site.prefix,
        on=_where(site, said),
        reach=str(said.reach),
        access_logs=said.access_logs,
        scrape=seconds(said.scrape),
        parts=tuple(map(str, said.parts)),
        remote_write=RemoteWrite(
            url=said.remote_write.url,
            user=said.remote_write.user,
            password=said.remote_write.password,
        )
        if said.remote_write
        else None,
    )


def _where(site: Site, said: SaidServer) -> Docker | Kubernetes:
    if said.on is Where.KUBERNETES:
        return Kubernetes(namespace=site.with_environment(said.namespace or "monitoring"))
    return Docker(host=said.host or "", address=site.host(said.host) if said.host else "localhost")


def _part(site: Site, said: SaidServer, part: Part, settings: PartSettings) -> ServerPart:
    made = _MADE[part]
    name = site.name(part)
    return ServerPart(
        name=name,
        part=str(part),
        image=settings.image or made.image,
        port=settings.port,
        memory=size_in_bytes(settings.memory),
        volume=_volume(site, said, part, settings),
        scrape=seconds(said.scrape),
        targets=tuple(
            Target(service=service, address=one.address or one.host or "")
            for service, one in site.platform.services.items()
            if one.is_ is EXPORTERS.get(part) and (one.address or one.host)
        ),
        domain=said.hosts.get(part),
    )


def _volume(site: Site, said: SaidServer, part: Part, settings: PartSettings) -> Volume | None:
    made = _MADE[part]
    if made.data is None and settings.disk is None:
        return None
    age = getattr(site.platform.retention, made.store) if made.store else None
    return Volume(
        name=site.name(part),
        path=made.data or f"/var/lib/{part}",
        size=size_in_bytes(settings.disk),
        full=said.full.ratio,
        age=seconds(age or made.age),
    )


def _backups(site: Site, said: SaidServer, backups: SaidBackups) -> Backups:
    kept = [part for part, one in said.parts.items() if _volume(site, said, part, one)]
    return Backups(
        name=site.prefix,
        at=str(backups.at),
        key=backups.key,
        here=seconds(backups.here),
        away=seconds(backups.away),
        bucket=site.with_environment(backups.bucket) if backups.bucket else None,
        restore_test=seconds(backups.restore_test),
        too_old=seconds(backups.too_old),
        volumes=tuple(site.name(part) for part in kept),
    )
