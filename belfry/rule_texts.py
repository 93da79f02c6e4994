"""Texts of rules: whether everything in them is filled before people read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from belfry.problems import nearest
from belfry.values.rule_text import OF_EVERY_SERVICE, OF_SOME_SERVICES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from belfry.findings import Findings
    from belfry.problems import Path
    from belfry.values.rule_text import Mistake, RuleText

T = TypeVar("T")
FILLED = (*OF_EVERY_SERVICE, *OF_SOME_SERVICES)
"""Names that the texts of any rule may use."""


def ask(
    findings: Findings[T],
    path: Path,
    texts: Mapping[str, RuleText | None],
    parameters: Iterable[str] = (),
) -> None:
    """Ask about the texts of the rule at `path`, by their keys; every mistake has its place."""
    known = (*FILLED, *parameters)
    for key, text in texts.items():
        if text is None:
            continue
        for mistake in text.mistakes(known):
            findings.add((*path, key), mistake.wrong, _remedy(mistake, known), at=mistake.at)


def _remedy(mistake: Mistake, known: Iterable[str]) -> str:
    names = sorted(known)
    if mistake.right:
        return mistake.right
    there = f"there are {', '.join(f'${{{name}}}' for name in names)}"
    meant = nearest(mistake.name, names) if mistake.name else None
    return f"did you mean ${{{meant}}}? {there}" if meant else there
