"""Time travel: crons run at the minute that is asked for, or through a range of minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.localcloud.running import ACCOUNT, result

if TYPE_CHECKING:
    from tests.localcloud.running import LocalCloud

DAY = "2026-11-21T"


@pytest.fixture(scope="module", autouse=True)
def _diary(cloud: LocalCloud) -> None:
    """A Worker that writes down when it was told to run."""
    code = """export default { async scheduled({ cron, scheduledTime }, { KV }) {
      const day = JSON.parse((await KV.get("diary")) ?? "[]");
      day.push(`${new Date(scheduledTime).toISOString()} ${cron}`);
      await KV.put("diary", JSON.stringify(day));
    } }"""
    kv = {"name": "KV", "type": "kv_namespace", "namespace_id": cloud.namespace("diary")}
    result(cloud.upload("diary", code, [kv]))
    cloud.schedule("diary", "*/2 * * * *", "3 3 * * *")


def written(cloud: LocalCloud) -> list[str]:
    """Return what the diary holds, and empty it."""
    namespaces = cloud.cloudflare.get(f"/accounts/{ACCOUNT}/storage/kv/namespaces").json()["result"]
    shelf = next(one["id"] for one in namespaces if one["title"] == "diary")
    path = f"/accounts/{ACCOUNT}/storage/kv/namespaces/{shelf}/values/diary"
    answer = cloud.cloudflare.get(path)
    cloud.cloudflare.delete(path)
    lines: list[str] = answer.json() if answer.status_code == 200 else []
    return lines


def test_each_minute_of_a_range_is_run_in_order(cloud: LocalCloud) -> None:
    runs = cloud.tick(at=f"{DAY}03:01:30Z", until=f"{DAY}03:04:00Z")
    assert [run["ok"] for run in runs] == [True] * 3
    assert written(cloud) == [
        f"{DAY}03:02:00.000Z */2 * * * *",
        f"{DAY}03:03:00.000Z 3 3 * * *",
        f"{DAY}03:04:00.000Z */2 * * * *",
    ]


def test_in_a_range_one_expression_runs_only_where_it_is_due(cloud: LocalCloud) -> None:
    runs = cloud.tick(at=f"{DAY}03:00:00Z", until=f"{DAY}03:09:00Z", cron="3 3 * * *")
    assert [run["cron"] for run in runs] == ["3 3 * * *"]
    assert written(cloud) == [f"{DAY}03:03:00.000Z 3 3 * * *"]


def test_a_minute_may_be_told_with_another_zone(cloud: LocalCloud) -> None:
    cloud.tick(at=f"{DAY}05:03:00+02:00")
    assert written(cloud) == [f"{DAY}03:03:00.000Z 3 3 * * *"]


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"at": f"{DAY}03:00:00Z", "until": f"{DAY}02:59:00Z"}, "until"),
        ({"at": f"{DAY}03:00:00Z", "until": "2026-11-22T03:00:00Z"}, "1439"),
        ({"at": f"{DAY}03:00:00"}, "time zone"),
        ({"at": "tea time"}, "point in time"),
        ({"at": 1e30}, "point in time"),
    ],
)
def test_a_time_that_makes_no_sense_is_refused(
    cloud: LocalCloud, how: dict[str, object], said: str
) -> None:
    answer = cloud.control.post("/tick", json=how)
    assert answer.status_code == 400
    assert said in answer.json()["error"]
