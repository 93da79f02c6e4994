"""Which tests one worker runs one after the other, and which begin first.

A worker takes a module at a time, so that what its tests share is made once. Folders whose tests
share more than that, a standing stack or a browser, stay with one worker as a whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

if TYPE_CHECKING:
    import pytest

TOGETHER = ("tests/whole/", "tests/browser/")
APART = ("tests/mutation/", "tests/unit/test_nothing_ignored.py")
"""Few long tests that share nothing: each goes to whoever is free."""
LONGEST_FIRST = (
    "tests/whole/",
    "tests/mutation/",
    "tests/engine/test_local_stack.py",
    "tests/engine/test_mending.py",
    "tests/engine/test_drift",
    "tests/unit/test_nothing_ignored.py",
    "tests/judges/test_cases.py",
    "tests/judges/test_grafana.py",
    "tests/cli/test_secrets.py",
    "tests/worker/",
    "tests/browser/",
    "tests/engine/",
    "tests/judges/",
    "tests/parity/",
    "tests/contract/",
    "tests/localcloud/",
)
"""Else the last worker to be busy would be busy alone."""


def by_place(config: pytest.Config, log: Any) -> Any:
    """Give a scheduler that gives out modules and folders in the order of the collection."""
    scheduler = LoadScopeScheduling(config, log)
    scheduler._split_scope = _place_of
    return scheduler


def _place_of(nodeid: str) -> str:
    if nodeid.startswith(APART):
        return nodeid
    folder = next((one for one in TOGETHER if nodeid.startswith(one)), None)
    return folder or nodeid.partition("::")[0]


def put_longest_first(items: list[pytest.Item]) -> None:
    """Sort tests by how long those of their place take; others stay in the order they have."""

    def rank(item: pytest.Item) -> int:
        return next(
            (at for at, one in enumerate(LONGEST_FIRST) if item.nodeid.startswith(one)),
            len(LONGEST_FIRST),
        )

    items.sort(key=rank)
