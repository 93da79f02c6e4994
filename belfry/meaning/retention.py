"""Retention: whether each store is there, and can keep what it has for so long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from belfry.language.plans import GrafanaPlan
from belfry.language.server import Part
from belfry.language.workers import Role
from belfry.problems import Code
from belfry.readings import PROBED
from belfry.rules import Measurement
from belfry.values.duration import DAY, Duration

if TYPE_CHECKING:
    from collections.abc import Callable

    from belfry.catalogue import Catalogue
    from belfry.findings import Findings
    from belfry.language.platform import Platform


@dataclass(frozen=True, slots=True, kw_only=True)
class _Store:
    """A store: what fills it, and why it counts in whole days, if it does."""

    key: str
    days: str | None = None
    filled: Callable[[Platform], bool] = lambda _: True
    empty: str = ""
    right: str = ""


def _part(part: Part) -> Callable[[Platform], bool]:
    """Make the question whether a part of the server stack, or Grafana Cloud, is that store."""

    def filled(platform: Platform) -> bool:
        server = platform.server
        in_the_cloud = platform.plans.grafana is not GrafanaPlan.OWN
        return in_the_cloud or (server is not None and part in server.parts)

    return filled


def _role(role: Role) -> Callable[[Platform], bool]:
    return lambda platform: any(worker.role is role for worker in platform.workers.values())


_STORES = (
    _Store(key="observations"),
    _Store(key="archive", days="Cloudflare"),
    _Store(
        key="prometheus",
        days="Prometheus",
        filled=_part(Part.PROMETHEUS),
        empty="there is no Prometheus that could keep anything",
        right="add prometheus to server.parts, or remove it",
    ),
    _Store(
        key="loki",
        days="Loki",
        filled=_part(Part.LOKI),
        empty="there is no Loki that could keep anything",
        right="add loki to server.parts, or remove it",
    ),
    _Store(
        key="traces",
        days="Jaeger",
        filled=lambda platform: _part(Part.JAEGER)(platform) or _role(Role.APM)(platform),
        empty="nothing takes in traces",
        right="add jaeger to server.parts or a Worker with the role apm, or remove it",
    ),
    _Store(
        key="edge-metrics",
        filled=lambda platform: bool(platform.workers),
        empty="there is no Worker that could collect metrics",
        right="add one to workers, or remove it",
    ),
    _Store(
        key="edge-logs",
        days="Cloudflare",
        filled=_role(Role.LOGS),
        empty="no Worker takes in logs",
        right="add a Worker with the role logs, or remove it",
    ),
    _Store(
        key="edge-state",
        filled=lambda platform: any(worker.kv for worker in platform.workers.values()),
        empty="no Worker keeps anything in KV",
        right="add kv to a Worker, or remove it",
    ),
    _Store(
        key="metrics",
        filled=lambda platform: platform.application is not None,
        empty="there is no application that could keep metrics",
        right="add application:, or remove it",
    ),
    _Store(key="alerts"),
    _Store(key="incidents"),
    _Store(key="audit"),
)
"""Loki and Cloudflare delete by the day: grafana.com/docs/loki/latest/operations/storage/retention
and developers.cloudflare.com/r2/buckets/object-lifecycles. Days suit the others' indexes."""


def ask(findings: Findings[Platform], catalogue: Catalogue) -> None:
    """Ask about every store."""
    platform = findings.value
    for store in _STORES:
        path = ("retention", store.key)
        age: Duration | None = getattr(platform.retention, store.key.replace("-", "_"))
        if age is None:
            continue
        if not store.filled(platform):
            because = (("server",), ("server", "parts"), ("workers",), ("application",))
            findings.add(path, store.empty, store.right, because=because, code=Code.UNUSED)
        elif age < DAY:
            findings.add(path, f"{age} is less than a day", "write 1d or more")
        elif store.days and not age.is_multiple_of(DAY):
            right = f"write a multiple of 1d, which is what {store.days} takes"
            findings.add(path, f"{age} is not whole days", right)
    _windows(findings, catalogue)


def _windows(findings: Findings[Platform], catalogue: Catalogue) -> None:
    """Ask whether results of checks are kept for as long as rules look back."""
    platform = findings.value
    kept = platform.retention.observations
    looked: dict[str, Duration] = {}
    for rules in platform.rules.values():
        for name in catalogue.used_by(rules.use):
            rule = catalogue.rules.get(name)
            for when in rule.when if rule is not None else ():
                if isinstance(when, Measurement) and when.signal in PROBED:
                    looked[name] = when.over
    far = max(looked, key=lambda rule: looked[rule], default=None)
    if far is not None and kept >= DAY and looked[far] > kept:
        wrong = f"{far} looks back {looked[far]}, and results are kept {kept}"
        right = f"write {looked[far]} or more"
        findings.add(("retention", "observations"), wrong, right, because=(("rules",),))
