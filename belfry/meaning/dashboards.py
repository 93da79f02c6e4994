"""Dashboards: whether what they show is there, and may be seen by those who look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.language.dashboards import Audience, Host
from belfry.values.duration import Duration

if TYPE_CHECKING:
    from belfry.findings import Findings
    from belfry.language.dashboards import Dashboard
    from belfry.language.platform import Platform

_OFTENEST = Duration.of(5)
"""Grafana's own least, min_refresh_interval (grafana.com/docs/grafana, section "[dashboards]")."""
_SHOWN = ("signals", "objectives", "services", "checks", "journeys")
"""Sections whose entries a dashboard can show."""


def ask(findings: Findings[Platform]) -> None:
    """Ask about every dashboard."""
    platform = findings.value
    entries = [getattr(platform, section) for section in _SHOWN]
    among = {name for section in entries for name in section}
    titles: dict[tuple[Host, str], str] = {}
    for name, dashboard in platform.dashboards.items():
        path = ("dashboards", name)
        _shows(findings, name, dashboard, among)
        services = platform.services
        findings.known_once((*path, "each"), dashboard.each, "service", services, "services")
        findings.once((*path, "panels"), dashboard.panels)
        if not dashboard.panels:
            right = "name one, such as chart"
            findings.add((*path, "panels"), "there is nothing to see", right)
        if dashboard.refresh < _OFTENEST:
            right = f"write {_OFTENEST} or more; push: true sends values as they come"
            findings.add((*path, "refresh"), f"{dashboard.refresh} is too often", right)
        if dashboard.on is Host.APPLICATION and platform.application is None:
            right = "add application:, or let another serve it"
            findings.add(
                (*path, "on"),
                "there is no application to serve it",
                right,
                because=(("application",),),
            )
        other = titles.setdefault((dashboard.on, dashboard.title), name)
        if other != name:
            because = (("dashboards", other, "title"), ("dashboards", other, "on"), (*path, "on"))
            wrong = f"{other} has this title already"
            findings.add((*path, "title"), wrong, "give each its own", because=because)
        if dashboard.for_ is Audience.EVERYBODY:
            _public(findings, name, dashboard)


def _shows(findings: Findings[Platform], name: str, dashboard: Dashboard, among: set[str]) -> None:
    path = ("dashboards", name, "shows")
    if not dashboard.shows and not dashboard.each:
        right = "name signals, objectives or services"
        findings.add(path, "it shows nothing", right, because=(("dashboards", name, "each"),))
    if any(map(findings.is_broken_within, _SHOWN)):
        return
    findings.known_once(path, dashboard.shows, "signal, objective or service", among)


def _public(findings: Findings[Platform], name: str, dashboard: Dashboard) -> None:
    """Ask whether everybody may see it."""
    platform = findings.value
    path = ("dashboards", name)
    because = ((*path, "for"),)
    for index, shown in enumerate(dashboard.shows):
        signal = platform.signals.get(shown)
        if signal is not None and signal.business:
            findings.add(
                (*path, "shows", index),
                f"{shown} is about the business, and everybody may look",
                "remove it, or write for: operators",
                because=(*because, ("signals", shown, "business")),
            )
    if dashboard.on is Host.GRAFANA and platform.server is not None:
        wrong = "only operators reach the server stack, where Grafana is"
        right = "write on: pages or on: worker, or for: operators"
        findings.add((*path, "for"), wrong, right, because=(("server",), (*path, "on")))
