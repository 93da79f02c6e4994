"""Zero Trust Access: reusable policies, and the applications that they let people into."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from localcloud.cloudflare.envelope import Refusal
from localcloud.cloudflare.kinds.rows import Draft, Field, Form, Identity, Kind
from localcloud.documents import MalformedError, documents, text, texts
from localcloud.moments import plain

if TYPE_CHECKING:
    from localcloud.documents import Document, Value
    from localcloud.store import Object, Store

_DURATION = r"(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+"

_MALFORMED = Refusal(status=400, code=12130, message="access.api.error.invalid_request: {reason}")
_NO_POLICY = Refusal(
    status=400, code=12130, message="access.api.error.invalid_request: policy {id} not found"
)

_WHO = (
    *("anyone", "any_valid_service_token", "auth_context", "auth_method", "azureAD"),
    *("certificate", "common_name", "device_posture", "email", "email_domain", "email_list"),
    *("everyone", "external_evaluation", "geo", "github-organization", "group", "gsuite", "ip"),
    *("ip_list", "linked_app_token", "login_method", "oidc", "okta", "saml", "service_token"),
    "user_risk_score",
)
"""Keys of a rule: what it asks of whoever comes."""

_WITH_DOMAIN = ("self_hosted", "ssh", "vnc", "rdp", "bookmark", "mcp_portal")
_TYPES = (
    *_WITH_DOMAIN,
    *("saas", "app_launcher", "warp", "biso", "dash_sso", "infrastructure", "mcp"),
    "proxy_endpoint",
)


def _check_rules(draft: Draft) -> None:
    for name in ("include", "exclude", "require"):
        for rule in documents(draft.body, name):
            if len(rule) != 1 or next(iter(rule)) not in _WHO:
                asked = ", ".join(rule)[:100] or "nothing"
                raise _MALFORMED.about(reason=f"{name} asks for {asked}")


def _tell_use(store: Store, policy: Object, told: Document) -> Document:
    used = sum(
        any(used.get("id") == policy.id for used in documents(app.body, "policies"))
        for app in store.all("access-applications", policy.scope)
    )
    return {**told, "reusable": True, "app_count": used}


def _check_application(draft: Draft) -> None:
    body = draft.body
    places = set()
    for policy in documents(body, "policies"):
        identifier = text(policy, "id")
        if not _is_policy(draft, identifier):
            raise _NO_POLICY.about(id=identifier[:100])
        place = policy.get("precedence")
        if place in places:
            raise _MALFORMED.about(reason=f"two policies have the precedence {place}")
        if place is not None:
            places.add(place)
    if body["type"] not in _WITH_DOMAIN:
        return
    domains = _domains(body)
    if not domains:
        raise _MALFORMED.about(reason="domain is required")
    body["domain"] = body.get("domain") or domains[0]
    if body.get("destinations") is None:
        body["destinations"] = [{"type": "public", "uri": domain} for domain in domains]
    if body.get("self_hosted_domains") is None:
        body["self_hosted_domains"] = list(domains)


def _is_policy(draft: Draft, identifier: str) -> bool:
    """Tell whether there is a policy of an id; a zone's applications use those of its account."""
    if draft.scope.startswith("zones/"):
        return any(held.id == identifier for held in draft.store.all("access-policies"))
    return draft.store.get("access-policies", draft.scope, identifier) is not None


def _domains(body: Document) -> list[str]:
    """Return where an application is, from whichever field says so."""
    own = body.get("domain")
    if isinstance(own, str) and own:
        return [own]
    try:
        listed = texts(body, "self_hosted_domains")
        places = [text(place, "uri") for place in documents(body, "destinations")]
    except MalformedError as problem:
        raise _MALFORMED.about(reason=str(problem)) from problem
    return [*places, *listed]


def _audience(_draft: Draft) -> Document:
    return {"aud": secrets.token_hex(32)}


def _tell_application(_store: Store, app: Object, told: Document) -> Document:
    policies: list[Value] = []
    for place, policy in enumerate(documents(told, "policies"), start=1):
        policies.append({**policy, "precedence": policy.get("precedence") or place})
    return {**told, "uid": app.id, "policies": policies}


KINDS = (
    Kind(
        name="access-policies",
        pulumi_type="cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy",
        paths=("/accounts/{scope}/access/policies",),
        fields=(
            Field(name="name", required=True),
            Field(
                name="decision",
                required=True,
                values=("allow", "deny", "non_identity", "bypass"),
            ),
            Field(name="include", form=Form.OBJECTS, default=[]),
            Field(name="exclude", form=Form.OBJECTS, default=[]),
            Field(name="require", form=Form.OBJECTS, default=[]),
            Field(name="session_duration", default="24h", pattern=_DURATION),
            Field(name="approval_required", form=Form.FLAG, default=False),
            Field(name="approval_groups", form=Form.OBJECTS, sparse=True),
            Field(name="isolation_required", form=Form.FLAG, default=False),
            Field(name="purpose_justification_required", form=Form.FLAG, default=False),
            Field(name="purpose_justification_prompt", sparse=True),
            Field(name="connection_rules", form=Form.OBJECT, sparse=True),
            Field(name="mfa_config", form=Form.OBJECT, sparse=True),
        ),
        natural="name",
        identity=Identity.UUID,
        created="created_at",
        modified="updated_at",
        stamp=plain,
        check=_check_rules,
        tell=_tell_use,
        missing=Refusal(status=404, code=12130, message="access.api.error.not_found"),
        malformed=_MALFORMED,
    ),
    Kind(
        name="access-applications",
        pulumi_type="cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication",
        paths=("/accounts/{scope}/access/apps", "/zones/{scope}/access/apps"),
        filters={"name": "name", "domain": "domain", "aud": "aud"},
        fields=(
            Field(name="name", default=""),
            Field(name="type", default="self_hosted", values=_TYPES),
            Field(name="domain", sparse=True, longest=2048),
            Field(
                name="destinations",
                form=Form.OBJECTS,
                sparse=True,
                inner=(
                    Field(
                        name="type",
                        default="public",
                        values=("public", "private", "via_mcp_server_portal"),
                    ),
                    Field(name="uri", sparse=True),
                    Field(name="cidr", sparse=True),
                    Field(name="hostname", sparse=True),
                    Field(name="l4_protocol", sparse=True, values=("tcp", "udp")),
                    Field(name="mcp_server_id", sparse=True),
                    Field(name="port_range", sparse=True),
                    Field(name="vnet_id", sparse=True),
                ),
            ),
            Field(name="self_hosted_domains", form=Form.TEXTS, sparse=True),
            Field(
                name="policies",
                form=Form.OBJECTS,
                default=[],
                inner=(
                    Field(name="id", required=True),
                    Field(name="precedence", form=Form.WHOLE, sparse=True, least=1),
                ),
            ),
            Field(name="session_duration", default="24h", pattern=_DURATION),
            Field(name="app_launcher_visible", form=Form.FLAG, default=True),
            Field(name="auto_redirect_to_identity", form=Form.FLAG, default=False),
            Field(name="enable_binding_cookie", form=Form.FLAG, default=False),
            Field(name="http_only_cookie_attribute", form=Form.FLAG, default=True),
            Field(name="options_preflight_bypass", form=Form.FLAG, default=False),
            Field(name="path_cookie_attribute", form=Form.FLAG, sparse=True),
            Field(name="service_auth_401_redirect", form=Form.FLAG, sparse=True),
            Field(name="skip_interstitial", form=Form.FLAG, sparse=True),
            Field(name="allow_iframe", form=Form.FLAG, sparse=True),
            Field(name="allow_authenticate_via_warp", form=Form.FLAG, sparse=True),
            Field(
                name="same_site_cookie_attribute",
                sparse=True,
                values=("none", "lax", "strict"),
            ),
            Field(name="allowed_idps", form=Form.TEXTS, default=[]),
            Field(name="tags", form=Form.TEXTS, default=[]),
            Field(name="custom_pages", form=Form.TEXTS, sparse=True),
            Field(name="custom_deny_message", sparse=True),
            Field(name="custom_deny_url", sparse=True),
            Field(name="custom_non_identity_deny_url", sparse=True),
            Field(name="logo_url", sparse=True),
            Field(name="cors_headers", form=Form.OBJECT, sparse=True),
            Field(name="landing_page_design", form=Form.OBJECT, sparse=True),
            Field(name="saas_app", form=Form.OBJECT, sparse=True),
            Field(name="scim_config", form=Form.OBJECT, sparse=True),
            Field(name="mfa_config", form=Form.OBJECT, sparse=True),
            Field(name="target_criteria", form=Form.OBJECTS, sparse=True),
            Field(name="footer_links", form=Form.OBJECTS, sparse=True),
            Field(name="header_bg_color", sparse=True),
            Field(name="bg_color", sparse=True),
            Field(name="app_launcher_logo_url", sparse=True),
        ),
        natural="name",
        identity=Identity.UUID,
        made=_audience,
        created="created_at",
        modified="updated_at",
        stamp=plain,
        check=_check_application,
        tell=_tell_application,
        missing=Refusal(status=404, code=11021, message="access.api.error.not_found"),
        malformed=_MALFORMED,
    ),
)
