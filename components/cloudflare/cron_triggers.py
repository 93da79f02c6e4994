"""When a Worker is woken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi_cloudflare as cloudflare
from pulumi import ComponentResource, ResourceOptions

if TYPE_CHECKING:
    from pulumi import Input

    from belfry.arguments.worker_scripts import CronTriggers as Values


@dataclass(frozen=True, slots=True, kw_only=True)
class CronTriggersArgs:
    """What CronTriggers is made of."""

    account_id: str
    triggers: Values
    script: Input[str]
    """The Worker's name, known once it is uploaded."""


class CronTriggers(ComponentResource):
    """Cron triggers of one Worker.

    Deleting them makes no call: they go with the Worker. Emptied or changed by hand, no refresh
    notices; `belfry drift` does.
    """

    def __init__(
        self, name: str, args: CronTriggersArgs, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("belfry:cloudflare:CronTriggers", name, None, opts)
        trigger = cloudflare.WorkersCronTrigger(
            name,
            account_id=args.account_id,
            script_name=args.script,
            schedules=[
                cloudflare.WorkersCronTriggerScheduleArgs(cron=cron) for cron in args.triggers.crons
            ],
            opts=ResourceOptions(parent=self),
        )
        self.register_outputs({"script": trigger.script_name})
