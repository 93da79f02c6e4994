"""One browser and one localcloud for all tests, and pages that are closed when a test ends."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

from tests.browser.driving import HINT, Browser, Page, chromium
from tests.browser.played import play
from tests.localcloud.running import LocalCloud, start

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Opener(Protocol):
    """Opens a page at a view."""

    def __call__(
        self, view: str, *, width: int = 1280, scheme: str = "light", url: str = "", **more: object
    ) -> Page:
        """Return it once the view is drawn."""


MISSING = f"THE CONSOLE IS NOT TESTED: there is no Chromium or Chrome here; {HINT}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where there is no browser, CI fails; others are told how to get one, once for each file."""
    if chromium() is not None or os.environ.get("CI") == "true":
        return
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.skip(reason=MISSING))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser."""
    executable = chromium()
    if executable is None:
        pytest.fail(MISSING)
    running = Browser.start(executable)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[LocalCloud]:
    """A localcloud with something of everything; its clock is stopped. Needs the browser first."""
    assert browser
    running = start(tmp_path_factory.mktemp("home") / "local", "--answer-within", "3")
    running.control.post("/crons", json={"paused": True})
    play(running)
    yield running
    assert running.stop() == 0


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Callable[..., LocalCloud]]:
    """Starts localclouds of the test's own; whatever still runs is ended afterwards."""
    started: list[LocalCloud] = []

    def begun(*more: str, home: str = "local") -> LocalCloud:
        started.append(start(tmp_path / home, *more))
        return started[-1]

    yield begun
    for one in started:
        one.stop()


@pytest.fixture
def opened(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Opener]:
    """Opens views of the session's localcloud, or of the one at `url`."""
    pages: list[Page] = []

    def open_view(
        view: str, *, width: int = 1280, scheme: str = "light", url: str = "", **more: object
    ) -> Page:
        address = url or request.getfixturevalue("cloud").url
        page = browser.open(f"{address}/#/{view}", width, scheme, **more)
        pages.append(page)
        page.drawn()
        return page

    yield open_view
    for page in pages:
        page.close()
