"""What `belfry lint` takes for granted about the Prometheus that will judge the rules."""

from __future__ import annotations

from dataclasses import dataclass

DAY = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What checks are told; durations are seconds."""

    scrape: float = 30
    """How often targets are asked. Prometheus' own default is 60; most set 15 or 30."""
    interval: float | None = None
    """How often groups are judged that do not say it; None: unknown, and not judged."""
    retention: float = 15 * DAY
    """How long values are kept: Prometheus' own default."""
    severities: tuple[str, ...] = ("critical", "warning", "info", "none", "page", "ticket")
    """Values of the label severity that somebody receives."""
    keep: tuple[str, ...] = ()
    """Labels that no aggregation may drop."""
    require: tuple[str, ...] = ()
    """Labels that every selector must name."""
