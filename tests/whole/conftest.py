"""Checkouts in which nothing has run yet, or whose stack stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.whole.checkout import Checkout, copy_of_the_checkout

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Checkout]:
    """A checkout on which nothing has run yet."""
    checkout = copy_of_the_checkout(tmp_path / "checkout")
    yield checkout
    checkout.run("down", expect=None)


@pytest.fixture(scope="session")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    """A checkout whose stack `local` stands, with the clock stopped: tests drive the ticks.

    All tests have the same one, and leave it as it was.
    """
    checkout = copy_of_the_checkout(tmp_path_factory.mktemp("standing") / "checkout")
    checkout.run("up")
    checkout.control().pause_crons(paused=True)
    yield checkout
    checkout.run("down", expect=None)
