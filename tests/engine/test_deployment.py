"""Deploying a Worker with Durable Objects again and again, and a localcloud that has moved."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from engine import localcloud, mending
from engine.localcloud import Client
from engine.paths import Home
from tests.engine.services import cloudflare
from tests.engine.workbench import ANY_PORT, lay_out, open_workbench

if TYPE_CHECKING:
    from pathlib import Path

    from tests.engine.workbench import Workbench

COUNTER = """
script = cloudflare.WorkersScript(
    "counter", account_id=account, script_name=f"counter-{{account[:8]}}", main_module="main.js",
    content='''
import {{ DurableObject }} from "cloudflare:workers";
export class Counter extends DurableObject {{
  async count() {{
    const seen = ((await this.ctx.storage.get("seen")) ?? 0) + 1;
    await this.ctx.storage.put("seen", seen);
    return seen;
  }}
}}
export default {{
  async fetch(request, env) {{
    const seen = await env.COUNTER.getByName("one").count();
    return Response.json({{ seen, edition: {edition} }});
  }},
}};
''',
    compatibility_date="2026-06-01", compatibility_flags=["nodejs_compat"],
    observability=dict(enabled=True, head_sampling_rate=1, logs=dict(
        enabled=True, head_sampling_rate=1, invocation_logs=True, persist=True)),
    bindings=[dict(name="COUNTER", type="durable_object_namespace", class_name="Counter")],
    migrations={migrations}, opts=edge
)
"""
FIRST_STEP = 'dict(new_tag="v1", new_sqlite_classes=["Counter"])'


def count(bench: Workbench) -> dict[str, int]:
    url = f"{bench.url}/workers/counter-{bench.account[:8]}/"
    answer = httpx.get(url, trust_env=False, timeout=30)
    assert answer.is_success, answer.text
    told: dict[str, int] = answer.json()
    return told


def test_changed_code_is_deployed_again_and_its_storage_stays(live: Workbench) -> None:
    live.program(COUNTER.format(edition=1, migrations=FIRST_STEP))
    live.up()
    assert count(live) == {"seen": 1, "edition": 1}
    for edition in (2, 3):
        live.program(COUNTER.format(edition=edition, migrations="None"))
        live.up()
        assert count(live) == {"seen": edition, "edition": edition}
    assert live.refresh().unchanged


def test_a_migration_is_refused_a_second_time_and_a_program_can_ask_which_is_deployed(
    live: Workbench,
) -> None:
    live.program(COUNTER.format(edition=1, migrations=FIRST_STEP))
    live.up()
    live.program(COUNTER.format(edition=2, migrations=FIRST_STEP))
    assert "412 Precondition Failed" in live.failed_up(), "as by Cloudflare"
    assert count(live)["edition"] == 1
    live.program(
        COUNTER.format(edition=1, migrations=FIRST_STEP)
        + """
found = cloudflare.get_workers_scripts_output(
    account_id=account, opts=pulumi.InvokeOutputOptions(provider=edge.provider))
tags = found.results.apply(lambda scripts: [[s.id, s.migration_tag] for s in scripts])
pulumi.export("tags", tags)
"""
    )
    live.up()
    assert live.stack.outputs()["tags"] == [[f"counter-{live.account[:8]}", "v1"]]


def test_a_stack_follows_its_localcloud_to_another_port(tmp_path: Path) -> None:
    home = lay_out(Home(path=tmp_path / "cloud", root=tmp_path))
    client = Client(localcloud.start(home, lambda _: None, port=ANY_PORT))
    try:
        bench = open_workbench(tmp_path, client.discovery.url)
        bench.program('cloudflare.Queue("queue", account_id=account, queue_name="q", opts=edge)')
        bench.up()
        assert mending.moved_options(bench.stack, client) == ()

        localcloud.stop(home, lambda _: None)
        with socket.socket() as taken:
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            taken.bind(("127.0.0.1", urlsplit(bench.url).port or 0))
            taken.listen()
            client = Client(localcloud.start(home, lambda _: None, port=ANY_PORT))
        assert client.discovery.url != bench.url
        moved = bench.moved_to(client.discovery.url)
        options = mending.moved_options(moved.stack, client)
        assert options == ("--run-program",)
        assert moved.stack.refresh(lambda _: None, *options).succeeded
        assert len(cloudflare(moved, "GET", "/accounts/{account}/queues")) == 1
        assert moved.stack.destroy(lambda _: None, *options).succeeded
        assert cloudflare(moved, "GET", "/accounts/{account}/queues") == []
    finally:
        localcloud.stop(home, lambda _: None)
