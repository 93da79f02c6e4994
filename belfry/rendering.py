"""What each backend is told of an environment, as files: stable bytes, no secrets."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING

from belfry.addresses import Addresses
from belfry.alertmanager import render_alertmanager
from belfry.application import apply_rules
from belfry.plain import plain
from belfry.prometheus import prometheus_files
from belfry.schedule import schedule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from belfry.addresses import LocalAddress
    from belfry.arguments import Grafana, Stack
    from belfry.catalogue import Catalogue
    from belfry.language.platform import Platform


class Backend(StrEnum):
    """What judges rules, or tells people."""

    PROMETHEUS = "prometheus"
    ALERTMANAGER = "alertmanager"
    GRAFANA = "grafana"
    WORKER = "worker"


def rendered(
    backend: Backend,
    platform: Platform,
    environment: str,
    catalogue: Catalogue,
    compiled: Callable[[], Stack],
    *,
    dashboard: str | None = None,
    localcloud: LocalAddress | None = None,
) -> Mapping[str, str]:
    """Give a backend's files by their path.

    Args:
        backend: for which.
        platform: as it is in the environment, found to make sense.
        environment: which one.
        catalogue: the rules that its sets use.
        compiled: compiles the stack; asked only where its arguments are what is written.
        dashboard: the address of the dashboard that alerts link to, where it is known.
        localcloud: where an environment with stand-ins is played.

    Raises:
        Problems: the backend pages, and cannot tell somebody who should hear.

    """
    match backend:
        case Backend.PROMETHEUS:
            here = localcloud if platform.environments[environment].stand_ins else None
            addresses = Addresses(platform, environment, here)
            rules = apply_rules(platform, catalogue, schedule(platform), addresses)
            return prometheus_files(
                platform, environment, rules, dashboard=dashboard, addresses=addresses
            )
        case Backend.ALERTMANAGER:
            return render_alertmanager(platform, environment, dashboard=dashboard)
        case Backend.GRAFANA:
            return grafana_files(compiled().grafana)
        case Backend.WORKER:
            return {"config.json": compiled().worker.configuration + "\n"}


def grafana_files(grafana: Grafana) -> Mapping[str, str]:
    """Give the arguments of Grafana's resources by path; a secret is `{"secret": name}`."""
    return dict(_in_grafana(grafana))


def _in_grafana(grafana: Grafana) -> Iterable[tuple[str, str]]:
    yield "folder.json", _json(grafana.folder)
    for one in grafana.rule_groups:
        yield f"rules/{one.name}.json", _json(one)
    for name, several in (
        ("data-sources", grafana.data_sources),
        ("contact-points", grafana.contact_points),
        ("message-templates", grafana.message_templates),
        ("mute-timings", grafana.mute_timings),
    ):
        if several:
            yield f"{name}.json", _json(several)
    if grafana.tree is not None:
        yield "notification-policies.json", _json(grafana.tree)


def _json(value: object) -> str:
    return json.dumps(plain(value), ensure_ascii=False, indent=2) + "\n"
