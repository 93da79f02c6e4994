"""Faults on demand, and the commands that set them."""

from __future__ import annotations

import json
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import click
import httpx
import pytest
from click.testing import CliRunner, Result

from localcloud.__main__ import cli
from localcloud.commands import COMMANDS
from tests.localcloud.running import ACCOUNT, TOKEN, result

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.localcloud.running import LocalCloud

SHARES_CLOUD = True
QUEUES = f"/accounts/{ACCOUNT}/queues"
POST = "POST /client/v4/.*/queues"


@pytest.fixture(autouse=True)
def faultless(cloud: LocalCloud) -> Iterator[None]:
    yield
    cloud.control.delete("/faults")


def command(home: Path, *line: str) -> Result:
    return CliRunner().invoke(cli, [*line, "--home", str(home)])


def set_one(cloud: LocalCloud, **fault: Any) -> dict[str, Any]:
    answer = cloud.control.post("/faults", json=[{"match": POST, **fault}])
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()[0]
    return told


def make(cloud: LocalCloud, name: str) -> httpx.Response:
    return cloud.cloudflare.post(QUEUES, json={"queue_name": name})


def names(cloud: LocalCloud) -> list[str]:
    return [one["queue_name"] for one in result(cloud.cloudflare.get(QUEUES))]


def test_a_fault_counts_how_often_it_was_met(cloud: LocalCloud) -> None:
    set_one(cloud, status=500, times=3)
    make(cloud, "counted")
    told = cloud.control.get("/faults").json()[0]
    assert (told["times"], told["hits"]) == (2, 1)


def test_one_is_added_and_one_removed_without_the_others(cloud: LocalCloud) -> None:
    first = set_one(cloud, status=500, times=3)
    make(cloud, "met")
    with ThreadPoolExecutor(4) as pool:
        sent = [{"match": f"GET /{number}", "status": 500} for number in range(20)]
        list(pool.map(lambda fault: cloud.control.post("/faults/add", json=fault), sent))
    told = cloud.control.get("/faults").json()
    assert {one["match"] for one in told} == {POST, *(one["match"] for one in sent)}
    assert len({one["id"] for one in told}) == 21
    left = cloud.control.delete(f"/faults/{told[1]['id']}").json()
    assert [one["id"] for one in left] == [first["id"], *(one["id"] for one in told[2:])]
    assert (left[0]["times"], left[0]["hits"]) == (2, 1)
    again = cloud.control.delete(f"/faults/{told[1]['id']}")
    assert again.status_code == 404
    assert f"no fault '{told[1]['id']}'" in again.json()["error"]
    assert cloud.control.post("/faults/add", json={"match": "("}).status_code == 400


def test_what_is_spent_still_says_how_often_it_was_met(cloud: LocalCloud) -> None:
    set_one(cloud, status=500, times=2)
    for _ in range(3):
        make(cloud, "spent")
    told = cloud.control.get("/faults").json()
    assert [(one["times"], one["hits"]) for one in told] == [(0, 2)]


@pytest.mark.parametrize(
    ("fault", "headers"),
    [
        ({}, {"retry-after": "0"}),
        ({"retry_after": None}, {}),
        ({"retry_after": 2}, {"retry-after": "2"}),
        ({"retry_after": None, "retry_after_ms": 50}, {"retry-after-ms": "50"}),
        ({"retry_after": None, "should_retry": False}, {"x-should-retry": "false"}),
        ({"should_retry": True}, {"retry-after": "0", "x-should-retry": "true"}),
        ({"retry_after": 1_000_000}, {"retry-after": "1000000"}),
        ({"retry_after": 0.5}, {"retry-after": "0.5"}),
    ],
)
def test_a_wrong_answer_tells_clients_what_it_was_asked_to(
    cloud: LocalCloud, fault: dict[str, Any], headers: dict[str, str]
) -> None:
    set_one(cloud, status=429, **fault)
    answer = make(cloud, "told")
    assert answer.status_code == 429
    asked = ("retry-after", "retry-after-ms", "x-should-retry")
    assert {name: answer.headers[name] for name in asked if name in answer.headers} == headers


@pytest.mark.parametrize("status", [204, 304, 503])
def test_statuses_without_a_body_and_with_one_end_properly(cloud: LocalCloud, status: int) -> None:
    set_one(cloud, status=status)
    assert make(cloud, "any").status_code == status
    assert make(cloud, f"after-{status}").status_code == 200


@pytest.mark.parametrize("before", [True, False])
def test_a_connection_is_dropped_before_the_work_or_after_it(
    cloud: LocalCloud, before: bool
) -> None:
    name = f"dropped-{before}".lower()
    set_one(cloud, drop=True, before=before)
    with pytest.raises(httpx.RemoteProtocolError):
        make(cloud, name)
    assert (name in names(cloud)) != before


def answered(cloud: LocalCloud, request: bytes) -> bytes:
    """Return all that comes back on a connection that the client leaves open."""
    host, _, port = cloud.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(4096), b""))


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("token", [TOKEN, ""], ids=["let in", "refused"])
@pytest.mark.parametrize("size", [0, 3_000_000])
def test_not_a_byte_of_an_answer_comes_over_a_dropped_connection(
    cloud: LocalCloud, before: bool, token: str, size: int
) -> None:
    path = f"/client/v4{QUEUES}"
    body = b" " * size + json.dumps({"queue_name": f"severed-{size}"}).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n"
    request = f"{head}Authorization: Bearer {token}\r\n\r\n".encode() + body
    set_one(cloud, drop=True, before=before)
    assert answered(cloud, request) == b""
    assert cloud.control.get("/faults").json()[0]["hits"] == 1
    log = (cloud.home / "localcloud.log").read_text()
    assert "without starting response" not in log


def test_the_first_fault_that_fits_and_is_not_spent_counts(cloud: LocalCloud) -> None:
    fault = {"match": POST, "times": 1}
    cloud.control.post("/faults", json=[{**fault, "status": 500}, {**fault, "status": 503}])
    assert [make(cloud, "twice").status_code for _ in range(3)] == [500, 503, 200]


def test_the_controls_have_no_faults(cloud: LocalCloud) -> None:
    cloud.control.post("/faults", json=[{"match": ".*", "status": 500, "times": 99}])
    assert cloud.control.get("/faults").status_code == 200


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ({"match": "("}, "regular expression"),
        ({}, "match"),
        ({"match": "x", "status": 99}, "status"),
        ({"match": "x", "status": 600}, "status"),
        ({"match": "x", "delay": -1}, "delay"),
        ({"match": "x", "delay": 1e9}, "delay"),
        ({"match": "x", "times": 0}, "times"),
        ({"match": "x", "drop": "yes"}, "drop"),
        ({"match": "x", "status": 500, "drop": True}, "not both"),
        ({"match": "x", "before": True}, "drop"),
        ({"match": "x", "stauts": 500}, "stauts"),
        ({"match": "x", "retry_after": -1}, "retry_after"),
    ],
)
def test_what_is_no_fault_is_refused_and_changes_nothing(
    cloud: LocalCloud, fault: dict[str, Any], named: str
) -> None:
    set_one(cloud, status=500)
    answer = cloud.control.post("/faults", json=[fault])
    assert answer.status_code == 400
    assert named in answer.json()["error"]
    assert len(cloud.control.get("/faults").json()) == 1


def test_a_person_adds_lists_and_clears_faults(cloud: LocalCloud) -> None:
    line = ("faults", "add", POST, "--status", "500", "--times", "2", "--retry-after", "none")
    added = command(cloud.home, *line)
    assert added.exit_code == 0, added.stderr
    number = json.loads(command(cloud.home, "faults", "list", "--json").stdout)[0]["id"]
    assert added.stdout == f"{number}  {POST}: answers 500, 2 more times, 0 so far\n"
    assert "retry-after" not in make(cloud, "person").headers
    more = command(cloud.home, "faults", "add", "GET /x", "--drop", "before", "--json")
    assert [one["match"] for one in json.loads(more.stdout)] == [POST, "GET /x"]
    told = json.loads(command(cloud.home, "faults", "list", "--json").stdout)
    assert [(one["hits"], one["drop"], one["before"]) for one in told] == [
        (1, False, False),
        (0, True, True),
    ]
    make(cloud, "again")
    left = command(cloud.home, "faults", "remove", told[1]["id"]).stdout
    assert left == f"{number}  {POST}: answers 500, spent after 2\n"
    many = command(cloud.home, "faults", "add", "GET /x", "--status", "500", "--times", "1000000")
    assert "1000000 more times" in many.stdout
    assert command(cloud.home, "faults", "clear").stdout == "no faults\n"
    assert cloud.control.get("/faults").json() == []


def test_a_command_that_is_refused_says_why(cloud: LocalCloud) -> None:
    refused = command(cloud.home, "faults", "add", "(", "--status", "500")
    assert refused.exit_code == 1
    assert "not a regular expression" in refused.stderr
    nothing = command(cloud.home, "faults", "add", "GET /x")
    assert nothing.exit_code == 2
    assert "--status, --delay or --drop" in nothing.stderr


def test_a_command_says_what_to_do_where_no_localcloud_runs(tmp_path: Path) -> None:
    missing = command(tmp_path, "faults", "list")
    assert missing.exit_code == 1
    assert f"no localcloud runs in {tmp_path}" in missing.stderr
    told = {"url": "http://127.0.0.1:9", "key": "k"}
    (tmp_path / "localcloud.json").write_text(json.dumps(told))
    killed = command(tmp_path, "faults", "list")
    assert killed.exit_code == 1
    assert "killed" in killed.stderr
    (tmp_path / "localcloud.json").write_text("{")
    assert "cannot be read" in command(tmp_path, "faults", "list").stderr


def test_every_command_takes_json_but_the_one_that_prints_nothing_else() -> None:
    groups = [(one.name, one) for one in COMMANDS]
    found = {
        f"{name} {inner}".strip(): command
        for name, one in groups
        for inner, command in (one.commands if isinstance(one, click.Group) else {"": one}).items()
    }
    without = [
        name
        for name, one in found.items()
        if "as_json" not in {parameter.name for parameter in one.params}
    ]
    assert without == ["objects show"]


def test_help_shows_examples_line_by_line() -> None:
    told = CliRunner().invoke(cli, ["faults", "--help"]).output
    assert "\n    localcloud faults clear\n" in told


def test_objects_are_shown_to_a_person_and_to_a_program(cloud: LocalCloud) -> None:
    identifier = result(make(cloud, "seen"))["queue_id"]
    shown = command(cloud.home, "objects", "list", "queues").stdout
    assert f"  {identifier}  seen\n" in shown
    told = json.loads(command(cloud.home, "objects", "list", "queues", "--json").stdout)
    assert [one["kind"] for one in told] == ["queues"]
    unknown = command(cloud.home, "objects", "list", "queue")
    assert unknown.exit_code == 1
    assert "queues" in unknown.stderr
