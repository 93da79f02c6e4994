"""The Worker that probes, judges and pages: what it is made of, in every environment alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.arguments import Expiry, Migration, MonitoringWorker
from belfry.routing import binding, secrets_of

if TYPE_CHECKING:
    from belfry.language.platform import Platform

_COMPATIBILITY_DATE = "2026-06-01"
_COMPATIBILITY_FLAGS = ("nodejs_compat",)
_TICK = "* * * * *"
_UPKEEP = "17 * * * *"
"""Archiving and pruning; not at the full hour, when everybody else's work begins."""
CRONS = (_TICK, _UPKEEP)
_DURABLE_OBJECTS = (("OBSERVATIONS", "Observations"), ("COORDINATOR", "Coordinator"))
_MIGRATIONS = (Migration(tag="v1", new_sqlite_classes=("Observations", "Coordinator")),)


def script_name(platform: Platform, environment: str) -> str:
    """Give the Worker's name in its account."""
    return f"{platform.monitoring.script or f'{platform.platform}-monitoring'}-{environment}"


def worker(platform: Platform, environment: str, code: str, configuration: str) -> MonitoringWorker:
    """Give the Worker of an environment, with everything it stands on, named after it."""
    name = script_name(platform, environment)
    retention = platform.retention
    return MonitoringWorker(
        script=name,
        code=code,
        compatibility_date=_COMPATIBILITY_DATE,
        compatibility_flags=_COMPATIBILITY_FLAGS,
        crons=CRONS,
        configuration=configuration,
        namespace=name,
        bucket=name,
        expiries=(Expiry(name="archive", prefix="", age=retention.archive.whole_seconds),),
        queue=name,
        variables=(
            ("ENVIRONMENT", environment),
            ("LOG_LEVEL", str(platform.environments[environment].log_level)),
            ("PLATFORM", platform.platform),
        ),
        secrets=tuple((binding(secret), secret) for secret in secrets_of(platform, environment)),
        durable_objects=_DURABLE_OBJECTS,
        migrations=_MIGRATIONS,
    )
