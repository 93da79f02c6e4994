"""A queue and the Worker that empties it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pulumi_cloudflare as cloudflare
from pulumi import ComponentResource, ResourceOptions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi import Input, Output

    from belfry.arguments.storage import Queue as Values
    from belfry.arguments.storage import QueueConsumer


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueArgs:
    """What Queue is made of."""

    account_id: str
    queue: Values
    scripts: Mapping[str, Input[str]] = field(default_factory=dict)
    """Workers' names, known once they are uploaded, by those names; they make the order."""


class Queue(ComponentResource):
    """A queue, with its consumer if it has one."""

    queue: Output[str]
    """Its name, known once it exists."""

    def __init__(self, name: str, args: QueueArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("belfry:cloudflare:Queue", name, None, opts)
        queue = cloudflare.Queue(
            name,
            account_id=args.account_id,
            queue_name=args.queue.name,
            # Set, because Cloudflare would fill them in.
            settings=cloudflare.QueueSettingsArgs(
                delivery_delay=args.queue.delay, message_retention_period=args.queue.keeps
            ),
            opts=ResourceOptions(parent=self),
        )
        if args.queue.consumer is not None:
            self._create_consumer(name, args, args.queue.consumer, queue)
        self.queue = queue.queue_name
        self.register_outputs({"queue": self.queue})

    def _create_consumer(
        self, name: str, args: QueueArgs, consumer: QueueConsumer, queue: cloudflare.Queue
    ) -> None:
        cloudflare.QueueConsumer(
            name,
            account_id=args.account_id,
            queue_id=queue.queue_id,
            type="worker",
            script_name=args.scripts.get(consumer.script, consumer.script),
            dead_letter_queue=consumer.dead_letters,
            settings=cloudflare.QueueConsumerSettingsArgs(
                batch_size=consumer.batch,
                max_retries=consumer.retries,
                max_wait_time_ms=consumer.wait,
                max_concurrency=consumer.concurrency,
            ),
            opts=ResourceOptions(parent=self),
        )
