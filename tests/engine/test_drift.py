"""What a refresh notices of changes made in the services, and what it cannot notice."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.engine.services import cloudflare, grafana

if TYPE_CHECKING:
    from tests.engine.workbench import Workbench

QUEUE = """
queue = cloudflare.Queue("queue", account_id=account, queue_name="q", opts=edge)
pulumi.export("id", queue.queue_id)
"""

SCRIPT = """
script = cloudflare.WorkersScript(
    "script", account_id=account, script_name=f"script-{account[:8]}", main_module="main.js",
    content="export default { fetch: () => new Response('one') };\\n",
    compatibility_date="2026-06-01", compatibility_flags=["nodejs_compat"],
    observability=dict(enabled=True, head_sampling_rate=1, logs=dict(
        enabled=True, head_sampling_rate=1, invocation_logs=True, persist=True)),
    opts=edge
)
crons = cloudflare.WorkersCronTrigger(
    "crons", account_id=account, script_name=script.script_name,
    schedules=[dict(cron="1 * * * *")], opts=edge
)
"""


def names(summary: object, operation: str) -> list[str]:
    return [c.name for c in summary.changes if c.operation == operation]  # type: ignore[attr-defined]


def test_what_was_deleted_in_the_service_is_seen_by_a_refresh_alone_and_made_again(
    live: Workbench,
) -> None:
    live.program(QUEUE)
    live.up()
    cloudflare(live, "DELETE", f"/accounts/{{account}}/queues/{live.stack.outputs()['id']}")
    assert live.up().unchanged, "it is not seen before a refresh"
    assert names(live.refresh(), "delete") == ["queue"]
    assert names(live.up(), "create") == ["queue"]
    assert len(cloudflare(live, "GET", "/accounts/{account}/queues")) == 1

    cloudflare(live, "DELETE", f"/accounts/{{account}}/queues/{live.stack.outputs()['id']}")
    assert not live.stack.destroy(lambda _: None).succeeded, "as with the real plugin"
    assert live.stack.destroy(lambda _: None, "--refresh").succeeded
    assert live.resources() == {}


def test_a_changed_setting_is_seen_and_put_right_also_where_it_is_the_plugins_default(
    live: Workbench,
) -> None:
    live.program(
        """
        check = cloudflare.Healthcheck(
            "check", zone_id=zone, name="check", address="www.example.com", type="HTTP",
            check_regions=["WEU"], interval=60,
            http_config=dict(port=80, path="/", method="GET", expected_codes=["200"]), opts=edge
        )
        pulumi.export("id", check.id)
        """
    )
    live.up()
    path = f"/zones/{{zone}}/healthchecks/{live.stack.outputs()['id']}"
    held = cloudflare(live, "GET", path)
    cloudflare(live, "PUT", path, {**held, "interval": 300})
    assert names(live.refresh(), "update") == ["check"]
    assert names(live.up(), "update") == ["check"]
    assert cloudflare(live, "GET", path)["interval"] == 60
    assert live.refresh().unchanged

    cloudflare(live, "PUT", path, {**cloudflare(live, "GET", path), "suspended": True})
    assert names(live.refresh(), "update") == ["check"], "the program does not name it"


def test_changed_schedules_are_not_seen_as_with_the_real_plugin(live: Workbench) -> None:
    live.program(SCRIPT)
    live.up()
    path = f"/accounts/{{account}}/workers/scripts/script-{live.account[:8]}/schedules"
    cloudflare(live, "PUT", path, [{"cron": "30 * * * *"}])
    assert live.refresh().unchanged


def test_what_was_edited_in_grafana_is_seen_and_put_right_and_leaves_one_integration(
    live: Workbench,
) -> None:
    uid, name = f"d-{live.account[:8]}", f"mail-{live.account[:8]}"
    live.program(
        f"""
        board_ = grafana.oss.Dashboard("board", overwrite=True, opts=board,
            config_json=json.dumps({{"uid": "{uid}", "title": "ours", "panels": []}}))
        mail = grafana.alerting.ContactPoint("mail", name="{name}",
            emails=[dict(addresses=["ours@example.org"])], opts=board)
        """
    )
    live.up()
    dashboard = grafana(live, "GET", f"/dashboards/uid/{uid}")["dashboard"]
    body = {"dashboard": {**dashboard, "title": "theirs"}, "overwrite": True}
    grafana(live, "POST", "/dashboards/db", body)
    points = "/v1/provisioning/contact-points"
    held = next(p for p in grafana(live, "GET", points) if p["name"] == name)
    settings = {**held["settings"], "addresses": "theirs@example.org"}
    grafana(live, "PUT", f"{points}/{held['uid']}", {**held, "settings": settings})
    assert sorted(names(live.refresh(), "update")) == ["board", "mail"]
    assert sorted(names(live.up(), "update")) == ["board", "mail"]
    assert grafana(live, "GET", f"/dashboards/uid/{uid}")["dashboard"]["title"] == "ours"
    found = [p for p in grafana(live, "GET", points) if p["name"] == name]
    assert [p["settings"]["addresses"] for p in found] == ["ours@example.org"]


def test_what_the_service_fills_in_by_itself_is_a_change_after_every_refresh(
    live: Workbench,
) -> None:
    live.program(
        """
        check = cloudflare.Healthcheck(
            "check", zone_id=zone, name="check", address="www.example.com", opts=edge
        )
        """
    )
    live.up()
    assert live.up().unchanged
    assert names(live.refresh(), "update") == ["check"]
    assert names(live.up(), "update") == ["check"]
    assert live.up().unchanged


def test_an_object_made_elsewhere_can_be_imported_by_its_id(live: Workbench) -> None:
    made = cloudflare(live, "POST", "/accounts/{account}/queues", {"queue_name": "theirs"})
    identity = f"{live.account}/{made['queue_id']}"
    live.program(
        f"""
        options = pulumi.ResourceOptions(provider=edge.provider, import_={json.dumps(identity)})
        queue = cloudflare.Queue("queue", account_id=account, queue_name="theirs", opts=options)
        """
    )
    assert names(live.up(), "import") == ["queue"]
    assert live.refresh().unchanged
    assert len(cloudflare(live, "GET", "/accounts/{account}/queues")) == 1


def test_a_name_that_is_the_identity_replaces(live: Workbench) -> None:
    live.program('grafana.oss.Folder("folder", uid=f"one-{account[:8]}", title="t", opts=board)')
    live.up()
    # The new one is made before the old one goes, and two of one title cannot lie in one place.
    live.program('grafana.oss.Folder("folder", uid=f"two-{account[:8]}", title="u", opts=board)')
    live.up()
    assert grafana(live, "GET", f"/folders/one-{live.account[:8]}") is None
    assert grafana(live, "GET", f"/folders/two-{live.account[:8]}")["title"] == "u"
