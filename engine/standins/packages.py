"""Which stand-ins there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.standins import alerting, cloudflare, grafana, workers
from engine.standins.provider import Package

if TYPE_CHECKING:
    from collections.abc import Mapping

PACKAGES: Mapping[str, Package] = {
    "cloudflare": Package(
        name="cloudflare",
        distribution="pulumi-cloudflare",
        kinds={kind.type: kind for kind in (*cloudflare.KINDS, *workers.KINDS)},
        lookups={
            "cloudflare:index/getWorkersScripts:getWorkersScripts": cloudflare.workers_scripts,
        },
        connect=cloudflare.connect,
    ),
    "grafana": Package(
        name="grafana",
        distribution="pulumiverse-grafana",
        kinds={kind.type: kind for kind in (*grafana.KINDS, *alerting.KINDS)},
        lookups={},
        connect=grafana.connect,
    ),
}
