"""No control call of whoever has the key, however odd, breaks localcloud."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.fuzz.fuzzer import Fuzzer
from tests.fuzz.recorded import Recorded
from tests.localcloud.in_process import KEY, Process
from tests.localcloud.running import ACCOUNT

if TYPE_CHECKING:
    from pathlib import Path

    from localcloud.documents import Document

REQUESTS = 2_000
HEADERS = {"authorization": f"Bearer {KEY}"}
ACCOUNTS = (ACCOUNT, "c" * 32)
SCRIPT: Document = {
    "bindings": [],
    "classic": False,
    "compatibility_flags": [],
    "migration_tag": None,
}
CALLS: tuple[tuple[str, str, Any], ...] = (
    ("PUT", "/services", [{"service": "a", "page": True}, {"service": "b", "needs": ["a"]}]),
    ("POST", "/services/a", {"state": "slow", "delay": 2}),
    ("POST", "/services/b", {"state": "broken"}),
    ("POST", "/tick", {"at": "2026-11-21T03:00:00Z", "until": "2026-11-21T03:05:00Z"}),
    ("POST", "/tick", {"at": 1_800_000_000_000, "cron": "3 3 * * *", "script": "only"}),
    ("POST", "/tick", {"script": f"{ACCOUNT}/twin"}),
    ("POST", "/crons", {"paused": True}),
    ("POST", "/settings", {"keep_full_buckets": True, "may_go_full": [f"{ACCOUNT}/files"]}),
    (
        "POST",
        "/forget",
        {
            "kind": "cloudflare:index/queue:Queue",
            "name": "jobs",
            "place": {"accountId": ACCOUNT},
            "keep": ["x"],
        },
    ),
    ("POST", "/faults", [{"match": "GET .*", "status": 500, "times": 2, "retry_after": 1}]),
    ("POST", "/faults/add", {"match": "GET .*", "status": 500, "times": 2}),
    ("DELETE", "/faults/1", None),
    ("POST", "/faults", [{"match": "PUT .*", "drop": True, "before": True, "delay": 0.5}]),
    ("POST", "/tails/only", None),
    ("POST", "/tails/twin", None),
    ("GET", "/objects/queues/jobs", None),
    ("GET", "/contents/queue/jobs", None),
    ("GET", "/contents/kv/config/key", None),
    ("GET", "/contents/d1/history", None),
)


def filled(path: Path) -> Process:
    """Return a process with something of each kind that is told."""
    process = Process(path)
    for account, name in ((ACCOUNTS[0], "twin"), (ACCOUNTS[1], "twin"), (ACCOUNTS[0], "only")):
        scope = f"accounts/{account}"
        process.store.put("scripts", scope, name, name=name, body=SCRIPT)
        scope = f"{scope}/scripts/{name}"
        process.store.put("schedules", scope, "3 3 * * *", name="3 3 * * *", body={})
    for kind, name in (
        ("queues", "jobs"),
        ("namespaces", "config"),
        ("databases", "history"),
        ("buckets", "files"),
    ):
        hidden: Document = {"storage": name}
        process.store.put(kind, f"accounts/{ACCOUNT}", name, name=name, body={}, hidden=hidden)
    process.points.add(ACCOUNT, [{"dataset": "checks", "at": 1, "blobs": ["x"]}])
    return process


def fuzzing(process: Process, seed: int) -> Fuzzer:
    routes = [
        (method, f"/_local{route.path}")
        for route in process.control.routes()
        for method in sorted((route.methods or set()) - {"HEAD"})
        if route.path != "/shutdown"
    ]
    known = [
        Recorded(method=method, path=f"/_local{path}", body=body, parts=(), answer=None)
        for method, path, body in CALLS
    ]
    return Fuzzer(process, seed, routes=routes, known=known, headers=HEADERS)


@pytest.mark.parametrize("seed", [0])
def test_odd_control_calls_are_refused_and_break_nothing(seed: int, tmp_path: Path) -> None:
    process = filled(tmp_path / "objects.db")
    fuzzer = fuzzing(process, seed)
    asyncio.run(fuzzer.run(REQUESTS))
    told = [
        f"{count} × {kind}\n    {fuzzer.examples[kind]}"
        for kind, count in fuzzer.troubles.most_common()
    ]
    assert not told, "\n".join(told)
    assert fuzzer.statuses[200] > REQUESTS / 4, fuzzer.statuses
    assert fuzzer.statuses[400] > REQUESTS / 20, fuzzer.statuses
    for path in ("/workers", "/services", "/inbox", "/faults", "/objects", "/health"):
        answer = asyncio.run(process.send("GET", f"/_local{path}", headers=HEADERS))
        assert answer.status == 200, (path, answer.body[:300])
        json.loads(answer.body)
    process.close()


def test_a_name_that_two_accounts_have_is_refused_with_both(tmp_path: Path) -> None:
    process = filled(tmp_path / "objects.db")
    answer = asyncio.run(process.send("POST", "/_local/tails/twin", headers=HEADERS))
    assert answer.status == 409
    assert all(f"{account}/twin" in answer.told["error"] for account in ACCOUNTS)
    process.close()
