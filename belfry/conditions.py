"""What must be true for a rule to fire: numbers taken from readings, and what makes them trouble.

Everything is worked out: figures in base units (seconds, shares of one, bytes, plain numbers), each
signal a metric with its labels. `promql` says a condition to Prometheus and Grafana,
`worker_configuration` to the monitoring Worker, `trial` tries it here; all must mean the same.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from belfry.language.signals import Measure

if TYPE_CHECKING:
    from belfry.language.signals import MetricKind, Source


class Take(StrEnum):
    """How the values of a window become one number."""

    MEAN = "mean"
    MAX = "max"
    MIN = "min"
    LAST = "last"
    RATE = "rate"
    """Of a counter: how many a second."""
    INCREASE = "increase"
    """Of a counter: how many in the window."""
    QUANTILE = "quantile"
    """Of a histogram or summary."""


class Method(StrEnum):
    """What tells how far from usual a value is."""

    MEDIAN = "median"
    """Distance from the median, in median absolute deviations × 1.4826, which an outlier does not
    move (the factor makes it a standard deviation where values are normal)."""
    MEAN = "mean"
    """Distance from the mean, in standard deviations."""


class Direction(StrEnum):
    """On which side of the usual trouble lies."""

    UP = "up"
    DOWN = "down"
    EITHER = "either"


class Trouble(StrEnum):
    """What an alert means for those who use the service."""

    DOWN = "down"
    """It does not work; what needs it is taken along."""
    DEGRADED = "degraded"
    """It works badly."""
    AHEAD = "ahead"
    """It works, and will not for long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Where the values of a signal are, for one service."""

    signal: str
    """Its name, of the vocabulary or of the platform."""
    metric: str
    """In Prometheus, without the endings of a histogram; series carry the label `service`."""
    kind: MetricKind
    measure: Measure
    source: Source
    matchers: tuple[tuple[str, str], ...] = ()
    """Labels and their values, beside `service`."""
    recorded: str | None = None
    """PromQL that Prometheus records as the metric; None: the source gives it as it is."""
    quantile: float | None = None
    """Of a gauge that is this quantile of something already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One number of a reading over a window."""

    reading: Reading
    take: Take
    over: int
    """Seconds."""
    quantile: float | None = None
    """Between 0 and 1, of a QUANTILE."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """The rate of a counter over that of another; no part at all is 0, no whole at all nothing."""

    part: Reading
    whole: Reading
    over: int
    """Seconds."""


Measured = Value | Ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class Down:
    """The last value of any of its series is below 1."""

    reading: Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Burn:
    """What a limit means that was worked out from a promise."""

    promise: float
    """Share of what is good."""
    times: float
    """So many times faster than it lasts, the rest is being spent."""
    still: int | None
    """Seconds: a shorter window, over which it must be so too, so that it is soon over."""

    @property
    def share(self) -> float:
        """The share that is bad at this pace; of 99.9 % and ten times, 1 %."""
        return round(self.times * self.budget, 12)

    @property
    def budget(self) -> float:
        """The share that the promise leaves."""
        return round(1 - self.promise, 9)

    def fewest(self, over: int, every: int) -> int:
        """Give how many events must be counted for one alone not to be more than the share.

        Of a window with a value `every` so many seconds, Prometheus counts the gain between its
        first and last value, and stretches it to the whole: by up to `over / (over - every)`.
        """
        if not self.share:
            return 0
        return math.floor(over / max(over - every, 1) / self.share) + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Beyond:
    """A number is on the wrong side of a limit."""

    measured: Measured
    above: bool
    """False: below."""
    limit: float
    least: float | None = None
    """Nothing is trouble while fewer events than this were in the window: of a Ratio's whole, or
    observations of a histogram or summary."""
    burn: Burn | None = None
    """What the limit was worked out from, where that is a budget."""

    @property
    def confirming(self) -> Measured | None:
        """The number over the shorter window, over which it must be beyond the limit too."""
        if self.burn is None or self.burn.still is None:
            return None
        return replace(self.measured, over=self.burn.still)

    @property
    def reaches(self) -> bool:
        """Whether the limit itself is beyond: of a quantile that is held against a promised time.

        What is slower than the last bound of a histogram's buckets is told as that bound.
        """
        is_time = isinstance(self.measured, Value) and self.measured.take is Take.QUANTILE
        return self.burn is not None and is_time


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A number has changed by more than a share since the same time some while ago."""

    measured: Measured
    rises: bool
    """False: drops."""
    share: float
    before: int
    """Seconds."""
    least: float | None = None
    """Nothing is trouble where the larger of both numbers (now, of what rises; then, of what drops)
    is less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviates:
    """A number is far from what it usually is."""

    measured: Measured
    method: Method
    factor: float
    """So many deviations."""
    baseline: int
    """Seconds that tell what is usual."""
    direction: Direction
    least: float | None = None
    """Nothing is trouble where the larger of the number and of what is usual is less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fills:
    """At the pace of a window, a reading reaches a value in some time."""

    reading: Reading
    over: int
    """Seconds."""
    full: float
    within: int
    """Seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Absent:
    """Nothing has been heard for some time."""

    reading: Reading
    after: int
    """Seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fails:
    """The last values of any of its series were below 1, so many in a row."""

    reading: Reading
    times: int
    every: int
    """Seconds between two values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """A reading is the time (Unix, seconds) of the last success, and that is too long ago."""

    reading: Reading
    after: int
    """Seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """A reading is the time (Unix, seconds) at which something ends, and that is near."""

    reading: Reading
    within: int
    """Seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """PromQL with one value per series of the service, and the limit that it is held against."""

    expression: str
    above: bool
    limit: float
    source: Source
    measure: Measure = Measure.NUMBER
    """What its values count, as far as the limit tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Cloudflare tells of it itself."""

    event: str


Condition = (
    Down | Beyond | Changed | Deviates | Fills | Absent | Fails | Overdue | Ends | Plain | Told
)


def readings(condition: Condition) -> tuple[Reading, ...]:
    """Give the readings that a condition looks at; plain PromQL and events have none."""
    match condition:
        case Beyond() | Changed() | Deviates():
            measured = condition.measured
            if isinstance(measured, Ratio):
                return (measured.part, measured.whole)
            return (measured.reading,)
        case Plain() | Told():
            return ()
        case _:
            return (condition.reading,)


def looks_back(condition: Condition) -> int:
    """Give the seconds of history that a condition looks at."""
    match condition:
        case Beyond():
            return condition.measured.over
        case Changed():
            return condition.measured.over + condition.before
        case Deviates():
            return condition.measured.over + condition.baseline
        case Fills():
            return condition.over
        case Absent():
            return condition.after
        case Fails():
            return condition.times * condition.every
        case _:
            return 0


def trouble(condition: Condition) -> Trouble:
    """Say what a condition means for people, where its rule does not say."""
    match condition:
        case Down() | Absent() | Fails() | Overdue():
            return Trouble.DOWN
        case Fills() | Ends():
            return Trouble.AHEAD
        case _:
            return Trouble.DEGRADED
