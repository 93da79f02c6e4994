"""Times in which nobody is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulumi import ComponentResource, ResourceOptions
from pulumiverse_grafana import alerting

if TYPE_CHECKING:
    from pulumi import Output

    from belfry.arguments import Interval
    from belfry.arguments import MuteTiming as Values


@dataclass(frozen=True, slots=True, kw_only=True)
class MuteTimingArgs:
    """What MuteTiming is made of."""

    timing: Values


class MuteTiming(ComponentResource):
    """A mute timing, which does nothing until a rule or a route names it."""

    timing: Output[str]
    """Its name, known once it exists: what names it so comes after it, and goes before it."""

    def __init__(
        self, name: str, args: MuteTimingArgs, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("belfry:grafana:MuteTiming", name, None, opts)
        timing = alerting.MuteTiming(
            name,
            name=args.timing.name,
            intervals=[_interval(one) for one in args.timing.intervals],
            opts=ResourceOptions(parent=self),
        )
        self.timing = timing.name
        self.register_outputs({"timing": self.timing})


def _interval(interval: Interval) -> alerting.MuteTimingIntervalArgs:
    """Give what is said, and nothing of what is not: an empty list would be a change for ever."""
    return alerting.MuteTimingIntervalArgs(
        times=[
            alerting.MuteTimingIntervalTimeArgs(start=start, end=end)
            for start, end in interval.times
        ]
        or None,
        weekdays=list(interval.weekdays) or None,
        days_of_months=list(interval.days) or None,
        months=list(interval.months) or None,
        years=list(interval.years) or None,
        location=interval.zone,
    )
