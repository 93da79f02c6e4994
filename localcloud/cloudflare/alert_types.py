"""Which events Cloudflare can notify of, and by what each can be narrowed down.

Types and filters are those of the API reference's notification policy; where it says which type a
filter is for, the filter belongs to that type alone, and all others are taken for every type.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from localcloud.documents import Document, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One type of alert."""

    product: str
    filters: tuple[str, ...] = ()
    """Those for this type alone."""
    needs: tuple[str, ...] = ()
    """Filters without which there is no policy."""


ANY_ALERT = (
    *("actions", "alert_trigger_preferences", "alert_trigger_preferences_value", "event_type"),
    *("group_by", "pool_id", "pop_names", "query_tag", "selectors", "slo", "tunnel_name", "type"),
    *("where", "zones"),
)

FILTER_VALUES: Mapping[str, tuple[str, ...]] = {
    "incident_impact": (
        "INCIDENT_IMPACT_NONE",
        "INCIDENT_IMPACT_MINOR",
        "INCIDENT_IMPACT_MAJOR",
        "INCIDENT_IMPACT_CRITICAL",
    ),
    "traffic_exclusions": ("security_events",),
}

_PRODUCTS: Mapping[str, tuple[str, ...]] = {
    "Health Checks": ("health_check_status_notification",),
    "Load Balancing": ("load_balancing_health_alert", "load_balancing_pool_enablement_alert"),
    "Origin Monitoring": (
        *("real_origin_monitoring", "http_alert_origin_error", "http_alert_edge_error"),
        "advanced_http_alert_error",
    ),
    "Traffic Monitoring": ("traffic_anomalies_alert",),
    "Synthetic Tests": ("synthetic_test_latency_alert", "synthetic_test_low_availability_alert"),
    "Cloudflare Tunnel": ("tunnel_health_event", "tunnel_update_event"),
    "SSL/TLS": (
        *("universal_ssl_event_type", "dedicated_ssl_certificate_event_type"),
        *("custom_ssl_certificate_event_type", "hostname_aop_custom_certificate_expiration_type"),
        "zone_aop_custom_certificate_expiration_type",
        "mtls_certificate_store_certificate_expiration_type",
    ),
    "Access": ("access_custom_certificate_expiration_type", "expiring_service_token_alert"),
    "Zero Trust": ("device_connectivity_anomaly_alert",),
    "Billing": ("billing_usage_alert",),
    "Pages": ("pages_event_alert",),
    "Workers": ("workers_observability_alert",),
    "Cloudflare Status": (
        *("incident_alert", "maintenance_event_notification", "cni_maintenance_notification"),
    ),
    "Logs": ("failing_logpush_job_disabled_alert",),
    "Web Analytics": ("web_analytics_metrics_update",),
    "Custom Analytics": ("custom_analytics",),
    "Images": ("image_notification", "image_resizing_notification"),
    "Stream": ("stream_live_notifications",),
    "DDoS Protection": (
        *("dos_attack_l4", "dos_attack_l7", "advanced_ddos_attack_l4_alert"),
        "advanced_ddos_attack_l7_alert",
    ),
    "Web Application Firewall": ("clickhouse_alert_fw_anomaly", "clickhouse_alert_fw_ent_anomaly"),
    "Bot Management": ("bot_traffic_basic_alert", "custom_bot_detection_alert"),
    "Security Center": (
        *("security_insights_alert", "brand_protection_alert", "brand_protection_digest"),
        *("logo_match_alert", "cloudforce_one_request_notification"),
    ),
    "Sentinel": ("sentinel_alert",),
    "Secondary DNS": (
        *("secondary_dns_all_primaries_failing", "secondary_dns_primaries_failing"),
        *("secondary_dns_warning", "secondary_dns_zone_successfully_updated"),
        "secondary_dns_zone_validation_warning",
    ),
    "Route Leak Detection": ("bgp_hijack_notification",),
    "Radar": ("radar_notification",),
    "Magic Transit": (
        *("magic_tunnel_health_check_event", "magic_wan_tunnel_health"),
        *("fbm_auto_advertisement", "fbm_dosd_attack", "fbm_volumetric_attack"),
    ),
    "Page Shield": (
        "scriptmonitor_alert_new_code_change_detections",
        *("scriptmonitor_alert_new_hosts", "scriptmonitor_alert_new_malicious_hosts"),
        "scriptmonitor_alert_new_malicious_scripts",
        *("scriptmonitor_alert_new_malicious_url", "scriptmonitor_alert_new_resources"),
        "scriptmonitor_alert_new_max_length_resource_url",
    ),
    "Trust and Safety": (
        *("abuse_report_alert", "block_notification_new_block"),
        *("block_notification_block_removed", "block_notification_review_rejected"),
    ),
}

_FILTERS: Mapping[str, tuple[str, ...]] = {
    "health_check_status_notification": ("health_check_id", "status"),
    "load_balancing_health_alert": ("event_source", "new_health"),
    "load_balancing_pool_enablement_alert": ("enabled",),
    "pages_event_alert": ("environment", "event", "project_id"),
    "incident_alert": ("affected_components", "incident_impact"),
    "maintenance_event_notification": ("airport_code",),
    "radar_notification": ("affected_asns", "affected_locations"),
    "stream_live_notifications": ("input_id",),
    "security_insights_alert": ("insight_class",),
    "billing_usage_alert": ("product", "limit"),
    "logo_match_alert": ("logo_tag",),
    "brand_protection_alert": ("logo_tag",),
    "advanced_ddos_attack_l4_alert": (
        *("megabits_per_second", "packets_per_second", "protocol", "target_ip"),
    ),
    "advanced_ddos_attack_l7_alert": (
        *("requests_per_second", "target_hostname", "target_zone_name"),
    ),
    "clickhouse_alert_fw_ent_anomaly": ("services",),
    "traffic_anomalies_alert": ("traffic_exclusions",),
    "tunnel_health_event": ("new_status", "tunnel_id"),
}

_NEEDS: Mapping[str, tuple[str, ...]] = {"billing_usage_alert": ("product", "limit")}

ALERTS: Mapping[str, Alert] = {
    type_: Alert(product=product, filters=_FILTERS.get(type_, ()), needs=_NEEDS.get(type_, ()))
    for product, types in _PRODUCTS.items()
    for type_ in types
}
"""Alert type and what there is to say of it."""


def available() -> Document:
    """Return the alert types by product, as `available_alerts` tells them."""
    told: Document = {}
    for product, types in _PRODUCTS.items():
        alerts: list[Value] = [
            {
                "type": type_,
                "display_name": type_.replace("_", " ").capitalize(),
                "description": f"{product}: {type_.replace('_', ' ')}.",
                "filter_options": [_option(name, type_) for name in ALERTS[type_].filters],
            }
            for type_ in types
        ]
        told[product] = alerts
    return told


def _option(name: str, type_: str) -> Document:
    values: list[Value] = [{"ID": value} for value in FILTER_VALUES.get(name, ())]
    return {
        "ComparisonOperator": "==",
        "Key": name,
        "Optional": name not in ALERTS[type_].needs,
        "AvailableValues": values or None,
    }
