"""The whole configuration: route tree, receivers, times, inhibitions, templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.alertmanager.matchers import matchers
from belfry.alertmanager.receivers import Receivers
from belfry.arguments import Pager
from belfry.messages.alertmanager import alertmanager_templates
from belfry.problems import Problems
from belfry.routes.building import routes_of
from belfry.routes.proofs import untold
from belfry.routes.votes import votes_of
from belfry.values.duration import Duration
from belfry.yaml_text import Note, written

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from belfry.arguments import Interval
    from belfry.language.platform import Platform
    from belfry.routes.inhibition import Inhibition
    from belfry.routes.tree import Node, Routes

SECRETS = "/etc/alertmanager/secrets"
"""Where secrets are files, each called as the platform file calls it."""
MAIN = "alertmanager.yml"
_TEMPLATES = "templates"


def render_alertmanager(
    platform: Platform,
    environment: str,
    *,
    secrets: str = SECRETS,
    dashboard: str | None = None,
) -> Mapping[str, str]:
    """Write Alertmanager's files for one environment: path → text.

    Where Alertmanager pages, it is the tree of the platform's routes; elsewhere everything becomes
    a vote to the monitoring Worker. What is never said again is said again after 366 days if
    Alertmanager keeps its log of notifications so long (`--data.retention`, 120 h by default).

    Args:
        platform: as it is in that environment, found to make sense.
        environment: one of the platform's.
        secrets: the folder in which secrets are files, and the Worker's address for votes another.
        dashboard: an address for every message whose alert names none.

    Raises:
        Problems: Alertmanager pages and cannot tell somebody who should hear; all of them.

    """
    pages = platform.environments[environment].paging is Pager.PROMETHEUS
    routes = routes_of(platform, environment) if pages else votes_of(platform, environment)
    if pages and (problems := tuple(untold(platform, routes))):
        raise Problems(problems)
    templates = alertmanager_templates(platform, environment, dashboard=dashboard) if pages else {}
    text = written(_configuration(routes, Receivers(platform, secrets), pages=pages))
    files = {f"{_TEMPLATES}/{name}": template for name, template in templates.items()}
    return {MAIN: text, **files}


def _configuration(routes: Routes, receivers: Receivers, *, pages: bool) -> Mapping[str, object]:
    what = "Who hears of what" if pages else "Votes for the monitoring Worker: this wakes nobody"
    times = [
        {
            Note(one.title): None,
            "name": name,
            "time_intervals": [_interval(interval) for interval in one.intervals],
        }
        for name, one in routes.times.items()
    ]
    return {
        Note(f"{what}. Written by Belfry for {routes.platform} {routes.environment}."): None,
        Note("Change the platform file instead: what is changed here is lost."): None,
        **({"templates": [f"{_TEMPLATES}/*.tmpl"]} if pages else {}),
        "route": route(routes.root, routes.group_by),
        "receivers": [receivers.written(one) for one in routes.receivers.values()],
        **({"time_intervals": times} if times else {}),
        **(
            {"inhibit_rules": [_inhibition(one) for one in routes.inhibitions]}
            if routes.inhibitions
            else {}
        ),
    }


def route(node: Node, group_by: Sequence[str] = ()) -> Mapping[str, object]:
    """Give a part of the tree as Alertmanager takes it, with all below it."""
    said: dict[str, object] = {Note(node.name): None}
    if node.receiver is not None:
        said["receiver"] = node.receiver
    if group_by:
        said["group_by"] = list(group_by)
    if node.matches:
        said["matchers"] = matchers(node.matches)
    for key, seconds in (
        ("group_wait", node.wait),
        ("group_interval", node.interval),
        ("repeat_interval", node.repeat),
    ):
        if seconds is not None:
            said[key] = str(Duration.of(seconds))
    if node.active:
        said["active_time_intervals"] = list(node.active)
    if node.mute:
        said["mute_time_intervals"] = list(node.mute)
    if node.goes_on:
        said["continue"] = True
    if node.nodes:
        said["routes"] = [route(one) for one in node.nodes]
    return said


def _interval(interval: Interval) -> Mapping[str, object]:
    said: dict[str, object] = {}
    if interval.times:
        said["times"] = [{"start_time": start, "end_time": end} for start, end in interval.times]
    for key, values in (
        ("weekdays", interval.weekdays),
        ("days_of_month", interval.days),
        ("months", interval.months),
        ("years", interval.years),
    ):
        if values:
            said[key] = list(values)
    return {**said, "location": interval.zone}


def _inhibition(inhibition: Inhibition) -> Mapping[str, object]:
    equal = {"equal": list(inhibition.equal)} if inhibition.equal else {}
    return {
        "source_matchers": matchers(inhibition.source),
        "target_matchers": matchers(inhibition.target),
        **equal,
    }
