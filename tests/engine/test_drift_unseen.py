"""What `belfry drift` sees that no refresh does, and that it puts right what `up` would leave."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from engine.drift.examining import examine
from engine.drift.mending import mend
from engine.operations import Session
from tests.engine.services import clear_away, cloudflare, grafana
from tests.engine.workbench import open_workbench

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.drift.examining import Examination
    from engine.localcloud import Client
    from tests.engine.workbench import Workbench

CODE = "export default { fetch: () => new Response('one') };"
VALUE = "a-value-that-nobody-may-see"
TREE = "/v1/provisioning/policies"

PROGRAM = f"""
kv = cloudflare.WorkersKvNamespace("kv", account_id=account, title="kv", opts=edge)
bucket = cloudflare.R2Bucket("bucket", account_id=account, name=f"b-{{account[:8]}}",
    storage_class="Standard", opts=edge)
cloudflare.R2BucketLifecycle("lifecycle", account_id=account, bucket_name=bucket.name, opts=edge,
    rules=[dict(id="old", enabled=True, conditions=dict(prefix="a/"),
        delete_objects_transition=dict(condition=dict(type="Age", max_age=86400)))])
cloudflare.R2BucketLock("lock", account_id=account, bucket_name=bucket.name, opts=edge, rules=[
    dict(id="keep", enabled=True, condition=dict(type="Age", max_age_seconds=60))])
grafana.alerting.NotificationPolicy("tree", contact_point="grafana-default-email", opts=board,
    group_bies=["alertname"], policies=[dict(contact_point="grafana-default-email",
        matchers=[dict(label="team", match="=", value="ours")])])
script = cloudflare.WorkersScript(
    "script", account_id=account, script_name=f"script-{{account[:8]}}", main_module="main.js",
    content={CODE!r}, compatibility_date="2026-06-01", compatibility_flags=["nodejs_compat"],
    bindings=[
        dict(name="KV", type="kv_namespace", namespace_id=kv.id),
        dict(name="PLAIN", type="plain_text", text="as we want it"),
        dict(name="HUSHED", type="plain_text", text=pulumi.Output.secret("hush-" + {VALUE!r})),
        dict(name="KEY", type="secret_text", text=pulumi.Output.secret({VALUE!r})),
    ],
    observability=dict(enabled=True, head_sampling_rate=1, logs=dict(
        enabled=True, head_sampling_rate=1, invocation_logs=True, persist=True)),
    opts=edge)
cloudflare.WorkersCronTrigger("crons", account_id=account, script_name=script.script_name,
    schedules=[dict(cron="1 * * * *"), dict(cron="2 * * * *")], opts=edge)
grafana.oss.DataSource("source", uid=f"ds-{{account[:8]}}", name=f"ds-{{account[:8]}}", type="loki",
    url="http://127.0.0.1:9/", json_data_encoded="{{}}", opts=board,
    secure_json_data_encoded=pulumi.Output.secret(json.dumps(dict(httpHeaderValue1={VALUE!r}))))
cloudflare.Healthcheck("check", zone_id=zone, name="check", address="www.example.com", opts=edge)
queue = cloudflare.Queue("queue", account_id=account, queue_name="q", opts=edge)
pulumi.export("queue", queue.queue_id)
"""


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory, cloud: Client) -> Iterator[Workbench]:
    """A stack of it all, which every test leaves as it was."""
    bench = open_workbench(tmp_path_factory.mktemp("standing"), cloud.discovery.url)
    bench.program(PROGRAM)
    bench.up()
    yield bench
    clear_away(bench)


def examined(live: Workbench, cloud: Client) -> Examination:
    return examine(session(live, cloud), lambda _: None)


def session(live: Workbench, cloud: Client) -> Session:
    return Session(stack=live.stack, client=cloud, timings=())


def told(examination: Examination) -> dict[str, tuple[str | None, str | None, str]]:
    return {
        f"{one.subject.name} {one.property}": (one.was, one.now, one.seen.value)
        for one in examination.found.differences
    }


def script(live: Workbench) -> str:
    return f"/accounts/{{account}}/workers/scripts/script-{live.account[:8]}"


def upload(live: Workbench, bindings: list[dict[str, str]]) -> None:
    """Upload the same code with other bindings, as wrangler or the dashboard would."""
    metadata = {
        "main_module": "main.js",
        "bindings": bindings,
        "compatibility_date": "2026-06-01",
        "compatibility_flags": ["nodejs_compat"],
        "observability": {
            "enabled": True,
            "head_sampling_rate": 1,
            "logs": {
                "enabled": True,
                "head_sampling_rate": 1,
                "invocation_logs": True,
                "persist": True,
            },
        },
    }
    answer = httpx.put(
        f"{live.url}/client/v4{script(live).format(account=live.account)}",
        headers={"Authorization": f"Bearer {'t' * 40}"},
        files={
            "main.js": ("main.js", io.BytesIO(CODE.encode()), "application/javascript+module"),
            "metadata": (None, json.dumps(metadata), "application/json"),
        },
        trust_env=False,
        timeout=60,
    )
    assert answer.is_success, answer.text


def bindings(live: Workbench) -> dict[str, dict[str, Any]]:
    settings = cloudflare(live, "GET", f"{script(live)}/settings")
    return {one["name"]: one for one in settings["bindings"]}


def crons(live: Workbench) -> list[str]:
    schedules = cloudflare(live, "GET", f"{script(live)}/schedules")["schedules"]
    return sorted(one["cron"] for one in schedules)


def drift_everything(live: Workbench) -> None:
    """Change behind Pulumi's back what no provider reads."""
    namespace = bindings(live)["KV"]["namespace_id"]
    upload(
        live,
        [
            {"name": "KV", "type": "kv_namespace", "namespace_id": namespace},
            {"name": "PLAIN", "type": "plain_text", "text": "as they want it"},
            {"name": "HUSHED", "type": "plain_text", "text": f"other-{VALUE}"},
        ],
    )
    cloudflare(live, "PUT", f"{script(live)}/schedules", [])
    lifecycle = f"/accounts/{{account}}/r2/buckets/b-{live.account[:8]}/lifecycle"
    cloudflare(live, "PUT", lifecycle, {"rules": []})
    cloudflare(live, "PUT", lifecycle.replace("lifecycle", "lock"), {"rules": []})
    tree = grafana(live, "GET", TREE)
    grafana(live, "PUT", TREE, {name: part for name, part in tree.items() if name != "routes"})


def test_what_no_refresh_sees_is_seen_and_mended_and_up_alone_would_leave_it(
    standing: Workbench, cloud: Client
) -> None:
    before = examined(standing, cloud)
    assert told(before) == {}
    assert [(one.subject.name, one.properties) for one in before.found.fillings] == [
        ("check", ("checkRegions",))
    ], "what the service fills in is not drift"
    assert {one.subject.name: one.secrets for one in before.found.unreadable} == {
        "script": ("KEY",),
        "source": ("httpHeaderValue1",),
    }

    drift_everything(standing)
    assert standing.up().unchanged, "to Pulumi nothing has changed"
    found = examined(standing, cloud)
    differences = told(found)
    uploaded = differences.pop("script upload")
    assert uploaded[2] == "belfry"
    assert differences == {
        "crons schedules": ("1 * * * *, 2 * * * *", None, "belfry"),
        "lifecycle rules.old": (differences["lifecycle rules.old"][0], None, "belfry"),
        "lock rules.keep": (differences["lock rules.keep"][0], None, "belfry"),
        "tree policies": ("1 route", "no route", "belfry"),
        "script bindings.KEY": ("secret_text", None, "belfry"),
        # Pulumi seals all bindings of a Worker that has a secret.
        "script bindings.PLAIN.text": ("(secret)", "(secret)", "belfry"),
        "script bindings.HUSHED.text": ("(secret)", "(secret)", "belfry"),
    }
    assert VALUE not in json.dumps(found.found.as_json()) + repr(found)

    summary = mend(session(standing, cloud), found, lambda _: None)
    assert {change.name for change in summary.changes} == {
        *("crons", "lifecycle", "lock", "script", "tree"),
    }
    assert {change.operation for change in summary.changes} == {"update"}, "nothing is replaced"
    assert told(examined(standing, cloud)) == {}
    assert crons(standing) == ["1 * * * *", "2 * * * *"]
    assert len(grafana(standing, "GET", TREE)["routes"]) == 1
    assert bindings(standing)["PLAIN"]["text"] == "as we want it"
    assert bindings(standing)["HUSHED"]["text"] == f"hush-{VALUE}"
    assert bindings(standing)["KEY"]["type"] == "secret_text"
    assert standing.up().unchanged
    assert VALUE not in standing.state_files()


def test_a_rotated_secret_is_told_as_an_upload_of_somebody_elses_and_what_refresh_sees_too(
    standing: Workbench, cloud: Client
) -> None:
    namespace = bindings(standing)["KV"]["namespace_id"]
    upload(
        standing,
        [
            {"name": "KV", "type": "kv_namespace", "namespace_id": namespace},
            {"name": "PLAIN", "type": "plain_text", "text": "as we want it"},
            {"name": "HUSHED", "type": "plain_text", "text": f"hush-{VALUE}"},
            {"name": "KEY", "type": "secret_text", "text": "another-value"},
        ],
    )
    cloudflare(
        standing, "DELETE", f"/accounts/{{account}}/queues/{standing.stack.outputs()['queue']}"
    )
    source = f"/datasources/uid/ds-{standing.account[:8]}"
    held = grafana(standing, "GET", source)
    grafana(standing, "PUT", source, {**held, "url": "http://127.0.0.1:1/"})
    checkpoint = standing.stack.checkpoint.read_bytes()

    found = examined(standing, cloud)
    assert standing.stack.checkpoint.read_bytes() == checkpoint, "nothing is changed by looking"
    differences = told(found)
    was, now, seen = differences.pop("script upload")
    assert (was or "").startswith("by Pulumi at 20")
    assert (now or "").endswith("secrets may be others")
    assert seen == "belfry"
    assert differences == {
        "queue gone": ("there", None, "refresh"),
        "source url": ('"http://127.0.0.1:9/"', '"http://127.0.0.1:1/"', "refresh"),
    }

    summary = mend(session(standing, cloud), found, lambda _: None)
    assert {change.name: change.operation for change in summary.changes} == {
        "queue": "create",
        "script": "update",
        "source": "update",
    }
    assert told(examined(standing, cloud)) == {}
