"""Arguments as values for `json.dumps`. A secret is `{"secret": name}`, as in a plan."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from belfry.arguments import Secret


def plain(value: Any) -> object:
    """Take frozen dataclasses apart, down to texts and numbers."""
    if isinstance(value, Secret):
        return {"secret": value.name}
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    return value
