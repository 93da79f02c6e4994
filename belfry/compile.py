"""From a platform to one stack: the arguments of every component, with nothing left to decide.

Pure and linear in the size of the platform; the same input gives the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from belfry import grafana, monitoring_worker
from belfry.addresses import Addresses, LocalAddress, split
from belfry.application import Applied, Unmade, application
from belfry.arguments import Component, Declared, HealthCheck, Stack, StandIn
from belfry.declared import declared
from belfry.declared.alerting import unraised
from belfry.declared.site import Site
from belfry.problems import printed, problem_without_place, suggestion
from belfry.promises import burning
from belfry.provisioned import has_health_checks, requests
from belfry.routes.tree import WATCHDOG
from belfry.routing import secrets_of, secrets_told, united
from belfry.schedule import schedule
from belfry.votes import notifications
from belfry.worker_configuration import Links, configuration

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from belfry.addresses import HttpAddress
    from belfry.arguments import Dashboard
    from belfry.catalogue import Catalogue
    from belfry.language.checks import Check, HttpCheck
    from belfry.language.platform import Platform
    from belfry.promises import Burning
    from belfry.schedule import Turn

__all__ = ["LocalAddress", "Target", "compile_stack", "stand_ins", "worker_url"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a stack's config, not the platform file, says about where things are."""

    workers_subdomain: str | None = None
    """The account's name under workers.dev."""
    localcloud: LocalAddress | None = None
    """Needed by an environment with stand-ins, and taken by no other."""
    grafana_prometheus: str | None = None
    """Where Grafana finds Prometheus, instead of what the environment says."""
    owns_grafana_policy: bool = False
    """The notification policy tree of the Grafana organisation is this stack's."""


def compile_stack(
    platform: Platform,
    *,
    environment: str,
    catalogue: Catalogue,
    worker_code: str,
    dashboards: Sequence[Dashboard],
    target: Target,
) -> Stack:
    """Compile one environment of a platform that `load_platform` found to make sense.

    Raises:
        Problems: there is no such environment, or the target does not say where its Workers are.

    """
    settings = platform.environments.get(environment)
    if settings is None:
        right = suggestion(environment, platform.environments, else_say="add it to the file")
        wrong = f"{platform.platform} has no environment {environment}"
        raise problem_without_place(wrong, right, "environment")
    localcloud = target.localcloud if settings.stand_ins else None
    script = monitoring_worker.script_name(platform, environment)
    worker = _worker_url(script, settings.stand_ins, target)
    prefix = f"{platform.platform}-{environment}"
    addresses = Addresses(platform, environment, localcloud)
    turns = schedule(platform)
    applied = application(platform, catalogue, turns, addresses)
    rules = applied.rules
    health_checks = _health_checks(platform, prefix, environment, turns, addresses)
    links = Links(
        dashboard=dashboard_url(
            f"{localcloud.url}/grafana" if localcloud else settings.grafana, dashboards
        ),
        status=f"{worker}/monitoring/status",
        incident=f"{worker}/monitoring/incidents/${{incident}}",
    )
    text = configuration(
        platform,
        environment=environment,
        turns=turns,
        rules=chain.from_iterable(rules.values()),
        addresses=addresses,
        links=links,
    )
    told = grafana.grafana(
        platform,
        environment,
        rules=rules,
        dashboards=tuple(dashboards),
        prometheus=target.grafana_prometheus or settings.prometheus,
        links=links,
        owns_tree=target.owns_grafana_policy,
    )
    return Stack(
        platform=platform.platform,
        environment=environment,
        pager=settings.paging,
        health_checks=health_checks,
        notifications=notifications(
            platform, prefix, environment, health_checks, chain.from_iterable(rules.values())
        ),
        worker=monitoring_worker.worker(platform, environment, worker_code, text),
        grafana=told,
        stand_ins=stand_ins(platform) if settings.stand_ins else (),
        secrets=united(secrets_of(platform, environment), secrets_told(told.contact_points)),
        declared=_declared(platform, environment, addresses, applied),
    )


def _declared(
    platform: Platform, environment: str, addresses: Addresses, applied: Applied
) -> tuple[Declared, ...]:
    """Give what is not provisioned, with what depends on which rules there are."""
    found = declared(platform, environment, addresses)
    parts = {one.part for one in found}
    rules = chain.from_iterable(applied.rules.values())
    raised = {rule.severity for rule in rules if rule.rule != WATCHDOG}
    more = unraised(Site(platform, environment, addresses), raised)
    promised = burning(platform)
    return (
        *found,
        *(one for one in more if one.part not in parts),
        *(_unmade(one, promised.get(one.set)) for one in applied.unmade),
    )


def _unmade(rule: Unmade, burn: Burning | None) -> Declared:
    part = f"rules.{rule.set}.use.{rule.rule}.{rule.service}"
    if burn is not None:
        part = f"{printed(burn.path)}.{rule.rule}"
    return Declared(part=part, component=Component.MONITORING_WORKER, arguments=rule)


def dashboard_url(grafana: str | None, dashboards: Sequence[Dashboard]) -> str | None:
    """Give the address of the first dashboard, in a Grafana that is at such an address."""
    return f"{grafana.rstrip('/')}/d/{dashboards[0].uid}" if grafana and dashboards else None


def worker_url(stack: Stack, target: Target) -> str:
    """Give the address of a stack's monitoring Worker.

    Raises:
        Problems: the target does not say where the account's Workers are.

    """
    return _worker_url(stack.worker.script, bool(stack.stand_ins), target)


def _worker_url(script: str, stand_ins: bool, target: Target) -> str:
    if stand_ins:
        if target.localcloud is None:
            wrong = "the environment is played on this machine, but nothing says where"
            raise problem_without_place(wrong, "run it with belfry up, or source .belfry/env first")
        return f"{target.localcloud.url}/workers/{script}"
    if not target.workers_subdomain:
        wrong = "the stack does not say under which name the account's Workers are reached"
        right = "set belfry:workersSubdomain, the part before .workers.dev (docs/stacks.md)"
        raise problem_without_place(wrong, right)
    return f"https://{script}.{target.workers_subdomain}.workers.dev"


def _health_checks(
    platform: Platform,
    prefix: str,
    environment: str,
    turns: Mapping[str, Turn],
    addresses: Addresses,
) -> tuple[HealthCheck, ...]:
    """Make one for every check that asks its own service, where the zone has any at all."""
    if not has_health_checks(platform.plans):
        return ()
    regions = tuple(map(str, platform.monitoring.regions))
    return tuple(
        _health_check(
            f"{prefix}-{name}",
            check,
            http,
            turns[name],
            split(addresses.of_check(check, http)),
            description=f"{platform.title_of(check.of)} in {environment}",
            regions=regions,
        )
        for name, check, http in requests(platform)
        if check.through is None
    )


def _health_check(
    name: str,
    check: Check,
    http: HttpCheck,
    turn: Turn,
    address: HttpAddress,
    *,
    description: str,
    regions: tuple[str, ...],
) -> HealthCheck:
    expect = http.expect
    return HealthCheck(
        name=name,
        description=description,
        address=address.host,
        scheme=address.scheme,
        port=address.port,
        path=address.path,
        method="HEAD" if http.method == "HEAD" else "GET",
        expected_codes=tuple(map(str, expect.status)),
        expected_body=expect.body or "",
        interval=turn.every,
        timeout=turn.timeout,
        retries=check.confirmations,
        consecutive_fails=1,
        consecutive_successes=1,
        regions=regions,
    )


def stand_ins(platform: Platform) -> tuple[StandIn, ...]:
    """Play every service; one that a check asks about another tells of it on the check's path."""
    components: dict[str, list[tuple[str, str]]] = {name: [] for name in platform.services}
    for _, check, http in requests(platform):
        if check.through is not None:
            components[check.through].append((http.path.partition("?")[0], check.of))
    return tuple(
        StandIn(
            service=name,
            page=service.is_.is_page,
            needs=service.needs,
            components=tuple(sorted(components[name])),
        )
        for name, service in platform.services.items()
    )
