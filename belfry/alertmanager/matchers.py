"""Conditions in Alertmanager's language of matchers, which no value of a label can break.

Between double quotes a backslash, a quote and a new line are escaped, and nothing else: the
classic parser, which Alertmanager still asks beside the one for UTF-8, knows no other escape, and
where they disagree it is the classic one that counts (`matcher/compat`, 0.27 and later).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from belfry.routes.matching import Match

_SPECIAL = frozenset("\\.+*?()|[]{}^$")
"""What Go's `regexp.QuoteMeta` escapes."""
_ESCAPED = {"\\": "\\\\", '"': '\\"', "\n": "\\n"}


def matcher(match: Match) -> str:
    """Write a condition: `service="api"`, `service=~"api|database"`, `service=~".+"`."""
    if not match.values:
        return f'{match.label}!=""'
    if len(match.values) == 1:
        return f"{match.label}={quoted(match.values[0])}"
    return f"{match.label}=~{quoted('|'.join(map(literal, match.values)))}"


def matchers(matches: Iterable[Match]) -> list[str]:
    """Write conditions, all of which must hold."""
    return [matcher(match) for match in matches]


def quoted(text: str) -> str:
    """Write a value between quotes."""
    return f'"{"".join(_ESCAPED.get(letter, letter) for letter in text)}"'


def literal(text: str) -> str:
    """Write a regular expression that matches a text and nothing else."""
    return "".join(f"\\{letter}" if letter in _SPECIAL else letter for letter in text)
