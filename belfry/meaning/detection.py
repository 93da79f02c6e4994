"""Detection: whether trouble is known before its severity promises that somebody answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from belfry.meaning.reach import severity_in, used_rules
from belfry.meaning.recipients import paging
from belfry.provisioned import watched
from belfry.rules import Above, Below
from belfry.values.duration import DAY, HOUR, Duration

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from belfry.catalogue import Catalogue
    from belfry.findings import Findings
    from belfry.language.platform import Platform
    from belfry.language.rules import OwnRule
    from belfry.meaning.reach import Reached
    from belfry.problems import Path, Place
    from belfry.rules import Rule

_DECIDE = ("checks", "services", "severities", "rules", "journeys")
_NOTHING = Duration.of(0)

Parts = tuple[tuple[str, Duration], ...]
"""What passes until a rule speaks, in words and in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judgement:
    """A rule of the catalogue, as a set has it, about a service that a check tells of."""

    set: str
    rule: str
    severity: str
    answer: Duration
    service: str


def ask(findings: Findings[Platform], reached: Reached) -> None:
    """Ask about every rule, where somebody is paged."""
    platform = findings.value
    unclear = any(findings.is_unclear((section,)) for section in _DECIDE)
    if unclear or not platform.severities or not paging(platform):
        return
    slowest = _slowest(reached)
    judgements = tuple(_judgements(reached))
    _checks(findings, judgements, slowest)
    _used(findings, reached.catalogue, judgements, slowest)
    fastest = _fastest(platform)
    for name, rules in platform.rules.items():
        for rule, own in rules.own.items():
            _own(findings, ("rules", name, "own", rule), own, fastest)


def _answer(platform: Platform, severity: str) -> Duration | None:
    """Give the time within which somebody answers; None where that is not promised."""
    answer = (
        platform.severities[severity].answer.within if severity in platform.severities else None
    )
    return answer if answer is not None and answer.milliseconds else None


def _slowest(reached: Reached) -> Mapping[str, tuple[Duration, str]]:
    """Give the check of each service that finds out latest, and how late that is at most.

    That is an interval, and then the tries that confirm a failure, each as long as it may take.
    """
    found: dict[str, tuple[Duration, str]] = {}
    for name, turn in reached.turns.items():
        check = reached.platform.checks[name]
        late = Duration.of(turn.every + turn.timeout * (check.confirmations + 1))
        found[check.of] = max(found.get(check.of, (late, name)), (late, name))
    return found


def _fastest(platform: Platform) -> Mapping[str, Duration]:
    """Give the interval of each service's fastest check or journey."""
    found: dict[str, Duration] = {}
    checks = [(one.of, one.every) for one in platform.checks.values()]
    journeys = [(one.of, one.every) for one in platform.journeys.values()]
    for of, every in (*checks, *journeys):
        found[of] = min(found.get(of, every), every)
    return found


def _judgements(reached: Reached) -> Iterator[_Judgement]:
    platform, catalogue = reached.platform, reached.catalogue
    judged = watched(platform)
    for name in platform.rules:
        for rule in used_rules(platform, catalogue, name):
            severity = severity_in(platform, catalogue, name, rule)
            answer = _answer(platform, severity)
            if answer is None:
                continue
            for services in reached.kinds(rule).values():
                for service in judged.intersection(services):
                    yield _Judgement(
                        set=name, rule=rule, severity=severity, answer=answer, service=service
                    )


def _checks(
    findings: Findings[Platform],
    judgements: Sequence[_Judgement],
    slowest: Mapping[str, tuple[Duration, str]],
) -> None:
    """Report checks that are made too seldom for the strictest rule about their service."""
    strictest: dict[str, _Judgement] = {}
    for one in judgements:
        known = strictest.get(one.service)
        if known is None or one.answer < known.answer:
            strictest[one.service] = one
    said: set[Place] = set()
    for service, one in sorted(strictest.items(), key=lambda item: item[1].answer):
        late, name = slowest[service]
        check = findings.value.checks[name]
        place = findings.locate(("checks", name, "every"))
        # Times that cannot be are told as such, and a default's once for all that take it.
        impossible = check.every > HOUR or check.timeout >= check.every
        if late < one.answer or impossible or place in said:
            continue
        said.add(place)
        findings.add(
            ("checks", name, "every"),
            f"{one.rule} may be known only after {late}, an interval and {check.confirmations + 1} "
            f"tries of {check.timeout}, and {one.severity} is answered within {one.answer}",
            "check more often, or confirm less",
            also=(("severities", one.severity, "answer"),),
        )


def _used(
    findings: Findings[Platform],
    catalogue: Catalogue,
    judgements: Sequence[_Judgement],
    slowest: Mapping[str, tuple[Duration, str]],
) -> None:
    """Report rules of the catalogue that wait too long, where checks are made often enough."""
    platform = findings.value
    said: set[tuple[str, str]] = set()
    for one in judgements:
        late, _ = slowest[one.service]
        if late >= one.answer or (one.set, one.rule) in said:
            continue
        override = platform.rules[one.set].set.get(one.rule)
        made = catalogue.rules[one.rule]
        changed = override.for_ if override is not None else None
        hold = made.for_ if changed is None else changed
        window = _window(made)
        parts = (("until a check sees it", late), ("window", window), ("for", hold))
        # Longer waits than a day are refused whatever the severity.
        if _sum(parts) < one.answer or hold > DAY:
            continue
        said.add((one.set, one.rule))
        path = ("rules", one.set, "set", one.rule, "for")
        findings.add(
            path if changed is not None else _use(platform, catalogue, one),
            _too_late(one.rule, parts, one.severity, one.answer),
            f"write a shorter for in rules.{one.set}.set.{one.rule}, or a milder severity",
            also=(("severities", one.severity, "answer"),),
        )


def _window(rule: Rule) -> Duration:
    """Give the window that must fill with trouble before a rule speaks, at its longest."""
    found = (one.over for one in rule.when if isinstance(one, Above | Below))
    return max(found, default=_NOTHING)


def _use(platform: Platform, catalogue: Catalogue, one: _Judgement) -> Path:
    """Give the place where a set names a rule, or the subject that holds it."""
    words = enumerate(platform.rules[one.set].use)
    found = (index for index, word in words if one.rule in catalogue.subjects.get(word, (word,)))
    return ("rules", one.set, "use", next(found))


def _own(
    findings: Findings[Platform], path: Path, own: OwnRule, fastest: Mapping[str, Duration]
) -> None:
    answer = _answer(findings.value, own.severity)
    parts = _parts(own, fastest)
    if answer is None or _sum(parts) < answer or own.for_ > DAY:
        return
    longest, _ = max(parts, key=lambda part: part[1])
    key = longest if longest in ("for", "over", "silent") else "failures"
    findings.add(
        (*path, key),
        _too_late(str(path[-1]), parts, own.severity, answer),
        "write less, or a milder severity",
        also=(("severities", own.severity, "answer"),),
    )


def _parts(own: OwnRule, fastest: Mapping[str, Duration]) -> Parts:
    """Give what passes until an own rule speaks. The window of a prediction is not waited for."""
    hold = ("for", own.for_)
    if own.failures is not None:
        every = max((fastest[one] for one in own.of if one in fastest), default=_NOTHING)
        row = Duration(every.milliseconds * own.failures)
        return ((f"{own.failures} failures, one each {every}", row), hold)
    if own.silent is not None:
        return (("silent", own.silent), hold)
    lies_ahead = own.full_within or own.expires_within or own.event
    return (hold,) if lies_ahead else (("over", own.over or _NOTHING), hold)


def _sum(parts: Parts) -> Duration:
    return Duration(sum(time.milliseconds for _, time in parts))


def _too_late(rule: str, parts: Parts, severity: str, answer: Duration) -> str:
    told = [(words, time) for words, time in parts if time.milliseconds]
    added = " + ".join(f"{time} ({words})" for words, time in told)
    total = f" = {_sum(parts)}" if len(told) > 1 else ""
    return f"{rule} is known after {added}{total}, and {severity} is answered within {answer}"
