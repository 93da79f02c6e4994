"""A project of Cloudflare Pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi_cloudflare as cloudflare
from pulumi import ComponentResource, Output, ResourceOptions

if TYPE_CHECKING:
    from belfry.arguments.sites import PagesProject as Values


@dataclass(frozen=True, slots=True, kw_only=True)
class PagesProjectArgs:
    """What PagesProject is made of."""

    account_id: str
    project: Values


class PagesProject(ComponentResource):
    """A project that files are uploaded to.

    Neither build nor deployment settings are said: what is said of them must be said whole, for
    both environments, or each refresh shows a change.
    """

    name: Output[str]
    """Its name, known once it exists."""

    def __init__(
        self, name: str, args: PagesProjectArgs, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("belfry:cloudflare:PagesProject", name, None, opts)
        project = cloudflare.PagesProject(
            name,
            account_id=args.account_id,
            name=args.project.name,
            production_branch=args.project.branch,
            opts=ResourceOptions(parent=self),
        )
        self.name = project.name
        self.register_outputs({"name": self.name, "subdomain": project.subdomain})
