"""The least that tokens must be allowed, from the types of resources."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from belfry.permissions import (
    CLOUDFLARE,
    GRAFANA,
    ROLES,
    Purpose,
    Scope,
    permissions,
    token_body,
)
from belfry.problems import Problems

SCRIPT = "cloudflare:index/workersScript:WorkersScript"
CHECK = "cloudflare:index/healthcheck:Healthcheck"
FOLDER = "grafana:oss/folder:Folder"
DASHBOARD = "grafana:oss/dashboard:Dashboard"
NOT_LISTED = {
    "cloudflare:index/r2BucketLifecycle:R2BucketLifecycle",
    "cloudflare:index/r2BucketLock:R2BucketLock",
    "cloudflare:index/ruleset:Ruleset",
    "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication",
}
"""The provider names no permission for these; they take their parent's, or its pages'."""


def test_one_group_serves_all_types_that_need_it_and_account_comes_before_zone() -> None:
    cron = "cloudflare:index/workersCronTrigger:WorkersCronTrigger"
    found = permissions([CHECK, SCRIPT, cron, SCRIPT])
    assert [(group.name, group.scope) for group in found.groups] == [
        ("Workers Scripts", Scope.ACCOUNT),
        ("Health Checks", Scope.ZONE),
    ]
    assert next(iter(found.groups.values())) == (cron, SCRIPT)


def test_a_type_that_no_table_knows_is_an_error_that_names_it() -> None:
    with pytest.raises(Problems) as raised:
        permissions([SCRIPT, "cloudflare:index/zone:Zone", "aws:s3/bucket:Bucket"])
    assert "aws:s3/bucket:Bucket, cloudflare:index/zone:Zone" in str(raised.value)


def test_components_and_providers_need_no_permission() -> None:
    found = permissions(["belfry:grafana:Folder", "pulumi:providers:grafana"])
    assert not found.groups
    assert not found.roles[Purpose.DEPLOY]


def test_a_preview_is_never_allowed_to_write() -> None:
    found = permissions([*CLOUDFLARE, *GRAFANA])
    assert all(action.endswith(":read") for action in found.actions[Purpose.PREVIEW])
    given = {action for role in found.roles[Purpose.PREVIEW] for action in ROLES[role]}
    assert all(action.endswith((":read", ":query")) for action in given)
    assert all(group.api_name(Purpose.PREVIEW).endswith(" Read") for group in found.groups)


@pytest.mark.parametrize("purpose", Purpose)
def test_the_roles_give_every_action(purpose: Purpose) -> None:
    found = permissions(GRAFANA)
    given = {action for role in found.roles[purpose] for action in ROLES[role]}
    assert set(found.actions[purpose]) <= given


def test_a_role_that_another_includes_is_not_asked_for() -> None:
    found = permissions([FOLDER, DASHBOARD])
    assert "fixed:dashboards:writer" not in found.roles[Purpose.DEPLOY]
    assert found.roles[Purpose.PREVIEW] == ("fixed:folders:reader",)


def test_a_dashboard_alone_does_not_get_the_folders_role() -> None:
    assert permissions([DASHBOARD]).roles[Purpose.DEPLOY] == ("fixed:dashboards:writer",)


def test_the_body_holds_a_policy_a_scope_for_this_account_and_zone_only() -> None:
    body = token_body(
        permissions([SCRIPT, CHECK]), Purpose.DEPLOY, name="t", account="acc", zone="zon"
    )
    assert body == {
        "name": "t",
        "policies": [
            {
                "effect": "allow",
                "resources": {"com.cloudflare.api.account.acc": "*"},
                "permission_groups": [{"name": "Workers Scripts Write"}],
            },
            {
                "effect": "allow",
                "resources": {"com.cloudflare.api.account.zone.zon": "*"},
                "permission_groups": [{"name": "Health Checks Write"}],
            },
        ],
    }


def test_ids_are_put_in_and_a_name_without_one_is_a_mistake() -> None:
    found = permissions([SCRIPT])
    ids = {("Workers Scripts Read", Scope.ACCOUNT): "0a1b"}
    body = token_body(found, Purpose.PREVIEW, name="t", account="a", zone="z", ids=ids)
    assert "{'id': '0a1b', 'name': 'Workers Scripts Read'}" in str(body)
    with pytest.raises(Problems, match="no permission group Workers Scripts Write"):
        token_body(found, Purpose.DEPLOY, name="t", account="a", zone="z", ids=ids)


@pytest.mark.parametrize("kind", sorted(set(CLOUDFLARE) - NOT_LISTED))
def test_the_provider_itself_accepts_the_permission(kind: str) -> None:
    package = importlib.util.find_spec("pulumi_cloudflare")
    assert package is not None
    assert package.origin is not None
    module = re.sub(r"(?<!^)(?=[A-Z])", "_", kind.rpartition(":")[2]).lower()
    text = (Path(package.origin).parent / f"{module}.py").read_text(encoding="utf-8")
    listed = text.split("Accepted Permissions", 1)[1].split("##", 1)[0]
    assert CLOUDFLARE[kind].api_name(Purpose.DEPLOY) in re.findall(r"`([^`]+)`", listed)
