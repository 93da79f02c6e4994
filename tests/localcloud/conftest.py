"""Running localclouds: one for each module, and any number for a test that stops and kills them.

Modules that run no Worker of their own, and can do with what others made, share one: they set
`SHARES_CLOUD`.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.localcloud.running import LocalCloud, start

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@contextmanager
def _paused(home: Path) -> Iterator[LocalCloud]:
    running = start(home, "--answer-within", "3")
    running.control.post("/crons", json={"paused": True})
    yield running
    assert running.stop() == 0


@pytest.fixture(scope="session")
def shared_cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    """A localcloud that modules share."""
    with _paused(tmp_path_factory.mktemp("shared") / "local") as running:
        yield running


@pytest.fixture(scope="module")
def cloud(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LocalCloud]:
    """A localcloud that the tests of a module share; its clock is stopped and Workers have 3 s."""
    if getattr(request.module, "SHARES_CLOUD", False):
        yield request.getfixturevalue("shared_cloud")
        return
    with _paused(tmp_path_factory.mktemp("home") / "local") as running:
        yield running


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Callable[..., LocalCloud]]:
    """Starts localclouds in the test's own home; whatever still runs is ended afterwards."""
    started: list[LocalCloud] = []

    def begun(*more: str, home: str = "local") -> LocalCloud:
        started.append(start(tmp_path / home, *more))
        return started[-1]

    yield begun
    for one in started:
        one.stop()
