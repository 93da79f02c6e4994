"""The monitoring Worker and everything it stands on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi_cloudflare as cloudflare
from pulumi import ComponentResource, Output, ResourceOptions

from components.cloudflare.migrations import UPLOAD, base_of, digest_of, migrations_after

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi import Input

    from belfry.arguments import MonitoringWorker as Values

_Binding = cloudflare.WorkersScriptBindingArgs
_MODULE = "monitoring.js"
_DAY = 86_400


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
        upload = self._upload(namespace, bucket, queue)
        digest = digest_of(upload)
        worker = args.worker
        base = base_of(self, name, account_id=args.account_id, script=worker.script, digest=digest)
        upload.migrations = base.apply(lambda tag: migrations_after(tag, worker.migrations))
        script = cloudflare.WorkersScript(name, upload, self._child)
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
            rules=[
                {
                    "id": expiry.name,
                    "enabled": True,
                    "conditions": {"prefix": expiry.prefix},
                    "delete_objects_transition": {
                        "condition": {"type": "Age", "max_age": -(-expiry.age // _DAY) * _DAY}
                    },
                }
                for expiry in worker.expiries
            ],
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
        worker, secrets = self._args.worker, self._args.secrets
        bindings = [
            _Binding(name="CONFIG", type="kv_namespace", namespace_id=namespace.id),
            _Binding(name="ARCHIVE", type="r2_bucket", bucket_name=bucket.name),
            _Binding(name="SHARDS", type="queue", queue_name=queue.queue_name),
            *(
                _Binding(name=binding, type="durable_object_namespace", class_name=class_name)
                for binding, class_name in worker.durable_objects
            ),
            *(
                _Binding(name=binding, type="plain_text", text=value)
                for binding, value in worker.variables
            ),
            *(
                _Binding(name=binding, type="secret_text", text=secrets[secret.name])
                for binding, secret in worker.secrets
            ),
        ]
        # Neither `placement` nor `files`: providers in use send an empty upload for the first and
        # drop the second in silence. `observability` is set because Cloudflare would fill it in.
        return cloudflare.WorkersScriptArgs(
            account_id=self._args.account_id,
            script_name=worker.script,
            main_module=_MODULE,
            content=worker.code,
            compatibility_date=worker.compatibility_date,
            compatibility_flags=list(worker.compatibility_flags),
            bindings=bindings,
            observability=cloudflare.WorkersScriptObservabilityArgs(
                enabled=True,
                head_sampling_rate=1,
                logs=cloudflare.WorkersScriptObservabilityLogsArgs(
                    enabled=True, head_sampling_rate=1, invocation_logs=True, persist=True
                ),
            ),
        )

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
        upload = {"digest": digest, "base": base, "etag": script.etag}
        self.register_outputs({"url": self.url, UPLOAD: upload})
