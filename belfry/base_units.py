"""Figures as they are written, in the unit of what they measure: seconds, shares, bytes.

The vocabulary speaks in base units; a platform's metric may count in thousandths of a second or in
hundredths, and then what it is held against is counted so too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.language.signals import Measure
from belfry.values.duration import Duration
from belfry.values.number import Number
from belfry.values.percent import Percent
from belfry.values.size import Size

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_READ: Mapping[Measure, Callable[[str], float]] = {
    Measure.TRUTH: lambda text: Number.parse(text).plain,
    Measure.SECONDS: lambda text: Duration.parse(text).seconds,
    Measure.MILLISECONDS: lambda text: Duration.parse(text).milliseconds,
    Measure.SHARE: lambda text: Percent.parse(text).ratio,
    Measure.PERCENT: lambda text: Percent.parse(text).ten_thousandths / 100,
    Measure.BYTES: lambda text: Size.parse(text).bytes,
    Measure.COUNT: lambda text: Number.parse(text).plain,
    Measure.NUMBER: lambda text: Number.parse(text).plain,
}

_SMALLER: Mapping[Measure, tuple[Measure, int]] = {
    Measure.MILLISECONDS: (Measure.SECONDS, 1000),
    Measure.PERCENT: (Measure.SHARE, 100),
}
"""The base unit of another unit, and how many of it make one."""
_PRECISE = 12
"""Digits after the point that are not an error of floating point."""


def base_of(measure: Measure) -> Measure:
    """Give the base unit of a measure."""
    return _SMALLER[measure][0] if measure in _SMALLER else measure


def counted_in(measure: Measure, value: float) -> float:
    """Count a value that is in the base unit in a measure's own: 0.8 as percent is 80."""
    return round(value * _SMALLER[measure][1], _PRECISE) if measure in _SMALLER else value


def in_base_unit(measure: Measure, text: str) -> float:
    """Read a figure, such as `800ms` of `Measure.SECONDS`: 0.8.

    Raises:
        Nonsense: the text is no figure of this measure.

    """
    return _READ[measure](text)
