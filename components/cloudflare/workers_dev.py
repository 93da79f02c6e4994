"""A Worker's address under workers.dev."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi_cloudflare as cloudflare
from pulumi import ComponentResource, ResourceOptions

if TYPE_CHECKING:
    from pulumi import Input, Output

    from belfry.arguments.worker_scripts import WorkersDev as Values


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkersDevArgs:
    """What WorkersDev is made of."""

    account_id: str
    address: Values
    script: Input[str]
    """The Worker's name, known once it is uploaded."""


class WorkersDev(ComponentResource):
    """Whether a Worker is reached under workers.dev, and each of its versions too."""

    enabled: Output[bool]
    """Known once it is so."""

    def __init__(
        self, name: str, args: WorkersDevArgs, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("belfry:cloudflare:WorkersDev", name, None, opts)
        subdomain = cloudflare.WorkersScriptSubdomain(
            name,
            account_id=args.account_id,
            script_name=args.script,
            enabled=args.address.enabled,
            previews_enabled=args.address.previews,
            opts=ResourceOptions(parent=self),
        )
        self.enabled = subdomain.enabled
        self.register_outputs({"enabled": self.enabled})
