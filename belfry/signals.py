"""The vocabulary of signals: what can be measured, in which unit, by whom, under which metric.

Rules of the catalogue speak of these alone. A platform's own signal is one of them when it bears
its name or says so (`means`); all others are known to the platform's own rules only.
"""

from __future__ import annotations

from dataclasses import dataclass

from belfry.language.signals import Measure, MetricKind, SignalName, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a source measures without being told how."""

    source: Source
    metric: str
    """In Prometheus. `${platform}` is the platform's name."""
    matchers: tuple[tuple[str, str], ...] = ()
    """Labels and their values, beside `service`."""
    recorded: str | None = None
    """PromQL that Prometheus records under that name; None: the source gives it as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One thing that can be measured of a service."""

    says: str
    kind: MetricKind
    measure: Measure
    known: tuple[Known, ...]
    """The first that a platform has is believed."""
    absent: str
    """When there is no value, and what that means."""
    business: bool = False


_WORKER, _SDK, _CLOUDFLARE = Source.WORKER, Source.SDK, Source.CLOUDFLARE
_GAUGE, _COUNTER = MetricKind.GAUGE, MetricKind.COUNTER
_NO_SDK = "The application does not report, or never had one."
_NO_TRAFFIC = "Nothing happened yet, or the application does not report."
_NO_EXPORTER = "The exporter is down, or does not see the service."
_NO_ANALYTICS = "Cloudflare's analytics have nothing, or come late (up to five minutes)."


def _sdk(name: str) -> Known:
    return Known(source=_SDK, metric=f"${{platform}}_{name}")


def _recorded(source: Source, name: str, expression: str) -> Known:
    return Known(source=source, metric=f"service:{name}", recorded=expression)


SIGNALS = {
    SignalName.PROBE_UP: Signal(
        says="Whether the last probe got the answer that its check expects.",
        kind=_GAUGE,
        measure=Measure.TRUTH,
        known=(
            Known(source=_WORKER, metric="belfry_probe_up"),
            Known(source=Source.BLACKBOX, metric="probe_success"),
        ),
        absent="Nothing was probed, or the service that was asked about this one is itself down.",
    ),
    SignalName.PROBE_SECONDS: Signal(
        says="How long the last answer took, to its last byte.",
        kind=_GAUGE,
        measure=Measure.SECONDS,
        known=(
            Known(source=_WORKER, metric="belfry_probe_seconds"),
            Known(source=Source.BLACKBOX, metric="probe_duration_seconds"),
        ),
        absent="No answer came; whether that is trouble is for probe-up to say.",
    ),
    SignalName.JOURNEY_UP: Signal(
        says="Whether a journey's last round went through to its end.",
        kind=_GAUGE,
        measure=Measure.TRUTH,
        known=(Known(source=_WORKER, metric="belfry_journey_up"),),
        absent="No journey was made.",
    ),
    SignalName.NAME_FOUND: Signal(
        says="Whether a name resolves to what its check expects.",
        kind=_GAUGE,
        measure=Measure.TRUTH,
        known=(
            Known(
                source=Source.BLACKBOX,
                metric="probe_success",
                matchers=(("job", "blackbox-dns"),),
            ),
        ),
        absent="Nobody asked for the name.",
    ),
    SignalName.COMPONENT_UP: Signal(
        says="What the application says of a part of its own: 1 it works, 0 it does not.",
        kind=_GAUGE,
        measure=Measure.TRUTH,
        known=(_sdk("component_up"),),
        absent=_NO_SDK,
    ),
    SignalName.DOMAIN_END: Signal(
        says="When the registration of a domain ends, in Unix time.",
        kind=_GAUGE,
        measure=Measure.SECONDS,
        known=(Known(source=_WORKER, metric="belfry_domain_end_seconds"),),
        absent="Nobody asked the registry.",
    ),
    SignalName.CERTIFICATE_END: Signal(
        says="When the certificate that a service shows ends, in Unix time.",
        kind=_GAUGE,
        measure=Measure.SECONDS,
        known=(Known(source=Source.BLACKBOX, metric="probe_ssl_earliest_cert_expiry"),),
        absent="Nothing was asked, or no connection could be made.",
    ),
    SignalName.REQUESTS: Signal(
        says="Requests that were answered.",
        kind=_COUNTER,
        measure=Measure.COUNT,
        known=(_sdk("http_requests_total"),),
        absent=_NO_TRAFFIC,
    ),
    SignalName.ERRORS: Signal(
        says="Requests that were answered with 5xx.",
        kind=_COUNTER,
        measure=Measure.COUNT,
        known=(_sdk("http_errors_total"),),
        absent="There was no error yet, or the application does not report.",
    ),
    SignalName.ERROR_RATE: Signal(
        says="Share of requests that were answered with 5xx.",
        kind=_GAUGE,
        measure=Measure.SHARE,
        known=(_sdk("error_rate"),),
        absent=_NO_TRAFFIC,
    ),
    SignalName.ERRORS_A_MINUTE: Signal(
        says="Errors in a minute.",
        kind=_GAUGE,
        measure=Measure.NUMBER,
        known=(_sdk("errors"),),
        absent=_NO_SDK,
    ),
    SignalName.RESPONSE_TIME: Signal(
        says="Time until an answer is whole.",
        kind=MetricKind.HISTOGRAM,
        measure=Measure.SECONDS,
        known=(_sdk("http_response_time"),),
        absent=_NO_TRAFFIC,
    ),
    SignalName.MEMORY: Signal(
        says="Share of memory in use.",
        kind=_GAUGE,
        measure=Measure.SHARE,
        known=(
            _sdk("memory_ratio"),
            _recorded(
                Source.NODE,
                "memory:share",
                "1 - sum by (service) (node_memory_MemAvailable_bytes)"
                " / sum by (service) (node_memory_MemTotal_bytes)",
            ),
        ),
        absent=_NO_SDK,
    ),
    SignalName.CPU_TIME: Signal(
        says="Processor time that a request takes.",
        kind=MetricKind.SUMMARY,
        measure=Measure.SECONDS,
        known=(Known(source=_CLOUDFLARE, metric="cloudflare_worker_cpu_time_seconds"),),
        absent=_NO_ANALYTICS,
    ),
    SignalName.WORKER_REQUESTS: Signal(
        says="Invocations of a Worker.",
        kind=_COUNTER,
        measure=Measure.COUNT,
        known=(Known(source=_CLOUDFLARE, metric="cloudflare_worker_requests_total"),),
        absent=_NO_ANALYTICS,
    ),
    SignalName.WORKER_ERRORS: Signal(
        says="Invocations of a Worker that ended in an exception or a limit.",
        kind=_COUNTER,
        measure=Measure.COUNT,
        known=(Known(source=_CLOUDFLARE, metric="cloudflare_worker_errors_total"),),
        absent=_NO_ANALYTICS,
    ),
    SignalName.LAST_RUN: Signal(
        says="When a job last ended well, in Unix time.",
        kind=_GAUGE,
        measure=Measure.SECONDS,
        known=(
            _sdk("last_run_seconds"),
            Known(source=_WORKER, metric="belfry_heartbeat_seconds"),
            Known(source=_CLOUDFLARE, metric="cloudflare_worker_cron_last_success_seconds"),
        ),
        absent="It never ran, or the application does not report.",
    ),
    SignalName.BREAKERS_OPEN: Signal(
        says="Circuit breakers that are open.",
        kind=_GAUGE,
        measure=Measure.COUNT,
        known=(_sdk("breakers_open"),),
        absent=_NO_SDK,
    ),
    SignalName.ACCOUNT_REQUESTS: Signal(
        says="Share of the plan's requests that the account has used this month.",
        kind=_GAUGE,
        measure=Measure.SHARE,
        known=(Known(source=_CLOUDFLARE, metric="cloudflare_account_requests_ratio"),),
        absent=_NO_ANALYTICS,
    ),
    SignalName.CACHE_HITS: Signal(
        says="Share of requests that were answered from the cache.",
        kind=_GAUGE,
        measure=Measure.SHARE,
        known=(
            Known(source=_CLOUDFLARE, metric="cloudflare_zone_cache_hit_ratio"),
            _recorded(
                Source.REDIS,
                "cache_hits:share",
                "sum by (service) (rate(redis_keyspace_hits_total[5m])) / (sum by (service)"
                " (rate(redis_keyspace_hits_total[5m])) + sum by (service)"
                " (rate(redis_keyspace_misses_total[5m])) > 0)",
            ),
        ),
        absent="Nothing was asked of the cache, or nobody reports.",
    ),
    SignalName.CACHE_EVICTIONS: Signal(
        says="Entries that had to make room.",
        kind=_COUNTER,
        measure=Measure.COUNT,
        known=(
            _sdk("cache_evictions"),
            Known(source=Source.REDIS, metric="redis_evicted_keys_total"),
        ),
        absent=_NO_EXPORTER,
    ),
    SignalName.CACHE_LAG: Signal(
        says="How far a replica is behind.",
        kind=_GAUGE,
        measure=Measure.SECONDS,
        known=(
            _sdk("cache_lag"),
            Known(source=Source.REDIS, metric="redis_connected_slave_lag_seconds"),
        ),
        absent="There is no replica, or nobody reports.",
    ),
    SignalName.CACHE_MEMORY: Signal(
        says="Share of the cache's memory in use.",
        kind=_GAUGE,
        measure=Measure.SHARE,
        known=(
            _recorded(
                Source.REDIS,
                "cache_memory:share",
                "sum by (service) (redis_memory_used_bytes)"
                " / (sum by (service) (redis_memory_max_bytes) > 0)",
            ),
        ),
        absent="The cache has no limit (maxmemory 0), or the exporter is down.",
    ),
    SignalName.CONNECTIONS: Signal(
        says="Share of the database's connections in use.",
        kind=_GAUGE,
        measure=Measure.SHARE,
        known=(
            _recorded(
                Source.POSTGRES,
                "connections:share",
                "sum by (service) (pg_stat_activity_count)"
                " / max by (service) (pg_settings_max_connections)",
            ),
            _sdk("db_connections_ratio"),
        ),
        absent=_NO_EXPORTER,
    ),
    SignalName.QUERY_TIME: Signal(
        says="Time that a query takes.",
        kind=MetricKind.HISTOGRAM,
        measure=Measure.SECONDS,
        known=(_sdk("db_query_time"),),
        absent=_NO_TRAFFIC,
    ),
    SignalName.LOCK_WAITS: Signal(
        says="Queries that waited for a lock.",
        kind=_COUNTER,
        measure=Measure.COUNT,
        known=(_sdk("db_lock_waits"),),
        absent=_NO_TRAFFIC,
    ),
    SignalName.QUEUE_LENGTH: Signal(
        says="Messages that wait: in all of a broker, or in the queue with the service's name.",
        kind=_GAUGE,
        measure=Measure.COUNT,
        known=(
            _recorded(
                Source.RABBITMQ,
                "queue_length:count",
                "sum by (service) (rabbitmq_queue_messages_ready) or sum by (service)"
                " (label_replace(rabbitmq_detailed_queue_messages_ready,"
                ' "service", "$1", "queue", "(.+)"))',
            ),
            _sdk("queue_length"),
        ),
        absent=_NO_EXPORTER,
    ),
    SignalName.SEARCH_HEALTH: Signal(
        says="2 is green, 1 yellow, 0 red.",
        kind=_GAUGE,
        measure=Measure.NUMBER,
        known=(
            _recorded(
                Source.ELASTICSEARCH,
                "search_health:state",
                '2 * max by (service) (elasticsearch_cluster_health_status{color="green"})'
                ' + max by (service) (elasticsearch_cluster_health_status{color="yellow"})',
            ),
        ),
        absent=_NO_EXPORTER,
    ),
    SignalName.CPU: Signal(
        says="Share of processor time in use.",
        kind=_GAUGE,
        measure=Measure.SHARE,
        known=(
            _recorded(
                Source.NODE,
                "cpu:share",
                '1 - avg by (service) (rate(node_cpu_seconds_total{mode="idle"}[5m]))',
            ),
        ),
        absent=_NO_EXPORTER,
    ),
    SignalName.DISK: Signal(
        says="Share of the fullest disk in use.",
        kind=_GAUGE,
        measure=Measure.SHARE,
        known=(
            _recorded(
                Source.NODE,
                "disk:share",
                "max by (service) (1 - node_filesystem_avail_bytes"
                '{fstype!~"tmpfs|overlay|squashfs|ramfs"}'
                ' / node_filesystem_size_bytes{fstype!~"tmpfs|overlay|squashfs|ramfs"})',
            ),
        ),
        absent=_NO_EXPORTER,
    ),
    SignalName.NETWORK_ERRORS: Signal(
        says="Packets that were lost, on all devices.",
        kind=_GAUGE,
        measure=Measure.COUNT,
        known=(
            _recorded(
                Source.NODE,
                "network_errors:rate5m",
                "sum by (service) (rate(node_network_receive_errs_total[5m])"
                " + rate(node_network_transmit_errs_total[5m]))",
            ),
        ),
        absent=_NO_EXPORTER,
    ),
    SignalName.PROXY_REQUESTS: Signal(
        says="Requests through the proxy.",
        kind=_COUNTER,
        measure=Measure.COUNT,
        known=(Known(source=Source.NGINX, metric="nginx_http_requests_total"),),
        absent=_NO_EXPORTER,
    ),
    SignalName.PAYMENTS: Signal(
        says="Payments that were tried.",
        kind=_COUNTER,
        measure=Measure.COUNT,
        known=(_sdk("payments_total"),),
        absent=_NO_TRAFFIC,
        business=True,
    ),
    SignalName.PAYMENTS_FAILED: Signal(
        says="Payments that failed.",
        kind=_COUNTER,
        measure=Measure.COUNT,
        known=(_sdk("payments_failed_total"),),
        absent="None failed yet, or the application does not report.",
        business=True,
    ),
    SignalName.PAYMENT_FAILURES: Signal(
        says="Share of payments that failed.",
        kind=_GAUGE,
        measure=Measure.SHARE,
        known=(_sdk("payment_failures"),),
        absent=_NO_TRAFFIC,
        business=True,
    ),
    SignalName.REVENUE: Signal(
        says="Money taken in a minute.",
        kind=_GAUGE,
        measure=Measure.NUMBER,
        known=(_sdk("revenue"),),
        absent=_NO_TRAFFIC,
        business=True,
    ),
    SignalName.CONVERSION: Signal(
        says="Share of visits that end in a sale.",
        kind=_GAUGE,
        measure=Measure.SHARE,
        known=(_sdk("conversion"),),
        absent=_NO_TRAFFIC,
        business=True,
    ),
    SignalName.CARTS_LEFT: Signal(
        says="Share of carts that are left behind.",
        kind=_GAUGE,
        measure=Measure.SHARE,
        known=(_sdk("carts_left"),),
        absent=_NO_TRAFFIC,
        business=True,
    ),
    SignalName.SIGN_UPS: Signal(
        says="People who signed up.",
        kind=_COUNTER,
        measure=Measure.COUNT,
        known=(_sdk("sign_ups"),),
        absent=_NO_TRAFFIC,
        business=True,
    ),
    SignalName.SALES: Signal(
        says="Things that were sold.",
        kind=_COUNTER,
        measure=Measure.COUNT,
        known=(_sdk("sales"),),
        absent=_NO_TRAFFIC,
        business=True,
    ),
    SignalName.FRAUD: Signal(
        says="Payments that look like fraud.",
        kind=_COUNTER,
        measure=Measure.COUNT,
        known=(_sdk("fraud"),),
        absent=_NO_TRAFFIC,
        business=True,
    ),
    SignalName.FAILED_LOG_INS: Signal(
        says="Log-ins that failed.",
        kind=_COUNTER,
        measure=Measure.COUNT,
        known=(_sdk("failed_log_ins"),),
        absent=_NO_TRAFFIC,
    ),
    SignalName.THREATS: Signal(
        says="Requests that were blocked as threats.",
        kind=_COUNTER,
        measure=Measure.COUNT,
        known=(Known(source=_CLOUDFLARE, metric="cloudflare_zone_threats_total"),),
        absent=_NO_ANALYTICS,
    ),
    SignalName.RATE_LIMITED: Signal(
        says="Requests that were refused because there were too many (429).",
        kind=_COUNTER,
        measure=Measure.COUNT,
        known=(
            _sdk("rate_limited"),
            Known(source=_CLOUDFLARE, metric="cloudflare_rate_limited_total"),
        ),
        absent=_NO_TRAFFIC,
    ),
}
