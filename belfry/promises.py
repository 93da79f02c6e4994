"""Objectives as rule sets: what is raised when a budget is being spent too fast.

Each burn of an objective is a set of its own, of the catalogue's rules that judge such promises,
with the figures that the objective says. Everything else treats it as any other set.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from belfry.language.rules import Override, RuleSet
from belfry.values.number import printed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from belfry.language.objectives import Burn, Objective
    from belfry.language.platform import Platform
    from belfry.problems import Path

FAILURES: Final = "ErrorBudgetBurn"
"""Judges how many requests succeed."""
SLOWNESS: Final = "LatencyBudgetBurn"
"""Judges how many requests are fast."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Burning:
    """One burn of one objective, as a rule set."""

    path: Path
    """Where the file says it."""
    rules: RuleSet


def burning(platform: Platform) -> Mapping[str, Burning]:
    """Give the rule sets of all objectives, by the names that the sets have in alerts."""
    return {
        set_name(name, burn): Burning(
            path=("objectives", name, "budget", "burn", index), rules=rules_of(objective, burn)
        )
        for name, objective in platform.objectives.items()
        for index, burn in enumerate(objective.budget.burn)
    }


def rule_sets(platform: Platform) -> Mapping[str, RuleSet]:
    """Give all rule sets of a platform: its own, and those of its objectives."""
    return {**platform.rules, **{name: one.rules for name, one in burning(platform).items()}}


def set_name(objective: str, burn: Burn) -> str:
    """Name the rule set of a burn: `objective-gateway-10x-5m`."""
    return f"objective-{objective}-{burn.above}-{burn.for_}"


def rules_of(objective: Objective, burn: Burn) -> RuleSet:
    """Give the rules that judge what an objective promises, with its figures."""
    changed: dict[str, Override] = {}
    said = {"times": printed(burn.above.value), "over": str(burn.for_)}
    if objective.availability is not None:
        promise = {"promise": str(objective.availability)}
        changed[FAILURES] = _override(objective, burn, said | promise)
    if objective.latency is not None:
        promise = {"promise": str(objective.latency.share), "slower": str(objective.latency.below)}
        changed[SLOWNESS] = _override(objective, burn, said | promise)
    return RuleSet(use=tuple(changed), set=changed)


def _override(objective: Objective, burn: Burn, parameters: Mapping[str, str]) -> Override:
    return Override(severity=burn.severity, of=(objective.of,), parameters=parameters)
