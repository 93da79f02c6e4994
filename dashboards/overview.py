"""Where a message leads: what is wrong now, since when, and is the monitoring itself well."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

from belfry.language.signals import SignalName
from belfry.signals import SIGNALS
from dashboards.builder import (
    Annotation,
    Color,
    Link,
    Meaning,
    Page,
    Related,
    Row,
    Stat,
    Table,
    Target,
    Text,
    Threshold,
    TimeSeries,
    Unit,
    Variable,
)

if TYPE_CHECKING:
    from belfry.arguments import Dashboard
    from belfry.language.platform import Platform

_UP = SIGNALS[SignalName.PROBE_UP].known[0].metric
_SECONDS = SIGNALS[SignalName.PROBE_SECONDS].known[0].metric
_CHOSEN = '{service=~"$service"}'
_LONGEST_UID = 40

_STATES = (
    Meaning(value=1, text="up", color=Color.GREEN),
    Meaning(value=0, text="down", color=Color.RED),
    Meaning(value=-1, text="no data", color=Color.GREY),
)


def build(platform: Platform, environment: str) -> Dashboard:
    """Build the overview of a platform in one environment."""
    title = f"{platform.title or platform.platform} {environment}"
    return Page(
        uid=_uid(f"{platform.platform}-{environment}-overview"),
        title=f"{title}: overview",
        description=(
            f"Which services of {title} work, how fast they answer, "
            "and whether the monitoring itself is well."
        ),
        tags=("belfry", platform.team, platform.platform, environment),
        rows=(_now(platform), _checks(), _monitoring(), _about(platform)),
        variables=(Variable(name="service", label="Service", metric=_UP),),
        annotations=(
            Annotation(
                name="Incidents",
                expression="sum by (severity) (belfry_incidents_open) > 0",
                title="An incident of {{severity}} is open",
                color=Color.RED,
            ),
        ),
        links=(
            Related(title="Dashboards", tags=("belfry", platform.platform)),
            *_runbooks(platform),
        ),
    ).build()


def _runbooks(platform: Platform) -> tuple[Link, ...]:
    address = platform.monitoring.runbooks
    return (Link(title="Runbooks", url=address),) if address else ()


def _now(platform: Platform) -> Row:
    return Row(
        title="Now",
        panels=(
            Stat(
                title="Services",
                description="The worst check of each service. Grey, not green: nothing is known.",
                width=24,
                height=6,
                targets=tuple(_state(service) for service in platform.services),
                unit=Unit.NONE,
                base=Color.GREY,
                thresholds=(
                    Threshold(value=0, color=Color.RED),
                    Threshold(value=1, color=Color.GREEN),
                ),
                meanings=_STATES,
            ),
            Stat(
                title="Open incidents",
                description="Incidents that are not over, whatever their severity.",
                width=8,
                height=4,
                targets=(Target(expression="sum(belfry_incidents_open)"),),
                unit=Unit.COUNT,
                base=Color.GREEN,
                thresholds=(Threshold(value=1, color=Color.RED),),
            ),
            Stat(
                title="Messages waiting",
                description="Messages that no channel has taken yet. Each is sent until one does.",
                width=8,
                height=4,
                targets=(Target(expression="belfry_outbox_pending"),),
                unit=Unit.COUNT,
                base=Color.GREEN,
                thresholds=(
                    Threshold(value=1, color=Color.YELLOW),
                    Threshold(value=10, color=Color.RED),
                ),
            ),
            Stat(
                title="Last tick",
                description="How long ago the monitoring last asked. It does so every minute.",
                width=8,
                height=4,
                targets=(Target(expression="time() - belfry_last_tick_timestamp_seconds"),),
                unit=Unit.SECONDS,
                base=Color.GREEN,
                thresholds=(
                    Threshold(value=120, color=Color.YELLOW),
                    Threshold(value=180, color=Color.RED),
                ),
            ),
        ),
    )


def _checks() -> Row:
    return Row(
        title="Checks",
        panels=(
            TimeSeries(
                title="Time to answer",
                description="How long the last answer took, to its last byte. A gap: none came.",
                width=24,
                height=8,
                targets=(
                    Target(
                        expression=f"max by (service, check) ({_SECONDS}{_CHOSEN})",
                        legend="{{service}} · {{check}}",
                    ),
                ),
                unit=Unit.SECONDS,
                base=Color.GREEN,
                thresholds=(),
            ),
            TimeSeries(
                title="Up",
                description="1: the check gets the answer it expects. 0: not. A gap: unknown.",
                width=12,
                height=8,
                targets=(
                    Target(
                        expression=f"min by (service, check) ({_UP}{_CHOSEN})",
                        legend="{{service}} · {{check}}",
                    ),
                ),
                unit=Unit.NONE,
                base=Color.RED,
                thresholds=(Threshold(value=1, color=Color.GREEN),),
                meanings=_STATES,
            ),
            Table(
                title="Last answers",
                description="The last verdict of each check.",
                width=12,
                height=8,
                targets=(
                    Target(
                        expression=f"min by (service, check) ({_UP}{_CHOSEN})",
                        instant=True,
                    ),
                ),
                columns=(("service", "Service"), ("check", "Check"), ("Value", "State")),
                unit=Unit.NONE,
                base=Color.GREY,
                thresholds=(
                    Threshold(value=0, color=Color.RED),
                    Threshold(value=1, color=Color.GREEN),
                ),
                meanings=_STATES,
            ),
        ),
    )


def _monitoring() -> Row:
    return Row(
        title="The monitoring itself",
        panels=(
            TimeSeries(
                title="Open incidents by severity",
                description="How many incidents of each severity are open.",
                width=12,
                height=7,
                targets=(
                    Target(
                        expression="sum by (severity) (belfry_incidents_open)",
                        legend="{{severity}}",
                    ),
                ),
                unit=Unit.COUNT,
                base=Color.GREEN,
                thresholds=(),
            ),
            TimeSeries(
                title="Time since the last tick",
                description="Falls back every minute. A climbing line: monitoring stands still.",
                width=12,
                height=7,
                targets=(
                    Target(
                        expression="time() - belfry_last_tick_timestamp_seconds", legend="since"
                    ),
                ),
                unit=Unit.SECONDS,
                base=Color.GREEN,
                thresholds=(Threshold(value=180, color=Color.RED),),
            ),
        ),
    )


def _about(platform: Platform) -> Row:
    return Row(
        title="About",
        panels=(
            Text(
                title="Services",
                description="What the platform is made of, and what needs what.",
                width=24,
                height=6,
                content=_services(platform),
            ),
        ),
    )


def _services(platform: Platform) -> str:
    lines = ["| service | what it is | needs |", "|---|---|---|"]
    for name, service in platform.services.items():
        needs = ", ".join(platform.title_of(other) for other in service.needs) or "nothing"
        lines.append(f"| {platform.title_of(name)} (`{name}`) | {service.is_} | {needs} |")
    return "\n".join(lines)


def _state(service: str) -> Target:
    """Ask for a service's state; -1 when nothing is known, so that its tile stays."""
    known = f'min by (service) ({_UP}{{service="{service}"}})'
    unknown = f'label_replace(vector(-1), "service", "{service}", "", "")'
    return Target(expression=f"{known} or {unknown}", legend=service)


def _uid(name: str) -> str:
    """Keep a uid within what Grafana takes, and different from others that begin alike."""
    if len(name) <= _LONGEST_UID:
        return name
    digest = blake2b(name.encode(), digest_size=6).hexdigest()
    return f"{name[: _LONGEST_UID - 13]}-{digest}"
