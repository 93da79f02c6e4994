"""What Cloudflare's API refuses: by the field, with its codes, never with an error of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from localcloud.cloudflare.buckets import KEEP_FULL, going_full, let_go_full
from localcloud.cloudflare.kinds import KINDS
from localcloud.orphans import TYPES
from tests.localcloud.in_process import Process
from tests.localcloud.running import ACCOUNT, ZONE

if TYPE_CHECKING:
    from pathlib import Path

A = f"/client/v4/accounts/{ACCOUNT}"
Z = f"/client/v4/zones/{ZONE}"

ORIGIN = {
    "scheme": "postgres",
    "host": "db.example.com",
    "database": "shop",
    "user": "reader",
    "password": "made-up-password",
}
CHECK = {"name": "shop", "address": "shop.example"}
EMAIL = {"email": [{"id": "ops@example.com"}]}
POLICY = {"name": "n", "alert_type": "universal_ssl_event_type", "mechanisms": EMAIL}
BILLING = {"name": "n", "alert_type": "billing_usage_alert", "mechanisms": EMAIL}
DOWN = {"name": "n", "alert_type": "health_check_status_notification", "mechanisms": EMAIL}
LIMIT = {
    "characteristics": ["cf.colo.id", "ip.src"],
    "period": 10,
    "requests_per_period": 5,
    "mitigation_timeout": 10,
}
RULE = {"action": "block", "expression": '(http.host eq "a")', "ratelimit": LIMIT}
RULESET = {"name": "r", "kind": "zone", "phase": "http_ratelimit", "rules": [RULE]}
TOKEN = {
    "name": "t",
    "policies": [
        {
            "effect": "allow",
            "permission_groups": [{"id": "5" * 32}],
            "resources": {f"com.cloudflare.api.account.{ACCOUNT}": "*"},
        }
    ],
}
JOB = {"dataset": "workers_trace_events", "destination_conf": "r2://logs/{DATE}"}
ACCESS = {"name": "p", "decision": "allow", "include": [{"everyone": {}}]}
APP = {"name": "a", "type": "self_hosted", "domain": "ops.example.com"}


@pytest.fixture
def process(tmp_path: Path) -> Process:
    return Process(tmp_path / "localcloud.db")


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Process:
    """One that nothing is made in, so that tests can share it."""
    return Process(tmp_path_factory.mktemp("refusing") / "localcloud.db")


def made(process: Process, path: str, body: Any) -> dict[str, Any]:
    """Return what a POST made."""
    answer = process.call("POST", path, body)
    assert answer.status in (200, 201), answer.body
    result: dict[str, Any] = answer.told["result"]
    return result


CANNOT_BE: tuple[tuple[str, str, Any, int, str], ...] = (
    ("healthchecks", f"{Z}/healthchecks", {**CHECK, "interval": "often"}, 10001, "interval"),
    ("healthchecks", f"{Z}/healthchecks", {**CHECK, "check_regions": ["MARS"]}, 10001, "MARS"),
    ("healthchecks", f"{Z}/healthchecks", {**CHECK, "http_config": {"port": 0}}, 10001, "port"),
    ("healthchecks", f"{Z}/healthchecks", {**CHECK, "retries": True}, 10001, "retries"),
    (
        "policies",
        f"{A}/alerting/v3/policies",
        {**POLICY, "alert_type": "weather"},
        17004,
        "weather",
    ),
    ("policies", f"{A}/alerting/v3/policies", {**POLICY, "mechanisms": {}}, 17102, "at least one"),
    (
        "policies",
        f"{A}/alerting/v3/policies",
        {**POLICY, "mechanisms": {"email": []}},
        17102,
        "one",
    ),
    ("policies", f"{A}/alerting/v3/policies", {**POLICY, "mechanisms": {"fax": []}}, 17102, "fax"),
    (
        "policies",
        f"{A}/alerting/v3/policies",
        {**POLICY, "mechanisms": {"webhooks": [{"id": "0" * 32}]}},
        17102,
        "webhook destination",
    ),
    (
        "policies",
        f"{A}/alerting/v3/policies",
        {**POLICY, "mechanisms": {"pagerduty": [{"id": "0" * 32}]}},
        17102,
        "PagerDuty destination",
    ),
    (
        "policies",
        f"{A}/alerting/v3/policies",
        {**POLICY, "mechanisms": {"email": [{"id": "nobody"}]}},
        17102,
        "nobody",
    ),
    ("policies", f"{A}/alerting/v3/policies", BILLING, 17103, "product, limit"),
    (
        "policies",
        f"{A}/alerting/v3/policies",
        {**DOWN, "filters": {"product": ["x"]}},
        17103,
        "product",
    ),
    (
        "policies",
        f"{A}/alerting/v3/policies",
        {**DOWN, "filters": {"status": "Unhealthy"}},
        17103,
        "status",
    ),
    (
        "webhooks",
        f"{A}/alerting/v3/destinations/webhooks",
        {"name": "w", "url": "nowhere"},
        10001,
        "no URL",
    ),
    ("namespaces", f"{A}/storage/kv/namespaces", {}, 10019, "title"),
    ("buckets", f"{A}/r2/buckets", {"name": "UPPER"}, 10005, "UPPER"),
    ("buckets", f"{A}/r2/buckets", {"name": "logs", "storageClass": "Cold"}, 10001, "Cold"),
    ("databases", f"{A}/d1/database", {"name": "not a name"}, 7400, "not a name"),
    ("databases", f"{A}/d1/database", {"name": 7}, 7400, "name"),
    ("hyperdrives", f"{A}/hyperdrive/configs", {"name": "h"}, 2007, "origin"),
    (
        "hyperdrives",
        f"{A}/hyperdrive/configs",
        {"name": "h", "origin": {**ORIGIN, "scheme": "oracle"}},
        2007,
        "origin.scheme",
    ),
    (
        "hyperdrives",
        f"{A}/hyperdrive/configs",
        {"name": "h", "origin": {**ORIGIN, "host": "192.168.0.1"}},
        2009,
        "private",
    ),
    ("queues", f"{A}/queues", {"queue_name": "Not A Name"}, 11003, "Not A Name"),
    (
        "queues",
        f"{A}/queues",
        {"queue_name": "q", "settings": {"message_retention_period": 1}},
        10026,
        "settings.message_retention_period",
    ),
    ("routes", f"{Z}/workers/routes", {"pattern": "shop.example/ a"}, 10022, "pattern"),
    (
        "access-policies",
        f"{A}/access/policies",
        {**ACCESS, "decision": "perhaps"},
        12130,
        "perhaps",
    ),
    (
        "access-policies",
        f"{A}/access/policies",
        {**ACCESS, "include": [{"star_sign": {}}]},
        12130,
        "star_sign",
    ),
    ("access-applications", f"{A}/access/apps", {**APP, "domain": None}, 12130, "domain"),
    (
        "access-applications",
        f"{A}/access/apps",
        {**APP, "policies": [{"id": "unheard-of"}]},
        12130,
        "unheard-of",
    ),
    (
        "pages",
        f"{A}/pages/projects",
        {"name": "No_Name", "production_branch": "m"},
        8000000,
        "No_N",
    ),
    ("pages", f"{A}/pages/projects", {"name": "status"}, 8000000, "production_branch"),
    ("logpush-jobs", f"{A}/logpush/jobs", {**JOB, "dataset": "http_requests"}, 10001, "http_req"),
    ("logpush-jobs", f"{Z}/logpush/jobs", JOB, 10001, "workers_trace_events"),
    ("logpush-jobs", f"{A}/logpush/jobs", {**JOB, "max_upload_records": 1}, 10001, "records"),
    ("logpush-jobs", f"{A}/logpush/jobs", {**JOB, "destination_conf": "there"}, 10001, "URL"),
    ("web-analytics", f"{A}/rum/site_info", {}, 10001, "one of host and zone_tag"),
    (
        "web-analytics",
        f"{A}/rum/site_info",
        {"host": "a.b", "auto_install": True},
        10001,
        "zone_tag",
    ),
    ("account-tokens", f"{A}/tokens", {**TOKEN, "name": ""}, 400, "name"),
    ("account-tokens", f"{A}/tokens", {**TOKEN, "policies": []}, 1001, "policies"),
    (
        "account-tokens",
        f"{A}/tokens",
        {**TOKEN, "condition": {"request_ip": {"in": ["everywhere"]}}},
        1001,
        "request_ip.in",
    ),
    (
        "account-tokens",
        f"{A}/tokens",
        {**TOKEN, "expires_on": "tomorrow"},
        1001,
        "expires_on",
    ),
    ("rulesets", f"{Z}/rulesets", {**RULESET, "phase": "lunar"}, 20217, "phase"),
    ("rulesets", f"{Z}/rulesets", {**RULESET, "kind": "root"}, 20217, "kind"),
    ("rulesets", f"{A}/rulesets", RULESET, 20217, "kind"),
    (
        "rulesets",
        f"{Z}/rulesets",
        {**RULESET, "rules": [{**RULE, "action": "rewrite"}]},
        20217,
        "rules[0].action",
    ),
    (
        "rulesets",
        f"{Z}/rulesets",
        {**RULESET, "rules": [{**RULE, "expression": '(http.host eq "a"'}]},
        20217,
        "rules[0].expression",
    ),
    (
        "rulesets",
        f"{Z}/rulesets",
        {**RULESET, "rules": [{**RULE, "ratelimit": {**LIMIT, "period": 7}}]},
        20217,
        "period 7",
    ),
    (
        "rulesets",
        f"{Z}/rulesets",
        {**RULESET, "rules": [{**RULE, "ratelimit": {**LIMIT, "characteristics": ["ip.src"]}}]},
        20217,
        "cf.colo.id",
    ),
    (
        "rulesets",
        f"{Z}/rulesets",
        {**RULESET, "phase": "http_request_firewall_custom"},
        20217,
        "ratelimit",
    ),
    (
        "domains",
        f"PUT {A}/workers/domains",
        {"hostname": "status.example.com", "service": "nobody", "zone_id": ZONE},
        10007,
        "nobody",
    ),
    (
        "domains",
        f"PUT {A}/workers/domains",
        {"hostname": "no host", "service": "nobody", "zone_id": ZONE},
        10001,
        "hostname",
    ),
)


@pytest.mark.parametrize("case", CANNOT_BE, ids=lambda case: f"{case[0]}-{case[4]}")
def test_what_cannot_be_is_refused_with_what_is_wrong(
    untouched: Process, case: tuple[str, str, Any, int, str]
) -> None:
    kind, call, body, code, named = case
    method, _, path = call.rpartition(" ")
    answer = untouched.call(method or "POST", path, body)
    assert (400 <= answer.status < 500, answer.code) == (True, code), answer.body
    assert named in answer.told["errors"][0]["message"]
    assert untouched.store.all(kind) == []


def test_every_kind_of_the_table_has_a_refusal_here() -> None:
    assert {kind.name for kind in KINDS} <= {kind for kind, *_ in CANNOT_BE}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@pytest.mark.parametrize("body", [None, 7, [], "text", {"name": None}, {"name": {"a": []}}])
def test_no_body_of_another_form_makes_anything(untouched: Process, kind: Any, body: Any) -> None:
    for path in kind.paths:
        at = "/client/v4" + path.replace("{scope}", ZONE if "/zones/" in path else ACCOUNT)
        assert 400 <= untouched.call("POST", at, body).status < 500


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        (f"{A}/storage/kv/namespaces", {"title": "a"}, 10014),
        (f"{A}/r2/buckets", {"name": "logs"}, 10004),
        (f"{A}/d1/database", {"name": "shop"}, 7502),
        (f"{A}/hyperdrive/configs", {"name": "h", "origin": ORIGIN}, 2017),
        (f"{A}/queues", {"queue_name": "q"}, 11009),
        (f"{Z}/workers/routes", {"pattern": "shop.example/*"}, 10020),
        (f"{A}/pages/projects", {"name": "status", "production_branch": "main"}, 8000002),
        (f"{Z}/rulesets", RULESET, 20217),
    ],
)
def test_a_name_that_is_taken_is_refused(process: Process, path: str, body: Any, code: int) -> None:
    made(process, path, body)
    assert process.call("POST", path, body).code == code


@pytest.mark.parametrize(
    ("plan", "rules", "why"),
    [
        ("free", [{**RULE, "ratelimit": {**LIMIT, "period": 60}}], "period 60"),
        ("free", [RULE, RULE], "2 rate limiting rules"),
        ("pro", [{**RULE, "ratelimit": {**LIMIT, "period": 300}}], "period 300"),
        ("pro", [{**RULE, "ratelimit": {**LIMIT, "mitigation_timeout": 86400}}], "86400"),
        ("business", [{**RULE, "action": "managed_challenge"}], "mitigation_timeout 0"),
        ("business", [{**RULE, "ratelimit": {**LIMIT, "mitigation_timeout": 0}}], "throttling"),
    ],
)
def test_a_zone_s_plan_limits_its_rate_limiting_rules(
    process: Process, plan: str, rules: list[Any], why: str
) -> None:
    assert process.call("PATCH", Z, {"plan": {"id": plan}}).status == 200
    answer = process.call("POST", f"{Z}/rulesets", {**RULESET, "rules": rules})
    assert (answer.status, answer.code) == (400, 20217)
    assert why in answer.told["errors"][0]["message"]


def test_a_small_zone_is_not_checked_from_everywhere(process: Process) -> None:
    everywhere = {**CHECK, "check_regions": ["ALL_REGIONS"]}
    assert process.call("POST", f"{Z}/healthchecks", everywhere).status == 200
    process.call("PATCH", Z, {"plan": {"id": "pro"}})
    assert process.call("POST", f"{Z}/healthchecks", everywhere).status == 400


def test_a_bucket_that_holds_something_is_kept(process: Process) -> None:
    made(process, f"{A}/r2/buckets", {"name": "logs"})
    process.call("PUT", f"{A}/r2/buckets/logs/objects/day", {"a": 1})
    answer = process.call("DELETE", f"{A}/r2/buckets/logs")
    assert (answer.status, answer.code) == (409, 10008)
    assert "(logs) is not empty" in answer.told["errors"][0]["message"]
    process.call("DELETE", f"{A}/r2/buckets/logs/objects/day")
    assert process.call("DELETE", f"{A}/r2/buckets/logs").status == 200


def test_a_full_bucket_goes_where_every_one_may(process: Process) -> None:
    made(process, f"{A}/r2/buckets", {"name": "logs"})
    process.call("PUT", f"{A}/r2/buckets/logs/objects/day", {"a": 1})
    process.store.set_setting(KEEP_FULL, "no")
    assert process.call("DELETE", f"{A}/r2/buckets/logs").status == 200


def test_a_full_bucket_goes_that_may_and_no_other_and_none_of_its_name_later(
    process: Process,
) -> None:
    for name in ("logs", "more"):
        made(process, f"{A}/r2/buckets", {"name": name})
        process.call("PUT", f"{A}/r2/buckets/{name}/objects/day", {"a": 1})
    address = f"{ACCOUNT}/logs"
    let_go_full(process.store, [address, f"{ACCOUNT}/gone", "odd"])
    assert going_full(process.store) == [address]
    assert process.call("DELETE", f"{A}/r2/buckets/more").code == 10008
    assert process.call("DELETE", f"{A}/r2/buckets/logs").status == 200
    made(process, f"{A}/r2/buckets", {"name": "logs"})
    process.call("PUT", f"{A}/r2/buckets/logs/objects/day", {"a": 1})
    assert process.call("DELETE", f"{A}/r2/buckets/logs").code == 10008


@pytest.mark.parametrize(
    "rules",
    [
        "all",
        [{"id": "a"}],
        [{"id": "a", "enabled": True, "condition": {"type": "Age"}}],
        [{"id": "a", "enabled": True, "condition": {"type": "Weather"}}],
        [{"id": "a", "enabled": True, "condition": {"type": "Indefinite"}}] * 2,
    ],
)
def test_locks_that_lock_nothing_are_refused(process: Process, rules: Any) -> None:
    made(process, f"{A}/r2/buckets", {"name": "logs"})
    answer = process.call("PUT", f"{A}/r2/buckets/logs/lock", {"rules": rules})
    assert answer.status == 400, answer.body
    assert process.call("GET", f"{A}/r2/buckets/logs/lock").told["result"] == {"rules": []}


def test_every_type_of_the_list_can_be_forgotten() -> None:
    named = {token.rpartition(":")[2] for token in TYPES if token.startswith("cloudflare:")}
    assert named >= {
        *("AccountToken", "D1Database", "Healthcheck", "HyperdriveConfig", "LogpushJob"),
        *("NotificationPolicy", "NotificationPolicyWebhooks", "PagesProject", "Queue"),
        *("QueueConsumer", "R2Bucket", "R2BucketLifecycle", "R2BucketLock", "Ruleset"),
        *("WebAnalyticsSite", "WorkersCronTrigger", "WorkersCustomDomain", "WorkersKvNamespace"),
        *("WorkersRoute", "WorkersScript", "WorkersScriptSubdomain"),
        *("ZeroTrustAccessApplication", "ZeroTrustAccessPolicy"),
    }
