"""Health checks and what tells of them: notification policies and webhook destinations."""

from __future__ import annotations

from engine.standins.cloudflare_kind import CloudflareKind

_FILTERS = {
    "airportCodes": "airport_code",
    "enableds": "enabled",
    "environments": "environment",
    "events": "event",
    "eventSources": "event_source",
    "eventTypes": "event_type",
    "groupBies": "group_by",
    "healthCheckIds": "health_check_id",
    "incidentImpacts": "incident_impact",
    "inputIds": "input_id",
    "insightClasses": "insight_class",
    "limits": "limit",
    "logoTags": "logo_tag",
    "megabitsPerSeconds": "megabits_per_second",
    "newHealths": "new_health",
    "newStatuses": "new_status",
    "packetsPerSeconds": "packets_per_second",
    "poolIds": "pool_id",
    "products": "product",
    "projectIds": "project_id",
    "protocols": "protocol",
    "queryTags": "query_tag",
    "requestsPerSeconds": "requests_per_second",
    "services": "service",
    "slos": "slo",
    "statuses": "status",
    "targetHostnames": "target_hostname",
    "targetIps": "target_ip",
    "targetZoneNames": "target_zone_name",
    "tokenIds": "token_id",
    "tunnelIds": "tunnel_id",
    "tunnelNames": "tunnel_name",
    "types": "type",
    "wheres": "where",
}
"""Filters of a notification policy: the SDK made plurals of the service's singular keys."""

_MECHANISMS = {"emails": "email", "pagerduties": "pagerduty"}

_REGIONS = (
    *("WNAM", "ENAM", "WEU", "EEU", "NSAM", "SSAM", "OC", "ME", "NAF", "SAF", "IN", "SEAS", "NEAS"),
    "ALL_REGIONS",
)
"""What the real plugin takes; the SDK does not tell."""

_ACCOUNT = frozenset({"accountId"})

KINDS: tuple[CloudflareKind, ...] = (
    CloudflareKind(
        type="cloudflare:index/healthcheck:Healthcheck",
        sdk="pulumi_cloudflare:Healthcheck",
        named_by="name",
        replaced_on=frozenset({"zoneId"}),
        create_at="POST /zones/{zoneId}/healthchecks",
        update_at="PUT /zones/{zoneId}/healthchecks/{id}",
        item="/zones/{zoneId}/healthchecks/{id}",
        id_in="id",
        import_form="{zoneId}/{id}",
        aside=frozenset({"zoneId"}),
        defaults={
            "consecutiveFails": 1,
            "consecutiveSuccesses": 1,
            "description": "",
            "interval": 60,
            "retries": 2,
            "suspended": False,
            "timeout": 5,
            "type": "HTTP",
            "httpConfig": {
                "allowInsecure": False,
                "expectedBody": "",
                "followRedirects": False,
                "method": "GET",
                "path": "/",
                "port": 80,
            },
            "tcpConfig": {"method": "connection_established", "port": 80},
        },
        filled_in=frozenset({"checkRegions", "httpConfig.expectedCodes"}),
        computed=frozenset({"httpConfig", "tcpConfig"}),
        choices={"checkRegions": _REGIONS},
    ),
    CloudflareKind(
        type="cloudflare:index/notificationPolicyWebhooks:NotificationPolicyWebhooks",
        sdk="pulumi_cloudflare:NotificationPolicyWebhooks",
        named_by="name",
        replaced_on=_ACCOUNT,
        create_at="POST /accounts/{accountId}/alerting/v3/destinations/webhooks",
        update_at="PUT /accounts/{accountId}/alerting/v3/destinations/webhooks/{id}",
        item="/accounts/{accountId}/alerting/v3/destinations/webhooks/{id}",
        id_in="id",
        import_form="{accountId}/{id}",
        aside=_ACCOUNT,
        unseen=frozenset({"secret"}),
        sealed=(("secret",),),
    ),
    CloudflareKind(
        type="cloudflare:index/notificationPolicy:NotificationPolicy",
        sdk="pulumi_cloudflare:NotificationPolicy",
        named_by="name",
        replaced_on=_ACCOUNT,
        create_at="POST /accounts/{accountId}/alerting/v3/policies",
        update_at="PUT /accounts/{accountId}/alerting/v3/policies/{id}",
        item="/accounts/{accountId}/alerting/v3/policies/{id}",
        id_in="id",
        import_form="{accountId}/{id}",
        aside=_ACCOUNT,
        defaults={"enabled": True},
        filled_in=frozenset({"description", "filters"}),
        notices_additions=True,
        renamed={**_FILTERS, **_MECHANISMS},
        unordered=frozenset(
            {f"mechanisms.{name}" for name in ("emails", "pagerduties", "webhooks")}
        ),
    ),
)
