"""Ends, restarts and deaths: nothing that was kept is lost, and no process is left."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.localcloud.running import (
    ACCOUNT,
    PATIENCE,
    ROOT,
    WORKERS,
    LocalCloud,
    alive,
    command,
    descendants,
    refusal,
    result,
    wait_for,
)

if TYPE_CHECKING:
    from collections.abc import Callable


COUNTER = {"name": "COUNTER", "type": "durable_object_namespace", "class_name": "Counter"}


def upload_counter(cloud: LocalCloud) -> str:
    """Upload the counter with its namespace; return the namespace's id."""
    namespace = cloud.namespace("counter")
    bindings = [COUNTER, {"name": "CONFIG", "type": "kv_namespace", "namespace_id": namespace}]
    migrations = {"new_tag": "v1", "new_sqlite_classes": ["Counter"]}
    code = (WORKERS / "counter.js").read_text()
    result(cloud.upload("counter", code, bindings, migrations=migrations))
    return namespace


def runs_a_worker(cloud: LocalCloud) -> list[int]:
    """Return the processes of a localcloud whose Worker runs."""
    result(cloud.upload("plain", "export default { fetch() { return new Response('fine') } }"))
    assert cloud.anybody.get("/workers/plain/").text == "fine"
    found = descendants(cloud.process.pid)
    assert len(found) >= 2, "Node and workerd"
    return found


def test_a_restart_keeps_objects_values_and_durable_objects(
    begin: Callable[..., LocalCloud],
) -> None:
    first = begin()
    namespace = upload_counter(first)
    path = f"/accounts/{ACCOUNT}/storage/kv/namespaces/{namespace}/values/config"
    result(first.cloudflare.put(path, content=b"kept"))
    assert first.anybody.get("/workers/counter/count").json() == 1
    scripts = result(first.cloudflare.get(f"/accounts/{ACCOUNT}/workers/scripts"))
    first.stop()
    second = begin()
    assert second.anybody.get("/workers/counter/count").json() == 2
    assert second.anybody.get("/workers/counter/config").text == "kept"
    assert result(second.cloudflare.get(f"/accounts/{ACCOUNT}/workers/scripts")) == scripts


def test_a_restart_keeps_address_key_and_secret(begin: Callable[..., LocalCloud]) -> None:
    first = begin()
    first.stop()
    second = begin()
    assert (second.url, second.smtp) == (first.url, first.smtp)
    assert (second.key, second.secret) == (first.key, first.secret)


def test_an_alarm_that_was_set_rings_after_a_restart(begin: Callable[..., LocalCloud]) -> None:
    first = begin()
    upload_counter(first)
    assert first.anybody.get("/workers/counter/ring?in=1500").text == "set"
    first.kill()
    second = begin()
    wait_for(lambda: second.anybody.get("/workers/counter/rang").json(), "the alarm rang")


def test_an_orderly_end_leaves_no_process_and_no_discovery_file(
    begin: Callable[..., LocalCloud],
) -> None:
    cloud = begin()
    processes = runs_a_worker(cloud)
    assert cloud.stop() == 0
    wait_for(lambda: not [pid for pid in processes if alive(pid)], "all processes are gone", 2)
    assert not (cloud.home / "localcloud.json").exists()


def test_the_control_call_ends_it_too(begin: Callable[..., LocalCloud]) -> None:
    cloud = begin()
    assert cloud.control.post("/shutdown").status_code == 202
    assert cloud.process.wait(PATIENCE) == 0


def test_a_killed_localcloud_takes_node_and_workerd_along(
    begin: Callable[..., LocalCloud],
) -> None:
    cloud = begin()
    processes = runs_a_worker(cloud)
    cloud.kill()
    wait_for(lambda: not [pid for pid in processes if alive(pid)], "all processes are gone", 5)


def test_workerd_outlives_neither_of_those_that_started_it(
    begin: Callable[..., LocalCloud],
) -> None:
    cloud = begin()
    node, *others = runs_a_worker(cloud)
    os.kill(cloud.process.pid, signal.SIGSTOP)  # so that it cannot clear up after Node
    os.kill(node, signal.SIGKILL)
    wait_for(lambda: not [pid for pid in others if alive(pid)], "workerd is gone", 5)
    os.kill(cloud.process.pid, signal.SIGCONT)


def test_node_killed_takes_workerd_along_and_is_started_again(
    begin: Callable[..., LocalCloud],
) -> None:
    cloud = begin()
    node, *others = runs_a_worker(cloud)
    os.kill(node, signal.SIGKILL)
    wait_for(lambda: not [pid for pid in others if alive(pid)], "workerd is gone", 5)
    wait_for(lambda: cloud.worker("plain")["restarts"], "the restart is told")
    assert cloud.anybody.get("/workers/plain/").text == "fine"


def test_workerd_killed_is_started_again(begin: Callable[..., LocalCloud]) -> None:
    cloud = begin()
    os.kill(runs_a_worker(cloud)[-1], signal.SIGKILL)
    wait_for(lambda: cloud.worker("plain")["restarts"], "the restart is told")
    assert cloud.anybody.get("/workers/plain/").text == "fine"


def test_a_taken_port_gives_way_to_the_next_and_that_one_is_remembered(
    begin: Callable[..., LocalCloud],
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        first = begin("--port", str(port))
        chosen = int(first.url.rpartition(":")[2])
        assert port < chosen <= port + 20
        first.stop()
    assert begin("--port", str(port)).url == first.url


def test_a_port_that_has_to_be_free_names_its_owner(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        line = command(tmp_path / "local", "--port", port, "--port-fixed")
        ended = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert f"port {port} is taken" in ended.stderr
    assert f"process {os.getpid()}" in ended.stderr


def test_a_home_has_one_localcloud(begin: Callable[..., LocalCloud]) -> None:
    cloud = begin()
    ended = subprocess.run(
        command(cloud.home), cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert f"process {cloud.process.pid}" in ended.stderr
    assert json.loads((cloud.home / "localcloud.json").read_text())["pid"] == cloud.process.pid


@pytest.mark.parametrize("lacking", ["--node", "--modules"])
def test_without_a_runtime_the_apis_answer_and_workers_say_why_not(
    begin: Callable[..., LocalCloud], tmp_path: Path, lacking: str
) -> None:
    cloud = begin(lacking, str(tmp_path / "nowhere"))
    namespace = cloud.namespace("values")
    result(cloud.upload("idle", "export default { fetch() {} }"))
    answer = cloud.anybody.get("/workers/idle/")
    assert answer.status_code == 503
    assert str(tmp_path / "nowhere") in answer.text
    assert cloud.worker("idle")["running"] is False
    path = f"/accounts/{ACCOUNT}/storage/kv/namespaces/{namespace}/values/key"
    assert refusal(cloud.cloudflare.get(path))[0] == 503


def test_only_the_owner_can_read_what_is_kept(begin: Callable[..., LocalCloud]) -> None:
    cloud = begin()
    upload_counter(cloud)
    cloud.anybody.get("/workers/counter/count")
    readable = [
        path
        for path in [cloud.home, *cloud.home.rglob("*")]
        if not path.is_symlink()
        and path.name != "localcloud.log"
        and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    assert readable == []


def test_no_command_line_holds_a_secret(begin: Callable[..., LocalCloud]) -> None:
    cloud = begin()
    secret = {"name": "WORD", "type": "secret_text", "text": "swordfish"}
    result(cloud.upload("plain", "export default { fetch() {} }", [secret]))
    cloud.anybody.get("/workers/plain/")
    for pid in [cloud.process.pid, *descendants(cloud.process.pid)]:
        for place in ("cmdline", "environ"):
            told = Path(f"/proc/{pid}/{place}").read_bytes()
            assert b"swordfish" not in told
            assert cloud.key.encode() not in told
            assert cloud.secret.encode() not in told
