"""Plans: whether what is declared is there to be had, under the plans that are paid for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.arguments.alert_types import PLANS, NeededPlan
from belfry.language.monitoring import Region
from belfry.language.plans import CloudflarePlan, GrafanaPlan, WorkersPlan
from belfry.language.server import Part
from belfry.monitoring_worker import CRONS
from belfry.provisioned import has_health_checks, requests
from belfry.values.duration import MINUTE, Duration

if TYPE_CHECKING:
    from belfry.findings import Findings
    from belfry.language.platform import Platform
    from belfry.meaning.reach import Reached
    from belfry.problems import Path

_HEALTH_CHECKS = {
    CloudflarePlan.PRO: 10,
    CloudflarePlan.BUSINESS: 50,
    CloudflarePlan.ENTERPRISE: 1_000,
}
"""Cloudflare's support page on health checks. Others say 2 of Pro: the file may say otherwise."""
_ORDER = tuple(CloudflarePlan)
"""From the least to the greatest."""
_PLAN_OF = {
    kind.value: CloudflarePlan(plan)
    for kind, plan in PLANS.items()
    if plan is not NeededPlan.ADD_ON
}
"""Cloudflare's events → the least plan of a zone that is told of them."""
_CRONS = {WorkersPlan.FREE: 5, WorkersPlan.PAID: 250}
_SUBREQUESTS = {WorkersPlan.FREE: 50, WorkersPlan.PAID: 10_000}
_VARIABLES = {WorkersPlan.FREE: 64, WorkersPlan.PAID: 128}
"""developers.cloudflare.com/workers/platform/limits, section "Account plan limits"."""
_CHECKS_OF_FREE = 40
"""Of its 50 requests a minute a Worker of the free plan needs some for itself and for messages."""
_RULES_OF_CLOUD_FREE = 500
"""grafana.com/docs/grafana, "Alert rule limits in Grafana Cloud"; older editions say 100."""


def ask(findings: Findings[Platform], reached: Reached) -> None:
    """Ask about every limit, unless everything is played on this machine, which has none."""
    platform = findings.value
    environments = platform.environments.values()
    if environments and all(environment.stand_ins for environment in environments):
        return
    _health_checks(findings)
    _intervals(findings, reached)
    _regions(findings)
    _events(findings)
    _crons(findings)
    _requests(findings, reached)
    _variables(findings)
    _grafana(findings, reached)


def _health_checks(findings: Findings[Platform]) -> None:
    platform = findings.value
    plans = platform.plans
    if not has_health_checks(plans):
        return
    count = sum(check.through is None for _, check, _ in requests(platform))
    most = plans.health_checks
    if most is None:
        most = _HEALTH_CHECKS[plans.cloudflare]
    if count <= most:
        return
    path = _first_written(
        findings, ("plans", "health-checks"), ("plans", "cloudflare"), otherwise=("checks",)
    )
    because = (("plans", "health-checks"), ("plans", "cloudflare"), ("checks",))
    has = f"a zone of the {plans.cloudflare} plan has {most}"
    checks = f"{count} check{'s' if count > 1 else ''}"
    wrong = f"{checks} would become health checks at Cloudflare, and "
    wrong += has if plans.health_checks is None else f"the zone has {most}"
    right = "make fewer, or write in plans.health-checks how many the zone really has"
    findings.add(path, wrong, right, because=because)


def _intervals(findings: Findings[Platform], reached: Reached) -> None:
    platform = findings.value
    least = platform.plans.health_check_interval
    if least is None or not has_health_checks(platform.plans):
        return
    for name, turn in reached.turns.items():
        check = platform.checks[name]
        if check.through is None and Duration.of(turn.every) < least:
            findings.add(
                ("checks", name, "every"),
                f"it is made every {Duration.of(turn.every)}, and health checks of the zone no "
                f"more often than every {least}",
                f"write {least} or more, or correct plans.health-check-interval",
                because=(("plans", "health-check-interval"),),
            )


def _regions(findings: Findings[Platform]) -> None:
    platform = findings.value
    regions = platform.monitoring.regions
    small = (CloudflarePlan.FREE, CloudflarePlan.PRO)
    if Region.ALL_REGIONS in regions and platform.plans.cloudflare in small:
        path = ("monitoring", "regions", regions.index(Region.ALL_REGIONS))
        wrong = f"a zone of the {platform.plans.cloudflare} plan cannot be asked from all regions"
        right = "name regions, such as [WNAM, WEU], or write the plan that is paid for"
        findings.add(path, wrong, right, because=(("plans", "cloudflare"),))


def _events(findings: Findings[Platform]) -> None:
    """Ask whether Cloudflare tells the zone of what own rules want to hear of.

    What is to be had beside the plan counts as had: the file has no word for it.
    """
    platform = findings.value
    for name, rules in platform.rules.items():
        for key, own in rules.own.items():
            needed = _PLAN_OF.get(own.event or "")
            if needed is None or _ORDER.index(platform.plans.cloudflare) >= _ORDER.index(needed):
                continue
            wrong = f"Cloudflare tells no zone of the {platform.plans.cloudflare} plan of it"
            right = f"name another event, or write cloudflare: {needed} in plans if it is paid for"
            path = ("rules", name, "own", key, "event")
            findings.add(path, wrong, right, because=(("plans", "cloudflare"),))


def _crons(findings: Findings[Platform]) -> None:
    platform = findings.value
    plans = platform.plans
    of_workers = sum(len(worker.crons) for worker in platform.workers.values())
    count = len(CRONS) + of_workers
    most = _CRONS[plans.workers] if plans.crons is None else plans.crons
    if count > most:
        path = _first_written(
            findings, ("plans", "crons"), ("plans", "workers"), otherwise=("workers",)
        )
        wrong = (
            f"the account has {most} cron triggers, and {count} are needed: {len(CRONS)} of the "
            f"monitoring Worker, {of_workers} of workers"
        )
        right = "wake Workers by fewer crons, or write the plan that is paid for"
        because = (("plans", "crons"), ("plans", "workers"), ("workers",))
        findings.add(path, wrong, right, because=because)


def _requests(findings: Findings[Platform], reached: Reached) -> None:
    """Ask whether the Worker may make so many requests each time it wakes."""
    platform = findings.value
    plan = platform.plans.workers
    most = _SUBREQUESTS[plan]
    for name, journey in platform.journeys.items():
        if len(journey.steps) > most:
            wrong = f"a Worker of the {plan} plan makes {most} requests each time it wakes"
            right = f"make journeys of at most {most} steps, or write the plan that is paid for"
            because = (("plans", "workers"),)
            findings.add(("journeys", name, "steps"), wrong, right, because=because)
    if plan is not WorkersPlan.FREE or findings.is_broken_within("checks"):
        return
    from fractions import Fraction  # noqa: PLC0415 -- takes time to import, and is rarely asked

    minutes = (
        Fraction(MINUTE.whole_seconds, max(turn.every, MINUTE.whole_seconds))
        for turn in reached.turns.values()
    )
    count = round(sum(minutes))
    if count > _CHECKS_OF_FREE:
        wrong = (
            f"{count} checks are made each minute, and the free plan for Workers has room for "
            f"about {_CHECKS_OF_FREE}: {most} requests each time a Worker wakes, some its own"
        )
        right = "make checks less often, or write workers: paid if it is paid for"
        findings.add(("plans", "workers"), wrong, right)


def _variables(findings: Findings[Platform]) -> None:
    platform = findings.value
    plan = platform.plans.workers
    for name, worker in platform.workers.items():
        count = len(worker.variables) + len(worker.secrets)
        if count > _VARIABLES[plan]:
            wrong = f"it has {count} variables, and a Worker of the {plan} plan {_VARIABLES[plan]}"
            path = ("workers", name, "variables")
            findings.add(path, wrong, "put several into one", because=(("plans", "workers"),))


def _grafana(findings: Findings[Platform], reached: Reached) -> None:
    platform = findings.value
    plan = platform.plans.grafana
    path = ("plans", "grafana")
    if plan is GrafanaPlan.OWN:
        return
    if platform.server is not None and Part.GRAFANA in platform.server.parts:
        wrong = "Grafana is a part of the server stack, and in the cloud"
        right = "write grafana: own, or remove grafana from server.parts"
        findings.add(path, wrong, right, because=(("server",), ("server", "parts")))
    if plan is GrafanaPlan.CLOUD_FREE:
        count = _rules(reached)
        if count > _RULES_OF_CLOUD_FREE:
            wrong = f"{count} rules would be there, and the free plan has {_RULES_OF_CLOUD_FREE}"
            right = "use fewer rules, or write cloud-pro if it is paid for"
            findings.add(path, wrong, right, because=(("rules",), ("services",), ("checks",)))


def _rules(reached: Reached) -> int:
    """Count the rules that Grafana would have: one for each service that a set's rule covers."""
    platform, catalogue = reached.platform, reached.catalogue
    covered = (
        len(services)
        for rules in platform.rules.values()
        for rule in catalogue.used_by(rules.use)
        if rule in catalogue.rules
        for services in reached.kinds(rule).values()
    )
    promised = (len(one.rules.use) for one in reached.burning.values())
    own = (len(rule.of) for rules in platform.rules.values() for rule in rules.own.values())
    return sum(covered) + sum(own) + sum(promised)


def _first_written(findings: Findings[Platform], *paths: Path, otherwise: Path) -> Path:
    """Choose where a limit is reported: where it is said, else where it is exceeded."""
    return next((path for path in paths if findings.is_written(path)), otherwise)
