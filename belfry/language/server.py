"""The server stack: Prometheus, Grafana, Alertmanager and the rest, on a host or a cluster."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from belfry.arguments import Secret
from belfry.forms import Domain, Image, Name, Reference, Url
from belfry.language.services import Kind
from belfry.scalars import Bounds
from belfry.shapes import Says
from belfry.values.clock import TimeOfDay
from belfry.values.duration import Duration
from belfry.values.percent import Percent
from belfry.values.size import Size

_MONTH = Duration.of(30 * 86_400)
_QUARTER_OF_A_MINUTE = Duration.of(15)
_A_DAY_AND_A_BIT = Duration.of(26 * 3_600)
_MOST_OF_IT = Percent.parse("80 %")


class Where(StrEnum):
    """What runs the server stack."""

    DOCKER = "docker"
    KUBERNETES = "kubernetes"


class Part(StrEnum):
    """Parts of the server stack."""

    PROMETHEUS = "prometheus"
    GRAFANA = "grafana"
    ALERTMANAGER = "alertmanager"
    LOKI = "loki"
    ALLOY = "alloy"
    JAEGER = "jaeger"
    BLACKBOX = "blackbox"
    NODE = "node"
    CLOUDFLARE = "cloudflare"
    POSTGRES = "postgres"
    REDIS = "redis"
    RABBITMQ = "rabbitmq"
    ELASTICSEARCH = "elasticsearch"
    NGINX = "nginx"


EXPORTERS: Mapping[Part, Kind | None] = {
    Part.BLACKBOX: None,
    Part.NODE: Kind.HOST,
    Part.CLOUDFLARE: None,
    Part.POSTGRES: Kind.POSTGRES,
    Part.REDIS: Kind.REDIS,
    Part.RABBITMQ: Kind.RABBITMQ,
    Part.ELASTICSEARCH: Kind.ELASTICSEARCH,
    Part.NGINX: Kind.NGINX,
}
"""Parts that measure, and the kind of services that each stands beside; None: of many kinds."""


class Reach(StrEnum):
    """How operators reach the server stack; nobody else does."""

    LOOPBACK = "loopback"
    VPN = "vpn"
    TUNNEL = "tunnel"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartSettings:
    """One part of the server stack."""

    port: Annotated[int, Bounds(1, 65_535), Says("Its port, closed to the outside.", "9090")]
    image: Annotated[
        Image | None, Says("Instead of the version of this release.", "prom/prometheus:v3.5.0")
    ] = None
    memory: Annotated[Size | None, Says("The most memory that it gets.", "2GB")] = None
    disk: Annotated[Size | None, Says("The size of its volume.", "50GB")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteWrite:
    """Another store that gets all metrics too."""

    url: Annotated[Url, Says("Its address.", "https://metrics.example.com/api/v1/write")]
    user: Annotated[str | None, Says("Who writes.", "belfry")] = None
    password: Annotated[Secret | None, Says("With which password.", "secret:remote-write")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Backups:
    """Copies of what the server stack holds."""

    at: Annotated[TimeOfDay, Says("When each day's copy is made; UTC.", "02:30")]
    key: Annotated[Secret, Says("What encrypts it.", "secret:backup-key")]
    here: Annotated[Duration, Says("How long it is kept on the host.", "30d")]
    away: Annotated[Duration | None, Says("How long it is kept elsewhere.", "90d")] = None
    bucket: Annotated[str | None, Says("Where elsewhere.", "r2:shop-backups")] = None
    restore_test: Annotated[
        Duration, Says("How often a copy is restored to see that it works.", "30d")
    ] = _MONTH
    too_old: Annotated[Duration, Says("A newest copy older than this is trouble.", "26h")] = (
        _A_DAY_AND_A_BIT
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class GrafanaAccount:
    """Who administers Grafana."""

    user: Annotated[str, Says("The administrator's name.", "admin")] = "admin"
    password: Annotated[Secret, Says("The administrator's password.", "secret:grafana-admin")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """The server stack: where it runs, what it is made of, and how it is kept."""

    on: Annotated[Where, Says("What runs it.", "docker")]
    host: Annotated[
        Reference | None, Says("The host that it runs on, a service; with docker.", "host-1")
    ] = None
    namespace: Annotated[Name | None, Says("Its namespace; with kubernetes.", "monitoring")] = None
    parts: Annotated[Mapping[Part, PartSettings], Says("What it is made of.")]
    scrape: Annotated[Duration, Says("How often metrics are collected.", "15s")] = (
        _QUARTER_OF_A_MINUTE
    )
    remote_write: Annotated[
        RemoteWrite | None, Says("Another store that gets all metrics too.")
    ] = None
    grafana: Annotated[GrafanaAccount, Says("Who administers Grafana.")]
    reach: Annotated[Reach, Says("How operators reach it.", "tunnel")] = Reach.LOOPBACK
    hosts: Annotated[
        Mapping[Part, Domain],
        Says("Host names under which operators reach parts, with TLS.", "grafana: g.example.com"),
    ] = field(default_factory=dict)
    access_logs: Annotated[bool, Says("Who asked for what is written down.", "true")] = True
    backups: Annotated[Backups | None, Says("Copies of what it holds.")] = None
    full: Annotated[Percent, Says("A volume that is fuller than this is trouble.", "80 %")] = (
        _MOST_OF_IT
    )
