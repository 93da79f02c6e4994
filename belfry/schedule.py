"""How often each check is really made, and how long its answer may take.

A cause must be looked at as often as its victims: were the database probed every five minutes and
the API every minute, a broken database would first be told as a broken API. So a check is made at
least as often as every check of a service that needs, directly or not, the service it is about.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from belfry.needs import dependents_first
from belfry.provisioned import requests

if TYPE_CHECKING:
    from collections.abc import Mapping

    from belfry.language.platform import Platform


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A check's times, in seconds."""

    every: int
    written: int
    """How often the file says; more than `every` where a needing service is checked more often."""
    timeout: int


def schedule(platform: Platform) -> Mapping[str, Turn]:
    """Give every check's times, by name. Linear in services, needs and checks.

    Args:
        platform: as it is in one environment, with what that overrides.

    """
    written: dict[str, int] = {}
    pace: dict[str, int] = {}
    for name, check, _ in requests(platform):
        every = check.every.whole_seconds
        written[name] = every
        pace[check.of] = min(every, pace.get(check.of, every))
    of_victims = _inherited(platform, pace)
    turns = {}
    for name, check, _ in requests(platform):
        turns[name] = Turn(
            every=min(written[name], of_victims.get(check.of, written[name])),
            written=written[name],
            timeout=check.timeout.whole_seconds,
        )
    return turns


def seconds_between(platform: Platform, turns: Mapping[str, Turn]) -> Mapping[str, int]:
    """Give the seconds between two values of each service that is checked, of its slowest check."""
    slowest: dict[str, int] = {}
    for name, turn in turns.items():
        of = platform.checks[name].of
        slowest[of] = max(turn.every, slowest.get(of, 0))
    return slowest


def _inherited(platform: Platform, pace: Mapping[str, int]) -> Mapping[str, int]:
    """Give every service the fastest pace among those that need it, directly or not."""
    needs = {name: service.needs for name, service in platform.services.items()}
    inherited: dict[str, int] = {}
    for service in dependents_first(needs):
        paces = [known[service] for known in (pace, inherited) if service in known]
        for needed in needs[service] if paces else ():
            fastest = min(paces)
            inherited[needed] = min(fastest, inherited.get(needed, fastest))
    return inherited
