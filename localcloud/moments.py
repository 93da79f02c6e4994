"""Points in time, as the services write them."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """Return the present, in UTC."""
    return datetime.now(UTC)


def precise(moment: datetime) -> str:
    """Return ISO 8601 with microseconds: Workers, KV, queues, health checks."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def plain(moment: datetime) -> str:
    """Return ISO 8601 with whole seconds: notifications, R2, Grafana."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parsed(text: str) -> datetime:
    """Return the moment that `precise` or `plain` wrote."""
    return datetime.fromisoformat(text)


def moment_of(milliseconds: float) -> datetime:
    """Return the moment that is so many milliseconds after 1970 began."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
