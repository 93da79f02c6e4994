"""Objectives: what is promised to users, over a period, and what a spent budget brings."""

from dataclasses import dataclass
from typing import Annotated

from belfry.forms import Reference
from belfry.shapes import Says
from belfry.values.duration import HOUR, Duration
from belfry.values.factor import Factor
from belfry.values.percent import Percent

_MONTH = Duration.of(30 * 86_400)
_P95 = Percent.parse("95 %")


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyObjective:
    """So much of all requests is answered so fast."""

    below: Annotated[Duration, Says("As fast as this.", "500ms")]
    share: Annotated[Percent, Says("So much of the requests; 95 % is p95.", "95 %")] = _P95


@dataclass(frozen=True, slots=True, kw_only=True)
class Burn:
    """The budget is being spent so many times faster than it lasts."""

    above: Annotated[Factor, Says("Times the speed at which the budget just lasts.", "10x")]
    for_: Annotated[Duration, Says("Over how long.", "1h")] = HOUR
    severity: Annotated[Reference, Says("How bad that is.", "critical")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What happens while the budget of failures is being spent."""

    burn: Annotated[
        tuple[Burn, ...],
        Says("When it is spent too fast.", "[{above: 10x, severity: critical}]"),
    ] = ()
    freeze_below: Annotated[
        Percent | None, Says("Deployments wait when less of it is left.", "10 %")
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """What is promised of a service, over a period."""

    of: Annotated[Reference, Says("The service.", "api")]
    availability: Annotated[
        Percent | None, Says("So much of all requests, or of the time, is good.", "99.9 %")
    ] = None
    latency: Annotated[
        LatencyObjective | None, Says("So much of all requests is fast.", "{below: 2s}")
    ] = None
    mean: Annotated[Duration | None, Says("The mean answer takes less than this.", "1s")] = None
    success: Annotated[
        Percent | None, Says("So much of a business event succeeds, such as payments.", "99 %")
    ] = None
    over: Annotated[Duration, Says("The period, which rolls.", "30d")] = _MONTH
    budget: Annotated[Budget, Says("What a spent budget brings.")] = Budget()
