"""What pages say exists: links lead somewhere, commands are commands, the README is one page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cli.main import GROUPS

ROOT = Path(__file__).resolve().parents[2]
PATTERNS = ("*.md", "docs/**/*.md", "runbooks/*.md", "worker/README.md")
PAGES = sorted(page for pattern in PATTERNS for page in ROOT.glob(pattern))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_to_a_file(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
    relative = [link for link in links if "://" not in link]
    assert [link for link in relative if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_belfry_command_that_a_page_shows_exists(page: Path) -> None:
    shown = re.findall(r"(?:^|`)belfry ([a-z]+)", page.read_text(encoding="utf-8"), re.MULTILINE)
    known = {name for commands in GROUPS.values() for name in commands}
    assert set(shown) <= known


def test_the_commands_of_the_makefile_that_pages_name_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for page in PAGES:
        named = re.findall(r"(?:^|`)make ([a-z-]+)", page.read_text(), re.MULTILINE)
        assert set(named) <= targets, page


def test_the_readme_is_one_page() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 60


def test_no_page_names_a_path_of_one_machine() -> None:
    for page in PAGES:
        assert not re.search(r"(?<![\w.])/(?:root|home)/\w", page.read_text()), page
