"""What a rule is: written once for services of its kinds, and as one set has it for one service.

A condition of the catalogue names signals of the vocabulary and the rule's own parameters;
`belfry.application` turns it into one of `belfry.conditions` for every service.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from belfry.conditions import Condition, Direction, Method, Take, Trouble
from belfry.forms import RunbookPage
from belfry.language.services import Kind
from belfry.language.signals import Measure, SignalName, Source
from belfry.scalars import Bounds, Form
from belfry.shapes import Says
from belfry.values.duration import MINUTE, Duration
from belfry.values.percent import Percent
from belfry.values.rule_text import RuleText
from belfry.values.template import Template

ParameterName = Annotated[
    str, Form(r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", "a parameter's name", "above")
]


_FIVE_MINUTES = Duration.of(300)
_WEEK = Duration.of(7 * 86_400)


class Quantity(StrEnum):
    """What a parameter's value is."""

    DURATION = "duration"
    PERCENT = "percent"
    COUNT = "count"
    NUMBER = "number"
    SIZE = "size"


class Silence(StrEnum):
    """What it means when a rule's signal has no value."""

    ALERTING = "alerting"
    OK = "ok"


class About(StrEnum):
    """What a rule is about."""

    SERVICES = "services"
    MONITORING = "monitoring"
    """The monitoring itself, which is the host of the server stack."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One number: of a signal, or of one counter's rate over another's."""

    signal: Annotated[SignalName | None, Says("What is measured.", "response-time")] = None
    take: Annotated[
        Take | None,
        Says("How a window's values become one; of a gauge the mean, of a counter the increase."),
    ] = None
    quantile: Annotated[Percent | None, Says("Of take: quantile.", "95 %")] = None
    part: Annotated[
        SignalName | None, Says("A counter, instead of a signal, over `whole`.", "http-errors")
    ] = None
    whole: Annotated[SignalName | None, Says("The counter that it is a part of.")] = None
    over: Annotated[
        Duration, Says("The window; never less than two values of the signal.", "5m")
    ] = _FIVE_MINUTES
    least: Annotated[
        ParameterName | None,
        Says("The parameter: with fewer events than this, nothing is trouble.", "least"),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Down:
    """The last probe of any check of the service failed."""

    KEY: ClassVar = "down"

    signal: Annotated[SignalName, Says("1 is well, 0 is not.", "probe-up")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Above(Measurement):
    """A number is above a limit."""

    KEY: ClassVar = "above"

    limit: Annotated[ParameterName, Says("The parameter that is the limit.", "above")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Below(Measurement):
    """A number is below a limit."""

    KEY: ClassVar = "below"

    limit: Annotated[ParameterName, Says("The parameter that is the limit.", "below")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rises(Measurement):
    """A number has gained more than a share since the same time some while ago."""

    KEY: ClassVar = "rises"

    by: Annotated[ParameterName, Says("The parameter that is the share.", "by")]
    before: Annotated[Duration, Says("How long ago.", "7d")] = _WEEK


@dataclass(frozen=True, slots=True, kw_only=True)
class Drops(Measurement):
    """A number has lost more than a share since the same time some while ago."""

    KEY: ClassVar = "drops"

    by: Annotated[ParameterName, Says("The parameter that is the share.", "by")]
    before: Annotated[Duration, Says("How long ago.", "7d")] = _WEEK


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviates(Measurement):
    """A number is far from what it usually is."""

    KEY: ClassVar = "deviates"

    by: Annotated[ParameterName, Says("The parameter: so many deviations, a number.", "by")]
    baseline: Annotated[Duration, Says("The time that tells what is usual.", "1d")]
    method: Annotated[Method, Says("How far is told.", "median")] = Method.MEDIAN
    direction: Annotated[Direction, Says("On which side trouble lies.", "up")] = Direction.EITHER


@dataclass(frozen=True, slots=True, kw_only=True)
class Burns:
    """More is bad than a promise leaves room for, so many times more (the burn rate).

    It must be so over the window and still over a twelfth of it, as in chapter 5 of Google's SRE
    workbook; where that would not hold three values, over the window alone.
    """

    KEY: ClassVar = "burns"

    signal: Annotated[
        SignalName | None, Says("A share that is bad, or with `slower` how long it took.")
    ] = None
    part: Annotated[
        SignalName | None, Says("What is bad: a counter, over `whole`.", "http-errors")
    ] = None
    whole: Annotated[SignalName | None, Says("The counter that it is a part of.")] = None
    slower: Annotated[
        ParameterName | None, Says("The parameter: what takes longer is bad.", "slower")
    ] = None
    promise: Annotated[ParameterName, Says("The parameter: so much is good.", "promise")]
    times: Annotated[
        ParameterName, Says("The parameter: so many times what is left may be bad.", "times")
    ]
    over: Annotated[ParameterName, Says("The parameter that is the window.", "over")]
    least: Annotated[
        ParameterName,
        Says("The parameter: with fewer events than this in the window, nothing is trouble."),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fills:
    """At the pace of a window, a gauge reaches a value in some time."""

    KEY: ClassVar = "fills"

    signal: Annotated[SignalName, Says("What fills.", "disk")]
    over: Annotated[Duration, Says("The window whose pace is taken.", "6h")]
    full: Annotated[ParameterName | None, Says("The parameter: full; else 1, of a share.")] = None
    within: Annotated[ParameterName, Says("The parameter: in this time.", "within")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Absent:
    """Nothing has been heard of a signal that was there before."""

    KEY: ClassVar = "absent"

    signal: Annotated[SignalName, Says("What is not heard.", "http-requests")]
    after: Annotated[ParameterName, Says("The parameter: for so long.", "after")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fails:
    """The last probes failed, so many in a row."""

    KEY: ClassVar = "fails"

    signal: Annotated[SignalName, Says("1 is well, 0 is not.", "probe-up")]
    times: Annotated[ParameterName, Says("The parameter: so often.", "times")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """The last success is too long ago."""

    KEY: ClassVar = "overdue"

    signal: Annotated[SignalName, Says("The time of the last success.", "last-run")]
    after: Annotated[ParameterName, Says("The parameter: so long ago.", "after")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """Something ends soon."""

    KEY: ClassVar = "ends"

    signal: Annotated[SignalName, Says("The time of its end.", "certificate-end")]
    within: Annotated[ParameterName, Says("The parameter: in this time.", "within")]


@dataclass(frozen=True, slots=True, kw_only=True)
class PromQL:
    """PromQL for exporters: an instant vector whose series all carry the label `service`."""

    KEY: ClassVar = "promql"

    from_: Annotated[Source, Says("What must measure, for the rule to exist.", "postgres")]
    expression: Annotated[
        Template,
        Says(
            "Its left side; ${service} is the service, parameters are numbers in base units, and "
            "${over-range} a duration as PromQL writes it.",
            'max by (service) (pg_up{service="${service}"})',
        ),
    ]
    is_: Annotated[Literal["above", "below"], Says("Which side is trouble.", "below")]
    limit: Annotated[ParameterName, Says("The parameter that is the limit.", "limit")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Cloudflare tells of it itself."""

    KEY: ClassVar = "told"

    event: Annotated[str, Says("The type of its notification.", "dos_attack_l7")]
    summary: Annotated[
        RuleText | None,
        Says("Instead of the rule's own, which may name a figure that no event has."),
    ] = None
    description: Annotated[RuleText | None, Says("Instead of the rule's own.")] = None


When = (
    Down
    | Above
    | Below
    | Rises
    | Drops
    | Deviates
    | Burns
    | Fills
    | Absent
    | Fails
    | Overdue
    | Ends
    | PromQL
    | Told
)
"""A condition of the catalogue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoData:
    """What a missing signal means; it is never good news, at best no news."""

    is_: Annotated[
        Silence, Says("alerting: it counts as trouble; ok: other rules see to it.", "ok")
    ]
    after: Annotated[Duration, Says("How long it must be missing; whole minutes.", "3m")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A figure of a rule that a rule set may change."""

    is_: Annotated[Quantity, Says("What its value is.", "duration")]
    default: Annotated[str, Says("Its value where a set does not say.", "2s")]
    says: Annotated[
        str, Says("What it means, in a sentence.", "The slowest answer that is still good.")
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A made-up history, and whether it must raise the rule."""

    says: Annotated[str, Says("What happens in it.", "The API stops answering.")]
    series: Annotated[
        Mapping[str, str],
        Says(
            "By signal, or metric with labels, a value a step in promtool's notation: 1x3 0x2 _ .",
            "probe-up: 1x3 0x2",
        ),
    ]
    every: Annotated[Duration, Says("A step; at most four minutes.", "1m")] = MINUTE
    at: Annotated[Duration | None, Says("When it must fire for the first time.", "7m")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases:
    """Histories that must raise a rule, and ones that must not."""

    fires: Annotated[tuple[Case, ...], Says("At least one that must.")]
    quiet: Annotated[tuple[Case, ...], Says("At least one that must not.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule of the catalogue."""

    about: Annotated[About, Says("Services, or the monitoring itself.", "services")] = (
        About.SERVICES
    )
    covers: Annotated[
        tuple[Kind, ...], Says("Kinds of services that it is about; none: all.", "[http-api]")
    ] = ()
    rank: Annotated[int, Bounds(0, 99), Says("Which severity it has; 0 is the worst.", "0")]
    trouble: Annotated[
        Trouble | None, Says("What it means for people, where its condition does not say.", "down")
    ] = None
    when: Annotated[
        tuple[When, ...],
        Says(
            "What must be true; of several, the first whose signals are measured.", one_or_more=True
        ),
    ]
    for_: Annotated[Duration, Says("For how long; whole minutes.", "5m")]
    no_data: Annotated[NoData, Says("What it means when the signal is missing.")]
    summary: Annotated[
        RuleText,
        Says(
            "One line for the person who is woken; ${title} is the service.",
            "${title} does not answer",
        ),
    ]
    description: Annotated[
        RuleText,
        Says(
            "What it means, and what was measured.",
            "${service} took more than ${above} to answer, for ${for}.",
        ),
    ]
    first_step: Annotated[
        RuleText,
        Says(
            "One sentence: what somebody who is woken does at once, as its page says first; what "
            "stands in brackets with ${address} or another name that not every service has is left "
            "out where it is not known.",
            "'Look at what it answers[: curl -sS -i ${address}]'",
        ),
    ]
    runbook: Annotated[RunbookPage, Says("Its page in runbooks/.")]
    parameters: Annotated[Mapping[ParameterName, Parameter], Says("Its figures.")] = field(
        default_factory=dict
    )
    cases: Annotated[Cases, Says("The proof that it does what it says.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A parameter's value: as a number in base units, and as people write it."""

    number: float
    text: str
    measure: Measure
    """What the number counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRule:
    """One rule, as one set has it, about one service."""

    set: str
    rule: str
    service: str
    kind: Kind
    """Of the service."""
    team: str
    """Who answers for the service."""
    severity: str
    rank: int
    trouble: Trouble
    condition: Condition
    hold: int
    """Seconds that the condition must be true."""
    silence: Silence
    silent_after: int
    """Seconds without a value until the silence counts."""
    summary: str
    description: str
    first_step: str | None
    """What somebody who is woken does at once; None: the page says it."""
    runbook: str

    @property
    def id(self) -> str:
        """Its name among all rules of a stack; sets never merge, so the set is part of it."""
        return f"{self.set}/{self.rule}/{self.service}"


def signals_of(when: When) -> tuple[SignalName, ...]:
    """Give the signals that a condition names; plain PromQL and Cloudflare's events name none."""
    if isinstance(when, PromQL | Told):
        return ()
    if isinstance(when, Measurement | Burns):
        return tuple(one for one in (when.signal, when.part, when.whole) if one is not None)
    return (when.signal,)
