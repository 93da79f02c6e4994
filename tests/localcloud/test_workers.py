"""Uploaded Workers run in workerd, with all that they are bound to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.localcloud.running import ACCOUNT, WORKERS, refusal, result, wait_for

if TYPE_CHECKING:
    from tests.localcloud.running import LocalCloud

KV = f"/accounts/{ACCOUNT}/storage/kv/namespaces"
BUCKETS = f"/accounts/{ACCOUNT}/r2/buckets"
QUEUES = f"/accounts/{ACCOUNT}/queues"
SCRIPTS = f"/accounts/{ACCOUNT}/workers/scripts"


@pytest.fixture(scope="module")
def namespace(cloud: LocalCloud) -> str:
    return cloud.namespace("counter")


@pytest.fixture(scope="module")
def queue(cloud: LocalCloud) -> str:
    made = result(cloud.cloudflare.post(QUEUES, json={"queue_name": "shards"}))
    return str(made["queue_id"])


@pytest.fixture(scope="module")
def counter(cloud: LocalCloud, namespace: str, queue: str) -> list[dict[str, Any]]:
    """A Worker with every kind of binding; returns its bindings."""
    result(cloud.cloudflare.post(BUCKETS, json={"name": "archive"}))
    bindings: list[dict[str, Any]] = [
        {"name": "COUNTER", "type": "durable_object_namespace", "class_name": "Counter"},
        {"name": "CONFIG", "type": "kv_namespace", "namespace_id": namespace},
        {"name": "ARCHIVE", "type": "r2_bucket", "bucket_name": "archive"},
        {"name": "SHARDS", "type": "queue", "queue_name": "shards"},
        {"name": "PLACE", "type": "plain_text", "text": "here"},
        {"name": "FLAGS", "type": "json", "json": {"loud": False}},
        {"name": "SECRET_WORD", "type": "secret_text", "text": "swordfish"},
    ]
    result(
        cloud.upload(
            "counter",
            (WORKERS / "counter.js").read_text(),
            bindings,
            migrations={"new_tag": "v1", "new_sqlite_classes": ["Counter"]},
        )
    )
    settings = {"batch_size": 10, "max_retries": 3, "max_wait_time_ms": 100}
    consumer = {"type": "worker", "script_name": "counter", "settings": settings}
    result(cloud.cloudflare.post(f"{QUEUES}/{queue}/consumers", json=consumer))
    return bindings


@pytest.fixture(scope="module")
def mirror(cloud: LocalCloud) -> None:
    result(cloud.upload("mirror", (WORKERS / "mirror.js").read_text()))


@pytest.mark.usefixtures("mirror")
def test_a_worker_sees_the_path_below_its_name(cloud: LocalCloud) -> None:
    seen = cloud.anybody.get("/workers/mirror/a/b%2Fc?d=1&e=%20").json()
    assert seen["path"] == "/a/b%2Fc?d=1&e=%20"
    assert seen["origin"] == cloud.url
    assert seen["headers"]["x-forwarded-prefix"] == "/workers/mirror"


@pytest.mark.usefixtures("mirror")
def test_a_worker_gets_method_headers_and_body_as_sent(cloud: LocalCloud) -> None:
    seen = cloud.anybody.request(
        "PATCH",
        "/workers/mirror/",
        content="smörgås".encode(),
        headers={"authorization": "Bearer mine", "cf-webhook-auth": "vote"},
    ).json()
    assert (seen["method"], seen["body"]) == ("PATCH", "smörgås")
    assert seen["headers"]["authorization"] == "Bearer mine"
    assert seen["headers"]["cf-webhook-auth"] == "vote"
    assert not [name for name in seen["headers"] if "localcloud" in name]


@pytest.mark.usefixtures("mirror")
def test_a_caller_gets_status_headers_and_body_as_answered(cloud: LocalCloud) -> None:
    away = cloud.anybody.get("/workers/mirror/away", follow_redirects=False)
    assert (away.status_code, away.headers["location"]) == (302, "https://elsewhere.example/")
    empty = cloud.anybody.get("/workers/mirror/empty")
    assert (empty.status_code, empty.headers["x-kept"], empty.content) == (204, "yes", b"")
    cookies = cloud.anybody.get("/workers/mirror/cookies")
    assert cookies.headers.get_list("set-cookie") == ["a=1", "b=2"]
    own = cloud.anybody.get("/workers/mirror/own-500")
    assert (own.status_code, own.text) == (500, "my own words")


@pytest.mark.usefixtures("mirror")
def test_a_worker_that_is_not_there_is_404_and_names_those_that_are(cloud: LocalCloud) -> None:
    answer = cloud.anybody.get("/workers/nobody/x")
    assert answer.status_code == 404
    assert "mirror" in answer.text


@pytest.mark.usefixtures("counter")
def test_variables_and_secrets_reach_the_worker(cloud: LocalCloud) -> None:
    told = cloud.anybody.get("/workers/counter/variables").json()
    assert told == {"place": "here", "secret": "swordfish", "flags": {"loud": False}}


@pytest.mark.usefixtures("counter")
def test_a_value_put_through_the_api_is_seen_by_the_worker(
    cloud: LocalCloud, namespace: str
) -> None:
    files = {"value": (None, '{"ä":1}'), "metadata": (None, '{"by":"api"}')}
    result(cloud.cloudflare.put(f"{KV}/{namespace}/values/config", files=files))
    assert cloud.anybody.get("/workers/counter/config").text == '{"ä":1}'
    assert result(cloud.cloudflare.get(f"{KV}/{namespace}/metadata/config")) == {"by": "api"}


@pytest.mark.usefixtures("counter")
def test_a_value_put_by_the_worker_is_told_by_the_api(cloud: LocalCloud, namespace: str) -> None:
    cloud.anybody.get("/workers/counter/remember?what=this")
    told = cloud.cloudflare.get(f"{KV}/{namespace}/values/remembered")
    assert told.text == "this"
    keys = result(cloud.cloudflare.get(f"{KV}/{namespace}/keys?prefix=rem"))
    assert keys == [{"name": "remembered", "metadata": {"by": "worker"}}]
    result(cloud.cloudflare.delete(f"{KV}/{namespace}/values/remembered"))
    assert refusal(cloud.cloudflare.get(f"{KV}/{namespace}/values/remembered")) == (404, 10009)


def test_a_value_may_be_any_bytes_under_any_key_without_a_worker(cloud: LocalCloud) -> None:
    alone = cloud.namespace("alone")
    content = bytes(range(256))
    path = f"{KV}/{alone}/values/cfg%2Fmain%20%C3%A4"
    result(cloud.cloudflare.put(path, files={"value": (None, content)}))
    assert cloud.cloudflare.get(path).content == content
    assert result(cloud.cloudflare.get(f"{KV}/{alone}/keys")) == [{"name": "cfg/main ä"}]
    result(cloud.cloudflare.put(path, content=b"bare"))
    assert cloud.cloudflare.get(path).content == b"bare"


@pytest.mark.usefixtures("counter")
def test_an_object_put_by_the_worker_is_told_by_the_api(cloud: LocalCloud) -> None:
    cloud.anybody.get("/workers/counter/archive")
    listed = result(cloud.cloudflare.get(f"{BUCKETS}/archive/objects?prefix=2026/"))
    assert [(one["key"], one["size"]) for one in listed] == [("2026/one.txt", 8)]
    held = cloud.cloudflare.get(f"{BUCKETS}/archive/objects/2026/one.txt")
    assert (held.text, held.headers["content-type"].split(";")[0]) == ("archived", "text/plain")


@pytest.mark.usefixtures("counter")
def test_a_message_sent_to_a_queue_reaches_its_consumer(cloud: LocalCloud, namespace: str) -> None:
    cloud.anybody.get("/workers/counter/send?number=7")
    path = f"{KV}/{namespace}/values/queued"
    wait_for(lambda: cloud.cloudflare.get(path).text == "[7]", "the consumer has the message")


@pytest.mark.usefixtures("counter")
def test_a_queue_tells_who_sends_and_who_receives(cloud: LocalCloud, queue: str) -> None:
    told = result(cloud.cloudflare.get(f"{QUEUES}/{queue}"))
    assert [one["service"] for one in told["producers"]] == ["counter"]
    assert [one["script"] for one in told["consumers"]] == ["counter"]
    consumer = {"type": "worker", "script_name": "counter"}
    again = cloud.cloudflare.post(f"{QUEUES}/{queue}/consumers", json=consumer)
    assert refusal(again) == (400, 11004)


@pytest.mark.usefixtures("counter")
def test_an_alarm_rings(cloud: LocalCloud) -> None:
    cloud.anybody.get("/workers/counter/ring?in=50")
    wait_for(lambda: cloud.anybody.get("/workers/counter/rang").json(), "the alarm rang")


@pytest.mark.usefixtures("counter")
def test_a_consumer_of_a_queue_cannot_be_deleted(cloud: LocalCloud) -> None:
    assert refusal(cloud.cloudflare.delete(f"{SCRIPTS}/counter")) == (400, 10064)


def test_storage_survives_an_upload_of_changed_code(
    cloud: LocalCloud, counter: list[dict[str, Any]]
) -> None:
    before = cloud.anybody.get("/workers/counter/count").json()
    result(cloud.upload("counter", (WORKERS / "counter.js").read_text() + "// changed", counter))
    assert cloud.anybody.get("/workers/counter/count").json() == before + 1


def test_storage_does_not_survive_the_worker(cloud: LocalCloud) -> None:
    bindings = [{"name": "COUNTER", "type": "durable_object_namespace", "class_name": "Counter"}]
    code = (WORKERS / "counter.js").read_text()
    migrations = {"new_tag": "v1", "new_sqlite_classes": ["Counter"]}
    for _ in range(2):
        result(cloud.upload("mayfly", code, bindings, migrations=migrations))
        assert cloud.anybody.get("/workers/mayfly/count").json() == 1
        result(cloud.cloudflare.delete(f"{SCRIPTS}/mayfly"))


def test_what_a_bucket_held_does_not_come_back_with_its_name(cloud: LocalCloud) -> None:
    for _ in range(2):
        result(cloud.cloudflare.post(BUCKETS, json={"name": "mayfly"}))
        assert result(cloud.cloudflare.get(f"{BUCKETS}/mayfly/objects")) == []
        result(cloud.cloudflare.put(f"{BUCKETS}/mayfly/objects/a/b", content=b"one"))
        assert len(result(cloud.cloudflare.get(f"{BUCKETS}/mayfly/objects"))) == 1
        cloud.control.post("/settings", json={"may_go_full": [f"{ACCOUNT}/mayfly"]})
        result(cloud.cloudflare.delete(f"{BUCKETS}/mayfly"))


def test_two_workers_that_share_a_namespace_see_the_same_values(cloud: LocalCloud) -> None:
    shared = cloud.namespace("shared")
    binding = {"name": "KV", "type": "kv_namespace", "namespace_id": shared}
    writer = (
        "export default { async fetch(_, e) { await e.KV.put('k', 'v'); return new Response('') } }"
    )
    reader = "export default { async fetch(_, e) { return new Response(await e.KV.get('k')) } }"
    result(cloud.upload("writer", writer, [binding]))
    result(cloud.upload("reader", reader, [binding]))
    cloud.anybody.get("/workers/writer/")
    assert cloud.anybody.get("/workers/reader/").text == "v"


@pytest.mark.usefixtures("mirror")
def test_a_worker_may_call_another(cloud: LocalCloud) -> None:
    code = "export default { fetch(request, env) { return env.OTHER.fetch(request) } }"
    other = {"name": "OTHER", "type": "service", "service": "mirror"}
    result(cloud.upload("caller", code, [other]))
    assert cloud.anybody.get("/workers/caller/through").json()["path"] == "/through"
    assert refusal(cloud.cloudflare.delete(f"{SCRIPTS}/mirror")) == (400, 10064)


def test_a_script_that_listens_for_events_runs_too(cloud: LocalCloud) -> None:
    code = "addEventListener('fetch', (event) => event.respondWith(new Response('old')))"
    answer = cloud.cloudflare.put(
        f"{SCRIPTS}/classic",
        files=[
            ("script", ("script", code, "application/javascript")),
            ("metadata", (None, '{"body_part": "script"}', "application/json")),
        ],
    )
    assert result(answer)["has_modules"] is False
    assert cloud.anybody.get("/workers/classic/").text == "old"
