"""Starting and stopping localcloud: once, found again, mended after a crash, nothing left."""

from __future__ import annotations

import json
import os
import signal
import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from engine import localcloud, processes
from engine.errors import EngineError
from engine.localcloud import Client
from engine.paths import Home
from tests.engine.workbench import ANY_PORT, lay_out

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    laid_out = lay_out(Home(path=tmp_path / "home", root=tmp_path))
    yield laid_out
    localcloud.stop(laid_out, lambda _: None)


def left_over(home: Home) -> list[int]:
    return list(processes.marked("BELFRY_LOCALCLOUD", str(home.local)))


def test_it_is_started_once_and_found_from_then_on(home: Home) -> None:
    said: list[str] = []
    first = localcloud.start(home, said.append, port=ANY_PORT)
    assert localcloud.running(home) == first
    assert localcloud.start(home, said.append) == first
    assert len([line for line in said if "listening" in line]) == 1


def test_one_that_is_too_busy_to_answer_is_not_taken_for_gone(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = localcloud.start(home, lambda _: None, port=ANY_PORT)
    monkeypatch.setattr(localcloud, "ANSWERS_WITHIN", 0.1)
    os.kill(first.pid, signal.SIGSTOP)
    try:
        assert localcloud.start(home, lambda _: None) == first
    finally:
        os.kill(first.pid, signal.SIGCONT)
    assert processes.alive(first.pid)


def test_stopping_leaves_no_process_no_port_and_no_file(home: Home) -> None:
    port = urlsplit(localcloud.start(home, lambda _: None, port=ANY_PORT).url).port
    assert port is not None
    assert processes.port_owner(port) is not None
    assert left_over(home)
    assert localcloud.stop(home, lambda _: None)
    assert left_over(home) == []
    assert processes.port_owner(port) is None
    assert not home.discovery.exists()
    assert localcloud.running(home) is None
    assert not localcloud.stop(home, lambda _: None)


def test_after_a_crash_it_starts_again_with_its_key(home: Home) -> None:
    first = localcloud.start(home, lambda _: None, port=ANY_PORT)
    os.kill(first.pid, signal.SIGKILL)
    assert processes.wait_for_end(first.pid, 10)
    assert home.discovery.exists()
    assert localcloud.running(home) is None
    second = localcloud.start(home, lambda _: None, port=ANY_PORT)
    assert second.pid != first.pid
    assert second.key == first.key
    assert Client(second).inbox() == []


def test_a_file_from_before_a_restart_of_the_machine_describes_nothing(home: Home) -> None:
    home.local.mkdir(parents=True)
    stranger = {"url": "http://127.0.0.1:9", "smtp": "", "pid": os.getpid(), "key": "k"}
    home.discovery.write_text(json.dumps(stranger), encoding="utf-8")
    assert localcloud.running(home) is None
    started = localcloud.start(home, lambda _: None, port=ANY_PORT)
    assert started.pid != os.getpid()


def test_a_file_that_is_damaged_describes_nothing(home: Home) -> None:
    home.local.mkdir(parents=True)
    home.discovery.write_text('{"url": "http', encoding="utf-8")
    assert localcloud.running(home) is None


@contextmanager
def somebody_else() -> Iterator[int]:
    """A server that answers everything with 200, as a stranger on our port might."""

    class Stranger(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(403)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Stranger)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


def test_whoever_does_not_know_the_key_is_not_ours(home: Home) -> None:
    with somebody_else() as port:
        home.local.mkdir(parents=True)
        told = {"url": f"http://127.0.0.1:{port}", "smtp": "", "pid": os.getpid(), "key": "k"}
        home.discovery.write_text(json.dumps(told), encoding="utf-8")
        assert localcloud.running(home) is None


def test_a_taken_port_gives_way_to_another_and_its_owner_is_named(home: Home) -> None:
    said: list[str] = []
    with somebody_else() as port:
        there = localcloud.start(home, said.append, port=port)
    assert not there.url.endswith(f":{port}")
    assert any(f"port {port} is taken by" in line and f"pid {os.getpid()}" in line for line in said)


def test_what_it_says_when_it_does_not_start(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    (home.path / "local").mkdir(parents=True)
    monkeypatch.setattr(localcloud, "_PACKAGE", "engine.no_such_module")
    with pytest.raises(EngineError, match=r"did not start.*no_such_module"):
        localcloud.start(home, lambda _: None, port=ANY_PORT)
    assert left_over(home) == []


def test_its_refusals_are_told_in_its_own_words(home: Home) -> None:
    client = Client(localcloud.start(home, lambda _: None, port=ANY_PORT))
    with pytest.raises(EngineError, match="nowhere"):
        client.set_service("nowhere", "broken")


def test_the_owner_of_a_port_is_found() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        owner = processes.port_owner(port)
        assert owner is not None
        assert f"(pid {os.getpid()})" in owner
    assert processes.port_owner(port) is None
