"""The life of a Worker's Durable Object classes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One step in the life of a Worker's Durable Object classes. Never changed once released."""

    tag: str
    new_sqlite_classes: tuple[str, ...] = ()
    deleted_classes: tuple[str, ...] = ()
