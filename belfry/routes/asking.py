"""A question about an alert of which only some labels are told: which alerts are meant.

Labels that are not told are those of the alerts that rules can raise; where these differ in
something that matters, there are several answers.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from belfry.conditions import Trouble
from belfry.language.services import Kind
from belfry.problems import Code, Problem, Problems, suggestion
from belfry.routes.alerts import LABELS
from belfry.routes.tree import WATCHDOG
from belfry.values.nonsense import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Mapping, Sequence

    from belfry.language.platform import Platform


def check(
    platform: Platform,
    environment: str,
    told: Mapping[str, str],
    possible: Sequence[Mapping[str, str]],
    unjudged: Mapping[str, str],
) -> None:
    """Refuse labels that no alert has, and values that none can have.

    Args:
        platform: whose alerts.
        environment: where.
        told: the labels.
        possible: all alerts.
        unjudged: why nothing raises alerts of some rules yet, by their names.

    Raises:
        Problems: all of them, each with the nearest that there is.

    """
    known = _values(platform, environment, possible)
    problems = []
    for label, value in told.items():
        if label not in known:
            wrong = f"alerts have no label {shown(label)}"
            problems.append(_problem(label, wrong, suggestion(label, LABELS, else_say="")))
        elif label == "rule" and value in unjudged and value not in known[label]:
            wrong = f"nothing judges {value} yet, so no alert comes of it"
            problems.append(_problem(label, wrong, unjudged[value]))
        elif value not in known[label]:
            wrong = f"there is no {label} {shown(value)}"
            right = suggestion(value, known[label], else_say="no alert has this label")
            problems.append(_problem(label, wrong, right))
    if problems:
        raise Problems(problems)


def meant(
    platform: Platform,
    environment: str,
    told: Mapping[str, str],
    possible: Sequence[Mapping[str, str]],
) -> tuple[tuple[Mapping[str, str], ...], bool]:
    """Give the alerts that are meant, and whether rules raise them.

    Where no rule does, it is one alert with the labels that are told and what follows from them.
    """
    found = tuple(
        one for one in possible if all(one.get(label) == value for label, value in told.items())
    )
    if found:
        return found, True
    return (_made_up(platform, environment, told),), False


def worst(found: Sequence[Mapping[str, str]]) -> Mapping[str, str]:
    """Choose of the alerts that may fire the one that says most: broken rather than ill, worst."""
    return min(found, key=lambda one: (one.get("trouble") != Trouble.DOWN, _rank(one)))


def alike(
    found: Sequence[Mapping[str, str]], answer: Callable[[Mapping[str, str]], Hashable]
) -> tuple[tuple[Mapping[str, str], ...], ...]:
    """Gather alerts to which the answer is the same, in their order."""
    gathered: defaultdict[Hashable, list[Mapping[str, str]]] = defaultdict(list)
    for one in found:
        gathered[answer(one)].append(one)
    return tuple(map(tuple, gathered.values()))


def in_common(found: Sequence[Mapping[str, str]]) -> Mapping[str, tuple[str, ...]]:
    """Give the values that alerts have of each label, each value once."""
    return {
        label: tuple(dict.fromkeys(one[label] for one in found if label in one))
        for label in LABELS
        if any(label in one for one in found)
    }


def _values(
    platform: Platform, environment: str, possible: Sequence[Mapping[str, str]]
) -> Mapping[str, Collection[str]]:
    raised: dict[str, set[str]] = {
        label: {one[label] for one in possible if label in one} for label in LABELS
    }
    rules = raised["rule"] | {WATCHDOG}
    return {
        "alertname": rules,
        "environment": {environment},
        "kind": set(map(str, Kind)),
        "platform": {platform.platform},
        "rank": {str(one.rank) for one in platform.severities.values()},
        "rule": rules,
        "service": raised["service"] | set(platform.services),
        "set": raised["set"] | set(platform.rules),
        "severity": set(platform.severities),
        "team": raised["team"] | set(platform.people.teams) | {platform.team},
        "trouble": set(map(str, Trouble)),
    }


def _made_up(platform: Platform, environment: str, told: Mapping[str, str]) -> Mapping[str, str]:
    labels = {"platform": platform.platform, "environment": environment, **told}
    service = platform.services.get(told.get("service", ""))
    if service is not None:
        labels.setdefault("kind", str(service.is_))
        labels.setdefault("team", service.team or platform.team)
    severity = platform.severities.get(told.get("severity", ""))
    if severity is not None:
        labels.setdefault("rank", str(severity.rank))
    for one, other in (("rule", "alertname"), ("alertname", "rule")):
        if one in labels:
            labels.setdefault(other, labels[one])
    return dict(sorted(labels.items()))


def _rank(labels: Mapping[str, str]) -> int:
    rank = labels.get("rank", "")
    return int(rank) if rank.isdigit() else 1_000


def _problem(label: str, wrong: str, right: str) -> Problem:
    return Problem(place=None, path=(label,), wrong=wrong, right=right, code=Code.ARGUMENT)
