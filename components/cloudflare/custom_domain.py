"""A host name that is a Worker's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi_cloudflare as cloudflare
from pulumi import ComponentResource, Output, ResourceOptions

if TYPE_CHECKING:
    from pulumi import Input

    from belfry.arguments.worker_scripts import CustomDomain as Values


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomDomainArgs:
    """What CustomDomain is made of."""

    account_id: str
    zone_id: str
    domain: Values
    script: Input[str]
    """The Worker's name, known once it is uploaded."""


class CustomDomain(ComponentResource):
    """A custom domain of a Worker.

    It has no update. Replaced in the usual order, the new one is made under the id of the old one,
    and the deletion of the old one then takes the new one with it: so it is deleted first.
    """

    url: Output[str]
    """Its address, known once it is made."""

    def __init__(
        self, name: str, args: CustomDomainArgs, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("belfry:cloudflare:CustomDomain", name, None, opts)
        domain = cloudflare.WorkersCustomDomain(
            name,
            account_id=args.account_id,
            zone_id=args.zone_id,
            hostname=args.domain.hostname,
            service=args.script,
            opts=ResourceOptions(parent=self, delete_before_replace=True),
        )
        self.url = Output.concat("https://", domain.hostname)
        self.register_outputs({"url": self.url})
