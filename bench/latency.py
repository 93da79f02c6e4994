"""From the moment a service dies to the first message in the inbox, over 20 failures.

The stack stands on this machine in a home of its own. A service dies at a moment drawn evenly from
the minute; the wait for the next tick is that draw, and everything after the tick is measured:
probes, confirmations, the verdict, the incident, the outbox, the delivery.
"""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.table import table
from engine.localcloud import Client, running
from engine.paths import Home

ROOT = Path(__file__).resolve().parent.parent
FAILURES = 20
INTERVAL = 60
APART = 16 * 60
"""Seconds between two failures: the platform's cool-down, in which the same is not said again, and
a minute."""
PATIENCE = 60
SEED = 20261121


def measure() -> str:
    """Bring a stack up, break it 20 times, take it down, and return the table."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder, "home")
        _share_tools(home)
        _belfry(home, "up")
        try:
            waits, delays = _failures(home)
        finally:
            _belfry(home, "down")
    totals = [wait + delay for wait, delay in zip(waits, delays, strict=True)]
    rows = [
        ["wait for the tick (drawn)", _seconds(statistics.median(waits)), _seconds(max(waits))],
        ["tick → message (measured)", _seconds(statistics.median(delays)), _seconds(max(delays))],
        ["death → message", _seconds(statistics.median(totals)), _seconds(max(totals))],
    ]
    return table(
        f"Failure to first message, {FAILURES} failures of the database of pitchey",
        ["part", "median", "worst"],
        rows,
        "The arithmetic least is interval + confirmations × time-out = 60 + 2 × 10 = 80 s for a "
        "service that never answers; one that answers with an error fails its confirmations at "
        f"once. Draws from seed {SEED}.",
    )


def _failures(home: Path) -> tuple[list[float], list[float]]:
    draw = random.Random(SEED)  # noqa: S311 -- a bench's draw, not a secret
    discovery = running(Home(path=home))
    assert discovery is not None  # noqa: S101 -- `up` has just succeeded
    client = Client(discovery)
    client.pause_crons(paused=True)
    at = (int(time.time()) // 60 + 1) * 60
    waits, delays = [], []
    for _ in range(FAILURES):
        client.empty_inbox()
        client.set_service("database", "broken")
        waits.append(draw.uniform(0, INTERVAL))
        at += 60
        started = time.perf_counter()
        client.tick(at=at * 1000)
        _until_a_message(client, "opened")
        delays.append(time.perf_counter() - started)
        client.set_service("database", "working")
        for _ in range(3):
            at += 60
            client.tick(at=at * 1000)
        _until_a_message(client, "recovered")
        at += APART
    return waits, delays


def _until_a_message(client: Client, kind: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if any(message["kind"] == kind for message in client.inbox()):
            return
        time.sleep(0.02)
    message = f"no message of kind {kind} within {PATIENCE} s"
    raise TimeoutError(message)


def _share_tools(home: Path) -> None:
    home.mkdir()
    for name in ("bin", "tools", "venv"):
        there = ROOT / ".belfry" / name
        if there.exists():
            (home / name).symlink_to(there)


def _belfry(home: Path, *arguments: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "cli", *arguments],
        cwd=ROOT,
        env={**os.environ, "BELFRY_HOME": str(home)},
        check=True,
        capture_output=True,
    )


def _seconds(value: float) -> str:
    return f"{value:.1f} s"
