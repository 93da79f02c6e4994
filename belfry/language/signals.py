"""Signals: what is measured, and where each measurement comes from."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from belfry.forms import MetricName, Reference
from belfry.shapes import Says
from belfry.values.percent import Percent


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
    PROMETHEUS = "prometheus"
    ALERTMANAGER = "alertmanager"
    LOKI = "loki"
    ALLOY = "alloy"
    GRAFANA = "grafana"


class MetricKind(StrEnum):
    """How values become one over time."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"
    SUMMARY = "summary"


class Measure(StrEnum):
    """What a value counts; limits on it are written so."""

    TRUTH = "truth"
    SECONDS = "seconds"
    MILLISECONDS = "milliseconds"
    SHARE = "share"
    """Between 0 and 1."""
    PERCENT = "percent"
    """Between 0 and 100."""
    BYTES = "bytes"
    COUNT = "count"
    NUMBER = "number"


class SignalName(StrEnum):
    """The vocabulary: signals that rules of the catalogue know."""

    PROBE_UP = "probe-up"
    PROBE_SECONDS = "probe-seconds"
    JOURNEY_UP = "journey-up"
    NAME_FOUND = "name-found"
    COMPONENT_UP = "component-up"
    CERTIFICATE_END = "certificate-end"
    DOMAIN_END = "domain-end"
    REQUESTS = "http-requests"
    ERRORS = "http-errors"
    ERROR_RATE = "error-rate"
    ERRORS_A_MINUTE = "errors"
    RESPONSE_TIME = "response-time"
    MEMORY = "memory"
    CPU_TIME = "cpu-time"
    WORKER_ERRORS = "worker-errors"
    WORKER_REQUESTS = "worker-requests"
    LAST_RUN = "last-run"
    BREAKERS_OPEN = "breakers-open"
    ACCOUNT_REQUESTS = "account-requests"
    CACHE_HITS = "cache-hits"
    CACHE_EVICTIONS = "cache-evictions"
    CACHE_LAG = "cache-lag"
    CACHE_MEMORY = "cache-memory"
    CONNECTIONS = "connections"
    QUERY_TIME = "query-time"
    LOCK_WAITS = "lock-waits"
    QUEUE_LENGTH = "queue-length"
    SEARCH_HEALTH = "search-health"
    CPU = "cpu"
    DISK = "disk"
    NETWORK_ERRORS = "network-errors"
    PROXY_REQUESTS = "proxy-requests"
    PAYMENTS = "payments"
    PAYMENTS_FAILED = "payments-failed"
    PAYMENT_FAILURES = "payment-failures"
    REVENUE = "revenue"
    CONVERSION = "conversion"
    CARTS_LEFT = "carts-left"
    SIGN_UPS = "sign-ups"
    SALES = "sales"
    FRAUD = "fraud"
    FAILED_LOG_INS = "failed-log-ins"
    THREATS = "threats"
    RATE_LIMITED = "rate-limited"


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
    in_: Annotated[
        Measure, Says("What a value counts; a share is at most 1, percent 100.", "seconds")
    ] = Measure.COUNT
    quantile: Annotated[
        Percent | None,
        Says("A gauge that is such a quantile already, as the application works it out.", "95 %"),
    ] = None
    means: Annotated[
        SignalName | None,
        Says("The signal of the catalogue's rules that it is, under another name.", "memory"),
    ] = None
    business: Annotated[bool, Says("It is about the business, not the machines.", "true")] = False
