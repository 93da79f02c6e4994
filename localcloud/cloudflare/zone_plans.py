"""What a zone's plan allows its rate limiting rules.

Figures are those of the page on rate limiting rules, section "Availability", in August 2026.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class ZonePlan(StrEnum):
    """The plans of a zone."""

    FREE = "free"
    PRO = "pro"
    BUSINESS = "business"
    ENTERPRISE = "enterprise"


USUAL = ZonePlan.ENTERPRISE
"""Of zones that nobody has told the plan of: nothing is refused that some plan allows."""

PERIODS = (
    *(10, 15, 20, 30, 40, 45, 60, 90, 120, 180, 240, 300, 480, 600),
    *(900, 1200, 1800, 2400, 3600, 65535, 86400),
)
"""Seconds that requests can be counted over, and that an action can last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimits:
    """What the rate limiting rules of a zone may say."""

    rules: int
    longest_period: int
    longest_mitigation: int
    any_mitigation: bool = False
    """A mitigation timeout may have any length."""
    throttles_blocks: bool = False
    """A rule that blocks may have no mitigation timeout: it lets requests below the rate pass."""
    counts_elsewhere: bool = True
    """A rule may count other requests than it limits."""
    characteristics: tuple[str, ...] | None = ("ip.src", "cf.unique_visitor_id")
    """By what requests are told apart; None: by anything. `cf.colo.id` always goes with them."""


RATE_LIMITS: Mapping[ZonePlan, RateLimits] = {
    ZonePlan.FREE: RateLimits(
        rules=1,
        longest_period=10,
        longest_mitigation=10,
        counts_elsewhere=False,
        characteristics=("ip.src",),
    ),
    ZonePlan.PRO: RateLimits(
        rules=2,
        longest_period=60,
        longest_mitigation=3600,
        counts_elsewhere=False,
        characteristics=("ip.src",),
    ),
    ZonePlan.BUSINESS: RateLimits(rules=5, longest_period=600, longest_mitigation=86400),
    ZonePlan.ENTERPRISE: RateLimits(
        rules=100,
        longest_period=65535,
        longest_mitigation=86400,
        any_mitigation=True,
        throttles_blocks=True,
        characteristics=None,
    ),
}
