"""What one stack holds, compiled from a platform: the arguments of every component.

Plain frozen values. No Pulumi, no clock, no file: `belfry.compile` makes them, `components`
register them, tests and `belfry plan` read them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """The name of a secret. Its value is known to the shell alone."""

    name: str


class Pager(StrEnum):
    """Who wakes people in an environment."""

    WORKER = "worker"
    PROMETHEUS = "prometheus"
    GRAFANA = "grafana"
    SHADOW = "shadow"


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthCheck:
    """One Cloudflare health check of an HTTP address."""

    name: str
    description: str
    address: str
    """Host name or IP address, without scheme and port."""
    scheme: Literal["HTTP", "HTTPS"]
    port: int
    path: str
    method: Literal["GET", "HEAD"]
    expected_codes: tuple[str, ...]
    expected_body: str
    """A part of the body that must be there; empty: any body."""
    interval: int
    """Seconds."""
    timeout: int
    """Seconds."""
    retries: int
    consecutive_fails: int
    consecutive_successes: int
    regions: tuple[str, ...]
    """Cloudflare's names, such as WNAM; in the order they are sent, which the provider compares."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookDestination:
    """Where Cloudflare delivers its own notifications."""

    name: str
    path: str
    """Path on the monitoring Worker, such as /alerts/vote."""
    secret: Secret
    """Sent by Cloudflare in the header cf-webhook-auth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationPolicy:
    """One of Cloudflare's events, delivered to the destinations of the same component."""

    name: str
    description: str
    alert_type: str
    health_checks: tuple[str, ...] = ()
    """Names of HealthCheck: the policy is about these; empty: about all that the type covers."""
    statuses: tuple[str, ...] = ()
    """For example Unhealthy, Healthy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notifications:
    """Cloudflare's own events and where they go."""

    destinations: tuple[WebhookDestination, ...]
    policies: tuple[NotificationPolicy, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiry:
    """Objects under a prefix are deleted after an age."""

    name: str
    prefix: str
    age: int
    """Seconds; Cloudflare takes whole days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One step in the life of a Worker's Durable Object classes. Never changed once released."""

    tag: str
    new_sqlite_classes: tuple[str, ...] = ()
    deleted_classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringWorker:
    """The Worker that probes, judges and pages, with everything it stands on."""

    script: str
    """Script name, unique in the account; environment included."""
    code: str
    """The bundled ES module."""
    compatibility_date: str
    compatibility_flags: tuple[str, ...]
    crons: tuple[str, ...]
    configuration: str
    """JSON text that the Worker reads from KV under the key `config` (worker/README.md)."""
    namespace: str
    """Title of the KV namespace."""
    bucket: str
    """Name of the R2 bucket that keeps the archive."""
    expiries: tuple[Expiry, ...]
    queue: str
    """Name of the queue that carries shards of checks."""
    variables: tuple[tuple[str, str], ...]
    """Plain text bindings, name and value, such as ENVIRONMENT and LOG_LEVEL."""
    secrets: tuple[tuple[str, Secret], ...]
    """Secret bindings: name inside the Worker, and the secret."""
    durable_objects: tuple[tuple[str, str], ...]
    """Binding name and class name."""
    migrations: tuple[Migration, ...]
    """Oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A Grafana folder. Its uid holds a letter: one of digits alone cannot be read back."""

    uid: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSource:
    """A Grafana data source."""

    uid: str
    name: str
    type: Literal["prometheus", "loki"]
    url: str
    default: bool
    settings: tuple[tuple[str, str | int | bool], ...] = ()
    """Keys of Grafana's jsonData."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dashboard:
    """A Grafana dashboard: its JSON model as text, with a stable uid inside."""

    uid: str
    title: str
    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackContact:
    """A Slack incoming webhook."""

    webhook: Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class PagerDutyContact:
    """A PagerDuty service, by its integration key."""

    key: Secret
    severity: Literal["critical", "error", "warning", "info"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailContact:
    """Mail, sent by Grafana's own SMTP settings."""

    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookContact:
    """An HTTP endpoint; the secret goes into the Authorization header."""

    url: str
    """Absolute, or a path on the monitoring Worker when it starts with a slash."""
    secret: Secret | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPoint:
    """Whom Grafana tells."""

    name: str
    contact: SlackContact | PagerDutyContact | EmailContact | WebhookContact


class NoData(StrEnum):
    """What Grafana makes of a rule whose query returns nothing, or fails."""

    ALERTING = "Alerting"
    NO_DATA = "NoData"
    OK = "OK"
    KEEP_LAST = "KeepLast"


@dataclass(frozen=True, slots=True, kw_only=True)
class GrafanaRule:
    """One Grafana-managed alert rule: a query, reduced to its last value, against a threshold."""

    uid: str
    title: str
    data_source: str
    """uid of a DataSource."""
    expression: str
    """PromQL, instant."""
    comparison: Literal["gt", "lt"]
    limit: float
    window: int
    """Seconds that the query looks back; relativeTimeRange.from."""
    hold: int
    """`for`, seconds."""
    no_data: NoData
    error: NoData
    labels: tuple[tuple[str, str], ...]
    annotations: tuple[tuple[str, str], ...]
    contact_point: str
    """Name of a ContactPoint of the same stack."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleGroup:
    """One rule set in Grafana. Rules keep their order; new ones are appended."""

    name: str
    folder: str
    """uid of the Folder."""
    interval: int
    """Seconds, a positive multiple of 10."""
    rules: tuple[GrafanaRule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grafana:
    """Everything in Grafana."""

    folder: Folder
    data_sources: tuple[DataSource, ...]
    dashboards: tuple[Dashboard, ...]
    contact_points: tuple[ContactPoint, ...]
    rule_groups: tuple[RuleGroup, ...]


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
