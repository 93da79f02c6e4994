"""Plans: what is paid for, and so how much of it there is."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from belfry.scalars import Bounds
from belfry.shapes import Says
from belfry.values.duration import Duration


class CloudflarePlan(StrEnum):
    """Plans of a zone at Cloudflare."""

    FREE = "free"
    PRO = "pro"
    BUSINESS = "business"
    ENTERPRISE = "enterprise"


class WorkersPlan(StrEnum):
    """Plans for Workers at Cloudflare."""

    FREE = "free"
    PAID = "paid"


class GrafanaPlan(StrEnum):
    """Where Grafana runs, and under which plan."""

    OWN = "own"
    CLOUD_FREE = "cloud-free"
    CLOUD_PRO = "cloud-pro"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plans:
    """What is paid for. Limits that change with it are checked before anything is provisioned."""

    cloudflare: Annotated[
        CloudflarePlan,
        Says("The zone's plan; free has no health checks, so the Worker alone asks.", "pro"),
    ] = CloudflarePlan.PRO
    workers: Annotated[WorkersPlan, Says("The plan for Workers.", "paid")] = WorkersPlan.PAID
    grafana: Annotated[GrafanaPlan, Says("Where Grafana runs.", "own")] = GrafanaPlan.OWN
    health_checks: Annotated[
        int | None,
        Bounds(0, 10_000),
        Says("Health checks that the zone may have, if not what the plan says; 0: none.", "10"),
    ] = None
    health_check_interval: Annotated[
        Duration | None, Says("The shortest interval of one, if not what the plan says.", "60s")
    ] = None
    crons: Annotated[
        int | None,
        Bounds(0, 10_000),
        Says("Cron triggers that the account may have, if not what the plan says.", "5"),
    ] = None
