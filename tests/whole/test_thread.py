"""The thread, end to end, as a newcomer walks it: up, break, mend, change, up again, down."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from tests.faults import set_faults
from tests.whole.checkout import ROOT, until

if TYPE_CHECKING:
    from tests.whole.checkout import Checkout

MINUTE = 60_000
"""Milliseconds."""
APART = 20 * MINUTE
"""Longer than the platform's cool-down, in which what comes back is not said again."""


class Clock:
    """Ticks of the next minutes, driven by hand; each clock begins well after all before it."""

    latest = 0

    def __init__(self, client: Any) -> None:
        self.client = client
        self.at = max((int(time.time()) // 60 + 10) * MINUTE, Clock.latest + APART)

    def tick(self, times: int = 1) -> None:
        for _ in range(times):
            self.at += MINUTE
            Clock.latest = self.at
            runs = self.client.tick(at=self.at)
            assert all(run["ok"] for run in runs), runs


def settled(checkout: Checkout) -> Clock:
    """End whatever an earlier test left, and give a clock that begins after the cool-down."""
    client = checkout.control()
    checkout.run("mend", "--all")
    Clock(client).tick(4)
    health = f"{checkout.json('status')['addresses']['worker']}/monitoring/health"
    until(
        lambda: httpx.get(health, trust_env=False).json()["outbox"]["pending"] == 0,
        "that everything is said",
    )
    clock = Clock(client)
    clock.tick()
    client.empty_inbox()
    return clock


def messages(client: Any, kind: str) -> list[dict[str, Any]]:
    return [message for message in client.inbox() if message["kind"] == kind]


def route(checkout: Checkout) -> set[str]:
    """Give the channels that hear at once that the database is down."""
    (answer,) = checkout.json("route", "service=database", "severity=P0")["answers"]
    return {one["to"] for one in answer["told"] if not one["after"]}


def processes_of(checkout: Checkout) -> list[str]:
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(checkout.home) in line:
            found.append(line)
    return found


def test_one_broken_database_is_one_message_per_channel_and_so_is_its_recovery(
    standing: Checkout,
) -> None:
    clock = settled(standing)
    client = clock.client
    channels = route(standing)

    standing.run("break", "database")
    clock.tick(2)
    opened = until(
        lambda: len(messages(client, "opened")) >= len(channels) and messages(client, "opened"),
        "one opened message per channel",
    )

    assert {message["channel"] for message in opened} == channels
    assert len(opened) == len(channels), "one message per channel"
    assert len({message["incident"] for message in opened}) == 1, "one incident"
    for message in opened:
        text = str(message["payload"])
        assert "database" in text.lower(), message
        assert "api" in text, "it says what it took along"
        assert "frontend" in text, "it says what it took along"

    standing.run("mend", "database")
    clock.tick(4)
    recovered = until(
        lambda: (
            len(messages(client, "recovered")) >= len(channels) and messages(client, "recovered")
        ),
        "one recovered message per channel",
    )
    assert sorted(message["channel"] for message in recovered) == sorted(channels)
    assert {m["incident"] for m in recovered} == {m["incident"] for m in opened}
    clock.tick(2)
    assert len(messages(client, "opened")) == len(channels), "nothing more is sent"


def test_a_broken_api_is_not_blamed_on_its_database(standing: Checkout) -> None:
    clock = settled(standing)
    client = clock.client

    standing.run("break", "api")
    clock.tick(2)
    opened = until(lambda: messages(client, "opened"), "a message")

    assert len({message["incident"] for message in opened}) == 1
    assert all("api" in str(message["incident"]).lower() for message in opened)
    standing.run("mend", "--all")
    clock.tick(4)
    until(lambda: messages(client, "recovered"), "the recovery")


def test_up_again_changes_nothing_and_neither_does_pulumi_from_the_shell(
    standing: Checkout,
) -> None:
    again = standing.json("up")
    assert set(again["counts"]) == {"same"}, again["changes"]

    preview = standing.shell("pulumi preview -s local --non-interactive --expect-no-changes")
    assert preview.returncode == 0, preview.stdout + preview.stderr
    up = standing.shell("pulumi up -s local --yes --skip-preview --expect-no-changes")
    assert up.returncode == 0, up.stdout + up.stderr
    refresh = standing.shell("pulumi refresh -s local --yes --non-interactive --expect-no-changes")
    assert refresh.returncode == 0, refresh.stdout + refresh.stderr


def test_a_changed_threshold_changes_what_carries_it_and_up_ends_with_addresses_and_what_to_try(
    standing: Checkout,
) -> None:
    before = standing.platform_file.read_text()
    changed = before.replace("{for: 5m, above: 2s}", "{for: 5m, above: 1500ms}", 1)
    assert changed != before
    standing.platform_file.write_text(changed)
    try:
        done = standing.json("up")
    finally:
        standing.platform_file.write_text(before)
    kinds = sorted(change["type"].rsplit(":", 1)[-1] for change in done["changes"])
    assert kinds == ["RuleGroup", "WorkersKv"], done["changes"]
    assert {change["operation"] for change in done["changes"]} == {"update"}

    addresses, tries = standing.run("up").stdout.split("\nTry:\n")
    assert "console    http://127.0.0.1:" in addresses
    assert "worker     http://127.0.0.1:" in addresses
    assert "belfry break database" in tries, "the service whose end takes most others along"


def test_changed_worker_code_deploys_a_second_and_a_third_time(standing: Checkout) -> None:
    bundle = standing.root / "worker" / "dist" / "monitoring.js"
    before = bundle.read_text()
    for code in (before + "\n// second\n", before):
        bundle.write_text(code)
        done = standing.json("up")
        assert any(change["type"].endswith(":WorkersScript") for change in done["changes"])
        unchanged = standing.json("up")
        assert set(unchanged["counts"]) == {"same"}, unchanged["changes"]


def test_commands_work_from_a_shell_that_sourced_the_environment_too(standing: Checkout) -> None:
    again = standing.shell(f"{sys.executable} -m cli up --json")
    assert again.returncode == 0, again.stderr
    assert set(json.loads(again.stdout)["counts"]) == {"same"}
    links = standing.home / "pulumi" / "plugins"
    assert all(link.exists() for link in links.glob("*/pulumi-resource-*")), "no link leads nowhere"


def test_status_tells_that_all_is_well(standing: Checkout) -> None:
    standing.run("mend", "--all")
    standing.control().tick()
    status = standing.json("status")
    assert status["running"]
    assert status["worker"]["status"] == "healthy", status


def test_plan_and_state_hold_the_same_resources(standing: Checkout) -> None:
    plan = standing.json("plan")
    state = json.loads(standing.shell("pulumi stack export -s local").stdout)
    planned = sorted((r["type"], r["name"]) for r in plan["resources"])
    held = sorted(
        (r["type"], r["urn"].rsplit("::", 1)[-1])
        for r in state["deployment"]["resources"]
        if not r["type"].startswith(("pulumi:pulumi:", "pulumi:providers:"))
    )
    without_providers = [r for r in planned if not r[0].startswith("pulumi:")]
    stashes = [r for r in planned if r[0] == "pulumi:index:Stash"]
    assert sorted(without_providers + stashes) == held


def test_two_stacks_on_one_machine_leave_each_other_alone(standing: Checkout) -> None:
    text = (standing.root / "Pulumi.local.yaml").read_text()
    other = standing.root / "Pulumi.example-local.yaml"
    example = (standing.root / "platforms" / "example.yaml").read_text()
    assert "stand-ins: true" in example, "the example can be tried on this machine"
    other.write_text(text.replace("belfry:platform: pitchey", "belfry:platform: example"))
    before = {str(one["service"]) for one in standing.control().services()}
    try:
        standing.run("up", "--stack", "example-local")
        with_both = {str(one["service"]) for one in standing.control().services()}
        assert before < with_both
        assert set(standing.json("up")["counts"]) == {"same"}
        standing.run("down", "--stack", "example-local")
    finally:
        other.unlink()
    assert {str(one["service"]) for one in standing.control().services()} == before
    assert set(standing.json("up")["counts"]) == {"same"}


def test_a_preview_changes_nothing_that_runs(standing: Checkout) -> None:
    before = standing.platform_file.read_text()
    changed = before.replace("  cache: {is:", "  search: {is: third-party}\n  cache: {is:", 1)
    changed = changed.replace("needs: [database, cache", "needs: [search, database, cache", 1)
    assert changed.count("search") >= before.count("search") + 2
    standing.platform_file.write_text(changed)
    services = standing.control().services()
    try:
        standing.run("preview")
    finally:
        standing.platform_file.write_text(before)
    assert standing.control().services() == services


def test_a_message_that_was_due_when_the_machine_died_is_delivered_once(
    standing: Checkout,
) -> None:
    clock = settled(standing)
    client = clock.client
    channels = route(standing)
    set_faults(client, [{"match": "POST /inbox/.*", "status": 503, "times": 1000}])
    standing.run("break", "database")
    clock.tick(2)

    for pid in (client.discovery.pid,):
        os.kill(pid, signal.SIGKILL)
    standing.run("up")
    client = standing.control()
    client.pause_crons(paused=True)
    clock.client = client
    clock.tick()

    opened = until(
        lambda: len(messages(client, "opened")) >= len(channels) and messages(client, "opened"),
        "the messages that were due",
    )
    assert sorted(message["channel"] for message in opened) == sorted(channels)
    standing.run("mend", "--all")
    clock.tick(4)
    until(lambda: messages(client, "recovered"), "the recovery")


def test_a_damaged_store_is_mended_by_up_and_down_leaves_no_process_no_port_and_no_resource(
    fresh: Checkout,
) -> None:
    fresh.run("up")
    os.kill(fresh.control().discovery.pid, signal.SIGKILL)
    store = fresh.home / "local" / "localcloud.db"
    store.write_bytes(b"this is no database" * 300)
    for ending in ("-wal", "-shm"):  # or the log of the last writes would heal it
        store.with_name(store.name + ending).unlink(missing_ok=True)

    mended = fresh.run("up")

    assert "has lost what it held" in mended.stderr
    assert "Traceback" not in mended.stdout + mended.stderr
    assert set(fresh.json("up")["counts"]) == {"same"}
    assert (store.parent / "localcloud.db.damaged").stat().st_mode & 0o077 == 0

    url = fresh.control().discovery.url
    smtp = fresh.control().discovery.smtp
    assert processes_of(fresh)

    done = fresh.json("down")

    assert set(done["counts"]) == {"delete"}
    until(lambda: not processes_of(fresh), "no process is left")
    for address in (url.removeprefix("http://"), smtp):
        host, port = address.rsplit(":", 1)
        with socket.socket() as probe:
            assert probe.connect_ex((host, int(port))) != 0, f"{address} is still open"
    for state in (fresh.home / "local").glob("state/.pulumi/stacks/**/*.json"):
        held = json.loads(state.read_text())["checkpoint"]["latest"]
        assert not (held or {}).get("resources"), "a resource is left in the state"
    fresh.run("down")


def test_a_mistake_in_the_platform_file_stops_before_anything_is_contacted(
    fresh: Checkout,
) -> None:
    text = fresh.platform_file.read_text()
    text = re.sub(r"needs: \[database, cache\]", "needs: [databse, cache]", text)
    fresh.platform_file.write_text(text.replace("every: 60s", "every: 7s", 1))

    done = fresh.run("up", expect=2)

    assert "did you mean database?" in done.stderr
    assert len(re.findall(r"^platforms/pitchey\.yaml:\d+:\d+  ", done.stderr, re.MULTILINE)) == 2
    assert "Traceback" not in done.stderr
    assert not (fresh.home / "local").exists(), "nothing was started or written"


def test_a_pulumi_run_on_a_broken_file_names_the_mistake_without_a_traceback(
    standing: Checkout,
) -> None:
    before = standing.platform_file.read_text()
    standing.platform_file.write_text(before.replace("needs: [api]", "needs: [apo]"))
    try:
        done = standing.shell("pulumi preview -s local --non-interactive")
    finally:
        standing.platform_file.write_text(before)
    assert done.returncode != 0
    assert "did you mean api?" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_the_copy_under_test_is_the_checkout() -> None:
    assert (ROOT / "Pulumi.yaml").is_file()
