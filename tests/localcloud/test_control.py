"""The controls: who may use them, and what they do."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.localcloud.running import ACCOUNT, WORKERS, ZONE, result

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.localcloud.running import LocalCloud

QUEUES = f"/accounts/{ACCOUNT}/queues"
CHECKS = f"/zones/{ZONE}/healthchecks"
CHECK = {"name": "shop", "address": "shop.example"}
RULE = {
    "title": "r",
    "condition": "A",
    "data": [
        {
            "refId": "A",
            "datasourceUid": "d",
            "model": {},
            "relativeTimeRange": {"from": 60, "to": 0},
        }
    ],
}


@pytest.fixture(autouse=True)
def faultless(cloud: LocalCloud) -> Iterator[None]:
    yield
    cloud.control.delete("/faults")


def test_the_health_is_open_and_names_the_instance(cloud: LocalCloud) -> None:
    told = cloud.anybody.get("/_local/health").json()
    assert told["ok"] is True
    assert told["pid"] == cloud.process.pid
    assert told["instance"]


@pytest.mark.parametrize("path", ["/inbox", "/services", "/workers", "/objects", "/changes"])
@pytest.mark.parametrize("token", [None, "Bearer wrong", "the secret"])
def test_all_else_needs_the_key(cloud: LocalCloud, path: str, token: str | None) -> None:
    token = f"Bearer {cloud.secret}" if token == "the secret" else token
    headers = {"authorization": token} if token else {}
    assert cloud.anybody.get(f"/_local{path}", headers=headers).status_code == 403


@pytest.mark.parametrize(
    "path", ["/", "/_local/health", "/client/v4/", "/services/x", "/workers/x/", "/console/main.js"]
)
@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "[", ""])
def test_other_names_for_this_machine_are_refused(cloud: LocalCloud, path: str, host: str) -> None:
    assert cloud.anybody.get(path, headers={"host": host}).status_code in (400, 403)


@pytest.mark.parametrize("host", ["localhost:1", "[::1]:99", "127.0.0.1"])
def test_its_own_names_are_not(cloud: LocalCloud, host: str) -> None:
    assert cloud.anybody.get("/_local/health", headers={"host": host}).status_code == 200


def test_pages_of_other_sites_have_no_access(cloud: LocalCloud) -> None:
    for origin in ("https://evil.example", "null", "http://127.0.0.1.evil.example"):
        answer = cloud.control.get("/inbox", headers={"origin": origin})
        assert answer.status_code == 403, origin
    neighbour = {"origin": "http://127.0.0.1:1"}
    assert cloud.control.get("/inbox", headers=neighbour).status_code == 403
    assert cloud.control.get("/inbox", headers={"origin": cloud.url}).status_code == 200


def test_the_page_carries_the_key_to_a_window_of_its_own_alone(cloud: LocalCloud) -> None:
    page = cloud.anybody.get("/")
    assert cloud.key in page.text
    assert cloud.secret not in page.text
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert page.headers["cross-origin-resource-policy"] == "same-origin"
    for use in ("iframe", "script", "image", "empty"):
        refused = cloud.anybody.get("/", headers={"sec-fetch-dest": use})
        assert refused.status_code == 403
        assert cloud.key not in refused.text


def test_the_files_of_the_page_are_there_and_no_others(cloud: LocalCloud) -> None:
    script = cloud.anybody.get("/console/main.js")
    assert script.headers["content-type"].split(";")[0] == "text/javascript"
    for name in ("__init__.py", "index.html", "..%2Fstore.py", "nothing.js"):
        assert cloud.anybody.get(f"/console/{name}").status_code == 404, name


def test_whoever_waits_for_changes_is_told_at_once(cloud: LocalCloud) -> None:
    count = cloud.control.get("/changes?after=0").json()["count"]
    told: list[int] = []
    client = httpx.Client(headers=cloud.control.headers, timeout=60)

    def wait() -> None:
        with client:
            answer = client.get(f"{cloud.url}/_local/changes?after={count}")
            told.append(answer.json()["count"])

    waiting = threading.Thread(target=wait)
    waiting.start()
    result(cloud.cloudflare.post(QUEUES, json={"queue_name": "news"}))
    waiting.join(10)
    assert told
    assert told[0] > count


def test_objects_are_told_by_kind(cloud: LocalCloud) -> None:
    result(cloud.cloudflare.post(CHECKS, json={**CHECK, "name": "told"}))
    kinds = {one["type"]: one for one in cloud.control.get("/objects").json()}
    told = kinds["cloudflare:index/healthcheck:Healthcheck"]
    assert told["count"] == len(told["objects"])
    assert "told" in [one["name"] for one in told["objects"]]


def test_orphans_of_a_name_are_forgotten_and_what_is_to_be_kept_is_not(cloud: LocalCloud) -> None:
    names = ("orphan", "orphan", "other", "orphan")
    ids = [
        result(cloud.cloudflare.post(CHECKS, json={**CHECK, "name": name}))["id"] for name in names
    ]
    kind = "cloudflare:index/healthcheck:Healthcheck"
    call = {"kind": kind, "name": "orphan", "place": {"zoneId": ZONE}, "keep": [ids[3]]}
    assert cloud.control.post("/forget", json=call).json() == {"deleted": ids[:2]}
    left = [cloud.cloudflare.get(f"{CHECKS}/{identifier}").status_code for identifier in ids]
    assert left == [404, 404, 200, 200]


def test_ids_of_grafana_are_known_with_their_organisation(cloud: LocalCloud) -> None:
    cloud.grafana.post("/api/folders", json={"title": "Kept", "uid": "kept"})
    call = {"kind": "grafana:oss/folder:Folder", "name": "Kept", "keep": ["1:kept"]}
    assert cloud.control.post("/forget", json=call).json() == {"deleted": []}
    assert cloud.control.post("/forget", json={**call, "keep": []}).json() == {"deleted": ["kept"]}


def test_nothing_is_forgotten_in_another_account(cloud: LocalCloud) -> None:
    other = "c" * 32
    for account in (ACCOUNT, other):
        result(cloud.cloudflare.post(f"/accounts/{account}/queues", json={"queue_name": "dup"}))
    call = {"kind": "cloudflare:index/queue:Queue", "name": "dup"}
    assert cloud.control.post("/forget", json=call).json() == {"deleted": []}
    there = {**call, "place": {"accountId": ACCOUNT}}
    assert len(cloud.control.post("/forget", json=there).json()["deleted"]) == 1
    left = result(cloud.cloudflare.get(f"/accounts/{other}/queues"))
    assert [queue["queue_name"] for queue in left] == ["dup"]


@pytest.mark.parametrize("folder", ["fa", "1:fa"])
def test_nothing_is_forgotten_in_another_folder(cloud: LocalCloud, folder: str) -> None:
    kinds = {
        "grafana:alerting/ruleGroup:RuleGroup": ("rule-groups", "folderUid"),
        "grafana:oss/dashboard:Dashboard": ("dashboards", "folder"),
        "grafana:oss/libraryPanel:LibraryPanel": ("library-elements", "folderUid"),
        "grafana:oss/folder:Folder": ("folders", "parentFolderUid"),
    }
    for uid in ("fa", "fb"):
        cloud.grafana.post("/api/folders", json={"title": uid, "uid": uid})
        inside = {"title": "same", "uid": f"{uid}-in", "parentUid": uid}
        cloud.grafana.post("/api/folders", json=inside)
        group = {"title": "same", "interval": 60, "rules": [{**RULE, "uid": f"{uid}-rule"}]}
        path = f"/api/v1/provisioning/folder/{uid}/rule-groups/same"
        assert cloud.grafana.put(path, json=group).is_success
        dashboard = {"uid": f"{uid}-dashboard", "title": "same"}
        sent = {"dashboard": dashboard, "folderUid": uid}
        assert cloud.grafana.post("/api/dashboards/db", json=sent).is_success
        panel = {"name": "same", "uid": f"{uid}-panel", "kind": 1, "model": {}, "folderUid": uid}
        assert cloud.grafana.post("/api/library-elements", json=panel).is_success

    def held(kind: str) -> list[str]:
        objects = {one["kind"]: one["objects"] for one in cloud.control.get("/objects").json()}
        return [one["id"] for one in objects.get(kind, []) if one["name"] == "same"]

    for kind, (name, said) in kinds.items():
        assert len(held(name)) == 2
        call = {"kind": kind, "name": "same", "place": {"orgId": "1", said: folder}}
        (gone,) = cloud.control.post("/forget", json=call).json()["deleted"]
        assert gone.startswith("fa")
        (left,) = held(name)
        assert left.startswith("fb")
    for uid in ("fa", "fb"):
        cloud.grafana.delete(f"/api/folders/{uid}?forceDeleteRules=true")


def test_nothing_is_forgotten_in_another_organisation(cloud: LocalCloud) -> None:
    second = {"X-Grafana-Org-Id": "2"}
    for headers in ({}, second):
        sent = {"title": "Shared", "uid": "shared"}
        assert cloud.grafana.post("/api/folders", json=sent, headers=headers).is_success
    call = {"kind": "grafana:oss/folder:Folder", "name": "Shared", "place": {"orgId": "2"}}
    assert cloud.control.post("/forget", json=call).json() == {"deleted": ["shared"]}
    assert cloud.grafana.get("/api/folders/shared").is_success
    assert cloud.grafana.get("/api/folders/shared", headers=second).status_code == 404


def test_full_buckets_are_kept_unless_the_settings_say_otherwise(cloud: LocalCloud) -> None:
    result(cloud.cloudflare.post(f"/accounts/{ACCOUNT}/r2/buckets", json={"name": "going"}))
    settings = cloud.control.get("/settings").json()
    assert settings == {"keep_full_buckets": True, "may_go_full": []}
    going = {"keep_full_buckets": True, "may_go_full": [f"{ACCOUNT}/going"]}
    sent = {"may_go_full": [f"{ACCOUNT}/going", f"{ACCOUNT}/gone"]}
    assert cloud.control.post("/settings", json=sent).json() == going
    result(cloud.cloudflare.delete(f"/accounts/{ACCOUNT}/r2/buckets/going"))
    off = {"keep_full_buckets": False}
    assert cloud.control.post("/settings", json=off).json()["keep_full_buckets"] is False
    assert cloud.control.post("/settings", json={"keep_full_buckets": True}).json() == settings


def test_a_forgotten_worker_runs_no_more(cloud: LocalCloud) -> None:
    result(cloud.upload("forgotten", "export default { fetch() { return new Response('') } }"))
    kind = "cloudflare:index/workersScript:WorkersScript"
    call = {"kind": kind, "name": "forgotten", "place": {"accountId": ACCOUNT}}
    assert cloud.control.post("/forget", json=call).json() == {"deleted": ["forgotten"]}
    assert cloud.anybody.get("/workers/forgotten/").status_code == 404


def test_a_type_that_is_not_kept_here_cannot_be_forgotten(cloud: LocalCloud) -> None:
    assert cloud.control.post("/forget", json={"kind": "odd", "name": "x"}).status_code == 400


def test_a_fault_answers_instead_as_often_as_asked(cloud: LocalCloud) -> None:
    fault = {"match": "POST /client/v4/.*/queues", "status": 500, "times": 2}
    cloud.control.post("/faults", json=[fault])
    tries = [cloud.cloudflare.post(QUEUES, json={"queue_name": "faulty"}) for _ in range(3)]
    assert [one.status_code for one in tries] == [500, 500, 200]
    assert tries[0].headers["retry-after"] == "0"
    left = [(one["times"], one["hits"]) for one in cloud.control.get("/faults").json()]
    assert left == [(0, 2)]


def test_a_dropped_answer_is_lost_and_its_work_is_done(cloud: LocalCloud) -> None:
    fault = {"match": "POST /client/v4/.*/queues", "drop": True, "times": 1}
    cloud.control.post("/faults", json=[fault])
    with pytest.raises(httpx.RemoteProtocolError):
        cloud.cloudflare.post(QUEUES, json={"queue_name": "dropped"})
    listed = result(cloud.cloudflare.get(QUEUES))
    assert "dropped" in [one["queue_name"] for one in listed]


def test_faults_that_are_cleared_are_over(cloud: LocalCloud) -> None:
    cloud.control.post("/faults", json=[{"match": "GET /services/.*", "status": 503, "times": 9}])
    assert cloud.anybody.get("/services/x").status_code == 503
    cloud.control.delete("/faults")
    assert cloud.anybody.get("/services/x").status_code == 200


def test_crons_run_by_hand_at_any_time(cloud: LocalCloud) -> None:
    namespace = cloud.namespace("cron")
    bindings = [
        {"name": "CONFIG", "type": "kv_namespace", "namespace_id": namespace},
        {"name": "COUNTER", "type": "durable_object_namespace", "class_name": "Counter"},
    ]
    migrations = {"new_tag": "v1", "new_sqlite_classes": ["Counter"]}
    code = (WORKERS / "counter.js").read_text()
    result(cloud.upload("timed", code, bindings, migrations=migrations))
    cloud.schedule("timed", "* * * * *", "17 * * * *")
    half_past, seventeen_past = 1_800_001_800_000, 1_800_001_020_000
    assert [run["cron"] for run in cloud.tick(at=half_past)] == ["* * * * *"]
    runs = cloud.tick(at=seventeen_past)
    assert [(run["cron"], run["at"], run["ok"]) for run in runs] == [
        ("* * * * *", seventeen_past, True),
        ("17 * * * *", seventeen_past, True),
    ]
    values = f"/accounts/{ACCOUNT}/storage/kv/namespaces/{namespace}/values"
    told = cloud.cloudflare.get(f"{values}/ran 17 * * * *").text
    assert told == str(seventeen_past)
    assert [run["script"] for run in cloud.tick(cron="17 * * * *")] == ["timed"]
    assert cloud.tick(script="nobody") == []
    worker = cloud.worker("timed")
    assert [run["cron"] for run in worker["runs"]][:1] == ["17 * * * *"]
    assert worker["next"] is None, "the clock is stopped"
