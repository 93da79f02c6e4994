"""What Workers keep can be looked at: keys, objects, tables, messages, data points, mail."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

from localcloud.runtime.analytics import Points
from tests.localcloud.running import ACCOUNT, WORKERS, refusal, result, wait_for

if TYPE_CHECKING:
    from pathlib import Path

    from tests.localcloud.running import LocalCloud

BASE = f"/accounts/{ACCOUNT}"


@pytest.fixture(scope="module")
def database(cloud: LocalCloud) -> str:
    made = result(cloud.cloudflare.post(f"{BASE}/d1/database", json={"name": "history"}))
    return str(made["uuid"])


@pytest.fixture(scope="module")
def keeper(cloud: LocalCloud, database: str) -> str:
    """A Worker that is bound to one of everything; returns its namespace."""
    namespace = cloud.namespace("kept")
    result(cloud.cloudflare.post(f"{BASE}/r2/buckets", json={"name": "kept"}))
    result(cloud.cloudflare.post(f"{BASE}/queues", json={"queue_name": "kept"}))
    origin = {
        "scheme": "postgres",
        "host": "database.example",
        "port": 5432,
        "database": "app",
        "user": "belfry",
        "password": "not told",
    }
    config = {"name": "database", "origin": origin}
    hyperdrive = result(cloud.cloudflare.post(f"{BASE}/hyperdrive/configs", json=config))
    limit = {"limit": 1, "period": 60}
    bindings: list[dict[str, Any]] = [
        {"name": "KV", "type": "kv_namespace", "namespace_id": namespace},
        {"name": "DB", "type": "d1", "id": database},
        {"name": "POINTS", "type": "analytics_engine", "dataset": "checks"},
        {"name": "KEPT", "type": "queue", "queue_name": "kept"},
        {"name": "MAIL", "type": "send_email"},
        {"name": "VERSION", "type": "version_metadata"},
        {"name": "DATABASE", "type": "hyperdrive", "id": hyperdrive["id"]},
        {"name": "SELF", "type": "service", "service": "keeper", "entrypoint": "Greeter"},
        {"name": "LIMIT", "type": "ratelimit", "namespace_id": "1", "simple": limit},
    ]
    result(cloud.upload("keeper", (WORKERS / "keeper.js").read_text(), bindings))
    return namespace


def do(cloud: LocalCloud, way: str) -> Any:
    answer = cloud.anybody.get(f"/workers/keeper/{way}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def told(cloud: LocalCloud, path: str, **query: str | int) -> Any:
    answer = cloud.control.get(f"/contents/{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_bindings_of_every_other_kind_reach_the_worker(cloud: LocalCloud, keeper: str) -> None:
    assert keeper
    bound = do(cloud, "bound")
    assert set(bound["version"]) == {"id", "tag", "timestamp"}
    assert bound["connection"].startswith("postgres://belfry:not told@")
    assert bound["greeting"] == "hello you"
    assert [one["success"] for one in bound["limited"]] == [True, False]


def test_keys_of_a_namespace_are_listed_with_size_metadata_and_end(
    cloud: LocalCloud, keeper: str
) -> None:
    path = f"{BASE}/storage/kv/namespaces/{keeper}/values"
    files = {"value": (None, "four"), "metadata": (None, '{"by":"api"}')}
    result(cloud.cloudflare.put(f"{path}/a%2Fone?expiration_ttl=3600", files=files))
    result(cloud.cloudflare.put(f"{path}/b", content=b"\xff\x00"))
    shelf = next(one for one in told(cloud, "kv") if one["id"] == keeper)
    assert (shelf["name"], shelf["count"]) == ("kept", 2)
    listed = told(cloud, f"kv/{keeper}", prefix="a/")
    assert listed["more"] == 0
    entry = listed["entries"][0]
    assert (entry["key"], entry["size"], entry["metadata"]) == ("a/one", 4, {"by": "api"})
    assert entry["expires"].endswith("Z")
    assert told(cloud, "kv/kept", limit=1)["more"] == 1
    assert told(cloud, f"kv/{keeper}/a/one")["text"] == "four"
    assert told(cloud, f"kv/{keeper}", key="a/one")["text"] == "four"
    assert told(cloud, f"kv/{keeper}/b")["base64"] == "/wA="


def test_a_value_is_cut_at_64_kb_and_says_so(cloud: LocalCloud, keeper: str) -> None:
    path = f"{BASE}/storage/kv/namespaces/{keeper}/values/long"
    result(cloud.cloudflare.put(path, content="ä".encode() * 40_000))
    value = told(cloud, f"kv/{keeper}/long")
    assert (value["size"], value["cut"], len(value["text"])) == (80_000, True, 32_768)
    result(cloud.cloudflare.delete(path))


@pytest.mark.usefixtures("keeper")
def test_objects_of_a_bucket_are_listed_and_opened(cloud: LocalCloud) -> None:
    path = f"{BASE}/r2/buckets/kept/objects/2026/one.json"
    headers = {"content-type": "application/json"}
    result(cloud.cloudflare.put(path, content=b"{}", headers=headers))
    entry = told(cloud, "r2/kept")["entries"][0]
    assert (entry["key"], entry["size"]) == ("2026/one.json", 2)
    value = told(cloud, "r2/kept/2026/one.json")
    assert (value["text"], value["media_type"]) == ("{}", "application/json")


@pytest.mark.usefixtures("keeper")
def test_tables_of_a_database_are_listed_with_columns_and_rows(
    cloud: LocalCloud, database: str
) -> None:
    do(cloud, "table")
    tables = {table["key"]: table for table in told(cloud, f"d1/{database}")["entries"]}
    table = tables["checks"]
    assert table["rows"] == 2
    assert [column["name"] for column in table["columns"]] == ["id", "name"]
    rows = told(cloud, "d1/history", table="checks", limit=1)
    assert rows == {
        "entries": [{"id": 1, "name": "database"}],
        "more": 1,
        "scope": f"accounts/{ACCOUNT}",
    }
    missing = cloud.control.get("/contents/d1/history", params={"table": 'x"; DROP TABLE checks'})
    assert missing.status_code == 404
    assert "checks" in missing.json()["error"]


@pytest.mark.usefixtures("keeper")
def test_the_api_and_the_worker_ask_the_same_database(cloud: LocalCloud, database: str) -> None:
    query = f"{BASE}/d1/database/{database}/query"
    made = "CREATE TABLE IF NOT EXISTS asked (word TEXT)"
    result(cloud.cloudflare.post(query, json={"sql": made}))
    sql = {"sql": "INSERT INTO asked VALUES (?)", "params": ["ä"]}
    assert result(cloud.cloudflare.post(query, json=sql))[0]["meta"]["changes"] == 1
    answer = result(cloud.cloudflare.post(query, json={"sql": "SELECT word FROM asked"}))
    assert answer[0]["results"] == [{"word": "ä"}]
    broken = cloud.cloudflare.post(query, json={"sql": "SELEKT 1"})
    assert broken.status_code == 400
    assert "SELEKT" in broken.text


@pytest.mark.usefixtures("keeper")
def test_messages_are_seen_while_they_wait(cloud: LocalCloud) -> None:
    do(cloud, "send")
    assert {one["name"]: one["count"] for one in told(cloud, "queue")}["kept"] == 2
    messages = told(cloud, "queue/kept")["entries"]
    assert [one["body"] for one in messages] == ['{"number":1}', "two"]
    assert messages[0]["when"].endswith("Z")
    assert told(cloud, f"queue/kept/{messages[1]['key']}")["text"] == "two"


def test_messages_are_seen_until_a_consumer_is_done_with_them(cloud: LocalCloud) -> None:
    made = result(cloud.cloudflare.post(f"{BASE}/queues", json={"queue_name": "taken"}))
    code = """export default {
      async fetch(request, env) { await env.Q.send({ at: request.url }); return new Response("") },
      async queue(batch) { for (const one of batch.messages) if (one.attempts < 2) one.retry(); },
    }"""
    result(cloud.upload("taker", code, [{"name": "Q", "type": "queue", "queue_name": "taken"}]))
    settings = {"batch_size": 1, "max_retries": 3, "max_wait_time_ms": 100}
    consumer = {"type": "worker", "script_name": "taker", "settings": settings}
    result(cloud.cloudflare.post(f"{BASE}/queues/{made['queue_id']}/consumers", json=consumer))
    wait_for(lambda: cloud.anybody.get("/workers/taker/").status_code == 200, "it runs")
    wait_for(lambda: told(cloud, "queue/taken")["entries"] == [], "the consumer is done")


@pytest.mark.usefixtures("keeper")
def test_data_points_are_kept_with_the_newest_first(cloud: LocalCloud) -> None:
    do(cloud, "points")
    points = wait_for(
        lambda: cloud.control.get("/contents/analytics/checks").json().get("entries"),
        "the points are there",
    )
    assert [one["indexes"] for one in points[:2]] == [["api"], ["database"]]
    assert (points[1]["blobs"], points[1]["doubles"]) == (["ok", None], [1, 2.5])


def test_of_a_dataset_the_last_points_stay(tmp_path: Path) -> None:
    points = Points(tmp_path / "analytics.db", kept=3)
    for at in range(5):
        points.add("a", [{"dataset": "d", "at": at}, {"dataset": "other", "at": at}])
        points.add("b", [{"dataset": "d", "at": -at}])
    points.close()
    again = Points(tmp_path / "analytics.db", kept=3)
    assert again.datasets() == [("a", "d", 3), ("a", "other", 3), ("b", "d", 3)]
    assert [point["at"] for point in again.last("a", "d", 2)] == [4, 3]
    again.close()


def test_points_of_which_one_cannot_be_kept_are_none_and_later_ones_are(tmp_path: Path) -> None:
    points = Points(tmp_path / "analytics.db")
    with pytest.raises(OverflowError):
        points.add("a", [{"dataset": "d", "at": 1}, {"dataset": "d", "at": 10**30}])
    points.add("a", [{"dataset": "d", "at": 2}])
    assert [point["at"] for point in points.last("a", "d", 9)] == [2]
    points.close()


def test_points_of_an_older_localcloud_stay(tmp_path: Path) -> None:
    path = tmp_path / "analytics.db"
    with contextlib.closing(sqlite3.connect(path)) as older:
        older.executescript(
            "CREATE TABLE points (id INTEGER PRIMARY KEY, dataset TEXT, at INTEGER, point TEXT);"
            "CREATE INDEX points_of_dataset ON points (dataset, id);"
            "INSERT INTO points (dataset, at, point) VALUES ('d', 1, '{}');"
        )
    points = Points(path)
    points.add("a", [{"dataset": "d", "at": 2}])
    assert points.datasets() == [("", "d", 1), ("a", "d", 1)]
    points.close()


@pytest.mark.usefixtures("keeper")
def test_mail_through_a_binding_is_in_the_inbox(cloud: LocalCloud) -> None:
    do(cloud, "mail")
    raw, built = cloud.control.get("/inbox").json()
    assert (raw["channel"], raw["transport"]) == ("keeper", "mail")
    assert raw["payload"]["subject"] == "Database is down"
    assert raw["payload"]["text"].strip() == "It has been for 3 min."
    assert built["payload"]["to"] == ["me@belfry.example"]
    assert built["payload"]["subject"] == "Built"


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("wishes", 400, "kv, r2, d1, queue, analytics"),
        ("kv/nowhere", 404, "nowhere"),
        ("kv/kept/nothing", 404, "nothing"),
        ("queue/kept/999", 404, "999"),
        ("kv/kept?limit=many", 400, "limit"),
        ("analytics/nowhere", 404, "nowhere"),
    ],
)
@pytest.mark.usefixtures("keeper")
def test_what_is_not_there_is_said(cloud: LocalCloud, path: str, status: int, said: str) -> None:
    answer = cloud.control.get(f"/contents/{path}")
    assert answer.status_code == status
    assert said in answer.json()["error"]


@pytest.mark.usefixtures("keeper")
def test_an_object_is_told_whole_but_for_its_secrets(cloud: LocalCloud) -> None:
    listed = cloud.control.get("/objects").json()
    held = next(kind for kind in listed if kind["kind"] == "hyperdrives")["objects"][0]
    answer = cloud.control.get(f"/objects/hyperdrives/{held['id']}")
    assert answer.json()["body"]["origin"]["user"] == "belfry"
    assert answer.json()["type"] == "cloudflare:index/hyperdriveConfig:HyperdriveConfig"
    assert "not told" not in answer.text
    assert cloud.control.get("/objects/hyperdrives/nothing").status_code == 404


@pytest.mark.parametrize(
    ("binding", "code"),
    [
        ({"type": "d1", "id": "0" * 8}, 10181),
        ({"type": "hyperdrive", "id": "0" * 32}, 10157),
        ({"type": "service", "service": "nobody"}, 10144),
        ({"type": "wish"}, 10021),
    ],
)
def test_a_binding_to_what_is_not_there_is_refused(
    cloud: LocalCloud, binding: dict[str, str], code: int
) -> None:
    answer = cloud.upload("wishful", "export default {}", [{"name": "B", **binding}])
    assert refusal(answer) == (400, code)


def database_files(cloud: LocalCloud) -> set[str]:
    directory = cloud.home / "workers" / "d1" / "miniflare-D1DatabaseObject"
    return {path.name for path in directory.glob("*.sqlite") if len(path.stem) == 64}


def test_a_deleted_database_is_gone_from_disk_and_others_stay(cloud: LocalCloud) -> None:
    path = f"{BASE}/d1/database"
    query = {"sql": "CREATE TABLE t (x); INSERT INTO t VALUES (1)"}
    kept, gone = (
        result(cloud.cloudflare.post(path, json={"name": name}))["uuid"]
        for name in ("kept", "gone")
    )
    before = database_files(cloud)
    result(cloud.cloudflare.post(f"{path}/{kept}/query", json=query))
    there = database_files(cloud)
    result(cloud.cloudflare.post(f"{path}/{gone}/query", json=query))
    assert (len(there - before), len(database_files(cloud) - there)) == (1, 1)
    result(cloud.cloudflare.delete(f"{path}/{gone}"))
    wait_for(lambda: database_files(cloud) == there, "its file is gone")
    counted = {"sql": "SELECT count(*) AS n FROM t"}
    answer = result(cloud.cloudflare.post(f"{path}/{kept}/query", json=counted))
    assert answer[0]["results"] == [{"n": 1}]


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("PUT", f"{BASE}/r2/buckets/kept/objects/{'k' * 1100}", {}),
        ("GET", f"{BASE}/r2/buckets/kept/objects/{'k' * 60_000}", {}),
        ("GET", f"{BASE}/r2/buckets/kept/objects?prefix={'k' * 1100}", {}),
        ("PUT", f"{BASE}/r2/buckets/kept/objects/typed", {"content-type": "t" * 20_000}),
    ],
    ids=["long key", "endless key", "long prefix", "endless type"],
)
@pytest.mark.usefixtures("keeper")
def test_what_storage_cannot_keep_is_the_callers_fault_and_told_without_a_stack(
    cloud: LocalCloud, method: str, path: str, headers: dict[str, str]
) -> None:
    answer = cloud.cloudflare.request(method, path, headers=headers, content=b"x")
    assert answer.status_code in (400, 414)
    assert "does not run" not in answer.text
    assert " at " not in answer.text
    assert ".mjs" not in answer.text


def test_a_value_that_the_runtime_refuses_is_400(cloud: LocalCloud, keeper: str) -> None:
    path = f"{BASE}/storage/kv/namespaces/{keeper}/values"
    for key in ("%2E", "%2E%2E", "x?expiration=1"):
        answer = cloud.cloudflare.put(f"{path}/{key}", content=b"x")
        assert answer.status_code == 400, answer.text
        assert "does not run" not in answer.text
    keys = f"{BASE}/storage/kv/namespaces/{keeper}/keys"
    answer = cloud.cloudflare.get(keys, params={"prefix": "p" * 600})
    assert answer.status_code == 400, answer.text
    assert "does not run" not in answer.text
    database = result(cloud.cloudflare.post(f"{BASE}/d1/database", json={"name": "bound"}))
    sent = {"sql": "SELECT ?", "params": [True]}
    answer = cloud.cloudflare.post(f"{BASE}/d1/database/{database['uuid']}/query", json=sent)
    assert answer.status_code in (200, 400), answer.text
