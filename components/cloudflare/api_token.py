"""A token of Cloudflare's API with the least that a part needs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi_cloudflare as cloudflare
from pulumi import ComponentResource, Output, ResourceOptions

if TYPE_CHECKING:
    from belfry.arguments.api_tokens import ApiToken as Values
    from belfry.arguments.api_tokens import Grant


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiTokenArgs:
    """What ApiToken is made of."""

    account_id: str
    zone_id: str
    token: Values


class ApiToken(ComponentResource):
    """A token of the account. The one that deploys must be allowed to make tokens."""

    value: Output[str]
    """What it is used with, a secret; Cloudflare says it once, and the state alone keeps it."""

    def __init__(self, name: str, args: ApiTokenArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("belfry:cloudflare:ApiToken", name, None, opts)
        token = cloudflare.AccountToken(
            name,
            account_id=args.account_id,
            name=args.token.name,
            # No condition, empty or not: an empty one shows as a change after each refresh.
            policies=[_policy(grant, args) for grant in args.token.grants],
            status="active",
            expires_on=args.token.expires,
            opts=ResourceOptions(parent=self),
        )
        self.value = Output.secret(token.value)
        self.register_outputs({"id": token.id, "value": self.value})


def _policy(grant: Grant, args: ApiTokenArgs) -> cloudflare.AccountTokenPolicyArgs:
    scope = f"zone.{args.zone_id}" if grant.of_zone else args.account_id
    return cloudflare.AccountTokenPolicyArgs(
        effect="allow",
        permission_groups=[
            cloudflare.AccountTokenPolicyPermissionGroupArgs(id=group) for group in grant.groups
        ],
        # As the provider writes it when it reads it back: it compares the text.
        resources=json.dumps({f"com.cloudflare.api.account.{scope}": "*"}, separators=(",", ":")),
    )
