"""From a path to a platform that makes sense, or to every mistake that it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry import document
from belfry.catalogue import load_catalogue
from belfry.meaning.judgement import mistakes
from belfry.platform_file import Platform
from belfry.problems import Problems, problem_without_place, suggestion
from belfry.reader import read

if TYPE_CHECKING:
    from pathlib import Path

    from belfry.catalogue import Catalogue


def load_platform(
    path: Path, *, environment: str | None = None, catalogue: Catalogue | None = None
) -> Platform:
    """Read a platform file and prove that it means something.

    Args:
        path: the file; messages call it as it is given here.
        environment: one that must exist in it.
        catalogue: the rules that its sets may use; by default those of this release and `own/`.

    Raises:
        Problems: every mistake of form and meaning, in the order of the file.

    """
    reading = read(Platform, document.load(path))
    problems = mistakes(reading, catalogue or load_catalogue())
    if problems:
        raise Problems(problems)
    if environment is not None and environment not in reading.value.environments:
        known = reading.value.environments
        raise problem_without_place(
            f"{path} has no environment {environment}",
            suggestion(environment, known, else_say=""),
            "environment",
        )
    return reading.value
