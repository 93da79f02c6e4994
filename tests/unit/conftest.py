"""The shipped platform and catalogue, and a small platform file that tests change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from belfry.catalogue import load_catalogue
from belfry.compile import LocalAddress, Target, compile_stack
from belfry.document import parse
from belfry.language.platform import Platform
from belfry.loading import load_platform
from belfry.meaning.judgement import mistakes
from belfry.overlay import effective
from belfry.problems import Problems
from belfry.reader import read
from belfry.sections import sections_of
from belfry.shapes import shape_of
from tests.unit.shop import ROOT, SHOP, Compiles, ReadsShop

if TYPE_CHECKING:
    from belfry.arguments import Stack
    from belfry.catalogue import Catalogue


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="session")
def pitchey(catalogue: Catalogue) -> Platform:
    return load_platform(ROOT / "platforms" / "pitchey.yaml", catalogue=catalogue)


@pytest.fixture(scope="session")
def shop(catalogue: Catalogue) -> ReadsShop:
    sections = sections_of(shape_of(Platform))

    def make(*edits: tuple[str, str], environment: str | None = None) -> Platform:
        text = SHOP
        for old, new in edits:
            assert old in text
            text = text.replace(old, new)
        written = parse(text.encode(), "shop.yaml")
        document = effective(written, environment, sections)
        reading = read(Platform, document, beside=sections.beside)
        if problems := mistakes(reading, catalogue):
            raise Problems(problems)
        return reading.value

    return make


@pytest.fixture(scope="session")
def target() -> Target:
    return Target(
        workers_subdomain="shop",
        localcloud=LocalAddress(url="http://127.0.0.1:8787", smtp="127.0.0.1:8788"),
    )


@pytest.fixture(scope="session")
def compiled(catalogue: Catalogue, target: Target) -> Compiles:
    def make(platform: Platform, environment: str) -> Stack:
        return compile_stack(
            platform,
            environment=environment,
            catalogue=catalogue,
            worker_code="export default {};",
            dashboards=(),
            target=target,
        )

    return make
