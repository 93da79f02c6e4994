"""Looking back: whether rules and objectives look at metrics that are kept for so long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.language.server import Part
from belfry.problems import printed
from belfry.values.duration import DAY, Duration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from belfry.findings import Findings
    from belfry.language.platform import Platform
    from belfry.language.rules import OwnRule
    from belfry.problems import Path

_NOTHING = Duration.of(0)
_WEEK = Duration.of(7 * 86_400)
_FEW = 4
_UNSAID = Duration.of(15 * 86_400)
"""What Prometheus keeps when nobody says (Prometheus, Storage: Operational aspects)."""


def ask(findings: Findings[Platform]) -> None:
    """Ask about everything that looks back; of several, the retention is more likely at fault."""
    found = kept(findings.value)
    if found is None:
        return
    age, store = found[0], ("retention", found[1])
    beyond = [
        (path, back) for path, back in _looks_back(findings.value) if back > age and back >= DAY
    ]
    if age < DAY or findings.is_broken(store) or findings.is_unclear(("server",)):
        return
    if len(beyond) > 1 and findings.is_written(store):
        path, most = max(beyond, key=lambda one: one[1])
        findings.add(
            store,
            f"metrics are kept for {age}, and {len(beyond)} parts look back further, "
            f"{printed(path)} {most}",
            f"write {most} or more, or let them look back less far",
            because=[where for where, _ in beyond],
            also=[where for where, _ in beyond[:_FEW]],
        )
        return
    for path, back in beyond:
        findings.add(
            path,
            f"it looks back {back}, and metrics are kept for {age}",
            f"look back less far, or let {printed(store)} be {back} or more",
            also=(store,),
        )


def kept(platform: Platform) -> tuple[Duration, str] | None:
    """Give how long the store keeps metrics that is asked, and its key under retention.

    That is Prometheus, else the application. None when neither is of this platform: how long others
    keep what they have, it cannot say.
    """
    retention = platform.retention
    if retention.prometheus is not None:
        return retention.prometheus, "prometheus"
    if platform.server is not None and Part.PROMETHEUS in platform.server.parts:
        return _UNSAID, "prometheus"
    return (retention.metrics, "metrics") if retention.metrics is not None else None


def _looks_back(platform: Platform) -> Iterator[tuple[Path, Duration]]:
    """Give every part that says how far to look back, or that compares with a week ago."""
    for name, objective in platform.objectives.items():
        yield ("objectives", name, "over"), objective.over
    for name, rules in platform.rules.items():
        for rule, own in rules.own.items():
            key, back = _of_rule(own)
            yield ("rules", name, "own", rule, *key), back


def _of_rule(own: OwnRule) -> tuple[Path, Duration]:
    over = own.over or _NOTHING
    if own.deviates is not None:
        return ("deviates", "over"), max(over, own.deviates.over)
    if own.drops is not None or own.rises is not None:
        key = "drops" if own.drops is not None else "rises"
        return (key,), Duration(over.milliseconds + _WEEK.milliseconds)
    return ("over",), over
