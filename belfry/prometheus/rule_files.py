"""Rule files: one of recordings, and one a rule set, each rule a block of its own lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.prometheus.seen import literally, seen
from belfry.promql import alert
from belfry.routes.alerts import labels_of
from belfry.values.duration import Duration
from belfry.yaml_text import quoted, scalar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from belfry.language.platform import Platform
    from belfry.prometheus.recordings import Recording
    from belfry.promql.told import Recorded
    from belfry.rules import ServiceRule

_INTERVAL = "1m"
"""As often as the Worker and Grafana judge."""


def recording_file(group: str, recordings: Iterable[Recording]) -> str:
    """Write a file with one group of recordings."""
    return file_of(group, (line for one in recordings for line in recorded_lines(one)))


def alert_file(
    group: str,
    platform: Platform,
    environment: str,
    rules: Sequence[ServiceRule],
    *,
    recorded: Recorded,
    dashboard: str | None,
) -> str:
    """Write a file with one group of alerts."""
    links = {} if dashboard is None else {"dashboard_url": literally(dashboard)}
    lines: list[str] = []
    for rule in rules:
        expression = alert(rule, recorded)
        if expression is not None:
            labels = labels_of(platform, environment, rule)
            lines += alert_lines(rule, expression, labels, {**links, **texts_of(rule)})
    return file_of(group, lines)


def texts_of(rule: ServiceRule) -> dict[str, str]:
    """Give what an alert says to people, as templates of Prometheus."""
    return {
        "description": literally(rule.description),
        **({"first_step": literally(rule.first_step)} if rule.first_step else {}),
        "runbook_url": literally(rule.runbook),
        "seen": seen(rule),
        "summary": literally(rule.summary),
    }


def alert_lines(
    rule: ServiceRule,
    expression: str,
    labels: Mapping[str, str],
    annotations: Mapping[str, str],
) -> Iterator[str]:
    """Write one alert; its name is not repeated among its labels."""
    yield f"- alert: {scalar(rule.rule)}"
    yield from _expression(expression)
    yield f"  for: {Duration.of(rule.hold)}"
    yield from _table("labels", {k: v for k, v in labels.items() if k != "alertname"})
    yield from _table("annotations", annotations)


def recorded_lines(one: Recording) -> Iterator[str]:
    """Write one recording."""
    yield f"- record: {scalar(one.record)}"
    yield from _expression(one.expression)
    if one.service is not None:
        yield from _table("labels", {"service": one.service})


def file_of(group: str, lines: Iterable[str]) -> str:
    """Write a file with one group of rules, whose lines are given."""
    head = (f"  - name: {scalar(group)}", f"    interval: {_INTERVAL}", "    rules:")
    body = [f"      {line}".rstrip() for line in lines]
    return "\n".join(("groups:", *head, *body)) + "\n" if body else "groups: []\n"


def _expression(text: str) -> Iterator[str]:
    if "\n" not in text or not all(sign.isprintable() or sign == "\n" for sign in text):
        yield f"  expr: {quoted(text)}"
        return
    yield "  expr: |-"
    for line in text.split("\n"):
        yield f"    {line}".rstrip()


def _table(name: str, entries: Mapping[str, str]) -> Iterator[str]:
    yield f"  {name}:"
    for key, value in sorted(entries.items()):
        yield f"    {key}: {scalar(literally(value) if name == 'labels' else value)}"
