"""docs/lint.md is what the table of checks says."""

from __future__ import annotations

from belfry.lint.check import Severity
from belfry.lint.page import WRITTEN, page
from belfry.lint.table import CHECKS


def test_the_page_is_written_from_the_checks() -> None:
    assert WRITTEN.read_text(encoding="utf-8") == page(), "run make docs"


def test_every_check_says_what_it_looks_for_why_and_what_would_be_right() -> None:
    for check in CHECKS.values():
        for text in (check.says, check.reason, check.remedy):
            assert text.endswith((".", ")")), (check.id, text)
        assert check.id == check.id.lower()
        assert "_" not in check.id
        assert check.severity in Severity
