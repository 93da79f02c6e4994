"""Visits, counted by a script in the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi_cloudflare as cloudflare
from pulumi import ComponentResource, ResourceOptions

if TYPE_CHECKING:
    from pulumi import Output

    from belfry.arguments.sites import WebAnalyticsSite as Values


@dataclass(frozen=True, slots=True, kw_only=True)
class WebAnalyticsSiteArgs:
    """What WebAnalyticsSite is made of."""

    account_id: str
    zone_id: str
    site: Values


class WebAnalyticsSite(ComponentResource):
    """A site of Web Analytics, by its host or as the stack's zone."""

    token: Output[str]
    """What the script tells; anybody who looks at the page can read it."""

    def __init__(
        self, name: str, args: WebAnalyticsSiteArgs, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("belfry:cloudflare:WebAnalyticsSite", name, None, opts)
        values = args.site
        site = cloudflare.WebAnalyticsSite(
            name,
            account_id=args.account_id,
            host=values.host,
            zone_tag=args.zone_id if values.of_zone else None,
            # Only a zone that Cloudflare serves can be given the script, and only there is said
            # back whether it is on.
            auto_install=values.of_zone,
            enabled=True if values.of_zone else None,
            lite=values.lite if values.of_zone else None,
            opts=ResourceOptions(parent=self),
        )
        self.token = site.site_token
        self.register_outputs({"id": site.id, "token": self.token})
