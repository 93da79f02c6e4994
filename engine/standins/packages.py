"""Which stand-ins there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.standins import (
    cloudflare,
    cloudflare_kinds,
    contact_points,
    grafana,
    grafana_objects,
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
        kinds={kind.type: kind for kind in (*cloudflare_kinds.KINDS, *workers.KINDS)},
        lookups={
            "cloudflare:index/getWorkersScripts:getWorkersScripts": (
                cloudflare_kinds.workers_scripts
            ),
        },
        connect=cloudflare.connect,
    ),
    "grafana": Package(
        name="grafana",
        distribution="pulumiverse-grafana",
        kinds={
            kind.type: kind
            for kind in (*grafana_objects.KINDS, contact_points.KIND, rule_groups.KIND)
        },
        lookups={},
        connect=grafana.connect,
    ),
}
