"""A D1 database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi_cloudflare as cloudflare
from pulumi import ComponentResource, ResourceOptions

if TYPE_CHECKING:
    from pulumi import Output

    from belfry.arguments.databases import D1Database as Values


@dataclass(frozen=True, slots=True, kw_only=True)
class D1DatabaseArgs:
    """What D1Database is made of."""

    account_id: str
    database: Values


class D1Database(ComponentResource):
    """A D1 database. A changed name replaces it: what is in the old one is lost."""

    id: Output[str]
    """Cloudflare's id of it."""

    def __init__(
        self, name: str, args: D1DatabaseArgs, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("belfry:cloudflare:D1Database", name, None, opts)
        database = cloudflare.D1Database(
            name,
            account_id=args.account_id,
            name=args.database.name,
            primary_location_hint=args.database.location,
            # Set, because Cloudflare would fill it in.
            read_replication=cloudflare.D1DatabaseReadReplicationArgs(
                mode="auto" if args.database.replicas else "disabled"
            ),
            opts=ResourceOptions(parent=self),
        )
        self.id = database.id
        self.register_outputs({"id": self.id})
