"""Figures as they are written, in the base unit of what they measure: seconds, shares, bytes."""

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
    Measure.SHARE: lambda text: Percent.parse(text).ratio,
    Measure.BYTES: lambda text: Size.parse(text).bytes,
    Measure.COUNT: lambda text: Number.parse(text).plain,
    Measure.NUMBER: lambda text: Number.parse(text).plain,
}


def in_base_unit(measure: Measure, text: str) -> float:
    """Read a figure, such as `800ms` of `Measure.SECONDS`: 0.8.

    Raises:
        Nonsense: the text is no figure of this measure.

    """
    return _READ[measure](text)
