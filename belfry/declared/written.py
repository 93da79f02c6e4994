"""Declared parts as values for `json.dumps`. A secret is `{"secret": name}`, as in a plan."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from belfry.arguments import Secret

if TYPE_CHECKING:
    from belfry.arguments import Declared


def as_json(declared: Declared) -> dict[str, object]:
    """Write one declared part: what it is, which component takes it, and with which arguments."""
    return {
        "part": declared.part,
        "component": str(declared.component),
        "arguments": _plain(declared.arguments),
    }


def _plain(value: Any) -> object:
    if isinstance(value, Secret):
        return {"secret": value.name}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return value
