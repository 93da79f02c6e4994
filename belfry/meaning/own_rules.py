"""Rules of a platform's own: whether they ask one question, of something that can answer it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry import rule_texts
from belfry.language.rules import CONDITIONS
from belfry.language.signals import MetricKind
from belfry.meaning.events import EVENTS
from belfry.meaning.limits import conditions
from belfry.values.duration import DAY, MINUTE

if TYPE_CHECKING:
    from belfry.findings import Findings
    from belfry.language.platform import Platform
    from belfry.language.rules import OwnRule
    from belfry.problems import Path

_OF_SIGNALS = ("above", "below", "drops", "rises", "deviates", "full-within")
_OF_NO_SIGNAL = ("failures", "expires-within", "event")
_LOOKS_AT = {
    "failures": "checks and journeys",
    "expires-within": "certificates and domains",
    "event": "what others tell",
}


class Probed:
    """Which services checks and journeys are about, by what they ask; worked out once."""

    def __init__(self, platform: Platform) -> None:
        self.asked = {check.of for check in platform.checks.values()}
        self.asked |= {journey.of for journey in platform.journeys.values()}
        self.expiring = {
            check.of for check in platform.checks.values() if check.tls or check.domain
        }


def ask(findings: Findings[Platform], path: Path, own: OwnRule, probed: Probed) -> None:
    """Ask about one rule; `path` is where it stands."""
    platform = findings.value
    findings.known_once((*path, "of"), own.of, "service", platform.services, "services")
    if not own.of:
        findings.add((*path, "of"), "the rule is about nothing", "name a service")
    severities = platform.severities
    findings.known((*path, "severity"), own.severity, "severity", severities, "severities")
    _times(findings, path, own)
    rule_texts.ask(findings, path, {"summary": own.summary, "first-step": own.first_step})
    if any(findings.is_broken((*path, key)) for key in CONDITIONS):
        return
    said = conditions(own)
    if not said and findings.is_unclear(path):
        return  # a key that was not understood may be the condition
    if len(said) != 1:
        wrong = f"{said[0]} and {said[1]} stand here" if said else "the rule has no condition"
        right = f"write one of {', '.join(CONDITIONS)}"
        where = (*path, said[1]) if said else path
        findings.add(where, wrong, right, also=[(*path, key) for key in said])
        return
    _signal(findings, path, own, said[0])
    _probed(findings, path, own, said[0], probed)
    _figures(findings, path, own)
    if own.event is not None:
        findings.known((*path, "event"), own.event, "event", EVENTS)


def _times(findings: Findings[Platform], path: Path, own: OwnRule) -> None:
    for key, time in (("for", own.for_), ("over", own.over)):
        if time is not None and not time.is_multiple_of(MINUTE):
            wrong = f"{time} is not whole minutes"
            right = "write a multiple of 60s: rules are judged once a minute"
            findings.add((*path, key), wrong, right)
    if own.over is not None and not own.over.milliseconds:
        findings.add((*path, "over"), "in no time nothing can be seen", "write 1m or more")
    if own.for_ > DAY:
        wrong = f"it would have to be true for {own.for_} before anybody hears of it"
        findings.add((*path, "for"), wrong, "write 1d or less, or look back further with over")


def _signal(findings: Findings[Platform], path: Path, own: OwnRule, condition: str) -> None:
    """Ask whether there is a signal where one is needed, which can say what is asked of it."""
    platform = findings.value
    where = (*path, "signal")
    if own.signal is None:
        if condition in _OF_SIGNALS:
            wrong = f'"signal" is missing, which {condition} needs'
            example = next(iter(platform.signals), "error-rate")
            findings.add(path, wrong, f"add signal:, such as signal: {example}", because=(where,))
        return
    if condition in _OF_NO_SIGNAL:
        wrong = f"{condition} looks at {_LOOKS_AT[condition]}, not at a signal"
        findings.add(where, wrong, "remove signal, or write another condition")
        return
    if not findings.known(where, own.signal, "signal", platform.signals, "signals"):
        return
    signal = platform.signals[own.signal]
    for index, service in enumerate(own.of):
        if signal.of and service in platform.services and service not in signal.of:
            findings.add(
                (*path, "of", index),
                f"{own.signal} is not known of {service}",
                f"add {service} to signals.{own.signal}.of, or name another signal",
                because=(("signals", own.signal, "of"), where),
                also=(("signals", own.signal, "of"), where),
            )
    if own.quantile is not None and signal.is_ not in (MetricKind.HISTOGRAM, MetricKind.SUMMARY):
        findings.add(
            (*path, "quantile"),
            f"{own.signal} is a {signal.is_}, which has no quantiles",
            f"remove quantile, or let signals.{own.signal}.is be histogram or summary",
            because=(("signals", own.signal, "is"), where),
            also=(("signals", own.signal, "is"), where),
        )


def _probed(
    findings: Findings[Platform], path: Path, own: OwnRule, condition: str, probed: Probed
) -> None:
    """Ask whether something asks the services that a rule hears of by asking."""
    if condition not in ("failures", "expires-within"):
        return
    if any(map(findings.is_unclear, (("checks",), ("journeys",)))):
        return
    known = probed.asked if condition == "failures" else probed.expiring
    kind = "check or journey" if condition == "failures" else "tls or domain check"
    for index, service in enumerate(own.of):
        if service in findings.value.services and service not in known:
            findings.add(
                (*path, "of", index),
                f"no {kind} is about {service}, so {condition} can tell nothing of it",
                f"add a {kind} of {service}, or leave it out",
            )


def _figures(findings: Findings[Platform], path: Path, own: OwnRule) -> None:
    """Ask about figures that leave nothing to be found out."""
    for key, share in (("drops", own.drops), ("rises", own.rises)):
        if share is not None and not share.ten_thousandths:
            wrong = f"every change is more than {share}"
            findings.add((*path, key), wrong, "write a share, such as 50 %")
    for key, time in (
        ("silent", own.silent),
        ("full-within", own.full_within),
        ("expires-within", own.expires_within),
    ):
        if time is not None and not time.milliseconds:
            findings.add((*path, key), f"{time} leaves no time", "write a duration, such as 5m")
    if own.deviates is not None:
        if own.deviates.sigma.value <= 0:
            wrong = f"{own.deviates.sigma} is no distance from the mean"
            findings.add((*path, "deviates", "sigma"), wrong, "write more than 0, such as 2")
        if own.deviates.over < MINUTE:
            wrong = f"in {own.deviates.over} nothing is usual"
            findings.add((*path, "deviates", "over"), wrong, "write a duration, such as 7d")
