"""What a rule is: written once for services of its kinds, and as one set has it for one service.

A condition is a small statement about signals. `promql` says it to Prometheus and Grafana,
`worker_configuration` to the monitoring Worker; both must mean the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from belfry.language.services import Kind
from belfry.scalars import Bounds, Form
from belfry.shapes import Says
from belfry.signals import SignalName
from belfry.values.duration import Duration
from belfry.values.template import Template

ParameterName = Annotated[
    str, Form(r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", "a parameter's name", "above")
]


class Quantity(StrEnum):
    """What a parameter's value is."""

    DURATION = "duration"
    PERCENT = "percent"
    COUNT = "count"


class Aggregate(StrEnum):
    """How the values of a window become one."""

    MEAN = "mean"
    MAX = "max"


class Silence(StrEnum):
    """What it means when a rule's signal has no value."""

    ALERTING = "alerting"
    OK = "ok"


@dataclass(frozen=True, slots=True, kw_only=True)
class Down:
    """The last probe of any check of the service failed."""

    KEY: ClassVar = "down"

    signal: Annotated[Literal[SignalName.PROBE_UP], Says("1 is well, 0 is not.", "probe_up")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Above:
    """A signal was above a limit, over a window."""

    KEY: ClassVar = "above"

    signal: Annotated[SignalName, Says("What is measured.", "probe_seconds")]
    aggregate: Annotated[Aggregate, Says("How a window's values become one.", "mean")]
    over: Annotated[Duration, Says("The window; never less than two probes of the service.", "2m")]
    limit: Annotated[ParameterName, Says("The parameter that is the limit.", "above")]


Condition = Down | Above


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
        Mapping[SignalName, str],
        Says("A value a minute, in promtool's notation: 1x3 0x2 _ .", "probe_up: 1x3 0x2"),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases:
    """Histories that must raise a rule, and ones that must not."""

    fires: Annotated[tuple[Case, ...], Says("At least one that must.")]
    quiet: Annotated[tuple[Case, ...], Says("At least one that must not.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule of the catalogue."""

    covers: Annotated[tuple[Kind, ...], Says("Kinds of services that it is about.", "[http-api]")]
    rank: Annotated[int, Bounds(0, 99), Says("Which severity it has; 0 is the worst.", "0")]
    when: Annotated[Condition, Says("What must be true.")]
    for_: Annotated[Duration, Says("For how long; whole minutes.", "5m")]
    no_data: Annotated[NoData, Says("What it means when the signal is missing.")]
    summary: Annotated[
        Template,
        Says(
            "One line for the person who is woken; ${title} is the service.",
            "${title} does not answer",
        ),
    ]
    description: Annotated[Template, Says("What it means, and what was measured.")]
    runbook: Annotated[
        str,
        Form(r"^[A-Za-z0-9-]+\.md$", "the name of a page", "WorkerDown.md"),
        Says("Its page in runbooks/."),
    ]
    parameters: Annotated[Mapping[ParameterName, Parameter], Says("Its figures.")] = field(
        default_factory=dict
    )
    cases: Annotated[Cases, Says("The proof that it does what it says.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A parameter's value: as a number in the signal's base unit, and as people write it."""

    number: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRule:
    """One rule, as one set has it, about one service."""

    set: str
    rule: str
    service: str
    severity: str
    rank: int
    when: Condition
    limit: Limit | None
    """The limit of an Above."""
    window: int
    """Seconds that an Above looks back."""
    hold: int
    """Seconds that the condition must be true."""
    silence: Silence
    silent_after: int
    """Seconds without a value until the silence counts."""
    summary: str
    description: str
    runbook: str

    @property
    def id(self) -> str:
        """Its name among all rules of a stack; sets never merge, so the set is part of it."""
        return f"{self.set}/{self.rule}/{self.service}"
