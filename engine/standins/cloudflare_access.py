"""Who may do what: Access applications and policies, and API tokens of the account."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from typing_extensions import override

from engine.standins.cloudflare_kind import CloudflareKind
from engine.standins.naming import objects

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.documents import Json
    from engine.standins.kinds import State
    from engine.standins.shapes import KindShape
    from engine.standins.values import Properties, Value

_ACCOUNT = frozenset({"accountId"})
_SELECTORS = {"includes": "include", "excludes": "exclude", "requires": "require"}
"""The SDK made plurals of the service's words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessApplicationKind(CloudflareKind):
    """An application whose policies are ordered by number."""

    @override
    def _body(self, shape: KindShape, inputs: Properties, old: State | None) -> Json:
        policies: list[Value] = []
        for policy in objects(inputs.get("policies")):
            before = objects(policies)
            last = before[-1]["precedence"] if before else 0
            number = last + 1 if isinstance(last, int) else 1
            policies.append({"precedence": number, **policy})
        numbered = {**inputs, "policies": policies} if policies else inputs
        return super(AccessApplicationKind, self)._body(shape, numbered, old)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountTokenKind(CloudflareKind):
    """A token whose resources are JSON text in the program and an object in the service."""

    @override
    def _body(self, shape: KindShape, inputs: Properties, old: State | None) -> Json:
        body = super(AccountTokenKind, self)._body(shape, inputs, None)
        if isinstance(body, dict) and isinstance(policies := body.get("policies"), list):
            for policy in policies:
                if isinstance(policy, dict) and isinstance(policy.get("resources"), str):
                    policy["resources"] = json.loads(str(policy["resources"]))
        return body

    @override
    def _found(self, shape: KindShape, theirs: Mapping[str, Json]) -> Properties:
        found = super(AccountTokenKind, self)._found(shape, theirs)
        for policy in objects(found.get("policies")):
            # As the service writes it; other spacing in the program is a change after a refresh.
            policy["resources"] = json.dumps(policy.get("resources"), separators=(",", ":"))
        return found


KINDS: tuple[CloudflareKind, ...] = (
    AccessApplicationKind(
        type="cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication",
        sdk="pulumi_cloudflare:ZeroTrustAccessApplication",
        named_by="name",
        replaced_on=frozenset({"accountId", "zoneId"}),
        create_at="POST /{scope}/access/apps",
        update_at="PUT /{scope}/access/apps/{id}",
        item="/{scope}/access/apps/{id}",
        id_in="id",
        import_form="{scope}/{id}",
        aside=frozenset({"accountId", "zoneId"}),
        defaults={
            "appLauncherVisible": True,
            "httpOnlyCookieAttribute": True,
            "sessionDuration": "24h",
            "destinations": {"type": "public"},
        },
        computed=frozenset(
            {
                *("domain", "name", "type", "selfHostedDomains", "destinations"),
                *("policies.precedence", "policies.id", "policies.name", "policies.decision"),
                *("policies.includes", "policies.excludes", "policies.requires"),
                *("policies.connectionRules", "policies.mfaConfig", "skipAppLauncherLoginPage"),
            }
        ),
        notices_additions=True,
        told_on_import=frozenset(
            {"autoRedirectToIdentity", "enableBindingCookie", "optionsPreflightBypass"}
        ),
        unordered=frozenset({"allowedIdps", "selfHostedDomains", "tags"}),
        sent_back=("destinations", "selfHostedDomains"),
        renamed={
            **_SELECTORS,
            "serviceAuth401Redirect": "service_auth_401_redirect",
            "targetCriterias": "target_criteria",
        },
        # Types have defaults of their own; these are those of the one that is used.
        choices={"type": ("self_hosted",)},
    ),
    CloudflareKind(
        type="cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy",
        sdk="pulumi_cloudflare:ZeroTrustAccessPolicy",
        named_by="name",
        replaced_on=_ACCOUNT,
        create_at="POST /accounts/{accountId}/access/policies",
        update_at="PUT /accounts/{accountId}/access/policies/{id}",
        item="/accounts/{accountId}/access/policies/{id}",
        id_in="id",
        import_form="{accountId}/{id}",
        aside=_ACCOUNT,
        defaults={"sessionDuration": "24h"},
        computed=frozenset({"includes"}),
        told_on_import=frozenset(
            {"approvalRequired", "isolationRequired", "purposeJustificationRequired"}
        ),
        notices_additions=True,
        unordered=frozenset({"includes", "excludes", "requires", "approvalGroups"}),
        renamed={**_SELECTORS, "userRiskScores": "user_risk_score"},
    ),
    AccountTokenKind(
        type="cloudflare:index/accountToken:AccountToken",
        sdk="pulumi_cloudflare:AccountToken",
        named_by="name",
        replaced_on=_ACCOUNT,
        create_at="POST /accounts/{accountId}/tokens",
        update_at="PUT /accounts/{accountId}/tokens/{id}",
        item="/accounts/{accountId}/tokens/{id}",
        id_in="id",
        import_form="{accountId}/{id}",
        aside=_ACCOUNT,
        unseen=frozenset({"value"}),
        computed=frozenset({"status"}),
        filled_in=frozenset({"condition"}),
        notices_additions=True,
        unordered=frozenset({"policies", "policies.permissionGroups"}),
        renamed={"ins": "in", "notIns": "not_in"},
        sealed_outputs=frozenset({"value"}),
    ),
)
