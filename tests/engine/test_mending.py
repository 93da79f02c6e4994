"""Updates that were killed: what is left, and that the next operation puts it right."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from engine import mending, processes
from engine.errors import EngineError
from tests.engine.services import cloudflare, grafana
from tests.faults import clear_faults, set_faults

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.localcloud import Client
    from tests.engine.workbench import Workbench

PATIENCE = 300
"""Seconds; nothing here comes near it on a machine with nothing else to do."""

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

PROGRAM = """
kv = cloudflare.WorkersKvNamespace("kv", account_id=account, title="kv", opts=edge)
queue = cloudflare.Queue("queue", account_id=account, queue_name="q", opts=edge)
bucket = cloudflare.R2Bucket(
    "bucket", account_id=account, name=f"b-{account[:8]}", storage_class="{storage}", opts=edge)
"""


def until(condition: Callable[[], Any], what: str) -> Any:
    deadline = time.monotonic() + PATIENCE
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < deadline, f"still not so after {PATIENCE} s: {what}"
        time.sleep(0.02)


def pending(bench: Workbench) -> list[tuple[str, str]]:
    """Operations that the state file calls under way, as kind and resource name."""
    checkpoint = bench.stack.checkpoint
    if not checkpoint.is_file():
        return []
    latest = json.loads(checkpoint.read_text(encoding="utf-8"))["checkpoint"]["latest"] or {}
    return [
        (o["type"], o["resource"]["urn"].split("::", 3)[-1])
        for o in latest.get("pending_operations", [])
    ]


def interrupt(bench: Workbench, resource: dict[str, Any], operation: str) -> None:
    """Write into the state file what an interrupted update leaves there."""
    state = json.loads(bench.stack.checkpoint.read_text(encoding="utf-8"))
    left = [{"resource": resource, "type": operation}]
    state["checkpoint"]["latest"]["pending_operations"] = left
    bench.stack.checkpoint.write_text(json.dumps(state), encoding="utf-8")


def kill_while_held(
    bench: Workbench, cloud: Client, operation: str, *, match: str, held: tuple[str, str]
) -> None:
    """Start an operation, wait until localcloud holds one of its calls, and kill Pulumi.

    The held call is lost with its caller; a test that needs its effect brings that about itself.
    """
    set_faults(cloud, [{"match": match, "delay": 30.0, "times": 1}])
    command = [str(bench.home.bin / "pulumi"), operation, "--yes", "--skip-preview"]
    running = subprocess.Popen(
        [*command, "--stack", "bench", "--non-interactive"],
        cwd=bench.home.root,
        env=bench.stack.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until(lambda: held in pending(bench), f"{held} is under way")
    finally:
        os.kill(running.pid, signal.SIGKILL)
        running.wait()
        clear_faults(cloud)
    assert held in pending(bench)
    assert list(bench.stack.locks.glob("*.json"))


def mend(bench: Workbench, cloud: Client) -> list[str]:
    said: list[str] = []
    mending.mend(bench.stack, cloud, said.append)
    return said


def test_killed_while_creating_the_plugins_end_too_and_the_next_up_makes_no_duplicate(
    live: Workbench, cloud: Client
) -> None:
    live.program(PROGRAM.replace("{storage}", "Standard"))
    kill_while_held(
        live, cloud, "up", match="POST /client/v4/.*/queues", held=("creating", "queue")
    )
    home = str(live.home.path)
    until(lambda: not list(processes.marked("BELFRY_HOME", home)), "no plugin is left")
    cloudflare(live, "POST", "/accounts/{account}/queues", {"queue_name": "q"})
    said = mend(live, cloud)
    assert any("creating Queue queue" in line for line in said)
    assert any("removing the lock" in line for line in said)
    live.up()
    assert len(cloudflare(live, "GET", "/accounts/{account}/queues")) == 1
    assert live.up().unchanged
    assert live.refresh().unchanged


def test_killed_while_creating_in_grafana_the_next_up_is_not_refused(
    live: Workbench, cloud: Client
) -> None:
    uid = f"folder-{live.account[:8]}"
    live.program(f'grafana.oss.Folder("folder", uid="{uid}", title="t", opts=board)')
    kill_while_held(
        live, cloud, "up", match="POST /grafana/api/folders", held=("creating", "folder")
    )
    grafana(live, "POST", "/folders", {"uid": uid, "title": "t"})
    mend(live, cloud)
    live.up()
    assert live.refresh().unchanged


def test_killed_while_changing_or_destroying_the_next_operation_ends_it(
    live: Workbench, cloud: Client
) -> None:
    live.program(PROGRAM.replace("{storage}", "Standard"))
    live.up()
    assert mend(live, cloud) == [], "nothing was interrupted"

    live.program(PROGRAM.replace("{storage}", "InfrequentAccess"))
    bucket = f"b-{live.account[:8]}"
    kill_while_held(live, cloud, "up", match="PATCH /client/v4/.*", held=("updating", "bucket"))
    mend(live, cloud)
    live.up()
    held = cloudflare(live, "GET", f"/accounts/{{account}}/r2/buckets/{bucket}")
    assert held["storage_class"] == "InfrequentAccess"
    assert live.up().unchanged

    kill_while_destroying(live, cloud)
    mend(live, cloud)
    live.up()
    assert len(cloudflare(live, "GET", "/accounts/{account}/queues")) == 1
    assert live.refresh().unchanged

    kill_while_destroying(live, cloud)
    mend(live, cloud)
    live.destroy()
    assert live.resources() == {}
    assert cloudflare(live, "GET", "/accounts/{account}/storage/kv/namespaces") == []


def kill_while_destroying(live: Workbench, cloud: Client) -> None:
    """Kill Pulumi while its queue is being deleted, which the service then does."""
    kill_while_held(
        live, cloud, "destroy", match="DELETE /client/v4/.*/queues/.*", held=("deleting", "queue")
    )
    held = cloudflare(live, "GET", "/accounts/{account}/queues")[0]["queue_id"]
    cloudflare(live, "DELETE", f"/accounts/{{account}}/queues/{held}")


GROUP = """
grafana.alerting.RuleGroup(
    "group", name="health", folder_uid="{folder}", interval_seconds=60, opts=board, rules=[dict(
        name="r", condition="A", datas=[dict(
            ref_id="A", datasource_uid="d", model="{{}}",
            relative_time_range=dict({{"from": 60}}, to=0))])])
"""


def test_a_neighbours_objects_of_the_same_name_are_left_alone(
    live: Workbench, cloud: Client
) -> None:
    ours, theirs = f"fa-{live.account[:8]}", f"fb-{live.account[:8]}"
    for uid in (ours, theirs):
        grafana(live, "POST", "/folders", {"uid": uid, "title": uid})
    by_hand = {"title": "health", "interval": 60, "rules": [RULE]}
    path = f"/v1/provisioning/folder/{theirs}/rule-groups/health"
    grafana(live, "PUT", path, by_hand)
    live.program(GROUP.format(folder=ours))
    held = ("creating", "group")
    kill_while_held(live, cloud, "up", match="(PUT|POST) /grafana/.*/rule-groups.*", held=held)
    grafana(live, "PUT", path.replace(theirs, ours), {**by_hand, "rules": [RULE]})
    mend(live, cloud)
    assert grafana(live, "GET", path.replace(theirs, ours)) is None
    assert grafana(live, "GET", path)["title"] == "health"
    live.up()
    assert grafana(live, "GET", path)["title"] == "health"
    live.destroy()
    for uid in (ours, theirs):
        grafana(live, "DELETE", f"/folders/{uid}?forceDeleteRules=true")


def test_what_stands_or_another_stack_of_this_home_holds_is_not_forgotten_with_an_orphan(
    live: Workbench, cloud: Client
) -> None:
    live.program(PROGRAM.replace("{storage}", "Standard"))
    live.up()
    before = cloudflare(live, "GET", "/accounts/{account}/queues")
    queue = live.resources()["queue"]
    orphan = {**queue, "urn": queue["urn"].replace("::queue", "::other"), "id": ""}
    interrupt(live, orphan, "creating")
    assert any("creating Queue other" in line for line in mend(live, cloud))
    assert cloudflare(live, "GET", "/accounts/{account}/queues") == before

    other = live.stack.checkpoint.with_name("other.json")
    other.write_bytes(live.stack.checkpoint.read_bytes())
    live.stack.run("state", "delete", queue["urn"], "--yes", "--stack", "bench")
    interrupt(live, {**queue, "id": ""}, "creating")
    mend(live, cloud)
    assert cloudflare(live, "GET", "/accounts/{account}/queues") == before
    other.write_text("{", encoding="utf-8")
    interrupt(live, {**queue, "id": ""}, "creating")
    with pytest.raises(EngineError, match=r"other\.json cannot be read"):
        mend(live, cloud)
    assert cloudflare(live, "GET", "/accounts/{account}/queues") == before


def lock(bench: Workbench, *, pid: int, hostname: str) -> None:
    bench.stack.locks.mkdir(parents=True, exist_ok=True)
    told = {"pid": pid, "username": "u", "hostname": hostname, "timestamp": "2026-01-02T00:00:00Z"}
    (bench.stack.locks / "a.json").write_text(json.dumps(told), encoding="utf-8")


def test_the_lock_of_an_ended_process_is_removed(live: Workbench, cloud: Client) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    lock(live, pid=ended.pid, hostname=socket.gethostname())
    mend(live, cloud)
    assert list(live.stack.locks.glob("*.json")) == []


def test_a_lock_whose_number_another_program_has_now_is_removed(
    live: Workbench, cloud: Client
) -> None:
    lock(live, pid=os.getpid(), hostname=socket.gethostname())
    mend(live, cloud)
    assert list(live.stack.locks.glob("*.json")) == []


def test_a_pulumi_at_work_is_not_disturbed(live: Workbench, cloud: Client) -> None:
    at_work = live.home.path / "pulumi-at-work"
    at_work.write_text("#!/bin/sh\nread line\n", encoding="utf-8")
    at_work.chmod(0o755)
    with subprocess.Popen([str(at_work)], stdin=subprocess.PIPE) as working:
        until(lambda: processes.name(working.pid) == "pulumi-at-work", "it runs")
        lock(live, pid=working.pid, hostname=socket.gethostname())
        with pytest.raises(EngineError, match=f"pid {working.pid}"):
            mend(live, cloud)
        assert list(live.stack.locks.glob("*.json"))
    mend(live, cloud)
    assert list(live.stack.locks.glob("*.json")) == []


def test_on_real_accounts_nothing_is_changed_and_the_owner_is_told_what_to_do(
    bench: Workbench,
) -> None:
    bench.program("pulumi.export('a', 1)")
    bench.up()
    urn = "urn:pulumi:bench::belfry::cloudflare:index/queue:Queue::queue"
    orphan = {"urn": urn, "type": "cloudflare:index/queue:Queue", "custom": True, "inputs": {}}
    interrupt(bench, orphan, "creating")
    found = mending.pending_operations(bench.stack)
    said = mending.remedy(bench.stack, found)
    assert "creating Queue queue" in said
    assert "pulumi refresh -s bench" in said
    assert pending(bench) == [("creating", "queue")]
