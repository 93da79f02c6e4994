"""Services: the parts of a platform that can fail on their own."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, ClassVar

from belfry.forms import Bucket, Domain, HostPort, Reference, Script
from belfry.scalars import Bounds
from belfry.shapes import Says
from belfry.values.cron import Cron
from belfry.values.duration import Duration
from belfry.values.percent import Percent
from belfry.values.rate import Rate
from belfry.values.size import Size
from belfry.values.template import Template


class Kind(StrEnum):
    """What a service is. Rules say which kinds they cover."""

    CLOUDFLARE_WORKER = "cloudflare-worker"
    CLOUDFLARE_PAGES = "cloudflare-pages"
    CLOUDFLARE_CACHE = "cloudflare-cache"
    CLOUDFLARE_KV = "cloudflare-kv"
    CLOUDFLARE_R2 = "cloudflare-r2"
    DURABLE_OBJECTS = "durable-objects"
    HYPERDRIVE = "hyperdrive"
    QUEUE = "queue"
    CRON_JOB = "cron-job"
    HTTP_API = "http-api"
    WEBSITE = "website"
    POSTGRES = "postgres"
    REDIS = "redis"
    RABBITMQ = "rabbitmq"
    ELASTICSEARCH = "elasticsearch"
    NGINX = "nginx"
    HOST = "host"
    CDN = "cdn"
    THIRD_PARTY = "third-party"

    @property
    def is_page(self) -> bool:
        """Whether such a service answers people with HTML, not programs with JSON."""
        return self in (Kind.CLOUDFLARE_PAGES, Kind.WEBSITE)


AT_CLOUDFLARE = frozenset(
    {
        Kind.CLOUDFLARE_WORKER,
        Kind.CLOUDFLARE_PAGES,
        Kind.CLOUDFLARE_CACHE,
        Kind.CLOUDFLARE_KV,
        Kind.CLOUDFLARE_R2,
        Kind.DURABLE_OBJECTS,
        Kind.HYPERDRIVE,
    }
)
"""Kinds that exist at Cloudflare alone."""
ON_SERVERS = frozenset(
    {
        Kind.POSTGRES,
        Kind.REDIS,
        Kind.RABBITMQ,
        Kind.ELASTICSEARCH,
        Kind.NGINX,
        Kind.HOST,
    }
)
"""Kinds that run on a server, beside which an exporter can run."""


class Connection(StrEnum):
    """What a service is reached through."""

    HYPERDRIVE = "hyperdrive"


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthLimits:
    """When the application calls a part of itself degraded, and when unhealthy."""

    degraded: Annotated[Duration, Says("It answers more slowly than this.", "500ms")]
    unhealthy: Annotated[Duration, Says("It answers more slowly than this, or not.", "1s")]
    pool: Annotated[
        Percent | None, Says("Degraded when more of its connections are in use.", "80 %")
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A part of the platform that can fail on its own."""

    EXAMPLE_WITHOUT: ClassVar[tuple[str, ...]] = (
        "project",
        "bucket",
        "address",
        "on",
        "schedule",
        "through",
        "connections",
        "host",
    )
    """Keys that do not go with the others of its example."""

    is_: Annotated[Kind, Says("What it is.", "cloudflare-worker")]
    title: Annotated[
        str | None, Says("What people call it in messages; otherwise its name.", "The API")
    ] = None
    url: Annotated[
        Template | None,
        Says(
            "Its address, if it answers HTTP; ${domain} is the environment's.",
            "https://api.${domain}",
        ),
    ] = None
    needs: Annotated[
        tuple[Reference, ...],
        Says(
            "Services without which it fails; their failure is the cause of its own.", "[database]"
        ),
    ] = ()
    through: Annotated[Connection | None, Says("What it is reached through.", "hyperdrive")] = None
    team: Annotated[
        Reference | None, Says("The team that answers for it, one of people.teams.", "operations")
    ] = None
    script: Annotated[Script | None, Says("Its Worker's name at Cloudflare.", "pitchey-api")] = None
    project: Annotated[Script | None, Says("Its Pages project at Cloudflare.", "pitchey")] = None
    bucket: Annotated[Bucket | None, Says("Its R2 bucket.", "pitchey-uploads")] = None
    address: Annotated[
        HostPort | None,
        Says("Host and port inside the server stack, for its exporter.", "postgres:5432"),
    ] = None
    on: Annotated[Reference | None, Says("The host that it runs on, a service.", "host-1")] = None
    schedule: Annotated[Cron | None, Says("When a cron job runs; UTC.", '"17 3 * * *"')] = None
    cpu: Annotated[Duration | None, Says("Processor time that one request may take.", "30s")] = None
    memory: Annotated[Size | None, Says("Memory that it may take.", "128MB")] = None
    connections: Annotated[
        int | None, Bounds(1, 100_000), Says("Connections that it accepts at once.", "100")
    ] = None
    traffic: Annotated[
        Rate | None, Says("Requests that it usually gets; rules are proved against it.", "30/min")
    ] = None
    health: Annotated[
        HealthLimits | None, Says("When the application calls it degraded or unhealthy.")
    ] = None
    host: Annotated[
        Domain | None, Says("Its host name, if it answers something else than HTTP.", "example.com")
    ] = None
