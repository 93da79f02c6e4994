"""Many clients at once: nothing is lost, nothing is there twice, nothing is half there."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest

from tests.localcloud.in_process import Answer, Process
from tests.localcloud.running import ACCOUNT, TOKEN, ZONE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

CLIENTS = 40
QUEUES = f"/client/v4/accounts/{ACCOUNT}/queues"
NAMESPACES = f"/client/v4/accounts/{ACCOUNT}/storage/kv/namespaces"
BUCKETS = f"/client/v4/accounts/{ACCOUNT}/r2/buckets"
CHECKS = f"/client/v4/zones/{ZONE}/healthchecks"
FOLDERS = "/grafana/api/folders"
SOURCES = "/grafana/api/datasources"
GROUPS = "/grafana/api/v1/provisioning/folder/f/rule-groups/g"


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Process]:
    process = Process(tmp_path / "objects.db")
    yield process
    process.store.close()


def at_once(local: Process, calls: Iterable[tuple[str, str, object]]) -> list[Answer]:
    """Send all calls at once: their bodies come in pieces, each in as many as it is late."""

    async def all_of_them() -> list[Answer]:
        return await asyncio.gather(
            *(
                local.send(
                    method,
                    path,
                    headers={"authorization": f"Bearer {TOKEN}"},
                    body=b"" if body is None else json.dumps(body).encode(),
                    chunks=1 + number % 5,
                )
                for number, (method, path, body) in enumerate(calls)
            )
        )

    return asyncio.run(all_of_them())


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (QUEUES, {"queue_name": "one"}),
        (NAMESPACES, {"title": "one"}),
        (BUCKETS, {"name": "one"}),
        (FOLDERS, {"title": "one", "uid": "one"}),
        (SOURCES, {"name": "one", "type": "prometheus"}),
    ],
)
def test_of_many_that_make_the_same_name_one_does(
    local: Process, path: str, body: dict[str, str]
) -> None:
    answers = at_once(local, [("POST", path, body)] * CLIENTS)
    assert sum(answer.status < 300 for answer in answers) == 1
    assert all(answer.status in (400, 409, 412) for answer in answers if answer.status >= 300)


def test_many_that_make_different_things_make_all_of_them(local: Process) -> None:
    names = [f"q{number}" for number in range(CLIENTS)]
    answers = at_once(local, [("POST", QUEUES, {"queue_name": name}) for name in names])
    ids = {answer.told["result"]["queue_id"] for answer in answers}
    assert len(ids) == CLIENTS
    told = local.call("GET", QUEUES).told["result"]
    assert {one["queue_id"] for one in told} == ids
    assert sorted(one["queue_name"] for one in told) == sorted(names)


def test_what_many_write_at_once_is_what_one_of_them_wrote(local: Process) -> None:
    made = local.call("POST", CHECKS, {"name": "n", "address": "a.example"}).told["result"]["id"]
    sent = [{"name": f"n{n}", "address": f"a{n}.example", "retries": n % 5} for n in range(CLIENTS)]
    at_once(local, [("PUT", f"{CHECKS}/{made}", body) for body in sent])
    told = local.call("GET", f"{CHECKS}/{made}").told["result"]
    assert {name: told[name] for name in ("name", "address", "retries")} in sent


def test_every_write_of_a_dashboard_counts(local: Process) -> None:
    sent = [
        {"dashboard": {"uid": "d", "title": f"D{n}"}, "overwrite": True} for n in range(CLIENTS)
    ]
    at_once(local, [("POST", "/grafana/api/dashboards/db", body) for body in sent])
    told = local.call("GET", "/grafana/api/dashboards/uid/d").told
    assert told["dashboard"]["version"] == CLIENTS


def test_numbers_are_given_once(local: Process) -> None:
    sent = [{"title": f"F{n}"} for n in range(CLIENTS)]
    answers = at_once(local, [("POST", FOLDERS, body) for body in sent])
    assert len({answer.told["id"] for answer in answers}) == CLIENTS
    assert len({answer.told["uid"] for answer in answers}) == CLIENTS


def rule(number: int, place: int) -> dict[str, object]:
    model = {"refId": "A", "expr": "1", "datasource": {"type": "prometheus", "uid": "p"}}
    return {
        "uid": f"r{number}-{place}",
        "title": f"R {number} {place}",
        "condition": "A",
        "for": "1m",
        "noDataState": "OK",
        "execErrState": "Error",
        "data": [
            {
                "refId": "A",
                "datasourceUid": "p",
                "relativeTimeRange": {"from": 600, "to": 0},
                "model": model,
            }
        ],
    }


def test_a_rule_group_is_one_that_somebody_wrote_with_all_its_rules(local: Process) -> None:
    local.call("POST", FOLDERS, {"title": "F", "uid": "f"})
    sent = [
        {
            "title": "g",
            "folderUid": "f",
            "interval": 60,
            "rules": [rule(n, p) for p in range(n % 4 + 1)],
        }
        for n in range(CLIENTS)
    ]
    answers = at_once(local, [("PUT", GROUPS, body) for body in sent])
    assert {answer.status for answer in answers} == {200}
    told = [one["uid"] for one in local.call("GET", GROUPS).told["rules"]]
    assert told in [[f"r{n}-{p}" for p in range(n % 4 + 1)] for n in range(CLIENTS)]


def test_what_is_deleted_while_it_is_written_does_not_come_back(local: Process) -> None:
    made = local.call("POST", QUEUES, {"queue_name": "q"}).told["result"]["queue_id"]
    writes = [("PUT", f"{QUEUES}/{made}", {"queue_name": "q", "settings": {}})] * CLIENTS
    answers = at_once(local, [*writes, ("DELETE", f"{QUEUES}/{made}", None), *writes])
    assert sum(answer.status == 200 for answer in answers) >= 1
    assert local.call("GET", f"{QUEUES}/{made}").status == 404


def test_a_client_that_goes_away_in_the_middle_of_its_body_changes_nothing(
    local: Process,
) -> None:
    async def cut_off() -> None:
        said: list[object] = []
        parts: Iterator[dict[str, object]] = iter(
            [
                {"type": "http.request", "body": b'{"queue_name": "half"}', "more_body": True},
                {"type": "http.disconnect"},
            ]
        )

        async def receive() -> dict[str, object]:
            return next(parts)

        async def send(message: object) -> None:
            said.append(message)

        scope = {
            "type": "http",
            "method": "POST",
            "path": QUEUES,
            "raw_path": QUEUES.encode(),
            "root_path": "",
            "query_string": b"",
            "headers": [(b"authorization", f"Bearer {TOKEN}".encode())],
            "client": ("127.0.0.1", 1),
        }
        await local.app(scope, receive, send)
        assert said == []

    asyncio.run(cut_off())
    assert local.call("GET", QUEUES).told["result"] == []
