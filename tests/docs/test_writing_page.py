"""The page that guides a newcomer: its example is right, and so is what it says of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from belfry.explain import explain
from belfry.formatting import formatted
from belfry.loading import load_platform
from tests.unit.shop import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PAGE = (ROOT / "docs" / "writing.md").read_text(encoding="utf-8")
EXAMPLE = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[-1]


def test_the_example_is_right_in_every_environment(tmp_path: Path) -> None:
    file = tmp_path / "shop.yaml"
    file.write_text(EXAMPLE, encoding="utf-8")
    staging = load_platform(file, environment="staging")
    prod = load_platform(file, environment="prod")
    assert str(staging.checks["front-page"].every) == "5m"
    assert str(prod.checks["front-page"].every) == "1m"
    assert set(prod.environments) == {"local", "staging", "prod"}


def test_the_example_is_in_its_canonical_form() -> None:
    assert formatted(EXAMPLE.encode(), "shop.yaml") == EXAMPLE


def test_the_keys_that_the_page_explains_can_be_explained() -> None:
    asked = re.findall(r"belfry explain ([\w.-]+)", PAGE)
    assert asked
    assert all(explain(path).says for path in asked)


def test_the_page_is_short() -> None:
    assert len(PAGE.splitlines()) <= 120
