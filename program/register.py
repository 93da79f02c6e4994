"""From the arguments of a stack to its components."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulumi import Output, ResourceOptions

from components.cloudflare.health_checks import HealthChecks, HealthChecksArgs
from components.cloudflare.monitoring_worker import MonitoringWorker, MonitoringWorkerArgs
from components.cloudflare.notifications import Notifications, NotificationsArgs
from components.cloudflare.provider import cloudflare_provider
from components.grafana.contact_point import ContactPoint, ContactPointArgs
from components.grafana.dashboard import Dashboard, DashboardArgs
from components.grafana.data_source import DataSource, DataSourceArgs
from components.grafana.folder import Folder, FolderArgs
from components.grafana.message_template import MessageTemplate, MessageTemplateArgs
from components.grafana.mute_timing import MuteTiming, MuteTimingArgs
from components.grafana.notification_policy import NotificationPolicy, NotificationPolicyArgs
from components.grafana.provider import grafana_provider
from components.grafana.rule_group import RuleGroup, RuleGroupArgs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from belfry import arguments
    from program.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """What a stack tells about itself when everything is made."""

    worker: Output[str]
    """Address of the monitoring Worker."""
    dashboards: Mapping[str, Output[str]]
    """uids of the dashboards, by title, in the stack's order."""


def register(
    stack: arguments.Stack,
    *,
    settings: Settings,
    worker_url: str,
    secrets: Mapping[str, Output[str]],
) -> Registered:
    """Register every component of a stack.

    Args:
        stack: what the core compiled.
        settings: which accounts it goes to.
        worker_url: the address that the monitoring Worker will have.
        secrets: values of the stack's secrets by name.

    """
    name = f"{stack.platform}-{stack.environment}"
    localcloud = settings.localcloud.address.url if settings.localcloud else None
    options = ResourceOptions(
        providers=[
            cloudflare_provider("cloudflare", localcloud=localcloud),
            grafana_provider("grafana", localcloud=localcloud),
        ]
    )
    health_checks = HealthChecks(
        name, HealthChecksArgs(zone_id=settings.zone, checks=stack.health_checks), options
    )
    worker = MonitoringWorker(
        stack.worker.script,
        MonitoringWorkerArgs(
            account_id=settings.account, worker=stack.worker, url=worker_url, secrets=secrets
        ),
        options,
    )
    Notifications(
        name,
        NotificationsArgs(
            account_id=settings.account,
            notifications=stack.notifications,
            worker_url=worker.url,
            health_check_ids=health_checks.ids,
            secrets=secrets,
        ),
        options,
    )
    dashboards = _register_grafana(stack.grafana, name, worker.url, secrets, options)
    return Registered(worker=worker.url, dashboards=dashboards)


def _register_grafana(
    grafana: arguments.Grafana,
    name: str,
    worker_url: Output[str],
    secrets: Mapping[str, Output[str]],
    options: ResourceOptions,
) -> Mapping[str, Output[str]]:
    folder = Folder(grafana.folder.uid, FolderArgs(folder=grafana.folder), options)
    sources = {
        one.uid: DataSource(one.uid, DataSourceArgs(data_source=one), options).uid
        for one in grafana.data_sources
    }
    templates = [
        MessageTemplate(one.name, MessageTemplateArgs(template=one), options)
        for one in grafana.message_templates
    ]
    after = ResourceOptions.merge(options, ResourceOptions(depends_on=templates))
    contacts = {
        one.name: ContactPoint(
            one.name,
            ContactPointArgs(contact_point=one, worker_url=worker_url, secrets=secrets),
            after,
        ).contact_point
        for one in grafana.contact_points
    }
    timings = {
        one.name: MuteTiming(one.name, MuteTimingArgs(timing=one), options).timing
        for one in grafana.mute_timings
    }
    if grafana.tree is not None:
        NotificationPolicy(
            name,
            NotificationPolicyArgs(
                tree=grafana.tree, contact_points=contacts, mute_timings=timings
            ),
            options,
        )
    for group in grafana.rule_groups:
        RuleGroup(
            f"{name}-{group.name}",
            RuleGroupArgs(
                group=group,
                folder_uid=folder.uid,
                data_source_uids=sources,
                contact_points=contacts,
                mute_timings=timings,
            ),
            options,
        )
    return {
        one.title: Dashboard(
            one.uid, DashboardArgs(dashboard=one, folder_uid=folder.uid), options
        ).uid
        for one in grafana.dashboards
    }
