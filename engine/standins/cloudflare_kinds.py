"""Which calls make, read, change and delete each of Cloudflare's types: one table.

Paths, bodies and the odd corners are those that the real plugin was seen to send (version 6.23.1).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from typing_extensions import override

from engine.standins.cloudflare import CloudflareKind, filled, request, result
from engine.standins.kinds import State, with_defaults
from engine.standins.naming import as_value, same, snake

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.standins.api import Api
    from engine.standins.shapes import KindShape
    from engine.standins.values import Properties, Value


def workers_scripts(api: Api, arguments: Properties) -> Properties:
    """The lookup `getWorkersScripts`: every script of an account, with its migration tag."""
    path = filled("/accounts/{accountId}/workers/scripts", arguments)
    scripts: list[Value] = []
    match request(api, "GET", path).json():
        case {"result": list(found)}:
            scripts = [_camel(as_value(script)) for script in found]
    return {**arguments, "results": scripts}


def _camel(script: Value) -> Value:
    if not isinstance(script, dict):
        return script
    return {
        re.sub(r"_([a-z])", lambda found: found[1].upper(), name): value
        for name, value in script.items()
        if value is not None
    }


def _jurisdiction(inputs: Properties) -> Mapping[str, str]:
    return {"cf-r2-jurisdiction": str(inputs.get("jurisdiction") or "default")}


@dataclass(frozen=True, slots=True, kw_only=True)
class R2BucketKind(CloudflareKind):
    """A bucket: made by a body, changed by a header."""

    @override
    def update(self, api: Api, shape: KindShape, state: State, inputs: Properties) -> State:
        method, template = self.update_at.split(" ", 1)
        full = with_defaults(inputs, self.defaults)
        headers = {**_jurisdiction(inputs), "cf-r2-storage-class": str(full["storageClass"])}
        answer = request(api, method, filled(template, inputs), headers=headers)
        made = self._made(shape, inputs, result(answer))
        return State(id=state.id, inputs=inputs, outputs={**state.outputs, **made.outputs})


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

_ACCOUNT = frozenset({"accountId"})
_SCRIPT = frozenset({"accountId", "scriptName"})

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
        filled_in=frozenset({"description"}),
        renamed={**_FILTERS, **_MECHANISMS},
    ),
    CloudflareKind(
        type="cloudflare:index/workersCronTrigger:WorkersCronTrigger",
        sdk="pulumi_cloudflare:WorkersCronTrigger",
        named_by="scriptName",
        repeatable=True,
        replaced_on=_SCRIPT,
        create_at="PUT /accounts/{accountId}/workers/scripts/{scriptName}/schedules",
        update_at="PUT /accounts/{accountId}/workers/scripts/{scriptName}/schedules",
        item="/accounts/{accountId}/workers/scripts/{scriptName}/schedules",
        id_from="scriptName",
        import_form="{accountId}/{scriptName}",
        aside=_SCRIPT,
        deletable=False,
        blind=True,
        bare="schedules",
    ),
    CloudflareKind(
        type="cloudflare:index/workersScriptSubdomain:WorkersScriptSubdomain",
        sdk="pulumi_cloudflare:WorkersScriptSubdomain",
        named_by="scriptName",
        repeatable=True,
        replaced_on=_SCRIPT,
        create_at="POST /accounts/{accountId}/workers/scripts/{scriptName}/subdomain",
        update_at="POST /accounts/{accountId}/workers/scripts/{scriptName}/subdomain",
        item="/accounts/{accountId}/workers/scripts/{scriptName}/subdomain",
        id_from="scriptName",
        import_form="{accountId}/{scriptName}",
        aside=_SCRIPT,
    ),
    CloudflareKind(
        type="cloudflare:index/workersKvNamespace:WorkersKvNamespace",
        sdk="pulumi_cloudflare:WorkersKvNamespace",
        named_by="title",
        replaced_on=_ACCOUNT,
        create_at="POST /accounts/{accountId}/storage/kv/namespaces",
        update_at="PUT /accounts/{accountId}/storage/kv/namespaces/{id}",
        item="/accounts/{accountId}/storage/kv/namespaces/{id}",
        id_in="id",
        import_form="{accountId}/{id}",
        aside=_ACCOUNT,
    ),
    R2BucketKind(
        type="cloudflare:index/r2Bucket:R2Bucket",
        sdk="pulumi_cloudflare:R2Bucket",
        named_by="name",
        replaced_on=frozenset({"accountId", "name", "location", "jurisdiction"}),
        create_at="POST /accounts/{accountId}/r2/buckets",
        update_at="PATCH /accounts/{accountId}/r2/buckets/{name}",
        item="/accounts/{accountId}/r2/buckets/{name}",
        id_from="name",
        import_form="{accountId}/{name}/{jurisdiction}",
        defaults={"storageClass": "Standard"},
        aside=frozenset({"accountId", "jurisdiction"}),
        names=same,
        read_names=snake,
        renamed={"location": "locationHint"},
        read_renamed={},
        headers=_jurisdiction,
        same_text=frozenset({"location"}),
    ),
    CloudflareKind(
        type="cloudflare:index/r2BucketLifecycle:R2BucketLifecycle",
        sdk="pulumi_cloudflare:R2BucketLifecycle",
        named_by="bucketName",
        repeatable=True,
        replaced_on=frozenset({"accountId", "bucketName", "jurisdiction"}),
        create_at="PUT /accounts/{accountId}/r2/buckets/{bucketName}/lifecycle",
        update_at="PUT /accounts/{accountId}/r2/buckets/{bucketName}/lifecycle",
        item="/accounts/{accountId}/r2/buckets/{bucketName}/lifecycle",
        id_from="bucketName",
        import_form="{accountId}/{bucketName}/{jurisdiction}",
        aside=frozenset({"accountId", "bucketName", "jurisdiction"}),
        deletable=False,
        names=same,
        headers=_jurisdiction,
    ),
    CloudflareKind(
        type="cloudflare:index/queue:Queue",
        sdk="pulumi_cloudflare:Queue",
        named_by="queueName",
        replaced_on=_ACCOUNT,
        create_at="POST /accounts/{accountId}/queues",
        update_at="PUT /accounts/{accountId}/queues/{id}",
        item="/accounts/{accountId}/queues/{id}",
        id_in="queue_id",
        import_form="{accountId}/{id}",
        aside=_ACCOUNT,
    ),
    CloudflareKind(
        type="cloudflare:index/queueConsumer:QueueConsumer",
        sdk="pulumi_cloudflare:QueueConsumer:QueueConsumerInitArgs",
        named_by="scriptName",
        replaced_on=frozenset({"accountId", "queueId"}),
        create_at="POST /accounts/{accountId}/queues/{queueId}/consumers",
        update_at="PUT /accounts/{accountId}/queues/{queueId}/consumers/{id}",
        item="/accounts/{accountId}/queues/{queueId}/consumers/{id}",
        id_in="consumer_id",
        import_form="{accountId}/{queueId}/{id}",
        aside=frozenset({"accountId", "queueId"}),
    ),
)
