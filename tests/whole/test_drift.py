"""`belfry drift` on the project's own stack, as a nightly job runs it and as people mend."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx

from cli.output import Status

if TYPE_CHECKING:
    from tests.whole.checkout import Checkout

ACCOUNT = "a" * 32


def call(checkout: Checkout, method: str, path: str, **more: Any) -> Any:
    answer = httpx.request(
        method,
        f"{checkout.control().discovery.url}/client/v4/accounts/{ACCOUNT}/workers{path}",
        headers={"Authorization": f"Bearer {'t' * 40}"},
        trust_env=False,
        timeout=60,
        **more,
    )
    assert answer.is_success, answer.text
    return answer.json()["result"]


def upload_without_secrets(checkout: Checkout, worker: str) -> list[str]:
    """Upload the Worker again with every binding but its secrets; their names."""
    settings = call(checkout, "GET", f"/scripts/{worker}/settings")
    bindings = settings.pop("bindings")
    kept = [one for one in bindings if one["type"] != "secret_text"]
    metadata = {**settings, "main_module": "monitoring.js", "bindings": kept}
    metadata.pop("migration_tag", None)
    code = (checkout.root / "worker" / "dist" / "monitoring.js").read_bytes()
    call(
        checkout,
        "PUT",
        f"/scripts/{worker}",
        files={
            "monitoring.js": ("monitoring.js", code, "application/javascript+module"),
            "metadata": (None, json.dumps(metadata), "application/json"),
        },
    )
    return [one["name"] for one in bindings if one["type"] == "secret_text"]


def test_drift_is_told_by_the_exit_status_and_mended_when_somebody_says_so(
    standing: Checkout,
) -> None:
    clean = standing.json("drift")
    assert clean["differences"] == []
    assert clean["drifted"] is False
    assert clean["providers_own"] == [], "the components leave nothing to be filled in"
    assert clean["unreadable"], "it says which secrets nobody can compare"
    assert "nothing has drifted" in standing.run("drift").stdout

    worker = call(standing, "GET", "/scripts")[0]["id"]
    crons = call(standing, "GET", f"/scripts/{worker}/schedules")["schedules"]
    call(standing, "PUT", f"/scripts/{worker}/schedules", json=[{"cron": "7 7 * * *"}])
    lost = upload_without_secrets(standing, worker)
    assert lost

    done = standing.run("drift", "--json", expect=Status.DRIFTED)
    told = json.loads(done.stdout)
    properties = {one["property"] for one in told["differences"]}
    assert {f"bindings.{name}" for name in lost} | {"schedules"} <= properties
    assert told["mended"] is None
    assert set(told) == {
        *("stack", "drifted", "differences", "providers_own", "unreadable", "mended"),
    }

    refused = standing.run("drift", "--mend", expect=None)
    assert refused.returncode not in (Status.DONE, Status.DRIFTED), "nobody has answered"
    assert "was " in refused.stdout
    assert "is 7 7 * * *" in refused.stdout
    left = call(standing, "GET", f"/scripts/{worker}/schedules")["schedules"]
    assert [one["cron"] for one in left] == ["7 7 * * *"]

    mended = standing.run("drift", "--mend", "--yes")
    assert "mended" in mended.stdout, "its Durable Objects' migrations are not sent again"
    secret = standing.control().discovery.secret
    said = [one.stdout + one.stderr for one in (done, refused, mended)]
    assert secret not in "".join(said)
    after = call(standing, "GET", f"/scripts/{worker}/schedules")["schedules"]
    assert [one["cron"] for one in after] == [one["cron"] for one in crons]
    settings = call(standing, "GET", f"/scripts/{worker}/settings")
    assert set(lost) <= {one["name"] for one in settings["bindings"]}
    assert set(standing.json("up")["counts"]) == {"same"}
