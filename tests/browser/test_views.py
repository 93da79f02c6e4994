"""Every view, in light and dark, wide and narrow: nothing in anybody's way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.played import fill_inbox

if TYPE_CHECKING:
    from tests.browser.conftest import Opener
    from tests.localcloud.running import LocalCloud

VIEWS = ["services", "workers", "inbox", "resources", "resources/healthchecks", "faults"]


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_view_is_open_to_everybody_and_fits(
    opened: Opener, cloud: LocalCloud, width: int, scheme: str
) -> None:
    fill_inbox(cloud)
    page = opened("services", width=width, scheme=scheme)
    for view in VIEWS:
        page.go(view)
        assert (view, page.faults_of_access()) == (view, [])
        assert (view, max(0, page.too_wide())) == (view, 0)
    assert page.troubles() == []


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_so_is_what_opens(opened: Opener, cloud: LocalCloud, width: int, scheme: str) -> None:
    fill_inbox(cloud)
    page = opened("inbox", width=width, scheme=scheme)
    page.value("document.querySelectorAll('summary').forEach((one) => one.click())")
    page.see(".message details[open] pre")
    assert page.faults_of_access() == []
    assert page.too_wide() <= 0
    page.go("workers")
    page.value("document.querySelectorAll('summary').forEach((one) => one.click())")
    page.see(".log")
    assert page.faults_of_access() == []
    page.press("?")
    page.see("#help[open]")
    assert page.faults_of_access() == []


@pytest.mark.parametrize(("width", "scheme"), [(1280, "dark"), (360, "light")])
def test_so_is_one_resource_with_what_lies_in_it(opened: Opener, width: int, scheme: str) -> None:
    page = opened("resources/namespaces", width=width, scheme=scheme)
    page.click("td a")
    page.see("pre.json")
    page.drawn()
    page.click("text=targets/api")
    page.see("#value[open] pre")
    assert page.faults_of_access() == []
    assert page.too_wide() <= 0
    assert page.troubles() == []


def test_headings_and_landmarks_tell_where_one_is(opened: Opener) -> None:
    page = opened("workers")
    assert page.texts("h1") == ["Workers"]
    assert page.count("main") == page.count("header") == 1
    assert page.value("document.title") == "Workers · localcloud"
    assert page.text("[aria-current=page] span") == "Workers"


def test_a_pressed_switch_is_told_from_others_where_colours_are_forced(opened: Opener) -> None:
    page = opened("services", forcedColors="active")
    outline = "getComputedStyle(document.querySelector('[aria-pressed=%s]')).outlineStyle"
    assert page.value(outline % "true") == "solid"
    assert page.value(outline % "false") == "none"


@pytest.mark.parametrize(("wish", "lasts"), [("reduce", False), ("no-preference", True)])
def test_nothing_moves_for_who_wants_that(opened: Opener, wish: str, lasts: bool) -> None:
    page = opened("services", reducedMotion=wish)
    duration = page.value("getComputedStyle(document.querySelector('button')).transitionDuration")
    assert (duration != "0s") is lasts


def test_no_other_site_can_frame_the_page_script_it_or_learn_where_it_is(cloud: LocalCloud) -> None:
    for path in ("/", "/console/main.js", "/console/console.css"):
        headers = cloud.anybody.get(path).headers
        policy = dict(
            part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";")
        )
        assert policy["default-src"] == policy["frame-ancestors"] == "'none'"
        assert policy["script-src"] == policy["connect-src"] == "'self'"
        assert policy["frame-src"] == policy["base-uri"] == policy["form-action"] == "'none'"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"


def test_the_whole_page_weighs_little(opened: Opener) -> None:
    page = opened("services")
    files = (
        "performance.getEntriesByType('resource').filter(({ name }) => name.includes('/console/'))"
    )
    assert page.value(f"{files}.length") > 10
    assert page.value(f"{files}.reduce((sum, one) => sum + one.decodedBodySize, 0)") < 150_000
