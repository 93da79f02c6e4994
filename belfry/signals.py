"""What can be measured, under which metric name, in which unit, and who measures it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """What a signal's numbers count; limits on it are written in the same."""

    TRUTH = "truth"
    """1 is well, 0 is not."""
    SECONDS = "seconds"


class Source(StrEnum):
    """Who measures."""

    MONITORING_WORKER = "monitoring-worker"
    """Its probes; GET /monitoring/metrics gives them to Prometheus."""


class SignalName(StrEnum):
    """The signals that there are."""

    PROBE_UP = "probe_up"
    PROBE_SECONDS = "probe_seconds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One measurement of a service, per check."""

    metric: str
    """Its name in Prometheus, with labels service and check."""
    unit: Unit
    source: Source
    says: str
    absent: str
    """When there is no value, and what that means."""


SIGNALS = {
    SignalName.PROBE_UP: Signal(
        metric="belfry_probe_up",
        unit=Unit.TRUTH,
        source=Source.MONITORING_WORKER,
        says="Whether the last probe got the answer that its check expects.",
        absent="Nothing was probed, or the service that was asked about this one is itself down.",
    ),
    SignalName.PROBE_SECONDS: Signal(
        metric="belfry_probe_seconds",
        unit=Unit.SECONDS,
        source=Source.MONITORING_WORKER,
        says="How long the last answer took, to its last byte.",
        absent="No answer came; whether that is trouble is for probe_up to say.",
    ),
}
