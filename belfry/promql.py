"""Conditions as PromQL: an instant expression and the threshold that Grafana holds it against."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from belfry.rules import Aggregate, Down
from belfry.signals import SIGNALS
from belfry.values.duration import Duration

if TYPE_CHECKING:
    from belfry.rules import ServiceRule

_OVER_TIME = {Aggregate.MEAN: "avg_over_time", Aggregate.MAX: "max_over_time"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """An expression with one value per service, and what makes it trouble: comparison and limit."""

    expression: str
    comparison: Literal["gt", "lt"]
    limit: float


def query(rule: ServiceRule) -> Query:
    """Say a rule's condition in PromQL. As in the Worker, the worst check of a service decides."""
    when = rule.when
    metric = f'{SIGNALS[when.signal].metric}{{service="{rule.service}"}}'
    if isinstance(when, Down):
        return Query(expression=f"min by (service) ({metric})", comparison="lt", limit=1)
    over_time = f"{_OVER_TIME[when.aggregate]}({metric}[{_range(rule.window)}])"
    limit = rule.limit.number if rule.limit else 0
    return Query(expression=f"max by (service) ({over_time})", comparison="gt", limit=limit)


@cache
def _range(seconds: int) -> str:
    return str(Duration.of(seconds))
