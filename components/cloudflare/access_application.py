"""A page before which people say who they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import pulumi_cloudflare as cloudflare
from pulumi import ComponentResource, ResourceOptions

if TYPE_CHECKING:
    from collections.abc import Callable

    from belfry.arguments.access_applications import AccessApplication as Values
    from belfry.arguments.access_applications import AccessPolicy, Who

_Rule = TypeVar("_Rule")


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessApplicationArgs:
    """What AccessApplication is made of."""

    account_id: str
    application: Values


class AccessApplication(ComponentResource):
    """An application of Cloudflare Access, and the policies that it alone uses."""

    def __init__(
        self, name: str, args: AccessApplicationArgs, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("belfry:cloudflare:AccessApplication", name, None, opts)
        values = args.application
        policies = [self._create_policy(args.account_id, one) for one in values.policies]
        application = cloudflare.ZeroTrustAccessApplication(
            name,
            account_id=args.account_id,
            name=values.name,
            domain=values.domain,
            type="self_hosted",
            session_duration=values.session,
            app_launcher_visible=values.launcher,
            http_only_cookie_attribute=True,
            policies=[
                cloudflare.ZeroTrustAccessApplicationPolicyArgs(id=policy.id, precedence=place)
                for place, policy in enumerate(policies, 1)
            ],
            opts=ResourceOptions(parent=self),
        )
        self.register_outputs({"id": application.id})

    def _create_policy(
        self, account_id: str, policy: AccessPolicy
    ) -> cloudflare.ZeroTrustAccessPolicy:
        return cloudflare.ZeroTrustAccessPolicy(
            policy.name,
            account_id=account_id,
            name=policy.name,
            decision=policy.decision.value,
            session_duration=policy.session,
            includes=_rules(cloudflare.ZeroTrustAccessPolicyIncludeArgs, policy.include),
            excludes=_rules(cloudflare.ZeroTrustAccessPolicyExcludeArgs, policy.exclude) or None,
            requires=_rules(cloudflare.ZeroTrustAccessPolicyRequireArgs, policy.require) or None,
            opts=ResourceOptions(parent=self),
        )


def _rules(make: Callable[..., _Rule], who: Who) -> list[_Rule]:
    """Give a rule each, for one of the three lists of a policy, which take the same."""
    return [
        *(make(email={"email": mail}) for mail in who.mails),
        *(make(email_domain={"domain": domain}) for domain in who.domains),
        *(make(group={"id": group}) for group in who.groups),
        *(make(service_token={"token_id": token}) for token in who.service_tokens),
        *(make(ip={"ip": address}) for address in who.addresses),
        *([make(everyone={})] if who.everyone else ()),
    ]
