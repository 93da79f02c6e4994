"""The monitoring Worker and everything it stands on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi_cloudflare as cloudflare
from pulumi import ComponentResource, Output, ResourceOptions

from belfry.arguments.worker_bindings import (
    DurableObjectBinding,
    KvBinding,
    QueueBinding,
    R2Binding,
    SecretBinding,
    TextBinding,
)
from belfry.arguments.worker_scripts import WorkerScript
from components.cloudflare.migrations import UPLOAD, base_of, digest_of, migrations_after
from components.cloudflare.r2_bucket import lifecycle_rules
from components.cloudflare.worker_upload import Bound, upload

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi import Input

    from belfry.arguments import MonitoringWorker as Values
    from belfry.arguments.worker_bindings import Binding

_MODULE = "monitoring.js"


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringWorkerArgs:
    """What MonitoringWorker is made of."""

    account_id: str
    worker: Values
    url: str
    """The address that it will have."""
    secrets: Mapping[str, Input[str]]
    """Values by the secrets' names, secret already."""


class MonitoringWorker(ComponentResource):
    """A Worker with KV, an R2 archive, a queue, Durable Objects and cron triggers.

    Its secrets are bindings, and only their values are wrapped as secrets here. The provider then
    hides the whole list of bindings in diffs, for it knows secrecy of lists only as a whole. Code,
    crons and configuration are no part of that list and stay visible. The stack's state holds no
    value in the clear.
    """

    url: Output[str]
    """The Worker's address, known once it answers there."""

    def __init__(
        self, name: str, args: MonitoringWorkerArgs, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("belfry:cloudflare:MonitoringWorker", name, None, opts)
        self._name = name
        self._args = args
        self._child = ResourceOptions(parent=self)
        namespace, configuration = self._create_configuration()
        bucket = self._create_archive()
        queue = self._create_queue()
        uploaded = self._upload(namespace, bucket, queue)
        digest = digest_of(uploaded)
        worker = args.worker
        base = base_of(self, name, account_id=args.account_id, script=worker.script, digest=digest)
        uploaded.migrations = base.apply(lambda tag: migrations_after(tag, worker.migrations))
        script = cloudflare.WorkersScript(name, uploaded, self._child)
        self._create_consumer(queue, script)
        self._create_crons(script, configuration)
        self.url = self._create_address(script)
        self._register_outputs(script, digest, base)

    def _create_configuration(
        self,
    ) -> tuple[cloudflare.WorkersKvNamespace, cloudflare.WorkersKv]:
        namespace = cloudflare.WorkersKvNamespace(
            self._name,
            account_id=self._args.account_id,
            title=self._args.worker.namespace,
            opts=self._child,
        )
        configuration = cloudflare.WorkersKv(
            f"{self._name}-config",
            account_id=self._args.account_id,
            namespace_id=namespace.id,
            key_name="config",
            value=self._args.worker.configuration,
            opts=self._child,
        )
        return namespace, configuration

    def _create_archive(self) -> cloudflare.R2Bucket:
        worker = self._args.worker
        bucket = cloudflare.R2Bucket(
            self._name,
            account_id=self._args.account_id,
            name=worker.bucket,
            storage_class="Standard",
            opts=self._child,
        )
        cloudflare.R2BucketLifecycle(
            self._name,
            account_id=self._args.account_id,
            bucket_name=bucket.name,
            rules=lifecycle_rules(worker.expiries),
            opts=self._child,
        )
        return bucket

    def _create_queue(self) -> cloudflare.Queue:
        return cloudflare.Queue(
            self._name,
            account_id=self._args.account_id,
            queue_name=self._args.worker.queue,
            # Set, because Cloudflare would fill them in. An old shard is not worth probing.
            settings={"delivery_delay": 0, "message_retention_period": 3600},
            opts=self._child,
        )

    def _upload(
        self,
        namespace: cloudflare.WorkersKvNamespace,
        bucket: cloudflare.R2Bucket,
        queue: cloudflare.Queue,
    ) -> cloudflare.WorkersScriptArgs:
        """Give everything that the upload holds, but for the migrations."""
        worker = self._args.worker
        bindings: tuple[Binding, ...] = (
            KvBinding(name="CONFIG", namespace=worker.namespace),
            R2Binding(name="ARCHIVE", bucket=worker.bucket),
            QueueBinding(name="SHARDS", queue=worker.queue),
            *(
                DurableObjectBinding(name=binding, class_name=class_name)
                for binding, class_name in worker.durable_objects
            ),
            *(TextBinding(name=binding, text=value) for binding, value in worker.variables),
            *(SecretBinding(name=binding, secret=secret) for binding, secret in worker.secrets),
        )
        script = WorkerScript(
            script=worker.script,
            code=worker.code,
            module=_MODULE,
            compatibility_date=worker.compatibility_date,
            compatibility_flags=worker.compatibility_flags,
            bindings=bindings,
        )
        bound = Bound(
            namespaces={worker.namespace: namespace.id},
            buckets={worker.bucket: bucket.name},
            queues={worker.queue: queue.queue_name},
            secrets=self._args.secrets,
        )
        return upload(self._args.account_id, script, bound)

    def _create_consumer(self, queue: cloudflare.Queue, script: cloudflare.WorkersScript) -> None:
        cloudflare.QueueConsumer(
            self._name,
            account_id=self._args.account_id,
            queue_id=queue.queue_id,
            type="worker",
            script_name=script.script_name,
            settings={"batch_size": 1, "max_retries": 1, "max_wait_time_ms": 0},
            opts=self._child,
        )

    def _create_crons(
        self, script: cloudflare.WorkersScript, configuration: cloudflare.WorkersKv
    ) -> None:
        cloudflare.WorkersCronTrigger(
            self._name,
            account_id=self._args.account_id,
            script_name=script.script_name,
            schedules=[{"cron": cron} for cron in self._args.worker.crons],
            # The first tick finds a configuration.
            opts=ResourceOptions(parent=self, depends_on=[configuration]),
        )

    def _create_address(self, script: cloudflare.WorkersScript) -> Output[str]:
        subdomain = cloudflare.WorkersScriptSubdomain(
            self._name,
            account_id=self._args.account_id,
            script_name=script.script_name,
            enabled=True,
            previews_enabled=False,
            opts=self._child,
        )
        url = self._args.url
        return subdomain.enabled.apply(lambda _: url)

    def _register_outputs(
        self, script: cloudflare.WorkersScript, digest: Output[str], base: Output[str]
    ) -> None:
        # `etag` is known after the upload: nothing is recorded of one that failed.
        recorded = {"digest": digest, "base": base, "etag": script.etag}
        self.register_outputs({"url": self.url, UPLOAD: recorded})
