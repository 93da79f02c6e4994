"""Both APIs answer as the services do: shapes, defaults, codes, refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.localcloud.conversations import conversations, replay
from tests.localcloud.running import ACCOUNT, ZONE, refusal

if TYPE_CHECKING:
    from tests.localcloud.running import LocalCloud


SHARES_CLOUD = True


@pytest.mark.parametrize("name", conversations("cloudflare"))
def test_cloudflare_answers_as_recorded(cloud: LocalCloud, name: str) -> None:
    replay(
        cloud.cloudflare,
        "cloudflare",
        name,
        account=f"/accounts/{ACCOUNT}",
        zone=f"/zones/{ZONE}",
        unknown="0" * 32,
    )


@pytest.mark.parametrize("name", conversations("grafana"))
def test_grafana_answers_as_recorded(cloud: LocalCloud, name: str) -> None:
    replay(cloud.grafana, "grafana", name, provisioning="/api/v1/provisioning")


def test_grafana_refuses_whoever_has_no_token_except_for_its_health(cloud: LocalCloud) -> None:
    assert cloud.anybody.get("/grafana/api/folders").status_code == 401
    assert cloud.anybody.get("/grafana/api/health").json()["database"] == "ok"


def test_a_link_to_a_dashboard_shows_its_panels_to_a_person_and_runs_nothing_of_it(
    cloud: LocalCloud,
) -> None:
    model = {
        "uid": "shown",
        "title": "Shown <b>here</b>",
        "panels": [{"title": "Latency", "type": "stat", "targets": [{"expr": "rate(x[5m]) > 1"}]}],
    }
    cloud.grafana.post("/api/dashboards/db", json={"dashboard": model}).raise_for_status()
    page = cloud.anybody.get("/grafana/d/shown/any-slug")
    assert page.status_code == 200
    assert "Shown &lt;b&gt;here&lt;/b&gt;" in page.text
    assert "rate(x[5m]) &gt; 1" in page.text
    assert cloud.anybody.get("/grafana/d/unheard").status_code == 404


def test_grafana_takes_basic_authentication_too(cloud: LocalCloud) -> None:
    answer = cloud.anybody.get("/grafana/api/folders", auth=("admin", "admin"))
    assert answer.status_code == 200


def test_what_is_not_there_is_refused_in_the_envelope(cloud: LocalCloud) -> None:
    assert refusal(cloud.cloudflare.get(f"/accounts/{ACCOUNT}/unheard/of")) == (404, 7003)
    assert refusal(cloud.cloudflare.delete(f"/accounts/{ACCOUNT}/queues")) == (405, 10405)


def test_a_body_that_is_not_json_is_refused(cloud: LocalCloud) -> None:
    answer = cloud.cloudflare.post(f"/accounts/{ACCOUNT}/queues", content=b"{")
    assert answer.status_code == 400
    assert "not JSON" in answer.json()["errors"][0]["message"]
    assert cloud.grafana.post("/api/folders", content=b"[]").status_code == 400
