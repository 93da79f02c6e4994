"""Cron expressions as Cloudflare reads them: UTC, five fields, days of the week from 1 = Sunday."""

from __future__ import annotations

import re
from datetime import UTC
from typing import TYPE_CHECKING

from cronsim import CronSim, CronSimError

if TYPE_CHECKING:
    from datetime import datetime


class CronError(ValueError):
    """An expression that Cloudflare would refuse."""


def _weekdays(field: str) -> str:
    """Return the field with Sunday as 0, as cronsim and Unix count."""

    def shifted(match: re.Match[str]) -> str:
        day = int(match[0])
        if not 1 <= day <= 7:
            raise CronError(f"day of the week {day} is not 1 (Sunday) to 7 (Saturday)")
        return str(day - 1)

    # A number after a slash is a step and one after # a week of the month; neither is a day.
    return re.sub(r"(?<![/#\d])\d+", shifted, field)


def next_run(expression: str, after: datetime) -> datetime | None:
    """Return the first moment after another at which an expression is due; None: never.

    Raises:
        CronError: the expression is not one that Cloudflare takes.

    """
    fields = expression.split()
    if len(fields) != 5:
        raise CronError(f"{expression!r} has {len(fields)} fields, not five")
    fields[4] = _weekdays(fields[4])
    try:
        return next(CronSim(" ".join(fields), after.astimezone(UTC)), None)
    except CronSimError as problem:
        raise CronError(f"{expression!r} is not a cron expression: {problem}") from problem
