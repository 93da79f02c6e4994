"""Two accounts that have a Worker of one name have nothing else in common."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from websockets.sync.client import connect

from localcloud.addresses import AmbiguousError, meant, reached
from localcloud.store import Store
from tests.localcloud.running import MODULE, refusal, result, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.localcloud.running import LocalCloud

ONE, OTHER = "1" * 32, "2" * 32
CODE = """import { DurableObject } from "cloudflare:workers";
export class Count extends DurableObject {
  async more() {
    const count = 1 + ((await this.ctx.storage.get("count")) ?? 0);
    await this.ctx.storage.put("count", count);
    return count;
  }
}
export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    console.log("WHOSE", pathname);
    if (pathname === "/send") await env.QUEUE.send(env.WORD);
    const count = await env.COUNT.get(env.COUNT.idFromName("one")).more();
    const prefix = request.headers.get("x-forwarded-prefix");
    return Response.json({ whose: "WHOSE", word: env.WORD, count, pathname, prefix });
  },
  async scheduled() { if ("WHOSE" === "other") throw new Error("not mine"); },
}"""


def upload(cloud: LocalCloud, account: str, whose: str) -> None:
    bindings: list[dict[str, Any]] = [
        {"name": "WORD", "type": "secret_text", "text": f"word of {whose}"},
        {"name": "COUNT", "type": "durable_object_namespace", "class_name": "Count"},
        {"name": "QUEUE", "type": "queue", "queue_name": "post"},
    ]
    metadata = {
        "main_module": "main.js",
        "compatibility_date": "2026-06-01",
        "bindings": bindings,
        "migrations": {"new_tag": "v1", "new_sqlite_classes": ["Count"]},
    }
    path = f"/accounts/{account}/workers/scripts/twin"
    files = [
        ("main.js", ("main.js", CODE.replace("WHOSE", whose), MODULE)),
        ("metadata", (None, json.dumps(metadata), "application/json")),
    ]
    result(cloud.cloudflare.put(path, files=files))
    crons = [{"cron": "5 4 * * *"}]
    result(cloud.cloudflare.put(f"{path}/schedules", json=crons))


@pytest.fixture(scope="module")
def twins(cloud: LocalCloud) -> LocalCloud:
    """A localcloud in which two accounts have a Worker `twin` and a queue `post`."""
    for account, whose in ((ONE, "one"), (OTHER, "other")):
        result(cloud.cloudflare.post(f"/accounts/{account}/queues", json={"queue_name": "post"}))
        upload(cloud, account, whose)
    return cloud


def told(cloud: LocalCloud, account: str) -> dict[str, Any]:
    workers: list[dict[str, Any]] = cloud.control.get("/workers").json()
    return next(one for one in workers if (one["account"], one["script"]) == (account, "twin"))


def test_each_runs_its_own_code_with_its_own_bindings(twins: LocalCloud) -> None:
    answers = [twins.anybody.get(f"/workers/{one}/twin/a/b").json() for one in (ONE, OTHER)]
    assert [one["whose"] for one in answers] == ["one", "other"]
    assert [one["word"] for one in answers] == ["word of one", "word of other"]
    assert [one["pathname"] for one in answers] == ["/a/b"] * 2
    assert answers[1]["prefix"] == f"/workers/{OTHER}/twin"
    for account, whose in ((ONE, "one"), (OTHER, "other")):
        script = f"/accounts/{account}/workers/scripts/twin"
        assert f'"{whose}"' in twins.cloudflare.get(f"{script}/content/v2").text


def test_each_has_durable_objects_of_its_own(twins: LocalCloud) -> None:
    count = [
        twins.anybody.get(f"/workers/{account}/twin/").json()["count"]
        for account in (ONE, ONE, OTHER)
    ]
    assert count[1] == count[0] + 1
    assert twins.anybody.get(f"/workers/{ONE}/twin/").json()["count"] == count[1] + 1
    assert twins.anybody.get(f"/workers/{OTHER}/twin/").json()["count"] == count[2] + 1


def test_a_short_name_that_two_have_is_refused_with_both_addresses(twins: LocalCloud) -> None:
    for answer in (
        twins.anybody.get("/workers/twin/"),
        twins.control.post("/tails/twin"),
        twins.control.post("/tick", json={"script": "twin"}),
    ):
        assert answer.status_code == 409
        assert f"{ONE}/twin" in answer.text
        assert f"{OTHER}/twin" in answer.text


def test_queues_of_one_name_have_messages_of_their_own(twins: LocalCloud) -> None:
    twins.anybody.get(f"/workers/{OTHER}/twin/send")
    queues = {
        account: result(twins.cloudflare.get(f"/accounts/{account}/queues"))[0]["queue_id"]
        for account in (ONE, OTHER)
    }

    def waiting(account: str) -> list[str]:
        entries = twins.control.get(f"/contents/queue/{queues[account]}").json()["entries"]
        return [one["body"] for one in entries]

    assert waiting(OTHER) == ["word of other"]
    assert waiting(ONE) == []


def test_runs_and_lines_are_those_of_the_one_that_ran(twins: LocalCloud) -> None:
    runs = twins.tick(cron="5 4 * * *")
    assert {run["account"]: run["ok"] for run in runs} == {ONE: True, OTHER: False}
    (run,) = twins.tick(cron="5 4 * * *", script=f"{ONE}/twin")
    assert (run["account"], run["script"]) == (ONE, "twin")
    assert {run["ok"] for run in told(twins, ONE)["runs"]} == {True}
    assert {run["ok"] for run in told(twins, OTHER)["runs"]} == {False}
    twins.anybody.get(f"/workers/{ONE}/twin/mine")
    said = wait_for(
        lambda: [one for one in told(twins, ONE)["log"] if "/mine" in one["text"]],
        "it is in the log",
    )
    assert said[0]["text"] == "one /mine"
    assert not [one for one in told(twins, OTHER)["log"] if "/mine" in one["text"]]


def test_a_tail_hears_the_worker_of_its_account_alone(twins: LocalCloud) -> None:
    tails = f"/accounts/{OTHER}/workers/scripts/twin/tails"
    made = result(twins.cloudflare.post(tails))
    assert refusal(twins.cloudflare.delete(f"{tails.replace(OTHER, ONE)}/{made['id']}")) == (
        404,
        10067,
    )
    with connect(made["url"], proxy=None) as listener:
        for account in (ONE, OTHER):
            twins.anybody.get(f"/workers/{account}/twin/heard")
        # What the object did is an invocation of its own, without a line.
        events = [json.loads(listener.recv(timeout=20)) for _ in range(2)]
    assert {event["scriptName"] for event in events} == {"twin"}
    said = [log["message"] for event in events for log in event["logs"]]
    assert said == [["other", "/heard"]]


def test_one_that_is_deleted_leaves_the_other_and_its_short_address(twins: LocalCloud) -> None:
    third = "3" * 32
    result(twins.cloudflare.post(f"/accounts/{third}/queues", json={"queue_name": "post"}))
    upload(twins, third, "third")
    result(twins.cloudflare.delete(f"/accounts/{third}/workers/scripts/twin"))
    assert twins.anybody.get(f"/workers/{third}/twin/").status_code == 404
    assert twins.anybody.get(f"/workers/{ONE}/twin/").json()["whose"] == "one"
    code = "export default { fetch() { return new Response('alone') } }"
    result(twins.upload("alone", code))
    assert twins.anybody.get("/workers/alone/").text == "alone"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "store.db")
    for account, name in ((ONE, "twin"), (OTHER, "twin"), (ONE, "alone"), (ONE, OTHER)):
        opened.put("scripts", f"accounts/{account}", name, name=name, body={})
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("first", "rest", "found"),
    [
        ("alone", "", (f"{ONE}/alone", 1)),
        ("alone", "twin/x", (f"{ONE}/alone", 1)),
        (ONE, "alone", (f"{ONE}/alone", 2)),
        (OTHER, "twin/x/y", (f"{OTHER}/twin", 2)),
        (OTHER, "other/x", (f"{ONE}/{OTHER}", 1)),
        ("nobody", "", None),
        (ONE, "nobody", None),
    ],
)
def test_a_path_means_an_account_and_a_name_or_a_name_alone(
    store: Store, first: str, rest: str, found: tuple[str, int] | None
) -> None:
    assert reached(store, first, rest) == found


def test_a_name_means_a_worker_while_it_is_the_only_one(store: Store) -> None:
    assert meant(store, "alone") == f"{ONE}/alone"
    with pytest.raises(AmbiguousError, match=f"2 accounts .* {ONE}/twin or {OTHER}/twin"):
        meant(store, "twin")
    store.delete("scripts", f"accounts/{ONE}", "twin")
    assert meant(store, "twin") == f"{OTHER}/twin"
