"""Cloudflare's own probes of HTTP addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi_cloudflare as cloudflare
from pulumi import ComponentResource, ResourceOptions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi import Output

    from belfry.arguments import HealthCheck


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthChecksArgs:
    """What HealthChecks is made of."""

    zone_id: str
    checks: tuple[HealthCheck, ...]


class HealthChecks(ComponentResource):
    """Health checks of one zone.

    Every field is set, also those that Cloudflare would fill in itself: what it fills in shows as a
    change after each refresh.
    """

    ids: Mapping[str, Output[str]]
    """Cloudflare's id of each health check, by name."""

    def __init__(
        self, name: str, args: HealthChecksArgs, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("belfry:cloudflare:HealthChecks", name, None, opts)
        self.ids = {check.name: self._create(args.zone_id, check).id for check in args.checks}
        self.register_outputs({"ids": self.ids})

    def _create(self, zone_id: str, check: HealthCheck) -> cloudflare.Healthcheck:
        return cloudflare.Healthcheck(
            check.name,
            zone_id=zone_id,
            name=check.name,
            description=check.description,
            address=check.address,
            type=check.scheme,
            check_regions=list(check.regions),
            interval=check.interval,
            timeout=check.timeout,
            retries=check.retries,
            consecutive_fails=check.consecutive_fails,
            consecutive_successes=check.consecutive_successes,
            suspended=False,
            http_config={
                "method": check.method,
                "port": check.port,
                "path": check.path,
                "expected_codes": list(check.expected_codes),
                "expected_body": check.expected_body,
                "follow_redirects": False,
                "allow_insecure": False,
            },
            opts=ResourceOptions(parent=self),
        )
