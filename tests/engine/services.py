"""The services behind Pulumi's back: what a person would do in a browser, over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx

from engine.loopback import NO_CERTIFICATES

if TYPE_CHECKING:
    from tests.engine.workbench import Workbench

_CLOUDFLARE = {"Authorization": f"Bearer {'t' * 40}"}
_GRAFANA = ("admin", "admin")


def cloudflare(bench: Workbench, method: str, path: str, body: Any = None) -> Any:
    """Call the Cloudflare API; `{account}` and `{zone}` are the test's own. The result, or None."""
    place = path.format(account=bench.account, zone=bench.zone)
    answer = httpx.request(
        method,
        f"{bench.url}/client/v4{place}",
        headers=_CLOUDFLARE,
        json=body,
        verify=NO_CERTIFICATES,
        trust_env=False,
    )
    assert answer.is_success or answer.status_code == 404, answer.text
    return answer.json().get("result") if answer.is_success else None


def clear_away(bench: Workbench) -> None:
    """Delete what is in the way of other tests, whatever became of the test's own stack.

    What else lies in the test's account is in nobody's way. All of Grafana is shared, but only
    titles of folders are such that tests may have the same, and only Workers take time as they are.
    """
    workers = "/accounts/{account}/workers/scripts"
    for worker in cloudflare(bench, "GET", workers) or ():
        cloudflare(bench, "DELETE", f"{workers}/{worker['id']}?force=true")
    for folder in grafana(bench, "GET", "/folders") or ():
        grafana(bench, "DELETE", f"/folders/{folder['uid']}?forceDeleteRules=true")


def grafana(bench: Workbench, method: str, path: str, body: Any = None) -> Any:
    """Call the Grafana API. What it answers, or None when it is not there."""
    answer = httpx.request(
        method,
        f"{bench.url}/grafana/api{path}",
        auth=_GRAFANA,
        json=body,
        verify=NO_CERTIFICATES,
        trust_env=False,
    )
    assert answer.is_success or answer.status_code == 404, answer.text
    return answer.json() if answer.is_success and answer.text else None
