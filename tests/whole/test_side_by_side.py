"""Environments side by side: stacks in one account and one Grafana leave each other alone."""

from __future__ import annotations

import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from engine.operations import has_resources
from engine.paths import Home

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.whole.checkout import Checkout

HERE, STAGING, OTHER = "local", "staging-here", "boulder-fest-local"
"""One platform on this machine, another environment of it, and another platform."""

FOREIGN_TREE = {
    "receiver": "grafana-default-email",
    "group_by": ["grafana_folder"],
    "routes": [{"receiver": "grafana-default-email", "object_matchers": [["team", "=", "ours"]]}],
}
NAMED_BY_THEIR_PLACE = frozenset(
    {"schedules", "subdomains", "lifecycles", "locks", "consumers", "rule-groups"}
)
"""Kinds whose names are unique within what they belong to, and mean nothing elsewhere."""

Row = tuple[str, ...]


@pytest.fixture
def checkout(standing: Checkout) -> Iterator[Checkout]:
    """The standing checkout with a stack file more, in whose Grafana somebody has a tree."""
    text = (standing.root / f"Pulumi.{HERE}.yaml").read_text()
    other = text.replace("belfry:environment: local", "belfry:environment: staging")
    assert other != text
    settings = standing.root / f"Pulumi.{STAGING}.yaml"
    settings.write_text(other.replace("config:", "config:\n  belfry:workersSubdomain: one"))
    tree(standing, "PUT", json=FOREIGN_TREE)
    yield standing
    tree(standing, "DELETE")
    for stack in (STAGING, OTHER):
        if has_resources(Home(path=standing.home, root=standing.root), stack):
            standing.run("down", "--stack", stack, "--yes", expect=None)
    settings.unlink()


def rows(checkout: Checkout) -> set[Row]:
    """Every object of account and Grafana, to the byte, with the time of its last change."""
    with sqlite3.connect(checkout.home / "local" / "localcloud.db") as store:
        columns = "kind, scope, id, name, body, hidden, created, modified"
        found = store.execute(f"SELECT {columns} FROM objects WHERE kind != 'stand-ins'")
        return set(found)


def names(found: set[Row]) -> set[Row]:
    return {row[:2] + row[3:4] for row in found if row[0] not in NAMED_BY_THEIR_PLACE}


def tree(checkout: Checkout, method: str, **more: Any) -> Any:
    url = f"{checkout.control().discovery.url}/grafana/api/v1/provisioning/policies"
    answer = httpx.request(method, url, auth=("admin", "admin"), trust_env=False, **more)
    assert answer.is_success, answer.text
    return answer.json()


def at_once(checkout: Checkout, *commands: tuple[str, ...]) -> list[Any]:
    with ThreadPoolExecutor() as pool:
        return list(pool.map(lambda command: checkout.json(*command), commands))


def test_stacks_of_one_account_share_no_name_and_survive_each_others_changes_and_ends(
    checkout: Checkout,
) -> None:
    ours = rows(checkout)

    at_once(checkout, ("up", "--stack", STAGING), ("up", "--stack", OTHER))
    all_three = rows(checkout)
    theirs = all_three - ours
    assert ours <= all_three, "two more stacks changed nothing of the first"
    assert names(ours) & names(theirs) == set()
    assert len(names(theirs)) > len(names(ours)), "both are there"

    settings = checkout.root / f"Pulumi.{STAGING}.yaml"
    settings.write_text(settings.read_text().replace("Subdomain: one", "Subdomain: two"))
    changed = checkout.json("up", "--stack", STAGING)
    assert changed["counts"].get("update"), changed["counts"]
    updated = rows(checkout)
    of_the_staging = {row[2] for row in all_three - updated}
    assert of_the_staging, "the update has changed something"
    assert ours <= updated
    other = {row for row in theirs if "boulder-fest" in json.dumps(row)}
    assert other, "its rows are told from the others"
    assert other <= updated
    staging = {row for row in updated if "pitchey-staging" in json.dumps(row)}
    assert staging, "so are those of the staging"

    checkout.json("down", "--stack", STAGING, "--yes")
    left = rows(checkout)
    assert ours | other <= left
    assert {row for row in left if "pitchey-staging" in json.dumps(row)} == set()
    previews = at_once(checkout, ("preview", "--stack", HERE), ("preview", "--stack", OTHER))
    assert [set(told["counts"]) for told in previews] == [{"same"}, {"same"}]

    checkout.json("down", "--stack", OTHER, "--yes")
    assert rows(checkout) == ours
    held = tree(checkout, "GET")
    assert {key: held[key] for key in FOREIGN_TREE} == FOREIGN_TREE, "nobody touched the tree"
