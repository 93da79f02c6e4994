"""Workers: the Workers of the monitoring, one a role, and what each stands on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from belfry.arguments import Secret
from belfry.forms import PathPattern, Script, UrlPath, Variable
from belfry.shapes import Says
from belfry.values.cron import Cron


class Role(StrEnum):
    """What a Worker beside the monitoring Worker itself does."""

    LOGS = "logs"
    APM = "apm"
    INFRA = "infra"
    ALERTS = "alerts"
    SECURITY = "security"
    DASHBOARD = "dashboard"


class LogLevel(StrEnum):
    """How much is written to a log."""

    DEBUG = "debug"
    INFO = "info"
    WARN = "warn"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """A Worker of the monitoring, with its bindings; names get the environment's added."""

    role: Annotated[Role, Says("What it does.", "logs")]
    script: Annotated[Script, Says("Its name at Cloudflare.", "pitchey-logs")]
    crons: Annotated[tuple[Cron, ...], Says("When it is woken; UTC.", '["*/5 * * * *"]')] = ()
    kv: Annotated[
        Mapping[Variable, Script], Says("KV namespaces, by binding.", "STATE: pitchey-state")
    ] = field(default_factory=dict)
    r2: Annotated[
        Mapping[Variable, Script], Says("R2 buckets, by binding.", "LOGS: pitchey-monitoring-logs")
    ] = field(default_factory=dict)
    durable_objects: Annotated[
        Mapping[Variable, str], Says("Classes of Durable Objects, by binding.", "METRICS: Metrics")
    ] = field(default_factory=dict)
    queues: Annotated[
        Mapping[Variable, Script], Says("Queues, by binding.", "SHARDS: pitchey-shards")
    ] = field(default_factory=dict)
    analytics: Annotated[
        Mapping[Variable, Script],
        Says("Datasets of Analytics Engine, by binding.", "METRICS: pitchey-metrics"),
    ] = field(default_factory=dict)
    variables: Annotated[
        Mapping[Variable, str], Says("Plain variables.", "SERVICE: pitchey-logs")
    ] = field(default_factory=dict)
    secrets: Annotated[
        Mapping[Variable, Secret], Says("Secret variables.", "INGEST_KEY: secret:ingest-key")
    ] = field(default_factory=dict)
    log_level: Annotated[
        LogLevel | None, Says("What it logs; otherwise the environment's.", "info")
    ] = None
    serves: Annotated[tuple[UrlPath, ...], Says("Paths that it answers.", "[/logs/ingest]")] = ()
    routes: Annotated[
        tuple[PathPattern, ...],
        Says("Paths of the platform's domain that lead to it.", "[/monitoring/*]"),
    ] = ()
