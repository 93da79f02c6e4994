"""What ends a localcloud is said; what fails in it does not end it."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING

import pytest

from localcloud.lasting import Ended, kept_up
from localcloud.runtime.host import Host
from localcloud.runtime.journal import Journal
from localcloud.runtime.workers import Limits, Workers
from localcloud.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from localcloud.documents import Document
    from tests.localcloud.running import LocalCloud


def test_a_part_that_fails_is_said_and_started_again(caplog: pytest.LogCaptureFixture) -> None:
    came = 0

    async def part() -> None:
        nonlocal came
        came += 1
        if came < 3:
            raise KeyError("what nobody thought of")
        await asyncio.Event().wait()

    async def run() -> None:
        task = asyncio.create_task(kept_up("the part", part, pause=0))
        while came < 3:
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(run())
    assert caplog.text.count("the part failed and is started again") == 2
    assert "what nobody thought of" in caplog.text


def test_a_server_that_stops_by_itself_is_a_reason() -> None:
    async def run() -> str:
        ended = Ended()
        await ended.wait_with(asyncio.create_task(asyncio.sleep(0)))
        ended.set("too late to count")
        return ended.reason

    assert asyncio.run(run()) == "the server stopped by itself"


@pytest.fixture
def workers(tmp_path: Path) -> Iterator[Workers]:
    store = Store(tmp_path / "store.db")
    journal = Journal(store, lambda: None)
    host = Host(node="node", modules=tmp_path, root=tmp_path, journal=journal)
    yield Workers(store, journal, host, tmp_path, Limits())
    store.close()


@pytest.mark.parametrize(
    "event",
    [
        {"event": "tail", "script": 7, "lines": "none"},
        {"event": "guard", "script": "a/b", "points": [{"at": 10**30}]},
        {"event": "guard", "script": "a/b", "limit": None},
        {"event": "restarted", "scripts": {}, "reason": 1},
        {"event": ["tail"]},
    ],
)
def test_nothing_that_the_runtime_tells_ends_it(
    workers: Workers, event: Document, caplog: pytest.LogCaptureFixture
) -> None:
    def taken(_script: str, told: object) -> None:
        raise OverflowError(str(told))

    workers.listeners["points"] = taken
    workers._event(event)
    assert "Traceback" not in caplog.text


def test_lines_without_end_are_dropped_and_the_next_one_is_read(tmp_path: Path) -> None:
    events: list[Document] = []
    node = tmp_path / "node"
    long = "x" * (5 * 1024 * 1024)
    lines = tmp_path / "lines"
    lines.write_text(f'{{"event": "{long}"}}\n{{"event": "next"}}\n')
    node.write_text(f"#!/bin/sh\ncat {lines}\n")
    node.chmod(0o700)
    (tmp_path / "miniflare").mkdir()
    (tmp_path / "miniflare" / "package.json").touch()
    store = Store(tmp_path / "store.db")
    over = asyncio.Event()
    journal = Journal(store, over.set)
    host = Host(node=str(node), modules=tmp_path, root=tmp_path / "workers", journal=journal)

    async def run() -> None:
        task = asyncio.create_task(host.run(events.append, lambda: None))
        await over.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(asyncio.wait_for(run(), 30))
    assert events[-1:] == [{"event": "next"}]
    store.close()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGHUP, "the control call"])
def test_the_log_says_what_ended_it(
    begin: Callable[..., LocalCloud], tmp_path: Path, how: signal.Signals | str
) -> None:
    cloud = begin("--node", str(tmp_path / "nowhere"))
    if isinstance(how, signal.Signals):
        cloud.process.send_signal(how)
        reason = how.name
    else:
        cloud.control.post("/shutdown")
        reason = "a control call asked for it"
    assert cloud.process.wait(30) == 0
    assert f"ended: {reason}\n" in (cloud.home / "localcloud.log").read_text()


@pytest.mark.parametrize("turns", range(4))
def test_who_is_cancelled_while_the_runtime_gets_up_does_not_go_on(
    turns: int, tmp_path: Path
) -> None:
    """A cancellation that is lost there would leave a localcloud that never ends."""

    async def run() -> None:
        store = Store(tmp_path / "store.db")
        journal = Journal(store, lambda: None)
        host = Host(node="node", modules=tmp_path, root=tmp_path, journal=journal)
        waiting = asyncio.create_task(host.call("GET", "/", wait=60, timeout=1))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        host._up.set()
        for _ in range(turns):
            await asyncio.sleep(0)
        is_too_late = waiting.done()
        waiting.cancel()
        await asyncio.wait([waiting])
        store.close()
        assert waiting.cancelled() or (is_too_late and waiting.exception())

    asyncio.run(run())
