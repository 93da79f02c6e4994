"""Everything by keyboard: reached, seen, worked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.played import fill_inbox

if TYPE_CHECKING:
    from tests.browser.conftest import Opener
    from tests.browser.driving import Page
    from tests.localcloud.running import LocalCloud

CONTROLS = """
globalThis.controls = [
  ...document.querySelectorAll("a[href], button, input, select, summary, iframe, [tabindex='0']"),
].filter((one) => one.checkVisibility());
controls.length
"""
REACHED = """
globalThis.reached = new Set();
globalThis.unseen = [];
document.addEventListener("focusin", ({ target }) => {
  reached.add(target);
  const { outlineStyle, outlineWidth } = getComputedStyle(target);
  const seen = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  if (!seen && target.tagName !== "IFRAME") unseen.push(target.outerHTML);
});
// A frame takes the focus away from the page.
addEventListener("blur", () => reached.add(document.activeElement));
document.activeElement.blur();
0
"""
MISSED = "controls.filter((one) => !reached.has(one)).map((one) => one.outerHTML)"


@pytest.mark.parametrize("view", ["services", "workers", "inbox", "resources", "faults"])
def test_tab_reaches_every_control_and_shows_where_it_is(
    opened: Opener, cloud: LocalCloud, view: str
) -> None:
    fill_inbox(cloud)
    page = opened(view)
    controls = page.value(CONTROLS)
    page.value(REACHED)
    # A frame may take one step more, for what is in it.
    page.press(*["Tab"] * (controls + 8))
    assert controls > 8
    assert page.value(MISSED) == []
    assert page.value("unseen") == []


def test_the_first_step_skips_to_the_content(opened: Opener) -> None:
    page = opened("services")
    page.value("document.activeElement.blur()")
    page.press("Tab")
    assert page.value("document.activeElement.textContent") == "Skip to the content"
    page.press("Enter")
    assert page.value("document.activeElement.id") == "main"
    assert page.value("location.hash") == "#/services"


@pytest.mark.parametrize(
    ("key", "title"),
    [
        ("s", "Stand-in services"),
        ("w", "Workers"),
        ("i", "Inbox"),
        ("r", "Resources"),
        ("f", "Faults"),
    ],
)
def test_g_and_a_letter_go_to_a_view_and_the_focus_goes_along(
    opened: Opener, key: str, title: str
) -> None:
    page = opened("faults" if key != "f" else "inbox")
    page.press("g", key)
    page.until(f"document.activeElement.textContent === '{title}'")
    assert page.texts("h1") == [title]


def test_a_slash_filters_and_escape_takes_the_filter_back(opened: Opener) -> None:
    page = opened("services")
    assert page.count("[data-key^='service ']") == 4
    page.press("/")
    page.call("keyboard.type", "data gs")
    page.until("document.querySelectorAll(\"[data-key^='service ']\").length === 0")
    assert page.texts("h1") == ["Stand-in services"], "letters that are typed are no shortcuts"
    page.press("Escape")
    page.until("document.querySelectorAll(\"[data-key^='service ']\").length === 4")
    assert page.value("document.activeElement.type") == "search"


def test_a_question_mark_tells_the_shortcuts_and_escape_leads_back(opened: Opener) -> None:
    page = opened("services")
    page.value("document.querySelector('#help-button').focus()")
    page.press("?")
    page.see("#help[open]")
    assert "Filter what is shown" in page.text("#help")
    page.press("g", "w")
    page.press("Escape")
    page.miss("#help")
    assert page.value("document.activeElement.id") == "help-button"
    assert page.texts("h1") == ["Stand-in services"], "in a dialog shortcuts are off"


def test_j_and_k_go_from_card_to_card(opened: Opener) -> None:
    page = opened("services")
    focused = "document.activeElement.dataset.key"
    page.press("j")
    first = page.value(focused)
    page.press("j")
    assert page.value(focused) != first
    page.press("k")
    assert page.value(focused) == first
    assert first.startswith("service ")


def state(cloud: LocalCloud, service: str) -> str:
    told = cloud.control.get("/services").json()
    return next(str(one["state"]) for one in told if one["service"] == service)


def focus(page: Page, selector: str) -> None:
    page.see(selector)
    page.call("focus", selector)


def test_a_switch_is_worked_by_keys_and_keeps_the_focus(opened: Opener, cloud: LocalCloud) -> None:
    cloud.control.post("/services/search", json={"state": "working"})
    page = opened("services")
    switch = "[data-key='service search'] [data-key=broken]"
    focus(page, switch)
    page.press("Enter")
    page.see(f"{switch}[aria-pressed=true]")
    assert state(cloud, "search") == "broken"
    assert page.value("document.activeElement.matches('[data-key=broken]')") is True
    page.press("Shift+Tab", "Space")
    page.see("[data-key='service search'] [data-key=slow][aria-pressed=true]")
    assert state(cloud, "search") == "slow"


def test_escape_leads_from_one_resource_back_to_its_kind(opened: Opener) -> None:
    page = opened("resources/queues")
    page.click("td a")
    page.see("text=Messages waiting")
    page.press("Escape")
    page.see("table a")
    assert page.value("location.hash") == "#/resources/queues"
    page.press("Escape")
    page.see("a.kind")
    assert page.value("location.hash") == "#/resources"
