"""An upload of a Worker: everything but the migrations, from its values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pulumi_cloudflare as cloudflare

from belfry.arguments.worker_bindings import (
    AnalyticsEngineBinding,
    D1Binding,
    DurableObjectBinding,
    HyperdriveBinding,
    JsonBinding,
    KvBinding,
    MailBinding,
    QueueBinding,
    R2Binding,
    RateLimitBinding,
    SecretBinding,
    ServiceBinding,
    StoredSecretBinding,
    TextBinding,
    VersionBinding,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi import Input

    from belfry.arguments.worker_bindings import Binding
    from belfry.arguments.worker_scripts import Observability, WorkerScript


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What bindings lead to, by the names that the bindings say; it makes the order.

    What is not here is taken by its name, as something that exists already.
    """

    namespaces: Mapping[str, Input[str]] = field(default_factory=dict)
    """KV namespaces' ids, by title."""
    databases: Mapping[str, Input[str]] = field(default_factory=dict)
    """D1 databases' ids."""
    hyperdrives: Mapping[str, Input[str]] = field(default_factory=dict)
    """Ids of Hyperdrive's configurations."""
    buckets: Mapping[str, Input[str]] = field(default_factory=dict)
    """Buckets' names, known once they exist."""
    queues: Mapping[str, Input[str]] = field(default_factory=dict)
    """Queues' names, known once they exist."""
    scripts: Mapping[str, Input[str]] = field(default_factory=dict)
    """Other Workers' names, known once they exist."""
    secrets: Mapping[str, Input[str]] = field(default_factory=dict)
    """Values by the secrets' names, secret already."""


def upload(account_id: str, worker: WorkerScript, bound: Bound) -> cloudflare.WorkersScriptArgs:
    """Give everything that the upload holds, but for the migrations.

    Neither `placement` nor `files`: providers in use send an empty upload for the first and drop
    the second in silence.

    Raises:
        KeyError: a binding names a namespace, database or secret that `bound` does not have.

    """
    limits = worker.limits
    return cloudflare.WorkersScriptArgs(
        account_id=account_id,
        script_name=worker.script,
        main_module=worker.module,
        content=worker.code,
        compatibility_date=worker.compatibility_date,
        compatibility_flags=list(worker.compatibility_flags),
        bindings=[binding_args(one, bound) for one in worker.bindings],
        observability=_observability(worker.observability),
        tail_consumers=[
            cloudflare.WorkersScriptTailConsumerArgs(service=bound.scripts.get(name, name))
            for name in worker.tail_consumers
        ]
        or None,
        limits=cloudflare.WorkersScriptLimitsArgs(cpu_ms=limits.cpu, subrequests=limits.subrequests)
        if limits
        else None,
    )


def binding_args(  # noqa: PLR0912 -- a table of kinds, in the language's own form
    binding: Binding, bound: Bound
) -> cloudflare.WorkersScriptBindingArgs:
    """Give a binding as the provider takes it."""
    make = cloudflare.WorkersScriptBindingArgs
    name = binding.name
    match binding:
        case KvBinding(namespace=title):
            return make(name=name, type="kv_namespace", namespace_id=bound.namespaces[title])
        case R2Binding(bucket=bucket):
            named = bound.buckets.get(bucket, bucket)
            return make(name=name, type="r2_bucket", bucket_name=named)
        case QueueBinding(queue=queue):
            return make(name=name, type="queue", queue_name=bound.queues.get(queue, queue))
        case D1Binding(database=database):
            return make(name=name, type="d1", id=bound.databases[database])
        case HyperdriveBinding(configuration=configuration):
            return make(name=name, type="hyperdrive", id=bound.hyperdrives[configuration])
        case AnalyticsEngineBinding(dataset=dataset):
            return make(name=name, type="analytics_engine", dataset=dataset)
        case DurableObjectBinding(class_name=class_name, script=script):
            of = bound.scripts.get(script, script) if script else None
            kind = "durable_object_namespace"
            return make(name=name, type=kind, class_name=class_name, script_name=of)
        case TextBinding(text=text):
            return make(name=name, type="plain_text", text=text)
        case JsonBinding(json=text):
            return make(name=name, type="json", json=text)
        case SecretBinding(secret=secret):
            return make(name=name, type="secret_text", text=bound.secrets[secret.name])
        case StoredSecretBinding(store=store, secret=stored):
            kind = "secrets_store_secret"
            return make(name=name, type=kind, store_id=store, secret_name=stored)
        case RateLimitBinding(namespace=namespace, limit=limit, period=period):
            simple = cloudflare.WorkersScriptBindingSimpleArgs(limit=limit, period=period)
            return make(name=name, type="ratelimit", namespace_id=namespace, simple=simple)
        case ServiceBinding(script=script, entrypoint=entrypoint):
            service = bound.scripts.get(script, script)
            return make(name=name, type="service", service=service, entrypoint=entrypoint)
        case MailBinding(to=to, allowed=allowed):
            return make(
                name=name,
                type="send_email",
                destination_address=to,
                allowed_destination_addresses=list(allowed) or None,
            )
        case VersionBinding():
            return make(name=name, type="version_metadata")


def _observability(values: Observability) -> cloudflare.WorkersScriptObservabilityArgs:
    """Say all of it, because Cloudflare would fill it in."""
    return cloudflare.WorkersScriptObservabilityArgs(
        enabled=values.enabled,
        head_sampling_rate=values.sample,
        logs=cloudflare.WorkersScriptObservabilityLogsArgs(
            enabled=values.enabled,
            head_sampling_rate=values.sample,
            invocation_logs=values.invocations,
            persist=True,
        ),
    )
