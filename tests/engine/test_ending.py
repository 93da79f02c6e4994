"""The end of a stack: what Pulumi cannot delete, and what it must not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from engine import ending
from engine.errors import EngineError
from engine.operations import Session
from tests.engine.services import cloudflare, grafana
from tests.faults import set_faults

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.localcloud import Client
    from tests.engine.workbench import Workbench

POLICIES = "/v1/provisioning/policies"
CONTACTS = "/v1/provisioning/contact-points"
OURS = """
contact = grafana.alerting.ContactPoint(
    "contact", name=f"ours-{account[:8]}", emails=[dict(addresses=["a@b.example"])], opts=board)
"""
TREE = """
grafana.alerting.NotificationPolicy(
    "tree", contact_point=contact.name, group_bies=["alertname"],
    policies=[dict(contact_point=contact.name)],
    opts=pulumi.ResourceOptions.merge(board, pulumi.ResourceOptions(retain_on_delete=True)))
"""
FOREIGN = {
    "receiver": "grafana-default-email",
    "group_by": ["grafana_folder"],
    "routes": [{"receiver": "grafana-default-email", "object_matchers": [["team", "=", "x"]]}],
}
BUCKET = """
cloudflare.R2Bucket("bucket", account_id=account, name=f"b-{account[:8]}", opts=edge)
"""


@pytest.fixture(autouse=True)
def _untouched(live: Workbench) -> Iterator[None]:
    grafana(live, "DELETE", POLICIES)
    yield
    grafana(live, "DELETE", POLICIES)


def opened(bench: Workbench, cloud: Client) -> Session:
    return Session(stack=bench.stack, client=cloud, timings=())


def contacts(bench: Workbench) -> list[str]:
    names = [one["name"] for one in grafana(bench, "GET", CONTACTS)]
    return [name for name in names if name.endswith(bench.account[:8])]


def tree(bench: Workbench) -> Any:
    told = grafana(bench, "GET", POLICIES)
    return {name: told.get(name) for name in FOREIGN}


def test_a_tree_that_is_still_the_stacks_is_reset(live: Workbench, cloud: Client) -> None:
    default = tree(live)
    live.program(OURS + TREE)
    live.up()
    assert tree(live) != default
    assert opened(live, cloud).destroy(lambda _: None).succeeded
    assert tree(live) == default
    assert contacts(live) == []


def test_a_tree_that_somebody_took_over_is_left_to_them(live: Workbench, cloud: Client) -> None:
    live.program(OURS + TREE)
    live.up()
    grafana(live, "PUT", POLICIES, FOREIGN)
    assert opened(live, cloud).destroy(lambda _: None).succeeded
    assert tree(live) == FOREIGN
    assert contacts(live) == []


def test_pulumis_own_destroy_and_giving_the_tree_up_leave_it_too(live: Workbench) -> None:
    live.program(OURS + TREE)
    live.up()
    grafana(live, "PUT", POLICIES, FOREIGN)
    live.program(OURS)
    live.up()
    assert tree(live) == FOREIGN
    live.destroy()
    assert tree(live) == FOREIGN


def test_where_grafana_does_not_tell_nothing_is_deleted(live: Workbench, cloud: Client) -> None:
    live.program(OURS + TREE)
    live.up()
    set_faults(cloud, [{"match": f"GET /grafana/api{POLICIES}", "status": 403, "times": 1}])
    with pytest.raises(EngineError, match="the token must be allowed"):
        opened(live, cloud).destroy(lambda _: None)
    set_faults(cloud, [{"match": f"DELETE /grafana/api{POLICIES}", "status": 403, "times": 1}])
    with pytest.raises(EngineError, match="403 when its notification policies are reset"):
        opened(live, cloud).destroy(lambda _: None)
    assert len(contacts(live)) == 1
    assert opened(live, cloud).destroy(lambda _: None).succeeded


def test_a_full_bucket_is_told_and_on_this_machine_goes_with_what_it_holds(
    live: Workbench, cloud: Client
) -> None:
    live.program(BUCKET)
    live.up()
    name = f"b-{live.account[:8]}"
    place = f"/accounts/{{account}}/r2/buckets/{name}"
    cloudflare(live, "PUT", f"{place}/objects/day", {"a": 1})
    url = f"{live.url}/client/v4{place.format(account=live.account)}"
    headers = {"Authorization": f"Bearer {'t' * 40}"}
    assert httpx.delete(url, headers=headers, trust_env=False).status_code == 409
    assert ending.buckets(live.stack) == (f"{live.account}/{name}",)
    assert opened(live, cloud).destroy(lambda _: None).succeeded
    assert cloudflare(live, "GET", place) is None
