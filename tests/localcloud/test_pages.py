"""Lists come in pages, as the service cuts them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localcloud.cloudflare.paging import PageError, Pages, after_cursor, page_of
from tests.localcloud.in_process import Process
from tests.localcloud.running import ACCOUNT, ZONE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from localcloud.documents import Value

NAMESPACES = f"/client/v4/accounts/{ACCOUNT}/storage/kv/namespaces"
BUCKETS = f"/client/v4/accounts/{ACCOUNT}/r2/buckets"
PAGES = Pages(usual=20, least=1, most=50, orders=("name",))


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Process]:
    process = Process(tmp_path / "objects.db")
    yield process
    process.store.close()


def namespaces(local: Process, count: int) -> list[str]:
    titles = [f"n{number:02}" for number in range(count)]
    for title in titles:
        assert local.call("POST", NAMESPACES, {"title": title}).status == 200
    return titles


def titles(told: Any) -> list[str]:
    return [one["title"] for one in told["result"]]


def test_a_list_tells_its_first_page_and_how_many_there_are(local: Process) -> None:
    names = namespaces(local, 23)
    told = local.call("GET", NAMESPACES).told
    assert titles(told) == names[:20]
    assert told["result_info"] == {
        "page": 1,
        "per_page": 20,
        "count": 20,
        "total_count": 23,
        "total_pages": 2,
    }
    assert titles(local.call("GET", NAMESPACES, query={"page": "2"}).told) == names[20:]
    assert titles(local.call("GET", NAMESPACES, query={"page": "3"}).told) == []


def test_a_list_can_be_turned_and_ordered(local: Process) -> None:
    names = namespaces(local, 4)
    assert titles(local.call("GET", NAMESPACES, query={"direction": "desc"}).told) == names[::-1]
    renamed = local.call("GET", NAMESPACES).told["result"][0]["id"]
    local.call("PUT", f"{NAMESPACES}/{renamed}", {"title": "z"})
    assert titles(local.call("GET", NAMESPACES, query={"order": "title"}).told) == [*names[1:], "z"]


@pytest.mark.parametrize(
    "query",
    [
        {"page": "0"},
        {"page": "-1"},
        {"page": "1.5"},
        {"page": "x"},
        {"page": "٣"},
        {"page": "9" * 30},
        {"per_page": ""},
        {"per_page": "1001"},
        {"per_page": "0"},
        {"order": "colour"},
        {"direction": "sideways"},
    ],
)
def test_a_page_that_there_cannot_be_is_refused(local: Process, query: dict[str, str]) -> None:
    answer = local.call("GET", NAMESPACES, query=query)
    assert (answer.status, answer.code) == (400, 6008)
    cause = answer.told["errors"][0]["error_chain"][0]
    assert cause["code"] == 11000
    assert next(iter(query)) in cause["message"]


def test_the_shortest_page_is_the_services(local: Process) -> None:
    checks = f"/client/v4/zones/{ZONE}/healthchecks"
    assert local.call("GET", checks, query={"per_page": "4"}).status == 400
    assert local.call("GET", checks, query={"per_page": "5"}).status == 200


def test_a_list_that_the_service_does_not_cut_comes_whole(local: Process) -> None:
    routes = f"/client/v4/zones/{ZONE}/workers/routes"
    for number in range(23):
        assert local.call("POST", routes, {"pattern": f"{number}.example/*"}).status == 200
    assert len(local.call("GET", routes, query={"page": "2", "per_page": "2"}).told["result"]) == 23


def test_buckets_are_told_by_cursor_and_in_the_order_of_their_names(local: Process) -> None:
    for name in ("ccc", "aaa", "bbb"):
        assert local.call("POST", BUCKETS, {"name": name}).status == 200
    first = local.call("GET", BUCKETS, query={"per_page": "2"}).told
    assert [one["name"] for one in first["result"]["buckets"]] == ["aaa", "bbb"]
    local.call("DELETE", f"{BUCKETS}/bbb")
    cursor = first["result_info"]["cursor"]
    second = local.call("GET", BUCKETS, query={"per_page": "2", "cursor": cursor}).told
    assert [one["name"] for one in second["result"]["buckets"]] == ["ccc"]
    assert second["result_info"]["cursor"] == ""


def test_keys_of_a_namespace_are_told_by_cursor(local: Process) -> None:
    namespace = local.call("POST", NAMESPACES, {"title": "keys"}).told["result"]["id"]
    for number in range(12):
        local.call("PUT", f"{NAMESPACES}/{namespace}/values/k{number:02}", "v")
    found: list[str] = []
    cursor = ""
    while True:
        told = local.call(
            "GET", f"{NAMESPACES}/{namespace}/keys", query={"limit": "10", "cursor": cursor}
        ).told
        found += [one["name"] for one in told["result"]]
        cursor = told["result_info"]["cursor"]
        if not cursor:
            break
    assert found == [f"k{number:02}" for number in range(12)]


@pytest.mark.parametrize("cursor", ["!", "é", "AAA", "_w=="])
def test_a_cursor_that_was_never_given_is_refused(local: Process, cursor: str) -> None:
    assert local.call("GET", BUCKETS, query={"cursor": cursor}).status == 400


def test_an_object_that_a_client_has_already_is_not_sent_again(local: Process) -> None:
    local.call("POST", BUCKETS, {"name": "tagged"})
    path = f"{BUCKETS}/tagged/objects/a"
    local.call("PUT", path, "first")
    etag = local.call("GET", path).headers["etag"]
    again = local.call("GET", path, headers={"if-none-match": etag})
    assert (again.status, again.body) == (304, b"")
    local.call("PUT", path, "second")
    assert local.call("GET", path, headers={"if-none-match": etag}).body == b'"second"'


@given(names=st.lists(st.text(min_size=1), unique=True), length=st.integers(1, 9))
def test_all_pages_together_are_the_list(names: list[str], length: int) -> None:
    results: list[Value] = [{"name": name} for name in names]
    found: list[Value] = []
    for number in range(1, len(names) // length + 2):
        query = {"page": str(number), "per_page": str(length)}
        found += page_of(results, PAGES, query).results
    assert found == results


@given(
    names=st.lists(st.text(min_size=1), unique=True),
    length=st.integers(1, 9),
    direction=st.sampled_from(["asc", "desc"]),
)
def test_all_cursors_together_are_the_list_in_order(
    names: list[str], length: int, direction: str
) -> None:
    results: list[Value] = [{"name": name} for name in names]
    found: list[Value] = []
    cursor = ""
    for _ in range(len(names) + 1):
        query = {"limit": str(length), "cursor": cursor, "direction": direction}
        page, cursor, _ = after_cursor(results, query, by="name", option="limit", usual=9)
        found += page
        if not cursor:
            break
    assert found == [{"name": name} for name in sorted(names, reverse=direction == "desc")]


@given(
    query=st.dictionaries(st.sampled_from(["page", "per_page", "order", "direction"]), st.text())
)
def test_no_query_makes_anything_but_a_page_or_a_refusal(query: dict[str, str]) -> None:
    try:
        page = page_of([{"name": "a"}], PAGES, query)
    except PageError:
        return
    assert page.info["total_count"] == 1
