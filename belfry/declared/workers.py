"""Workers beside the monitoring Worker, with everything they stand on, named as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from belfry.arguments import Component, Declared, Migration, Secret

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from belfry.declared.site import Site
    from belfry.language.workers import Worker as SaidWorker


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """A Worker. Bindings are pairs: the name inside the Worker, and what it is bound to."""

    script: str
    role: str
    crons: tuple[str, ...]
    namespaces: tuple[tuple[str, str], ...]
    buckets: tuple[tuple[str, str], ...]
    queues: tuple[tuple[str, str], ...]
    datasets: tuple[tuple[str, str], ...]
    """Of Analytics Engine."""
    durable_objects: tuple[tuple[str, str], ...]
    migrations: tuple[Migration, ...]
    variables: tuple[tuple[str, str], ...]
    secrets: tuple[tuple[str, Secret], ...]
    serves: tuple[str, ...]
    """Paths that it answers."""
    routes: tuple[str, ...]
    """Patterns of the zone, such as example.com/monitoring/*."""


def workers(site: Site) -> Iterator[Declared]:
    """Give every Worker."""
    for name, said in site.platform.workers.items():
        yield Declared(
            part=f"workers.{name}",
            component=Component.CLOUDFLARE,
            arguments=_worker(site, said),
        )


def _worker(site: Site, said: SaidWorker) -> Worker:
    classes = tuple(dict.fromkeys(said.durable_objects.values()))
    settings = {
        "ENVIRONMENT": site.environment,
        "LOG_LEVEL": str(said.log_level or site.settings.log_level),
        "PLATFORM": site.platform.platform,
    }
    domain = site.settings.domain or ""

    def named(bindings: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
        return tuple((name, site.with_environment(thing)) for name, thing in bindings.items())

    return Worker(
        script=site.with_environment(said.script),
        role=str(said.role),
        crons=tuple(map(str, said.crons)),
        namespaces=named(said.kv),
        buckets=named(said.r2),
        queues=named(said.queues),
        datasets=named(said.analytics),
        durable_objects=tuple(said.durable_objects.items()),
        migrations=(Migration(tag="v1", new_sqlite_classes=classes),) if classes else (),
        variables=tuple((settings | dict(said.variables)).items()),
        secrets=tuple(said.secrets.items()),
        serves=said.serves,
        routes=tuple(f"{domain}{pattern}" for pattern in said.routes),
    )
