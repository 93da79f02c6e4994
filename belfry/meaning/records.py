"""Records: web vitals, logs, errors, security, and what others' rules ask of privacy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from belfry.language.plans import GrafanaPlan
from belfry.language.records import LogDestination, Scrubbed, Standard
from belfry.language.server import Part
from belfry.language.services import Kind
from belfry.meaning.lists import distinct
from belfry.values.duration import DAY, Duration
from belfry.values.number import Number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from belfry.findings import Findings
    from belfry.language.platform import Platform

_VITALS = ("cls", "lcp", "inp", "fid", "fcp", "ttfb")
_NOTHING = Number.parse("0")
_ALL = Number.parse("1")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Demand:
    """What a standard asks of records, and where."""

    scrub: tuple[Scrubbed, ...] = ()
    audit: Duration
    """The audit log is kept for at least so long."""
    why: str


_DEMANDS = {
    Standard.GDPR: _Demand(
        scrub=(Scrubbed.EMAIL, Scrubbed.IP_ADDRESS),
        audit=DAY,
        why="art. 32 GDPR, and recital 30 for addresses",
    ),
    Standard.SOC_2: _Demand(audit=DAY, why="SOC 2, criterion CC7.2 of the Trust Services Criteria"),
    Standard.PCI_DSS: _Demand(
        scrub=(Scrubbed.CARD_NUMBER,),
        audit=Duration.of(365 * 86_400),
        why="PCI DSS 4.0, requirements 3.5.1 and 10.5.1",
    ),
    Standard.HIPAA: _Demand(audit=DAY, why="HIPAA, 45 CFR 164.312(b)"),
}


def ask(findings: Findings[Platform]) -> None:
    """Ask about everything that is written down."""
    _web_vitals(findings)
    _logs(findings)
    _security(findings)
    errors = findings.value.errors
    if errors is not None and errors.sample is not None and not errors.sample.ratio:
        right = "write more, such as 100 %, or remove errors"
        findings.add(("errors", "sample"), "no error is sent", right)
    for key in ("scrub", "fields", "standards"):
        findings.once(("privacy", key), getattr(findings.value.privacy, key))
    standards = ("privacy", "standards")
    wanted = tuple(distinct(findings, standards, findings.value.privacy.standards))
    for index, standard in wanted:
        _scrubbed(findings, index, standard)
    if wanted:
        _audited(findings, wanted)


def _web_vitals(findings: Findings[Platform]) -> None:
    vitals = findings.value.web_vitals
    for name in _VITALS:
        vital: Any = getattr(vitals, name)
        path = ("web-vitals", name)
        if vital is not None and vital.good >= vital.poor:
            wrong = f"it is good up to {vital.good} and poor beyond {vital.poor}"
            right = f"write more than {vital.good}"
            findings.add((*path, "poor"), wrong, right, because=((*path, "good"),))
    if vitals.sample is not None and not vitals.sample.ratio:
        right = "write more, such as 25 %, or remove web-vitals"
        findings.add(("web-vitals", "sample"), "no visit is measured", right)


def _logs(findings: Findings[Platform]) -> None:
    platform = findings.value
    logs = platform.logs
    if not logs.to:
        findings.add(("logs", "to"), "they go nowhere", "name a place, such as console")
    if not logs.kinds:
        right = "name a kind, such as application"
        findings.add(("logs", "kinds"), "nothing is logged", right)
    findings.once(("logs", "kinds"), logs.kinds)
    findings.once(("logs", "to"), logs.to)
    for level, share in logs.sample.items():
        if not _NOTHING <= share <= _ALL:
            path = ("logs", "sample", level)
            findings.add(path, f"{share} is no share", "write one between 0 and 1, such as 0.1")
    server = platform.server
    loki = server is not None and Part.LOKI in server.parts
    searched = any(service.is_ is Kind.ELASTICSEARCH for service in platform.services.values())
    for index, place in distinct(findings, ("logs", "to"), logs.to):
        where = ("logs", "to", index)
        if place is LogDestination.LOKI and not loki and platform.plans.grafana is GrafanaPlan.OWN:
            wrong = "there is no Loki to take them"
            right = "add loki to server.parts, or send them elsewhere"
            because = (("server",), ("server", "parts"), ("plans", "grafana"))
            findings.add(where, wrong, right, because=because)
        elif place is LogDestination.ELASTICSEARCH and not searched:
            wrong = "there is no Elasticsearch to take them"
            right = "add a service that is: elasticsearch, or send them elsewhere"
            findings.add(where, wrong, right, because=(("services",),))


def _security(findings: Findings[Platform]) -> None:
    security = findings.value.security
    findings.once(("security", "threats"), security.threats)
    if security.anomalies is not None and security.anomalies <= _NOTHING:
        right = "write more, such as 2"
        findings.add(("security", "anomalies"), "all traffic would be an anomaly", right)
    if security.block and not security.threats:
        right = "add threats: and the patterns, or remove it"
        because = (("security", "threats"),)
        findings.add(("security", "block"), "there is nothing to refuse", right, because=because)


def _scrubbed(findings: Findings[Platform], index: int, standard: Standard) -> None:
    """Ask whether what a standard wants taken out is taken out."""
    demand = _DEMANDS[standard]
    scrub = findings.value.privacy.scrub
    lacking = [str(one) for one in demand.scrub if one not in scrub]
    if lacking and not findings.is_unclear(("privacy", "scrub")):
        wrong = f"{' and '.join(lacking)} would be stored ({demand.why})"
        right = f"add {', '.join(lacking)} to privacy.scrub"
        findings.add(("privacy", "standards", index), wrong, right)


def _audited(findings: Findings[Platform], standards: Sequence[tuple[int, Standard]]) -> None:
    """Ask whether the audit log is kept for as long as the strictest standard wants."""
    index, strictest = max(standards, key=lambda one: _DEMANDS[one[1]].audit)
    demand = _DEMANDS[strictest]
    kept = findings.value.retention.audit
    audit = ("retention", "audit")
    if kept is None:
        wrong = f"nothing says how long the audit log is kept ({demand.why})"
        right = f"add retention.audit, {demand.audit} or more"
        findings.add(("privacy", "standards", index), wrong, right, because=(audit,))
    elif DAY <= kept < demand.audit:
        wrong = f"{strictest} wants the audit log kept for {demand.audit} ({demand.why})"
        findings.add(audit, wrong, f"write {demand.audit} or more")
