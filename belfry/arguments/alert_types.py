"""What Cloudflare tells of by itself: kinds of notifications, what each needs, how it is narrowed.

Sources: kinds and filters from the schema of Cloudflare's provider (notification_policy), plans
from "Available Notifications" of Cloudflare's documentation. `workers_observability_alert` is
missing: the service takes it, the provider does not (terraform-provider-cloudflare 7259).
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class AlertType(StrEnum):
    """Kinds of notifications that the provider takes."""

    ABUSE_REPORT = "abuse_report_alert"
    ACCESS_CERTIFICATE = "access_custom_certificate_expiration_type"
    ADVANCED_DDOS_L4 = "advanced_ddos_attack_l4_alert"
    ADVANCED_DDOS_L7 = "advanced_ddos_attack_l7_alert"
    ADVANCED_HTTP_ERROR = "advanced_http_alert_error"
    BGP_HIJACK = "bgp_hijack_notification"
    BILLING_USAGE = "billing_usage_alert"
    BLOCK_REMOVED = "block_notification_block_removed"
    BLOCK_NEW = "block_notification_new_block"
    BLOCK_REVIEW_REJECTED = "block_notification_review_rejected"
    BOT_TRAFFIC = "bot_traffic_basic_alert"
    BRAND_PROTECTION = "brand_protection_alert"
    BRAND_PROTECTION_DIGEST = "brand_protection_digest"
    SECURITY_EVENTS = "clickhouse_alert_fw_anomaly"
    ADVANCED_SECURITY_EVENTS = "clickhouse_alert_fw_ent_anomaly"
    CLOUDFORCE_ONE = "cloudforce_one_request_notification"
    INTERCONNECT_MAINTENANCE = "cni_maintenance_notification"
    CUSTOM_ANALYTICS = "custom_analytics"
    CUSTOM_BOT_DETECTION = "custom_bot_detection_alert"
    CUSTOM_CERTIFICATE = "custom_ssl_certificate_event_type"
    ADVANCED_CERTIFICATE = "dedicated_ssl_certificate_event_type"
    DEVICE_CONNECTIVITY = "device_connectivity_anomaly_alert"
    DDOS_L4 = "dos_attack_l4"
    DDOS_L7 = "dos_attack_l7"
    SERVICE_TOKEN = "expiring_service_token_alert"  # noqa: S105 -- the kind of a notification
    LOGPUSH_DISABLED = "failing_logpush_job_disabled_alert"
    NETWORK_ADVERTISEMENT = "fbm_auto_advertisement"
    NETWORK_DDOS = "fbm_dosd_attack"
    NETWORK_VOLUMETRIC = "fbm_volumetric_attack"
    HEALTH_CHECK = "health_check_status_notification"
    HOSTNAME_ORIGIN_PULL_CERTIFICATE = "hostname_aop_custom_certificate_expiration_type"
    EDGE_ERROR = "http_alert_edge_error"
    ORIGIN_ERROR = "http_alert_origin_error"
    IMAGES = "image_notification"
    IMAGE_RESIZING = "image_resizing_notification"
    INCIDENT = "incident_alert"
    POOL_HEALTH = "load_balancing_health_alert"
    POOL_ENABLEMENT = "load_balancing_pool_enablement_alert"
    LOGO_MATCH = "logo_match_alert"
    MAGIC_TUNNEL = "magic_tunnel_health_check_event"
    MAGIC_WAN_TUNNEL = "magic_wan_tunnel_health"
    MAINTENANCE = "maintenance_event_notification"
    CERTIFICATE_STORE = "mtls_certificate_store_certificate_expiration_type"
    PAGES = "pages_event_alert"
    RADAR = "radar_notification"
    ORIGIN_UNREACHABLE = "real_origin_monitoring"
    PAGE_SHIELD_CODE = "scriptmonitor_alert_new_code_change_detections"
    PAGE_SHIELD_HOSTS = "scriptmonitor_alert_new_hosts"
    PAGE_SHIELD_MALICIOUS_HOSTS = "scriptmonitor_alert_new_malicious_hosts"
    PAGE_SHIELD_MALICIOUS_SCRIPTS = "scriptmonitor_alert_new_malicious_scripts"
    PAGE_SHIELD_MALICIOUS_URL = "scriptmonitor_alert_new_malicious_url"
    PAGE_SHIELD_LONG_URL = "scriptmonitor_alert_new_max_length_resource_url"
    PAGE_SHIELD_RESOURCES = "scriptmonitor_alert_new_resources"
    SECONDARY_DNS_ALL_FAILING = "secondary_dns_all_primaries_failing"
    SECONDARY_DNS_FAILING = "secondary_dns_primaries_failing"
    SECONDARY_DNS_WARNING = "secondary_dns_warning"
    SECONDARY_DNS_UPDATED = "secondary_dns_zone_successfully_updated"
    SECONDARY_DNS_VALIDATION = "secondary_dns_zone_validation_warning"
    SECURITY_INSIGHTS = "security_insights_alert"
    SENTINEL = "sentinel_alert"
    STREAM_LIVE = "stream_live_notifications"
    TEST_LATENCY = "synthetic_test_latency_alert"
    TEST_AVAILABILITY = "synthetic_test_low_availability_alert"
    TRAFFIC_ANOMALIES = "traffic_anomalies_alert"
    TUNNEL_HEALTH = "tunnel_health_event"
    TUNNEL_UPDATE = "tunnel_update_event"
    UNIVERSAL_CERTIFICATE = "universal_ssl_event_type"
    WEB_ANALYTICS = "web_analytics_metrics_update"
    ZONE_ORIGIN_PULL_CERTIFICATE = "zone_aop_custom_certificate_expiration_type"


class NeededPlan(StrEnum):
    """The least plan with which Cloudflare sends a kind of notification."""

    FREE = "free"
    PRO = "pro"
    BUSINESS = "business"
    ENTERPRISE = "enterprise"
    ADD_ON = "add-on"
    """Whatever the zone's plan is, something must be bought beside it."""


_A = AlertType
_NEEDED: Mapping[NeededPlan, tuple[AlertType, ...]] = {
    NeededPlan.PRO: (
        _A.BILLING_USAGE,
        _A.BRAND_PROTECTION,
        _A.BRAND_PROTECTION_DIGEST,
        _A.HEALTH_CHECK,
    ),
    NeededPlan.BUSINESS: (
        _A.CUSTOM_CERTIFICATE,
        _A.PAGE_SHIELD_HOSTS,
        _A.PAGE_SHIELD_LONG_URL,
        _A.PAGE_SHIELD_RESOURCES,
        _A.SECURITY_EVENTS,
    ),
    NeededPlan.ENTERPRISE: (
        _A.ADVANCED_DDOS_L7,
        _A.ADVANCED_HTTP_ERROR,
        _A.ADVANCED_SECURITY_EVENTS,
        _A.EDGE_ERROR,
        _A.LOGO_MATCH,
        _A.LOGPUSH_DISABLED,
        _A.ORIGIN_ERROR,
        _A.SECONDARY_DNS_VALIDATION,
        _A.TRAFFIC_ANOMALIES,
    ),
    NeededPlan.ADD_ON: (
        _A.ACCESS_CERTIFICATE,
        _A.ADVANCED_CERTIFICATE,
        _A.ADVANCED_DDOS_L4,
        _A.BGP_HIJACK,
        _A.BOT_TRAFFIC,
        _A.CERTIFICATE_STORE,
        _A.CLOUDFORCE_ONE,
        _A.CUSTOM_BOT_DETECTION,
        _A.DDOS_L4,
        _A.IMAGES,
        _A.IMAGE_RESIZING,
        _A.INTERCONNECT_MAINTENANCE,
        _A.MAGIC_TUNNEL,
        _A.MAGIC_WAN_TUNNEL,
        _A.NETWORK_ADVERTISEMENT,
        _A.NETWORK_DDOS,
        _A.NETWORK_VOLUMETRIC,
        _A.PAGE_SHIELD_CODE,
        _A.PAGE_SHIELD_MALICIOUS_HOSTS,
        _A.PAGE_SHIELD_MALICIOUS_SCRIPTS,
        _A.PAGE_SHIELD_MALICIOUS_URL,
        _A.POOL_ENABLEMENT,
        _A.POOL_HEALTH,
        _A.SECONDARY_DNS_ALL_FAILING,
        _A.SECONDARY_DNS_FAILING,
        _A.SECONDARY_DNS_UPDATED,
        _A.SECONDARY_DNS_WARNING,
        _A.STREAM_LIVE,
    ),
}

PLANS: Mapping[AlertType, NeededPlan] = {
    **dict.fromkeys(AlertType, NeededPlan.FREE),
    **{kind: plan for plan, kinds in _NEEDED.items() for kind in kinds},
}
"""Kind of notification → what it needs. Those that the documentation leaves out count as free."""
