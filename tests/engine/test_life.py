"""The life of every type under the real engine: made, unchanged, changed, gone; secrets sealed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.pulumi import Summary
    from tests.engine.workbench import Workbench

ALL_TYPES = """
ids = settings.require("account")[:8]
kv = cloudflare.WorkersKvNamespace("kv", account_id=account, title="{word}", opts=edge)
value = cloudflare.WorkersKv(
    "value", account_id=account, namespace_id=kv.id, key_name="a/key", value="{word}", opts=edge
)
bucket = cloudflare.R2Bucket(
    "bucket", account_id=account, name=f"bucket-{{ids}}", storage_class="{storage}", opts=edge
)
lifecycle = cloudflare.R2BucketLifecycle(
    "lifecycle", account_id=account, bucket_name=bucket.name,
    rules=[dict(id="old", enabled=True, conditions=dict(prefix="{word}/"),
           delete_objects_transition=dict(condition=dict(type="Age", max_age=86400)))], opts=edge
)
queue = cloudflare.Queue(
    "queue", account_id=account, queue_name=f"queue-{{ids}}",
    settings=dict(delivery_delay=0, message_retention_period={number}00), opts=edge
)
check = cloudflare.Healthcheck(
    "check", zone_id=zone, name="check", description="{word}", address="www.example.com",
    type="HTTPS", check_regions=["WEU", "ENAM"],
    http_config=dict(port=443, path="/health", method="GET", expected_codes=["200"]), opts=edge
)
destination = cloudflare.NotificationPolicyWebhooks(
    "destination", account_id=account, name="destination", url=f"{{url}}/{word}",
    secret="a-word-{word}", opts=edge
)
policy = cloudflare.NotificationPolicy(
    "policy", account_id=account, name="{word}", description="", enabled=True,
    alert_type="health_check_status_notification",
    filters=dict(health_check_ids=[check.id], statuses=["Unhealthy"]),
    mechanisms=dict(webhooks=[dict(id=destination.id)]), opts=edge
)
script = cloudflare.WorkersScript(
    "script", account_id=account, script_name=f"script-{{ids}}", main_module="main.js",
    content="export default {{ fetch: () => new Response('{word}'), queue() {{}} }};\\n",
    compatibility_date="2026-06-01", compatibility_flags=["nodejs_compat"],
    observability=dict(enabled=True, head_sampling_rate=1, logs=dict(
        enabled=True, head_sampling_rate=1, invocation_logs=True, persist=True)),
    bindings=[
        dict(name="CONFIG", type="kv_namespace", namespace_id=kv.id),
        dict(name="ARCHIVE", type="r2_bucket", bucket_name=bucket.name),
        dict(name="WORD", type="plain_text", text="word-in-plain-{word}"),
        dict(name="TOKEN", type="secret_text", text="word-in-secret-{word}"),
    ], opts=edge
)
crons = cloudflare.WorkersCronTrigger(
    "crons", account_id=account, script_name=script.script_name,
    schedules=[dict(cron="{number} * * * *")], opts=edge
)
subdomain = cloudflare.WorkersScriptSubdomain(
    "subdomain", account_id=account, script_name=script.script_name, enabled={flag},
    previews_enabled=False, opts=edge
)
consumer = cloudflare.QueueConsumer(
    "consumer", account_id=account, queue_id=queue.queue_id, type="worker",
    script_name=script.script_name,
    settings=dict(batch_size={number}, max_retries=3, max_wait_time_ms=1000), opts=edge
)
folder = grafana.oss.Folder("folder", uid=f"folder-{{ids}}", title="{word}", opts=board)
source = grafana.oss.DataSource(
    "source", uid=f"source-{{ids}}", name=f"source {{ids}}", type="prometheus",
    url="http://127.0.0.1:9090/{word}", json_data_encoded=json.dumps({{"timeInterval": "15s"}}),
    opts=board
)
dashboard = grafana.oss.Dashboard(
    "dashboard", folder=folder.uid, overwrite=True, config_json=json.dumps(
        {{"uid": f"dashboard-{{ids}}", "title": "{word}", "panels": []}}), opts=board
)
slack = grafana.alerting.ContactPoint(
    "slack", name=f"slack-{{ids}}",
    slacks=[dict(url=pulumi.Output.secret("http://127.0.0.1/hook-{word}"), title="t")], opts=board
)
pager = grafana.alerting.ContactPoint(
    "pager", name=f"pager-{{ids}}",
    pagerduties=[dict(integration_key=pulumi.Output.secret("key-{word}"), severity="critical")],
    opts=board
)
mail = grafana.alerting.ContactPoint(
    "mail", name=f"mail-{{ids}}", emails=[dict(addresses=["{word}@example.org"])], opts=board
)
hook = grafana.alerting.ContactPoint(
    "hook", name=f"hook-{{ids}}",
    webhooks=[dict(url="http://127.0.0.1/{word}", http_method="POST",
              authorization_scheme="Bearer", authorization_credentials="credential-{word}")],
    opts=board
)
def query(ref, source, **model):
    return dict(ref_id=ref, datasource_uid=source, relative_time_range={{"from": 600, "to": 0}},
                model=json.dumps(dict(model, refId=ref)))
rules = grafana.alerting.RuleGroup(
    "rules", name=f"rules-{{ids}}", folder_uid=folder.uid, interval_seconds=60,
    rules=[dict(name="down", uid=f"rule-{{ids}}", condition="B", for_="2m",
        no_data_state="NoData", exec_err_state="Error", labels=dict(severity="P0"),
        annotations=dict(summary="{word}"),
        datas=[query("A", source.uid, expr="up", instant=True),
               query("B", "__expr__", type="threshold", expression="A", conditions=[
                   {{"evaluator": {{"type": "lt", "params": [1]}}}}])],
        notification_settings=dict(contact_point=hook.name))], opts=board
)
"""

NAMES = {
    *("kv", "value", "bucket", "lifecycle", "queue", "check", "destination", "policy", "script"),
    *("crons", "subdomain", "consumer", "folder", "source", "dashboard", "slack", "pager", "mail"),
    *("hook", "rules"),
}
FIRST: dict[str, Any] = {
    "word": "first",
    "number": 10,
    "flag": True,
    "storage": "Standard",
}
SECOND: dict[str, Any] = {
    "word": "second",
    "number": 20,
    "flag": False,
    "storage": "InfrequentAccess",
}

SECRETS = (
    "a-word-{word}",
    "word-in-plain-{word}",
    "word-in-secret-{word}",
    "hook-{word}",
    "key-{word}",
    "credential-{word}",
)


def changed(summary: Summary, operation: str) -> set[str]:
    return {c.name for c in summary.changes if c.operation == operation} & NAMES


def test_every_type_lives_its_life_and_no_secret_lies_in_the_state(live: Workbench) -> None:
    live.program(ALL_TYPES.format(**FIRST))
    assert changed(live.up(), "create") == NAMES
    assert live.up().unchanged
    assert live.refresh().unchanged

    live.program(ALL_TYPES.format(**SECOND))
    updated = live.up()
    assert changed(updated, "update") == NAMES
    assert set(updated.counts) == {"same", "update"}
    assert live.up().unchanged
    assert live.refresh().unchanged

    held = live.state_files()
    assert "export default" in held
    for settings in (FIRST, SECOND):
        for secret in SECRETS:
            assert secret.format(**settings) not in held, secret
            assert secret.format(**settings) not in live.output(), secret

    live.destroy()
    assert live.resources() == {}
