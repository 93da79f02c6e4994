"""The project's own stack `local`: killed on its way up and down, and whole afterwards."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from engine import localcloud
from engine.operations import open_session
from engine.paths import ROOT, Home
from tests.engine.workbench import ANY_PORT, lay_out

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from engine.operations import Session

PATIENCE = 300
"""Seconds; nothing here comes near it on a machine with nothing else to do."""
NOT_LISTED = (
    *("pulumi:", "belfry:"),  # the stack, providers, stashes, components
    "cloudflare:index/workersKv:",  # a value, and no object of its own
    "cloudflare:index/workersCronTrigger:",  # listed cron by cron
)
"""Types whose resources are not, one by one, what localcloud lists."""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    laid_out = lay_out(Home(path=tmp_path / "home", root=ROOT))
    yield laid_out
    localcloud.stop(laid_out, lambda _: None)


def session(home: Home) -> Session:
    opened = open_session(home, "local", lambda _: None, port=ANY_PORT)
    assert opened.client is not None
    opened.client.pause_crons(paused=True)
    return opened


def kill_in_the_middle(home: Home, operation: str, *, kind: str) -> None:
    """Run an operation and kill Pulumi as soon as its state says that it is at work on a type."""
    opened = session(home)
    running = subprocess.Popen(
        [home.bin / "pulumi", operation, "--yes", "--skip-preview", "-s", "local"],
        cwd=ROOT,
        env=opened.stack.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + PATIENCE
    while kind not in under_way(opened.stack.checkpoint):
        assert running.poll() is None, f"{operation} ended before it came to {kind}"
        assert time.monotonic() < deadline
        time.sleep(0.005)
    os.kill(running.pid, signal.SIGKILL)
    running.wait()


def under_way(checkpoint: Path) -> list[str]:
    if not checkpoint.is_file():
        return []
    latest = json.loads(checkpoint.read_text(encoding="utf-8"))["checkpoint"]["latest"] or {}
    return [operation["resource"]["type"] for operation in latest.get("pending_operations", [])]


def recorded(opened: Session) -> Counter[str]:
    deployment: Any = opened.stack.export()["deployment"]
    return Counter(
        resource["type"]
        for resource in deployment.get("resources", [])
        if not resource["type"].startswith(NOT_LISTED)
    )


def held(opened: Session) -> Counter[str]:
    """What localcloud holds, by Pulumi's type."""
    assert opened.client is not None
    objects: Any = opened.client.objects()
    return Counter(
        {
            entry["type"]: entry["count"]
            for entry in objects
            if not entry["type"].startswith(NOT_LISTED)
        }
    )


def verify_whole(home: Home) -> None:
    opened = session(home)
    summary = opened.up(lambda _: None)
    assert summary.succeeded, summary.errors
    assert recorded(opened) == held(opened)
    assert opened.up(lambda _: None).unchanged
    assert opened.refresh(lambda _: None).unchanged


@pytest.mark.parametrize(
    "kind",
    [
        "cloudflare:index/workersKvNamespace:WorkersKvNamespace",
        "cloudflare:index/workersScript:WorkersScript",
        "grafana:alerting/ruleGroup:RuleGroup",
    ],
)
def test_killed_on_the_way_up_the_next_up_stands_whole(home: Home, kind: str) -> None:
    kill_in_the_middle(home, "up", kind=kind)
    verify_whole(home)


def test_killed_on_the_way_down_the_next_up_stands_whole_and_the_next_down_leaves_nothing(
    home: Home,
) -> None:
    assert session(home).up(lambda _: None).succeeded
    kill_in_the_middle(home, "destroy", kind="cloudflare:index/queue:Queue")
    verify_whole(home)

    kill_in_the_middle(home, "destroy", kind="cloudflare:index/workersScript:WorkersScript")
    opened = session(home)
    summary = opened.destroy(lambda _: None)
    assert summary.succeeded, summary.errors
    assert recorded(opened) == Counter()
    assert held(opened) == Counter()
