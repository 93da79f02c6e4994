"""What holds for every test, and what workers that run them side by side have to pass on."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from tests.parity.told import DIFFERENCES
from tests.scheduling import by_place, put_longest_first

if TYPE_CHECKING:
    from collections.abc import Iterable


# A busy machine is slow, which is no failure; nothing is kept between runs.
settings.register_profile("belfry", deadline=None, database=None)
settings.load_profile("belfry")

_OUTPUT = "differences"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """`--dist loadscope` goes by tests/scheduling.py; every other does what it always does."""
    return by_place(config, log) if config.getoption("dist") == "loadscope" else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with the longest where workers share the tests out."""
    if hasattr(config, "workerinput"):
        put_longest_first(items)


def pytest_collection_finish() -> None:
    """Let the collector not look at what is there until the end again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker's differences go to whoever started it; one process alone tells its own."""
    output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if output is not None:
        output[_OUTPUT] = session.config.stash.get(DIFFERENCES, [])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A worker has ended."""
    told: Iterable[str] = getattr(node, "workeroutput", {}).get(_OUTPUT, ())
    node.config.stash.setdefault(DIFFERENCES, []).extend(told)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    differences = config.stash.get(DIFFERENCES, [])
    if differences:
        terminalreporter.section("differences from the recordings of other plugin versions")
        for one in sorted(differences):
            terminalreporter.write_line(one)
