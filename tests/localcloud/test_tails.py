"""Tails: what a Worker does, told over a WebSocket as Cloudflare tells it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click
import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.frames import Frame, Opcode
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from localcloud.runtime import tails
from localcloud.runtime.journal import Journal
from localcloud.runtime.tails import MOST, Tails
from localcloud.runtime.workers import Limits, Workers
from localcloud.store import Store
from localcloud.tailing import lines
from tests.localcloud.running import ACCOUNT, ROOT, descendants, node, refusal, result, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from websockets.sync.client import ClientConnection

    from localcloud.documents import Document
    from tests.localcloud.running import LocalCloud

SCRIPTS = f"/accounts/{ACCOUNT}/workers/scripts"
TAILS = f"{SCRIPTS}/talker/tails"
PROTOCOLS = [Subprotocol("trace-v1")]
CODE = """export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    console.log("asked for", pathname, { word: env.WORD });
    if (pathname === "/throws") throw new TypeError("the sky fell");
    return new Response("", { status: 203 });
  },
  async scheduled(event) { console.warn("woken by", event.cron); },
}"""


@pytest.fixture(scope="module", autouse=True)
def _talker(cloud: LocalCloud) -> None:
    secret = {"name": "WORD", "type": "secret_text", "text": "swordfish"}
    result(cloud.upload("talker", CODE, [secret]))


@contextmanager
def tail(cloud: LocalCloud, *filters: dict[str, Any]) -> Iterator[ClientConnection]:
    """Listen to the Worker as wrangler does."""
    made = result(cloud.cloudflare.post(TAILS, json={}))
    with connect(made["url"], subprotocols=PROTOCOLS, proxy=None) as listener:
        assert listener.subprotocol == "trace-v1"
        if filters:
            listener.send(json.dumps({"filters": [*filters], "debug": False}))
            # Answered after the filters before it have been taken.
            assert listener.ping().wait(10)
        yield listener
    result(cloud.cloudflare.delete(f"{TAILS}/{made['id']}"))


def heard(listener: ClientConnection) -> dict[str, Any]:
    event: dict[str, Any] = json.loads(listener.recv(timeout=20))
    return event


def test_a_request_is_told_with_its_answer_and_what_it_logged(cloud: LocalCloud) -> None:
    with tail(cloud) as listener:
        cloud.anybody.get("/workers/talker/a?b=1")
        event = heard(listener)
    assert (event["outcome"], event["scriptName"]) == ("ok", "talker")
    assert event["event"]["request"]["method"] == "GET"
    assert event["event"]["request"]["url"].endswith("/a?b=1")
    assert event["event"]["response"]["status"] == 203
    log = event["logs"][0]
    assert (log["level"], log["message"][:2]) == ("log", ["asked for", "/a"])
    assert isinstance(event["eventTimestamp"], int)
    assert event["exceptions"] == []


def test_what_a_worker_throws_is_told_with_the_lines_of_its_own_file(cloud: LocalCloud) -> None:
    with tail(cloud) as listener:
        cloud.anybody.get("/workers/talker/throws")
        event = heard(listener)
    assert event["outcome"] == "exception"
    thrown = event["exceptions"][0]
    assert (thrown["name"], thrown["message"]) == ("TypeError", "the sky fell")
    assert "main.js:5:" in thrown["stack"]
    assert "localcloud" not in thrown["stack"]


def test_a_cron_is_told_with_the_time_that_it_was_due(cloud: LocalCloud) -> None:
    cloud.schedule("talker", "0 3 * * *")
    with tail(cloud) as listener:
        cloud.tick(at="2026-11-21T03:00:00Z", script="talker")
        event = heard(listener)
    assert event["event"]["cron"] == "0 3 * * *"
    assert event["event"]["scheduledTime"] == 1_795_230_000_000
    assert event["logs"][0]["level"] == "warn"


def test_values_of_secrets_are_not_told(cloud: LocalCloud) -> None:
    with tail(cloud) as listener:
        cloud.anybody.get("/workers/talker/")
        assert heard(listener)["logs"][0]["message"][2] == {"word": "[WORD]"}


@pytest.mark.parametrize(
    ("wanted", "unwanted", "how"),
    [
        ("/throws", "/", {"outcome": ["exception"]}),
        ("/needle", "/hay", {"query": "needle"}),
        ("/one", "/two", {"header": {"key": "X-Kept", "query": "/one"}}),
    ],
)
def test_only_what_a_listener_asked_for_is_told(
    cloud: LocalCloud, wanted: str, unwanted: str, how: dict[str, Any]
) -> None:
    with tail(cloud, how) as listener:
        for path in (unwanted, wanted):
            cloud.anybody.get(f"/workers/talker{path}", headers={"x-kept": path})
        assert heard(listener)["event"]["request"]["url"].endswith(wanted)


def test_tails_are_listed_until_they_are_deleted(cloud: LocalCloud) -> None:
    made = result(cloud.cloudflare.post(TAILS, json={}))
    assert made["expires_at"].endswith("Z")
    assert made["id"] in [one["id"] for one in result(cloud.cloudflare.get(TAILS))]
    with connect(made["url"], subprotocols=PROTOCOLS, proxy=None) as listener:
        result(cloud.cloudflare.delete(f"{TAILS}/{made['id']}"))
        with pytest.raises(ConnectionClosed):
            listener.recv(timeout=20)
    assert refusal(cloud.cloudflare.delete(f"{TAILS}/{made['id']}"))[0] == 404
    with pytest.raises((ConnectionClosed, InvalidStatus)):
        connect(made["url"], proxy=None).recv(timeout=20)
    assert refusal(cloud.cloudflare.post(f"{SCRIPTS}/nobody/tails")) == (404, 10007)


def test_a_tail_ends_with_its_worker(cloud: LocalCloud) -> None:
    result(cloud.upload("mayfly", CODE.replace("env.WORD", "1")))
    made = result(cloud.cloudflare.post(f"{SCRIPTS}/mayfly/tails", json={}))
    with connect(made["url"], subprotocols=PROTOCOLS, proxy=None) as listener:
        result(cloud.cloudflare.delete(f"{SCRIPTS}/mayfly"))
        with pytest.raises(ConnectionClosed):
            listener.recv(timeout=20)


def test_a_filter_that_makes_no_sense_ends_the_tail(cloud: LocalCloud) -> None:
    made = result(cloud.cloudflare.post(TAILS, json={}))
    with connect(made["url"], subprotocols=PROTOCOLS, proxy=None) as listener:
        listener.send(json.dumps({"filters": [{"outcome": 7}]}))
        with pytest.raises(ConnectionClosed) as ended:
            listener.recv(timeout=20)
    assert "must be a list" in str(ended.value)
    result(cloud.cloudflare.delete(f"{TAILS}/{made['id']}"))


@pytest.mark.parametrize(
    "headers",
    [{"origin": "https://elsewhere.example"}, {"origin": "null"}],
)
def test_pages_of_other_sites_cannot_listen(cloud: LocalCloud, headers: dict[str, str]) -> None:
    made = result(cloud.cloudflare.post(TAILS, json={}))
    with pytest.raises(InvalidStatus) as refused:
        connect(made["url"], additional_headers=headers, proxy=None)
    assert refused.value.response.status_code == 403
    result(cloud.cloudflare.delete(f"{TAILS}/{made['id']}"))


def test_a_name_that_only_resolves_to_this_machine_cannot_listen(cloud: LocalCloud) -> None:
    made = result(cloud.cloudflare.post(TAILS, json={}))
    port = int(cloud.url.rsplit(":", 1)[1])
    with (
        socket.create_connection(("127.0.0.1", port)) as rebound,
        pytest.raises(InvalidStatus) as refused,
    ):
        connect(made["url"].replace("127.0.0.1", "rebound.example"), sock=rebound, proxy=None)
    assert refused.value.response.status_code == 403
    result(cloud.cloudflare.delete(f"{TAILS}/{made['id']}"))


def test_a_consumer_of_tails_is_given_what_a_worker_did(cloud: LocalCloud) -> None:
    namespace = cloud.namespace("heard")
    ear = """export default { async tail(events, env) {
      for (const { scriptName, logs } of events) {
        await env.KV.put("heard", JSON.stringify([scriptName, logs[0].message]));
      }
    } }"""
    kv = {"name": "KV", "type": "kv_namespace", "namespace_id": namespace}
    result(cloud.upload("ear", ear, [kv]))
    result(cloud.upload("mouth", CODE, tail_consumers=[{"service": "ear"}]))
    cloud.anybody.get("/workers/mouth/said")
    path = f"/accounts/{ACCOUNT}/storage/kv/namespaces/{namespace}/values/heard"
    wait_for(lambda: "/said" in cloud.cloudflare.get(path).text, "the consumer has heard")


def test_the_first_frame_may_come_without_a_mask_as_wrangler_sends_it(cloud: LocalCloud) -> None:
    with tail(cloud) as listener:
        first = Frame(Opcode.TEXT, b'{"debug": false}').serialize(mask=False)
        listener.socket.sendall(first)
        assert listener.ping().wait(10)
        cloud.anybody.get("/workers/talker/unmasked")
        assert heard(listener)["event"]["request"]["url"].endswith("/unmasked")


def test_what_was_asked_before_a_deploy_and_after_it_is_told(cloud: LocalCloud) -> None:
    # Its tail comes when the answer has long been given, and the next deploy is under way.
    code = """export default { async fetch(request, env, ctx) {
      console.log("version NUMBER");
      ctx.waitUntil(new Promise((resolve) => setTimeout(resolve, 400)));
      return new Response("NUMBER");
    } }"""
    numbers = ["1", "2", "3"]
    result(cloud.upload("changing", code.replace("NUMBER", "1")))
    made = result(cloud.cloudflare.post(f"{SCRIPTS}/changing/tails", json={}))
    with connect(made["url"], subprotocols=PROTOCOLS, proxy=None) as listener:
        for number in numbers:
            result(cloud.upload("changing", code.replace("NUMBER", number)))
            assert cloud.anybody.get("/workers/changing/").text == number
        said = [heard(listener)["logs"][0]["message"] for _ in numbers]
    assert said == [[f"version {number}"] for number in numbers]


def test_a_tail_hears_the_first_request_after_the_runtime_has_died(cloud: LocalCloud) -> None:
    with tail(cloud) as listener:
        os.kill(descendants(cloud.process.pid)[0], signal.SIGKILL)
        wait_for(lambda: cloud.anybody.get("/workers/talker/back").status_code == 203, "it is back")
        assert heard(listener)["event"]["request"]["url"].endswith("/back")


def test_tails_that_were_left_give_way_to_new_ones(cloud: LocalCloud) -> None:
    result(cloud.upload("popular", CODE.replace("env.WORD", "1")))
    path = f"{SCRIPTS}/popular/tails"
    first = result(cloud.cloudflare.post(path))
    for _ in range(MOST - 1):
        result(cloud.cloudflare.post(path))
    assert refusal(cloud.cloudflare.post(path)) == (400, 10066)
    with connect(first["url"], proxy=None):
        assert refusal(cloud.cloudflare.post(path)) == (400, 10066)
    wait_for(lambda: cloud.cloudflare.post(path).status_code == 200, "the one that was left goes")
    assert first["id"] not in [one["id"] for one in result(cloud.cloudflare.get(path))]


class _Overtaking:
    """A host that only remembers what it was told."""

    problem = None

    def __init__(self) -> None:
        self.told: list[tuple[str, dict[str, Any]]] = []

    async def call(self, _method: str, path: str, *, content: bytes, **_: float) -> httpx.Response:
        self.told.append((path, json.loads(content)))
        return httpx.Response(200, content=b"{}")


def test_who_is_followed_is_told_with_each_plan_and_in_an_order(tmp_path: Path) -> None:
    async def run() -> list[tuple[str, dict[str, Any]]]:
        store = Store(tmp_path / "store.db")
        journal = Journal(store, lambda: None)
        host = _Overtaking()
        workers = Workers(store, journal, host, tmp_path, Limits())  # type: ignore[arg-type]
        workers.tails = Tails(journal, "ws://127.0.0.1")
        await workers.start_problem("a/one")
        await workers.open_tail("a/one")
        await workers.start_problem("a/one")
        store.close()
        return host.told

    told = asyncio.run(run())
    followed = [sent["followed"] if path == "/plan" else sent for path, sent in told]
    assert [path for path, _ in told] == ["/plan", "/follow", "/plan"]
    assert [one["workers"] for one in followed] == [[], ["a/one"], ["a/one"]]
    assert [one["order"] for one in followed] == sorted({one["order"] for one in followed})


def test_a_tail_ends_by_itself_and_the_runtime_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tails, "LIFE", timedelta(0))

    async def run() -> tuple[str | None, int]:
        store = Store(tmp_path / "store.db")
        closed = asyncio.Event()
        opened = Tails(Journal(store, lambda: None), "ws://127.0.0.1", closed.set)
        tail = opened.open("a/one")
        assert tail is not None
        await closed.wait()
        store.close()
        return await tail.events.get(), len(opened.of("a/one"))

    assert asyncio.run(asyncio.wait_for(run(), 30)) == (None, 0)


def test_whoever_is_followed_no_more_is_told_to_the_runtime(tmp_path: Path) -> None:
    async def run() -> list[str]:
        store = Store(tmp_path / "store.db")
        journal = Journal(store, lambda: None)
        host = _Overtaking()
        workers = Workers(store, journal, host, tmp_path, Limits())  # type: ignore[arg-type]
        workers.tails = Tails(journal, "ws://127.0.0.1", workers.unfollowed)
        tail = await workers.open_tail("a/one")
        assert tail is not None
        telling = asyncio.create_task(workers._unfollow())
        workers.close_tail("a/one", tail.id)
        while len(host.told) < 2:
            await asyncio.sleep(0)
        telling.cancel()
        store.close()
        return [str(sent["workers"]) for _, sent in host.told]

    assert asyncio.run(asyncio.wait_for(run(), 30)) == ["['a/one']", "[]"]


def test_a_cron_of_which_the_runtime_tells_no_json_is_a_run_that_failed(tmp_path: Path) -> None:
    class Confused(_Overtaking):
        """A host that answers with a page."""

        async def call(self, *_: object, **__: object) -> httpx.Response:
            return httpx.Response(503, text="wrong token\n  at /somewhere/host.mjs:1")

    async def run() -> tuple[bool, str | None]:
        store = Store(tmp_path / "store.db")
        journal = Journal(store, lambda: None)
        workers = Workers(store, journal, Confused(), tmp_path, Limits())  # type: ignore[arg-type]
        ran = await workers.scheduled("a/one", "* * * * *", 0)
        store.close()
        return ran.ok, ran.error

    assert asyncio.run(run()) == (False, "The Worker was not run: wrong token")


def test_what_was_overtaken_on_its_way_counts_no_more() -> None:
    code = """
      const { follow, tellTail } = await import(process.argv[1]);
      follow({ order: 2, workers: ["a/one"] });
      follow({ order: 1, workers: [] });
      tellTail({ address: "a/one", name: "one" }, { logs: [], exceptions: [] });
    """
    module = (ROOT / "localcloud" / "runtime" / "tail.mjs").as_uri()
    told = subprocess.run(
        [node(), "--input-type=module", "-e", code, module],
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(told.stdout)["item"]["scriptName"] == "one"


def test_the_command_prints_what_people_read(cloud: LocalCloud) -> None:
    command = [sys.executable, "-m", "localcloud", "tail", "talker", "--first", "1"]
    listening = subprocess.Popen(
        [*command, "--home", str(cloud.home)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert listening.stderr is not None
    assert listening.stderr.readline().startswith("following talker")
    cloud.anybody.get("/workers/talker/throws")
    out, _ = listening.communicate(timeout=20)
    assert listening.returncode == 0
    assert "GET http" in out
    assert "TypeError: the sky fell" in out
    assert "asked for /throws" in out


def test_the_command_names_the_workers_that_there_are(cloud: LocalCloud) -> None:
    command = [sys.executable, "-m", "localcloud", "tail", "nobody", "--home", str(cloud.home)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert "talker" in told.stderr


def test_what_a_worker_says_does_nothing_to_the_terminal() -> None:
    thrown: Document = {"name": "Error", "message": "\x1b[2J", "stack": "Error\n    at \x9bmain.js"}
    log: Document = {"level": "log", "message": ["\x1b]0;title\x07", {"a": "\x1b"}, "tab\there"]}
    told = lines({"eventTimestamp": 0, "outcome": "ok", "logs": [log], "exceptions": [thrown]})
    said = "\n".join(click.unstyle(line) for line in told)
    assert not set(said) & {chr(code) for code in (*range(9), *range(11, 32), *range(127, 160))}
    assert "tab\there" in said


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ({"queue": "shards", "batchSize": 3}, "queue shards, 3 messages"),
        ({"cron": "* * * * *", "scheduledTime": 0}, 'cron "* * * * *" for 1970-01-01 00:00Z'),
        ({"rpcMethod": "greet"}, "rpc greet"),
        ({"scheduledTime": 0}, "alarm"),
        (None, "invocation"),
    ],
)
def test_each_kind_of_invocation_is_named(event: dict[str, Any] | None, said: str) -> None:
    told = lines({"eventTimestamp": 0, "outcome": "ok", "event": event, "logs": []})
    assert said in told[0]
