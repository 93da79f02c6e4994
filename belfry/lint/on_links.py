"""Whether messages can link to what a platform says to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.lint.check import Finding
from belfry.lint.table import CHECKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from belfry.language.platform import Platform
    from belfry.problems import Place

WHERE = ("monitoring", "runbooks")
"""The key that says where runbooks are published."""


def check_links(platform: Platform, place: Place) -> Iterator[Finding]:
    """Check the links of a platform's messages; `place` is where its runbooks should stand."""
    if platform.monitoring.runbooks is None:
        entry = CHECKS["runbooks-unpublished"]
        wrong = "nothing says where runbooks are published"
        yield Finding(check=entry, place=place, path=WHERE, wrong=wrong, right=entry.remedy)
