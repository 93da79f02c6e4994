"""What can be wrong with a rule before it runs, and what must be known to prove it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Flaw(StrEnum):
    """What is proven."""

    NEVER = "never-fires"
    ALWAYS = "always-fires"
    FORGOTTEN = "beyond-retention"
    ONE_VALUE = "for-below-interval"
    ONE_REQUEST = "one-failed-request"
    LATE = "too-late"


@dataclass(frozen=True, slots=True, kw_only=True)
class Most:
    """The most that a signal of a service can be, in its base unit."""

    value: float
    why: str
    reached: bool = True
    """False: it always stays below."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What is known of a rule's service and of what keeps its values; times in seconds."""

    every: int
    """Between two values of its signals."""
    prometheus: int
    """How long Prometheus keeps what it has."""
    observations: int
    """How long the monitoring Worker keeps results of checks."""
    traffic: float | None
    """Requests a second, as the platform declares; None: not said."""
    wakes: bool
    """A channel of the rule's severity wakes people."""
    answer: int | None
    """Within which somebody answers; None: nothing is promised."""
    most: Mapping[str, Most] = field(default_factory=dict)
    """By signal, where a bound of its own is known."""
    failures: frozenset[str] = frozenset()
    """Signals that count what failed."""
    failing: frozenset[str] = frozenset()
    """Signals that tell which share of all failed, each time anew."""
    due: int | None = None
    """Between two successes of what is done again and again; None: not said."""
    disk: int | None = None
    """Bytes of Prometheus' volume; None: not said."""
    knobs: frozenset[str] = frozenset(("over",))
    """Figures that the rule's set can write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """One flaw of one rule: what is wrong, with the arithmetic, and what would be right."""

    flaw: Flaw
    wrong: str
    right: str
