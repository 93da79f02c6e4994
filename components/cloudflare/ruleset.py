"""Rate limits and other rules for requests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi_cloudflare as cloudflare
from pulumi import ComponentResource, ResourceOptions

if TYPE_CHECKING:
    from belfry.arguments.rulesets import Answer, Rate, RequestRule
    from belfry.arguments.rulesets import Ruleset as Values

_DATA_CENTRE = "cf.colo.id"
"""Cloudflare counts in each data centre, and wants to be told so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesetArgs:
    """What Ruleset is made of."""

    account_id: str
    zone_id: str
    ruleset: Values


class Ruleset(ComponentResource):
    """All rules of one phase. Each has a `ref`, so that one more does not change the others."""

    def __init__(self, name: str, args: RulesetArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("belfry:cloudflare:Ruleset", name, None, opts)
        values = args.ruleset
        ruleset = cloudflare.Ruleset(
            name,
            account_id=args.account_id if values.of_account else None,
            zone_id=None if values.of_account else args.zone_id,
            kind="root" if values.of_account else "zone",
            name=values.name,
            description=values.description,
            phase=values.phase.value,
            rules=[_rule(rule) for rule in values.rules],
            opts=ResourceOptions(parent=self),
        )
        self.register_outputs({"id": ruleset.id})


def _rule(rule: RequestRule) -> cloudflare.RulesetRuleArgs:
    return cloudflare.RulesetRuleArgs(
        ref=rule.ref,
        description=rule.description,
        expression=rule.expression,
        action=rule.action.value,
        enabled=rule.enabled,
        ratelimit=_rate(rule.rate) if rule.rate else None,
        action_parameters=_answer(rule.answer) if rule.answer else None,
    )


def _rate(rate: Rate) -> cloudflare.RulesetRuleRatelimitArgs:
    return cloudflare.RulesetRuleRatelimitArgs(
        # Sorted, because Cloudflare's answer has an order of its own.
        characteristics=sorted((_DATA_CENTRE, *rate.by)),
        period=rate.period,
        requests_per_period=rate.requests,
        mitigation_timeout=rate.timeout,
        requests_to_origin=False,
    )


def _answer(answer: Answer) -> cloudflare.RulesetRuleActionParametersArgs:
    return cloudflare.RulesetRuleActionParametersArgs(
        response=cloudflare.RulesetRuleActionParametersResponseArgs(
            status_code=answer.status, content=answer.content, content_type=answer.content_type
        )
    )
