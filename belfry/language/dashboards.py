"""Dashboards: what people look at."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from belfry.forms import Reference
from belfry.shapes import Says
from belfry.values.duration import Duration

_REFRESH = Duration.of(30)


class Panel(StrEnum):
    """Kinds of pictures."""

    CHART = "chart"
    GAUGE = "gauge"
    STAT = "stat"
    TABLE = "table"
    HEAT_MAP = "heat-map"
    PIE = "pie"
    WORLD_MAP = "world-map"
    FUNNEL = "funnel"
    HEALTH_MATRIX = "health-matrix"


class Host(StrEnum):
    """What serves a dashboard."""

    GRAFANA = "grafana"
    WORKER = "worker"
    PAGES = "pages"
    APPLICATION = "application"


class Audience(StrEnum):
    """Who may look."""

    OPERATORS = "operators"
    EVERYBODY = "everybody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dashboard:
    """One dashboard, or one for each service."""

    title: Annotated[str, Says("Its heading.", "Overview")]
    on: Annotated[Host, Says("What serves it.", "grafana")] = Host.GRAFANA
    shows: Annotated[
        tuple[Reference, ...], Says("Signals and objectives.", "[http-requests, http-errors]")
    ] = ()
    panels: Annotated[tuple[Panel, ...], Says("Kinds of pictures.", "[chart, gauge]")] = (
        Panel.CHART,
    )
    each: Annotated[
        tuple[Reference, ...],
        Says("One dashboard for each of these services.", "[gateway, payment]"),
    ] = ()
    refresh: Annotated[Duration, Says("How often it is drawn anew.", "5s")] = _REFRESH
    push: Annotated[bool, Says("New values are sent to it, through a WebSocket.", "true")] = False
    for_: Annotated[Audience, Says("Who may look.", "operators")] = Audience.OPERATORS
