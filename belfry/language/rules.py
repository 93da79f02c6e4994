"""Rule sets: what counts as trouble. Sets never merge: each has its own version of its rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from belfry.forms import Reference, RuleName, RunbookPage
from belfry.scalars import Bounds, Length
from belfry.shapes import Says
from belfry.values.duration import Duration
from belfry.values.number import Number
from belfry.values.percent import Percent
from belfry.values.rule_text import RuleText

_AT_ONCE = Duration.of(0)
_LINE = 200
"""Characters of a text that people read at a glance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """What one rule set changes about a rule: its severity, its `for`, its parameters."""

    severity: Annotated[
        Reference | None, Says("Instead of the severity of the rule's rank.", "P1")
    ] = None
    for_: Annotated[
        Duration | None, Says("How long it must be true before it counts; whole minutes.", "5m")
    ] = None
    of: Annotated[
        tuple[Reference, ...],
        Says("Of the services that it covers, these alone.", "api", one_or_more=True),
    ] = ()
    parameters: Annotated[
        Mapping[str, str], Says("Values of the rule's own parameters.", "above: 2s", rest=True)
    ] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """A signal is far from what it usually is."""

    sigma: Annotated[Number, Says("So many standard deviations from the mean.", "2")]
    over: Annotated[Duration, Says("The time that tells what is usual.", "7d")]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRule:
    """A rule of the platform's own, on one of its signals. Exactly one condition is said."""

    EXAMPLE_WITHOUT: ClassVar[tuple[str, ...]] = (
        "quantile", "above", "drops", "rises", "silent", "failures", "full-within",
        "expires-within", "event",
    )  # fmt: skip
    """Keys that do not go with the others of its example."""

    of: Annotated[
        tuple[Reference, ...], Says("The services that it is about.", "api", one_or_more=True)
    ]
    severity: Annotated[Reference, Says("How bad it is.", "P1")]
    summary: Annotated[
        RuleText,
        Length(_LINE),
        Says(
            "One line for the person who is woken; ${title}, ${service} and ${for} are filled.",
            "The cache of ${title} answers too few requests",
        ),
    ]
    first_step: Annotated[
        RuleText | None,
        Length(_LINE),
        Says(
            "What somebody who is woken does at once; otherwise to follow the runbook.",
            "See in Grafana which paths are not answered by the cache.",
        ),
    ] = None
    runbook: Annotated[
        RunbookPage | None, Says("Its page; otherwise its name.", "LowCacheHitRate.md")
    ] = None
    signal: Annotated[Reference | None, Says("What is measured.", "cache-hits")] = None
    quantile: Annotated[
        Percent | None, Says("Of the signal's values, instead of their mean.", "95 %")
    ] = None
    above: Annotated[str | None, Says("The signal is above this, in its own measure.", "80 %")] = (
        None
    )
    below: Annotated[str | None, Says("The signal is below this, in its own measure.", "70 %")] = (
        None
    )
    drops: Annotated[
        Percent | None,
        Says("The signal has lost so much since the same time a week ago.", "50 %"),
    ] = None
    rises: Annotated[
        Percent | None,
        Says("The signal has gained so much since the same time a week ago.", "100 %"),
    ] = None
    deviates: Annotated[Deviation | None, Says("The signal is far from what is usual.")] = None
    silent: Annotated[Duration | None, Says("Nothing has been heard for so long.", "3m")] = None
    failures: Annotated[
        int | None, Bounds(1, 100), Says("A check or journey failed so often in a row.", "3")
    ] = None
    full_within: Annotated[
        Duration | None, Says("At its present pace the signal is at its end in this time.", "4h")
    ] = None
    expires_within: Annotated[
        Duration | None, Says("A certificate or domain ends in this time.", "14d")
    ] = None
    event: Annotated[
        str | None, Says("Cloudflare, or the platform, tells of it itself.", "dos_attack_l7")
    ] = None
    over: Annotated[Duration | None, Says("The window that is looked at.", "5m")] = None
    for_: Annotated[
        Duration, Says("How long it must be true before it counts; whole minutes.", "5m")
    ] = _AT_ONCE


CONDITIONS = (
    "above", "below", "drops", "rises", "deviates", "silent", "failures", "full-within",
    "expires-within", "event",
)  # fmt: skip
"""Keys of an own rule, of which exactly one is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """Rules that are used together. Sets never merge: each has its own version of its rules."""

    use: Annotated[
        tuple[Reference, ...],
        Says("Rules, or files of alert_rules/.", "[availability, HighResponseTime]"),
    ] = ()
    set: Annotated[
        Mapping[Reference, Override],
        Says("What this set changes about its rules.", "HighResponseTime: {above: 3s}"),
    ] = field(default_factory=dict)
    own: Annotated[
        Mapping[RuleName, OwnRule], Says("Rules of the platform's own, on its signals.")
    ] = field(default_factory=dict)
