"""Signals: what is measured, and where each measurement comes from."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from belfry.forms import MetricName, Reference
from belfry.shapes import Says


class Source(StrEnum):
    """What measures."""

    SDK = "sdk"
    CLOUDFLARE = "cloudflare"
    BLACKBOX = "blackbox"
    NODE = "node"
    POSTGRES = "postgres"
    REDIS = "redis"
    RABBITMQ = "rabbitmq"
    ELASTICSEARCH = "elasticsearch"
    NGINX = "nginx"
    WORKER = "worker"
    BROWSER = "browser"


class MetricKind(StrEnum):
    """How values become one over time."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"
    SUMMARY = "summary"


class Measure(StrEnum):
    """What a value counts; limits on it are written so."""

    SECONDS = "seconds"
    SHARE = "share"
    BYTES = "bytes"
    COUNT = "count"
    NUMBER = "number"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """Something that is measured of services."""

    says: Annotated[str, Says("What it tells.", "Requests that were answered")]
    from_: Annotated[
        tuple[Source, ...],
        Says("What measures it; the first is believed.", "sdk", one_or_more=True),
    ]
    of: Annotated[
        tuple[Reference, ...], Says("The services that it is known of.", "api", one_or_more=True)
    ] = ()
    metric: Annotated[
        MetricName | None,
        Says("Its name in Prometheus or in the application.", "pitchey_http_requests_total"),
    ] = None
    is_: Annotated[MetricKind, Says("How values become one over time.", "counter")] = (
        MetricKind.GAUGE
    )
    in_: Annotated[Measure, Says("What a value counts.", "seconds")] = Measure.COUNT
    business: Annotated[bool, Says("It is about the business, not the machines.", "true")] = False
