"""A browser in a process of its own, and how tests work with a page in it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.localcloud.running import ROOT, node

if TYPE_CHECKING:
    from typing import IO

HINT = "install one (Debian: `apt-get install chromium`) or name its executable in BELFRY_CHROMIUM"
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_DRIVER = Path(__file__).parent / "driver.mjs"


def chromium() -> str | None:
    """Return the browser to test with: what BELFRY_CHROMIUM names, or one on PATH."""
    named = os.environ.get("BELFRY_CHROMIUM")
    if named:
        return named
    return next((found for name in _NAMES if (found := shutil.which(name))), None)


def modules() -> Path:
    """Return the node_modules with playwright-core and axe-core."""
    found = Path(
        os.environ.get(
            "BELFRY_BROWSER_MODULES", ROOT / ".belfry" / "tools" / "browser" / "node_modules"
        )
    )
    hint = "`belfry tools get browser-modules` gets it"
    assert (found / "playwright-core").is_dir(), f"there is no playwright-core in {found}: {hint}"
    return found


@dataclass
class Browser:
    """The browser. One call at a time."""

    process: subprocess.Popen[str]
    calls: IO[str]
    answers: IO[str]
    _names: count[int] = field(default_factory=count)

    @classmethod
    def start(cls, executable: str) -> Browser:
        """Start the browser and wait until it can be called."""
        process = subprocess.Popen(
            [node(), str(_DRIVER), str(modules()), executable],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdin
        assert process.stdout
        browser = cls(process=process, calls=process.stdin, answers=process.stdout)
        assert browser.answers.readline(), f"{executable} does not start: {HINT}"
        return browser

    def call(self, target: str, method: str, *arguments: Any) -> Any:
        """Call a method of a page and return what it answers."""
        told = {"target": target, "method": method, "arguments": arguments}
        self.calls.write(json.dumps(told) + "\n")
        self.calls.flush()
        line = self.answers.readline()
        assert line, "the browser is gone"
        answer = json.loads(line)
        assert "error" not in answer, f"{method} {arguments}: {answer['error']}"
        return answer["value"]

    def open(self, url: str, width: int, scheme: str, **more: object) -> Page:
        """Open an address in a page of its own."""
        name = str(next(self._names))
        size = {"width": width, "height": 800}
        self.call(name, "open", {"url": url, "scheme": scheme, **size, **more})
        return Page(browser=self, name=name)

    def stop(self) -> None:
        """End it."""
        self.calls.close()
        self.process.wait(30)
        self.answers.close()


@dataclass
class Page:
    """One page. Selectors are Playwright's; whatever is waited for has ten seconds."""

    browser: Browser
    name: str

    def call(self, method: str, *arguments: Any) -> Any:
        """Call a method of Playwright's page."""
        return self.browser.call(self.name, method, *arguments)

    def close(self) -> None:
        """Close it."""
        self.call("close")

    def see(self, selector: str) -> None:
        """Wait until something can be seen."""
        self.call("waitForSelector", selector)

    def miss(self, selector: str) -> None:
        """Wait until something cannot be seen any more."""
        self.call("waitForSelector", selector, {"state": "hidden"})

    def until(self, expression: str) -> None:
        """Wait until an expression is true on the page."""
        self.call("until", expression)

    def value(self, expression: str) -> Any:
        """Return what an expression is on the page."""
        return self.call("evaluate", expression)

    def press(self, *keys: str) -> None:
        """Press keys one after the other, wherever the focus is."""
        for key in keys:
            self.call("keyboard.press", key)

    def click(self, selector: str) -> None:
        """Click on something."""
        self.call("click", selector)

    def go(self, view: str) -> None:
        """Go to a place on the page and wait until it is there."""
        self.value(f"location.hash = {json.dumps('#/' + view)}")
        self.until(f"location.hash === {json.dumps('#/' + view)}")
        self.drawn()

    def drawn(self) -> None:
        """Wait until all that the view shows is there."""
        self.see("#link.live")
        self.until("!document.querySelector('.view').textContent.includes('One moment')")

    def text(self, selector: str) -> str:
        """Return the text of the first element that a selector finds."""
        self.see(selector)
        told: str = self.call("textContent", selector)
        return told

    def texts(self, selector: str) -> list[str]:
        """Return the texts of all elements that a CSS selector finds."""
        told: list[str] = self.value(
            f"[...document.querySelectorAll({json.dumps(selector)})].map((one) => one.textContent)"
        )
        return told

    def count(self, selector: str) -> int:
        """Return how many elements a CSS selector finds."""
        return int(self.value(f"document.querySelectorAll({json.dumps(selector)}).length"))

    def faults_of_access(self) -> list[str]:
        """Return what axe finds on the page, in one line each."""
        return [
            f"{one['id']} ({one['impact']}): {node}"
            for one in self.call("axe")
            for node in one["nodes"]
        ]

    def too_wide(self) -> int:
        """Return by how many pixels the page is wider than its window."""
        return int(
            self.value(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
        )

    def troubles(self) -> list[str]:
        """Return what the page complained about."""
        told: list[str] = self.call("told")["troubles"]
        return told
