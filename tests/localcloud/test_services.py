"""Stand-in services fail as the services of a platform do: with what they need."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.localcloud.running import LocalCloud

SHARES_CLOUD = True
SHOP = [
    {"service": "front", "page": True, "needs": ["api"], "components": {}},
    {
        "service": "api",
        "page": False,
        "needs": ["database", "cache"],
        "components": {"/api/health/db": "database", "/api/health/cache": "cache"},
    },
    {"service": "database", "page": False, "needs": ["disk"], "components": {}},
    {"service": "cache", "page": False, "needs": [], "components": {}},
    {"service": "disk", "page": False, "needs": [], "components": {}},
]


@pytest.fixture(autouse=True)
def shop(cloud: LocalCloud) -> None:
    """All services work."""
    assert cloud.control.put("/services", json=[]).status_code == 200
    assert cloud.control.put("/services", json=SHOP).status_code == 200


def make(cloud: LocalCloud, service: str, state: str, **more: float) -> dict[str, Any]:
    answer = cloud.control.post(f"/services/{service}", json={"state": state, **more})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def status(cloud: LocalCloud, path: str) -> int:
    return cloud.anybody.get(f"/services/{path}").status_code


def test_services_that_work_say_so(cloud: LocalCloud) -> None:
    told = cloud.anybody.get("/services/api/api/health")
    assert told.status_code == 200
    assert told.json()["status"] == "healthy"
    assert {k: v["status"] for k, v in told.json()["components"].items()} == {
        "database": "healthy",
        "cache": "healthy",
    }
    page = cloud.anybody.get("/services/front/")
    assert (page.status_code, page.headers["content-type"].split(";")[0]) == (200, "text/html")


def test_a_broken_service_answers_500_in_plain_text_whatever_is_asked(cloud: LocalCloud) -> None:
    make(cloud, "api", "broken")
    for path in ("api/api/health", "api/api/health/db", "api"):
        told = cloud.anybody.get(f"/services/{path}")
        assert told.status_code == 500
        assert told.headers["content-type"].startswith("text/plain")


def test_whoever_needs_a_broken_service_answers_503(cloud: LocalCloud) -> None:
    make(cloud, "disk", "broken")
    told = cloud.anybody.get("/services/api/api/health")
    assert (told.status_code, told.json()["status"]) == (503, "unhealthy")
    assert told.json()["components"]["database"]["status"] == "unhealthy"
    assert told.json()["components"]["cache"]["status"] == "healthy"
    page = cloud.anybody.get("/services/front/")
    assert (page.status_code, page.headers["content-type"].split(";")[0]) == (503, "text/html")
    assert status(cloud, "cache") == 200


def test_a_path_of_a_component_tells_of_that_one_alone(cloud: LocalCloud) -> None:
    make(cloud, "database", "broken")
    database = cloud.anybody.get("/services/api/api/health/db")
    assert database.status_code == 503
    assert set(database.json()) == {"status", "latencyMs", "details"}
    assert database.json()["status"] == "unhealthy"
    cache = cloud.anybody.get("/services/api/api/health/cache")
    assert (cache.status_code, cache.json()["status"]) == (200, "healthy")


def test_a_mended_service_mends_whoever_needs_it(cloud: LocalCloud) -> None:
    make(cloud, "disk", "broken")
    make(cloud, "disk", "working")
    assert [status(cloud, path) for path in ("disk", "database", "api", "front/")] == [200] * 4


def test_a_slow_service_answers_right_and_late(cloud: LocalCloud) -> None:
    make(cloud, "cache", "slow", delay=0.3)
    began = time.monotonic()
    told = cloud.anybody.get("/services/api/api/health/cache")
    assert time.monotonic() - began >= 0.3
    assert told.status_code == 200
    assert told.json()["latencyMs"] >= 300


def test_the_list_tells_state_health_and_cause(cloud: LocalCloud) -> None:
    assert make(cloud, "disk", "broken")["health"] == "broken"
    told = {one["service"]: one for one in cloud.control.get("/services").json()}
    assert told["front"]["health"] == "unhealthy"
    assert told["front"]["cause"] == ["disk"]
    assert told["front"]["state"] == "working"
    assert told["cache"]["cause"] == []


def test_a_declaration_keeps_the_states_of_those_that_stay(cloud: LocalCloud) -> None:
    make(cloud, "disk", "broken")
    cloud.control.put("/services", json=SHOP[2:])
    assert status(cloud, "disk") == 500


def test_a_service_that_nobody_declared_works_so_that_nobody_is_paged_for_it(
    cloud: LocalCloud,
) -> None:
    cloud.control.put("/services", json=SHOP[2:])
    assert status(cloud, "api") == 200


def test_an_unknown_service_names_those_that_there_are(cloud: LocalCloud) -> None:
    answer = cloud.control.post("/services/disc", json={"state": "broken"})
    assert answer.status_code == 404
    assert "api, cache, database, disk, front" in answer.json()["error"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/services/disk", {"state": "odd"}),
        ("POST", "/services/disk", {"state": "slow"}),
        ("POST", "/services/disk", {}),
        ("PUT", "/services", {}),
        ("PUT", "/services", [{"service": "a", "needs": ["b"]}]),
    ],
)
def test_what_is_no_state_and_no_service_is_refused(
    cloud: LocalCloud, method: str, path: str, body: object
) -> None:
    before = cloud.control.get("/services").json()
    assert cloud.control.request(method, path, json=body).status_code == 400
    assert cloud.control.get("/services").json() == before
