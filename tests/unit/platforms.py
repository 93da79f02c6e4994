"""Platforms of any size, made in memory: for tests of size, and for the bench."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from belfry.catalogue import load_catalogue
from belfry.compile import Target, compile_stack
from belfry.loading import load_platform
from tests.unit.shop import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from belfry.arguments import Stack
    from belfry.language.platform import Platform

_OF_A_WORKER = 9
"""Script, cron triggers, namespace, its entry, bucket, lifecycle, queue, consumer, subdomain."""


def chain_of(base: Platform, size: int) -> Platform:
    """Make a platform of `size` services, each needing the next, like another's first one."""
    service = next(iter(base.services.values()))
    check = next(iter(base.checks.values()))
    return replace(
        base,
        services={
            f"service-{i}": replace(service, needs=(f"service-{i + 1}",) if i + 1 < size else ())
            for i in range(size)
        },
        checks={f"check-{i}": replace(check, of=f"service-{i}") for i in range(size)},
    )


def generated(size: int) -> Callable[[], int]:
    """Give a function that compiles a platform of `size` services and counts its resources."""
    catalogue = load_catalogue()
    platform = chain_of(load_platform(ROOT / "platforms" / "example.yaml"), size)

    def compile_once() -> int:
        stack = compile_stack(
            platform,
            environment="prod",
            catalogue=catalogue,
            worker_code="export default {};",
            dashboards=(),
            target=Target(workers_subdomain="example"),
        )
        return resources_of(stack)

    return compile_once


def resources_of(stack: Stack) -> int:
    """Count what a provider will be asked to make for a stack."""
    grafana = stack.grafana
    of_grafana = (
        grafana.data_sources,
        grafana.dashboards,
        grafana.contact_points,
        grafana.rule_groups,
    )
    of_events = (stack.notifications.destinations, stack.notifications.policies)
    listed = (stack.health_checks, *of_events, *of_grafana)
    return sum(map(len, listed)) + _OF_A_WORKER + len([grafana.folder])
