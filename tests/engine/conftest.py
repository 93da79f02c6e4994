"""What the tests of the engine share: property tables, derived once a session."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engine import localcloud
from engine.localcloud import Client
from engine.paths import Home
from engine.standins import shapes as derived
from engine.standins.packages import PACKAGES
from tests.engine.services import clear_away
from tests.engine.workbench import ANY_PORT, Workbench, lay_out, open_workbench
from tests.faults import clear_faults

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from engine.standins.shapes import KindShape


@pytest.fixture(scope="session")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, KindShape]:
    """The property tables of every type that the stand-ins know."""
    folder = tmp_path_factory.mktemp("tables")
    found: dict[str, KindShape] = {}
    for package in PACKAGES.values():
        places = {token: kind.sdk for token, kind in package.kinds.items()}
        found |= derived.load(package.name, places, cache=folder, distribution=package.distribution)
    return found


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A localcloud for the session, its clock stopped; every test has an account of its own."""
    home = lay_out(Home(path=tmp_path_factory.mktemp("cloud") / "home"))
    client = Client(localcloud.start(home, lambda _: None, port=ANY_PORT))
    client.pause_crons(paused=True)
    yield client
    localcloud.stop(home, lambda _: None)


@pytest.fixture
def live(tmp_path: Path, cloud: Client) -> Iterator[Workbench]:
    """A project whose providers are aimed at a running localcloud, with nothing in it."""
    bench = open_workbench(tmp_path, cloud.discovery.url)
    yield bench
    clear_faults(cloud)
    clear_away(bench)


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    """A project of its own; no cloud behind it."""
    return open_workbench(tmp_path, "http://127.0.0.1:9")
