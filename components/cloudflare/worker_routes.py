"""Requests of a zone that a Worker answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi_cloudflare as cloudflare
from pulumi import ComponentResource, ResourceOptions

if TYPE_CHECKING:
    from pulumi import Input

    from belfry.arguments.worker_scripts import WorkerRoutes as Values


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerRoutesArgs:
    """What WorkerRoutes is made of."""

    zone_id: str
    routes: Values
    script: Input[str]
    """The Worker's name, known once it is uploaded."""


class WorkerRoutes(ComponentResource):
    """A route a pattern. A pattern that another Worker has already is refused by Cloudflare."""

    def __init__(
        self, name: str, args: WorkerRoutesArgs, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("belfry:cloudflare:WorkerRoutes", name, None, opts)
        routes = {
            pattern: cloudflare.WorkersRoute(
                f"{name}-{pattern}",
                zone_id=args.zone_id,
                pattern=pattern,
                script=args.script,
                opts=ResourceOptions(parent=self),
            )
            for pattern in args.routes.patterns
        }
        self.register_outputs({"ids": {pattern: one.id for pattern, one in routes.items()}})
