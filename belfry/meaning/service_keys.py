"""What can be said of a service of each kind, and what no two services may share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from belfry.language.plans import WorkersPlan
from belfry.language.server import EXPORTERS as MEASURING
from belfry.language.services import AT_CLOUDFLARE, Kind
from belfry.problems import Code
from belfry.values.duration import Duration
from belfry.values.size import Size

if TYPE_CHECKING:
    from collections.abc import Mapping

    from belfry.findings import Findings
    from belfry.language.platform import Platform
    from belfry.language.server import Part
    from belfry.language.services import Service

_ALL = frozenset(Kind)
_RUNS_NOWHERE = frozenset(
    {
        Kind.CLOUDFLARE_CACHE,
        Kind.CLOUDFLARE_KV,
        Kind.CLOUDFLARE_R2,
        Kind.HYPERDRIVE,
        Kind.QUEUE,
        Kind.CDN,
        Kind.THIRD_PARTY,
    }
)
EXPORTERS: Mapping[Kind, Part] = {
    kind: part for part, kind in MEASURING.items() if kind is not None and kind is not Kind.HOST
}
"""The part of the server stack that measures services of a kind, by their addresses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Key:
    """A key that only services of some kinds have."""

    attribute: str
    kinds: frozenset[Kind]
    why: str
    """What a service of another kind has not."""
    right: str


_KEYS = (
    _Key(
        attribute="script",
        kinds=frozenset({Kind.CLOUDFLARE_WORKER, Kind.DURABLE_OBJECTS, Kind.CRON_JOB}),
        why="is no Worker, so it has no script",
        right="remove it, or write is: cloudflare-worker",
    ),
    _Key(
        attribute="project",
        kinds=frozenset({Kind.CLOUDFLARE_PAGES}),
        why="is not on Pages, so it has no project",
        right="remove it, or write is: cloudflare-pages",
    ),
    _Key(
        attribute="bucket",
        kinds=frozenset({Kind.CLOUDFLARE_R2}),
        why="is not R2, so it has no bucket",
        right="remove it, or write is: cloudflare-r2",
    ),
    _Key(
        attribute="schedule",
        kinds=frozenset({Kind.CRON_JOB}),
        why="is no cron job, so it has no schedule",
        right="remove it, or write is: cron-job",
    ),
    _Key(
        attribute="address",
        kinds=frozenset(EXPORTERS),
        why="has no exporter that could ask an address",
        right="remove it; what answers HTTP has a url, and anything else a host",
    ),
    _Key(
        attribute="through",
        kinds=frozenset({Kind.POSTGRES}),
        why="is no database, and Hyperdrive leads to databases only",
        right="remove it, or write is: postgres",
    ),
    _Key(
        attribute="on",
        kinds=_ALL - AT_CLOUDFLARE - _RUNS_NOWHERE - {Kind.HOST} | {Kind.QUEUE},
        why="runs on no host of yours",
        right="remove it",
    ),
    _Key(
        attribute="url",
        kinds=_ALL - {Kind.CRON_JOB, Kind.CLOUDFLARE_KV, Kind.HYPERDRIVE},
        why="answers no HTTP",
        right="remove it",
    ),
    _Key(
        attribute="cpu",
        kinds=frozenset(
            {
                Kind.CLOUDFLARE_WORKER,
                Kind.CLOUDFLARE_PAGES,
                Kind.DURABLE_OBJECTS,
                Kind.CRON_JOB,
                Kind.HTTP_API,
                Kind.WEBSITE,
            }
        ),
        why="has no limit of processor time for a request",
        right="remove it; processor time of a host is a signal",
    ),
    _Key(
        attribute="memory",
        kinds=_ALL - _RUNS_NOWHERE,
        why="has no memory of its own",
        right="remove it",
    ),
    _Key(
        attribute="connections",
        kinds=_ALL - {Kind.CRON_JOB, Kind.HOST, Kind.CLOUDFLARE_KV, Kind.CLOUDFLARE_R2},
        why="accepts no connections",
        right="remove it",
    ),
    _Key(
        attribute="traffic",
        kinds=_ALL - {Kind.CRON_JOB, Kind.HOST},
        why="gets no requests",
        right="remove it",
    ),
)
_OWN = ("script", "project", "bucket", "address")
"""Keys whose values name one thing."""
_WORKER_MEMORY = Size.parse("128MiB")
_WORKER_CPU = {WorkersPlan.FREE: Duration(10), WorkersPlan.PAID: Duration.of(300)}
"""developers.cloudflare.com/workers/platform/limits, sections "CPU time" and "Memory"."""


def ask(findings: Findings[Platform]) -> None:
    """Ask about the keys of every service, and whether two services are the same thing."""
    for name, service in findings.value.services.items():
        _fits(findings, name, service)
        _limits(findings, name, service)
        _exporter(findings, name, service)
    _same(findings)


def _fits(findings: Findings[Platform], name: str, service: Service) -> None:
    path = ("services", name)
    kind = (*path, "is")
    for key in _KEYS:
        if getattr(service, key.attribute) is not None and service.is_ not in key.kinds:
            wrong = f"{service.is_} {key.why}"
            findings.add((*path, key.attribute), wrong, key.right, because=(kind,))
    lacks = service.is_ is Kind.CRON_JOB and service.schedule is None
    if lacks and not findings.is_unclear(path):
        right = 'add schedule: and when it runs, such as "17 3 * * *"'
        findings.add(path, "a cron job has a schedule", right)


def _limits(findings: Findings[Platform], name: str, service: Service) -> None:
    path = ("services", name)
    health = service.health
    if health is not None and health.degraded >= health.unhealthy:
        wrong = (
            f"it is unhealthy after {health.unhealthy}, and would be degraded only after "
            f"{health.degraded}"
        )
        right = f"write less than {health.unhealthy}"
        because = ((*path, "health", "unhealthy"),)
        findings.add((*path, "health", "degraded"), wrong, right, because=because)
    if service.is_ is not Kind.CLOUDFLARE_WORKER:
        return
    decided = ((*path, "is"), ("plans", "workers"))
    plan = findings.value.plans.workers
    most = _WORKER_CPU[plan]
    if service.cpu is not None and service.cpu > most:
        wrong = f"a Worker of the {plan} plan is stopped after {most}"
        findings.add((*path, "cpu"), wrong, f"write {most} or less", because=decided)
    if service.memory is not None and service.memory > _WORKER_MEMORY:
        wrong = f"a Worker has {_WORKER_MEMORY} of memory"
        findings.add((*path, "memory"), wrong, "write 128MB", because=decided)


def _exporter(findings: Findings[Platform], name: str, service: Service) -> None:
    """Ask whether something of the server stack asks the address that is only there for it."""
    part = EXPORTERS.get(service.is_)
    server = findings.value.server
    if service.address is None or part is None or (server and part in server.parts):
        return
    path = ("services", name)
    findings.add(
        (*path, "address"),
        f"the server stack has no {part} exporter, which alone uses this",
        f"add {part} to server.parts, or remove the address" if server else "remove the address",
        because=((*path, "is"), ("server",), ("server", "parts")),
        code=Code.UNUSED,
    )


def _same(findings: Findings[Platform]) -> None:
    seen: dict[tuple[str, Kind, str], str] = {}
    for name, service in findings.value.services.items():
        for attribute in _OWN:
            value = getattr(service, attribute)
            if value is None:
                continue
            other = seen.setdefault((attribute, service.is_, value), name)
            if other != name:
                _two(findings, name, other, attribute, "say of each its own, or make them one")
        if service.url is not None:
            value = str(service.url).rstrip("/")
            other = seen.setdefault(("url", service.is_, value), name)
            if other != name:
                right = "add to each the path that is its own, or make them one service"
                _two(findings, name, other, "url", right)


def _two(findings: Findings[Platform], name: str, other: str, attribute: str, right: str) -> None:
    findings.add(
        ("services", name, attribute),
        f"{other} has this {attribute} already",
        right,
        because=(("services", other, attribute), ("services", other, "is")),
    )
