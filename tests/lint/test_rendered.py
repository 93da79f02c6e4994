"""What Belfry writes for Prometheus passes its own lint."""

from __future__ import annotations

import pytest

from belfry.catalogue import load_catalogue
from belfry.lint.linting import lint
from belfry.lint.settings import Settings
from belfry.loading import load_environments, platforms_in
from belfry.rendering import Backend, rendered
from tests.unit.shop import ROOT

CATALOGUE = load_catalogue()
SHIPPED = [
    (path.stem, environment, platform)
    for path in platforms_in(ROOT)
    for environment, platform in load_environments(path, catalogue=CATALOGUE).items()
]


@pytest.mark.parametrize(
    "number", range(len(SHIPPED)), ids=[f"{name}-{where}" for name, where, _ in SHIPPED]
)
def test_the_rules_of_every_shipped_platform_pass_the_lint_of_files(number: int) -> None:
    _, environment, platform = SHIPPED[number]
    files = rendered(
        Backend.PROMETHEUS, platform, environment, CATALOGUE, lambda: pytest.fail("no stack")
    )
    settings = Settings(severities=tuple(platform.severities))
    rules = {path: text for path, text in files.items() if path.startswith("rules/")}
    assert rules
    told = [
        f"{one.place}  {one.wrong}  [{one.check.id}]"
        for path, text in rules.items()
        for one in lint(text.encode(), path, settings).findings
        if one.check.severity != "info"
    ]
    assert told == []
