"""Events that are told of by others than our rules: Cloudflare's notifications, the platform's."""

from __future__ import annotations

from belfry.language.routing import Event

CLOUDFLARE = (
    # Origins and health
    "health_check_status_notification",
    "load_balancing_health_alert",
    "load_balancing_pool_enablement_alert",
    "real_origin_monitoring",
    "http_alert_origin_error",
    "http_alert_edge_error",
    "advanced_http_alert_error",
    "traffic_anomalies_alert",
    "synthetic_test_latency_alert",
    "synthetic_test_low_availability_alert",
    "tunnel_health_event",
    "tunnel_update_event",
    # Certificates and tokens
    "universal_ssl_event_type",
    "dedicated_ssl_certificate_event_type",
    "custom_ssl_certificate_event_type",
    "mtls_certificate_store_certificate_expiration_type",
    "hostname_aop_custom_certificate_expiration_type",
    "zone_aop_custom_certificate_expiration_type",
    "access_custom_certificate_expiration_type",
    "expiring_service_token_alert",
    # Platform
    "billing_usage_alert",
    "pages_event_alert",
    "incident_alert",
    "maintenance_event_notification",
    "failing_logpush_job_disabled_alert",
    "web_analytics_metrics_update",
    "image_notification",
    "stream_live_notifications",
    "custom_analytics",
    # Security and DNS
    "dos_attack_l4",
    "dos_attack_l7",
    "advanced_ddos_attack_l4_alert",
    "advanced_ddos_attack_l7_alert",
    "clickhouse_alert_fw_anomaly",
    "clickhouse_alert_fw_ent_anomaly",
    "bot_traffic_basic_alert",
    "security_insights_alert",
    "sentinel_alert",
    "secondary_dns_all_primaries_failing",
    "secondary_dns_primaries_failing",
    "bgp_hijack_notification",
)
"""Kinds of alerts of a NotificationPolicy that the Cloudflare provider takes (`alert_type`)."""

EVENTS = frozenset((*CLOUDFLARE, *Event))
"""What an own rule may name as its event."""
