"""Every contract holds with Outputs that refuse to be printed, and in both modes of a run."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import pytest
from pulumiverse_grafana import alerting

from tests.contract.sdk import Properties

if TYPE_CHECKING:
    from pathlib import Path


with warnings.catch_warnings():
    # The SDK warns of its own members when the module is first used, and never again.
    warnings.simplefilter("ignore", DeprecationWarning)
    vars(alerting.ContactPointArgs)


@pytest.fixture(autouse=True)
def _outputs_refuse_to_be_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_ERROR_OUTPUT_STRING", "1")


@pytest.fixture(params=[True, False], ids=["preview", "update"])
def preview(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture(scope="session")
def properties(tmp_path_factory: pytest.TempPathFactory) -> Properties:
    cache: Path = tmp_path_factory.mktemp("property-tables")
    return Properties(cache)
