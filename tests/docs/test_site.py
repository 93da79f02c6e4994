"""The published site: built without a warning, it shows what the repository shows."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from belfry.catalogue import load_catalogue
from tests.docs.commands import FENCE
from tests.unit.shop import ROOT
from tools.site_markdown import for_mkdocs

if TYPE_CHECKING:
    from pathlib import Path

PAGES = sorted(
    page.relative_to(ROOT).with_suffix("")
    for folder in ("docs", "runbooks")
    for page in (ROOT / folder).glob("*.md")
    if page.stem != "README"
)
RUNBOOKS = [rule.runbook for rule in load_catalogue().rules.values()]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = importlib.util.find_spec("mkdocs")
    assert found, "MkDocs is missing, and the site is not tested: run make python-dev"
    folder = tmp_path_factory.mktemp("site")
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (built.returncode, "WARNING" in built.stderr) == (0, False), built.stderr
    return folder


def leads_to(page: Path) -> Path:
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page.read_text())
    assert found, page
    return (page.parent / found[1] / "index.html").resolve()


def test_the_first_page_is_the_readme(site: Path) -> None:
    assert "provisions the monitoring of a platform" in (site / "index.html").read_text()


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_a_page_stands_where_the_repository_has_it_with_all_its_code(
    site: Path, page: Path
) -> None:
    shown = (site / page / "index.html").read_text()
    blocks = FENCE.findall((ROOT / page).with_suffix(".md").read_text())
    assert shown.count("<pre>") == len(blocks)
    assert "```" not in shown


@pytest.mark.parametrize("name", RUNBOOKS)
def test_the_link_of_a_message_leads_to_its_page(site: Path, name: str) -> None:
    page = leads_to(site / "runbooks" / name / "index.html")
    assert f'<h1 id="{name.removesuffix(".md").lower()}">' in page.read_text()


@pytest.mark.parametrize("name", ["playbook", "troubleshooting"])
def test_the_addresses_that_platforms_name_lead_on(site: Path, name: str) -> None:
    assert leads_to(site / name / "index.html") == site / "runbooks" / name / "index.html"


def test_the_site_loads_nothing_from_elsewhere(site: Path) -> None:
    for page in site.rglob("*.html"):
        loads = re.findall(r'<(?:script|img|iframe)[^>]+src="([^"]+)"', page.read_text())
        loads += re.findall(r'<link[^>]+stylesheet[^>]+href="([^"]+)"', page.read_text())
        assert [one for one in loads if "//" in one] == [], page


def test_no_platform_file_is_published(site: Path) -> None:
    assert not (site / "platforms").exists()
    assert [*site.rglob("pitchey*")] == []


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (
            "1. a\n\n   ```\n   b\n     c\n   ```\n\n2. d\n",
            "1. a\n\n        b\n          c\n\n2. d\n",
        ),
        ("1. a\n   b\n2. c\n", "1. a\n    b\n2. c\n"),
        ("- a\n  - b\n    c\n- d\n", "- a\n    - b\n        c\n- d\n"),
        ("1. a\n\n   | b |\n   |---|\n", "1. a\n\n    | b |\n    |---|\n"),
        ("a:\n- b\n", "a:\n\n- b\n"),
        ("- a\n\nb\n", "- a\n\nb\n"),
        ("- a\nb\n", "- a\n    b\n"),
        ("```\n- a\n   b\n```\n", "```\n- a\n   b\n```\n"),
    ],
    ids=["code", "text", "nested", "table", "list after text", "text after list", "lazy", "fence"],
)
def test_lists_are_written_as_mkdocs_reads_them(written: str, read: str) -> None:
    assert for_mkdocs(written) == read
