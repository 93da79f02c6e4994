"""What a rule of a ruleset may say, phase by phase."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from localcloud.cloudflare.envelope import Refusal
from localcloud.cloudflare.kinds.rows import Field, Form
from localcloud.cloudflare.taking import taken
from localcloud.cloudflare.zone_plans import PERIODS, RATE_LIMITS
from localcloud.documents import inner, texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from localcloud.cloudflare.zone_plans import RateLimits, ZonePlan
    from localcloud.documents import Document

INVALID = Refusal(status=400, code=20217, message="{reason}")
NOT_ENTITLED = Refusal(status=400, code=20217, message="not entitled: {reason}")

PHASES = (
    *("ddos_l4", "ddos_l7", "http_config_settings", "http_custom_errors"),
    *("http_log_custom_fields", "http_ratelimit", "http_request_cache_settings"),
    *("http_request_dynamic_redirect", "http_request_firewall_custom"),
    *("http_request_firewall_managed", "http_request_late_transform", "http_request_origin"),
    *("http_request_redirect", "http_request_sanitize", "http_request_sbfm"),
    *("http_request_transform", "http_response_cache_settings", "http_response_compression"),
    *("http_response_firewall_managed", "http_response_headers_transform", "magic_transit"),
    *("magic_transit_ids_managed", "magic_transit_managed", "magic_transit_ratelimit"),
)

KINDS_OF: Mapping[str, tuple[str, ...]] = {"zones": ("zone",), "accounts": ("root", "custom")}
"""The kinds of rulesets that somebody can make in a zone or account."""

_CHALLENGES = ("challenge", "js_challenge", "managed_challenge")
_ACTIONS: Mapping[str, tuple[str, ...]] = {
    "http_ratelimit": ("block", *_CHALLENGES, "log", "execute"),
    "http_request_firewall_custom": ("block", *_CHALLENGES, "log", "skip", "execute"),
}
_ANY_ACTION = (
    *("block", *_CHALLENGES, "compress_response", "ddos_dynamic", "execute"),
    *("force_connection_close", "log", "log_custom_field", "redirect", "rewrite", "route"),
    *("score", "serve_error", "set_cache_control", "set_cache_settings", "set_cache_tags"),
    *("set_config", "skip"),
)

_RATE_LIMIT = "http_ratelimit"

_RULE = (
    Field(name="ref", sparse=True, longest=255),
    Field(name="enabled", form=Form.FLAG, default=True),
    Field(name="action", required=True, values=_ANY_ACTION),
    Field(name="action_parameters", form=Form.OBJECT, sparse=True),
    Field(name="description", sparse=True, longest=500),
    Field(name="expression", required=True, longest=4096),
    Field(name="logging", form=Form.OBJECT, sparse=True),
    Field(name="exposed_credential_check", form=Form.OBJECT, sparse=True),
    Field(
        name="ratelimit",
        form=Form.OBJECT,
        sparse=True,
        inner=(
            Field(name="characteristics", form=Form.TEXTS, required=True),
            Field(name="period", form=Form.WHOLE, required=True, least=0),
            Field(name="requests_per_period", form=Form.WHOLE, sparse=True, least=1),
            Field(name="score_per_period", form=Form.WHOLE, sparse=True, least=1),
            Field(name="score_response_header_name", sparse=True),
            Field(name="mitigation_timeout", form=Form.WHOLE, sparse=True, least=0),
            Field(name="counting_expression", sparse=True),
            Field(name="requests_to_origin", form=Form.FLAG, default=False),
        ),
    ),
)

RULESET = (
    Field(name="name", required=True, longest=1024),
    Field(name="description", default="", longest=1024),
    Field(name="kind", required=True, values=("managed", "custom", "root", "zone")),
    Field(name="phase", required=True, values=PHASES),
    Field(name="rules", form=Form.OBJECTS, default=[], longest=1000),
)


def checked_rule(rule: Document, phase: str, at: str) -> Document:
    """Return what a rule becomes.

    Raises:
        RefusedError: it cannot be in this phase.

    """
    body = taken(_RULE, rule, INVALID, f"{at}.")
    action = str(body["action"])
    if action not in _ACTIONS.get(phase, _ANY_ACTION):
        raise INVALID.about(reason=f"'{action}' is not a valid value for {at}.action in {phase}")
    if action == "execute" and not inner(body, "action_parameters").get("id"):
        raise INVALID.about(reason=f"{at}.action_parameters.id is required to execute a ruleset")
    if not _balanced(str(body["expression"])):
        raise INVALID.about(reason=f"{at}.expression does not end where it should")
    limits = action != "execute" and phase == _RATE_LIMIT
    if limits and "ratelimit" not in body:
        raise INVALID.about(reason=f"{at}.ratelimit is required in {phase}")
    if "ratelimit" in body and phase != _RATE_LIMIT:
        raise INVALID.about(reason=f"{at}.ratelimit belongs to {_RATE_LIMIT} alone")
    return body


def check_rules(rules: list[Document], phase: str, plan: ZonePlan) -> None:
    """See that rules agree with each other and with the zone's plan.

    Raises:
        RefusedError: they do not.

    """
    refs = [str(rule["ref"]) for rule in rules]
    for ref in refs:
        if refs.count(ref) > 1:
            raise INVALID.about(reason=f"ref '{ref}' is used {refs.count(ref)} times")
    if phase != _RATE_LIMIT:
        return
    allowed = RATE_LIMITS[plan]
    if len(rules) > allowed.rules:
        raise NOT_ENTITLED.about(
            reason=f"{len(rules)} rate limiting rules, the {plan} plan has {allowed.rules}"
        )
    for rule in rules:
        if "ratelimit" in rule:
            _check_limit(inner(rule, "ratelimit"), str(rule["action"]), allowed, plan)


def _check_limit(limit: Document, action: str, allowed: RateLimits, plan: ZonePlan) -> None:
    characteristics = texts(limit, "characteristics")
    if "cf.colo.id" not in characteristics:
        raise INVALID.about(reason="characteristics must hold cf.colo.id")
    if "ip.src" in characteristics and "cf.unique_visitor_id" in characteristics:
        raise INVALID.about(reason="characteristics hold both ip.src and cf.unique_visitor_id")
    by = allowed.characteristics
    for one in characteristics:
        if by is not None and one not in by and one != "cf.colo.id":
            raise NOT_ENTITLED.about(reason=f"the {plan} plan cannot count by {one[:100]}")
    if limit.get("counting_expression") and not allowed.counts_elsewhere:
        raise NOT_ENTITLED.about(reason=f"the {plan} plan has no counting_expression")
    if "requests_per_period" not in limit and "score_per_period" not in limit:
        raise INVALID.about(reason="requests_per_period is required")
    periods = [seconds for seconds in PERIODS if seconds <= allowed.longest_period]
    if limit["period"] not in periods:
        raise NOT_ENTITLED.about(
            reason=f"the use of period {limit['period']}, can be one of {periods}"
        )
    _check_timeout(limit, action, allowed, plan)


def _check_timeout(limit: Document, action: str, allowed: RateLimits, plan: ZonePlan) -> None:
    timeout = limit.get("mitigation_timeout") or 0
    usual = (0, *(seconds for seconds in PERIODS if seconds <= allowed.longest_mitigation))
    fits = isinstance(timeout, int) and 0 <= timeout <= allowed.longest_mitigation
    if not fits or (timeout not in usual and not allowed.any_mitigation):
        raise NOT_ENTITLED.about(
            reason=f"the use of mitigation_timeout {timeout}, can be one of {list(usual)}"
        )
    if allowed.throttles_blocks:
        return
    if action in _CHALLENGES and timeout != 0:
        raise NOT_ENTITLED.about(reason=f"a {action} on the {plan} plan needs mitigation_timeout 0")
    if action == "block" and timeout == 0:
        raise NOT_ENTITLED.about(
            reason=f"throttling by block on the {plan} plan: set a mitigation_timeout"
        )


def _balanced(expression: str) -> bool:
    """Tell whether the quotes, brackets and braces of an expression end where they should."""
    bare = re.sub(r'r(#*)".*?"\1|"(?:[^"\\]|\\.)*"', "", expression, flags=re.DOTALL)
    open_ = []
    pairs = {")": "(", "]": "[", "}": "{"}
    for sign in bare:
        if sign == '"':
            return False
        if sign in pairs.values():
            open_.append(sign)
        elif sign in pairs and (not open_ or open_.pop() != pairs[sign]):
            return False
    return not open_
