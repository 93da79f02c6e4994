"""Every section of a platform file that may say more than is provisioned, and what compiles it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.declared.alerting import channels, maintenance, routing, severities
from belfry.declared.application import application, rate_limits
from belfry.declared.checks import checks, locations
from belfry.declared.journeys import journeys
from belfry.declared.operations import baseline, cost, exceptions, operations, recovery
from belfry.declared.people import people
from belfry.declared.records import errors, logs, privacy, retention, security, web_vitals
from belfry.declared.rules import objectives, rules, signals
from belfry.declared.server import server
from belfry.declared.services import services
from belfry.declared.site import Site
from belfry.declared.viewing import access, dashboards
from belfry.declared.workers import workers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from belfry.addresses import Addresses
    from belfry.arguments import Declared
    from belfry.language.platform import Platform

SECTIONS: dict[str, Callable[[Site], Iterator[Declared]]] = {
    "severities": severities,
    "people": people,
    "channels": channels,
    "routing": routing,
    "maintenance": maintenance,
    "services": services,
    "locations": locations,
    "checks": checks,
    "journeys": journeys,
    "objectives": objectives,
    "signals": signals,
    "rules": rules,
    "recovery": recovery,
    "application": application,
    "workers": workers,
    "rate-limits": rate_limits,
    "security": security,
    "web-vitals": web_vitals,
    "errors": errors,
    "logs": logs,
    "privacy": privacy,
    "retention": retention,
    "server": server,
    "dashboards": dashboards,
    "access": access,
    "baseline": baseline,
    "operations": operations,
    "cost": cost,
    "exceptions": exceptions,
}
"""In the order of the platform file's types."""
PROVISIONED = ("platform", "title", "team", "environments", "monitoring")
"""Keys of which everything is provisioned."""
JUDGED = ("plans",)
"""Keys that make nothing: they say what `meaning` holds the rest to."""


def declared(
    platform: Platform, environment: str, addresses: Addresses | None = None
) -> tuple[Declared, ...]:
    """Compile what is not provisioned yet, in the order of the platform file.

    Linear in what is said; a platform that says no more than is provisioned costs nearly nothing.

    Args:
        platform: the effective platform of the environment, found to make sense.
        environment: its name.
        addresses: where services are; by default where they really are, and where the platform is
            played on this machine, at an address without a port.

    """
    site = Site(platform, environment, addresses)
    return tuple(part for section in SECTIONS.values() for part in section(site))
