"""The page follows what happens, and says when it cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tests.browser.played import SERVICES, fill_inbox, send
from tests.localcloud.running import ACCOUNT, result

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.conftest import Opener
    from tests.localcloud.running import LocalCloud


def test_a_message_is_there_without_a_reload(opened: Opener, cloud: LocalCloud) -> None:
    page = opened("inbox")
    page.value("globalThis.same = true")
    send(cloud, "webhook", {"summary": "Just now, something happened"}, "news")
    page.see("text=Just now, something happened")
    assert page.value("globalThis.same") is True


def test_what_somebody_is_at_stays_when_something_arrives(
    opened: Opener, cloud: LocalCloud
) -> None:
    fill_inbox(cloud)
    page = opened("inbox")
    page.see(".mail iframe")
    page.click(".slack ~ details summary")
    page.see(".slack ~ details pre")
    page.value(
        "globalThis.frame = document.querySelector('.mail iframe');"
        "globalThis.card = document.querySelector('.slack').closest('li');"
        "card.scrollIntoView({ block: 'center' });"
        "document.querySelector('.slack ~ details summary').focus();"
        "globalThis.top_ = card.getBoundingClientRect().top; 0"
    )
    send(cloud, "webhook", {"summary": "Something above all else"}, "news")
    page.until("document.querySelector('.message').textContent.includes('above all else')")
    assert page.value("document.activeElement.closest('li') === card") is True
    assert page.value("card.querySelector('details').open") is True
    assert page.value("frame.isConnected && frame === document.querySelector('.mail iframe')")
    assert abs(page.value("card.getBoundingClientRect().top - top_")) < 2


def test_what_is_typed_stays_when_something_arrives(opened: Opener, cloud: LocalCloud) -> None:
    page = opened("faults")
    page.call("fill", "[name=match]", "GET /half")
    page.call("keyboard.press", "ArrowLeft")
    cloud.control.post("/faults", json=[{"match": "GET /x", "status": 500}])
    page.press("g")
    cloud.control.post("/services/search", json={"state": "working"})
    page.see("text=GET /x")
    assert page.call("inputValue", "[name=match]") == "GET /halgf"
    cloud.control.delete("/faults")


def test_a_cron_runs_when_somebody_asks(opened: Opener, cloud: LocalCloud) -> None:
    page = opened("workers")
    runs = len(cloud.worker("marketplace-monitoring")["runs"])
    page.click("[data-key='cron 30 3 * * *'] button")
    page.until(f"document.querySelectorAll('tbody tr').length === {runs + 1}")
    assert "the archive is full" in page.text("tbody tr")
    assert len(cloud.worker("marketplace-monitoring")["runs"]) == runs + 1


def test_workers_of_one_name_in_two_accounts_are_told_apart(
    opened: Opener, begin: Callable[..., LocalCloud]
) -> None:
    cloud = begin()
    accounts = (ACCOUNT, "b" * 32)
    code = (
        "export default { scheduled() { console.log('ran') }, fetch() { return new Response() } }"
    )
    for account in accounts:
        result(cloud.upload("twin", code, account=account))
        schedules = f"/accounts/{account}/workers/scripts/twin/schedules"
        result(cloud.cloudflare.put(schedules, json=[{"cron": "0 5 * * *"}]))
    page = opened("workers", url=cloud.url)
    assert page.count("[data-card]") == 2
    assert {*page.texts("[data-card] .quiet code")} == {*accounts}
    second = f"[data-key='worker {accounts[1]}/twin']"
    page.click(f"{second} [data-key='cron 0 5 * * *'] button")
    page.see(f"{second} tbody tr")
    ran = {one["account"]: len(one["runs"]) for one in cloud.control.get("/workers").json()}
    assert ran == {accounts[0]: 0, accounts[1]: 1}
    assert page.count("tbody tr") == 1
    assert f"/workers/{accounts[1]}/twin/" in page.value(
        f'document.querySelector("{second} h2 a").href'
    )


def test_a_fault_is_set_counted_and_cleared(opened: Opener, cloud: LocalCloud) -> None:
    cloud.control.delete("/faults")
    page = opened("faults")
    page.see("text=None is set")
    page.call("fill", "[name=match]", "GET /services/faulty.*")
    page.call("fill", "[name=status]", "418")
    page.call("fill", "[name=times]", "3")
    page.press("Enter")
    page.see("td >> text=answers 418")
    assert cloud.anybody.get("/services/faulty").status_code == 418
    page.click("text=Grafana is slow")
    page.click("text=Set the fault")
    page.see("td >> text=late by 3 s")
    assert [one["match"] for one in cloud.control.get("/faults").json()] == [
        "GET /services/faulty.*",
        ".* /grafana/.*",
    ]
    cloud.control.post("/faults/add", json={"match": "GET /x", "status": 500})
    page.click("[aria-label='Remove the fault for .* /grafana/.*']")
    page.see("td >> text=GET /x")
    left = [(one["match"], one["hits"]) for one in cloud.control.get("/faults").json()]
    assert left == [("GET /services/faulty.*", 1), ("GET /x", 0)]
    for _ in range(2):
        assert cloud.anybody.get("/services/faulty").status_code == 418
    cloud.control.post("/services/search", json={"state": "working"})
    page.see("td >> text=spent")
    page.until("document.querySelector('[data-view=faults] .count').textContent.startsWith('1')")
    page.click("text=Clear all faults")
    page.see("text=None is set")
    assert cloud.control.get("/faults").json() == []


def test_what_localcloud_refuses_is_said_in_its_words(opened: Opener, cloud: LocalCloud) -> None:
    page = opened("faults")
    page.call("fill", "[name=match]", "(")
    page.click("text=Set the fault")
    assert "match is not a regular expression" in page.text("#complaint")
    page.click("#complaint button")
    page.miss("#complaint")
    assert cloud.control.get("/faults").status_code == 200


def test_a_restart_is_told_and_survived(opened: Opener, begin: Callable[..., LocalCloud]) -> None:
    first = begin()
    first.control.put("/services", json=SERVICES)
    page = opened("services", url=first.url)
    page.see("text=database")
    page.value("globalThis.same = true")
    first.stop()
    page.see("#link.lost")
    assert "localcloud does not answer" in page.text("#banner")
    assert page.count("[data-key^='service ']") == 4, "what was known stays on the page"
    page.click("[data-key='service search'] [data-key=broken]")
    assert "nothing was changed" in page.text("#complaint")
    second = begin("--port", str(urlsplit(first.url).port))
    page.see("text=live again")
    page.miss("#banner")
    page.miss("#complaint")
    second.control.post("/services/search", json={"state": "broken"})
    page.see("[data-key='service search'] .state.bad")
    assert page.value("globalThis.same") is True


def test_another_localcloud_at_the_same_address_is_told_apart(
    opened: Opener, begin: Callable[..., LocalCloud]
) -> None:
    first = begin()
    page = opened("services", url=first.url)
    first.stop()
    page.see("#link.lost")
    begin("--port", str(urlsplit(first.url).port), home="other")
    page.see("#link.foreign")
    assert "no key" in page.text("#banner")
    page.click("#reload")
    page.see("#link.live")
    page.miss("#banner")
