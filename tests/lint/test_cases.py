"""Every check on a file of its own: what it finds, where, and what it leaves alone.

`cases/<check>.yaml` is a rule file, `cases/<check>.txt` what the check finds in it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from belfry.lint.check import Subject
from belfry.lint.linting import lint
from belfry.lint.settings import Settings
from belfry.lint.table import CHECKS

CASES = Path(__file__).parent / "cases"
FOREIGN = Path(__file__).parent / "foreign"
SETTINGS = Settings(keep=("cluster",), require=("cluster",))
_ELSEWHERE = {"unreadable", "not-rules", "not-yaml"}


@pytest.mark.parametrize("path", sorted(CASES.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_check_finds_exactly_what_its_case_expects(path: Path) -> None:
    found = lint(path.read_bytes(), path.name, SETTINGS).findings
    told = [
        f"{one.place.line if one.place else 0}:{one.place.column if one.place else 0}  {one.wrong}"
        f"  {one.right}"
        for one in found
        if one.check.id == path.stem
    ]
    assert told == path.with_suffix(".txt").read_text(encoding="utf-8").splitlines()


def test_every_check_of_files_has_a_case_and_every_case_a_check() -> None:
    of_files = {name for name, one in CHECKS.items() if one.subject is not Subject.PLATFORM}
    assert {path.stem for path in CASES.glob("*.yaml")} == of_files - _ELSEWHERE


def test_every_case_finds_something() -> None:
    assert all(path.read_text(encoding="utf-8").strip() for path in CASES.glob("*.txt"))


@pytest.mark.parametrize(
    "path", sorted(p for p in FOREIGN.iterdir() if p.suffix != ".txt"), ids=lambda path: path.name
)
def test_a_file_without_rules_is_explained(path: Path) -> None:
    (finding,) = lint(path.read_bytes(), path.name, Settings()).findings
    expected = (FOREIGN / f"{path.name}.txt").read_text(encoding="utf-8").strip()
    assert f"{finding.place}  {finding.check.id}  {finding.wrong}  {finding.right}" == expected
