"""Two rules about one thing: whether the milder one has anything to say before the harsher one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from belfry.meaning.limits import conditions, number

if TYPE_CHECKING:
    from belfry.findings import Findings
    from belfry.language.platform import Platform
    from belfry.language.rules import OwnRule


class _Question(NamedTuple):
    """What a rule compares with its limit."""

    service: str
    signal: str
    above: bool
    quantile: object
    over: object


def ask(findings: Findings[Platform]) -> None:
    """Ask about the rules of each set. Linear but for sorting by rank."""
    platform = findings.value
    for name, rules in platform.rules.items():
        questions: dict[_Question, list[str]] = {}
        for rule, own in rules.own.items():
            if _is_clear(findings, name, rule, own):
                for service in dict.fromkeys(own.of):
                    questions.setdefault(_question(own, service), []).append(rule)
        said: set[str] = set()
        for asked in questions.values():
            _compare(findings, name, asked, said)


def _is_clear(findings: Findings[Platform], name: str, rule: str, own: OwnRule) -> bool:
    platform = findings.value
    return (
        conditions(own) in (("above",), ("below",))
        and own.signal is not None
        and own.signal in platform.signals
        and own.severity in platform.severities
        and number(own, platform.signals[own.signal]) is not None
        and not findings.is_unclear(("rules", name, "own", rule))
        and not findings.is_unclear(("signals", own.signal))
        and not findings.is_unclear(("severities", own.severity))
    )


def _question(own: OwnRule, service: str) -> _Question:
    return _Question(service, own.signal or "", own.above is not None, own.quantile, own.over)


def _compare(findings: Findings[Platform], name: str, asked: list[str], said: set[str]) -> None:
    """Compare each rule with the one, of those that are worse, that speaks first."""
    platform = findings.value
    own = platform.rules[name].own
    by_rank = sorted(asked, key=lambda rule: platform.severities[own[rule].severity].rank)
    soonest: str | None = None
    worse: list[str] = []
    rank = None
    for rule in by_rank:
        at = platform.severities[own[rule].severity].rank
        if at != rank:
            soonest = min(
                [*worse, *([soonest] if soonest else [])],
                key=lambda one: (_reach(platform, own[one]), own[one].for_),
                default=None,
            )
            rank, worse = at, []
        worse.append(rule)
        if soonest is None or rule in said:
            continue
        harsh, mild = own[soonest], own[rule]
        if _reach(platform, mild) >= _reach(platform, harsh) and mild.for_ >= harsh.for_:
            said.add(rule)
            key = "above" if mild.above is not None else "below"
            limit = harsh.above if harsh.above is not None else harsh.below
            findings.add(
                ("rules", name, "own", rule, key),
                f"it is never said first: {key} {limit} {soonest} is said already, and "
                f"{harsh.severity} is worse than {mild.severity}",
                "let the limit of the milder rule come first, or exchange the severities",
                also=(
                    ("rules", name, "own", soonest, key),
                    *(("rules", name, "own", one, "severity") for one in (rule, soonest)),
                    *(("severities", one.severity, "rank") for one in (mild, harsh)),
                ),
            )


def _reach(platform: Platform, own: OwnRule) -> float:
    """Say how far a signal must go until a rule speaks, so that less is sooner."""
    limit = number(own, platform.signals[own.signal or ""]) or 0.0
    return limit if own.above is not None else -limit
