"""Types of Pulumi resources and where their objects lie, to list and to forget them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from localcloud.cloudflare.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from localcloud.store import Object, Store

TYPES: Mapping[str, str] = {
    **{kind.pulumi_type: kind.name for kind in KINDS},
    "cloudflare:index/queueConsumer:QueueConsumer": "consumers",
    "cloudflare:index/r2BucketLifecycle:R2BucketLifecycle": "lifecycles",
    "cloudflare:index/workersCronTrigger:WorkersCronTrigger": "schedules",
    "cloudflare:index/workersScript:WorkersScript": "scripts",
    "cloudflare:index/workersScriptSubdomain:WorkersScriptSubdomain": "subdomains",
    "grafana:alerting/contactPoint:ContactPoint": "contact-points",
    "grafana:alerting/notificationPolicy:NotificationPolicy": "policy-tree",
    "grafana:alerting/ruleGroup:RuleGroup": "rule-groups",
    "grafana:oss/dashboard:Dashboard": "dashboards",
    "grafana:oss/dataSource:DataSource": "datasources",
    "grafana:oss/folder:Folder": "folders",
}
"""Pulumi's type token and the kind in the store."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The objects of one kind."""

    kind: str
    pulumi_type: str
    objects: list[Object]


def listed(store: Store) -> list[Listed]:
    """Return the kinds that have objects."""
    return [
        Listed(kind=kind, pulumi_type=pulumi_type, objects=objects)
        for pulumi_type, kind in TYPES.items()
        for objects in [store.all(kind)]
        if objects
    ]


def _ids(held: Object) -> set[str]:
    """Return every id under which Pulumi's state may know an object."""
    own = {held.id, held.name} if held.kind == "contact-points" else {held.id}
    return own | {f"1:{identifier}" for identifier in own}


def forget(store: Store, pulumi_type: str, name: str, keep: set[str]) -> list[Object]:
    """Delete the objects of a type and name whose id is not to be kept; return them.

    Raises:
        KeyError: the type is none of `TYPES`.

    """
    orphans = [
        held
        for held in store.all(TYPES[pulumi_type])
        if held.name == name and not _ids(held) & keep
    ]
    with store.transaction():
        for held in orphans:
            store.delete(held.kind, held.scope, held.id)
            if held.kind == "scripts":
                store.set_modules(held.id, [])
    return orphans
