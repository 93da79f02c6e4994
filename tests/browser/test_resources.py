"""What is provisioned: found, looked into, however much there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.localcloud.running import ACCOUNT, result

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.conftest import Opener
    from tests.localcloud.running import LocalCloud

SECRET = "hunter2-is-not-to-be-seen"
MOMENT = "2026-06-01T12:00:00.000000Z"


def many(count: int) -> list[dict[str, Any]]:
    objects = [{"id": f"id-{i}", "name": f"queue-{i:05}", "changed": MOMENT} for i in range(count)]
    kind = {"kind": "queues", "type": "cloudflare:index/queue:Queue"}
    return [{**kind, "count": count, "changed": MOMENT, "objects": objects}]


def test_kinds_are_shown_with_their_count_and_last_change(opened: Opener) -> None:
    page = opened("resources")
    assert page.texts("main h2")[:2] == ["Cloudflare", "Grafana"]
    assert page.text("a[href='#/resources/healthchecks']").startswith("Healthcheck2changed")


def test_a_filter_finds_a_resource_of_any_kind(opened: Opener) -> None:
    page = opened("resources")
    page.call("fill", "[data-filter]", "marketplace")
    page.see("td >> text=marketplace-messages")
    names = page.texts("td:first-child")
    assert {"marketplace-messages", "marketplace-config", "marketplace-monitoring"} <= {*names}
    assert "shop" not in names


def test_one_resource_tells_what_the_service_tells(opened: Opener) -> None:
    page = opened("resources/healthchecks")
    page.click("td a >> text=shop")
    page.see("pre.json")
    assert '"address": "shop.example"' in page.text("pre.json")
    assert "cloudflare:index/healthcheck:Healthcheck" in page.text("main")


def test_no_secret_is_ever_shown(opened: Opener, cloud: LocalCloud) -> None:
    bindings = [{"name": "PASSWORD", "type": "secret_text", "text": SECRET}]
    code = "export default { fetch() { return new Response('') } }"
    result(cloud.upload("keeper", code, bindings))
    page = opened("resources/scripts")
    page.click("td a >> text=keeper")
    page.see("pre.json")
    assert SECRET not in page.value("document.documentElement.outerHTML")


def test_a_value_of_a_namespace_opens_and_closes(opened: Opener) -> None:
    page = opened("resources/namespaces")
    page.click("td a")
    page.click("text=targets/api")
    page.see("#value[open]")
    assert '"every": 60' in page.text("#value pre")
    page.press("Escape")
    page.miss("#value")
    assert page.value("document.activeElement.textContent") == "targets/api"


def test_a_key_with_dots_between_slashes_opens_its_own_value(
    opened: Opener, begin: Callable[..., LocalCloud]
) -> None:
    cloud = begin()
    values = f"/accounts/{ACCOUNT}/storage/kv/namespaces/{cloud.namespace('odd')}/bulk"
    keys = ("a/../b", "b", "a?key=b&x", "100%/./ä")
    result(cloud.cloudflare.put(values, json=[{"key": key, "value": f"<{key}>"} for key in keys]))
    page = opened("resources/namespaces", url=cloud.url)
    page.click("td a")
    for key in keys:
        page.click(f"[data-key='open {key}']")
        assert page.text("#value[open] pre") == f"<{key}>"
        page.press("Escape")
        page.miss("#value")


def test_ten_thousand_of_a_kind_are_shown_by_the_page(opened: Opener) -> None:
    page = opened("resources/queues")
    page.call("answer", "/objects", many(10_000))
    page.call("reload")
    page.until("document.querySelector('.pager')?.textContent.includes('of 10,000')")
    assert page.count("tbody tr") == 50
    assert page.count("main *") < 1_000
    page.click("text=Next")
    page.see("text=51–100 of 10,000")
    assert page.text("tbody td") == "queue-00050"
    page.call("fill", "[data-filter]", "queue-0999")
    page.until("document.querySelectorAll('tbody tr').length === 10")
    assert page.text("tbody td") == "queue-09990"
