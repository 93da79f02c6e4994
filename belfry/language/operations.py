"""Operations: what is done by itself and by people, how well it must go, and what it may cost."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from belfry.forms import Name, Reference, Url, UrlPath
from belfry.scalars import Bounds
from belfry.shapes import Says
from belfry.values.date import Date
from belfry.values.duration import MINUTE, Duration
from belfry.values.money import Money
from belfry.values.number import Number
from belfry.values.percent import Percent
from belfry.values.rate import Rate

_COOL_DOWN = Duration.of(900)
_MOST_OF_IT = Percent.parse("80 %")
_TWO = Number.parse("2")
_FIVE_MINUTES = Duration.of(300)


class Does(StrEnum):
    """What Belfry can do about trouble."""

    REDEPLOY = "redeploy"
    PURGE_CACHE = "purge-cache"
    RESTART_POOL = "restart-pool"
    ADVISE = "advise"


class Mode(StrEnum):
    """When recovery looks for something to do."""

    ONCE = "once"
    CONTINUOUS = "continuous"
    EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """Something that is done about trouble without a person."""

    does: Annotated[Does, Says("What is done.", "purge-cache")]
    of: Annotated[Reference, Says("The service that it is done to.", "cache")]
    when: Annotated[
        tuple[Reference, ...],
        Says("The rules that call for it.", "LowCacheHitRate", one_or_more=True),
    ]
    cool_down: Annotated[Duration, Says("Not again for so long.", "15m")] = _COOL_DOWN
    not_while: Annotated[
        tuple[Reference, ...], Says("Not while these remedies are at work.", "[redeploy-api]")
    ] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """What is done about trouble without a person."""

    modes: Annotated[tuple[Mode, ...], Says("How it can be run.", "[once, continuous]")] = (
        Mode.ONCE,
    )
    every: Annotated[Duration, Says("How often it looks, when continuous.", "1m")] = MINUTE
    remedies: Annotated[Mapping[Name, Remedy], Says("What can be done.")] = field(
        default_factory=dict
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """A measurement of ordinary days, from which limits are taken."""

    of: Annotated[Reference, Says("The service that is asked.", "api")]
    lasts: Annotated[Duration, Says("How long it is measured.", "48h")]
    loads: Annotated[
        Mapping[Name, Annotated[int, Bounds(1, 1_000)]],
        Says("Askers at once, by the name of the load.", "heavy: 10"),
    ]
    paths: Annotated[tuple[UrlPath, ...], Says("What is asked for.", "[/api/health]")]
    pages: Annotated[
        tuple[Reference, ...], Says("Services whose front page is asked for too.", "[frontend]")
    ] = ()
    sigma: Annotated[
        Number, Says("So many standard deviations from the mean are an anomaly.", "2")
    ] = _TWO
    every: Annotated[Duration, Says("How often each is asked.", "5m")] = _FIVE_MINUTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """How well the monitoring itself must do."""

    false_alerts: Annotated[Rate | None, Says("Fewer false alerts than this.", "5 per day")] = None
    acknowledged: Annotated[
        Mapping[Reference, Duration], Says("Taken up within this, by severity.", "P0: 15m")
    ] = field(default_factory=dict)
    resolved: Annotated[
        Mapping[Reference, Duration], Says("Over within this, by severity.", "P0: 1h")
    ] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operations:
    """What people do again and again, and where it is written down."""

    review: Annotated[
        Duration | None, Says("How often limits are compared with the data.", "30d")
    ] = None
    drill: Annotated[Duration | None, Says("How often an incident is rehearsed.", "30d")] = None
    patches: Annotated[Duration | None, Says("Security patches are in within this.", "48h")] = None
    post_mortem: Annotated[Duration | None, Says("An incident is reviewed within this.", "5d")] = (
        None
    )
    post_mortems_of: Annotated[
        tuple[Reference, ...], Says("Incidents of these severities are reviewed.", "[P0, P1]")
    ] = ()
    targets: Annotated[Targets, Says("How well the monitoring itself must do.")] = Targets()
    playbook: Annotated[
        Url | None, Says("The incident playbook.", "https://docs.example.com/playbook")
    ] = None
    troubleshooting: Annotated[
        Url | None, Says("The troubleshooting guide.", "https://docs.example.com/troubleshooting")
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What the monitoring may cost."""

    limit: Annotated[Money, Says("In a month.", "50 USD")]
    warn_at: Annotated[Percent, Says("People are told when so much of it is spent.", "80 %")] = (
        _MOST_OF_IT
    )
    tell: Annotated[
        tuple[Reference, ...], Says("The channels that are told.", "[slack-warnings]")
    ] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyException:
    """A policy that does not hold for a while, and why."""

    policy: Annotated[Name, Says("Its name.", "every-service-is-checked")]
    of: Annotated[
        tuple[Reference, ...], Says("For these services only.", "[cache]", one_or_more=True)
    ] = ()
    reason: Annotated[str, Says("Why.", "The cache has no address of its own")]
    until: Annotated[Date, Says("The last day on which it does not hold.", "2027-03-31")]
