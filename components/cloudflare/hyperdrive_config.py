"""A database elsewhere, through Hyperdrive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi_cloudflare as cloudflare
from pulumi import ComponentResource, ResourceOptions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi import Input, Output

    from belfry.arguments.databases import HyperdriveConfig as Values


@dataclass(frozen=True, slots=True, kw_only=True)
class HyperdriveConfigArgs:
    """What HyperdriveConfig is made of."""

    account_id: str
    configuration: Values
    secrets: Mapping[str, Input[str]]
    """Values by the secrets' names, secret already."""


class HyperdriveConfig(ComponentResource):
    """Hyperdrive before one database. Everything is said, because Cloudflare would fill it in."""

    id: Output[str]
    """Cloudflare's id of it."""

    def __init__(
        self, name: str, args: HyperdriveConfigArgs, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("belfry:cloudflare:HyperdriveConfig", name, None, opts)
        values = args.configuration
        configuration = cloudflare.HyperdriveConfig(
            name,
            account_id=args.account_id,
            name=values.name,
            origin=cloudflare.HyperdriveConfigOriginArgs(
                scheme=values.scheme,
                host=values.host,
                port=values.port,
                database=values.database,
                user=values.user,
                password=args.secrets[values.password.name],
            ),
            # The ages are of answers that are kept: said with `disabled`, they are not told back.
            caching=cloudflare.HyperdriveConfigCachingArgs(
                disabled=False, max_age=values.max_age, stale_while_revalidate=values.stale
            )
            if values.cached
            else cloudflare.HyperdriveConfigCachingArgs(disabled=True),
            origin_connection_limit=values.connections,
            opts=ResourceOptions(parent=self),
        )
        self.id = configuration.id
        self.register_outputs({"id": self.id})
