"""The platform file as a whole: what a platform is made of, what counts as trouble, who is told.

`loading` reads it, `meaning` proves that it makes sense, `compile` makes a stack of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from belfry.forms import Name, Reference, SeverityName
from belfry.language.access import Access
from belfry.language.application import Application, RateLimit
from belfry.language.channels import Channel
from belfry.language.checks import Check
from belfry.language.dashboards import Dashboard
from belfry.language.environments import Environment
from belfry.language.journeys import Journey
from belfry.language.locations import Location
from belfry.language.maintenance import Window
from belfry.language.monitoring import Monitoring
from belfry.language.objectives import Objective
from belfry.language.operations import (
    Baseline,
    Cost,
    Operations,
    PolicyException,
    Recovery,
)
from belfry.language.people import People
from belfry.language.plans import Plans
from belfry.language.records import Errors, Logs, Privacy, Retention, Security, WebVitals
from belfry.language.routing import Routing
from belfry.language.rules import RuleSet
from belfry.language.server import Server
from belfry.language.services import Service
from belfry.language.severities import Severity
from belfry.language.signals import Signal
from belfry.language.workers import Worker
from belfry.shapes import Says


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """What is monitored, what counts as trouble, and who is told. Belfry makes the rest of it."""

    platform: Annotated[
        Name, Says("Its name, which begins the names of everything provisioned.", "pitchey")
    ]
    title: Annotated[str | None, Says("What people call it; otherwise its name.", "Pitchey")] = None
    team: Annotated[
        Reference, Says("Who answers for it; a label of every alert.", "operations")
    ] = "operations"
    plans: Annotated[Plans, Says("What is paid for, and so how much of it there is.")] = field(
        default_factory=Plans
    )
    environments: Annotated[Mapping[Name, Environment], Says("Where it runs.")]
    severities: Annotated[Mapping[SeverityName, Severity], Says("How bad things can be.")]
    people: Annotated[People, Says("Who answers, and when.")] = field(default_factory=People)
    channels: Annotated[Mapping[Name, Channel], Says("Ways to tell people.")]
    routing: Annotated[Routing, Says("Who hears of what, and how often.")] = field(
        default_factory=Routing
    )
    maintenance: Annotated[
        Mapping[Name, Window], Says("When trouble is expected, so that nobody is woken.")
    ] = field(default_factory=dict)
    services: Annotated[Mapping[Name, Service], Says("What it is made of.")]
    locations: Annotated[
        Mapping[Name, Location], Says("Where checks and journeys are made from.")
    ] = field(default_factory=dict)
    checks: Annotated[Mapping[Name, Check], Says("What is asked of it, again and again.")]
    journeys: Annotated[
        Mapping[Name, Journey], Says("What users do, step by step, made again and again.")
    ] = field(default_factory=dict)
    objectives: Annotated[Mapping[Name, Objective], Says("What is promised to users.")] = field(
        default_factory=dict
    )
    signals: Annotated[
        Mapping[Name, Signal], Says("What is measured, and where it comes from.")
    ] = field(default_factory=dict)
    rules: Annotated[Mapping[Name, RuleSet], Says("What counts as trouble, in named sets.")]
    recovery: Annotated[Recovery, Says("What is done about trouble without a person.")] = field(
        default_factory=Recovery
    )
    application: Annotated[
        Application | None, Says("What the SDK does inside the application.")
    ] = None
    workers: Annotated[
        Mapping[Name, Worker], Says("More Workers of the monitoring, one a role.")
    ] = field(default_factory=dict)
    rate_limits: Annotated[Mapping[Name, RateLimit], Says("How often the same asker may ask.")] = (
        field(default_factory=dict)
    )
    security: Annotated[Security, Says("What is watched for harm.")] = field(
        default_factory=Security
    )
    web_vitals: Annotated[WebVitals, Says("What browsers measure, and its limits.")] = field(
        default_factory=WebVitals
    )
    errors: Annotated[Errors | None, Says("Error tracking.")] = None
    logs: Annotated[Logs, Says("What is logged, and where it goes.")] = field(default_factory=Logs)
    privacy: Annotated[Privacy, Says("What is never stored or sent.")] = field(
        default_factory=Privacy
    )
    retention: Annotated[Retention, Says("How long each store keeps what it has.")] = field(
        default_factory=Retention
    )
    server: Annotated[
        Server | None, Says("Prometheus, Grafana and the rest, on a host or a cluster.")
    ] = None
    dashboards: Annotated[Mapping[Name, Dashboard], Says("What people look at.")] = field(
        default_factory=dict
    )
    access: Annotated[Access, Says("Who may do what with the monitoring.")] = field(
        default_factory=Access
    )
    baseline: Annotated[
        Baseline | None, Says("A measurement of ordinary days, from which limits are taken.")
    ] = None
    operations: Annotated[
        Operations, Says("What people do again and again, and how well it must go.")
    ] = field(default_factory=Operations)
    cost: Annotated[Cost | None, Says("What the monitoring may cost.")] = None
    exceptions: Annotated[
        Mapping[Name, PolicyException], Says("Policies that do not hold for a while, and why.")
    ] = field(default_factory=dict)
    monitoring: Annotated[Monitoring, Says("How the monitoring itself runs.")] = field(
        default_factory=Monitoring
    )

    def title_of(self, service: str) -> str:
        """Give the words for a service in messages."""
        return self.services[service].title or service

    def page_at(self, runbook: str) -> str:
        """Give the address of a page of runbooks, or its path where no address is said."""
        return f"{(self.monitoring.runbooks or 'runbooks').rstrip('/')}/{runbook}"
