"""Arguments made by hand, one of each component, whose names carry an environment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from pulumi import ComponentResource, Output, ResourceOptions

from belfry import arguments
from belfry.arguments import NoData, Secret
from components.cloudflare.health_checks import HealthChecks, HealthChecksArgs
from components.cloudflare.monitoring_worker import MonitoringWorker, MonitoringWorkerArgs
from components.cloudflare.notifications import Notifications, NotificationsArgs
from components.grafana.contact_point import ContactPoint, ContactPointArgs
from components.grafana.dashboard import Dashboard, DashboardArgs
from components.grafana.data_source import DataSource, DataSourceArgs
from components.grafana.folder import Folder, FolderArgs
from components.grafana.rule_group import RuleGroup, RuleGroupArgs

ACCOUNT = "a" * 32
ZONE = "b" * 32
WORKER_URL = "https://shop.example"
SECRET_VALUE = "correct-horse-battery-staple"


class Builds(Protocol):
    """Registers a component, for an environment."""

    def __call__(
        self, environment: str, opts: ResourceOptions | None = None
    ) -> ComponentResource: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One component, ready to be registered, and the types of the children that it then has."""

    component: type[ComponentResource]
    args: type
    build: Builds
    """Registers it."""
    children: tuple[str, ...]
    secrets: int = 0
    """How many secret values its children take."""

    @property
    def type(self) -> str:
        """The component's type token."""
        provider = self.component.__module__.split(".")[1]
        return f"belfry:{provider}:{self.component.__name__}"


def secret(name: str) -> dict[str, Output[str]]:
    return {name: Output.secret(f"{SECRET_VALUE}-{name}")}


def health_checks(environment: str, opts: ResourceOptions | None = None) -> ComponentResource:
    check = arguments.HealthCheck(
        name=f"shop-{environment}-api",
        description="The API",
        address="api.shop.example",
        scheme="HTTPS",
        port=443,
        path="/health",
        method="GET",
        expected_codes=("200",),
        expected_body="healthy",
        interval=60,
        timeout=10,
        retries=2,
        consecutive_fails=1,
        consecutive_successes=1,
        regions=("WNAM", "WEU"),
    )
    return HealthChecks(
        f"shop-{environment}", HealthChecksArgs(zone_id=ZONE, checks=(check,)), opts
    )


def notifications(environment: str, opts: ResourceOptions | None = None) -> ComponentResource:
    destination = arguments.WebhookDestination(
        name=f"shop-{environment}-vote", path="/alerts/vote", secret=Secret(name="vote")
    )
    policy = arguments.NotificationPolicy(
        name=f"shop-{environment}-health",
        description="What the health checks see",
        alert_type="health_check_status_notification",
        health_checks=("api",),
        statuses=("Unhealthy",),
    )
    return Notifications(
        f"shop-{environment}",
        NotificationsArgs(
            account_id=ACCOUNT,
            notifications=arguments.Notifications(destinations=(destination,), policies=(policy,)),
            worker_url=WORKER_URL,
            health_check_ids={"api": "0123"},
            secrets=secret("vote"),
        ),
        opts,
    )


def worker_values(environment: str) -> arguments.MonitoringWorker:
    name = f"shop-monitoring-{environment}"
    return arguments.MonitoringWorker(
        script=name,
        code="export default {};",
        compatibility_date="2026-06-01",
        compatibility_flags=("nodejs_compat",),
        crons=("* * * * *",),
        configuration='{"version":1}',
        namespace=name,
        bucket=name,
        expiries=(arguments.Expiry(name="archive", prefix="", age=86_401),),
        queue=name,
        variables=(("ENVIRONMENT", environment),),
        secrets=(("SECRET_SLACK", Secret(name="slack")), ("SECRET_VOTE", Secret(name="vote"))),
        durable_objects=(("COORDINATOR", "Coordinator"),),
        migrations=(arguments.Migration(tag="v1", new_sqlite_classes=("Coordinator",)),),
    )


def monitoring_worker(environment: str, opts: ResourceOptions | None = None) -> ComponentResource:
    values = worker_values(environment)
    return MonitoringWorker(
        values.script,
        MonitoringWorkerArgs(
            account_id=ACCOUNT,
            worker=values,
            url=WORKER_URL,
            secrets={**secret("slack"), **secret("vote")},
        ),
        opts,
    )


def folder(environment: str, opts: ResourceOptions | None = None) -> ComponentResource:
    name = f"shop-{environment}"
    return Folder(
        name, FolderArgs(folder=arguments.Folder(uid=name, title=f"Shop {environment}")), opts
    )


def data_source(environment: str, opts: ResourceOptions | None = None) -> ComponentResource:
    name = f"shop-{environment}-prometheus"
    values = arguments.DataSource(
        uid=name,
        name=name,
        type="prometheus",
        url="http://127.0.0.1:9090",
        default=False,
        settings=(("timeInterval", "60s"), ("httpMethod", "POST")),
    )
    return DataSource(name, DataSourceArgs(data_source=values), opts)


def dashboard(environment: str, opts: ResourceOptions | None = None) -> ComponentResource:
    name = f"shop-{environment}-overview"
    values = arguments.Dashboard(uid=name, title=name, model=f'{{"uid":"{name}"}}')
    return Dashboard(name, DashboardArgs(dashboard=values, folder_uid=f"shop-{environment}"), opts)


def contact_point(
    contact: arguments.SlackContact
    | arguments.PagerDutyContact
    | arguments.EmailContact
    | arguments.WebhookContact,
) -> Builds:
    def build(environment: str, opts: ResourceOptions | None = None) -> ComponentResource:
        name = f"shop-{environment}-people"
        return ContactPoint(
            name,
            ContactPointArgs(
                contact_point=arguments.ContactPoint(name=name, contact=contact),
                worker_url=WORKER_URL,
                secrets=secret("people"),
            ),
            opts,
        )

    return build


def rule(number: int) -> arguments.GrafanaRule:
    return arguments.GrafanaRule(
        uid=f"WorkerDown-{number}",
        title=f"WorkerDown {number}",
        data_source="prometheus",
        expression='min by (service) (belfry_probe_up{service="api"})',
        comparison="lt",
        limit=1.0,
        window=600,
        hold=5400,
        no_data=NoData.ALERTING,
        error=NoData.KEEP_LAST,
        labels=(("severity", "P0"),),
        annotations=(("summary", "The API does not answer"),),
        contact_point="people",
    )


def rule_group(environment: str, opts: ResourceOptions | None = None) -> ComponentResource:
    values = arguments.RuleGroup(
        name="edge", folder=f"shop-{environment}", interval=60, rules=(rule(1), rule(2))
    )
    return RuleGroup(
        f"shop-{environment}-edge",
        RuleGroupArgs(
            group=values,
            folder_uid=f"shop-{environment}",
            data_source_uids={"prometheus": f"shop-{environment}-prometheus"},
            contact_points={"people": f"shop-{environment}-people"},
        ),
        opts,
    )


def _contact_case(
    contact: arguments.SlackContact
    | arguments.PagerDutyContact
    | arguments.EmailContact
    | arguments.WebhookContact,
    *,
    secrets: int,
) -> Case:
    return Case(
        component=ContactPoint,
        args=ContactPointArgs,
        build=contact_point(contact),
        children=("grafana:alerting/contactPoint:ContactPoint",),
        secrets=secrets,
    )


_PEOPLE = Secret(name="people")

CASES = {
    "health checks": Case(
        component=HealthChecks,
        args=HealthChecksArgs,
        build=health_checks,
        children=("cloudflare:index/healthcheck:Healthcheck",),
    ),
    "notifications": Case(
        component=Notifications,
        args=NotificationsArgs,
        build=notifications,
        children=(
            "cloudflare:index/notificationPolicy:NotificationPolicy",
            "cloudflare:index/notificationPolicyWebhooks:NotificationPolicyWebhooks",
        ),
        secrets=1,
    ),
    "monitoring worker": Case(
        component=MonitoringWorker,
        args=MonitoringWorkerArgs,
        build=monitoring_worker,
        children=(
            "cloudflare:index/queue:Queue",
            "cloudflare:index/queueConsumer:QueueConsumer",
            "cloudflare:index/r2Bucket:R2Bucket",
            "cloudflare:index/r2BucketLifecycle:R2BucketLifecycle",
            "cloudflare:index/workersCronTrigger:WorkersCronTrigger",
            "cloudflare:index/workersKv:WorkersKv",
            "cloudflare:index/workersKvNamespace:WorkersKvNamespace",
            "cloudflare:index/workersScript:WorkersScript",
            "cloudflare:index/workersScriptSubdomain:WorkersScriptSubdomain",
        ),
        secrets=2,
    ),
    "folder": Case(
        component=Folder,
        args=FolderArgs,
        build=folder,
        children=("grafana:oss/folder:Folder",),
    ),
    "data source": Case(
        component=DataSource,
        args=DataSourceArgs,
        build=data_source,
        children=("grafana:oss/dataSource:DataSource",),
    ),
    "dashboard": Case(
        component=Dashboard,
        args=DashboardArgs,
        build=dashboard,
        children=("grafana:oss/dashboard:Dashboard",),
    ),
    "Slack contact": _contact_case(arguments.SlackContact(webhook=_PEOPLE), secrets=1),
    "PagerDuty contact": _contact_case(
        arguments.PagerDutyContact(key=_PEOPLE, severity="critical"), secrets=1
    ),
    "mail contact": _contact_case(
        arguments.EmailContact(addresses=("on-call@shop.example",)), secrets=0
    ),
    "webhook contact": _contact_case(
        arguments.WebhookContact(url="https://hooks.shop.example/x", secret=_PEOPLE), secrets=1
    ),
    "webhook contact on the Worker": _contact_case(
        arguments.WebhookContact(url="/alerts/vote"), secrets=0
    ),
    "rule group": Case(
        component=RuleGroup,
        args=RuleGroupArgs,
        build=rule_group,
        children=("grafana:alerting/ruleGroup:RuleGroup",),
    ),
}
