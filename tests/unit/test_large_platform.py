"""A platform of three hundred services is a platform like any other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.catalogue import load_catalogue
from belfry.compile import LocalAddress, Target, compile_stack
from belfry.loading import load_platform
from bench.large import platform_file

if TYPE_CHECKING:
    from pathlib import Path

SERVICES = 300


def test_a_platform_of_three_hundred_services_is_right_and_compiles(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    path.write_text(platform_file(SERVICES), encoding="utf-8")
    catalogue = load_catalogue()
    platform = load_platform(path, environment="local", catalogue=catalogue)
    stack = compile_stack(
        platform,
        environment="local",
        catalogue=catalogue,
        worker_code="export default {};",
        dashboards=(),
        target=Target(localcloud=LocalAddress(url="http://127.0.0.1:1", smtp="127.0.0.1:2")),
    )
    assert len(stack.health_checks) == SERVICES
    assert len(stack.stand_ins) == SERVICES
    assert len({one.name for one in stack.health_checks}) == SERVICES
