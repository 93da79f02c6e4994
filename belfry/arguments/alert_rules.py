"""Alert rules that Grafana evaluates itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from belfry.arguments.checked import check_name, check_once, check_some, check_uid, refused

if TYPE_CHECKING:
    from belfry.arguments.alert_routing import AlertTimes

_SCHEDULER = 10
"""Seconds: Grafana's scheduler ticks so often."""


class NoData(StrEnum):
    """What Grafana makes of a rule whose query returns nothing, or fails."""

    ALERTING = "Alerting"
    NO_DATA = "NoData"
    OK = "OK"
    KEEP_LAST = "KeepLast"


@dataclass(frozen=True, slots=True, kw_only=True)
class GrafanaRule:
    """One Grafana-managed alert rule: a query, reduced to its last value, against a threshold."""

    uid: str
    title: str
    data_source: str
    """uid of a DataSource."""
    expression: str
    """PromQL, instant."""
    comparison: Literal["gt", "lt"]
    limit: float
    window: int
    """Seconds that the query looks back; relativeTimeRange.from."""
    hold: int
    """`for`, seconds."""
    no_data: NoData
    error: NoData
    labels: tuple[tuple[str, str], ...]
    annotations: tuple[tuple[str, str], ...]
    contact_point: str | None
    """Name of a ContactPoint of the same stack; None: the organisation's tree says who hears."""
    mute_timings: tuple[str, ...] = ()
    """Names of MuteTiming of the same stack, in which nobody is told."""
    active_timings: tuple[str, ...] = ()
    """The same, outside of which nobody is told."""
    group_by: tuple[str, ...] = ()
    """Labels that alerts of one message have in common; none: Grafana's own."""
    times: AlertTimes | None = None
    """How long a group waits; None: Grafana's own."""

    def __post_init__(self) -> None:
        """Refuse a uid that cannot be read back; the rest is compiled.

        Raises:
            Problems: the uid.

        """
        check_uid(f"rule {self.title}", "uid", self.uid)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleGroup:
    """One rule set in Grafana. Rules keep their order; new ones are appended."""

    name: str
    folder: str
    """uid of the Folder."""
    interval: int
    """Seconds, a positive multiple of 10."""
    rules: tuple[GrafanaRule, ...]

    def __post_init__(self) -> None:
        """Refuse what Grafana refuses, and the provider then tries again for two minutes.

        Raises:
            Problems: no rule, a uid or title twice, or an interval that is no multiple of 10 s.

        """
        owner = f"rule group {self.name}"
        check_name(owner, "name", self.name)
        check_some(owner, "rules", self.rules, "rule")
        check_once(owner, "rules", (rule.uid for rule in self.rules))
        check_once(owner, "rules", (rule.title for rule in self.rules))
        if self.interval <= 0 or self.interval % _SCHEDULER:
            wrong = f"{self.interval} s is no multiple of {_SCHEDULER} s"
            raise refused(owner, "interval", wrong, "write 60")
