"""What Grafana would make of a case: its query judged by Prometheus, its states by a simulation."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from belfry.cases.promtool import VARIANT, lasts, rule_file
from belfry.grafana_states import State, states
from belfry.prometheus.rule_files import alert_lines, file_of
from belfry.promql import query
from belfry.rules import Silence
from engine.promtool import firing_minutes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from belfry.cases.claims import Claim
    from belfry.rules import ServiceRule

Minutes = tuple[int, ...]

_SIGNS = {"gt": ">", "lt": "<"}
_LONG = 720
_STRIDE = 20
"""Minutes, as `judging` has them."""


def firing_in_both(
    claims: Sequence[Claim], promtool: Path, folder: Path
) -> tuple[Mapping[str, Minutes], Mapping[str, Minutes]]:
    """Give the minutes at which Prometheus fires, and those at which Grafana would, by claim.

    Cases of days are not evaluated every minute, by neither, unless silence counts: what is heard
    is not told apart by evaluations that are further apart than its silence.
    """
    prometheus: dict[str, Minutes] = {}
    grafana: dict[str, Minutes] = {}
    for silence in Silence:
        some = [claim for claim in claims if claim.rule.silence is silence]
        if some:
            theirs, ours = _firing(some, silence, promtool, folder)
            prometheus |= theirs
            grafana |= ours
    return prometheus, grafana


def _firing(
    claims: Sequence[Claim], silence: Silence, promtool: Path, folder: Path
) -> tuple[Mapping[str, Minutes], Mapping[str, Minutes]]:
    coarsely = silence is Silence.OK

    def fires(name: str, rules_of: Callable[[Sequence[ServiceRule]], str]) -> Mapping[str, Minutes]:
        here = folder / f"{silence}-{name}"
        here.mkdir()
        return firing_minutes(claims, promtool, here, coarsely=coarsely, rules_of=rules_of)

    beyond = fires("beyond", _beyond)
    # With OK, no answer is as good as one within the limit.
    known = fires("known", _known) if silence is Silence.ALERTING else {}
    grafana = {}
    for claim in claims:
        stride = _STRIDE if coarsely and lasts(claim) > _LONG else 1
        minutes = range(0, lasts(claim) + 1, stride)
        answers = [
            None if known and one not in known[claim.id] else one in beyond[claim.id]
            for one in minutes
        ]
        found = states(answers, claim.rule.hold, silence, every=stride * 60)
        grafana[claim.id] = tuple(
            one for one, state in zip(minutes, found, strict=True) if state is State.ALERTING
        )
    return fires("prometheus", rule_file), grafana


def _beyond(rules: Sequence[ServiceRule]) -> str:
    """Write alerts that fire where a query's answer is beyond its limit."""
    return _asked(rules, compares=True)


def _known(rules: Sequence[ServiceRule]) -> str:
    """Write alerts that fire where a query has an answer."""
    return _asked(rules, compares=False)


def _asked(rules: Sequence[ServiceRule], *, compares: bool) -> str:
    lines: list[str] = []
    for index, rule in enumerate(rules):
        said = query(rule)
        assert said is not None
        expression = said.expression
        if compares:
            expression = f"({expression}) {_SIGNS[said.comparison]} {said.limit}"
        lines += alert_lines(replace(rule, hold=0), expression, {VARIANT: str(index)}, {})
    return file_of("answers", lines)
