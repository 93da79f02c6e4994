"""From the values of a platform file to plain ones: seconds, ratios, bytes; None stays None."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    from belfry.values.duration import Duration
    from belfry.values.number import Number
    from belfry.values.percent import Percent
    from belfry.values.rate import Rate
    from belfry.values.size import Size


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """So many in a window; not the same as a mean rate, for they may come all at once."""

    count: int
    window: float
    """Seconds."""


@overload
def seconds(duration: Duration) -> float: ...
@overload
def seconds(duration: Duration | None) -> float | None: ...
def seconds(duration: Duration | None) -> float | None:
    """Give seconds, whole ones as int, so that they are written without a point."""
    if duration is None:
        return None
    whole, rest = divmod(duration.milliseconds, 1000)
    return duration.milliseconds / 1000 if rest else whole


def ratio(share: Percent | None) -> float | None:
    """Give a share between 0 and 1."""
    return None if share is None else share.ratio


def size_in_bytes(size: Size | None) -> int | None:
    """Give a number of bytes."""
    return None if size is None else size.bytes


def plain(number: Number | None) -> float | None:
    """Give a number that JSON knows."""
    return None if number is None else number.plain


def limit(rate: Rate) -> Limit:
    """Give a rate as a count in a window."""
    return Limit(count=rate.count, window=seconds(rate.per))


def text(value: object | None) -> str | None:
    """Give a value as people write it."""
    return None if value is None else str(value)
