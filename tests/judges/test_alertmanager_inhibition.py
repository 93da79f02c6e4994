"""What keeps an alert from being said, judged by Alertmanager itself."""

from __future__ import annotations

import random
import re
import subprocess
import time
from threading import Thread
from typing import TYPE_CHECKING

import httpx
import pytest
import yaml

from belfry.alertmanager import render_alertmanager
from belfry.routes import alert_labels, routes_of
from belfry.routes.answers import silencing
from tests.judges.paged import catalogue, modelled, paged_by_prometheus, shipped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


class Running:
    """An Alertmanager on this machine that can tell nobody, for its receivers are empty."""

    def __init__(self, binary: Path, text: str, folder: Path) -> None:
        config = yaml.safe_load(text)
        del config["templates"]
        config["receivers"] = [{"name": one["name"]} for one in config["receivers"]]
        (folder / "config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
        self.process = subprocess.Popen(
            [
                binary,
                f"--config.file={folder / 'config.yml'}",
                f"--storage.path={folder / 'data'}",
                "--web.listen-address=127.0.0.1:0",
                "--cluster.listen-address=",
            ],
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stderr is not None
        for line in self.process.stderr:
            if heard := re.search(r'msg="Listening on" address=(\S+)', line):
                self.client = httpx.Client(base_url=f"http://{heard[1]}/api/v2", timeout=10)
                self.reader = Thread(target=self.process.stderr.read, daemon=True)
                self.reader.start()
                return
        pytest.fail("Alertmanager ended before it listened")

    def tell(self, alerts: Sequence[Mapping[str, str]]) -> None:
        body = [{"labels": labels, "annotations": {}} for labels in alerts]
        assert self.client.post("/alerts", json=body).status_code == 200

    def states(self) -> list[tuple[dict[str, str], bool, list[str]]]:
        """Give every alert's labels, whether it is inhibited, and its receivers."""
        return [
            (
                one["labels"],
                bool(one["status"]["inhibitedBy"]),
                [r["name"] for r in one["receivers"]],
            )
            for one in self.client.get("/alerts").json()
        ]

    def stop(self) -> None:
        self.client.close()
        self.process.terminate()
        self.process.wait(timeout=20)
        self.reader.join(timeout=20)
        assert self.process.stderr is not None
        self.process.stderr.close()


def key(labels: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(labels.items()))


@pytest.mark.parametrize("name", ["pitchey", "boulder-fest", "marketplace"])
def test_alertmanager_inhibits_what_the_model_says(
    name: str, alertmanager: Path, tmp_path: Path
) -> None:
    platform = paged_by_prometheus(shipped(name, "prod"))
    routes = routes_of(platform, "prod")
    chance = random.Random(name)
    possible = alert_labels(platform, "prod", catalogue())
    worst, next_worst = list(routes.severities.items())[:2]
    sign = {"platform": platform.platform, "environment": "prod", "service": "sign"}
    # Alertmanager reads alerts in their order: once the last is heeded, all of them are.
    last, heeded = ({**sign, "severity": one, "rank": str(r)} for one, r in (worst, next_worst))
    inhibited = 0
    for turn in range(4):
        firing = chance.sample(possible, k=min(len(possible), 4 + 8 * turn))
        firing += [
            {**one, "trouble": chance.choice(("down", "degraded", "ahead")), "team": "made-up"}
            for one in chance.sample(possible, k=min(len(possible), 4))
        ]
        folder = tmp_path / str(turn)
        folder.mkdir()
        text = render_alertmanager(platform, "prod")["alertmanager.yml"]
        running = Running(alertmanager, text, folder)
        try:
            running.tell([heeded, *firing, last])
            until = time.monotonic() + 20
            states = running.states()
            while (heeded, True) not in [(labels, is_) for labels, is_, _ in states]:
                assert time.monotonic() < until
                states = running.states()
            # An answer is not of one moment: what was read before that is asked anew.
            states = running.states()
        finally:
            running.stop()
        told = {key(labels): (is_, names) for labels, is_, names in states}
        for one in firing:
            others = [other for other in firing if other is not one]
            silenced = any(silencing(routes, other, one) is not None for other in others)
            assert told[key(one)] == (silenced, modelled(routes, one)), one
            inhibited += silenced
    assert inhibited
