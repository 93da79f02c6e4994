"""How notifications of Cloudflare's are narrowed: keys, and which kind of notification takes each.

Source: the descriptions in the schema of Cloudflare's provider (notification_policy, filters).
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from belfry.arguments.alert_types import AlertType

if TYPE_CHECKING:
    from collections.abc import Mapping


class Filter(StrEnum):
    """Keys that narrow a notification, as the provider's SDK calls them."""

    ACTIONS = "actions"
    AFFECTED_ASNS = "affected_asns"
    AFFECTED_COMPONENTS = "affected_components"
    AFFECTED_LOCATIONS = "affected_locations"
    AIRPORT_CODES = "airport_codes"
    ALERT_TRIGGER_PREFERENCES = "alert_trigger_preferences"
    ALERT_TRIGGER_PREFERENCES_VALUES = "alert_trigger_preferences_values"
    ENABLED = "enableds"
    ENVIRONMENTS = "environments"
    EVENTS = "events"
    EVENT_SOURCES = "event_sources"
    EVENT_TYPES = "event_types"
    GROUP_BY = "group_bies"
    INCIDENT_IMPACTS = "incident_impacts"
    INPUTS = "input_ids"
    INSIGHT_CLASSES = "insight_classes"
    LIMITS = "limits"
    LOGO_TAGS = "logo_tags"
    MEGABITS_PER_SECOND = "megabits_per_seconds"
    NEW_HEALTHS = "new_healths"
    NEW_STATUSES = "new_statuses"
    PACKETS_PER_SECOND = "packets_per_seconds"
    POOLS = "pool_ids"
    POPS = "pop_names"
    PRODUCTS = "products"
    PROJECTS = "project_ids"
    PROTOCOLS = "protocols"
    QUERY_TAGS = "query_tags"
    REQUESTS_PER_SECOND = "requests_per_seconds"
    SELECTORS = "selectors"
    SERVICES = "services"
    SLOS = "slos"
    STATUSES = "statuses"
    TARGET_HOSTNAMES = "target_hostnames"
    TARGET_IPS = "target_ips"
    TARGET_ZONES = "target_zone_names"
    TRAFFIC_EXCLUSIONS = "traffic_exclusions"
    TUNNELS = "tunnel_ids"
    TUNNEL_NAMES = "tunnel_names"
    TYPES = "types"
    WHERE = "wheres"
    ZONES = "zones"


ONLY_OF: Mapping[Filter, AlertType] = {
    Filter.AFFECTED_ASNS: AlertType.RADAR,
    Filter.AFFECTED_COMPONENTS: AlertType.INCIDENT,
    Filter.AFFECTED_LOCATIONS: AlertType.RADAR,
    Filter.AIRPORT_CODES: AlertType.MAINTENANCE,
    Filter.ENABLED: AlertType.POOL_ENABLEMENT,
    Filter.ENVIRONMENTS: AlertType.PAGES,
    Filter.EVENTS: AlertType.PAGES,
    Filter.EVENT_SOURCES: AlertType.POOL_HEALTH,
    Filter.INCIDENT_IMPACTS: AlertType.INCIDENT,
    Filter.INPUTS: AlertType.STREAM_LIVE,
    Filter.INSIGHT_CLASSES: AlertType.SECURITY_INSIGHTS,
    Filter.LIMITS: AlertType.BILLING_USAGE,
    Filter.LOGO_TAGS: AlertType.LOGO_MATCH,
    Filter.MEGABITS_PER_SECOND: AlertType.ADVANCED_DDOS_L4,
    Filter.NEW_HEALTHS: AlertType.POOL_HEALTH,
    Filter.NEW_STATUSES: AlertType.TUNNEL_HEALTH,
    Filter.PACKETS_PER_SECOND: AlertType.ADVANCED_DDOS_L4,
    Filter.PRODUCTS: AlertType.BILLING_USAGE,
    Filter.PROJECTS: AlertType.PAGES,
    Filter.PROTOCOLS: AlertType.ADVANCED_DDOS_L4,
    Filter.REQUESTS_PER_SECOND: AlertType.ADVANCED_DDOS_L7,
    Filter.SERVICES: AlertType.ADVANCED_SECURITY_EVENTS,
    Filter.STATUSES: AlertType.HEALTH_CHECK,
    Filter.TARGET_HOSTNAMES: AlertType.ADVANCED_DDOS_L7,
    Filter.TARGET_IPS: AlertType.ADVANCED_DDOS_L4,
    Filter.TARGET_ZONES: AlertType.ADVANCED_DDOS_L7,
    Filter.TRAFFIC_EXCLUSIONS: AlertType.TRAFFIC_ANOMALIES,
    Filter.TUNNELS: AlertType.TUNNEL_HEALTH,
}
"""Keys that one kind of notification takes alone. Others are of several kinds."""
