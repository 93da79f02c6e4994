"""Declared parts as values for `json.dumps`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.plain import plain

if TYPE_CHECKING:
    from belfry.arguments import Declared


def as_json(declared: Declared) -> dict[str, object]:
    """Write one declared part: what it is, which component takes it, and with which arguments."""
    return {
        "part": declared.part,
        "component": str(declared.component),
        "arguments": plain(declared.arguments),
    }
