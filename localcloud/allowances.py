"""What Cloudflare allows a Worker, plan by plan; workerd on its own holds nobody to it.

Figures are those of the Workers, KV, Queues and Analytics Engine pages on platform limits, as they
stood in November 2026.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from localcloud.moments import now, precise

if TYPE_CHECKING:
    from collections.abc import Mapping

    from localcloud.documents import Document

MIB = 1024 * 1024

SIMULTANEOUS_CONNECTIONS = 6
"""That wait for the headers of an answer; the next one waits until one of them has got them."""
REQUEST_BODY_BYTES = 100_000_000
"""Of zones on the Free and Pro plans; answers have no limit."""
URL_BYTES = 16 * 1024
HEADER_BYTES = 128 * 1024
"""Of all headers of a request, and of an answer."""
KV_VALUE_BYTES = 25 * MIB
KV_KEY_BYTES = 512
KV_METADATA_BYTES = 1024
MESSAGE_BYTES = 128_000
BATCH_MESSAGES = 100
BATCH_BYTES = 256_000
POINTS_KEPT = 10_000
"""Data points of one dataset that localcloud keeps: the last ones. A figure of its own."""


class Plan(StrEnum):
    """The plans of Workers."""

    FREE = "free"
    PAID = "paid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowances:
    """What one plan allows."""

    plan: Plan
    subrequests: int
    """To anywhere, of one invocation."""
    service_calls: int
    """To Cloudflare's own services (KV, R2, D1, queues, caches, other Workers), likewise."""
    script_bytes: int
    """Of an upload's modules after gzip."""
    variables: int
    """Variables and secrets of one Worker."""
    variable_bytes: int
    crons: int
    """Of an account."""
    key_value_objects: bool
    """Whether Durable Objects may keep their state the older way."""
    points: int
    """Analytics Engine data points of one invocation."""


ALLOWANCES: Mapping[Plan, Allowances] = {
    Plan.FREE: Allowances(
        plan=Plan.FREE,
        subrequests=50,
        service_calls=1_000,
        script_bytes=3 * MIB,
        variables=64,
        variable_bytes=5 * 1024,
        crons=5,
        key_value_objects=False,
        points=250,
    ),
    Plan.PAID: Allowances(
        plan=Plan.PAID,
        subrequests=10_000,
        service_calls=10_000,
        script_bytes=10 * MIB,
        variables=128,
        variable_bytes=5 * 1024,
        crons=250,
        key_value_objects=True,
        points=250,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Exceeded:
    """A Worker met a limit that Cloudflare has."""

    script: str
    """Its address."""
    limit: str
    """Of what: `subrequests`, `connections`, `message size` …"""
    figure: int
    allowed: int
    on: str
    """The invocation: what it was called for."""
    text: str

    def as_document(self) -> Document:
        """Return it as `_local/workers` tells it."""
        return {
            "at": precise(now()),
            "limit": self.limit,
            "figure": self.figure,
            "allowed": self.allowed,
            "on": self.on,
            "text": self.text,
        }
