"""What Cloudflare's resources do beyond being kept: merge, count, roll, keep secrets, agree."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest

from localcloud.cloudflare.alert_types import ALERTS
from tests.localcloud.in_process import Process
from tests.localcloud.replaying import Replay
from tests.localcloud.running import ACCOUNT, ZONE

if TYPE_CHECKING:
    from pathlib import Path

A = f"/client/v4/accounts/{ACCOUNT}"
Z = f"/client/v4/zones/{ZONE}"
ALERTING = f"{A}/alerting/v3"

LIMIT = {"characteristics": ["cf.colo.id", "ip.src"], "period": 10, "requests_per_period": 5}


@pytest.fixture
def process(tmp_path: Path) -> Process:
    return Process(tmp_path / "localcloud.db")


def said(process: Process, method: str, path: str, body: Any = None, **query: str) -> Any:
    """Return the result of a call that has to work."""
    answer = process.call(method, path, body, query=query)
    assert answer.status in (200, 201), answer.body
    return answer.told["result"]


def upload(process: Process, name: str) -> None:
    """Have a Worker of a name."""
    parts = [
        {"name": "main.js", "filename": "main.js", "body": "export default {}"},
        {"name": "metadata", "body": {"main_module": "main.js"}},
    ]
    path = f"{A}/workers/scripts/{name}"
    Replay(process, "").send("PUT", path, {"multipart": parts})


def test_a_password_of_hyperdrive_is_kept_and_told_to_nobody(process: Process) -> None:
    origin = {
        "scheme": "postgres",
        "host": "db.example.com",
        "database": "shop",
        "user": "reader",
        "password": "made-up-password",
    }
    path = f"{A}/hyperdrive/configs"
    made = said(process, "POST", path, {"name": "shop", "origin": origin})
    assert made["origin"]["port"] == 5432
    changed = said(process, "PATCH", f"{path}/{made['id']}", {"origin": {"user": "writer"}})
    assert (changed["origin"]["user"], changed["origin"]["host"]) == ("writer", "db.example.com")
    held = process.store.all("hyperdrives")[0]
    assert held.hidden["sealed"] == {"origin": {"password": "made-up-password"}}
    whole = [made, changed, said(process, "GET", path), held.body]
    assert "made-up-password" not in json.dumps(whole)


def test_a_log_destination_is_told_to_its_owner_and_not_by_the_store(process: Process) -> None:
    job = {
        "dataset": "workers_trace_events",
        "destination_conf": "r2://logs/{DATE}?secret-access-key=made-up",
        "name": "traces",
    }
    first = said(process, "POST", f"{A}/logpush/jobs", job)
    second = said(process, "POST", f"{A}/logpush/jobs", job)
    assert (first["id"], second["id"]) == (1, 2)
    assert first["destination_conf"] == job["destination_conf"]
    assert "made-up" not in json.dumps([held.body for held in process.store.all("logpush-jobs")])


def test_a_hostname_keeps_its_domain_when_another_worker_takes_it(process: Process) -> None:
    upload(process, "one")
    upload(process, "two")
    path = f"{A}/workers/domains"
    body = {"hostname": "status.shop.example", "service": "one", "zone_id": ZONE}
    first = said(process, "PUT", path, body)
    second = said(process, "PUT", path, {**body, "service": "two"})
    assert (second["id"], second["cert_id"]) == (first["id"], first["cert_id"])
    assert (second["service"], second["zone_name"]) == ("two", "shop.example")
    assert said(process, "GET", path, service="one") == []
    assert said(process, "GET", Z)["name"] == "shop.example"


def test_an_access_policy_tells_how_many_applications_use_it(process: Process) -> None:
    rule = {"name": "team", "decision": "allow", "include": [{"email_domain": {"domain": "a.b"}}]}
    policy = said(process, "POST", f"{A}/access/policies", rule)
    assert policy["app_count"] == 0
    app = {"domain": "ops.shop.example", "policies": [{"id": policy["id"]}]}
    made = said(process, "POST", f"{A}/access/apps", app)
    assert made["policies"] == [{"id": policy["id"], "precedence": 1}]
    assert len(made["aud"]) == 64
    assert said(process, "GET", f"{A}/access/policies/{policy['id']}")["app_count"] == 1
    changed = said(process, "PUT", f"{A}/access/apps/{made['id']}", {**app, "name": "ops"})
    assert changed["aud"] == made["aud"]


def test_a_pages_project_takes_what_is_to_be_other_and_keeps_the_rest(process: Process) -> None:
    path = f"{A}/pages/projects"
    variables = {
        "MODE": {"type": "plain_text", "value": "open"},
        "KEY": {"type": "secret_text", "value": "made-up-key"},
    }
    production = {"env_vars": variables, "compatibility_flags": ["nodejs_compat"]}
    body = {
        "name": "status",
        "production_branch": "main",
        "deployment_configs": {"production": production},
    }
    made = said(process, "POST", path, body)
    assert "made-up-key" not in json.dumps(made)
    without = {"deployment_configs": {"production": {"env_vars": {"MODE": None}}}}
    changed = said(process, "PATCH", f"{path}/status", without)
    assert changed["deployment_configs"]["production"]["env_vars"] == {
        "KEY": {"type": "secret_text", "value": ""}
    }
    assert changed["deployment_configs"]["production"]["compatibility_flags"] == ["nodejs_compat"]
    assert (changed["production_branch"], changed["id"]) == ("main", made["id"])


def test_a_token_s_value_is_told_once_and_only_its_digest_kept(process: Process) -> None:
    path = f"{A}/tokens"
    groups = said(process, "GET", f"{path}/permission_groups", name="Workers Scripts Write")
    policy = {
        "effect": "allow",
        "permission_groups": [{"id": groups[0]["id"]}],
        "resources": {f"com.cloudflare.api.account.{ACCOUNT}": "*"},
    }
    made = said(process, "POST", path, {"name": "deploy", "policies": [policy]})
    told = said(process, "GET", f"{path}/{made['id']}")
    assert "value" not in told
    assert "condition" not in told
    assert told["policies"][0]["permission_groups"][0]["name"] == "Workers Scripts Write"
    assert process.call("GET", f"{A}/workers/scripts", token=made["value"]).status == 200
    rolled = said(process, "PUT", f"{path}/{made['id']}/value", {})
    assert len(rolled) == 40
    held = process.store.all("account-tokens")[0]
    assert held.hidden == {"digest": hashlib.sha256(rolled.encode()).hexdigest()}
    assert process.call("GET", f"{A}/workers/scripts", token=made["value"]).status == 401
    assert process.call("GET", f"{A}/workers/scripts", token=rolled).status == 200


def test_a_ruleset_counts_its_versions_and_those_of_rules_that_changed(process: Process) -> None:
    path = f"{Z}/rulesets/phases/http_ratelimit/entrypoint"
    assert process.call("GET", path).code == 10003
    first, second = (
        {"ref": ref, "action": "block", "expression": "true", "ratelimit": LIMIT}
        for ref in ("first", "second")
    )
    made = said(process, "PUT", path, {"rules": [first, second]})
    changed = said(process, "PUT", path, {"rules": [first, {**second, "expression": "false"}]})
    assert (made["version"], changed["version"], changed["id"]) == ("1", "2", made["id"])
    assert [rule["version"] for rule in changed["rules"]] == ["1", "2"]
    assert [rule["id"] for rule in changed["rules"]] == [rule["id"] for rule in made["rules"]]
    assert "rules" not in said(process, "GET", f"{Z}/rulesets")[0]
    fewer = said(process, "DELETE", f"{Z}/rulesets/{made['id']}/rules/{made['rules'][0]['id']}")
    assert [rule["ref"] for rule in fewer["rules"]] == ["second"]


def test_an_account_has_rulesets_of_its_own(process: Process) -> None:
    rule = {"action": "block", "expression": "true"}
    custom = {"name": "c", "kind": "custom", "phase": "http_request_firewall_custom"}
    made = said(process, "POST", f"{A}/rulesets", {**custom, "rules": [rule]})
    execute = {
        "action": "execute",
        "expression": "true",
        "action_parameters": {"id": made["id"]},
    }
    path = f"{A}/rulesets/phases/http_request_firewall_custom/entrypoint"
    assert said(process, "PUT", path, {"rules": [execute]})["kind"] == "root"
    assert len(said(process, "GET", f"{A}/rulesets")) == 2
    assert said(process, "GET", f"{Z}/rulesets") == []


def test_every_alert_type_is_told_with_its_filters_and_can_have_a_policy(process: Process) -> None:
    told = said(process, "GET", f"{ALERTING}/available_alerts")
    alerts = {alert["type"]: alert for product in told.values() for alert in product}
    assert set(alerts) == set(ALERTS)
    mechanisms = {"email": [{"id": "ops@shop.example"}], "webhooks": []}
    for type_, alert in alerts.items():
        filters = {
            option["Key"]: [(option["AvailableValues"] or [{"ID": "any"}])[0]["ID"]]
            for option in alert["filter_options"]
        }
        body = {
            "name": type_,
            "alert_type": type_,
            "filters": filters,
            "mechanisms": mechanisms,
        }
        made = said(process, "POST", f"{ALERTING}/policies", body)
        assert made["filters"] == filters
        assert made["mechanisms"] == {"email": [{"id": "ops@shop.example"}]}


def test_a_pagerduty_service_is_connected_and_notified(process: Process) -> None:
    pagerduty = f"{ALERTING}/destinations/pagerduty"
    token = said(process, "POST", f"{pagerduty}/connect")["id"]
    service = said(process, "GET", f"{pagerduty}/connect/{token}")["id"]
    assert process.call("GET", f"{pagerduty}/connect/{token}").status == 404
    assert [one["id"] for one in said(process, "GET", pagerduty)] == [service]
    assert said(process, "GET", f"{ALERTING}/destinations/eligible")["pagerduty"][0]["ready"]
    body = {
        "name": "n",
        "alert_type": "universal_ssl_event_type",
        "mechanisms": {"pagerduty": [{"id": service}]},
    }
    assert said(process, "POST", f"{ALERTING}/policies", body)["mechanisms"] == body["mechanisms"]


def test_a_policy_is_silenced_for_a_while(process: Process) -> None:
    policy = {
        "name": "n",
        "alert_type": "universal_ssl_event_type",
        "mechanisms": {"email": [{"id": "ops@shop.example"}]},
    }
    identifier = said(process, "POST", f"{ALERTING}/policies", policy)["id"]
    path = f"{ALERTING}/silences"
    times = {"start_time": "2026-11-21T10:00:00Z", "end_time": "2026-11-21T11:00:00Z"}
    assert said(process, "POST", path, [{"policy_id": identifier, **times}]) is None
    silence = said(process, "GET", path)[0]
    later = {**times, "end_time": "2026-11-21T12:00:00Z", "id": silence["id"]}
    assert said(process, "PUT", path, [later])[0]["end_time"] == later["end_time"]
    assert said(process, "GET", f"{path}/{silence['id']}")["policy_id"] == identifier
    said(process, "DELETE", f"{path}/{silence['id']}")
    assert said(process, "GET", path) == []
    backwards = {"start_time": times["end_time"], "end_time": times["start_time"]}
    refused = process.call("POST", path, [{"policy_id": identifier, **backwards}])
    assert refused.status == 400


@pytest.mark.parametrize(
    ("url", "type_"),
    [
        ("https://hooks.slack.com/services/T/B/x", "slack"),
        ("https://discord.com/api/webhooks/1/x", "discord"),
        ("https://hooks.shop.example/x", "generic"),
    ],
)
def test_a_webhook_s_type_is_told_by_where_it_goes(process: Process, url: str, type_: str) -> None:
    path = f"{ALERTING}/destinations/webhooks"
    assert said(process, "POST", path, {"name": "w", "url": url})["type"] == type_


def test_a_site_of_web_analytics_has_a_token_and_a_snippet_with_it(process: Process) -> None:
    path = f"{A}/rum/site_info"
    made = said(process, "POST", path, {"zone_tag": ZONE, "auto_install": True})
    assert made["site_token"] in made["snippet"]
    assert made["ruleset"]["zone_tag"] == ZONE
    off = {"zone_tag": ZONE, "auto_install": True, "enabled": False}
    changed = said(process, "PUT", f"{path}/{made['site_tag']}", off)
    assert (changed["site_token"], changed["ruleset"]["enabled"]) == (made["site_token"], False)
    assert said(process, "GET", f"{path}/list") == [changed]
    gone = said(process, "DELETE", f"{path}/{made['site_tag']}")
    assert gone == {"site_tag": made["site_tag"]}


def test_a_database_is_queried_where_it_is_kept(process: Process) -> None:
    path = f"{A}/d1/database"
    made = said(process, "POST", path, {"name": "shop"})
    results = said(process, "POST", f"{path}/{made['uuid']}/query", {"sql": "SELECT 1"})
    assert results == [{"results": [], "success": True, "meta": {}}]
    batch = {"batch": [{"sql": "SELECT ?", "params": [1]}, {"sql": "SELECT 2"}]}
    assert len(said(process, "POST", f"{path}/{made['uuid']}/query", batch)) == 2
    assert process.call("POST", f"{path}/{made['uuid']}/query", {"sql": 1}).status == 400
    assert process.call("POST", f"{path}/unheard/query", {"sql": "SELECT 1"}).code == 7404
    assert said(process, "GET", path, name="other") == []


def test_many_pairs_are_written_read_and_deleted_in_one_call(process: Process) -> None:
    namespace = said(process, "POST", f"{A}/storage/kv/namespaces", {"title": "n"})["id"]
    path = f"{A}/storage/kv/namespaces/{namespace}"
    pairs: Any = [{"key": "a", "value": "1"}, {"key": "b", "value": "Mg==", "base64": True}]
    assert said(process, "PUT", f"{path}/bulk", pairs)["successful_key_count"] == 2
    assert [key["name"] for key in said(process, "GET", f"{path}/keys")] == ["a", "b"]
    read = said(process, "POST", f"{path}/bulk/get", {"keys": ["a", "b", "c"]})
    assert read["values"] == {"a": "1", "b": "2", "c": None}
    said(process, "POST", f"{path}/bulk/delete", ["a"])
    assert [key["name"] for key in said(process, "GET", f"{path}/keys")] == ["b"]
    wrong: list[Any] = [{}, [], [{"value": "1"}], [{"key": "a", "value": "!", "base64": True}]]
    for pairs in wrong:
        assert process.call("PUT", f"{path}/bulk", pairs).status == 400


def test_clients_find_their_account_and_the_zone_of_a_name(process: Process) -> None:
    assert said(process, "GET", "/client/v4/user")["email"]
    said(process, "POST", f"{A}/queues", {"queue_name": "q"})
    assert [one["id"] for one in said(process, "GET", "/client/v4/accounts")] == [ACCOUNT]
    memberships = said(process, "GET", "/client/v4/memberships")
    assert [one["account"]["id"] for one in memberships] == [ACCOUNT]
    zone = said(process, "GET", "/client/v4/zones", name="shop.example")[0]
    assert said(process, "GET", f"/client/v4/zones/{zone['id']}")["name"] == "shop.example"
    assert said(process, "GET", "/client/v4/zones", name="shop.example") == [zone]
    changed = said(process, "PUT", f"{A}/workers/subdomain", {"subdomain": "shop"})
    assert said(process, "GET", f"{A}/workers/subdomain") == changed == {"subdomain": "shop"}


def test_a_worker_has_the_version_and_the_deployment_of_its_last_upload(process: Process) -> None:
    upload(process, "one")
    path = f"{A}/workers/scripts/one"
    deployment = said(process, "GET", f"{path}/deployments")["deployments"][0]
    version = said(process, "GET", f"{path}/versions")["items"][0]
    assert deployment["versions"] == [{"version_id": version["id"], "percentage": 100}]
    assert said(process, "GET", f"{path}/deployments/{deployment['id']}") == deployment
    assert said(process, "GET", f"{path}/versions/{version['id']}")["resources"]["bindings"] == []
    upload(process, "one")
    assert process.call("GET", f"{path}/versions/{version['id']}").code == 100146
    assert process.call("GET", f"{path}/deployments/{deployment['id']}").code == 10336


def test_a_queue_is_found_by_its_name(process: Process) -> None:
    for name in ("one", "two"):
        said(process, "POST", f"{A}/queues", {"queue_name": name})
    found = said(process, "GET", f"{A}/queues", name="two")
    assert [queue["queue_name"] for queue in found] == ["two"]
