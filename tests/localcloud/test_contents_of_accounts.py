"""What is kept for one account is not taken for what another has under the same name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from localcloud.contents import COUNTED
from localcloud.shelves import Held
from tests.localcloud.in_process import KEY, Process

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FIRST, SECOND = (f"accounts/{letter * 32}" for letter in "ab")


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Process]:
    """Two accounts, each with a bucket, a dataset and a queue of one name."""
    process = Process(tmp_path / "objects.db")
    for scope in (FIRST, SECOND):
        account = scope.removeprefix("accounts/")
        hidden: Any = {"storage": f"s{account}"}
        process.store.put("buckets", scope, "twin", name="twin", body={"of": scope}, hidden=hidden)
        process.memory.held["r2", f"s{account}", "k"] = Held(
            content=account.encode(), metadata=None
        )
        process.store.put("queues", scope, f"q{account}", name="twin", body={})
        process.points.add(account, [{"dataset": "checks", "at": len(account)}])
    yield process
    process.close()


def ask(local: Process, path: str, **query: str) -> tuple[int, Any]:
    answer = local.call("GET", f"/_local{path}", token=KEY, query=query)
    return answer.status, answer.told


@pytest.mark.parametrize(
    "path",
    [
        "/contents/r2/twin",
        "/contents/r2/twin/k",
        "/contents/queue/twin",
        "/contents/analytics/checks",
        "/objects/buckets/twin",
    ],
)
def test_what_several_accounts_have_is_asked_for_by_scope(local: Process, path: str) -> None:
    status, told = ask(local, path)
    assert status == 409
    assert f"?scope={FIRST} or ?scope={SECOND}" in told["error"]
    for scope in (FIRST, SECOND):
        assert ask(local, path, scope=scope)[0] == 200
    assert ask(local, path, scope=f"accounts/{'c' * 32}")[0] == 404


def test_an_answer_is_of_the_scope_that_was_asked_for(local: Process) -> None:
    for scope in (FIRST, SECOND):
        account = scope.removeprefix("accounts/")
        assert ask(local, "/contents/r2/twin", scope=scope, key="k")[1]["text"] == account
        assert ask(local, "/contents/r2/twin", scope=scope)[1]["scope"] == scope
        assert ask(local, "/contents/analytics/checks", scope=scope)[1]["scope"] == scope
        assert ask(local, "/objects/buckets/twin", scope=scope)[1]["body"] == {"of": scope}


@pytest.mark.parametrize("kind", ["r2", "queue", "analytics"])
def test_a_list_tells_the_scope_of_each(local: Process, kind: str) -> None:
    assert [one["scope"] for one in ask(local, f"/contents/{kind}")[1]] == [FIRST, SECOND]
    assert [one["scope"] for one in ask(local, f"/contents/{kind}", scope=SECOND)[1]] == [SECOND]


def test_an_id_goes_before_a_name(local: Process) -> None:
    local.store.put("queues", FIRST, "other", name="qq", body={})
    local.store.put("queues", SECOND, "qq", name="different", body={})
    assert ask(local, "/contents/queue/qq")[1]["scope"] == SECOND


def test_of_many_shelves_the_first_are_counted_and_the_others_say_so(
    local: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    async def waiting(_account: str, queue: str) -> list[Any]:
        asked.append(queue)
        return [{}, {}]

    monkeypatch.setattr(local.memory, "waiting", waiting)
    for number in range(COUNTED + 10):
        local.store.put("queues", FIRST, f"n{number}", name=f"n{number}", body={})
    told = ask(local, "/contents/queue")[1]
    assert len(told) == COUNTED + 12
    assert len(asked) == COUNTED
    assert {one["count"] for one in told[:COUNTED]} == {2}
    assert {one["count"] for one in told[COUNTED:]} == {None}
    assert all("open this one" in one["uncounted"] for one in told[COUNTED:])


def test_a_list_of_objects_reads_no_bodies(local: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("a body was read")

    monkeypatch.setattr(local.store, "_select", never)
    kinds = {one["kind"]: one for one in ask(local, "/objects")[1]}
    assert kinds["buckets"]["count"] == 2
    assert kinds["buckets"]["objects"][0] == {
        "id": "twin",
        "name": "twin",
        "scope": FIRST,
        "changed": kinds["buckets"]["objects"][0]["changed"],
    }


def test_a_page_of_many_reads_and_tells_that_page_alone(
    local: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(300):
        local.store.put("queues", FIRST, f"n{number}", name=f"n{number}", body={})
    read: list[int] = []
    select = local.store._select

    def counted(statement: str, *values: str) -> list[Any]:
        found = select(statement, *values)
        if values[0] == "queues":
            read.append(len(found))
        return found

    monkeypatch.setattr(local.store, "_select", counted)
    path = f"/client/v4/{FIRST}/queues"
    told = local.call("GET", path, query={"page": "2", "per_page": "20"}).told
    assert sum(read) <= 20
    assert [one["queue_id"] for one in told["result"]] == [f"n{n}" for n in range(19, 39)]
    assert (told["result_info"]["total_count"], told["result_info"]["total_pages"]) == (301, 16)
    last = local.call("GET", path, query={"page": "16", "per_page": "20"}).told["result"]
    assert [one["queue_id"] for one in last] == ["n299"]
    down = local.call("GET", path, query={"per_page": "2", "direction": "desc"}).told["result"]
    assert [one["queue_id"] for one in down] == ["n299", "n298"]
