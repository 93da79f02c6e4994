"""A KV namespace with what is written into it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi_cloudflare as cloudflare
from pulumi import ComponentResource, ResourceOptions

if TYPE_CHECKING:
    from pulumi import Output

    from belfry.arguments.storage import KvNamespace as Values


@dataclass(frozen=True, slots=True, kw_only=True)
class KvNamespaceArgs:
    """What KvNamespace is made of."""

    account_id: str
    namespace: Values


class KvNamespace(ComponentResource):
    """A KV namespace. Keys that are written by others are left alone."""

    id: Output[str]
    """Cloudflare's id of it."""

    def __init__(
        self, name: str, args: KvNamespaceArgs, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("belfry:cloudflare:KvNamespace", name, None, opts)
        namespace = cloudflare.WorkersKvNamespace(
            name,
            account_id=args.account_id,
            title=args.namespace.title,
            opts=ResourceOptions(parent=self),
        )
        for entry in args.namespace.entries:
            cloudflare.WorkersKv(
                f"{name}-{entry.key}",
                account_id=args.account_id,
                namespace_id=namespace.id,
                key_name=entry.key,
                value=entry.value,
                metadata=entry.metadata,
                opts=ResourceOptions(parent=self),
            )
        self.id = namespace.id
        self.register_outputs({"id": self.id})
