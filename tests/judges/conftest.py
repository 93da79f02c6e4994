"""What judges what we write: Prometheus' promtool, and Alertmanager with its amtool."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from engine.binaries import find
from engine.paths import Home
from tests.engine.workbench import tools_home

if TYPE_CHECKING:
    from pathlib import Path


def judge(name: str) -> Path:
    """Give the path of a judge; without it CI fails, and others are told how to get it."""
    found = find(name, Home(path=tools_home()))
    if found is not None:
        return found.path
    missing = f"{name.upper()} JUDGES NOTHING: it is missing; run `belfry tools get {name}`"
    if os.environ.get("CI") == "true":
        pytest.fail(missing)
    pytest.skip(missing)


@pytest.fixture(scope="session")
def promtool() -> Path:
    """Checks configurations and rules, and tries rules on histories."""
    return judge("promtool")


@pytest.fixture(scope="session")
def amtool() -> Path:
    """Checks Alertmanager's configuration and routes."""
    return judge("amtool")


@pytest.fixture(scope="session")
def alertmanager() -> Path:
    """The server itself."""
    return judge("alertmanager")
