"""No secret's value is in any plan, log, process list, state, page or bundle: all are searched."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from tests.whole.checkout import Checkout


def test_no_secrets_value_is_anywhere_but_in_the_services_own_store(standing: Checkout) -> None:
    client = standing.control()
    value = client.discovery.secret
    assert len(value) >= 16
    client.set_service("database", "broken")
    client.tick()
    client.set_service("database", "working")
    client.tick()

    told = {
        "plan": standing.run("plan", "--json").stdout,
        "preview": standing.run("preview", "--verbose").stdout,
        "status": standing.run("status", "--json", expect=None).stdout,
        "inbox": standing.run("inbox", "--json").stdout,
        "state, exported": standing.shell("pulumi stack export -s local").stdout,
        "outputs": standing.shell("pulumi stack output -s local --json").stdout,
        "console": httpx.get(client.discovery.url, trust_env=False).text,
        "objects": str(client.objects()),
        "workers": str(client.workers()),
    }
    for page in ("monitoring/health", "monitoring/metrics", "monitoring/status"):
        address = standing.json("status")["addresses"]["worker"]
        told[page] = httpx.get(f"{address}/{page}", trust_env=False).text
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                told[f"arguments of {process.name}"] = (
                    (process / "cmdline").read_bytes().decode(errors="replace")
                )
            except OSError:
                continue
    own_store = {"localcloud.json", "localcloud.db", "localcloud.db-wal", "localcloud.db-shm"}
    for folder in (standing.home / "local", standing.home / "pulumi"):
        for path in folder.rglob("*"):
            if path.is_file() and path.name not in own_store:
                told[str(path.relative_to(standing.home))] = path.read_bytes().decode(
                    errors="replace"
                )
    for path in standing.root.rglob("*"):
        if path.is_file() and ".belfry" not in path.parts:
            told[str(path)] = path.read_bytes().decode(errors="replace")

    assert [place for place, text in told.items() if value in text] == []


def test_the_files_that_hold_secrets_are_their_owners_alone(standing: Checkout) -> None:
    local = standing.home / "local"
    assert local.stat().st_mode & 0o077 == 0
    assert (local / "localcloud.json").stat().st_mode & 0o077 == 0
