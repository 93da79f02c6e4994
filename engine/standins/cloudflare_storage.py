"""Where data lies: R2 buckets with their rules, queues, D1, Hyperdrive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from typing_extensions import override

from engine.standins.cloudflare import filled, request, result
from engine.standins.cloudflare_kind import CloudflareKind
from engine.standins.kinds import State, with_defaults
from engine.standins.naming import same, snake

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.standins.api import Api
    from engine.standins.shapes import KindShape
    from engine.standins.values import Properties


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


_ACCOUNT = frozenset({"accountId"})


def _rules_of_a_bucket(name: str, path: str, *, notices_additions: bool = False) -> CloudflareKind:
    """The list of rules that a bucket has one of: written whole, and never deleted."""
    place = f"/accounts/{{accountId}}/r2/buckets/{{bucketName}}/{path}"
    of_bucket = frozenset({"accountId", "bucketName", "jurisdiction"})
    return CloudflareKind(
        type=f"cloudflare:index/r2Bucket{name}:R2Bucket{name}",
        sdk=f"pulumi_cloudflare:R2Bucket{name}",
        named_by="bucketName",
        repeatable=True,
        replaced_on=of_bucket,
        create_at=f"PUT {place}",
        update_at=f"PUT {place}",
        item=place,
        id_from="bucketName",
        import_form="",
        aside=of_bucket,
        deletable=False,
        names=same,
        headers=_jurisdiction,
        defaults={"jurisdiction": "default"},
        notices_additions=notices_additions,
    )


KINDS: tuple[CloudflareKind, ...] = (
    R2BucketKind(
        type="cloudflare:index/r2Bucket:R2Bucket",
        sdk="pulumi_cloudflare:R2Bucket",
        named_by="name",
        replaced_on=frozenset({"accountId", "name"}),
        fixed=frozenset({"location"}),
        create_at="POST /accounts/{accountId}/r2/buckets",
        update_at="PATCH /accounts/{accountId}/r2/buckets/{name}",
        item="/accounts/{accountId}/r2/buckets/{name}",
        id_from="name",
        import_form="{accountId}/{name}/{jurisdiction}",
        defaults={"storageClass": "Standard", "jurisdiction": "default"},
        aside=frozenset({"accountId", "jurisdiction"}),
        names=same,
        read_names=snake,
        renamed={"location": "locationHint"},
        read_renamed={},
        headers=_jurisdiction,
        same_text=frozenset({"location"}),
        computed=frozenset({"location"}),
    ),
    _rules_of_a_bucket("Lifecycle", "lifecycle"),
    _rules_of_a_bucket("Lock", "lock", notices_additions=True),
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
        notices_additions=True,
        computed=frozenset(
            {
                "settings",
                "settings.deliveryDelay",
                "settings.deliveryPaused",
                "settings.messageRetentionPeriod",
            }
        ),
    ),
    CloudflareKind(
        type="cloudflare:index/queueConsumer:QueueConsumer",
        sdk="pulumi_cloudflare:QueueConsumer:QueueConsumerInitArgs",
        named_by="scriptName",
        replaced_on=frozenset({"accountId", "queueId"}),
        create_at="POST /accounts/{accountId}/queues/{queueId}/consumers",
        update_at="PUT /accounts/{accountId}/queues/{queueId}/consumers/{consumerId}",
        item="/accounts/{accountId}/queues/{queueId}/consumers/{consumerId}",
        id_in="consumer_id",
        id_told="missing ID",
        import_form="",
        aside=frozenset({"accountId", "queueId"}),
        notices_additions=True,
        computed=frozenset(
            {
                "scriptName",
                "settings",
                "settings.batchSize",
                "settings.maxConcurrency",
                "settings.maxRetries",
                "settings.maxWaitTimeMs",
                "settings.retryDelay",
                "settings.visibilityTimeoutMs",
            }
        ),
    ),
    CloudflareKind(
        type="cloudflare:index/d1Database:D1Database",
        sdk="pulumi_cloudflare:D1Database",
        named_by="name",
        replaced_on=frozenset({"accountId", "name", "jurisdiction", "primaryLocationHint"}),
        create_at="POST /accounts/{accountId}/d1/database",
        update_at="PUT /accounts/{accountId}/d1/database/{id}",
        item="/accounts/{accountId}/d1/database/{id}",
        id_in="uuid",
        import_form="{accountId}/{id}",
        aside=_ACCOUNT,
        unseen=frozenset({"primaryLocationHint"}),
        filled_in=frozenset({"readReplication"}),
        notices_additions=True,
    ),
    CloudflareKind(
        type="cloudflare:index/hyperdriveConfig:HyperdriveConfig",
        sdk="pulumi_cloudflare:HyperdriveConfig",
        named_by="name",
        replaced_on=_ACCOUNT,
        create_at="POST /accounts/{accountId}/hyperdrive/configs",
        update_at="PUT /accounts/{accountId}/hyperdrive/configs/{id}",
        item="/accounts/{accountId}/hyperdrive/configs/{id}",
        id_in="id",
        import_form="{accountId}/{id}",
        aside=_ACCOUNT,
        defaults={"caching": {"disabled": False}},
        unseen=frozenset({"origin.password", "origin.accessClientSecret"}),
        computed=frozenset({"originConnectionLimit"}),
        notices_additions=True,
        sealed=(("origin", "password"), ("origin", "accessClientSecret")),
        choices={"origin.scheme": ("postgres", "postgresql", "mysql")},
        bounds={"originConnectionLimit": ((5, 100),)},
    ),
)
