"""The pages of the published site: which, where, and in which order. A hook of MkDocs (mkdocs.yml).

The site has the repository's own paths, so that a link between `docs/` and `runbooks/` leads to the
same page in both. The message of an alert links to `runbooks/<Rule>.md`, and a platform file may
name `/playbook`: such addresses lead on to the page.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.structure.files import File, Files

from belfry.catalogue import load_catalogue
from tools.site_markdown import for_mkdocs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mkdocs.config.defaults import MkDocsConfig

ROOT = Path(__file__).resolve().parent.parent
TITLES: Mapping[str, str] = {
    "playbook": "Playbook",
    "troubleshooting": "Troubleshooting",
    "database-problems": "Database problems",
    "performance-issues": "Performance issues",
    "alert-tuning": "Alert tuning",
    "silences": "Silences",
    "rotating-secrets": "Rotating secrets",
    "restore": "Restoring from a backup",
}
"""The general pages of runbooks/, in the order in which somebody looks for them."""
_SHORT = ("playbook", "troubleshooting")
"""Pages that platform files name at the top of the site."""
_FOLDERS = ("docs", "runbooks")
_BESIDE = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "worker/README.md")
_TO_PLATFORMS = re.compile(r"\[([^\]]+)\]\((?:\.\./)*platforms/[^)]+\)")
"""Links to platform files, which hold telephone numbers and are not published."""
_LEADS_ON = """\
<!doctype html>
<meta charset="utf-8">
<title>{title}</title>
<link rel="canonical" href="{to}">
<meta http-equiv="refresh" content="0; url={to}">
<p><a href="{to}">{title}</a></p>
"""


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Write the navigation, from what there is and from the catalogue's subjects."""
    config.nav = [
        {"Belfry": "README.md"},
        {
            "Runbooks": [
                {"All runbooks": "runbooks/README.md"},
                *({title: f"runbooks/{name}.md"} for name, title in TITLES.items()),
            ]
        },
        {"Alerts": [{subject: pages} for subject, pages in _by_subject().items()]},
        {"Documentation": [*_documentation()]},
    ]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Take the repository's own paths instead of those below `docs_dir`."""
    theme = [file for file in files if file.src_dir != config.docs_dir]
    pages = (
        File(path.relative_to(ROOT).as_posix(), str(ROOT), config.site_dir, use_directory_urls=True)
        for path in sorted(_published())
    )
    return Files([*theme, *pages])


def on_page_markdown(markdown: str, **_: object) -> str:
    """Write a page as MkDocs' parser reads it, and leave out the links to platform files."""
    return for_mkdocs(_TO_PLATFORMS.sub(r"\1", markdown))


def on_post_build(config: MkDocsConfig) -> None:
    """Let the further addresses of runbooks lead on to their pages."""
    site = Path(config.site_dir)
    for name in (*TITLES, *_rules()):
        title = TITLES.get(name, name)
        _lead_on(site / "runbooks" / f"{name}.md", f"../{name}/", title)
    for name in _SHORT:
        _lead_on(site / name, f"../runbooks/{name}/", TITLES[name])


def _lead_on(folder: Path, to: str, title: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "index.html").write_text(_LEADS_ON.format(to=to, title=title), encoding="utf-8")


def _published() -> Iterator[Path]:
    yield from (ROOT / name for name in _BESIDE)
    for folder in _FOLDERS:
        yield from (path for path in (ROOT / folder).rglob("*") if path.is_file())


def _rules() -> list[str]:
    pages = (path.stem for path in (ROOT / "runbooks").glob("*.md"))
    return sorted(name for name in pages if name not in TITLES and name != "README")


def _by_subject() -> Mapping[str, list[dict[str, str]]]:
    """Give the pages of rules by the catalogue's subjects; those of no rule of it come last."""
    left = dict.fromkeys(_rules())
    subjects: dict[str, list[str]] = {}
    for subject, names in load_catalogue().subjects.items():
        title = subject.replace("-", " ").capitalize()
        subjects[title] = [name for name in names if name in left]
        for name in names:
            left.pop(name, None)
    subjects["Others"] = list(left)
    return {
        subject: [{name: f"runbooks/{name}.md"} for name in names]
        for subject, names in subjects.items()
        if names
    }


def _documentation() -> Iterator[str]:
    yield from sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md"))
    yield from (name for name in _BESIDE[1:] if name.endswith(".md"))
