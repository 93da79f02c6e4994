"""Conditions in PromQL, for Prometheus and for Grafana; nothing else here knows that language.

`query` is what Grafana asks and holds against a limit; `alert` is the whole expression of a rule of
Prometheus, which has its limit, and its silence, in it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from belfry.conditions import Absent, Beyond, Plain
from belfry.promql.expression import Binary, Text, laid_out
from belfry.promql.numbers import may_be_nan
from belfry.promql.silence import counts_after, last_of, silence, since
from belfry.promql.told import compared
from belfry.rules import Silence

if TYPE_CHECKING:
    from belfry.promql.expression import Node
    from belfry.promql.told import Recorded
    from belfry.rules import ServiceRule

__all__ = ["Query", "alert", "query"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """An expression with one value per service, and what makes it trouble: comparison and limit."""

    expression: str
    comparison: Literal["gt", "lt"]
    limit: float


def query(rule: ServiceRule) -> Query | None:
    """Say a rule's condition in PromQL; None for what Cloudflare tells of itself.

    While nothing is known of the service, the expression gives nothing.
    """
    condition = rule.condition
    told = compared(condition, rule.service, bridge=counts_after(rule), recorded={})
    if told is None:
        return None
    value = told.value
    if isinstance(condition, Beyond) and may_be_nan(condition.measured):
        value = Binary(value, ">=", Text("-Inf"))  # which NaN is not
    if isinstance(condition, Plain) and rule.silence is Silence.ALERTING:
        # To Grafana nothing is no data at once; the last value counts until silence does.
        value = Binary(value, "or", last_of(value, counts_after(rule)))
    limit = told.limit
    if told.reaches:  # Grafana holds values above or below a limit, never at it
        limit = math.nextafter(limit, -math.inf if told.comparison == "gt" else math.inf)
    return Query(expression=str(value), comparison=told.comparison, limit=limit)


def alert(rule: ServiceRule, recorded: Recorded | None = None) -> str | None:
    """Say when a rule fires, as Prometheus evaluates it; None for what Cloudflare tells of itself.

    Numbers of services that are `recorded` are read from there.
    """
    told = compared(
        rule.condition, rule.service, bridge=counts_after(rule), recorded=recorded or {}
    )
    if told is None:
        return None
    trouble: Node = told.trouble
    if isinstance(rule.condition, Absent):
        trouble = since(rule.condition.after, trouble)
    silent = silence(rule)
    return laid_out(trouble if silent is None else Binary(trouble, "or", silent))
