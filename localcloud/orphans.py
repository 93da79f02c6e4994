"""Types of Pulumi resources and where their objects lie, to list and to forget them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from localcloud.cloudflare import account_tokens, rulesets
from localcloud.cloudflare.kinds import KINDS
from localcloud.issued_tokens import ACCOUNT_TOKENS, SERVICE_ACCOUNT_TOKENS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from localcloud.store import Brief, Object, Store

TYPES: Mapping[str, str] = {
    **{kind.pulumi_type: kind.name for kind in KINDS},
    account_tokens.PULUMI_TYPE: ACCOUNT_TOKENS,
    rulesets.PULUMI_TYPE: "rulesets",
    "cloudflare:index/queueConsumer:QueueConsumer": "consumers",
    "cloudflare:index/r2BucketLifecycle:R2BucketLifecycle": "lifecycles",
    "cloudflare:index/r2BucketLock:R2BucketLock": "locks",
    "cloudflare:index/workersCustomDomain:WorkersCustomDomain": "domains",
    "cloudflare:index/workersCronTrigger:WorkersCronTrigger": "schedules",
    "cloudflare:index/workersScript:WorkersScript": "scripts",
    "cloudflare:index/workersScriptSubdomain:WorkersScriptSubdomain": "subdomains",
    "grafana:alerting/contactPoint:ContactPoint": "contact-points",
    "grafana:alerting/messageTemplate:MessageTemplate": "templates",
    "grafana:alerting/muteTiming:MuteTiming": "mute-timings",
    "grafana:alerting/notificationPolicy:NotificationPolicy": "policy-tree",
    "grafana:alerting/ruleGroup:RuleGroup": "rule-groups",
    "grafana:oss/annotation:Annotation": "annotations",
    "grafana:oss/dashboard:Dashboard": "dashboards",
    "grafana:oss/dataSource:DataSource": "datasources",
    "grafana:oss/folder:Folder": "folders",
    "grafana:oss/folderPermission:FolderPermission": "folder-permissions",
    "grafana:oss/libraryPanel:LibraryPanel": "library-elements",
    "grafana:oss/serviceAccount:ServiceAccount": "service-accounts",
    "grafana:oss/serviceAccountToken:ServiceAccountToken": SERVICE_ACCOUNT_TOKENS,
    "grafana:oss/team:Team": "teams",
}
"""Pulumi's type token and the kind in the store."""

_OF_SCOPES: Mapping[str, str] = {
    "accounts": "accountId",
    "zones": "zoneId",
    "buckets": "bucketName",
    "queues": "queueId",
    "scripts": "scriptName",
    "organisations": "orgId",
    "service-accounts": "serviceAccountId",
}
"""What a scope is made of, and the input with which Pulumi says which."""
_OF_BODIES: Mapping[str, tuple[str, str]] = {
    "annotations": ("dashboard", "dashboardUid"),
    "dashboards": ("folder", "folder"),
    "folders": ("parent", "parentFolderUid"),
    "library-elements": ("folder", "folderUid"),
    "rule-groups": ("folder", "folderUid"),
    "rulesets": ("phase", "phase"),
}
"""Kinds that lie in something their scope does not tell: the field of the body, and the input."""
_MAIN = "1"
"""The organisation of whatever says none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The objects of one kind."""

    kind: str
    pulumi_type: str
    objects: list[Brief]


def listed(store: Store) -> list[Listed]:
    """Return the kinds that have objects."""
    return [
        Listed(kind=kind, pulumi_type=pulumi_type, objects=objects)
        for pulumi_type, kind in TYPES.items()
        for objects in [store.briefs(kind)]
        if objects
    ]


def _ids(held: Object) -> set[str]:
    """Return every id under which Pulumi's state may know an object."""
    own = {held.id, held.name} if held.kind == "contact-points" else {held.id}
    return own | {f"1:{identifier}" for identifier in own}


def forget(
    store: Store, pulumi_type: str, name: str, place: Mapping[str, str], keep: set[str]
) -> list[Object]:
    """Delete the objects of a type and name in one place; return them.

    Args:
        store: where they are kept.
        pulumi_type: Pulumi's type token.
        name: what they are called.
        place: where they lie, by the inputs that say so: `accountId` or `zoneId` for everything of
            Cloudflare's; `orgId`, unless it is the main organisation, and `folderUid` and the like
            for Grafana's. What lies elsewhere has nothing but its name in common with them.
        keep: ids of objects that stay.

    Raises:
        KeyError: the type is none of `TYPES`.

    """
    orphans = [
        held
        for held in store.all(TYPES[pulumi_type])
        if held.name == name and _lies_in(held, place) and not _ids(held) & keep
    ]
    with store.transaction():
        for held in orphans:
            store.delete(held.kind, held.scope, held.id)
            if held.kind == "scripts":
                store.set_modules(held.scope, held.id, [])
    return orphans


def _lies_in(held: Object, place: Mapping[str, str]) -> bool:
    # Grafana's provider puts the organisation before the ids of folders and accounts.
    said = {name: value.rpartition(":")[2] for name, value in place.items()}
    if said.get("orgId", "0") == "0":
        said["orgId"] = _MAIN
    return all(said.get(name, "") == value for name, value in _place_of(held))


def _place_of(held: Object) -> Iterator[tuple[str, str]]:
    """Tell what an object lies in, by Pulumi's inputs."""
    parts = held.scope.split("/")
    if parts[0] == "grafana":
        parts = parts[1:]
        if parts[:1] != ["organisations"]:
            yield "orgId", _MAIN
    for family, identifier in zip(parts[::2], parts[1::2], strict=True):
        yield _OF_SCOPES.get(family, family), identifier
    if held.kind in _OF_BODIES:
        field, name = _OF_BODIES[held.kind]
        yield name, str(held.body.get(field) or "")
