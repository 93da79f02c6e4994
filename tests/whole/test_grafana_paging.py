"""Where Grafana pages by a tree of the stack's own: it comes, stays as it is, and goes for good."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from engine.operations import has_resources, open_session
from engine.paths import Home
from tests.whole.checkout import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.operations import Session
    from tests.whole.checkout import Checkout

STACK = "shop-local"
SMALL = ROOT / "tests" / "golden" / "stacks" / "shop-grafana-tree" / "platform.yaml"
"""Two services, two rules, and a severity that is escalated after a quarter of an hour."""


@pytest.fixture
def shop(fresh: Checkout) -> Iterator[Session]:
    """A small stack in a checkout of its own, whose environment lets Grafana page."""
    platform = fresh.root / "platforms" / "shop.yaml"
    settings = fresh.root / f"Pulumi.{STACK}.yaml"
    text = SMALL.read_text(encoding="utf-8")
    assert "local: {paging: worker" in text
    platform.write_text(text.replace("local: {paging: worker", "local: {paging: grafana"))
    ours = (fresh.root / "Pulumi.local.yaml").read_text(encoding="utf-8")
    ours = ours.replace("belfry:platform: pitchey", "belfry:platform: shop")
    settings.write_text(ours.replace("config:", 'config:\n  belfry:ownsGrafanaPolicy: "true"'))
    session = open_session(Home(path=fresh.home, root=fresh.root), STACK, lambda _: None)
    yield session
    if has_resources(session.stack.home, STACK):
        session.destroy(lambda _: None)
    platform.unlink()
    settings.unlink()


def grafana(checkout: Checkout, path: str) -> Any:
    url = f"{checkout.control().discovery.url}/grafana/api/v1/provisioning/{path}"
    answer = httpx.get(url, auth=("admin", "admin"), trust_env=False)
    assert answer.is_success, answer.text
    return answer.json()


def held(checkout: Checkout) -> dict[str, Any]:
    """What Grafana has of the alerting of all stacks."""
    paths = ("contact-points", "policies", "alert-rules", "templates", "mute-timings")
    return {path: grafana(checkout, path) for path in paths}


def told(route: Mapping[str, Any], labels: Mapping[str, str]) -> list[tuple[str, str]]:
    """Give to whom an alert goes and after how long, as Grafana walks down its tree."""
    matchers = route.get("object_matchers", ())
    assert all(sign == "=" for _, sign, _ in matchers)
    if any(labels.get(name, "") != value for name, _, value in matchers):
        return []
    found: list[tuple[str, str]] = []
    for below in route["routes"]:
        one = told(below, labels)
        found += one
        if one and not below.get("continue"):
            break
    return found or [(route["receiver"], route["group_wait"])]


def test_a_stack_with_its_own_tree_and_escalation_comes_stays_and_goes(
    fresh: Checkout, shop: Session
) -> None:
    before = held(fresh)
    assert shop.up(lambda _: None).succeeded
    again = shop.up(lambda _: None)
    assert again.succeeded
    assert again.unchanged, again.changes

    found = held(fresh)
    points = {one["name"] for one in found["contact-points"]}
    assert {f"{STACK}-slack", f"{STACK}-pager", f"{STACK}-vote"} <= points
    rules = [one for one in found["alert-rules"] if one not in before["alert-rules"]]
    assert all(one.get("notification_settings") is None for one in rules), "the tree routes them"
    assert {
        (one["labels"]["rule"], one["labels"]["severity"]): told(found["policies"], one["labels"])
        for one in rules
    } == {
        ("WorkerDown", "P0"): [(f"{STACK}-slack", "30s"), (f"{STACK}-pager", "15m")],
        ("DatabaseConnectionError", "P0"): [(f"{STACK}-slack", "30s"), (f"{STACK}-pager", "15m")],
        ("WorkerDown", "P3"): [(f"{STACK}-slack", "30s")],
    }

    assert shop.destroy(lambda _: None).succeeded
    assert held(fresh) == before, "nothing is left, and the tree is Grafana's own again"
    assert not has_resources(shop.stack.home, STACK)
