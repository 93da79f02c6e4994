"""What is usual of a number, and how far from it is far: the two figures of a deviation.

Usual is what a baseline tells, up to where the number's own window begins, so that nothing is
compared with itself: the median (or the mean) of the values that the number had. Far is counted in
deviations: 1.4826 × MAD, which is a standard deviation where values are normal (Hampel), or σ. A
deviation is at least a twentieth of what is usual, so that the first wobble on a line that was
flat is not infinitely far. A line that was always zero tells nothing, and neither does a baseline
of which less than half is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from belfry.conditions import Method
from belfry.promql.expression import Binary, Call, Text, number, span, subquery
from belfry.promql.numbers import Across, may_be_nan, measured

if TYPE_CHECKING:
    from belfry.conditions import Deviates, Measured
    from belfry.promql.expression import Node

_POINTS = 288
"""Of a baseline so many values are looked at: every five minutes of a day."""
_MINUTE = 60
_NORMAL = 1.4826
_LEAST = 0.05
"""Of what is usual."""
_HALF = Text("0.5")


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """What a number usually is."""

    of: Measured
    method: Method
    baseline: int
    """Seconds."""

    @property
    def step(self) -> int:
        """Seconds between two values of the baseline that are looked at."""
        return max(_MINUTE, -(-self.baseline // (_POINTS * _MINUTE)) * _MINUTE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """One deviation of a number from what is usual; nothing where that is zero."""

    usual: Usual


def usual_of(condition: Deviates) -> Usual:
    """Say what a condition compares with."""
    return Usual(of=condition.measured, method=condition.method, baseline=condition.baseline)


def usual(said: Usual, service: str) -> Node:
    """Give what is usual, if half of the baseline is known."""
    past = _past(said, service)
    enough = Binary(Call("count_over_time", (past,)), ">=", number(said.baseline // said.step // 2))
    return Binary(_middle(said, past), "and", enough)


def deviation(said: Deviation, service: str, known: Node | None = None) -> Node:
    """Give one deviation; `known` is where what is usual can be read.

    All values are held against one median, that of the evaluation's time: `@ end()`.
    """
    said_usual = said.usual
    past = _past(said_usual, service)
    middle = known or _middle(said_usual, past)
    if said_usual.method is Method.MEDIAN:
        fixed = _at_the_end(said_usual, service) if known is None else Text(f"{known} @ end()")
        distances = Call("abs", (Binary(_values(said_usual, service), "-", fixed),))
        spread = subquery(distances, _window(said_usual))
        found: Node = Binary(number(_NORMAL), "*", Call("quantile_over_time", (_HALF, spread)))
    else:
        found = Call("stddev_over_time", (past,))
    least = Binary(number(_LEAST), "*", Call("abs", (middle,)))
    return Binary(Binary(Binary(found, ">", least), "or", least), ">", Text("0"))


def _middle(said: Usual, past: Node) -> Call:
    if said.method is Method.MEDIAN:
        return Call("quantile_over_time", (_HALF, past))
    return Call("avg_over_time", (past,))


def _at_the_end(said: Usual, service: str) -> Call:
    return _middle(said, subquery(_values(said, service), f"{_window(said)} @ end()"))


def _past(said: Usual, service: str) -> Call:
    return subquery(_values(said, service), _window(said))


def _values(said: Usual, service: str) -> Node:
    now = measured(said.of, service, Across.MEAN)
    return Binary(now, ">=", Text("-Inf")) if may_be_nan(said.of) else now


def _window(said: Usual) -> str:
    return f"[{span(said.baseline)}:{span(said.step)}] offset {span(said.of.over)}"
