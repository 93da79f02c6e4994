"""Claims as files of `promtool test rules`: rules, and histories that they are tried on.

The rules are those that Prometheus gets, with their recordings, but for two things: signals that
Prometheus would record are given by the case, and a label says which rule of several of one name is
meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.cases.history import histories, minutes
from belfry.conditions import Absent, looks_back
from belfry.prometheus.recordings import recordings
from belfry.prometheus.rule_files import alert_lines, file_of, recorded_lines, texts_of
from belfry.promql import alert
from belfry.rules import Silence
from belfry.yaml_text import written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from belfry.cases.claims import Claim
    from belfry.rules import ServiceRule

VARIANT = "variant"
"""The label that tells rules of one name apart."""
_GRACE = 5
_LONG = 720
"""Minutes."""


def rule_file(rules: Sequence[ServiceRule]) -> str:
    """Write the rules, each once, with the numbers of a rule as its label."""
    found = recordings(rules)
    lines = [line for one in found.rules if not one.is_signal for line in recorded_lines(one)]
    for index, rule in enumerate(rules):
        expression = alert(rule, found.numbers)
        if expression is not None:
            labels = {"service": rule.service, VARIANT: str(index)}
            lines += alert_lines(rule, expression, labels, texts_of(rule))
    return file_of("cases", lines)


def claim_file(
    rules: Sequence[ServiceRule], claims: Iterable[Claim], rule_file: str, every: int = 1
) -> str:
    """Write a test for each claim, of rules that stand in a file of the given name.

    The rules are judged every so many minutes, which must be the same for all of the claims.
    """
    numbers = {rule: index for index, rule in enumerate(rules)}
    tests = [_test(claim, firing(numbers[claim.rule]), every) for claim in claims]
    return written({"rule_files": [rule_file], "evaluation_interval": f"{every}m", "tests": tests})


def distinct(claims: Iterable[Claim]) -> tuple[ServiceRule, ...]:
    """Give the rules of claims, each once."""
    return tuple(dict.fromkeys(claim.rule for claim in claims))


def firing(index: int) -> str:
    """Select the alerts of a rule while they fire."""
    return f'ALERTS{{alertstate="firing",{VARIANT}="{index}"}}'


def pace(claim: Claim) -> int:
    """Give the minutes between two judgements of a claim.

    A long case whose values come more seldom is judged more seldom, unless it is about silence:
    Prometheus has to judge all the time to know that nothing was heard.
    """
    rule = claim.rule
    hears = rule.silence is Silence.ALERTING or isinstance(rule.condition, Absent)
    return 1 if hears or lasts(claim) <= _LONG else claim.case.every.whole_seconds // 60


def lasts(claim: Claim) -> int:
    """Give the minutes for which a claim is watched: those of its case.

    A case without a series is watched until silence would have been heard.
    """
    rule = claim.rule
    silent = looks_back(rule.condition) + rule.hold + rule.silent_after
    return minutes(claim.case) if claim.case.series else silent // 60 + _GRACE


def input_of(claim: Claim) -> dict[str, object]:
    """Give the beginning of a test: its name, and the series that it is tried on."""
    return {
        "name": f"{claim.id}: {claim.case.says}",
        "interval": str(claim.case.every),
        "input_series": [
            {"series": one.series, "values": one.values}
            for one in histories(claim.rule, claim.case)
        ],
    }


def first_minute(claim: Claim, every: int) -> int | None:
    """Give the minute at which a claim's rule must fire first, judged every so many minutes."""
    if claim.case.at is None:
        return None
    return -(-claim.case.at.whole_seconds // (every * 60)) * every


def _test(claim: Claim, alerts: str, every: int) -> dict[str, object]:
    return {**input_of(claim), "promql_expr_test": list(_expected(claim, alerts, every))}


def _expected(claim: Claim, alerts: str, every: int) -> Iterator[Mapping[str, object]]:
    last = lasts(claim)
    ever = f"max(count_over_time({alerts}[{last + 1}m])) > bool 0 or vector(0)"
    yield _sample(ever, last, int(claim.fires))
    minute = first_minute(claim, every)
    if claim.fires and minute is not None:
        first = f"min(min_over_time(timestamp({alerts})[{last + 1}m:1m]))"
        yield _sample(first, last, minute * 60)


def _sample(expression: str, minute: int, value: int) -> Mapping[str, object]:
    return {
        "expr": expression,
        "eval_time": f"{minute}m",
        "exp_samples": [{"labels": "{}", "value": value}],
    }
