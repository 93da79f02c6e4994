"""Which plugins the lives are lived with, and the localcloud behind them."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.localcloud import running
from tests.parity import hop, plugins
from tests.parity.stage import Stage
from tests.parity.told import DIFFERENCES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.localcloud.running import LocalCloud
    from tests.parity.lives import Life


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--plugin",
        action="append",
        default=[],
        metavar="NAME=PATH",
        help="live the lives of tests/parity with this plugin instead of the stand-in",
    )


def chosen(config: pytest.Config) -> dict[str, Path | None]:
    """The path of each plugin; none for the stand-in."""
    told = dict(one.split("=", 1) for one in config.getoption("plugin", default=[]))
    found: dict[str, Path | None] = {}
    for name in ("cloudflare", "grafana"):
        path = told.get(name) or os.environ.get(f"BELFRY_PLUGIN_{name.upper()}")
        found[name] = Path(path).resolve(strict=True) if path else None
    return found


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    """A localcloud of the session; its clock stands still."""
    started = running.start(tmp_path_factory.mktemp("cloud"))
    started.control.post("/crons", json={"paused": True})
    yield started
    started.stop()


@pytest.fixture(scope="session")
def stages(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, cloud: LocalCloud
) -> Iterator[Callable[[Life], Stage]]:
    """A plugin for each provider, started when the first life asks for it."""
    differences = request.config.stash.setdefault(DIFFERENCES, [])
    paths = chosen(request.config)
    with ExitStack() as stack:
        between = stack.enter_context(hop.passing(cloud.url))
        started: dict[str, plugins.Plugin] = {}

        def stage(life: Life) -> Stage:
            name = life.provider
            if name not in started:
                cache = tmp_path_factory.mktemp(name)
                plugin = stack.enter_context(plugins.running(name, paths[name], cache=cache))
                plugin.configure(plugins.settings(name, between.url))
                started[name] = plugin
            return Stage(life, started[name], between, cloud, differences.append)

        yield stage


@pytest.fixture
def stage(stages: Callable[[Life], Stage]) -> Iterator[Callable[[Life], Stage]]:
    """Sets a stage for a life and clears it afterwards."""
    opened: list[Stage] = []

    def one(life: Life) -> Stage:
        opened.append(stages(life))
        return opened[-1]

    yield one
    for each in opened:
        each.clear()
