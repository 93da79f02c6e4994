"""The least that a token must be allowed, derived from the resource types of a plan.

Sources. Cloudflare: "Accepted Permissions" in the docstring of each resource of pulumi-cloudflare
6.23.1, which come from `x-api-token-group` in Cloudflare's OpenAPI description. Lifecycle and lock
of a bucket have no such list there and take their bucket's; rulesets and Access applications take
what Cloudflare's page "API token permissions" gives for them. Grafana: the actions that its own
source asks for on the endpoints which the provider calls (pkg/services/ngalert/api/authorization.go
for alert rules and contact points, pkg/api/accesscontrol.go and the HTTP API's pages for the rest;
deleting a folder asks for alert.rule:delete too, pkg/services/ngalert/store), and its fixed roles
from "RBAC role definitions". What the tables cannot know is said on docs/tokens.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from belfry.problems import problem_without_place

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet


class Purpose(StrEnum):
    """What a token is for."""

    PREVIEW = "preview"
    DEPLOY = "deploy"


class Scope(StrEnum):
    """What a permission of Cloudflare's is about."""

    ACCOUNT = "account"
    ZONE = "zone"

    @property
    def resource(self) -> str:
        """How Cloudflare's API calls it, before the id."""
        return f"com.cloudflare.api.account{'.zone' if self is Scope.ZONE else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A permission group of Cloudflare's: one name in the dashboard, two in the API."""

    name: str
    scope: Scope

    def api_name(self, purpose: Purpose) -> str:
        """Give the name that the API knows; the dashboard says Edit where the API says Write."""
        return f"{self.name} {'Write' if purpose is Purpose.DEPLOY else 'Read'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actions:
    """What Grafana must allow: actions of its role-based access control."""

    preview: tuple[str, ...]
    deploy: tuple[str, ...]
    """Every change is read back; `alert.provisioning:read` reads what the narrower ones do."""

    def of(self, purpose: Purpose) -> tuple[str, ...]:
        """Give all that a purpose needs."""
        return self.preview if purpose is Purpose.PREVIEW else self.deploy


_ACCESS = Group(name="Access: Apps and Policies", scope=Scope.ACCOUNT)
_D1 = Group(name="D1", scope=Scope.ACCOUNT)
_HEALTH_CHECKS = Group(name="Health Checks", scope=Scope.ZONE)
_HYPERDRIVE = Group(name="Hyperdrive", scope=Scope.ACCOUNT)
_LOGS = Group(name="Logs", scope=Scope.ZONE)
_NOTIFICATIONS = Group(name="Notifications", scope=Scope.ACCOUNT)
_PAGES = Group(name="Pages", scope=Scope.ACCOUNT)
_QUEUES = Group(name="Queues", scope=Scope.ACCOUNT)
_KV = Group(name="Workers KV Storage", scope=Scope.ACCOUNT)
_R2 = Group(name="Workers R2 Storage", scope=Scope.ACCOUNT)
_ROUTES = Group(name="Workers Routes", scope=Scope.ZONE)
_SCRIPTS = Group(name="Workers Scripts", scope=Scope.ACCOUNT)
_SETTINGS = Group(name="Account Settings", scope=Scope.ACCOUNT)
_TOKENS = Group(name="Account API Tokens", scope=Scope.ACCOUNT)
_WAF = Group(name="Zone WAF", scope=Scope.ZONE)

CLOUDFLARE: Mapping[str, Group] = {
    "cloudflare:index/accountToken:AccountToken": _TOKENS,
    "cloudflare:index/d1Database:D1Database": _D1,
    "cloudflare:index/healthcheck:Healthcheck": _HEALTH_CHECKS,
    "cloudflare:index/hyperdriveConfig:HyperdriveConfig": _HYPERDRIVE,
    "cloudflare:index/logpushJob:LogpushJob": _LOGS,
    "cloudflare:index/notificationPolicy:NotificationPolicy": _NOTIFICATIONS,
    "cloudflare:index/notificationPolicyWebhooks:NotificationPolicyWebhooks": _NOTIFICATIONS,
    "cloudflare:index/pagesProject:PagesProject": _PAGES,
    "cloudflare:index/queue:Queue": _QUEUES,
    "cloudflare:index/queueConsumer:QueueConsumer": _QUEUES,
    "cloudflare:index/r2Bucket:R2Bucket": _R2,
    "cloudflare:index/r2BucketLifecycle:R2BucketLifecycle": _R2,
    "cloudflare:index/r2BucketLock:R2BucketLock": _R2,
    "cloudflare:index/ruleset:Ruleset": _WAF,
    "cloudflare:index/webAnalyticsSite:WebAnalyticsSite": _SETTINGS,
    "cloudflare:index/workersCronTrigger:WorkersCronTrigger": _SCRIPTS,
    "cloudflare:index/workersCustomDomain:WorkersCustomDomain": _SCRIPTS,
    "cloudflare:index/workersKv:WorkersKv": _KV,
    "cloudflare:index/workersKvNamespace:WorkersKvNamespace": _KV,
    "cloudflare:index/workersRoute:WorkersRoute": _ROUTES,
    "cloudflare:index/workersScript:WorkersScript": _SCRIPTS,
    "cloudflare:index/workersScriptSubdomain:WorkersScriptSubdomain": _SCRIPTS,
    "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication": _ACCESS,
    "cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy": _ACCESS,
}
"""Resource type → the permission group that it needs. Rulesets and Logpush are those of the zone:
the account's own need Account WAF and Logs of the account, which no stack has."""

_FOLDERS = ("folders:read", "folders:create", "folders:write", "folders:delete")
_DASHBOARDS = ("dashboards:read", "dashboards:create", "dashboards:write", "dashboards:delete")
_SOURCES = ("datasources:read", "datasources:create", "datasources:write", "datasources:delete")
_PROVISIONING = ("alert.provisioning:read", "alert.provisioning:write")
_RIGHTS = ("read", "create", "write", "delete")
_ANNOTATIONS = tuple(f"annotations:{right}" for right in _RIGHTS)
_LIBRARY = tuple(f"library.panels:{right}" for right in _RIGHTS)
_TEAMS = (*(f"teams:{right}" for right in _RIGHTS), "teams.permissions:read")
_ACCOUNTS = tuple(f"serviceaccounts:{right}" for right in _RIGHTS)

GRAFANA: Mapping[str, Actions] = {
    "grafana:oss/folder:Folder": Actions(
        preview=("folders:read",), deploy=(*_FOLDERS, "alert.rule:delete")
    ),
    "grafana:oss/dashboard:Dashboard": Actions(preview=("dashboards:read",), deploy=_DASHBOARDS),
    "grafana:oss/dataSource:DataSource": Actions(preview=("datasources:read",), deploy=_SOURCES),
    "grafana:oss/annotation:Annotation": Actions(
        preview=("annotations:read",), deploy=_ANNOTATIONS
    ),
    "grafana:oss/folderPermission:FolderPermission": Actions(
        preview=("folders.permissions:read", "folders:read"),
        deploy=("folders.permissions:read", "folders.permissions:write", "folders:read"),
    ),
    "grafana:oss/libraryPanel:LibraryPanel": Actions(
        preview=("library.panels:read",), deploy=_LIBRARY
    ),
    # The provider reads a team's members too, for which no fixed role that only reads will do.
    "grafana:oss/team:Team": Actions(preview=("teams:read",), deploy=_TEAMS),
    "grafana:oss/serviceAccount:ServiceAccount": Actions(
        preview=("serviceaccounts:read",), deploy=_ACCOUNTS
    ),
    "grafana:oss/serviceAccountToken:ServiceAccountToken": Actions(
        preview=("serviceaccounts:read",), deploy=("serviceaccounts:read", "serviceaccounts:write")
    ),
    **dict.fromkeys(
        (
            "grafana:alerting/contactPoint:ContactPoint",
            "grafana:alerting/messageTemplate:MessageTemplate",
            "grafana:alerting/muteTiming:MuteTiming",
            "grafana:alerting/notificationPolicy:NotificationPolicy",
        ),
        Actions(preview=("alert.notifications:read",), deploy=_PROVISIONING),
    ),
    "grafana:alerting/ruleGroup:RuleGroup": Actions(
        preview=("alert.rule:read", "folders:read"), deploy=_PROVISIONING
    ),
}
"""Resource type → the actions that it needs."""

ROLES: Mapping[str, tuple[str, ...]] = {
    "fixed:folders:reader": ("folders:read", "dashboards:read"),
    "fixed:folders:writer": (*_FOLDERS, *_DASHBOARDS),
    "fixed:dashboards:reader": ("dashboards:read",),
    "fixed:dashboards:writer": _DASHBOARDS,
    "fixed:datasources:reader": ("datasources:read", "datasources:query"),
    "fixed:datasources:writer": (*_SOURCES, "datasources:query"),
    "fixed:folders.permissions:reader": ("folders.permissions:read",),
    "fixed:folders.permissions:writer": ("folders.permissions:read", "folders.permissions:write"),
    "fixed:annotations:reader": ("annotations:read",),
    "fixed:annotations:writer": _ANNOTATIONS,
    "fixed:library.panels:reader": ("library.panels:read",),
    "fixed:library.panels:writer": _LIBRARY,
    "fixed:teams:reader": ("teams:read",),
    "fixed:teams:writer": (*_TEAMS, "teams.permissions:write"),
    "fixed:serviceaccounts:reader": ("serviceaccounts:read",),
    "fixed:serviceaccounts:writer": _ACCOUNTS,
    "fixed:alerting.rules:reader": ("alert.rule:read",),
    "fixed:alerting.rules:writer": (
        "alert.rule:read",
        "alert.rule:create",
        "alert.rule:write",
        "alert.rule:delete",
    ),
    "fixed:alerting.notifications:reader": ("alert.notifications:read",),
    "fixed:alerting.provisioning:writer": _PROVISIONING,
}
"""Fixed roles and those of their actions that matter here. A narrower one stands first."""

_NO_PERMISSION = ("belfry:", "pulumi:")
"""How types begin that exist in Pulumi alone: our components, and the providers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Permissions:
    """The least that the tokens of one set of resources must be allowed."""

    groups: Mapping[Group, tuple[str, ...]]
    """Cloudflare's permission groups, account before zone, each with the types that need it."""
    actions: Mapping[Purpose, tuple[str, ...]]
    """Grafana's actions, sorted."""
    roles: Mapping[Purpose, tuple[str, ...]]
    """Fewest fixed roles that give those actions, sorted."""


def permissions(types: Iterable[str]) -> Permissions:
    """Derive the least permissions from the resource types of a plan.

    Raises:
        Problems: types that no table knows, all of them.

    """
    wanted = sorted({one for one in types if not one.startswith(_NO_PERMISSION)})
    unknown = [one for one in wanted if one not in CLOUDFLARE and one not in GRAFANA]
    if unknown:
        wrong = f"no table says which permission these need: {', '.join(unknown)}"
        raise problem_without_place(wrong, "add each to belfry/permissions.py, with its source")
    groups: dict[Group, list[str]] = {}
    for one in wanted:
        if one in CLOUDFLARE:
            groups.setdefault(CLOUDFLARE[one], []).append(one)
    ordered = sorted(groups, key=lambda group: (group.scope.value, group.name))
    asked = [GRAFANA[one] for one in wanted if one in GRAFANA]
    actions = {purpose: {name for one in asked for name in one.of(purpose)} for purpose in Purpose}
    return Permissions(
        groups={group: tuple(groups[group]) for group in ordered},
        actions={purpose: tuple(sorted(found)) for purpose, found in actions.items()},
        roles={purpose: _roles(found) for purpose, found in actions.items()},
    )


def token_body(
    found: Permissions,
    purpose: Purpose,
    *,
    name: str,
    account: str,
    zone: str,
    ids: Mapping[tuple[str, Scope], str] | None = None,
) -> dict[str, object]:
    """Give the body with which Cloudflare's API makes the token, a policy a scope.

    Args:
        found: what the stack needs.
        purpose: what the token is for.
        name: what the token is called.
        account: id of the account.
        zone: id of the zone.
        ids: permission groups' ids, by API name and scope; without, the names stand alone.

    Raises:
        Problems: a name that `ids` does not have.

    """
    resource = {Scope.ACCOUNT: account, Scope.ZONE: zone}
    policies = [
        {
            "effect": "allow",
            "resources": {f"{scope.resource}.{resource[scope]}": "*"},
            "permission_groups": [
                _group(group.api_name(purpose), scope, ids)
                for group in found.groups
                if group.scope is scope
            ],
        }
        for scope in Scope
        if any(group.scope is scope for group in found.groups)
    ]
    return {"name": name, "policies": policies}


def _group(name: str, scope: Scope, ids: Mapping[tuple[str, Scope], str] | None) -> dict[str, str]:
    if ids is None:
        return {"name": name}
    if (name, scope) not in ids:
        wrong = f"Cloudflare's list has no permission group {name} for a {scope}"
        raise problem_without_place(wrong, "look for its new name there, and say so in an issue")
    return {"id": ids[name, scope], "name": name}


def _roles(actions: AbstractSet[str]) -> tuple[str, ...]:
    """Choose roles until every action is given, each time the one that gives most of the rest.

    Of equals the one with fewest other actions, so that nothing is allowed for its own sake.
    """
    left, chosen = set(actions), []
    while left:
        role = max(ROLES, key=lambda one: (len(left & set(ROLES[one])), -len(ROLES[one])))
        given = left & set(ROLES[role])
        if not given:
            raise problem_without_place(
                f"no fixed role gives {', '.join(sorted(left))}", "add one to belfry/permissions.py"
            )
        chosen.append(role)
        left -= given
    return tuple(sorted(chosen))
