"""The mistakes of a platform file in all its environments, as a test wants to compare them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.loading import load_platform
from belfry.problems import Problems, printed

if TYPE_CHECKING:
    from pathlib import Path

    from belfry.catalogue import Catalogue


def told(folder: Path, text: str, catalogue: Catalogue) -> list[str]:
    """Give the paths of everything that is wrong with a file, in the order of the file."""
    path = folder / "shop.yaml"
    path.write_text(text, encoding="utf-8")
    try:
        load_platform(path, catalogue=catalogue)
    except Problems as found:
        return [printed(problem.path) for problem in found.problems]
    return []
