"""What of a platform this release provisions; the rest is declared (belfry/declared/).

The one place that decides it: the compiler leaves out what is not made here, `declared` lists it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.language.plans import CloudflarePlan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from belfry.language.checks import Check, HttpCheck
    from belfry.language.plans import Plans
    from belfry.language.platform import Platform

_METHODS = ("GET", "HEAD")
TOLD = frozenset(
    {
        "dos_attack_l7",
        "incident_alert",
        "maintenance_event_notification",
        "real_origin_monitoring",
        "tunnel_health_event",
        "tunnel_update_event",
        "universal_ssl_event_type",
        "web_analytics_metrics_update",
    }
)
"""Events of Cloudflare's that need neither a plan nor a filter."""


def is_made(check: Check) -> bool:
    """Say whether the monitoring Worker makes this check: a request that needs no secret."""
    http = check.http
    return http is not None and http.method in _METHODS and not http.secrets and http.body is None


def has_health_checks(plans: Plans) -> bool:
    """Say whether the zone has health checks; without, the monitoring Worker alone asks."""
    if plans.health_checks is not None:
        return plans.health_checks > 0
    return plans.cloudflare is not CloudflarePlan.FREE


def requests(platform: Platform) -> Iterator[tuple[str, Check, HttpCheck]]:
    """Give the checks that are made: name, check and its request, in the platform's order."""
    for name, check in platform.checks.items():
        if check.http is not None and is_made(check):
            yield name, check, check.http


def watched(platform: Platform) -> frozenset[str]:
    """Give the services that a check which is made is about."""
    return frozenset(check.of for _, check, _ in requests(platform))
