"""Cloudflare's own probes of HTTP addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthCheck:
    """One Cloudflare health check of an HTTP address."""

    name: str
    description: str
    address: str
    """Host name or IP address, without scheme and port."""
    scheme: Literal["HTTP", "HTTPS"]
    port: int
    path: str
    method: Literal["GET", "HEAD"]
    expected_codes: tuple[str, ...]
    expected_body: str
    """A part of the body that must be there; empty: any body."""
    interval: int
    """Seconds."""
    timeout: int
    """Seconds."""
    retries: int
    consecutive_fails: int
    consecutive_successes: int
    regions: tuple[str, ...]
    """Cloudflare's names, such as WNAM; in the order they are sent, which the provider compares."""
