"""Environments, and the monitoring that runs in each."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

from belfry.arguments import Pager
from belfry.language.monitoring import Region
from belfry.language.server import Part
from belfry.meaning.reachable import is_private
from belfry.monitoring_worker import script_name
from belfry.values.duration import MINUTE, Duration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from belfry.findings import Findings
    from belfry.language.platform import Platform

_LONGEST_NAME = 63
"""Of a script at Cloudflare; its bucket and queue have the same name and limit."""
_LONGEST_UID = 40
"""Of anything in Grafana."""
_LONGEST_PART = "prometheus"
"""The longest that is written after platform and environment."""
_NEEDED_TO_PAGE = (Part.PROMETHEUS, Part.ALERTMANAGER)


def ask(findings: Findings[Platform]) -> None:
    """Ask about every environment and about the monitoring itself."""
    for name in findings.value.environments:
        _pager(findings, name)
        _names(findings, name)
        _reached(findings, name)
    _domains(findings)
    _monitoring(findings)


def ask_together(everywhere: Sequence[Findings[Platform]]) -> None:
    """Ask about all environments of a file; what differs in some is read apart."""
    first = everywhere[0]
    if not any(findings.value.environments for findings in everywhere):
        right = "add one, such as local: {paging: worker, stand-ins: true}"
        first.add(("environments",), "there is none", right)
    paging: dict[str, str] = {}
    named = (
        (findings.locate(("environments", name)), name, findings)
        for findings in everywhere
        for name in findings.value.environments
    )
    for _, name, findings in sorted(named, key=itemgetter(0)):
        environment = findings.value.environments[name]
        path = ("environments", name)
        clear = not any(findings.is_broken((*path, key)) for key in ("paging", "domain"))
        if environment.domain is None or environment.paging is Pager.SHADOW or not clear:
            continue
        other = paging.setdefault(environment.domain, name)
        if other != name:
            wrong = f"{other} is at this domain already, and both wake people"
            right = "write its own domain, or paging: shadow in one of them"
            findings.add((*path, "domain"), wrong, right)


def _pager(findings: Findings[Platform], name: str) -> None:
    platform = findings.value
    if platform.environments[name].paging is not Pager.PROMETHEUS:
        return
    parts = platform.server.parts if platform.server is not None else ()
    missing = " and ".join(part for part in _NEEDED_TO_PAGE if part not in parts)
    if missing and not findings.is_unclear(("server",)):
        wrong = f"the server stack has no {missing}, and would page"
        right = f"add {missing} to server.parts, or write worker, grafana or shadow"
        findings.add(("environments", name, "paging"), wrong, right, because=(("server",),))


def _names(findings: Findings[Platform], name: str) -> None:
    platform = findings.value
    script = script_name(platform, name)
    if len(script) > _LONGEST_NAME:
        findings.add(
            ("environments", name),
            f"the monitoring Worker's name {script} is longer than {_LONGEST_NAME} letters",
            "shorten monitoring.script, or the name of the environment",
            because=(("platform",), ("monitoring", "script")),
        )
    uid = f"{platform.platform}-{name}-{_LONGEST_PART}"
    if len(uid) > _LONGEST_UID:
        room = _LONGEST_UID - len(_LONGEST_PART) - 1
        findings.add(
            ("environments", name),
            f"{uid}, its data source in Grafana, has {len(uid)} letters, and a uid of Grafana's "
            f"at most {_LONGEST_UID}",
            f"shorten platform, or the name of the environment: {room} letters for both "
            "and a hyphen",
            because=(("platform",),),
        )


def _reached(findings: Findings[Platform], name: str) -> None:
    environment = findings.value.environments[name]
    domain = environment.domain
    if domain is not None and not environment.stand_ins and is_private(domain):
        path = ("environments", name)
        wrong = f"Cloudflare cannot reach {domain}, which other networks do not know"
        right = "write a domain that everybody can reach, or stand-ins: true to play it here"
        findings.add((*path, "domain"), wrong, right, because=((*path, "stand-ins"),))


def _domains(findings: Findings[Platform]) -> None:
    platform = findings.value
    asks = next(
        (name for name, one in platform.services.items() if one.url and one.url.names), None
    )
    for name, environment in platform.environments.items():
        path = ("environments", name)
        lacks = environment.domain is None and not environment.stand_ins
        if asks is not None and lacks and not findings.is_unclear(path):
            findings.add(
                path,
                f"the environment has no domain, which services.{asks}.url needs",
                "add domain: and a host name, or stand-ins: true where it is played",
                because=(("services", asks, "url"),),
            )


def _monitoring(findings: Findings[Platform]) -> None:
    monitoring = findings.value.monitoring
    settle = monitoring.settle
    if settle >= MINUTE or not settle.is_multiple_of(Duration.of(1)):
        wrong = f"{settle} cannot be waited for"
        findings.add(("monitoring", "settle"), wrong, "write whole seconds, less than a minute")
    regions = ("monitoring", "regions")
    if not monitoring.regions:
        findings.add(regions, "there is none", "write one, such as [WEU]")
    findings.once(regions, monitoring.regions)
    if Region.ALL_REGIONS in monitoring.regions and len(set(monitoring.regions)) > 1:
        at = (*regions, monitoring.regions.index(Region.ALL_REGIONS))
        findings.add(at, "all regions hold the others", "write [ALL_REGIONS], or only the others")
