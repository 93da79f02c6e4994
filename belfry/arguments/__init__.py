"""What one stack holds, compiled from a platform: the arguments of every component.

Plain frozen values, one module a family. No Pulumi, no clock, no file: `belfry.compile` makes them,
`components` register them, tests and `belfry plan` read them. What a provider would notice too late
or never is refused when a value is made.

Here stand the names that a stack is made of. A module is imported when one of its names is asked
for: a check of a platform file needs two of them, and pays for no more. Families that no stack
holds yet are taken from their modules.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from belfry.arguments.alert_filters import Filter
    from belfry.arguments.alert_routing import (
        AlertRoute,
        AlertTimes,
        Interval,
        Match,
        MuteTiming,
        NotificationTree,
    )
    from belfry.arguments.alert_rules import GrafanaRule, NoData, RuleGroup
    from belfry.arguments.alert_types import AlertType
    from belfry.arguments.boards import Dashboard, DataSource
    from belfry.arguments.contact_points import (
        ContactPoint,
        DiscordContact,
        EmailContact,
        Integration,
        PagerDutyContact,
        SlackContact,
        TeamsContact,
        WebhookContact,
    )
    from belfry.arguments.folders import Folder
    from belfry.arguments.health_checks import HealthCheck
    from belfry.arguments.migrations import Migration
    from belfry.arguments.monitoring_worker import MonitoringWorker
    from belfry.arguments.notifications import (
        NotificationPolicy,
        Notifications,
        WebhookDestination,
    )
    from belfry.arguments.secret import Secret
    from belfry.arguments.stack import Component, Declared, Grafana, Pager, Stack, StandIn
    from belfry.arguments.storage import Expiry

__all__ = [
    "AlertRoute",
    "AlertTimes",
    "AlertType",
    "Component",
    "ContactPoint",
    "Dashboard",
    "DataSource",
    "Declared",
    "DiscordContact",
    "EmailContact",
    "Expiry",
    "Filter",
    "Folder",
    "Grafana",
    "GrafanaRule",
    "HealthCheck",
    "Integration",
    "Interval",
    "Match",
    "Migration",
    "MonitoringWorker",
    "MuteTiming",
    "NoData",
    "NotificationPolicy",
    "NotificationTree",
    "Notifications",
    "Pager",
    "PagerDutyContact",
    "RuleGroup",
    "Secret",
    "SlackContact",
    "Stack",
    "StandIn",
    "TeamsContact",
    "WebhookContact",
    "WebhookDestination",
]

_MODULES = {
    "alert_filters": ("Filter",),
    "alert_routing": (
        "AlertRoute",
        "AlertTimes",
        "Interval",
        "Match",
        "MuteTiming",
        "NotificationTree",
    ),
    "alert_rules": ("GrafanaRule", "NoData", "RuleGroup"),
    "alert_types": ("AlertType",),
    "boards": ("Dashboard", "DataSource"),
    "contact_points": (
        "ContactPoint",
        "Integration",
        "DiscordContact",
        "EmailContact",
        "PagerDutyContact",
        "SlackContact",
        "TeamsContact",
        "WebhookContact",
    ),
    "folders": ("Folder",),
    "health_checks": ("HealthCheck",),
    "migrations": ("Migration",),
    "monitoring_worker": ("MonitoringWorker",),
    "notifications": ("NotificationPolicy", "Notifications", "WebhookDestination"),
    "secret": ("Secret",),
    "stack": ("Component", "Declared", "Grafana", "Pager", "Stack", "StandIn"),
    "storage": ("Expiry",),
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> object:
    """Import the module of a name when it is asked for first."""
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    value: object = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
