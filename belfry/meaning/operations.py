"""Operations: what is done without people and by them, at what cost, and what is excused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.language.operations import Does
from belfry.language.services import Connection, Kind
from belfry.meaning.reach import used_rules
from belfry.values.duration import HOUR, MINUTE, Duration
from belfry.values.percent import Percent

if TYPE_CHECKING:
    from belfry.catalogue import Catalogue
    from belfry.findings import Findings
    from belfry.language.operations import Remedy
    from belfry.language.platform import Platform
    from belfry.language.services import Service
    from belfry.problems import Path

_DONE_TO = {
    Does.REDEPLOY: (Kind.CLOUDFLARE_WORKER, Kind.CLOUDFLARE_PAGES),
    Does.PURGE_CACHE: (Kind.CLOUDFLARE_CACHE,),
    Does.RESTART_POOL: (Kind.HYPERDRIVE,),
}
"""What kinds of services a remedy can be done to; advice can be given about any."""
_ALL = Percent.parse("100 %")
_FEW_WORDS = 2


def ask(findings: Findings[Platform], catalogue: Catalogue) -> None:
    """Ask about remedies, the baseline, targets, cost and exceptions."""
    _recovery(findings, catalogue)
    _baseline(findings)
    _targets(findings)
    _cost(findings)
    _exceptions(findings)


def _recovery(findings: Findings[Platform], catalogue: Catalogue) -> None:
    platform = findings.value
    recovery = platform.recovery
    path: Path = ("recovery",)
    if not recovery.modes:
        findings.add((*path, "modes"), "it can never be run", "write one, such as once")
    findings.once((*path, "modes"), recovery.modes)
    if recovery.every < MINUTE:
        wrong = f"{recovery.every} is less than a minute"
        findings.add((*path, "every"), wrong, "write 1m or more")
    rules = _rules(findings, catalogue)
    for name, remedy in recovery.remedies.items():
        where = (*path, "remedies", name)
        _done_to(findings, where, remedy)
        for index, rule in enumerate(remedy.when):
            if rules is not None:
                findings.known((*where, "when", index), rule, "rule in any set", rules)
        findings.once((*where, "when"), remedy.when)
        if not remedy.when:
            findings.add((*where, "when"), "nothing calls for it", "name a rule of a set")
        if remedy.cool_down < MINUTE:
            wrong = f"it could be done again after {remedy.cool_down}"
            findings.add((*where, "cool-down"), wrong, "write 1m or more")
        among = recovery.remedies
        findings.known_once(
            (*where, "not-while"), remedy.not_while, "remedy", among, "recovery", "remedies"
        )
        if name in remedy.not_while:
            index = remedy.not_while.index(name)
            wrong = "it would wait for itself to end"
            findings.add((*where, "not-while", index), wrong, "name other remedies only")


def _rules(findings: Findings[Platform], catalogue: Catalogue) -> set[str] | None:
    """Give every rule that some set has; None where that cannot be known."""
    platform = findings.value
    if findings.is_unclear(("rules",)):
        return None
    found = {rule for rules in platform.rules.values() for rule in rules.own}
    for name, rules in platform.rules.items():
        if any(one not in catalogue.rules and one not in catalogue.subjects for one in rules.use):
            return None  # a misspelt rule may be the one that is meant
        found.update(used_rules(platform, catalogue, name))
    return found


def _done_to(findings: Findings[Platform], path: Path, remedy: Remedy) -> None:
    services = findings.value.services
    where = (*path, "of")
    if not findings.known(where, remedy.of, "service", services, "services"):
        return
    kinds = _DONE_TO.get(remedy.does)
    service = services[remedy.of]
    if kinds is None or service.is_ in kinds or _has_pool(remedy, service):
        return
    also = " or a postgres through hyperdrive" if remedy.does is Does.RESTART_POOL else ""
    findings.add(
        where,
        f"{remedy.does} cannot be done to {remedy.of}, which is {service.is_}",
        f"name a service that is {' or '.join(kinds)}{also}",
        because=(
            (*path, "does"),
            ("services", remedy.of, "is"),
            ("services", remedy.of, "through"),
        ),
        also=((*path, "does"), ("services", remedy.of, "is")),
    )


def _has_pool(remedy: Remedy, service: Service) -> bool:
    through = service.through is Connection.HYPERDRIVE
    return remedy.does is Does.RESTART_POOL and service.is_ is Kind.POSTGRES and through


def _baseline(findings: Findings[Platform]) -> None:
    platform = findings.value
    baseline = platform.baseline
    if baseline is None:
        return
    path: Path = ("baseline",)
    services = platform.services
    findings.known((*path, "of"), baseline.of, "service", services, "services")
    findings.known_once((*path, "pages"), baseline.pages, "service", services, "services")
    findings.once((*path, "paths"), baseline.paths)
    if not baseline.paths and not baseline.pages:
        wrong = "nothing is asked for"
        findings.add((*path, "paths"), wrong, "write paths, such as [/api/health]")
    if baseline.lasts < HOUR:
        wrong = f"in {baseline.lasts} no ordinary day is seen"
        findings.add((*path, "lasts"), wrong, "write 1h or more, such as 48h")
    elif baseline.every >= baseline.lasts:
        findings.add(
            (*path, "every"),
            f"each is asked every {baseline.every}, and it lasts {baseline.lasts}",
            f"write less than {baseline.lasts}",
            because=((*path, "lasts"),),
            also=((*path, "lasts"),),
        )
    if baseline.every < Duration.of(1):
        wrong = f"every {baseline.every} is an attack, not a measurement"
        findings.add((*path, "every"), wrong, "write 1s or more, such as 5m")
    if baseline.sigma.value <= 0:
        wrong = f"{baseline.sigma} is no distance from the mean"
        findings.add((*path, "sigma"), wrong, "write more than 0, such as 2")
    if not baseline.loads:
        findings.add((*path, "loads"), "nobody asks", "write a load, such as normal: 5")
    loads: dict[int, str] = {}
    for name, askers in baseline.loads.items():
        other = loads.setdefault(askers, name)
        if other != name:
            wrong = f"{other} is {askers} askers already"
            right = "write another number, or remove one"
            findings.add((*path, "loads", name), wrong, right, also=((*path, "loads", other),))


def _targets(findings: Findings[Platform]) -> None:
    """Ask about how well people must do: not less well than the severities promise."""
    platform = findings.value
    operations = platform.operations
    severities = platform.severities
    path: Path = ("operations", "targets")
    targets = operations.targets
    for key, times, promise in (
        ("acknowledged", targets.acknowledged, "answer"),
        ("resolved", targets.resolved, "resolve"),
    ):
        for name, time in times.items():
            where = (*path, key, name)
            if not findings.known(where, name, "severity", severities, "severities"):
                continue
            severity = severities[name]
            promised = severity.answer if promise == "answer" else severity.resolve
            if promised.word is None and promised.within is not None and time > promised.within:
                findings.add(
                    where,
                    f"{time} is longer than severities.{name} promises to {promise}, {promised}",
                    f"write {promised} or less",
                    because=(("severities", name, promise),),
                    also=(("severities", name, promise),),
                )
    if targets.false_alerts is not None and not targets.false_alerts.count:
        wrong = "there cannot be fewer than none"
        findings.add((*path, "false-alerts"), wrong, "write a count, such as 5 per day")
    findings.known_once(
        ("operations", "post-mortems-of"),
        operations.post_mortems_of,
        "severity",
        severities,
        "severities",
    )


def _cost(findings: Findings[Platform]) -> None:
    platform = findings.value
    cost = platform.cost
    if cost is None:
        return
    findings.known_once(("cost", "tell"), cost.tell, "channel", platform.channels, "channels")
    if cost.warn_at == Percent(0):
        wrong = "people would be told before anything is spent"
        findings.add(("cost", "warn-at"), wrong, "write a share, such as 80 %")
    elif cost.warn_at == _ALL:
        wrong = "people would be told when all is spent"
        findings.add(("cost", "warn-at"), wrong, "write less, such as 80 %")


def _exceptions(findings: Findings[Platform]) -> None:
    platform = findings.value
    excused: dict[tuple[str, str | None], str] = {}
    for name, exception in platform.exceptions.items():
        path = ("exceptions", name)
        among = platform.services
        findings.known_once((*path, "of"), exception.of, "service", among, "services")
        if len(exception.reason.split()) < _FEW_WORDS:
            wrong = "this does not say why"
            findings.add((*path, "reason"), wrong, "write a sentence, for whoever reads it later")
        if findings.is_broken((*path, "policy")) or findings.is_broken((*path, "of")):
            continue
        for service in dict.fromkeys(exception.of or (None,)):
            other = excused.setdefault((exception.policy, service), name)
            if other != name:
                of = f" of {service}" if service else ""
                wrong = f"{other} excuses {exception.policy}{of} already"
                findings.add(path, wrong, "keep one of them", also=(("exceptions", other),))
                break
