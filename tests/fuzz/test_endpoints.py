"""No request, however odd, breaks localcloud or what it keeps.

Ten thousand requests, each made from a recorded one for a route that the application itself names,
so that a new endpoint is met without being listed here. The seeds are fixed: a failure names its
request, and comes again.
"""

from __future__ import annotations

import asyncio
import gc
import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from localcloud.orphans import TYPES
from tests.fuzz import recorded
from tests.fuzz.fuzzer import AUTHORIZATION, NAMES, Fuzzer, no_number
from tests.localcloud.in_process import Process

if TYPE_CHECKING:
    from collections.abc import Mapping

REQUESTS = 5_000
SEEDS = range(2)
MEGABYTE = 2**20
GROWTH = 200 * MEGABYTE
ASKED: Mapping[str, bytes] = {"/grafana/api/users/lookup": b"loginOrEmail=admin"}
"""What a list has to be asked for to tell anything."""
PAGES_OF_ITS_OWN = "/grafana/d/"


def fuzzing(process: Process, seed: int) -> Fuzzer:
    """Return a fuzzer of both APIs."""
    routes = [one for one in process.routes() if not one[1].startswith(PAGES_OF_ITS_OWN)]
    return Fuzzer(process, seed, routes=routes, known=recorded.requests())


def resident() -> int:
    """Return how much memory the process has, in bytes."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def consistent(path: Path) -> None:
    """See that the file of the store is whole and everything in it can be read."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        for kind, identifier, body, hidden in connection.execute(
            "SELECT kind, id, body, hidden FROM objects"
        ):
            for text in (body, hidden):
                held = json.loads(text, parse_constant=no_number)
                assert isinstance(held, dict), (kind, identifier)


async def readable(process: Process, fuzzer: Fuzzer) -> int:
    """See that every list is told, and everything in it by its own address; return how much."""
    reads = [path for method, path in fuzzer.routes if method == "GET"]
    count = 0
    for path in reads:
        if set(re.findall(r"\{(\w+)", path)) - {"scope"}:
            continue
        target = fuzzer.filled(path, odd=False)
        query = ASKED.get(path, b"")
        answer = await process.send("GET", target, query=query, headers=AUTHORIZATION)
        assert answer.status == 200, (path, answer.status, answer.body[:300])
        json.loads(answer.body, parse_constant=no_number)
        members = [one for one in reads if re.fullmatch(re.escape(path) + r"/\{\w+\}", one)]
        for member in members:
            for one in _listed(answer.told):
                await _one_readable(process, fuzzer.filled(path, odd=False), one, member)
                count += 1
    return count


def _listed(told: Any) -> list[Mapping[str, Any]]:
    result = told.get("result", told) if isinstance(told, dict) else told
    while isinstance(result, dict):
        lists = [value for value in result.values() if isinstance(value, list)]
        result = lists[0] if lists else []
    return [one for one in result or [] if isinstance(one, dict)]


async def _one_readable(process: Process, base: str, one: Mapping[str, Any], member: str) -> None:
    told: list[tuple[str, int, bytes]] = []
    for name in NAMES:
        if one.get(name) in (None, ""):
            continue
        target = f"{base}/{quote(str(one[name]), safe='')}"
        answer = await process.send("GET", target, headers=AUTHORIZATION)
        if answer.status == 200:
            return
        told.append((target, answer.status, answer.body[:200]))
    raise AssertionError(f"{member} tells nothing of {one!s:.300}: {told}")


@pytest.mark.parametrize("seed", SEEDS)
def test_odd_requests_reach_what_they_are_meant_for_and_break_nothing(
    seed: int, tmp_path: Path
) -> None:
    process = Process(tmp_path / "objects.db")
    fuzzer = fuzzing(process, seed)
    before = resident()
    asyncio.run(fuzzer.run(REQUESTS))
    # Memory that a few big requests took may stay with the process; what grows with each may not.
    assert resident() - before < GROWTH
    told = [
        f"{count} × {kind}\n    {fuzzer.examples[kind]}"
        for kind, count in fuzzer.troubles.most_common()
    ]
    assert not told, "\n".join(told)
    done = sum(count for status, count in fuzzer.statuses.items() if status < 300)
    assert done > REQUESTS / 10, fuzzer.statuses
    kinds = {kind for kind, _, _ in process.store.kinds()}
    assert len(kinds & set(TYPES.values())) > len(set(TYPES.values())) / 2, kinds
    assert asyncio.run(readable(process, fuzzer)) > 0
    process.store.close()
    consistent(tmp_path / "objects.db")
