"""What one stack holds, compiled from a platform: the arguments of every component."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from belfry.arguments.alert_routing import MessageTemplate, MuteTiming, NotificationTree
    from belfry.arguments.alert_rules import RuleGroup
    from belfry.arguments.boards import Dashboard, DataSource
    from belfry.arguments.contact_points import ContactPoint
    from belfry.arguments.folders import Folder
    from belfry.arguments.health_checks import HealthCheck
    from belfry.arguments.monitoring_worker import MonitoringWorker
    from belfry.arguments.notifications import Notifications
    from belfry.arguments.secret import Secret


class Pager(StrEnum):
    """Who wakes people in an environment."""

    WORKER = "worker"
    PROMETHEUS = "prometheus"
    GRAFANA = "grafana"
    SHADOW = "shadow"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grafana:
    """Everything in Grafana."""

    folder: Folder
    data_sources: tuple[DataSource, ...]
    dashboards: tuple[Dashboard, ...]
    contact_points: tuple[ContactPoint, ...]
    message_templates: tuple[MessageTemplate, ...]
    mute_timings: tuple[MuteTiming, ...]
    rule_groups: tuple[RuleGroup, ...]
    tree: NotificationTree | None
    """The organisation's one; None: it is not this stack's, and is left alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandIn:
    """How a service of the platform is played on this machine, where there is no platform."""

    service: str
    page: bool
    """True: answers HTML, as a front end does; False: JSON health."""
    needs: tuple[str, ...]
    components: tuple[tuple[str, str], ...]
    """Path, and the needed service whose health it tells, such as /api/health/db, database."""


class Component(StrEnum):
    """What will take the arguments of a declared part."""

    MONITORING_WORKER = "monitoring Worker"
    CLOUDFLARE = "Cloudflare"
    GRAFANA = "Grafana"
    ALERTMANAGER = "Alertmanager"
    SERVER_STACK = "server stack"
    APPLICATION_SDK = "application SDK"
    OPERATIONS = "operations"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A part of the platform that is compiled, and not provisioned yet."""

    part: str
    """Where it stands in the platform file, such as journeys.sign-up."""
    component: Component
    arguments: DataclassInstance
    """One of the frozen dataclasses of `belfry.declared`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """Everything one stack holds."""

    platform: str
    environment: str
    pager: Pager
    health_checks: tuple[HealthCheck, ...]
    notifications: Notifications
    worker: MonitoringWorker
    grafana: Grafana
    stand_ins: tuple[StandIn, ...]
    """Only for an environment that is played on this machine; otherwise empty."""
    secrets: tuple[Secret, ...]
    """Every secret that any part above names, sorted, once each."""
    declared: tuple[Declared, ...]
    """What is compiled and not provisioned yet; the secrets that it names are not needed yet."""
