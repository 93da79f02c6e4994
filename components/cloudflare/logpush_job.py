"""Logs that Cloudflare pushes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi_cloudflare as cloudflare
from pulumi import ComponentResource, ResourceOptions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi import Input

    from belfry.arguments.logpush import LogpushJob as Values


@dataclass(frozen=True, slots=True, kw_only=True)
class LogpushJobArgs:
    """What LogpushJob is made of."""

    account_id: str
    zone_id: str
    job: Values
    secrets: Mapping[str, Input[str]]
    """Values by the secrets' names, secret already."""


class LogpushJob(ComponentResource):
    """A job of the account or of the zone, as its dataset is."""

    def __init__(
        self, name: str, args: LogpushJobArgs, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("belfry:cloudflare:LogpushJob", name, None, opts)
        values = args.job
        of_zone = values.dataset.of_zone
        job = cloudflare.LogpushJob(
            name,
            account_id=None if of_zone else args.account_id,
            zone_id=args.zone_id if of_zone else None,
            name=values.name,
            dataset=values.dataset.value,
            destination_conf=args.secrets[values.destination.name],
            enabled=values.enabled,
            output_options=cloudflare.LogpushJobOutputOptionsArgs(
                output_type="ndjson",
                field_names=list(values.fields),
                timestamp_format="rfc3339",
                sample_rate=values.sample,
            ),
            opts=ResourceOptions(parent=self),
        )
        self.register_outputs({"id": job.id})
