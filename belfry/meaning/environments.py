"""Environments, and the monitoring that runs in each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.arguments import Pager
from belfry.monitoring_worker import script_name
from belfry.platform_file import MINUTE
from belfry.values.duration import Duration

if TYPE_CHECKING:
    from belfry.findings import Findings
    from belfry.platform_file import Platform

_DAY = Duration.of(86_400)
_LONGEST_NAME = 63
"""Of a script at Cloudflare; its bucket and queue have the same name and limit."""
_NOT_YET = {
    Pager.PROMETHEUS: "this release provisions no Alertmanager that could page",
    Pager.GRAFANA: "this release does not route Grafana's alerts to people yet",
}


def ask(findings: Findings[Platform]) -> None:
    """Ask about every environment and about the monitoring itself."""
    platform = findings.value
    if not platform.environments:
        right = "add one, such as local: {paging: worker, stand-ins: true}"
        findings.add(("environments",), "there is none", right)
    for name in platform.environments:
        _pager(findings, name)
        _names(findings, name)
    _domains(findings)
    _monitoring(findings)


def _pager(findings: Findings[Platform], name: str) -> None:
    paging = findings.value.environments[name].paging
    if paging in _NOT_YET:
        right = "write worker, or shadow to page nobody"
        findings.add(("environments", name, "paging"), _NOT_YET[paging], right)


def _names(findings: Findings[Platform], name: str) -> None:
    platform = findings.value
    path = ("environments", name)
    for check in platform.environments[name].checks:
        findings.known((*path, "checks", check), check, "check", platform.checks, "checks")
    script = script_name(platform, name)
    if len(script) > _LONGEST_NAME:
        findings.add(
            path,
            f"the monitoring Worker's name {script} is longer than {_LONGEST_NAME} letters",
            "shorten monitoring.script, or the name of the environment",
            because=(("platform",), ("monitoring", "script")),
        )


def _domains(findings: Findings[Platform]) -> None:
    platform = findings.value
    asks = next(
        (name for name, one in platform.services.items() if one.url and one.url.names), None
    )
    for name, environment in platform.environments.items():
        if asks is not None and environment.domain is None and not environment.stand_ins:
            findings.add(
                ("environments", name),
                f"the environment has no domain, which services.{asks}.url needs",
                "add domain: and a host name",
                because=(("environments", name, "domain"), ("services", asks, "url")),
            )


def _monitoring(findings: Findings[Platform]) -> None:
    monitoring = findings.value.monitoring
    path = ("monitoring", "retention")
    archive = monitoring.retention.archive
    for key, age in (("observations", monitoring.retention.observations), ("archive", archive)):
        if age < _DAY:
            findings.add((*path, key), f"{age} is less than a day", "write 1d or more")
    if archive >= _DAY and not archive.is_multiple_of(_DAY):
        right = "write a multiple of 1d, which is what Cloudflare takes"
        findings.add((*path, "archive"), f"{archive} is not whole days", right)
    settle = monitoring.settle
    if settle >= MINUTE or not settle.is_multiple_of(Duration.of(1)):
        wrong = f"{settle} cannot be waited for"
        findings.add(("monitoring", "settle"), wrong, "write whole seconds, less than a minute")
    if not monitoring.regions:
        findings.add(("monitoring", "regions"), "there is none", "write one, such as [WEU]")
