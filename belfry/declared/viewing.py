"""What people look at and may do: dashboards, roles, keys, log-in, the status page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from belfry.arguments import Component, Declared, Secret
from belfry.declared.people import Recipients, recipients
from belfry.declared.rules import metric
from belfry.declared.units import seconds
from belfry.language.access import Right
from belfry.language.dashboards import Audience, Host

if TYPE_CHECKING:
    from collections.abc import Iterator

    from belfry.declared.site import Site
    from belfry.language.dashboards import Dashboard as SaidDashboard

_SERVED_BY = {
    Host.GRAFANA: Component.GRAFANA,
    Host.WORKER: Component.MONITORING_WORKER,
    Host.PAGES: Component.CLOUDFLARE,
    Host.APPLICATION: Component.APPLICATION_SDK,
}
_METRICS = frozenset({Right.SUBMIT_METRICS, Right.READ_METRICS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Dashboard:
    """One dashboard, of the whole platform or of one service."""

    uid: str
    title: str
    service: str | None
    metrics: tuple[str, ...]
    """Names of the signals in Prometheus."""
    objectives: tuple[str, ...]
    panels: tuple[str, ...]
    refresh: float
    """Seconds."""
    push: bool
    public: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """People, and what they may do."""

    name: str
    who: Recipients
    may: tuple[str, ...]
    severities: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A program's key, and what it may do."""

    name: str
    key: Secret
    may: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogIn:
    """Who knows the people that log in."""

    name: str
    issuer: str
    client: str
    secret: Secret
    domains: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusPage:
    """The status page is for everybody."""

    name: str
    public: bool


def dashboards(site: Site) -> Iterator[Declared]:
    """Give every dashboard; one of each service as many as there are."""
    for name, said in site.platform.dashboards.items():
        part = f"dashboards.{name}"
        component = _SERVED_BY[said.on]
        if not said.each:
            board = _dashboard(site, name, said, None)
            yield Declared(part=part, component=component, arguments=board)
        for service in said.each:
            board = _dashboard(site, name, said, service)
            yield Declared(part=f"{part}.{service}", component=component, arguments=board)


def _dashboard(site: Site, name: str, said: SaidDashboard, service: str | None) -> Dashboard:
    signals = site.platform.signals
    return Dashboard(
        uid=site.name(name, service) if service else site.name(name),
        title=f"{said.title}: {site.title(service)}" if service else said.title,
        service=service,
        metrics=tuple(metric(site, one, signals[one]) for one in said.shows if one in signals),
        objectives=tuple(site.name(one) for one in said.shows if one in site.platform.objectives),
        panels=tuple(map(str, said.panels)),
        refresh=seconds(said.refresh),
        push=said.push,
        public=said.for_ is Audience.EVERYBODY,
    )


def access(site: Site) -> Iterator[Declared]:
    """Give roles, keys, and how people log in."""
    said = site.platform.access
    for name, role in said.roles.items():
        arguments = Role(
            name=site.name(name),
            who=recipients(site, role.who),
            may=tuple(map(str, role.may)),
            severities=role.severities or tuple(site.platform.severities),
        )
        yield Declared(
            part=f"access.roles.{name}", component=Component.GRAFANA, arguments=arguments
        )
    for name, key in said.keys.items():
        yield Declared(
            part=f"access.keys.{name}",
            component=Component.APPLICATION_SDK
            if _METRICS.issuperset(key.may)
            else Component.MONITORING_WORKER,
            arguments=Key(name=site.name(name), key=key.key, may=tuple(map(str, key.may))),
        )
    if said.oauth:
        yield Declared(
            part="access.oauth",
            component=Component.GRAFANA,
            arguments=LogIn(
                name=site.prefix,
                issuer=said.oauth.issuer,
                client=said.oauth.client,
                secret=said.oauth.secret,
                domains=said.oauth.domains,
            ),
        )
    if said.public:
        page = StatusPage(name=site.prefix, public=True)
        yield Declared(part="access.public", component=Component.MONITORING_WORKER, arguments=page)
