"""Environments: where the platform runs, and who wakes people there."""

from dataclasses import dataclass
from typing import Annotated

from belfry.arguments import Pager
from belfry.forms import Domain, Url
from belfry.language.workers import LogLevel
from belfry.shapes import Says


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """One place where the platform runs, and what differs there."""

    paging: Annotated[
        Pager,
        Says("Who wakes people there; shadow: everything is judged, nobody is told.", "worker"),
    ]
    domain: Annotated[
        Domain | None, Says("Fills ${domain} in the services' addresses.", "pitchey.example")
    ] = None
    stand_ins: Annotated[
        bool,
        Says("The platform is played on this machine, so that its services can be broken.", "true"),
    ] = False
    log_level: Annotated[LogLevel, Says("What the monitoring Worker logs.", "info")] = LogLevel.INFO
    prometheus: Annotated[
        Url, Says("Where Grafana finds Prometheus.", "https://prometheus.pitchey.example")
    ] = "http://127.0.0.1:9090"
    grafana: Annotated[
        Url | None,
        Says("Grafana's address, for links in messages.", "https://grafana.pitchey.example"),
    ] = None
