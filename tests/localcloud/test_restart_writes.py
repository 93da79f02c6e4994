"""Killed in the middle of writes: what was acknowledged is there whole, the rest whole or not."""

from __future__ import annotations

import random
import threading
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.localcloud.running import ACCOUNT, TOKEN, ZONE, LocalCloud, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ROUNDS = 5
WRITERS = 4
CHECKS = f"/client/v4/zones/{ZONE}/healthchecks"
QUEUES = f"/client/v4/accounts/{ACCOUNT}/queues"
DASHBOARDS = "/grafana/api/dashboards"
SOURCES = "/grafana/api/datasources"


class Writer:
    """Writes until its localcloud is gone, and remembers what was acknowledged."""

    def __init__(self, url: str, name: str) -> None:
        self.name = name
        self.url = url
        self.acknowledged: dict[str, Any] = {}
        """Address and what stands there."""
        self.under_way: tuple[str, Any] | None = None

    def run(self) -> None:
        """Make, change and delete one thing after the other."""
        headers = {"authorization": f"Bearer {TOKEN}"}
        with httpx.Client(base_url=self.url, headers=headers, timeout=30, trust_env=False) as http:
            for number in range(100_000):
                try:
                    self._write(http, number)
                except httpx.HTTPError:
                    return

    def _write(self, http: httpx.Client, number: int) -> None:
        name = f"{self.name}-{number}"
        # Long enough to be written in many pieces.
        text = f"{name} " * 2_000
        uid = f"{DASHBOARDS}/uid/{name}"
        self.under_way = (uid, text)
        model = {"uid": name, "title": name, "description": text}
        http.post(f"{DASHBOARDS}/db", json={"dashboard": model}).raise_for_status()
        self.acknowledged[uid] = text
        made = http.post(QUEUES, json={"queue_name": name}).raise_for_status().json()["result"]
        queue = f"{QUEUES}/{made['queue_id']}"
        self.acknowledged[queue] = name
        self.under_way = (queue, f"{name}-again")
        http.put(queue, json={"queue_name": f"{name}-again"}).raise_for_status()
        self.acknowledged[queue] = f"{name}-again"
        if number % 3 == 0:
            self.under_way = (queue, None)
            http.delete(queue).raise_for_status()
            self.acknowledged[queue] = None
        self.under_way = None


def told(cloud: LocalCloud, address: str) -> Any:
    """Return what stands at an address, in the writer's words."""
    answer = cloud.anybody.get(address, headers={"authorization": f"Bearer {TOKEN}"})
    if answer.status_code == 404:
        return None
    assert answer.status_code == 200, answer.text
    held = answer.json()
    if address.startswith(QUEUES):
        return held["result"]["queue_name"]
    return held["dashboard"]["description"]


def test_a_kill_in_the_middle_of_writes_loses_and_halves_nothing(
    begin: Callable[..., LocalCloud], tmp_path: Path
) -> None:
    chance = random.Random(5)
    cloud = begin("--node", str(tmp_path / "nowhere"))
    for number in range(ROUNDS):
        writers = [Writer(cloud.url, f"r{number}w{writer}") for writer in range(WRITERS)]
        threads = [threading.Thread(target=writer.run) for writer in writers]
        for thread in threads:
            thread.start()
        enough = chance.randrange(20, 80)
        wait_for(
            lambda: sum(len(writer.acknowledged) for writer in writers) >= enough,  # noqa: B023
            "the writers have written",
        )
        cloud.kill()
        for thread in threads:
            thread.join()
        cloud = begin("--node", str(tmp_path / "nowhere"))
        for writer in writers:
            pending, wanted = writer.under_way or (None, None)
            for address, text in writer.acknowledged.items():
                found = told(cloud, address)
                assert found == text or (address == pending and found == wanted), address
            if pending is not None and pending not in writer.acknowledged:
                assert told(cloud, pending) in (None, wanted)


@pytest.mark.parametrize("kept", [10, 1_000])
def test_a_file_that_was_cut_off_is_set_aside_and_a_new_one_begun(
    begin: Callable[..., LocalCloud], tmp_path: Path, kept: int
) -> None:
    first = begin("--node", str(tmp_path / "nowhere"))
    first.cloudflare.post(f"/accounts/{ACCOUNT}/queues", json={"queue_name": "q"})
    first.stop()
    file = first.home / "localcloud.db"
    file.write_bytes(file.read_bytes()[:kept])
    second = begin("--node", str(tmp_path / "nowhere"))
    assert second.cloudflare.get(f"/accounts/{ACCOUNT}/queues").json()["result"] == []
    assert (first.home / "localcloud.db.damaged").exists()
