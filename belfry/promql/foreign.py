"""PromQL that people wrote, made to have one value per service."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from belfry.promql.expression import Text
from belfry.promql.numbers import by_service

if TYPE_CHECKING:
    from belfry.promql.expression import Node
    from belfry.promql.numbers import Across

_AGGREGATED = re.compile(
    r"(?:sum|min|max|avg|count|group|stddev|stdvar)\s+by\s*\(\s*service\s*\)\s*(?=\()"
)
_SKIPPED = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|`[^`]*`|#[^\n]*|[()]")


def one_per_service(expression: str, across: Across) -> Node:
    """Take the worst series of every service, unless the expression is such an aggregation."""
    text = expression.strip()
    if _is_aggregated(text):
        return Text(text)
    return by_service(across, Text(text if "#" not in text else f"{text}\n"))


def _is_aggregated(text: str) -> bool:
    """Say whether all of it is one aggregation by service."""
    begins = _AGGREGATED.match(text)
    if begins is None:
        return False
    depth = 0
    for found in _SKIPPED.finditer(text, begins.end()):
        if found[0] in "()":
            depth += 1 if found[0] == "(" else -1
            if depth == 0:
                return found.end() == len(text)
    return False
