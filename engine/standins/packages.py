"""Which stand-ins there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.standins import (
    cloudflare,
    cloudflare_access,
    cloudflare_health,
    cloudflare_storage,
    cloudflare_workers,
    cloudflare_zones,
    contact_points,
    folder_permissions,
    grafana,
    grafana_access,
    grafana_alerting,
    grafana_objects,
    grafana_panels,
    notification_policies,
    rule_groups,
    workers,
)
from engine.standins.provider import Package

if TYPE_CHECKING:
    from collections.abc import Mapping

PACKAGES: Mapping[str, Package] = {
    "cloudflare": Package(
        name="cloudflare",
        distribution="pulumi-cloudflare",
        kinds={
            kind.type: kind
            for kind in (
                *cloudflare_access.KINDS,
                *cloudflare_health.KINDS,
                *cloudflare_storage.KINDS,
                *cloudflare_workers.KINDS,
                *cloudflare_zones.KINDS,
                *workers.KINDS,
            )
        },
        lookups={
            "cloudflare:index/getWorkersScripts:getWorkersScripts": (
                cloudflare_workers.workers_scripts
            ),
        },
        connect=cloudflare.connect,
    ),
    "grafana": Package(
        name="grafana",
        distribution="pulumiverse-grafana",
        kinds={
            kind.type: kind
            for kind in (
                *grafana_objects.KINDS,
                *grafana_access.KINDS,
                *grafana_panels.KINDS,
                *grafana_alerting.KINDS,
                folder_permissions.KIND,
                contact_points.KIND,
                notification_policies.KIND,
                rule_groups.KIND,
            )
        },
        lookups={},
        connect=grafana.connect,
    ),
}
