"""Objectives: whether a promise can be measured, kept and broken."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal
from typing import TYPE_CHECKING

from belfry.problems import printed
from belfry.promises import rules_of, set_name
from belfry.values.number import printed as written
from belfry.values.percent import Percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from belfry.catalogue import Catalogue
    from belfry.findings import Findings
    from belfry.language.objectives import Burn, Objective
    from belfry.language.platform import Platform
    from belfry.problems import Path
    from belfry.values.duration import Duration

_ALL = Percent.parse("100 %")
_HALF = Percent.parse("50 %")
_FINE = Decimal("0.0001")
"""A factor has four decimals."""
_KINDS = ("availability", "latency", "mean", "success")


def ask(findings: Findings[Platform], catalogue: Catalogue) -> None:
    """Ask about every objective, and whether the catalogue can judge what it raises."""
    platform = findings.value
    timeouts = _timeouts(findings)
    promised: dict[tuple[object, ...], str] = {}
    for name, objective in platform.objectives.items():
        path = ("objectives", name)
        findings.known((*path, "of"), objective.of, "service", platform.services, "services")
        _kinds(findings, path, objective)
        _twice(findings, name, objective, promised)
        for where, share in _shares(path, objective):
            _share(findings, where, share)
        _period(findings, path, objective)
        _budget(findings, path, objective, catalogue)
        _measured(findings, path, objective, timeouts)


def _shares(path: Path, objective: Objective) -> tuple[tuple[Path, Percent], ...]:
    """Give every share that is promised, and where."""
    shares = (
        ((*path, "availability"), objective.availability),
        ((*path, "latency", "share"), objective.latency.share if objective.latency else None),
        ((*path, "success"), objective.success),
    )
    return tuple((where, share) for where, share in shares if share is not None)


def _kinds(findings: Findings[Platform], path: Path, objective: Objective) -> None:
    promises = any(getattr(objective, kind) is not None for kind in _KINDS)
    if not promises and not findings.is_unclear(path):
        wrong = "nothing is promised"
        right = f"add {', '.join(_KINDS[:-1])} or {_KINDS[-1]}, such as availability: 99.9 %"
        findings.add(path, wrong, right)


def _twice(
    findings: Findings[Platform],
    name: str,
    objective: Objective,
    promised: dict[tuple[object, ...], str],
) -> None:
    """Report what another objective promises of the same service over the same time."""
    for kind in _KINDS:
        promise = getattr(objective, kind)
        if promise is None or findings.is_unclear(("objectives", name)):
            continue
        share = objective.latency.share if kind == "latency" and objective.latency else None
        other = promised.setdefault((objective.of, kind, share, objective.over), name)
        if other != name:
            findings.add(
                ("objectives", name, kind),
                f"{other} promises this of {objective.of} already",
                "keep one of them, or let one be over another period",
                also=(("objectives", other, kind),),
            )


def _share(findings: Findings[Platform], path: Path, share: Percent) -> None:
    if share == _ALL:
        wrong = "100 % leaves no budget: the first failure breaks it"
        findings.add(path, wrong, "write less, such as 99.9 %")
    elif share < _HALF:
        wrong = f"with {share}, more may fail than succeed"
        findings.add(path, wrong, "write what shall succeed, such as 99.9 %")


def _period(findings: Findings[Platform], path: Path, objective: Objective) -> None:
    if not objective.over.milliseconds:
        findings.add((*path, "over"), "in no time nothing is promised", "write 30d")


def _budget(
    findings: Findings[Platform], path: Path, objective: Objective, catalogue: Catalogue
) -> None:
    budget = objective.budget
    sets: dict[str, int] = {}
    if budget.burn:
        _judged(findings, path, objective, catalogue)
    for index, burn in enumerate(budget.burn):
        where = (*path, "budget", "burn", index)
        severities = findings.value.severities
        findings.known((*where, "severity"), burn.severity, "severity", severities, "severities")
        name = set_name(str(path[-1]), burn)
        if name in findings.value.rules:
            wrong = f"the set of {printed(where)} has that name"
            findings.add(("rules", name), wrong, "choose another")
        if sets.setdefault(name, index) != index:
            wrong = f"burn[{sets[name]}] says {burn.above} for {burn.for_} already"
            findings.add(where, wrong, "keep the worse severity of both")
        _pace(findings, path, where, objective, burn)
        if burn.for_ >= objective.over:
            findings.add(
                (*where, "for"),
                f"{burn.for_} is not shorter than the period, {objective.over}",
                "write a part of it, such as 1h",
                because=((*path, "over"),),
                also=((*path, "over"),),
            )
        elif not burn.for_.milliseconds:
            findings.add((*where, "for"), "in no time nothing is spent", "write 1h")
    freeze = budget.freeze_below
    if freeze is not None and freeze in (_ALL, Percent(0)):
        never = "deployments never wait" if freeze == Percent(0) else "deployments always wait"
        findings.add((*path, "budget", "freeze-below"), never, "write a part, such as 10 %")


def _judged(
    findings: Findings[Platform], path: Path, objective: Objective, catalogue: Catalogue
) -> None:
    """Ask whether the catalogue's rules judge what is promised, also where a team has its own."""
    where = (*path, "budget", "burn")
    if objective.availability is None and objective.latency is None:
        wrong = "no rule can judge it: a budget is told from the requests that fail or are slow"
        findings.add(where, wrong, "promise availability or latency, or take burn out")
    for rule, override in rules_of(objective, objective.budget.burn[0]).set.items():
        made = catalogue.rules.get(rule)
        lacking = sorted(override.parameters.keys() - (made.parameters if made else {}))
        if lacking:
            findings.add(
                where,
                f"the rule {rule} of alert_rules lacks {', '.join(lacking)}, so that it judges "
                "no promise",
                "give the rule in alert_rules/own/ another name, or these parameters",
            )


def _pace(
    findings: Findings[Platform], path: Path, where: Path, objective: Objective, burn: Burn
) -> None:
    """Ask whether all that is promised can be broken so fast, and whether that is too fast.

    A budget of 0.1 % is spent a thousand times too fast when all fails: 1 / (1 - 99.9 %).
    """
    shares = [
        (share, at)
        for at, share in _shares(path, objective)
        if share < _ALL and at[-1] != "success"
    ]
    if burn.above.value < 1:
        wrong = f"at {burn.above} a budget lasts longer than its period"
        findings.add((*where, "above"), wrong, "write 1x or more")
    if not shares:
        return
    least, at = min(shares)
    budget = Percent(_ALL.ten_thousandths - least.ten_thousandths)
    exact = Decimal(_ALL.ten_thousandths) / Decimal(budget.ten_thousandths)
    most = written(exact.quantize(_FINE, ROUND_DOWN))
    if burn.above.value >= exact:
        findings.add(
            (*where, "above"),
            f"a budget of {budget} is spent {most} times too fast at most, when everything fails "
            f"(1 / {budget})",
            f"write less than {most}x",
            because=(at,),
            also=(at,),
        )


def _timeouts(findings: Findings[Platform]) -> Mapping[str, tuple[Duration, str]]:
    """Give the longest time-out of the requests to each service, and whose it is."""
    found: dict[str, tuple[Duration, str]] = {}
    for name, check in findings.value.checks.items():
        if check.http is not None and not findings.is_unclear(("checks", name)):
            mine = (check.timeout, name)
            found[check.of] = max(found.get(check.of, mine), mine)
    return found


def _measured(
    findings: Findings[Platform],
    path: Path,
    objective: Objective,
    timeouts: Mapping[str, tuple[Duration, str]],
) -> None:
    """Ask whether checks wait long enough to see a promised time being passed."""
    if objective.of not in timeouts or findings.is_unclear(("checks",)):
        return
    timeout, check = timeouts[objective.of]
    times = (
        ((*path, "latency", "below"), objective.latency.below if objective.latency else None),
        ((*path, "mean"), objective.mean),
    )
    for where, time in times:
        if time is None:
            continue
        if not time.milliseconds:
            findings.add(where, "nothing is answered in no time", "write a duration, such as 500ms")
        elif time >= timeout:
            findings.add(
                where,
                f"no check sees an answer take {time}: {check} waits {timeout} at most",
                f"write less than {timeout}, or let checks.{check}.timeout be longer",
                also=(("checks", check, "timeout"),),
            )
